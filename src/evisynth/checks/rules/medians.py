"""Checks of medians: against the survival rates of the same curve, and against the follow-up behind them."""

from __future__ import annotations

from itertools import pairwise

from evisynth.arithmetic import exponential_mixture_median, tail_hazard_ratio
from evisynth.checks.check import FINE, Check, Found, Outcomes, about_words
from evisynth.checks.study_view import Reported, StudyView, high, is_point, low
from evisynth.wording import listed, short_number, time_as_printed, time_words

#: A hazard this many times that of the interval before: the median comes from the last few patients.
_SPARSE = 3.0
_HALF = 0.5
_SLACK = 1e-9


def check_median_against_rates(view: StudyView) -> Outcomes:
    """Compare each median with every rate of the same curve: before it over half are alive."""
    for one in view.figures:
        if one.statistic != "median" or one.outcome.type != "time_to_event":
            continue
        for point in view.curve(one.outcome.id, one.group):
            if not _of_one_curve(one, point):
                continue
            time, rate = point.time or 0.0, point.quantity
            not_reached = one.quantity.state == "not_reached"
            if not not_reached and not is_point(one.quantity):
                continue
            after = not_reached or low(one.quantity) > time
            before = not not_reached and high(one.quantity) < time
            wrong = (after and high(rate) < _HALF) or (before and low(rate) > _HALF)
            if not wrong:
                yield FINE
                continue
            message = (
                f"a median of {one.quantity.as_reported} in '{one.group}' does not go with survival of "
                f"{rate.as_reported} at {time_words(time)}"
            )
            if not_reached:
                message = message.replace("a median of not reached", "a median not reached")
            about = f"{one.about}, {rate.as_reported}"
            yield Found(one.figure.line, one.figure.column, message, about)


def _of_one_curve(one: Reported, other: Reported) -> bool:
    """Whether two figures may be of one curve: one clock as far as is said, and one kind of survival."""
    starts = one.block.starts, other.block.starts
    return (None in starts or starts[0] == starts[1]) and one.curve_kind == other.curve_kind


def check_sparse_tail(view: StudyView) -> Outcomes:
    """Compare the hazard between the last rate and the median with the hazard before."""
    for (outcome, group), points in view.curves():
        median = view.median(outcome, group)
        if median is None or median.quantity.value is None:
            continue
        months = median.quantity.value
        known = [(0.0, 1.0), *((point.time or 0.0, point.quantity.value or 0.0) for point in points)]
        last = [point for point in known if point[0] < months]
        if last != known or len(last) < 2 or last[-1][1] <= _HALF:
            continue
        if any(later[1] > earlier[1] for earlier, later in pairwise(last)):
            continue
        if _weakest_ratio(median, points) <= _SPARSE:
            yield FINE
            continue
        _, tail, before = tail_hazard_ratio(last[-2], last[-1], months)
        ratio = _weakest_ratio(median, points) if before == 0 else tail / before
        message = (
            f"the median of {median.quantity.as_reported} in '{group}' rests on the tail of its curve: a "
            "hazard of "
            f"{tail:.4f} a month from {time_words(last[-1][0])} to the median, against {before:.4f} before, "
            f"{short_number(ratio)} times as much"
        )
        yield Found(median.figure.line, median.figure.column, message, _with_rates(median, points))


def _weakest_ratio(median: Reported, points: list[Reported]) -> float:
    """Return the least ratio of hazards that rounds to what is printed."""
    last, months = points[-1], high(median.quantity)
    end = low(last.quantity)
    before = points[-2] if len(points) > 1 else None
    start = (0.0, 1.0) if before is None else (before.time or 0.0, min(1.0, high(before.quantity)))
    if end <= _HALF:
        return 0.0
    return tail_hazard_ratio(start, (last.time or 0.0, end), months)[0]


def _with_rates(median: Reported, points: list[Reported]) -> str:
    return f"{median.about}, {about_words(point.quantity.as_reported for point in points)}"


def check_not_reached(view: StudyView) -> Outcomes:
    """Look for medians not reached where nothing says how long anybody was followed."""
    follow_up = view.study.cohort.follow_up
    followed = follow_up is not None and (follow_up.median is not None or follow_up.minimum is not None)
    for one in view.figures:
        if one.quantity.state != "not_reached" or not view.is_own(one.group):
            continue
        if followed or view.curve(one.outcome.id, one.group) or one.quantity.ci_lower is not None:
            yield FINE
            continue
        message = (
            f"median {one.outcome.label.lower()} of '{one.group}' is not reached, but neither follow-up "
            "nor a rate "
            "says by when: no number follows from it"
        )
        yield Found(one.figure.line, one.figure.column, message, one.about)


def check_mean_of_times(view: StudyView) -> Outcomes:
    """Look for times that are summarised by their mean."""
    for one in view.figures:
        if one.outcome.type not in ("time_to_event", "duration"):
            continue
        if one.statistic != "mean":
            if one.statistic == "median":
                yield FINE
            continue
        medians = any(
            other.statistic == "median" for other in view.figures if other.outcome.type == "time_to_event"
        )
        beside = "; survival is given as medians" if medians else ""
        message = (
            f"{one.outcome.label.lower()} of '{one.group}' is a mean ({one.quantity.as_reported}): a mean "
            "of those "
            f"observed so far, not a median{beside}"
        )
        yield Found(one.figure.line, one.figure.column, message, one.about)


def check_whole_against_parts(view: StudyView) -> Outcomes:
    """Compare the median, rate or share of a whole with the range of those of its parts."""
    averages: dict[str, list[Reported]] = {}
    for one in view.figures:
        if _is_average(one):
            averages.setdefault(one.group, []).append(one)
    for (whole, split), parts in view.splits.items():
        if len(parts) < 2 or whole not in averages or not view.exhaustive(whole, split):
            continue
        for one in averages[whole]:
            found = [view.find(one.outcome.id, part, one.statistic, one.time) for part in parts]
            if None not in found:
                yield _against_parts(view, one, [part for part in found if part is not None], split)


def _is_average(one: Reported) -> bool:
    if one.statistic == "median":
        return one.outcome.type == "time_to_event" and is_point(one.quantity)
    return one.statistic in ("survival", "proportion", "cumulative_incidence") and is_point(one.quantity)


def _against_parts(view: StudyView, whole: Reported, parts: list[Reported], split: str) -> Found | None:
    usable = [part for part in parts if is_point(part.quantity) or part.quantity.state == "not_reached"]
    numbers = [part.quantity for part in usable if part.quantity.value is not None]
    if len(usable) < len(parts) or not numbers:
        return FINE
    open_above = len(numbers) < len(usable)
    value = whole.quantity.value or 0.0
    least = min(quantity.value or 0.0 for quantity in numbers)
    most = float("inf") if open_above else max(quantity.value or 0.0 for quantity in numbers)
    if least - _SLACK <= value <= most + _SLACK:
        return FINE
    edge_low = min(low(quantity) for quantity in numbers)
    edge_high = float("inf") if open_above else max(high(quantity) for quantity in numbers)
    rescued = high(whole.quantity) >= edge_low and low(whole.quantity) <= edge_high
    printed = [part.quantity.as_reported for part in usable]
    message = (
        f"{whole.statistic} of '{whole.group}', {whole.quantity.as_reported}, lies "
        f"{'below' if value < least else 'above'} those of all its parts by {split} ({listed(printed)})"
        + ("; only rounding to the edge makes it possible" if rescued else "")
        + _expected(view, whole, usable)
    )
    about = f"{whole.about}, {about_words(printed)}"
    return Found(whole.figure.line, whole.figure.column, message, about, doubtful=rescued)


def _expected(view: StudyView, whole: Reported, parts: list[Reported]) -> str:
    sizes = [view.exact_size(part.group) for part in parts]
    values = [part.quantity.value for part in parts]
    known = [(value, size) for value, size in zip(values, sizes, strict=True) if value and size]
    if not view.told or whole.statistic != "median" or len(known) < len(parts):
        return ""
    expected = exponential_mixture_median([value for value, _ in known], [size for _, size in known])
    return f"; constant hazards would give {time_as_printed(expected, whole.quantity.as_reported)}"


_HEAD = """\
groups:
  all: {{label: All, n: 80, at: line 1}}
{groups}outcomes:
  - outcome: OS
    starts: operation
    at: line 2
    values:
{rows}"""
_PARTS = """\
  yes: {label: Resected, n: 60, of: all, by: resection, at: line 1}
  no: {label: Not resected, n: 20, of: all, by: resection, at: line 1}
"""


def _example(rows: str, groups: str = "") -> str:
    lines = "".join(f"      {row}\n" for row in rows.split("; "))
    return _HEAD.format(groups=groups, rows=lines)


CHECKS = (
    Check(
        code="median-against-rate",
        level="warning",
        title="A median that its own rates contradict",
        applies_when="a group has a median and a survival rate of one outcome",
        test="Before the median more than half are alive, after it fewer; a median not reached means that "
        "more "
        "than half are alive at every time. Rounding is allowed for.",
        formula="m > t <=> S(t) > 0.5",
        fix="compare the median, the rate and both units of time with the source",
        failing=_example("all: {median: 50 months, survival at 5 years: 60%}"),
        passing=_example("all: {median: 70 months, survival at 5 years: 60%}"),
        run=check_median_against_rates,
        contradiction=True,
    ),
    Check(
        code="median-in-sparse-tail",
        level="warning",
        title="A median from a collapsing tail",
        applies_when="a median lies after the last survival rate of its curve",
        test="The hazard from the last rate to the median is at most three times that of the interval "
        "before.",
        formula="[log(S(t2)/0.5)/(m - t2)] / [log(S(t1)/S(t2))/(t2 - t1)] <= 3",
        fix="nothing to mend; the median comes from the few patients followed longest",
        failing=_example("all: {median: 151 months, survival at 5 years: 88%, survival at 10 years: 79%}"),
        passing=_example("all: {median: 134 months, survival at 5 years: 82%, survival at 10 years: 55%}"),
        run=check_sparse_tail,
    ),
    Check(
        code="not-reached-without-follow-up",
        level="note",
        title="A median not reached by nobody knows when",
        applies_when="a median is not reached",
        test="Follow-up, or a survival rate of the same group, says for how long more than half were alive.",
        formula="S(u) > 0.5 for the longest informative follow-up u",
        fix="nothing to mend unless the source gives follow-up; then type cohort: follow_up:",
        failing=_example("all: {median: not reached}"),
        passing=_example("all: {median: not reached, survival at 5 years: 84%}"),
        run=check_not_reached,
    ),
    Check(
        code="mean-of-times",
        level="note",
        title="A time summarised by its mean",
        applies_when="the mean of a time is printed",
        test="Times to an event are summarised by medians; a mean leaves out those in whom it has not "
        "happened.",
        fix="nothing to mend; it is not compared with medians",
        failing=_example("all: {mean: 23.8 months}"),
        passing=_example("all: {median: 23.8 months}"),
        run=check_mean_of_times,
    ),
    Check(
        code="whole-outside-parts",
        level="warning",
        title="A whole outside the range of its parts",
        applies_when="a group and all parts of a split that covers it have the same figure",
        test="The median, rate or share of the whole lies between the least and the greatest of its parts.",
        formula="min <= whole <= max; exact for rates and shares, near enough for medians",
        fix="compare every number with the source",
        failing=_example(
            "all: {median: 50 months}; yes: {median: 87 months}; no: {median: 71 months}", _PARTS
        ),
        passing=_example(
            "all: {median: 80 months}; yes: {median: 87 months}; no: {median: 71 months}", _PARTS
        ),
        run=check_whole_against_parts,
        contradiction=True,
    ),
)
