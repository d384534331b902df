"""Pooled survival curves of a question that names several times, with the studies' rates behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evisynth.answers import Answer, PooledCurve, curve_points, names_of, predicts, say_names
from evisynth.arithmetic import to_natural_scale
from evisynth.errors import InvalidDataError
from evisynth.figures.chart.axes import plain_axis
from evisynth.figures.chart.chart import (
    Area,
    Chart,
    LegendEntry,
    Line,
    Mark,
    Panel,
    Points,
    Segments,
    SideName,
    SideNames,
)
from evisynth.figures.diagnostics.subject import diameters_of
from evisynth.wording import capitalised, counted, in_words, listed, plain_number, rounded_percent, time_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 280.0, 220.0
_MONTHS = 12.0


def pooled_curve(answer: Answer, *, title: str | None = None) -> Figure:
    """Draw the pooled survival curves of an answer.

    Parameters
    ----------
    answer
        To a question that names several times.
    title
        Instead of the question's own.

    Raises
    ------
    InvalidDataError
        The question names no several times, or none of its curves is pooled; the message says why.
    """
    from evisynth.figures.chart.draw import draw_chart

    return draw_chart(lay_out_pooled_curve(answer, title=title))


def lay_out_pooled_curve(answer: Answer, *, title: str | None = None) -> Chart:
    """Lay out pooled survival curves, a panel each; see `pooled_curve`."""
    if not answer.curves:
        raise InvalidDataError(
            f"{answer.question.id} asks for one time; name several, as in time: [1, 3, 5 years]"
        )
    drawn = [curve for curve in answer.curves if curve.result is not None]
    if not drawn:
        why = "; ".join(f"{curve.label}: {curve.refused}" for curve in answer.curves)
        raise InvalidDataError(f"{answer.question.id} has no pooled curve: {why}")
    end = max(float(curve.result.times[-1]) for curve in drawn if curve.result is not None) / _MONTHS
    outcome = capitalised(answer.question.outcome.replace("_", " "))
    time = plain_axis("Years", [end], start=0.0)
    percent = plain_axis(f"{outcome}, %", [], start=0.0, end=1.0, percent=True)
    panels = tuple(
        (Panel(time, percent, tuple(_marks(curve, answer)), title=curve.label, width=_WIDTH, height=_HEIGHT),)
        for curve in drawn
    )
    return Chart(
        title=title or answer.question.title,
        panels=panels,
        legend=_legend(drawn, answer.question.level),
        notes=tuple(_notes(answer, drawn)),
        description=" ".join(_spoken(curve, answer) for curve in drawn),
    )


def _marks(curve: PooledCurve, answer: Answer) -> list[Mark]:
    """Return the studies' rates, joined study by study, under the pooled curve with its band."""
    result, scale = curve.result, answer.scale
    assert result is not None  # curves that are not pooled are not drawn
    points = curve_points(curve, scale)
    years = [0.0, *(point["time_months"] / _MONTHS for point in points)]
    lower, upper = ([1.0, *(point[key] for point in points)] for key in ("ci_lower", "ci_upper"))
    marks: list[Mark] = [Area(years, lower, upper, tone="band")]
    sizes, names = [0.75 * size for size in diameters_of(1 / result.v)], []
    for one in range(result.curve_count):
        rows = [row for row in range(result.row_count) if result.curve[row] == one]
        rows.sort(key=lambda row: int(result.time[row]))
        at = [float(result.times[result.time[row]]) / _MONTHS for row in rows]
        rates = [to_natural_scale(float(result.y[row]), scale) for row in rows]
        marks.append(Line([0.0, *at], [1.0, *rates], tone="muted", width=0.7))
        names.append(SideName(rates[-1], _name(curve, rows[-1])))
        marks.append(Points(at, rates, [sizes[row] for row in rows], fill="deep band", edge="mark"))
    if predicts(result):
        for key in ("prediction_lower", "prediction_upper"):
            marks.append(Line(years, [1.0, *(point[key] for point in points)], tone="muted", style="dotted"))
    rates = [point["estimate"] for point in points]
    marks.append(Line(years, [1.0, *rates], width=2.0))
    marks.append(Segments(years[1:], lower[1:], years[1:], upper[1:], width=1.4))
    marks.append(Points(years[1:], rates, 6.5, shape="diamond", fill="ink", edge="ink"))
    names.append(SideName(rates[-1], "Pooled", shape="diamond", tone="ink"))
    return [*marks, SideNames(tuple(names))]


def _name(curve: PooledCurve, row: int) -> str:
    """Name a curve by its study, and by its group where the study has several."""
    own = curve.rows[row].comparison
    groups = {one.comparison.name for one in curve.rows if one.comparison.study == own.study}
    study = own.study_label or own.study
    return study if len(groups) == 1 else f"{study}, {own.index.label}"


def _legend(curves: Sequence[PooledCurve], level: float) -> tuple[LegendEntry, ...]:
    percent = plain_number(100 * level)
    entries = [
        LegendEntry("line", "Pooled survival"),
        LegendEntry("area", f"its {percent}% interval", tone="band"),
    ]
    if any(curve.result is not None and predicts(curve.result) for curve in curves):
        entries.append(LegendEntry("dotted", f"{percent}% prediction of a new study", tone="muted"))
    return tuple(entries)


def _notes(answer: Answer, drawn: Sequence[PooledCurve]) -> list[str]:
    names = names_of(answer)
    notes = [
        "Rates are known at the times marked; lines only join them. The area of a point shows its weight.",
        "Pooled at all times together, by random effects of log cumulative hazards (REML): the rates of one "
        "study are of the same patients, and so are correlated.",
    ]
    for curve in drawn:
        notes += [f"{curve.label}: {words}" if len(drawn) > 1 else words for words in curve.cautions[-1:]]
        if curve.left:
            notes.append(f"Not in it: {say_names('; '.join(curve.left), names)}.")
    for curve in answer.curves:
        if curve.refused is not None:
            notes.append(f"{curve.label}: not drawn, {say_names(in_words(curve.refused), names)}.")
    return notes


def _spoken(curve: PooledCurve, answer: Answer) -> str:
    """Say a curve for those who hear the plot."""
    told = [
        f"{rounded_percent(point['estimate'], 0)} at {time_words(point['time_months'])} "
        f"({rounded_percent(point['ci_lower'], 0)} to {rounded_percent(point['ci_upper'], 0)})"
        for point in curve_points(curve, answer.scale)
    ]
    assert curve.result is not None  # curves that are not pooled are not drawn
    return f"{curve.label}, {counted(curve.result.curve_count, 'curve')}: {listed(told, most=None)}."
