"""The words of a bubble plot: what is fitted, how it was tested, and what it is drawn for."""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.figures.chart.chart import Axis, LegendEntry
from evisynth.figures.chart.effect_axis import EffectAxis, scale_words
from evisynth.figures.diagnostics.model_words import beyond_note
from evisynth.figures.diagnostics.subject import Array, plain_number, rows_text
from evisynth.figures.number_text import fixed, p_value_text
from evisynth.synthesis.design import Coding
from evisynth.synthesis.natural_scale import ratio_from_log
from evisynth.synthesis.regression import RegressionResult, assess_moderators
from evisynth.synthesis.regression_prediction import RegressionPrediction

_FEWEST_PER_MODERATOR = 10


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The fitted effects along the axis of the moderator, and where the rows stand on it."""

    axis: Axis
    rows: Array
    places: Array
    fit: RegressionPrediction
    levels: tuple[str, ...] | None


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


def _test_words(result: RegressionResult, coding: Coding, scale: str) -> str:
    test = assess_moderators(result, [coding.name])
    if coding.levels is not None:
        return f"Differences between levels of {coding.name}: {p_value_text(test.p_value)}."
    at = result.names.index(coding.name)
    numbers = [float(x[at]) for x in (result.estimate, result.ci_lower, result.ci_upper)]
    if scale == "log":
        slope, lower, upper = (plain_number(ratio_from_log(x)) for x in numbers)
        change = f"For one unit of {coding.name} the fitted effect is multiplied by"
    else:
        slope, lower, upper = (plain_number(x) for x in numbers)
        where = "" if scale == "identity" else f" (on the {scale_words(scale)})"
        change = f"For one unit of {coding.name} the fitted effect{where} changes by"
    return f"{change} {slope} ({lower} to {upper}), {p_value_text(test.p_value)}."


def bubble_notes(result: RegressionResult, coding: Coding, fitted: Fitted, y: EffectAxis) -> tuple[str, ...]:
    """Tell the test of the moderator, the model, what the others are held at, and when rows are few."""
    explained = "" if result.r_squared is None else f", R² = {fixed(100 * result.r_squared, 0)}%"
    model = "common-effect" if result.method == "common" else f"mixed-effects, {result.method}"
    notes = [
        f"{_test_words(result, coding, y.scale)} Meta-regression ({model}{explained}).",
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
    rows, test = rows_text(result.row_count), _test_words(result, coding, y.scale)
    return f"Bubble plot of {rows} against {coding.name}. {said} {test}"
