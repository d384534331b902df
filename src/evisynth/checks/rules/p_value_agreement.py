"""Checks of p-values against the ratio, the rates or the medians beside them."""

from __future__ import annotations

import itertools
import math

from evisynth.arithmetic import (
    NEAR,
    SCALES,
    Printed,
    PrintedInterval,
    binomial_variance,
    centred_in_plain_numbers,
    critical_z,
    log_minus_log,
    rounding_interval,
    standard_error_log_minus_log,
    symmetry_on,
    two_rate_z,
    two_sided_p_from_z,
)
from evisynth.checks.check import FINE, Check, Outcomes
from evisynth.checks.rules.intervals import printed_interval
from evisynth.checks.rules.p_value_of_counts import two_medians
from evisynth.checks.rules.p_values import (
    decides_otherwise,
    decision_words,
    meets,
    p_example,
    p_found,
    p_interval,
    p_text,
    tests_of_difference,
    unadjusted_pairs,
)
from evisynth.checks.study_view import Reported, StudyView, high, is_point, low
from evisynth.printed_statistics import STATISTICS
from evisynth.quantities import Quantity
from evisynth.studies import ComparisonBlock
from evisynth.wording import listed, short_number, time_words

#: Bounds as programs and journals print them; as p-values they are rare.
_ROUND = frozenset({0.001, 0.0001, 0.00001})


def check_p_against_ratio(view: StudyView) -> Outcomes:
    """Recompute p-values of ratios and of differences from their intervals or standard errors."""
    for comparison, p in tests_of_difference(view, called_too=True):
        for one in comparison.figures:
            values = p_values_of_effect(one.figure.quantity) if STATISTICS[one.statistic].is_effect else None
            if values is None:
                continue
            least, central, most = values
            if meets(p.figure.quantity, least, most, NEAR):
                yield FINE
                continue
            message = (
                f"{p_text(p.figure.quantity)} does not go with {one.figure.quantity.as_reported}, which "
                f"gives {short_number(central)}{decision_words(p.figure.quantity, least, most)}"
            )
            yield p_found(comparison, p, message, one.figure.quantity.as_reported, (least, most))


def p_values_of_effect(quantity: Quantity) -> tuple[float, float, float] | None:
    """Return the p-value of an effect by its own precision: the least by rounding, as printed, the greatest.

    A ratio is tested on the log scale. Where its interval is centred in plain numbers alone it was made
    there, and that test counts too.
    """
    if not is_point(quantity):
        return None
    is_ratio, interval = quantity.unit == "ratio", printed_interval(quantity)
    if is_ratio and not low(quantity) > 0:
        return None
    if interval is None:
        return _p_by_error(quantity, is_ratio=is_ratio)
    if is_ratio and interval.lower.value <= 0:
        return None
    null = 1.0 if is_ratio else 0.0
    central, least, most = _p_by_interval(interval, "log" if is_ratio else "identity", null)
    if is_ratio and centred_in_plain_numbers(interval):
        _, *others = _p_by_interval(interval, "identity", null)
        least, most = min(least, others[0]), max(most, others[1])
    return least, central, most


def _p_by_interval(interval: PrintedInterval, scale: str, null: float) -> tuple[float, float, float]:
    """Return the p-value by the width of an interval, as printed, and its least and greatest by rounding."""
    z, transform = critical_z(interval.level), SCALES[scale]

    def p_value(estimate: float, lower: float, upper: float) -> float:
        if upper <= lower:  # limits that round to the same number leave no width at some corner
            return 1.0 if estimate == null else 0.0
        width = transform(upper) - transform(lower)
        return two_sided_p_from_z((transform(estimate) - transform(null)) / (width / (2 * z)))

    numbers = (interval.estimate, interval.lower, interval.upper)
    printed = [Printed(one.value, one.half_unit, one.value / 2) for one in numbers]
    least, most = rounding_interval(p_value, printed if scale == "log" else numbers)
    return p_value(*(one.value for one in numbers)), least, most


def _p_by_error(quantity: Quantity, *, is_ratio: bool) -> tuple[float, float, float] | None:
    """Return the p-value by a printed standard error: least, as printed, greatest."""
    error, half = quantity.sd, quantity.sd_half_unit or 0.0
    if not error or quantity.spread not in ("se", "log_se"):
        return None
    ends, errors = (low(quantity), quantity.value or 0.0, high(quantity)), (error - half, error, error + half)

    def p_value(value: float, standard_error: float) -> float:
        distance = math.log(value) if is_ratio else value
        if is_ratio and quantity.spread == "se":
            standard_error /= value
        if standard_error <= 0:
            return 0.0 if distance else 1.0
        return two_sided_p_from_z(distance / standard_error)

    values = [p_value(*corner) for corner in itertools.product(ends, errors)]
    null = 1.0 if is_ratio else 0.0
    most = 1.0 if ends[0] <= null <= ends[2] else max(values)
    return min(values), p_value(quantity.value or 0.0, error), most


def check_p_against_rates(view: StudyView) -> Outcomes:
    """Recompute p-values tied to a time from the survival rates at that time."""
    for comparison, p in unadjusted_pairs(view):
        found = _rates_at(view, comparison)
        if found is None:
            continue
        least, _ = _naive_p(found)
        if p_interval(p.figure.quantity)[1] * 10 >= least:
            yield FINE
            continue
        rates = listed(one.quantity.as_reported for one, _ in found)
        message = (
            f"{p_text(p.figure.quantity)} is smaller than the rates at "
            f"{time_words(comparison.time_months or 0)} "
            f"({rates}) can give: {_by_what(found)} they give {short_number(least)}"
        )
        yield p_found(comparison, p, message, rates)


def check_full_follow_up(view: StudyView) -> Outcomes:
    """Look for p-values that the rates reach only when everybody was followed to their time."""
    for comparison, p in unadjusted_pairs(view):
        found = _rates_at(view, comparison)
        if found is None or p.figure.quantity.qualifier not in ("<", "<=", "="):
            continue
        if any(_variance(one.quantity) is not None or not size for one, size in found):
            continue  # how many were followed is in the printed errors
        upper = p_interval(p.figure.quantity)[1]
        full, half = _cumulative_hazard_p(found, 1.0), _cumulative_hazard_p(found, 0.5)
        if full > upper or half <= upper:
            yield FINE
            continue
        rates = listed(one.quantity.as_reported for one, _ in found)
        message = (
            f"{p_text(p.figure.quantity)} follows from the rates at "
            f"{time_words(comparison.time_months or 0)} "
            f"({rates}) only if nearly everybody was followed that long: {short_number(full)} if all were, "
            f"{short_number(half)} if "
            "half were"
        )
        yield p_found(comparison, p, message, rates)


def _rates_at(view: StudyView, comparison: ComparisonBlock) -> list[tuple[Reported, int]] | None:
    if comparison.time_months is None:
        return None
    found = []
    for group in comparison.of:
        one = view.find(comparison.outcome, group, "survival", comparison.time_months)
        size = view.exact_size(group) or 0
        if one is None or not 0 < (one.quantity.value or 0.0) < 1:
            return None
        if not size and _variance(one.quantity) is None:
            return None
        found.append((one, size))
    return found


def _by_what(rates: list[tuple[Reported, int]]) -> str:
    """Say what the p-value of two rates is worked out by."""
    printed = [_variance(one.quantity) is not None for one, _ in rates]
    if all(printed):
        return "by their own errors"
    return f"even with everybody followed{', and by the error that is printed,' if any(printed) else ''}"


def _variance(rate: Quantity) -> float | None:
    """Return the least variance of a rate that its printed error or interval allows, None without either."""
    interval = printed_interval(rate)
    if rate.spread == "se" and rate.sd:
        error = rate.sd - (rate.sd_half_unit or 0.0)
    elif interval is not None:
        upper, lower = interval.upper, interval.lower
        width = upper.value - lower.value - (upper.half_unit or 0.0) - (lower.half_unit or 0.0)
        error = width / (2 * critical_z(interval.level))
    else:
        return None
    return error**2 if error > 0 else None


def _naive_p(rates: list[tuple[Reported, int]]) -> tuple[float, float]:
    """Return the least and the greatest p-value of two rates, by rounding and by variance.

    What is printed with its own error is taken by that, anything else as if everybody had been followed.
    """
    (index, n1), (reference, n0) = rates
    printed = [_variance(one.quantity) for one, _ in rates]
    values = []
    for s1, s0 in itertools.product(_ends(index.quantity), _ends(reference.quantity)):
        if printed == [None, None]:
            values += [two_rate_z((s1, n1), (s0, n0), pooled=way) for way in (False, True)]
            continue
        of_each = (
            binomial_variance(rate, size) if own is None else own
            for own, rate, size in zip(printed, (s1, s0), (n1, n0), strict=True)
        )
        values.append((s1 - s0) / math.sqrt(sum(of_each)))
    by_size = [two_sided_p_from_z(z) for z in values]
    return min(by_size), max(by_size)


def _ends(quantity: Quantity) -> tuple[float, float]:
    return max(1e-6, low(quantity)), min(1 - 1e-6, high(quantity))


def _cumulative_hazard_p(rates: list[tuple[Reported, int]], followed: float) -> float:
    """Return the p-value of the difference on the log(-log) scale with that share of patients followed."""
    (index, n1), (reference, n0) = ((one.quantity.value or 0.0, size) for one, size in rates)
    spread = math.hypot(
        standard_error_log_minus_log(index, binomial_variance(index, n1 * followed)),
        standard_error_log_minus_log(reference, binomial_variance(reference, n0 * followed)),
    )
    return two_sided_p_from_z((log_minus_log(index) - log_minus_log(reference)) / spread)


def check_p_against_medians(view: StudyView) -> Outcomes:
    """Compare p-values with the difference of two medians that have intervals."""
    for comparison, p in unadjusted_pairs(view, called_too=True):
        medians = two_medians(view, comparison)
        intervals = [printed_interval(median.quantity) for median in medians or ()]
        if medians is None or not all(intervals):
            continue
        plain = [symmetry_on("identity", interval) for interval in intervals if interval]
        index, reference = (median.quantity.value or 0.0 for median in medians)
        z = (index - reference) / math.hypot(*(one.standard_error for one in plain))
        recomputed = two_sided_p_from_z(z)
        lower, upper = p_interval(p.figure.quantity)
        far = recomputed > 10 * upper or lower > 10 * recomputed
        if not far or not decides_otherwise(p.figure.quantity, recomputed, recomputed):
            yield FINE
            continue
        printed = listed(median.quantity.as_reported for median in medians)
        gives = f"medians and intervals give about {short_number(recomputed)} ({printed})"
        message = f"{p_text(p.figure.quantity)}, but {gives}"
        yield p_found(comparison, p, message, printed)


def check_p_zero(view: StudyView) -> Outcomes:
    """Look for p-values printed as zero."""
    for comparison, p in view.p_values():
        quantity = p.figure.quantity
        if quantity.value != 0 or quantity.qualifier != "=":
            yield FINE
            continue
        below = 2 * (quantity.half_unit or 0.0005)
        message = f"no p-value is zero: {p_text(quantity)} means below {short_number(below / 2)} or so"
        yield p_found(comparison, p, message, quantity.as_reported)


def check_p_round(view: StudyView) -> Outcomes:
    """Look for p-values that are round numbers as bounds are, and have no sign."""
    for comparison, p in view.p_values():
        quantity = p.figure.quantity
        if quantity.qualifier != "=" or quantity.value not in _ROUND:
            yield FINE
            continue
        message = f"{p_text(quantity)} exactly? p-values of this size are mostly printed as bounds, with <"
        yield p_found(comparison, p, message, quantity.as_reported)


CHECKS = (
    Check(
        code="p-against-ratio",
        level="warning",
        title="A p-value that the precision of its ratio or difference contradicts",
        applies_when="a ratio or a difference is printed with its interval or standard error, and a p-value",
        test="The p-value that follows from the effect and its precision is the printed one, within a "
        f"factor of {NEAR} for another test of the same model.",
        formula="z = log R / [(log U - log L)/(2 z_level)], over the rounding of all three; z = D/SE",
        source="Nuijten et al 2016, doi:10.3758/s13428-015-0664-2",
        fix="compare effect, interval or error, level and p-value with the source",
        failing=p_example(
            "OS",
            "median: 90 months",
            "median: 65 months",
            "hazard_ratio: 0.72 (95% CI 0.57 to 0.91), p: < 0.001",
        ),
        passing=p_example(
            "OS",
            "median: 90 months",
            "median: 65 months",
            "hazard_ratio: 0.72 (95% CI 0.57 to 0.91), p: 0.006",
        ),
        run=check_p_against_ratio,
        contradiction=True,
    ),
    Check(
        code="p-below-rates",
        level="warning",
        title="A p-value smaller than its rates can give",
        applies_when="a p-value is tied to a time at which both groups have survival rates",
        test="The difference of the two rates, by the errors or intervals that are printed with them or else "
        "with everybody followed to that time, gives a p-value no larger than ten times the printed one.",
        formula="z = (S1 - S0)/sqrt(V1 + V0), V the printed SE^2, or S(1 - S)/n",
        fix="compare p-value, rates and time with the source",
        failing=p_example(
            "OS", "survival at 5 years: 60%", "survival at 5 years: 55%", "p: 0.001, time: 5 years"
        ),
        passing=p_example(
            "OS", "survival at 5 years: 60%", "survival at 5 years: 30%", "p: 0.001, time: 5 years"
        ),
        run=check_p_against_rates,
    ),
    Check(
        code="p-rests-on-full-follow-up",
        level="note",
        title="A p-value that assumes everybody was followed",
        applies_when="a p-value is tied to a time at which both groups have survival rates",
        test="Says when the rates give the p-value only with (nearly) all patients followed to that time.",
        formula="z on the log(-log) scale with n and with n/2 patients",
        fix="nothing to mend",
        failing=p_example(
            "OS", "survival at 5 years: 60%", "survival at 5 years: 31%", "p: < 0.005, time: 5 years"
        ),
        passing=p_example(
            "OS", "survival at 5 years: 60%", "survival at 5 years: 31%", "p: < 0.05, time: 5 years"
        ),
        run=check_full_follow_up,
    ),
    Check(
        code="p-against-medians",
        level="note",
        title="A p-value far from what the medians show",
        applies_when="two medians with intervals are compared by a p-value",
        test="The p-value of the difference of medians lies on the same side of 0.05, or within a factor "
        "of ten. "
        "A log-rank test looks at the whole curves, so that a difference is no error.",
        formula="z = (m1 - m0)/sqrt(SE1^2 + SE0^2), SE = (U - L)/(2 z)",
        fix="compare medians, intervals and p-value with the source",
        failing=p_example(
            "OS", "median: 90 months (95% CI 80 to 100)", "median: 60 months (95% CI 52 to 68)", "p: 0.65"
        ),
        passing=p_example(
            "OS", "median: 90 months (95% CI 60 to 120)", "median: 75 months (95% CI 50 to 100)", "p: 0.65"
        ),
        run=check_p_against_medians,
    ),
    Check(
        code="p-zero",
        level="warning",
        title="A p-value of zero",
        applies_when="a p-value is printed",
        test="It is above zero: 0.000 is what a program prints for a small one.",
        fix="type it as a bound: < 0.001, if the source prints 0.000",
        failing=p_example("major complications", "count: 2", "count: 40", "p: 0.000"),
        passing=p_example("major complications", "count: 2", "count: 40", "p: < 0.001"),
        run=check_p_zero,
    ),
    Check(
        code="p-round",
        level="note",
        title="A p-value that may have lost its sign",
        applies_when="a p-value is printed",
        test="It is not exactly 0.001, 0.0001 or 0.00001, or it has a sign.",
        fix="look at the source again, and type p: < 0.001 if it prints a sign",
        failing=p_example("major complications", "count: 2", "count: 40", "p: 0.001"),
        passing=p_example("major complications", "count: 2", "count: 40", "p: < 0.001"),
        run=check_p_round,
    ),
)
