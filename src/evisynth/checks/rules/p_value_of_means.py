"""Checks of p-values against two means, and of large p-values against figures that lie far apart."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product

from evisynth.arithmetic import (
    binomial_variance,
    critical_z,
    log_minus_log,
    standard_error_log_median,
    standard_error_log_minus_log,
    student_t_two_sided,
    two_sided_p_from_z,
)
from evisynth.checks.check import FINE, Check, Outcomes
from evisynth.checks.rules.intervals import printed_interval
from evisynth.checks.rules.p_values import (
    decides_otherwise,
    decision_words,
    p_example,
    p_found,
    p_interval,
    p_text,
    unadjusted_pairs,
)
from evisynth.checks.study_view import Reported, StudyView, high, is_point, low
from evisynth.quantities import Quantity
from evisynth.studies import ComparisonBlock
from evisynth.wording import listed, short_number, time_words

#: A rank test of skewed values may differ from a t-test by so much; beyond it the figures do not go together.
_FAR = 10.0


def check_p_against_means(view: StudyView) -> Outcomes:
    """Recompute p-values from two means with their deviations, by Student's and by Welch's test."""
    for comparison, p in unadjusted_pairs(view, called_too=True):
        sides = [_mean(view, comparison, group) for group in comparison.of]
        pair = [side for side in sides if side is not None]
        if len(pair) < 2:
            continue
        values = [value for corner in product(*map(_ends, pair)) for value in _t_tests(corner, pair)]
        least, most = min(values), max(values)
        printed = p_interval(p.figure.quantity)
        far = least > _FAR * printed[1] or printed[0] > _FAR * most
        central = _t_tests([one.quantity.value or 0.0 for one, _, _ in pair], pair)
        if not far or not decides_otherwise(p.figure.quantity, min(central), max(central)):
            yield FINE
            continue
        means = listed(f"{one.quantity.as_reported} of {size}" for one, _, size in pair)
        gives = short_number(central[1])
        message = (
            f"{p_text(p.figure.quantity)} does not follow from the means {means}: a t-test gives {gives}"
            f"{decision_words(p.figure.quantity, min(central), max(central))}"
        )
        yield p_found(comparison, p, message, means, (least, most))


#: A mean, the standard error of it, and the number of patients.
_Mean = tuple[Reported, float, int]


def _mean(view: StudyView, comparison: ComparisonBlock, group: str) -> _Mean | None:
    one = view.find(comparison.outcome, group, "mean", comparison.time_months)
    if one is None or not is_point(one.quantity):
        return None
    size, error = view.denominator(one), 0.0
    if size is None or size < 2:
        return None
    interval = printed_interval(one.quantity)
    if one.quantity.spread in ("sd", "se") and one.quantity.sd:
        error = one.quantity.sd / (1.0 if one.quantity.spread == "se" else math.sqrt(size))
    elif interval is not None:
        error = (interval.upper.value - interval.lower.value) / (2 * critical_z(interval.level))
    return (one, error, size) if error > 0 else None


def _ends(mean: _Mean) -> tuple[float, float]:
    return low(mean[0].quantity), high(mean[0].quantity)


def _t_tests(means: tuple[float, ...] | list[float], pair: list[_Mean]) -> tuple[float, float]:
    """Return the p-values of Student's test, with one variance, and of Welch's."""
    difference = means[0] - means[1]
    (_, se1, n1), (_, se0, n0) = pair
    within = ((n1 - 1) * n1 * se1**2 + (n0 - 1) * n0 * se0**2) / (n1 + n0 - 2)
    student = difference / math.sqrt(within * (1 / n1 + 1 / n0))
    variance = se1**2 + se0**2
    df = variance**2 / (se1**4 / (n1 - 1) + se0**4 / (n0 - 1))
    return student_t_two_sided(student, n1 + n0 - 2), student_t_two_sided(
        difference / math.sqrt(variance), df
    )


#: From here a p-value says that nothing at all differs.
_ONE = 0.99
#: From here a p-value is one that figures can contradict by being too far apart.
_LARGE = 0.05
#: What differs at all by this share of the patients alone is taken to differ.
_OBSERVED = 0.25
_UNLIKELY = 0.5
#: Where the numbers of patients are not known, rates that lie this far apart are not alike.
_APART = 0.2


def check_p_above_figures(view: StudyView) -> Outcomes:
    """Look for large p-values beside medians or rates that differ far more than they allow."""
    for comparison, p in unadjusted_pairs(view, called_too=True):
        quantity = p.figure.quantity
        least = p_interval(quantity)[0]
        if least < _LARGE:
            continue
        pairs = list(_like_figures(view, comparison))
        if len({(_value(one) > _value(other)) for one, other in pairs}) > 1:
            continue  # curves that cross
        below = _UNLIKELY if _is_one(quantity) else min(_LARGE, least / _FAR)
        apart = [pair for pair in pairs if _differ(view, *pair, below)]
        if not apart:
            yield from [FINE] * len(pairs)
            continue
        printed = listed(_printed(*pair) for pair in apart)
        says = "says that nothing differs" if _is_one(quantity) else "is larger than the figures can give"
        message = f"{p_text(quantity)} {says}, unless the curves cross elsewhere: {printed}"
        yield p_found(comparison, p, message, printed)


def _printed(one: Reported, other: Reported) -> str:
    what = f"{one.statistic}" + (f" at {time_words(one.time)}" if one.time is not None else "")
    return f"{what} {one.quantity.as_reported} against {other.quantity.as_reported}"


def _is_one(p: Quantity) -> bool:
    return p.qualifier == "=" and (p.value or 0.0) >= _ONE


def _value(one: Reported) -> float:
    return one.quantity.value or 0.0


def _like_figures(view: StudyView, comparison: ComparisonBlock) -> Iterator[tuple[Reported, Reported]]:
    """Yield the medians and the rates of both groups that a p-value may be of."""
    index, reference = comparison.of
    for one in view.figures_of(comparison.outcome, index):
        if one.statistic not in ("median", "survival") or one.outcome.type != "time_to_event":
            continue
        if comparison.time_months is not None and one.time != comparison.time_months:
            continue
        other = view.find(comparison.outcome, reference, one.statistic, one.time)
        if other is None or not (is_point(one.quantity) and is_point(other.quantity)):
            continue
        intervals = printed_interval(one.quantity), printed_interval(other.quantity)
        if one.statistic != "median" or not all(intervals):  # those have a check of their own
            yield one, other


def _differ(view: StudyView, one: Reported, other: Reported, below: float) -> bool:
    """Whether two figures differ by a p-value below that; without errors, with few patients observed.

    Figures are taken to the ends of their rounding that are nearest to each other.
    """
    upper, lower = (one, other) if _value(one) > _value(other) else (other, one)
    ends = low(upper.quantity), high(lower.quantity)
    if ends[0] <= ends[1]:
        return False
    errors = [_printed_error(figure) for figure in (upper, lower)]
    if errors[0] is not None and errors[1] is not None:
        return two_sided_p_from_z((ends[0] - ends[1]) / math.hypot(errors[0], errors[1])) < below
    sizes = [view.exact_size(figure.group) for figure in (upper, lower)]
    known = [size * _OBSERVED for size in sizes if size]
    if len(known) < 2 or not (ends[1] > 0 and (one.statistic == "median" or ends[0] < 1)):
        return below == _UNLIKELY and one.statistic == "survival" and ends[0] - ends[1] >= _APART
    if one.statistic == "median":
        z = math.log(ends[0] / ends[1]) / math.hypot(*map(_error_of_median, known))
        return two_sided_p_from_z(z) < below
    spread = (
        standard_error_log_minus_log(end, binomial_variance(end, size))
        for end, size in zip(ends, known, strict=True)
    )
    return two_sided_p_from_z((log_minus_log(ends[0]) - log_minus_log(ends[1])) / math.hypot(*spread)) < below


def _error_of_median(size: float) -> float:
    return float(standard_error_log_median(size))


def _printed_error(one: Reported) -> float | None:
    """Return the standard error that is printed beside a figure, the larger half of its interval."""
    if one.quantity.spread == "se" and one.quantity.sd:
        return one.quantity.sd + (one.quantity.sd_half_unit or 0.0)
    interval = printed_interval(one.quantity)
    if interval is None:
        return None
    longer = max(interval.upper.value - _value(one), _value(one) - interval.lower.value)
    return longer / critical_z(interval.level) if longer > 0 else None


def _means(p: str) -> str:
    return p_example("time to recurrence", "mean: 32 days (SD 9.9)", "mean: 24 days (SD 9.8)", f"p: {p}")


CHECKS = (
    Check(
        code="p-against-means",
        level="warning",
        title="A p-value that the means do not give",
        applies_when="two means with standard deviations, standard errors or intervals, of known numbers of "
        "patients, are compared by an unadjusted p-value",
        test="Student's or Welch's test of the means gives a p-value within ten times the printed one, or on "
        "its side of 0.05.",
        formula="t = (m1 - m0)/sqrt(SD1^2/n1 + SD0^2/n0)",
        fix="compare p-value, means and deviations with the source: a standard error is often called a "
        "deviation; name a rank test under test:",
        failing=_means("0.9"),
        passing=_means("0.001"),
        run=check_p_against_means,
    ),
    Check(
        code="p-above-figures",
        level="warning",
        title="A p-value too large for the figures beside it",
        applies_when="two medians, or survival rates at one time, with errors, intervals or numbers of "
        "patients, stand beside an unadjusted p-value above 0.05, or one only called not significant",
        test="The figures give a p-value above a tenth of the printed one, or above 0.05; beside one of 0.99 "
        "or more, above 0.5. Without printed errors, a quarter of the patients are taken to be under "
        "observation. Figures of which some favour the one group and some the other are passed over.",
        formula="z = (S1 - S0)/sqrt(SE1^2 + SE0^2), or on the log(-log) scale, and of log medians, with n/4",
        fix="compare the p-value and both figures with the source; curves that cross may give such a one",
        failing=p_example("OS", "survival at 5 years: 90%", "survival at 5 years: 20%", "p: 0.8"),
        passing=p_example("OS", "survival at 5 years: 40%", "survival at 5 years: 42%", "p: 1.000"),
        run=check_p_above_figures,
    ),
)
