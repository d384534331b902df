"""The equations of survival rates: their variance, one arm on the log(-log) scale, and two in contrast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from evisynth.arithmetic import (
    Expression,
    Number,
    binomial_variance,
    contrast,
    critical_z,
    letters,
    log_of_minus_log,
    magnitude,
    natural_log,
    peto_variance,
    square,
    standard_error_log_minus_log,
    standard_error_of_contrast,
    variance_on_scale,
)
from evisynth.effects.working import Equation, Working
from evisynth.measures import Scale
from evisynth.wording import interval_with_article

INDEX, REFERENCE = "index group", "reference group"
_RATE = ("S", "survival")
S, V, n, L, U, z, s = letters("S V n L U z s")
(r,) = letters("r")
S1, V1, S0, V0, P1, P0 = letters("S1 V1 S0 V0 P1 P0")


def variance_by_patients(survival: float, size: int) -> Working:
    """Return the working of the binomial variance S(1 - S)/n."""
    return Working(
        equations=(Equation("V", binomial_variance(S, n)),),
        numbers=(("S", survival), ("n", size)),
        letters=(_RATE, ("n", "patients"), ("V", "variance of S")),
    )


def variance_by_number_at_risk(survival: float, at_risk: int, size: int | None) -> Working:
    """Return the working of Peto's variance S²(1 - S)/r, and of G(t) = r/(n S) where n is known."""
    observed = () if size is None else (Equation("G", r / (n * S)),)
    numbers = (("S", survival), ("r", at_risk)) + (() if size is None else (("n", size),))
    meaning = () if size is None else (("n", "patients"), ("G", "share of them under observation"))
    return Working(
        equations=(*observed, Equation("V", peto_variance(S, r))),
        numbers=numbers,
        letters=(_RATE, ("r", "patients at risk"), *meaning, ("V", "variance of S")),
    )


def variance_by_interval(scale: str, survival: float, limits: tuple[float, float], level: float) -> Working:
    """Return the working of the variance from a printed interval that is symmetric on ``scale``."""
    error: Expression = {
        "identity": (U - L) / (2.0 * z),
        "log": S * (natural_log(U) - natural_log(L)) / (2.0 * z),
        "log(-log)": S * magnitude(natural_log(S)) * (log_of_minus_log(L) - log_of_minus_log(U)) / (2.0 * z),
    }[scale]
    numbers = (("S", survival), ("L", limits[0]), ("U", limits[1]), ("z", critical_z(level)))
    limits_letters = (
        ("L", "lower limit"),
        ("U", "upper limit"),
        ("z", f"deviate of {interval_with_article(level)}"),
    )
    return Working(
        equations=(Equation("V", square(error)),),
        numbers=numbers,
        letters=(_RATE, *limits_letters, ("V", "variance of S")),
    )


def variance_by_error(survival: float, standard_error: float) -> Working:
    """Return the working of the variance from a printed standard error."""
    return Working(
        equations=(Equation("V", square(s)),),
        numbers=(("S", survival), ("s", standard_error)),
        letters=(_RATE, ("s", "printed standard error of S"), ("V", "variance of S")),
    )


def single_rate(rate: Working) -> Working:
    """Return the working of one survival rate on the log(-log) scale."""
    return rate + Working(
        "survival is taken to the log(-log) scale, on which its interval cannot leave 0 to 100%",
        (
            Equation("log(-log S)", log_of_minus_log(S), "estimate"),
            Equation("SE", standard_error_log_minus_log(S, V), "standard_error"),
        ),
    )


def log_hazard_ratio_of_rates(index: Working, reference: Working) -> Working:
    """Return the working of log(-log S1) - log(-log S0)."""
    return _both(index, reference) + Working(
        "each survival rate gives a cumulative hazard, -log S; the log hazard ratio is the difference of "
        "their logarithms",
        _cumulative_hazards(),
    )


def _cumulative_hazards() -> tuple[Equation, Equation]:
    return _contrast("log(-log)", "log HR", S1, S0)


def _both(index: Working, reference: Working) -> Working:
    return index.marked("1", INDEX) + reference.marked("0", REFERENCE)


ConditionalVariance = Literal["increments", "at risk later", "at risk first"]


def conditional_log_hazard_ratio(
    earlier: tuple[Working, Working],
    later: tuple[Working, Working],
    times: tuple[float, float],
    variances: tuple[ConditionalVariance, ConditionalVariance],
) -> Working:
    """Return the working of the contrast among those alive at the first of two times.

    ``variances`` says for each group what the variance of its share rests on: that of both rates, or the
    number at risk at the second or at the first time.
    """
    first, last = (f"({time:g})" for time in times)
    rates = Working()
    steps: list[Equation] = []
    for mark, whose, early, late, rests_on in (
        ("1", INDEX, earlier[0], later[0], variances[0]),
        ("0", REFERENCE, earlier[1], later[1], variances[1]),
    ):
        if rests_on != "increments":
            early = early.only("S", "r") if rests_on == "at risk first" else early.only("S")
            late = late.only("S", "r") if rests_on == "at risk later" else late.only("S")
        rates += early.marked(f"{mark}{first}", f"{whose} at {times[0]:g} months")
        rates += late.marked(f"{mark}{last}", f"{whose} at {times[1]:g} months")
        before, after, share = letters(f"S{mark}{first} S{mark}{last} S{mark}")
        steps.append(Equation(f"S{mark}", after / before))
        steps.append(Equation(f"V{mark}", _conditional_variance(rests_on, share, mark, (first, last))))
    kept = tuple(
        (f"S{mark}", "share of those alive at the first time who are alive at the second, " + whose)
        for mark, whose in (("1", INDEX), ("0", REFERENCE))
    )
    return rates + Working(
        "survival at the second time is divided by survival at the first, then set in contrast as any rates",
        (*steps, *_cumulative_hazards()),
        letters=kept,
    )


def _conditional_variance(
    rests_on: ConditionalVariance, share: Expression, mark: str, times: tuple[str, str]
) -> Expression:
    first, last = (f"{mark}{time}" for time in times)
    if rests_on == "at risk later":
        (at_risk,) = letters(f"r{last}")
        return peto_variance(share, at_risk)
    if rests_on == "at risk first":
        (at_risk,) = letters(f"r{first}")
        return binomial_variance(share, at_risk)
    before, v_before, after, v_after = letters(f"S{first} V{first} S{last} V{last}")
    added: Expression = v_after / square(after) - v_before / square(before)
    return square(share) * added


def risk_contrast_of_rates(scale: Scale, symbol: str, index: Working, reference: Working) -> Working:
    """Return the working of a contrast of the shares with the event, 1 - S, from two survival rates."""
    rates = _both(index, reference)
    deaths = (Equation("P1", 1.0 - S1), Equation("P0", 1.0 - S0))
    meaning = (("P1", f"share with the event, {INDEX}"), ("P0", f"share with the event, {REFERENCE}"))
    contrast = _contrast(scale, _name(scale, symbol), P1, P0)
    return rates + Working(_CONTRAST_WORDS[scale], (*deaths, *contrast), letters=meaning)


def risk_contrast_of_counts(
    scale: Scale, symbol: str, index: tuple[Number, Number], reference: tuple[Number, Number]
) -> Working:
    """Return the working of a contrast of two (x, n)."""
    x1, n1, x0, n0 = letters("x1 n1 x0 n0")
    shares = (
        Equation("P1", x1 / n1),
        Equation("V1", binomial_variance(P1, n1)),
        Equation("P0", x0 / n0),
        Equation("V0", binomial_variance(P0, n0)),
    )
    return Working(
        _CONTRAST_WORDS[scale],
        (*shares, *_contrast(scale, _name(scale, symbol), P1, P0)),
        (("x1", index[0]), ("n1", index[1]), ("x0", reference[0]), ("n0", reference[1])),
        (
            ("x1", f"patients with the outcome, {INDEX}"),
            ("n1", f"all patients, {INDEX}"),
            ("x0", f"patients with the outcome, {REFERENCE}"),
            ("n0", f"all patients, {REFERENCE}"),
            ("P, V", "their share, and its variance"),
        ),
    )


_CONTRAST_WORDS: Mapping[str, str] = {
    "logit": "the odds of one group are divided by those of the other",
    "log": "the share of one group is divided by that of the other",
    "identity": "the share of one group is subtracted from that of the other",
    "arcsine": "the arcsine of the root of one share is subtracted from that of the other",
}


def _name(scale: Scale, symbol: str) -> str:
    return f"log {symbol}" if scale in ("log", "logit") else symbol


def _contrast(scale: Scale, name: str, index: Expression, reference: Expression) -> tuple[Equation, Equation]:
    """Return the equations of a contrast of two rates whose variances are V1 and V0."""
    return (
        Equation(name, contrast(scale, index, reference), "estimate"),
        Equation("SE", standard_error_of_contrast(scale, (index, V1), (reference, V0)), "standard_error"),
    )


def reference_variance(scale: Scale, rate: Working, letter: str) -> float:
    """Return the variance that the reference group, whose rate is ``letter``, brings to a contrast."""
    return float(variance_on_scale(scale, rate.value(letter), rate.value("V0")))
