"""One pooled survival curve of the rates at several times, or the reason why there is none."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evisynth.answers.eligibility import (
    Candidate,
    counted,
    one_of_each_cohort,
    one_of_each_report,
    without_nested,
)
from evisynth.answers.poolability import reason_to_refuse
from evisynth.arithmetic import to_natural_interval, to_natural_scale
from evisynth.errors import EvidenceError
from evisynth.measures import Scale
from evisynth.outcomes import Question, row_labels
from evisynth.synthesis import CurveResult
from evisynth.wording import (
    counted as number_of,
    interval_name,
    listed,
    plain_number,
    rounded_percent,
    time_words,
)

#: At a time that fewer studies report there is nothing to pool.
FEWEST_STUDIES_AT_A_TIME = 2
#: From so many curves on it is said where that of a new study would run.
FEWEST_CURVES_FOR_BAND = 5


@dataclass(frozen=True, slots=True, eq=False)
class PooledCurve:
    """The rates of a block at several times, pooled together; ``result`` is None where ``refused`` says why.

    ``rows`` are the candidates that entered, in the order of the result's rows; ``left`` says which did not,
    and why.
    """

    label: str
    result: CurveResult | None
    refused: str | None
    rows: tuple[Candidate, ...] = ()
    left: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


def pooled_curve(
    question: Question, label: str, at_times: Mapping[float, Sequence[Candidate]]
) -> PooledCurve:
    """Pool the rates of a block at its times as one curve.

    Parameters
    ----------
    question
        Its level, and how it handles patients that studies share.
    label
        Of the block.
    at_times
        For each time in months its rows, each patient in one that counts.
    """
    rows = [row for time in sorted(at_times) for row in at_times[time] if row.reason is None]
    curves = _one_a_group(rows, min(at_times))
    settled, left, told = _settled(question, curves)
    rows = [row for row in rows if _curve(row) in settled]
    if not rows:
        return PooledCurve(label, None, "no row can be pooled", left=tuple(left))
    if reason := reason_to_refuse(question, counted(list(settled.values())), ()):
        return PooledCurve(label, None, reason, left=tuple(left))
    rows, scarce = _without_scarce_times(rows)
    left += scarce
    if len({row.comparison.time_months for row in rows}) < 2:
        reason = "only one of its times is reported by two studies or more"
        return PooledCurve(label, None, reason, left=tuple(left))
    try:
        result = _pool(question, rows)
    except EvidenceError as error:
        return PooledCurve(label, None, str(error), left=tuple(left))
    if rising := _rising(result):
        return PooledCurve(label, None, rising, left=tuple(left))
    cautions = (*told, *_cautions(result))
    return PooledCurve(label, result, None, tuple(rows), tuple(left), cautions)


def _curve(row: Candidate) -> tuple[str, str]:
    return row.comparison.study, row.comparison.name


def _one_a_group(rows: Sequence[Candidate], time: float) -> dict[tuple[str, str], Candidate]:
    """Give each curve one row that stands for its patients, as if all were of one time."""
    standing: dict[tuple[str, str], Candidate] = {}
    for row in rows:
        comparison, effect = replace(row.comparison, time_months=time), replace(row.effect, time_months=time)
        standing.setdefault(_curve(row), replace(row, comparison=comparison, effect=effect))
    return standing


def _settled(
    question: Question, curves: Mapping[tuple[str, str], Candidate]
) -> tuple[dict[tuple[str, str], Candidate], list[str], list[str]]:
    """Leave out curves whose patients stand in another, which the times one by one could not tell."""
    block = without_nested(list(curves.values()))
    block, duplicates = one_of_each_cohort(question, block)
    block, settlement = one_of_each_report(question, block)
    kept = {_curve(row): row for row in block if row.reason is None}
    left = [f"{row.comparison.study} {row.comparison.name}: {row.reason}" for row in block if row.reason]
    return kept, left, [*duplicates.told, *settlement.told]


def _without_scarce_times(rows: Sequence[Candidate]) -> tuple[list[Candidate], list[str]]:
    studies: dict[float, dict[str, None]] = {}
    for row in rows:
        studies.setdefault(_time(row), {})[row.comparison.study] = None
    left = [
        f"{time_words(time)}: reported by {listed(names, most=None)} alone"
        for time, names in studies.items()
        if len(names) < FEWEST_STUDIES_AT_A_TIME
    ]
    kept = [row for row in rows if len(studies[_time(row)]) >= FEWEST_STUDIES_AT_A_TIME]
    return kept, left


def _time(row: Candidate) -> float:
    assert row.comparison.time_months is not None  # blocks of a curve have times
    return row.comparison.time_months


def _pool(question: Question, rows: Sequence[Candidate]) -> CurveResult:
    from evisynth.synthesis import pool_curves

    return pool_curves(
        [row.effect.estimate if row.effect.estimate is not None else math.nan for row in rows],
        [(row.effect.standard_error or math.nan) ** 2 for row in rows],
        [_curve(row) for row in rows],
        [_time(row) for row in rows],
        level=question.level,
        labels=row_labels([row.comparison for row in rows]),
    )


def _rising(result: CurveResult) -> str | None:
    """Say that a pooled rate stands above an earlier one, which it does where other studies report it."""
    rises = [at for at in range(1, len(result.times)) if result.estimate[at] < result.estimate[at - 1]]
    if not rises:
        return None
    early, late = (
        f"{rounded_percent(math.exp(-math.exp(result.estimate[at])), 0)} at {time_words(result.times[at])}"
        for at in (rises[0] - 1, rises[0])
    )
    return (
        f"survival would rise from {early} to {late}: the studies that report the one do not report the other"
    )


def _cautions(result: CurveResult) -> Iterator[str]:
    if (result.curves_at < result.curve_count).any():
        yield "Where a curve is not known at a time, the course of the others says how it goes on."
    few = [
        f"{time_words(time)} ({number_of(count, 'curve')})"
        for time, count in zip(result.times.tolist(), result.curves_at.tolist(), strict=True)
        if 2 * count < result.curve_count
    ]
    if few:
        yield f"Fewer than half of the curves are known at {listed(few, most=None)}."


def curve_points(curve: PooledCurve, scale: Scale) -> list[dict[str, Any]]:
    """Give the pooled rate at each time with its limits, on the natural scale."""
    result = curve.result
    if result is None:
        return []
    points = []
    for at, time in enumerate(result.times.tolist()):
        lower, upper = to_natural_interval(float(result.ci_lower[at]), float(result.ci_upper[at]), scale)
        beyond: tuple[float | None, float | None] = None, None
        if predicts(result) and result.prediction_lower is not None and result.prediction_upper is not None:
            limits = float(result.prediction_lower[at]), float(result.prediction_upper[at])
            beyond = to_natural_interval(*limits, scale)
        points.append({
            "time_months": time,
            "curve_count": int(result.curves_at[at]),
            "estimate": to_natural_scale(float(result.estimate[at]), scale),
            "ci_lower": lower,
            "ci_upper": upper,
            "standard_error": float(result.standard_error[at]),
            "prediction_lower": beyond[0],
            "prediction_upper": beyond[1],
        })  # fmt: skip
    return points


def predicts(result: CurveResult) -> bool:
    """Whether there are curves enough to say where that of a new study would run."""
    return result.curve_count >= FEWEST_CURVES_FOR_BAND and result.prediction_lower is not None


def curve_as_json(curve: PooledCurve, scale: Scale) -> dict[str, Any]:
    """Give a pooled curve as plain values."""
    result = curve.result
    return {
        "label": curve.label,
        "refused": curve.refused,
        "curve_count": None if result is None else result.curve_count,
        "row_count": None if result is None else result.row_count,
        "tau_squared_shift": None if result is None else result.tau_squared_shift,
        "tau_squared_shape": None if result is None else result.tau_squared_shape,
        "points": curve_points(curve, scale),
        "left": list(curve.left),
        "cautions": list(curve.cautions),
    }


def curve_lines(curve: PooledCurve, scale: Scale) -> list[str]:
    """Tell a pooled curve: its rate at each time, how curves differ, what is not in it."""
    left = [f"not in it: {words}" for words in curve.left]
    result = curve.result
    if result is None:
        return [f"{curve.label}, as one curve: none, {curve.refused}", *left]
    lines = [
        f"{curve.label}, as one curve: {number_of(result.curve_count, 'curve')}, {result.row_count} rates"
    ]
    name = interval_name(result.level)
    for point in curve_points(curve, scale):
        rate, lower, upper = (rounded_percent(point[key], 0) for key in ("estimate", "ci_lower", "ci_upper"))
        new = ""
        if point["prediction_lower"] is not None:
            limits = (rounded_percent(point[key], 0) for key in ("prediction_lower", "prediction_upper"))
            new = "; a new study {} to {}".format(*limits)
        known = number_of(point["curve_count"], "curve")
        lines.append(
            f"  {time_words(point['time_months'])}: {rate} ({name} {lower} to {upper}{new}), {known}"
        )
    lines.append(
        f"  tau squared {plain_number(result.tau_squared_shift)} between whole curves, "
        f"{plain_number(result.tau_squared_shape)} between their shapes"
    )
    return [*lines, *(f"  {words}" for words in left), *(f"  caution: {words}" for words in curve.cautions)]
