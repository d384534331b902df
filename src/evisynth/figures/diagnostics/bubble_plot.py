"""Bubble plot of a meta-regression: effects against a moderator, with the fitted line and its bands.

The words of a bubble plot: what is fitted, how it was tested, and what it is drawn for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from evisynth.answers import ModeratorFit, fit_along
from evisynth.arithmetic import exponential
from evisynth.errors import InvalidDataError
from evisynth.figures.chart.axes import name_axis, plain_axis
from evisynth.figures.chart.chart import Area, Axis, Chart, LegendEntry, Line, Mark, Panel, Points, Segments
from evisynth.figures.chart.effect_axis import EffectAxis, effect_axis, scale_words
from evisynth.figures.diagnostics.subject import (
    MOST_LABELS,
    Array,
    Labels,
    beyond_note,
    diameters_of,
    row_names,
    rows_text,
)
from evisynth.figures.measures import measure_display
from evisynth.measures import EffectMeasure
from evisynth.synthesis import Coding, RegressionPrediction, RegressionResult
from evisynth.wording import capitalised, fixed, p_value_text, plain_number, type_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FEWEST_PER_MODERATOR = 10


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The fitted effects along the axis of the moderator, and where the rows stand on it."""

    axis: Axis
    rows: Array
    places: Array
    along: ModeratorFit

    @property
    def fit(self) -> RegressionPrediction:
        """The fitted effects at the places."""
        return self.along.fit

    @property
    def levels(self) -> tuple[str, ...] | None:
        """The levels of the moderator; None when it is a number."""
        return self.along.coding.levels


def bubble_legend(fitted: Fitted, result: RegressionResult, y: EffectAxis) -> tuple[LegendEntry, ...]:
    """Say what the line, the band and the dotted lines are, as far as they are seen."""
    level = plain_number(100 * result.level)
    if fitted.levels is None:
        entries = [
            LegendEntry("line", "Fitted mean effect"),
            LegendEntry("area", f"its {level}% interval", tone="band"),
        ]
    else:
        entries = [LegendEntry("diamond", f"Fitted mean effect with its {level}% interval")]
    if _prediction_is_seen(fitted, y):
        entries.append(LegendEntry("dotted", f"{level}% prediction of a new study", tone="muted"))
    return tuple(entries)


def _prediction_is_seen(fitted: Fitted, y: EffectAxis) -> bool:
    """Whether any of the lines of the prediction lies on the axis."""
    lower, upper = fitted.fit.prediction_lower, fitted.fit.prediction_upper
    if lower is None or upper is None:
        return False
    # Bars of levels run through the axis even when both of their ends lie beyond it.
    inside = bool(
        ((lower >= y.lower) & (lower <= y.upper)).any() | ((upper >= y.lower) & (upper <= y.upper)).any()
    )
    return inside or fitted.levels is not None


def _test_words(result: RegressionResult, along: ModeratorFit, scale: str) -> str:
    coding = along.coding
    if coding.levels is not None:
        return f"Differences between levels of {coding.name}: {p_value_text(along.p_value)}."
    at = result.names.index(coding.name)
    numbers = [float(x[at]) for x in (result.estimate, result.ci_lower, result.ci_upper)]
    if scale == "log":
        slope, lower, upper = (plain_number(exponential(x)) for x in numbers)
        change = f"For one unit of {coding.name} the fitted effect is multiplied by"
    else:
        slope, lower, upper = (plain_number(x) for x in numbers)
        where = "" if scale == "identity" else f" (on the {scale_words(scale)})"
        change = f"For one unit of {coding.name} the fitted effect{where} changes by"
    return f"{change} {slope} ({lower} to {upper}), {p_value_text(along.p_value)}."


def bubble_notes(result: RegressionResult, coding: Coding, fitted: Fitted, y: EffectAxis) -> tuple[str, ...]:
    """Tell the test of the moderator, the model, what the others are held at, and when rows are few."""
    explained = "" if result.r_squared is None else f", R² = {fixed(100 * result.r_squared, 0)}%"
    model = "common-effect" if result.method == "common" else f"mixed-effects, {result.method}"
    notes = [
        f"{_test_words(result, fitted.along, y.scale)} Meta-regression ({model}{explained}).",
        "The area of a point shows its weight.",
    ]
    if fitted.fit.prediction_lower is not None and not _prediction_is_seen(fitted, y):
        notes.append("The prediction of a new study is wider than the axis.")
    others = [other for other in result.codings if other.name != coding.name]
    if others:
        held = (f"{o.name} at {'its mean' if o.levels is None else o.levels[0]}" for o in others)
        notes.append(f"Drawn for {', '.join(held)}.")
    if result.row_count < _FEWEST_PER_MODERATOR * len(result.codings):
        notes.append(
            f"Fewer than {_FEWEST_PER_MODERATOR} rows for each moderator: what looks like a trend may be "
            "chance."
        )
    return tuple(filter(None, [*notes, beyond_note(result.y.tolist(), y)]))


def describe_bubble(result: RegressionResult, coding: Coding, fitted: Fitted, y: EffectAxis) -> str:
    """Say the fitted effects and the test, for those who hear the plot."""
    fit = y.naturals(fitted.fit.estimate)
    if fitted.levels is None:
        ends = (float(fitted.places[0]), float(fitted.places[-1]))
        said = (
            f"The fitted effect goes from {plain_number(fit[0])} at {coding.name} {plain_number(ends[0], 4)} "
            f"to {plain_number(fit[-1])} at {plain_number(ends[1], 4)}."
        )
    else:
        pairs = zip(fitted.levels, fit, strict=True)
        said = "Fitted effects: " + ", ".join(f"{level} {plain_number(x)}" for level, x in pairs) + "."
    rows, test = rows_text(result.row_count), _test_words(result, fitted.along, y.scale)
    return f"Bubble plot of {rows} against {coding.name}. {said} {test}"


_PAD = 0.05
#: Where the fitted mean of a level stands and where its rows begin and end, from the middle of the level.
_MEAN, _ROWS = -0.36, (-0.22, 0.38)


def bubble(
    result: RegressionResult,
    moderator: str | None = None,
    *,
    effect_measure: str | None = None,
    labels: Labels = None,
    title: str | None = None,
    notes: Sequence[str] = (),
) -> Figure:
    """Draw the effects of a meta-regression against one of its moderators.

    Parameters
    ----------
    result
        What ``regress`` hands back.
    moderator
        Which of its moderators; need not be named when there is one. Of numbers, the fitted line is drawn; of
        categories, the fitted mean of each.
    effect_measure
        What the effects are, so that they are shown on their natural scale.
    labels
        One name for each row; True or False to write those of the result, or none.
    title
        Instead of the title made from the result.
    notes
        What else to say below the plot.

    Raises
    ------
    UnknownNameError
        The model has no such moderator.
    InvalidDataError
        The model has several moderators and none is named, or has none.
    """
    from evisynth.figures.chart.draw import draw_chart

    if not isinstance(result, RegressionResult):
        raise InvalidDataError(
            f"a bubble plot shows a RegressionResult, not {type_words(result)}; fit one with regress"
        )
    display = measure_display(effect_measure)
    chart = lay_out_bubble(result, moderator, display=display, labels=labels, title=title)
    return draw_chart(replace(chart, notes=(*chart.notes, *notes)))


def lay_out_bubble(
    result: RegressionResult,
    moderator: str | None = None,
    *,
    display: EffectMeasure,
    labels: Labels = None,
    title: str | None = None,
) -> Chart:
    """Lay out a bubble plot; see :func:`bubble`."""
    fitted = _placed(fit_along(result, moderator))
    coding = fitted.along.coding
    y = _effect_axis(result, fitted, display)
    marks = _bands(fitted, y) if fitted.levels is None else _means(fitted, y)
    if display.null is not None:
        ends = [fitted.axis.scale.lower, fitted.axis.scale.upper]
        # Over the band, which would hide it.
        marks.insert(len(marks) - 1, Line(ends, [display.null] * 2, tone="rule", width=0.8))
    marks.insert(len(marks) - 1, _bubbles(result, fitted, y, labels))
    panel = Panel(fitted.axis, y.axis, tuple(marks), width=350.0, height=250.0)
    heading = f"{display.words} by {coding.name}, {rows_text(result.row_count)}"
    return Chart(
        f"Bubble plot: {heading}" if title is None else title,
        ((panel,),),
        legend=bubble_legend(fitted, result, y),
        notes=bubble_notes(result, coding, fitted, y),
        description=describe_bubble(result, coding, fitted, y),
    )


def _placed(along: ModeratorFit) -> Fitted:
    """Find the axis of a moderator, and the places of rows and fitted effects on it."""
    coding = along.coding
    title = capitalised(coding.name)
    if coding.levels is None:
        lower, upper = _padded(along.rows)
        return Fitted(plain_axis(title, [], start=lower, end=upper), along.rows, along.places, along)
    return Fitted(name_axis(title, coding.levels), _spread(along.rows), along.places + _MEAN, along)


def _padded(values: Array) -> tuple[float, float]:
    """Return the ends of an axis of numbers, with a little room beyond the rows."""
    lower, upper = float(values.min()), float(values.max())
    pad = _PAD * (upper - lower) or _PAD * max(abs(upper), 1.0)
    return lower - pad, upper + pad


def _spread(of_row: Array) -> Array:
    """Put the rows of each level side by side, in their order."""
    places = of_row.copy()
    for level in np.unique(of_row):
        members = np.flatnonzero(of_row == level)
        if len(members) > 1:
            places[members] += np.linspace(*_ROWS, len(members))
    return places


def _effect_axis(result: RegressionResult, fitted: Fitted, display: EffectMeasure) -> EffectAxis:
    fit = fitted.fit
    seen = [*result.y.tolist(), *fit.estimate.tolist()]
    outer = [*fit.ci_lower.tolist(), *fit.ci_upper.tolist()]
    if fit.prediction_lower is not None and fit.prediction_upper is not None:
        outer += [*fit.prediction_lower.tolist(), *fit.prediction_upper.tolist()]
    return effect_axis(display, seen, outer)


def _bands(fitted: Fitted, y: EffectAxis) -> list[Mark]:
    """Return the prediction band, the band of the mean, and the fitted line."""
    xs, fit = fitted.places.tolist(), fitted.fit
    marks: list[Mark] = []
    if fit.prediction_lower is not None and fit.prediction_upper is not None:
        marks += [
            Line(xs, y.naturals(limits), tone="muted", width=0.9, style="dotted")
            for limits in (fit.prediction_lower.tolist(), fit.prediction_upper.tolist())
        ]
    marks.append(Area(xs, y.naturals(fit.ci_lower), y.naturals(fit.ci_upper), tone="band"))
    marks.append(Line(xs, y.naturals(fit.estimate), width=1.6))
    return marks


def _means(fitted: Fitted, y: EffectAxis) -> list[Mark]:
    """Return the fitted mean of each level, with its interval and where a new study's effect would lie."""
    xs, fit = fitted.places.tolist(), fitted.fit
    marks: list[Mark] = []
    if fit.prediction_lower is not None and fit.prediction_upper is not None:
        lower, upper = y.naturals(fit.prediction_lower), y.naturals(fit.prediction_upper)
        marks.append(Segments(xs, lower, xs, upper, tone="muted", width=0.9, style="dotted"))
    marks.append(Segments(xs, y.naturals(fit.ci_lower), xs, y.naturals(fit.ci_upper), width=2.2))
    marks.append(Points(xs, y.naturals(fit.estimate), 9.0, shape="diamond", fill="ink", edge="ink"))
    return marks


def _bubbles(result: RegressionResult, fitted: Fitted, y: EffectAxis, labels: Labels) -> Points:
    names = row_names(labels, result.labels, result.row_count)
    known = (
        result.labels is not None if labels is None else bool(labels) if isinstance(labels, bool) else True
    )
    few = result.row_count <= MOST_LABELS or (labels is not None and not isinstance(labels, bool))
    return Points(
        fitted.rows.tolist(),
        y.naturals(result.y),
        diameters_of(1 / (result.v + result.tau_squared)),
        fill="deep band",
        edge="mark",
        labels=names if known and (few or labels is True) else (),
    )
