"""Drapery plot: the p-value functions of every row and of the pooled estimate, where no level is special.

P-values stand at their normal deviates, so that the functions are tents.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evisynth.arithmetic import from_natural_scale, normal_quantile
from evisynth.figures.chart.chart import Axis, Chart, LegendEntry, Line, Mark, Panel, TopNames
from evisynth.figures.chart.effect_axis import EffectAxis, effect_axis
from evisynth.figures.diagnostics.subject import (
    Diagnosed,
    Labels,
    Subject,
    beyond_note,
    model_note,
    read_subject,
    rows_text,
)
from evisynth.figures.ticks import Scale, Tick
from evisynth.figures.tones import Tone
from evisynth.synthesis import p_value_function, prediction_error
from evisynth.wording import p_value_text, percent_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: The p-values that are labelled, the least at the foot of the axis.
P_TICKS = (0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1.0)
#: Levels of intervals that are read off the plot, each at the p-value 1 - level.
LEVELS = (0.50, 0.80, 0.90, 0.95, 0.99, 0.999)


def deviate(p: float) -> float:
    """Return the size of the standard normal deviate of a two-sided p-value; infinite for 0."""
    if p <= 0:
        return math.inf
    return -normal_quantile(min(p, 1.0) / 2)


@dataclass(frozen=True, slots=True)
class PValueScale(Scale):
    """Two-sided p-values from ``lower`` (place 0) to 1, equally spaced in normal deviates."""

    def place(self, value: float) -> float:
        """Return where a p-value stands; below 0 when it is smaller than the axis shows."""
        return 1 - deviate(value) / deviate(self.lower)


def p_value_axis(title: str) -> Axis:
    """Return the axis of two-sided p-values."""
    scale = PValueScale(P_TICKS[0], 1.0, logarithmic=False)
    return Axis(title, scale, tuple(Tick(scale.place(p), f"{p:g}") for p in P_TICKS))


def level_axis(title: str) -> Axis:
    """Return the same axis read as levels of intervals: a p-value of 0.05 is the level 95%."""
    scale = PValueScale(P_TICKS[0], 1.0, logarithmic=False)
    ticks = tuple(Tick(scale.place(1 - level), percent_text(level)) for level in LEVELS)
    return Axis(title, scale, ticks)


_WIDTH, _HEIGHT = 370.0, 280.0
#: Width of an upright name over the field.
_NAME = 9.4
_CURVE_PLACES = 161
_MOST_DARK = 30  # rows; more of them would cover the estimate
#: How many standard errors around the estimate are drawn finely.
_NEAR = 5.0


def drapery(result: Diagnosed, *, labels: Labels = None, title: str | None = None) -> Figure:
    """Draw the p-value functions of a pooled result.

    For every value that the effect might have, a curve shows the two-sided p-value with which the row, or all
    rows together, contradict it; cut at 0.05 it is the 95% interval, cut at 0.5 the 50% interval.

    Parameters
    ----------
    result
        What ``pool`` hands back, or an answer with an estimate. Of a Bayesian result the curves of the
        estimate are twice the smaller posterior probability.
    labels
        One name for each row; True or False to write those of the result, or none. They stand over the tops
        of the curves.
    title
        Instead of the title made from the result.

    References
    ----------
    Rücker & Schwarzer 2021, Research Synthesis Methods 12:4-19.
    """
    from evisynth.figures.chart.draw import draw_chart

    return draw_chart(lay_out_drapery(result, labels=labels, title=title))


def lay_out_drapery(result: Diagnosed, *, labels: Labels = None, title: str | None = None) -> Chart:
    """Lay out a drapery plot; see :func:`drapery`."""
    subject = read_subject(result, "a drapery plot", labels)
    x = _axis(subject)
    predicted = _prediction_error(subject) is not None
    marks: list[Mark] = [*_levels(x), *_row_curves(subject, x)]
    if subject.display.null is not None:
        marks.append(Line([subject.display.null] * 2, [P_TICKS[0], 1.0], width=0.8))
    if predicted:
        marks.append(_curve(subject, x, prediction=True))
    marks.append(_curve(subject, x, prediction=False))
    legend = [
        LegendEntry("line", "Row", tone=_row_tone(subject)),
        LegendEntry("line", "Pooled estimate", tone="mark"),
    ]
    if predicted:
        legend.append(LegendEntry("dashed", "Effect in a new study", tone="accent"))
    names = subject.point_labels()
    if any(names):
        marks.append(TopNames(x.naturals(subject.result.y.tolist()), names))
    panel = Panel(
        x.axis,
        p_value_axis("Two-sided p-value (spaced by its deviate)"),
        tuple(marks),
        width=max(_WIDTH, _NAME * len(names)),
        height=_HEIGHT,
        right_axis=level_axis("Interval"),
    )
    return Chart(
        subject.title("Drapery plot") if title is None else title,
        ((panel,),),
        legend=tuple(legend),
        notes=(
            model_note(subject),
            "Each curve tells how strongly a row contradicts an effect; at the height of a level it is as "
            "wide as the interval of that level.",
            *filter(None, [beyond_note(subject.result.y.tolist(), x)]),
        ),
        subtitle=subject.subtitle,
        description=_describe(subject),
    )


def _axis(subject: Subject) -> EffectAxis:
    result = subject.result
    centre = [*result.y.tolist(), result.estimate, result.ci_lower, result.ci_upper]
    wide = normal_quantile(0.995) * subject.standard_errors
    outer = [*(result.y - wide).tolist(), *(result.y + wide).tolist()]
    limits = (result.prediction_lower, result.prediction_upper)
    outer += [limit for limit in limits if limit is not None]
    return effect_axis(subject.display, centre, outer)


def _levels(x: EffectAxis) -> list[Mark]:
    """Return the lines of interval levels; that of 95% stands out."""
    ends = sorted(x.naturals([x.lower, x.upper]))
    return [
        Line(ends, [1 - level] * 2, width=0.8, style="dashed")
        if level == 0.95
        else Line(ends, [1 - level] * 2, tone="pale", width=0.6)
        for level in LEVELS
    ]


def _row_curves(subject: Subject, x: EffectAxis) -> list[Mark]:
    """Return each row's curve: a tent that is straight on this axis, its top at the estimate."""
    foot = deviate(P_TICKS[0])
    width = 0.8 if subject.row_count <= 60 else 0.4
    marks: list[Mark] = []
    for estimate, error in zip(subject.result.y.tolist(), subject.standard_errors.tolist(), strict=True):
        effects = [estimate - foot * error, estimate, estimate + foot * error]
        marks.append(
            Line(x.naturals(effects), [P_TICKS[0], 1.0, P_TICKS[0]], tone=_row_tone(subject), width=width)
        )
    return marks


def _row_tone(subject: Subject) -> Tone:
    """Return a tone that still lets the estimate be seen among many rows."""
    return "rule" if subject.row_count <= _MOST_DARK else "pale"


def _curve(subject: Subject, x: EffectAxis, *, prediction: bool) -> Line:
    """Return the curve of the pooled estimate, or that of the effect in a new study."""
    centre = subject.result.estimate
    error = _prediction_error(subject) if prediction else subject.result.standard_error
    # Evenly over the axis, and as finely over a curve that is much narrower than it.
    near = centre + np.linspace(-_NEAR, _NEAR, _CURVE_PLACES) * (error if error and error < np.inf else 0.0)
    effects = np.unique(np.concatenate((np.linspace(x.lower, x.upper, _CURVE_PLACES), near)))
    effects = effects[(effects >= x.lower) & (effects <= x.upper)]
    p_values = p_value_function(subject.result, effects, prediction=prediction)
    kept = p_values >= P_TICKS[0] / 10
    line = x.naturals(effects[kept].tolist()), p_values[kept].tolist()
    if prediction:
        return Line(*line, tone="accent", width=1.6, style="dashed")
    return Line(*line, tone="mark", width=2.2)


def _prediction_error(subject: Subject) -> float | None:
    """Return the standard error of a new study's effect; None where the result has none."""
    return None if subject.result.prediction_lower is None else prediction_error(subject.result)


def _describe(subject: Subject) -> str:
    name = subject.display.words
    said = f"P-value functions of {rows_text(subject.row_count)}; pooled {name} {subject.pooled_words}."
    null = subject.display.null
    if null is None:
        return said
    at_null = p_value_function(subject.result, np.array([from_natural_scale(null, subject.display.scale)]))
    return f"{said} Against no effect {p_value_text(float(at_null[0]))}."
