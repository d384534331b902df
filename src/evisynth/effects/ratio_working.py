"""The equations of ratios as printed, and of log-rank p-values read backwards."""

from __future__ import annotations

from evisynth.arithmetic import (
    Expression,
    Number,
    critical_z,
    deviate_of_p,
    letter,
    letters,
    log_hazard_ratio_from_z,
    log_rank_variance,
    log_rank_variance_by_events,
    magnitude,
    natural_log,
    root,
)
from evisynth.effects.working import Equation, Working
from evisynth.wording import interval_with_article

R, L, U, s, z, p, z_p, V, D, r1, r0, d1, d0, SE = letters("R L U s z p z_p V D r1 r0 d1 d0 SE")


def printed_ratio(symbol: str, value: Number, sign: int) -> Working:
    """Return the working of the log of a printed ratio, turned round when ``sign`` is negative."""
    turned = (
        "" if sign > 0 else ", and its sign is changed, so that it is that of the event, index to reference"
    )
    return Working(
        f"the logarithm of the printed ratio is taken{turned}",
        (Equation(f"log {symbol}", natural_log(R) if sign > 0 else -natural_log(R), "estimate"),),
        (("R", value),),
        (("R", "ratio as printed"),),
    )


def error_from_limits(lower: Number, upper: Number, level: float) -> Working:
    """Return the working of the standard error from both limits of a ratio."""
    return Working(
        equations=(Equation("SE", (natural_log(U) - natural_log(L)) / (2.0 * z), "standard_error"),),
        numbers=(("L", lower), ("U", upper), ("z", critical_z(level))),
        letters=(
            ("L", "lower limit"),
            ("U", "upper limit"),
            ("z", f"deviate of {interval_with_article(level)}"),
        ),
    )


def error_from_plain_limits(value: Number, lower: Number, upper: Number, level: float) -> Working:
    r"""Return the working of the standard error from limits that are the ratio plus and minus the same.

    .. math:: \mathrm{SE}(\log R) = \frac{U - L}{2 z R}

    (delta method).
    """
    return Working(
        equations=(Equation("SE", (U - L) / (2.0 * z * R), "standard_error"),),
        numbers=(("R", value), ("L", lower), ("U", upper), ("z", critical_z(level))),
        letters=(
            ("R", "ratio as printed"),
            ("L", "lower limit"),
            ("U", "upper limit"),
            ("z", f"deviate of {interval_with_article(level)}"),
        ),
    )


def error_from_upper_limit(upper: float, level: float) -> Working:
    """Return the working of the standard error from the upper limit of a ratio alone."""
    return Working(
        equations=(Equation("SE", (natural_log(U) - natural_log(R)) / z, "standard_error"),),
        numbers=(("U", upper), ("z", critical_z(level))),
        letters=(("U", "upper limit"), ("z", f"deviate of {interval_with_article(level)}")),
    )


def error_as_printed(printed: Number, *, of_log: bool) -> Working:
    """Return the working of the standard error from that of the logarithm, or of the ratio itself."""
    of = "logarithm" if of_log else "ratio itself"
    return Working(
        equations=(Equation("SE", s if of_log else s / R, "standard_error"),),
        numbers=(("s", printed),),
        letters=(("s", f"printed standard error of the {of}"),),
    )


def error_from_p_value(p_value: Number) -> Working:
    """Return the working of the standard error of a ratio from its own p-value."""
    return Working(
        equations=(
            Equation("z_p", deviate_of_p(p)),
            Equation("SE", magnitude(natural_log(R)) / z_p, "standard_error"),
        ),
        numbers=(("p", p_value),),
        letters=_P_LETTERS,
    )


_P_LETTERS = (("p", "two-sided p-value"), ("z_p", "normal deviate of p"))


def limits_from_p_inequality(symbol: str, value: float, sign: int, p_value: float, level: float) -> Working:
    """Return the working of the widest interval that ``p < c`` allows around a printed ratio."""
    ratio = letter(f"log {symbol}")
    plain = printed_ratio(symbol, value, sign)
    centre = Equation(plain.equations[0].quantity, plain.equations[0].formula)
    error = error_from_p_value(p_value)
    return Working(
        "the p-value is below a limit, so the standard error is below the one worked out here",
        (
            centre,
            error.equations[0],
            Equation("SE", error.equations[1].formula),
            Equation("lower limit", ratio - z * SE, "lower"),
            Equation("upper limit", ratio + z * SE, "upper"),
        ),
        (*plain.numbers, *error.numbers, ("z", critical_z(level))),
        (*plain.letters, *error.letters, ("z", f"deviate of {interval_with_article(level)}")),
    )


def log_rank_variance_of(
    total: float, by_arm: tuple[int, int] | None, pair: tuple[float, float] | None
) -> Working:
    """Return the working of V: by the events of each arm, by allocation, or at its largest, D/4."""
    if by_arm is not None:
        return Working(
            equations=(Equation("V", log_rank_variance_by_events(d1, d0)),),
            numbers=(("d1", by_arm[0]), ("d0", by_arm[1])),
            letters=(("d1", "events, index group"), ("d0", "events, reference group"), _VARIANCE),
        )
    if pair is not None:
        return Working(
            equations=(Equation("V", log_rank_variance(D, r1, r0)),),
            numbers=(("D", total), ("r1", pair[0]), ("r0", pair[1])),
            letters=(
                _EVENTS,
                ("r1", "patients, index group"),
                ("r0", "patients, reference group"),
                _VARIANCE,
            ),
        )
    four: Expression = 0.25 * D
    return Working(equations=(Equation("V", four),), numbers=(("D", total),), letters=(_EVENTS, _VARIANCE))


_EVENTS = ("D", "events")
_VARIANCE = ("V", "variance of observed less expected events")


def log_rank_point(p_value: float, variance: Working, *, favours_index: bool) -> Working:
    """Return the working of the log hazard ratio behind an exact log-rank p-value."""
    ratio = log_hazard_ratio_from_z(z_p, V, favours_index=favours_index)
    return variance + Working(
        "the test statistic is read backwards: z is the log hazard ratio times the root of V",
        (
            Equation("z_p", deviate_of_p(p)),
            Equation("log HR", ratio, "estimate"),
            Equation("SE", 1.0 / root(V), "standard_error"),
        ),
        (("p", p_value),),
        _P_LETTERS,
    )


def log_rank_bound(p_value: float, variance: Working, *, favours_index: bool) -> Working:
    """Return the working of the log hazard ratio nearest to 0 that a p-value allows."""
    ratio = log_hazard_ratio_from_z(z_p, V, favours_index=favours_index)
    limit = (
        Equation("log HR at most", ratio, "upper")
        if favours_index
        else Equation("log HR at least", ratio, "lower")
    )
    return variance + Working(
        "the test statistic is read backwards with the most events there can have been: the log hazard ratio "
        "lies at least this far from 0",
        (Equation("z_p", deviate_of_p(p)), limit),
        (("p", p_value),),
        _P_LETTERS,
    )


def not_significant_bound(p_value: float, variance: Working) -> Working:
    """Return the working of how far from 0 a result that is not significant may lie."""
    return variance + Working(
        "a result that is not significant lies no further from 0 than this",
        (
            Equation("z_p", deviate_of_p(p)),
            Equation("log HR at least", log_hazard_ratio_from_z(z_p, V, favours_index=True), "lower"),
            Equation("log HR at most", log_hazard_ratio_from_z(z_p, V, favours_index=False), "upper"),
        ),
        (("p", p_value),),
        _P_LETTERS,
    )
