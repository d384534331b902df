"""Galbraith's radial plot: standardised effects against precision, effects read off a scale at the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evisynth.arithmetic import from_natural_scale, normal_quantile
from evisynth.figures.chart.axes import plain_axis
from evisynth.figures.chart.chart import Area, Axis, Chart, LegendEntry, Line, Mark, Panel, Points
from evisynth.figures.chart.effect_axis import effect_ticks
from evisynth.figures.diagnostics.subject import (
    MOST_LABELS,
    Array,
    Diagnosed,
    Labels,
    Subject,
    model_note,
    read_subject,
    rows_text,
)
from evisynth.figures.ticks import Tick
from evisynth.synthesis import FEWEST_ROWS
from evisynth.wording import fixed, listed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Where the axis of effects stands, in units of the greatest precision.
_SCALE_AT = 1.05


def galbraith(result: Diagnosed, *, labels: Labels = None, title: str | None = None) -> Figure:
    """Draw Galbraith's radial plot of a pooled result.

    A row stands at (1 / s, (y - c) / s), s being the root of its sampling variance plus tau squared; the
    slope of the line from the origin to a row is its effect. c is no effect or, for a measure that has no
    such value, the pooled estimate.

    Parameters
    ----------
    result
        What ``pool`` hands back, or an answer with an estimate.
    labels
        One name for each row; True or False to write those of the result, or none.
    title
        Instead of the title made from the result.

    References
    ----------
    Galbraith 1988, Statistics in Medicine 7:889-894.
    """
    from evisynth.figures.chart.draw import draw_chart

    return draw_chart(lay_out_galbraith(result, labels=labels, title=title))


@dataclass(frozen=True, slots=True, eq=False)
class _Radial:
    """The rows in the plane of the plot; ``centre`` is the effect of a level line."""

    precision: Array
    z: Array
    centre: float
    slope: float
    reach: float

    @property
    def scale_at(self) -> float:
        """Where the axis of effects stands."""
        return _SCALE_AT * float(self.precision.max())


def lay_out_galbraith(result: Diagnosed, *, labels: Labels = None, title: str | None = None) -> Chart:
    """Lay out Galbraith's plot; see :func:`galbraith`."""
    subject = read_subject(result, "Galbraith's plot", labels)
    radial = _radial(subject)
    at, ends = radial.scale_at, [0.0, radial.scale_at]
    middle = [0.0, radial.slope * at]
    y = plain_axis(_upright_title(subject), [
        *radial.z.tolist(), 0.0, -1.2 * radial.reach, 1.2 * radial.reach,
        middle[1] - radial.reach, middle[1] + radial.reach,
    ])  # fmt: skip
    band = Area(ends, [m - radial.reach for m in middle], [m + radial.reach for m in middle], tone="band")
    marks: list[Mark] = [
        band,
        Line(ends, [0.0, 0.0], tone="rule", width=0.8),
        Line(ends, middle),
        _interval_mark(subject, radial),
        Points(
            radial.precision.tolist(),
            radial.z.tolist(),
            6.0 if subject.row_count <= 100 else 4.0,
            edge="white",
            labels=_labels(subject, radial),
        ),
    ]
    x = _precision_axis(subject, radial)
    right = _effect_scale(subject, radial, y)
    panel = Panel(x, y, tuple(marks), width=360.0, height=260.0, right_axis=right)
    return Chart(
        subject.title("Galbraith plot") if title is None else title,
        ((panel,),),
        legend=(LegendEntry("line", "Pooled estimate"), LegendEntry("area", "± 1.96 around it", tone="band")),
        notes=(model_note(subject), _outside_note(subject, radial, y)),
        subtitle=subject.subtitle,
        description=_describe(subject, radial),
    )


def _radial(subject: Subject) -> _Radial:
    result, null = subject.result, subject.display.null
    centre = result.estimate if null is None else from_natural_scale(null, subject.display.scale)
    precision = 1 / np.sqrt(result.v + result.tau_squared)
    return _Radial(
        precision, (result.y - centre) * precision, centre, result.estimate - centre, normal_quantile(0.975)
    )


def _precision_axis(subject: Subject, radial: _Radial) -> Axis:
    words = "1 / √(SE² + τ²)" if subject.result.tau_squared > 0 else "1 / SE"
    return plain_axis(f"Precision, {words}", [], start=0.0, end=radial.scale_at)


def _upright_title(subject: Subject) -> str:
    from_what = "no effect" if subject.display.null is not None else "the pooled estimate"
    return f"Distance from {from_what}, in standard errors"


def _effect_scale(subject: Subject, radial: _Radial, y: Axis) -> Axis:
    """Return the axis at the right, on which the line from the origin through a row shows its effect."""
    at = radial.scale_at
    lowest, highest = (radial.centre + end / at for end in (y.scale.lower, y.scale.upper))
    ticks = tuple(
        Tick(y.scale.place((effect - radial.centre) * at), label)
        for effect, label in effect_ticks(subject.display, lowest, highest)
    )
    return Axis(f"{subject.display.heading}", y.scale, ticks)


def _interval_mark(subject: Subject, radial: _Radial) -> Line:
    """Return the interval of the pooled estimate, as a thick piece of the axis at the right."""
    return Line([radial.scale_at] * 2, _limits_at_the_right(subject, radial), width=4.0)


def _limits_at_the_right(subject: Subject, radial: _Radial) -> list[float]:
    limits = (subject.result.ci_lower, subject.result.ci_upper)
    return [(limit - radial.centre) * radial.scale_at for limit in limits]


def _labels(subject: Subject, radial: _Radial) -> tuple[str, ...]:
    """Name all rows while they are few, then those furthest from the line."""
    if subject.row_count <= MOST_LABELS:
        return subject.point_labels()
    return subject.point_labels(np.abs(radial.z - radial.slope * radial.precision))


def _outside(subject: Subject, radial: _Radial) -> list[str]:
    distance = np.abs(radial.z - radial.slope * radial.precision)
    return [subject.names[int(i)] for i in np.flatnonzero(distance > radial.reach)]


def _outside_note(subject: Subject, radial: _Radial, y: Axis) -> str:
    outside = _outside(subject, radial)
    few = subject.row_count < FEWEST_ROWS
    expected = "" if few else f", about {fixed(0.05 * subject.row_count, 0)} expected by chance"
    said = f"Outside the band: {listed(outside, most=5)}" if outside else "No row lies outside the band"
    places = [y.scale.place(limit) for limit in _limits_at_the_right(subject, radial)]
    beyond = ", which goes on beyond it" if min(places) < 0 or max(places) > 1 else ""
    return (
        f"{said} ({len(outside)} of {subject.row_count}{expected}). A line from the origin through a "
        "row meets its effect on the axis at the right; the thick piece there is the interval of the pooled "
        f"estimate{beyond}."
    )


def _describe(subject: Subject, radial: _Radial) -> str:
    return (
        f"Galbraith plot of {rows_text(subject.row_count)}. Pooled {subject.display.words} "
        f"{subject.pooled_words}. Further than 1.96 standard errors from it: "
        f"{listed(_outside(subject, radial), most=5) or 'none'}."
    )
