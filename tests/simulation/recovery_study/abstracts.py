"""Printed figures as evisynth reads them: one comparison, made of just what a recovery needs.

Each recovery is tried alone. Beside others of the same trial it may lose a grade, when they disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from evisynth.outcomes import (
    Arm,
    Comparison,
    EffectMeasure,
    GroupSelector,
    GroupSize,
    Question,
    ReportedOutcome,
    RowGroup,
)
from recovery_study.scenarios import EARLY_LANDMARK, LANDMARK

INDEX, REFERENCE = "index", "reference"
#: Half of the last printed digit.
PERCENT, TENTH_OF_PERCENT, TENTH_OF_MONTH, HUNDREDTH = 0.005, 0.0005, 0.05, 0.005
SMALLEST_PRINTED_P = 0.001

Number = float | None


@dataclass(frozen=True, slots=True)
class Sizes:
    """Patients of each arm."""

    index: int
    reference: int


def question(measure: EffectMeasure) -> Question:
    """Return the question that a recovery answers, at the late landmark where a time matters."""
    block = RowGroup("all", GroupSelector({}))
    return Question("simulation", "", "", "overall_survival", measure, (block,))


def figure(statistic: str, value: Number, half_unit: float | None = None, **fields: Any) -> ReportedOutcome:
    """Return one printed figure; a text in its place is not needed by any recovery but where it is given."""
    blank: dict[str, Any] = {
        "study": "simulated",
        "group": INDEX,
        "group_label": INDEX,
        "n": None,
        "outcome": "overall_survival",
        "time_months": None,
        "ci_lower": None,
        "ci_upper": None,
        "level": 0.95,
        "qualifier": "=",
        "state": "reported",
        "unit": "",
        "compared_with": None,
        "as_reported": statistic,
        "source_location": "",
        "file_location": "",
        "lower": None,
        "upper": None,
        "adjusted": None,
        "role": "own",
    }
    return ReportedOutcome(statistic=statistic, value=value, half_unit=half_unit, **(blank | fields))


def limits(lower: Number, upper: Number, half_unit: float) -> dict[str, Any]:
    """Return the fields of a printed interval; an end that is None was not reached."""
    return {
        "ci_lower": lower,
        "ci_upper": upper,
        "ci_lower_half_unit": half_unit,
        "ci_upper_half_unit": half_unit,
        "ci_upper_state": "not_reached" if upper is None else "reported",
    }


def arm(group: str, size: int, *figures: ReportedOutcome) -> Arm:
    """Return an arm whose figures are its own."""
    return Arm("simulated", group, group, GroupSize((size,), "printed", "", ""), {}, "own", figures)


def comparison(index: Arm, reference: Arm | None = None, *figures: ReportedOutcome) -> Comparison:
    """Return two arms with what is printed of both together, or one arm alone."""
    return Comparison("simulated", "all", "overall_survival", index, reference, figures)


def between(sizes: Sizes, *figures: ReportedOutcome) -> Comparison:
    """Return two arms of which only joint figures are printed."""
    return comparison(arm(INDEX, sizes.index), arm(REFERENCE, sizes.reference), *figures)


def ratio(statistic: str, value: Number, lower: Number = None, upper: Number = None) -> ReportedOutcome:
    """Return a ratio of index against reference, with two decimals."""
    fields = limits(lower, upper, HUNDREDTH) if upper is not None else {}
    return figure(statistic, value, HUNDREDTH, compared_with=(REFERENCE,), **fields)


def p_value(value: float, favours_index: float, test: str, *, floored: bool = False) -> ReportedOutcome:
    """Return a two-sided p-value with two significant figures; ``floored``: below 0.001 only "< 0.001"."""
    fields: dict[str, Any] = {
        "compared_with": (REFERENCE,),
        "basis": "stated",
        "test": test,
        "favours": INDEX if favours_index else REFERENCE,
    }
    if floored and value < SMALLEST_PRINTED_P:
        return figure("p_value", SMALLEST_PRINTED_P, 0.0005, qualifier="<", **fields)
    digits = 1
    while value * 10**digits < 10 - 1e-9:
        digits += 1
    return figure("p_value", value, 0.5 * 10.0**-digits, **fields)


def events(count: float, group: str = INDEX) -> ReportedOutcome:
    """Return a number of deaths."""
    return figure("count", count, group=group, unit="events")


def rate(group: str, months: float, value: Number, **fields: Any) -> ReportedOutcome:
    """Return a survival rate in whole percent."""
    return figure("survival", value, PERCENT, group=group, time_months=months, **fields)


def median(group: str, value: Number, **fields: Any) -> ReportedOutcome:
    """Return a median in months, with one decimal."""
    return figure("median", value, TENTH_OF_MONTH, group=group, unit="months", **fields)


# Each of the following writes the abstract of one recovery from its printed figures, in the order in which
# ``recoveries`` names their columns.


def hazard_ratio(sizes: Sizes, value: Number, lower: Number, upper: Number) -> Comparison:
    """Print a hazard ratio with its interval."""
    return between(sizes, ratio("hazard_ratio", value, lower, upper))


def hazard_ratio_with_upper_limit(sizes: Sizes, value: Number, upper: Number) -> Comparison:
    """Print a hazard ratio with its upper limit alone."""
    return between(sizes, ratio("hazard_ratio", value, None, upper))


def hazard_ratio_with_wald_p(sizes: Sizes, value: Number, p: float) -> Comparison:
    """Print a hazard ratio with its own p-value."""
    return between(sizes, ratio("hazard_ratio", value), p_value(p, True, "Wald"))


def hazard_ratio_with_floored_p(sizes: Sizes, value: Number, p: float) -> Comparison:
    """Print a hazard ratio with its own p-value, those below 0.001 as an inequality."""
    return between(sizes, ratio("hazard_ratio", value), p_value(p, True, "Wald", floored=True))


def hazard_ratio_with_log_rank_p(sizes: Sizes, value: Number, p: float) -> Comparison:
    """Print a hazard ratio beside a log-rank p-value."""
    return between(sizes, ratio("hazard_ratio", value), p_value(p, True, "log-rank"))


def log_rank(sizes: Sizes, p: float, favours_index: float, deaths: float) -> Comparison:
    """Print a log-rank p-value and the deaths of both arms together."""
    return between(sizes, p_value(p, favours_index, "log-rank"), events(deaths))


def log_rank_floored(sizes: Sizes, p: float, favours_index: float, deaths: float) -> Comparison:
    """Print a log-rank p-value, those below 0.001 as an inequality, and the deaths together."""
    return between(sizes, p_value(p, favours_index, "log-rank", floored=True), events(deaths))


def log_rank_by_arm(
    sizes: Sizes, p: float, favours_index: float, deaths1: float, deaths0: float
) -> Comparison:
    """Print a log-rank p-value and the deaths of each arm."""
    return comparison(
        arm(INDEX, sizes.index, events(deaths1)),
        arm(REFERENCE, sizes.reference, events(deaths0, REFERENCE)),
        p_value(p, favours_index, "log-rank"),
    )


def rates(sizes: Sizes, s1: Number, s0: Number, months: float = LANDMARK) -> Comparison:
    """Print both survival rates at one time."""
    return comparison(
        arm(INDEX, sizes.index, rate(INDEX, months, s1)),
        arm(REFERENCE, sizes.reference, rate(REFERENCE, months, s0)),
    )


def early_rates(sizes: Sizes, s1: Number, s0: Number) -> Comparison:
    """Print both survival rates at the early landmark."""
    return rates(sizes, s1, s0, EARLY_LANDMARK)


def rates_with_intervals(
    sizes: Sizes, s1: Number, lower1: Number, upper1: Number, s0: Number, lower0: Number, upper0: Number
) -> Comparison:
    """Print both survival rates with their intervals."""
    one = rate(INDEX, LANDMARK, s1, **limits(lower1, upper1, PERCENT))
    two = rate(REFERENCE, LANDMARK, s0, **limits(lower0, upper0, PERCENT))
    return comparison(arm(INDEX, sizes.index, one), arm(REFERENCE, sizes.reference, two))


def rates_with_errors(sizes: Sizes, s1: Number, error1: Number, s0: Number, error0: Number) -> Comparison:
    """Print both survival rates with their standard errors, in whole percent too."""
    one = rate(INDEX, LANDMARK, s1, sd=error1, spread="se")
    two = rate(REFERENCE, LANDMARK, s0, sd=error0, spread="se")
    return comparison(arm(INDEX, sizes.index, one), arm(REFERENCE, sizes.reference, two))


def rates_with_numbers_at_risk(
    sizes: Sizes, s1: Number, at_risk1: float, s0: Number, at_risk0: float
) -> Comparison:
    """Print both survival rates at one time with the patients at risk then."""
    return comparison(
        arm(INDEX, sizes.index, rate(INDEX, LANDMARK, s1, at_risk=round(at_risk1))),
        arm(REFERENCE, sizes.reference, rate(REFERENCE, LANDMARK, s0, at_risk=round(at_risk0))),
    )


def rates_twice(sizes: Sizes, early1: Number, early0: Number, late1: Number, late0: Number) -> Comparison:
    """Print both survival rates at both landmarks."""
    return comparison(
        arm(INDEX, sizes.index, rate(INDEX, EARLY_LANDMARK, early1), rate(INDEX, LANDMARK, late1)),
        arm(
            REFERENCE,
            sizes.reference,
            rate(REFERENCE, EARLY_LANDMARK, early0),
            rate(REFERENCE, LANDMARK, late0),
        ),
    )


def rates_twice_with_numbers_at_risk(sizes: Sizes, *printed: float) -> Comparison:
    """Print both survival rates at both landmarks, each before the patients at risk then."""
    arms = []
    for group, size, (early, early_at_risk, late, late_at_risk) in (
        (INDEX, sizes.index, printed[:4]),
        (REFERENCE, sizes.reference, printed[4:]),
    ):
        first = rate(group, EARLY_LANDMARK, early, at_risk=round(early_at_risk))
        last = rate(group, LANDMARK, late, at_risk=round(late_at_risk))
        arms.append(arm(group, size, first, last))
    return comparison(*arms)


def medians(sizes: Sizes, m1: Number, m0: Number) -> Comparison:
    """Print both medians."""
    return comparison(
        arm(INDEX, sizes.index, median(INDEX, m1)), arm(REFERENCE, sizes.reference, median(REFERENCE, m0))
    )


def medians_with_events(sizes: Sizes, m1: Number, m0: Number, deaths1: float, deaths0: float) -> Comparison:
    """Print both medians with the deaths of each arm."""
    return comparison(
        arm(INDEX, sizes.index, median(INDEX, m1), events(deaths1)),
        arm(REFERENCE, sizes.reference, median(REFERENCE, m0), events(deaths0, REFERENCE)),
    )


def medians_with_intervals(
    sizes: Sizes, m1: Number, lower1: Number, upper1: Number, m0: Number, lower0: Number, upper0: Number
) -> Comparison:
    """Print both medians with their intervals."""
    one = median(INDEX, m1, **limits(lower1, upper1, TENTH_OF_MONTH))
    two = median(REFERENCE, m0, **limits(lower0, upper0, TENTH_OF_MONTH))
    return comparison(arm(INDEX, sizes.index, one), arm(REFERENCE, sizes.reference, two))


def one_rate(sizes: Sizes, value: Number) -> Comparison:
    """Print survival of the index arm alone."""
    return comparison(arm(INDEX, sizes.index, rate(INDEX, LANDMARK, value)))


def one_rate_with_interval(sizes: Sizes, value: Number, lower: Number, upper: Number) -> Comparison:
    """Print survival of the index arm with its interval."""
    return comparison(arm(INDEX, sizes.index, rate(INDEX, LANDMARK, value, **limits(lower, upper, PERCENT))))


def one_rate_with_error(sizes: Sizes, value: Number, error: Number) -> Comparison:
    """Print survival of the index arm with its standard error."""
    return comparison(arm(INDEX, sizes.index, rate(INDEX, LANDMARK, value, sd=error, spread="se")))


def one_rate_with_number_at_risk(sizes: Sizes, value: Number, at_risk: float) -> Comparison:
    """Print survival of the index arm with the patients at risk then."""
    return comparison(arm(INDEX, sizes.index, rate(INDEX, LANDMARK, value, at_risk=round(at_risk))))


def one_median(sizes: Sizes, value: Number) -> Comparison:
    """Print the median of the index arm."""
    return comparison(arm(INDEX, sizes.index, median(INDEX, value)))


def one_median_with_interval(sizes: Sizes, value: Number, lower: Number, upper: Number) -> Comparison:
    """Print the median of the index arm with its interval."""
    return comparison(arm(INDEX, sizes.index, median(INDEX, value, **limits(lower, upper, TENTH_OF_MONTH))))


def odds_ratio(sizes: Sizes, value: Number, lower: Number, upper: Number) -> Comparison:
    """Print an odds ratio with its interval."""
    return between(sizes, ratio("odds_ratio", value, lower, upper))


def odds_ratio_with_p(sizes: Sizes, value: Number, p: float) -> Comparison:
    """Print an odds ratio with its Wald p-value."""
    return between(sizes, ratio("odds_ratio", value), p_value(p, True, "Wald"))


def risk_ratio(sizes: Sizes, value: Number, lower: Number, upper: Number) -> Comparison:
    """Print a risk ratio with its interval."""
    return between(sizes, ratio("risk_ratio", value, lower, upper))


def risk_ratio_with_p(sizes: Sizes, value: Number, p: float) -> Comparison:
    """Print a risk ratio with its Wald p-value."""
    return between(sizes, ratio("risk_ratio", value), p_value(p, True, "Wald"))


def counts(sizes: Sizes, x1: Number, x0: Number) -> Comparison:
    """Print how many of each arm had the event."""
    return comparison(
        arm(INDEX, sizes.index, figure("count", x1, unit="patients")),
        arm(REFERENCE, sizes.reference, figure("count", x0, group=REFERENCE, unit="patients")),
    )


def percents(sizes: Sizes, p1: Number, p0: Number) -> Comparison:
    """Print the share of each arm that had the event, in whole percent."""
    return comparison(
        arm(INDEX, sizes.index, figure("proportion", p1, PERCENT)),
        arm(REFERENCE, sizes.reference, figure("proportion", p0, PERCENT, group=REFERENCE)),
    )


def one_count(sizes: Sizes, count: Number) -> Comparison:
    """Print how many of the index arm had the event."""
    return comparison(arm(INDEX, sizes.index, figure("count", count, unit="patients")))


def one_percent(sizes: Sizes, share: Number) -> Comparison:
    """Print the share of the index arm in whole percent."""
    return comparison(arm(INDEX, sizes.index, figure("proportion", share, PERCENT)))


def one_tenth_of_percent(sizes: Sizes, share: Number) -> Comparison:
    """Print the share of the index arm in percent with one decimal."""
    return comparison(arm(INDEX, sizes.index, figure("proportion", share, TENTH_OF_PERCENT)))


def one_cut_percent(sizes: Sizes, share: Number) -> Comparison:
    """Print the share of the index arm, cut off after the first decimal as elsewhere in its study."""
    return replace(one_tenth_of_percent(sizes, share), cuts_percentages_off=True)
