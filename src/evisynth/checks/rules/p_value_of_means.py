"""Checks of p-values against two means, and of a p-value of one against figures that differ."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product

from evisynth.arithmetic import (
    binomial_variance,
    log_minus_log,
    standard_error_log_median,
    standard_error_log_minus_log,
    student_t_two_sided,
    two_sided_p_from_z,
)
from evisynth.checks.check import FINE, Check, Outcomes
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
from evisynth.studies import ComparisonBlock
from evisynth.wording import listed, short_number, time_words

#: A rank test of skewed values may differ from a t-test by so much; beyond it the figures do not go together.
_FAR = 10.0


def check_p_against_means(view: StudyView) -> Outcomes:
    """Recompute p-values from two means with their deviations, by Student's and by Welch's test."""
    for comparison, p in unadjusted_pairs(view):
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
    if one is None or not is_point(one.quantity) or not one.quantity.sd:
        return None
    size = view.denominator(one)
    if size is None or size < 2 or one.quantity.spread not in ("sd", "se"):
        return None
    error = one.quantity.sd if one.quantity.spread == "se" else one.quantity.sd / math.sqrt(size)
    return one, error, size


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
#: What differs at all by this share of the patients alone is taken to differ.
_OBSERVED = 0.25
_UNLIKELY = 0.5
#: Where the numbers of patients are not known, rates that lie this far apart are not alike.
_APART = 0.2


def check_p_of_one(view: StudyView) -> Outcomes:
    """Look for p-values of 1 beside medians or rates that differ."""
    for comparison, p in unadjusted_pairs(view):
        quantity = p.figure.quantity
        if quantity.qualifier != "=" or (quantity.value or 0.0) < _ONE:
            continue
        for one, other in _like_figures(view, comparison):
            if not _differ(view, one, other):
                yield FINE
                continue
            what = f"{one.statistic}" + (f" at {time_words(one.time)}" if one.time is not None else "")
            printed = f"{one.quantity.as_reported} against {other.quantity.as_reported}"
            message = f"{p_text(quantity)} says that nothing differs, and {what} is {printed}"
            yield p_found(comparison, p, message, printed)


def _like_figures(view: StudyView, comparison: ComparisonBlock) -> Iterator[tuple[Reported, Reported]]:
    """Yield the medians and the rates of both groups that a p-value may be of."""
    index, reference = comparison.of
    for one in view.figures_of(comparison.outcome, index):
        if one.statistic not in ("median", "survival") or one.outcome.type != "time_to_event":
            continue
        if comparison.time_months is not None and one.time != comparison.time_months:
            continue
        other = view.find(comparison.outcome, reference, one.statistic, one.time)
        if other is not None and is_point(one.quantity) and is_point(other.quantity):
            yield one, other


def _differ(view: StudyView, one: Reported, other: Reported) -> bool:
    """Whether two figures differ by more than a p-value of 1 allows, with few patients under observation."""
    if low(one.quantity) <= high(other.quantity) and low(other.quantity) <= high(one.quantity):
        return False
    values = [figure.quantity.value or 0.0 for figure in (one, other)]
    sizes = [view.exact_size(figure.group) for figure in (one, other)]
    known = [size * _OBSERVED for size in sizes if size]
    if one.statistic == "survival":
        if not all(0 < value < 1 for value in values):
            return abs(values[0] - values[1]) >= _APART
        if len(known) < 2:
            return abs(values[0] - values[1]) >= _APART
        difference = log_minus_log(values[0]) - log_minus_log(values[1])
        errors = [
            standard_error_log_minus_log(value, binomial_variance(value, size))
            for value, size in zip(values, known, strict=True)
        ]
    else:
        if len(known) < 2 or min(values) <= 0:
            return False
        difference = math.log(values[0] / values[1])
        errors = [standard_error_log_median(size) for size in known]
    return two_sided_p_from_z(difference / math.hypot(*map(float, errors))) < _UNLIKELY


def _means(p: str) -> str:
    return p_example("time to recurrence", "mean: 32 days (SD 9.9)", "mean: 24 days (SD 9.8)", f"p: {p}")


CHECKS = (
    Check(
        code="p-against-means",
        level="warning",
        title="A p-value that the means do not give",
        applies_when="two means with standard deviations, of known numbers of patients, are compared by an "
        "unadjusted p-value",
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
        code="p-of-one",
        level="warning",
        title="A p-value of 1 beside figures that differ",
        applies_when="two medians, or survival rates at one time, stand beside an unadjusted p-value of 0.99 "
        "or more",
        test="The figures do not differ by more than they would by chance half of the time, were only a "
        "quarter of the patients under observation.",
        fix="compare the p-value and both figures with the source; curves that cross may give such a one",
        failing=p_example("OS", "survival at 5 years: 40%", "survival at 5 years: 78%", "p: 1.000"),
        passing=p_example("OS", "survival at 5 years: 40%", "survival at 5 years: 42%", "p: 1.000"),
        run=check_p_of_one,
    ),
)
