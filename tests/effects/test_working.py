"""The formula shown for a recovery is the formula that was used, and the numbers shown give the effect."""

from __future__ import annotations

import math
import re

import pytest

from evisynth.arithmetic import (
    clopper_pearson,
    letters,
    log_of_minus_log,
    natural_log,
    root,
    square,
    wilson_interval,
    z_from_two_sided_p,
)
from evisynth.effects import Equation, Working
from evisynth.pipeline import Project
from evisynth.report import worded_recoveries

#: Ids under which nothing but a refusal is ever given: there is no number to explain.
REFUSED_ONLY = {"survival", "median", "proportion", "log_rank_p_value"}

_LIMITS = re.compile(r"(exact|score) (lower|upper) limit of (\d+) of (\d+) at level ([\d.]+)")
_NUMBER = r"\d[\d.]*(?:e[-+]?\d+)?"


def _limit(match: re.Match[str]) -> str:
    kind, side, count, size, level = match.groups()
    x, n, c = int(count), int(size), float(level)
    limits = clopper_pearson(x, n, c) if kind == "exact" else wilson_interval(x / n, n, c)
    return repr(limits[side == "upper"])


def compute(text: str) -> float:
    """Work out a formula as a reader would who has only what is shown."""
    python = _LIMITS.sub(_limit, text)
    python = re.sub(r"\|([^|]+)\|", r"abs(\1)", python)
    python = python.replace("²", "**2").replace("×", "*").replace("√", "root ")
    python = re.sub(rf"\b(log|logit|root) ({_NUMBER})", r"\1(\2)", python)
    names = {
        "log": math.log,
        "logit": lambda share: math.log(share / (1 - share)),
        "root": math.sqrt,
        "z": z_from_two_sided_p,
    }
    return float(eval(python, {"__builtins__": {"abs": abs}}, names))


def everything(printed) -> list:
    """Recover one of everything that the recoveries can give."""
    p = printed
    survival, ratio = p.survival, p.ratio
    followed = {"ci_lower": 0.46, "ci_upper": 0.73, "level": 0.95, "ci_lower_half_unit": 0.005,
                "ci_upper_half_unit": 0.005}  # fmt: skip
    one = {
        "A": (80, survival(60, 0.9), survival(120, 0.79)),
        "B": (37, survival(60, 0.85), survival(120, 0.39)),
    }
    two = {"A": (80, p.median(151)), "B": (37, p.median(109))}
    events = {"unit": "deaths"}
    found = []

    def contrast(measure, index, reference, *figures, **fields):
        asked = fields.pop("asked", {})
        comparison = p.comparison(p.arm("A", *index), p.arm("B", *reference), figures=figures, **fields)
        found.extend(p.recover(measure, comparison, **asked))

    def single(measure, size, *figures, **asked):
        found.extend(p.recover(measure, p.comparison(p.arm("A", size, *figures)), **asked))

    for measure in ("hazard_ratio", "odds_ratio", "risk_ratio"):
        contrast(measure, (800,), (370,), ratio(0.62, 0.41, 0.94, statistic=measure))
        contrast(measure, (800,), (370,), ratio(0.62, None, 0.94, statistic=measure))
        inverse = ratio(1.61, 1.06, 2.44, statistic=measure, group="B", compared_with=("A",), level=0.9)
        contrast(measure, (800,), (370,), inverse)
        contrast(
            measure, (800,), (370,), ratio(1.9, statistic=measure, group="A"), p.p_value(0.018, group="A")
        )
        below = p.p_value(0.001, group="A", qualifier="<")
        contrast(measure, (800,), (370,), ratio(4.25, statistic=measure, group="A"), below)
    for favoured in ("A", "B"):
        log_rank = p.p_value(0.04, group="A", test="log-rank", favours=favoured)
        contrast("hazard_ratio", (80,), (37,), log_rank)
        contrast("hazard_ratio", (80, p.count(45, **events)), (37, p.count(15, **events)), log_rank)
        contrast("hazard_ratio", (80,), (37,), log_rank, p.count(60, **events))
    contrast(
        "hazard_ratio",
        (80, p.count(45, **events)),
        (37, p.count(15, **events)),
        p.p_value(0.05, group="A", test="log-rank", qualifier=">"),
    )
    contrast("hazard_ratio", one["A"], one["B"])
    contrast("hazard_ratio", two["A"], two["B"])
    intervals = p.median_with_interval(126, 90, 170), p.median_with_interval(70, 50, 98)
    contrast("hazard_ratio", (50, intervals[0]), (50, intervals[1]))
    contrast("hazard_ratio", (*two["A"], p.count(45, **events)), (*two["B"], p.count(15, **events)))
    for measure in ("odds_ratio", "risk_ratio", "risk_difference"):
        contrast(measure, one["A"], one["B"])
        contrast(measure, (50, p.count(20, 50)), (40, p.count(9, 40)))
    contrast("risk_difference", (50, p.count(0, 50)), (40, p.count(9, 40)))
    single("survival", 80, survival(120, 0.79))
    single("survival", 6, survival(60, 1.0))
    for size in (80, ()):
        single("survival", size, survival(120, 0.79, at_risk=40))
    single("survival", 80, survival(120, 0.79, at_risk=64))
    for early, late in ((50, 20), (None, 20), (50, None)):
        at_risk = [(first, early, second, late) for first, second in ((0.9, 0.79), (0.85, 0.39))]
        arms = [(80, survival(60, s, at_risk=r), survival(120, t, at_risk=q)) for s, r, t, q in at_risk]
        for measure in ("hazard_ratio", "odds_ratio", "risk_ratio", "risk_difference"):
            contrast(measure, *arms)
    single("survival", 80, survival(60, 0.9, qualifier=">="))
    for lower, upper in ((0.48, 0.74), (0.46, 0.73), (0.50, 0.745)):
        limits = {**followed, "ci_lower": lower, "ci_upper": upper}
        single("survival", 80, survival(60, 0.61, **limits))
    single("survival", 80, survival(60, 0.61, sd=0.06, spread="se"))
    single("survival", 80, p.figure("cumulative_incidence", 0.39, time_months=60, half_unit=0.005,
                                    **{**followed, "ci_lower": 0.27, "ci_upper": 0.54}))  # fmt: skip
    single("median", 34, p.median_with_interval(87, 10, 164))
    single("median", 34, p.median_with_interval(31, 15, 137))
    single("median", 34, p.median(39, ci_lower=15, ci_upper_state="not_reached", level=0.95))
    single("median", 34, p.median(39, sd=6, spread="se"))
    single("median", 34, p.median(39))
    single("median", 34, p.median(39), p.count(20, **events))
    single("median", 34, p.median(39, qualifier=">="))
    single("median", 34, p.not_reached(), survival(60, 0.7))
    single("median", 34, p.not_reached())
    single("proportion", 108, p.count(91, 108))
    single("proportion", 108, p.percent(0.842, 0.0005))
    single("proportion", 546, p.percent(0.27))
    single("proportion", 108, p.count(0, 108))
    single("proportion", 50, p.percent(0.97, qualifier=">="))
    return found


def measured_medians(printed) -> list:
    """Recover the medians of a marker from its quartiles, and from its range."""
    measured = [
        printed.arm("A", 72, printed.median(77, spread=spread, lower=40.0, upper=150.0))
        for spread in ("iqr", "range")
    ]
    comparisons = [printed.comparison(arm, outcome_type="measurement") for arm in measured]
    return [effect for one in comparisons for effect in printed.recover("median", one)]


def printed_errors(printed) -> list:
    """Recover ratios from their printed standard errors, of the ratio and of its logarithm."""
    return [
        effect
        for measure in ("hazard_ratio", "odds_ratio", "risk_ratio")
        for spread in ("se", "log_se")
        for effect in printed.recover(
            measure,
            printed.comparison(
                printed.arm("A", 800),
                printed.arm("B", 370),
                figures=(printed.ratio(0.62, statistic=measure, group="A", spread=spread, sd=0.15),),
            ),
        )
    ]


def printed_differences(printed) -> list:
    """Recover a difference of shares from its interval, and from its standard error."""
    limits = {"ci_lower": -0.2, "ci_upper": 0.0, "level": 0.95}
    spreads = [limits, {"sd": 0.05, "spread": "se"}]
    return [
        effect
        for spread in spreads
        for effect in printed.recover(
            "risk_difference",
            printed.comparison(
                printed.arm("A", 80), printed.arm("B", 70), figures=(printed_difference(printed, **spread),)
            ),
        )
    ]


def printed_difference(printed, **spread):
    return printed.figure(
        "difference", -0.1, group="A", compared_with=("B",), unit="proportion", of_event="occurrence",
        half_unit=0.005, basis="stated", **spread,
    )  # fmt: skip


def test_a_printed_difference_that_the_counts_cannot_give_is_refused(printed) -> None:
    # 14 of 70 and 4 of 50: SE sqrt(.2 .8/70 + .08 .92/50) = .0613; printed .01
    arms = printed.arm("A", 70, printed.count(14, 70)), printed.arm("B", 50, printed.count(4, 50))
    for spread in ({"sd": 0.01, "spread": "se"}, {"ci_lower": -0.12, "ci_upper": -0.08, "level": 0.95}):
        figure = printed_difference(printed, **spread)
        found = printed.recover("risk_difference", printed.comparison(*arms, figures=(figure,)))
        (refused,) = [effect for effect in found if effect.kind == "refused"]
        assert "0.061" in refused.reason
        (counted,) = [effect for effect in found if effect.primary]
        assert counted.standard_error == pytest.approx(0.0613002, abs=1e-6)


@pytest.fixture
def effects(printed) -> list:
    return (
        everything(printed)
        + measured_medians(printed)
        + printed_errors(printed)
        + printed_differences(printed)
    )


def test_every_recovery_that_gives_a_number_has_a_formula(effects) -> None:
    given = {effect.recovery for effect in effects if effect.kind != "refused"}
    assert given == set(worded_recoveries()) - REFUSED_ONLY
    for effect in effects:
        assert (effect.working is not None) == (effect.kind != "refused"), effect.recovery
        if effect.working is not None:
            assert effect.working.words, effect.recovery


def given_by_equations(effect) -> int:
    """Hold the fields of an effect beside the last lines of its working; return how many there are."""
    by_role = {line.role: line.value for line in effect.working.written() if line.role != "step"}
    fields = {"estimate", "standard_error"} if effect.kind == "point" else {"lower", "upper"}
    expected = {name: getattr(effect, name) for name in fields if getattr(effect, name) is not None}
    # To the last bit: the effect was computed by these very equations.
    assert by_role == expected, (effect.study, effect.recovery)
    return len(expected)


def test_the_equations_give_the_effect_itself(effects) -> None:
    assert sum(given_by_equations(effect) for effect in effects if effect.working is not None) > 100


def test_the_equations_give_every_effect_of_the_five_studies(five_studies) -> None:
    project = Project(five_studies.folder)
    recovered = [
        effect
        for question in project.question_ids()
        for effects in project.recover(question).effects
        for effect in effects
    ]
    given = [given_by_equations(effect) for effect in recovered if effect.kind != "refused"]
    assert len({effect.study for effect in recovered}) == 5
    # Not an empty comparison: these questions recover a few dozen points and bounds.
    assert sum(given) > 50


def test_a_reader_gets_the_same_from_the_numbers_shown(effects) -> None:
    for effect in effects:
        for line in effect.working.written() if effect.working is not None else ():
            first, *worked_out, result = line.with_numbers.split(" = ")
            # Earlier results stand with four digits: half a unit in the last of 1000 is 5e-4, and a
            # difference of two variances of a rate loses some of them.
            assert compute(first) == pytest.approx(line.value, rel=2e-3, abs=1e-9), line
            # From 0.05 on three decimals are shown, below four digits; both sides of a difference may be off.
            decimals = 5.1e-4 if abs(line.value) >= 0.05 or line.value == 0 else 0.0
            for stage in worked_out:
                assert compute(stage) == pytest.approx(line.value, rel=0.02, abs=2 * decimals), line
            assert float(result) == pytest.approx(line.value, rel=6e-4, abs=decimals), line


def test_the_contrast_of_two_rates_reads_as_in_a_textbook(printed, only) -> None:
    arms = (
        printed.arm("A", 80, printed.survival(120, 0.79)),
        printed.arm("B", 37, printed.survival(120, 0.39)),
    )
    effect = only(printed.recover("hazard_ratio", printed.comparison(*arms)), "landmark_contrast")
    lines = {line.quantity: line for line in effect.working.written()}
    assert lines["log HR"].formula == "log(-log S1) - log(-log S0)"
    assert lines["log HR"].with_numbers == "log(-log 0.79) - log(-log 0.39) = -1.445 - (-0.060) = -1.385"
    assert lines["V1"].with_numbers.startswith("0.79 × (1 - 0.79)/80 = ")
    assert lines["SE"].with_numbers.endswith(" = 0.328")
    assert ("n0", "patients, reference group") in effect.working.letters


def test_brackets_stand_where_they_are_needed_and_nowhere_else() -> None:
    a, b, c = letters("a b c")
    assert (a - (b - c)).text() == "a - (b - c)"
    assert (a + b - c).text() == "a + b - c"
    assert (a / (b * c)).text() == "a/(b × c)"
    assert (a * b / c).text() == "a × b/c"
    assert ((a + b) * c).text() == "(a + b) × c"
    assert square(a * b).text() == "(a × b)²"
    assert root(a / b + c).text() == "√(a/b + c)"
    assert natural_log(a / b).text() == "log(a/b)"
    assert (a - -b).text() == "a - (-b)"
    assert log_of_minus_log(a).text({"a": "0.5"}) == "log(-log 0.5)"
    assert (a - b).text({"a": "1", "b": "-2"}) == "1 - (-2)"


def test_marks_tell_the_letters_of_two_groups_apart() -> None:
    (s,) = letters("S")
    plain = Working("", (Equation("V", 1.0 - s),), (("S", 0.8),), (("S", "survival"),))
    both = plain.marked("1", "index group") + plain.marked("0", "reference group")
    assert [line.quantity for line in both.written()] == ["V1", "V0"]
    assert both.written()[0].formula == "1 - S1"
    assert dict(both.letters)["S0"] == "survival, reference group"
