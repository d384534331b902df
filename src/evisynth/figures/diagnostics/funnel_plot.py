"""Funnel plots: effects against their standard errors, with contours of significance or a funnel.

Beside the rows stand Egger's line and the rows that trim and fill imputes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evisynth.answers import egger_of, filled
from evisynth.arithmetic import from_natural_scale, normal_quantile
from evisynth.figures.chart.axes import plain_axis
from evisynth.figures.chart.chart import Axis, Chart, LegendEntry, Line, Mark, Panel, Points, Shape
from evisynth.figures.chart.effect_axis import EffectAxis, analysed_words, effect_axis
from evisynth.figures.diagnostics.subject import (
    Diagnosed,
    Labels,
    Subject,
    asymmetry_note,
    beyond_note,
    model_note,
    read_subject,
)
from evisynth.figures.tones import Tone
from evisynth.synthesis import FEWEST_ROWS, EggerResult, TrimAndFillResult
from evisynth.wording import counted, fixed, p_value_text, plain_number, plural

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CONTOUR_WORDS: tuple[tuple[Tone, str], ...] = (
    ("white", "p > 0.10"),
    ("deep band", "p 0.05 to 0.10"),
    ("band", "p 0.01 to 0.05"),
    ("mist", "p < 0.01"),
)


def egger_note(test: EggerResult | str | None) -> str:
    """Tell the test of Egger's line, or why there is none."""
    if not isinstance(test, EggerResult):
        return "" if test is None else f"No Egger's line: {test}."
    letter = "z" if test.df is None else "t"
    return (
        f"Egger's regression on the standard error: {letter} = {fixed(test.statistic, 2)}, "
        f"{p_value_text(test.p_value)}."
    )


def fill_note(made: TrimAndFillResult | str | None, subject: Subject) -> str:
    """Say what the imputed rows do to the estimate, or why there are none."""
    if made is None:
        return (
            f"Trim and fill is not shown: it needs at least {FEWEST_ROWS} rows, and there are "
            f"{subject.row_count}."
        )
    if isinstance(made, str):
        return f"Trim and fill is not shown: {made}."
    if not made.filled_count:
        return f"Trim and fill adds no rows (looked for on the {_shown_side(made.side, subject)})."
    words = subject.interval_words(made.result.estimate, made.result.ci_lower, made.result.ci_upper)
    rows, them = counted(made.filled_count, "row"), plural("it", made.filled_count)
    return (
        f"Trim and fill adds {rows} on the {_shown_side(made.side, subject)}; with {them} the "
        f"estimate is {words}. "
        "This asks how far the estimate would move, and does not correct it."
    )


def _shown_side(side: str, subject: Subject) -> str:
    """Name the side as it is seen: the log(-log) scale runs against survival."""
    if subject.display.scale != "log(-log)":
        return side
    return "left" if side == "right" else "right"


def region_note(around_null: bool, wanted: bool, subject: Subject) -> str:
    """Say what the shades mean, and why they are not what was asked for."""
    if around_null:
        return (
            "Shades: two-sided p-value of an effect there, against no effect; above 0.10 in the middle, "
            "below 0.01 outside."
        )
    lacking = f"{subject.display.name} has no value of no effect to draw contours around. " if wanted else ""
    share = plain_number(100 * subject.result.level)
    return (
        f"{lacking}Shaded: where {share}% of rows would lie if they differed by chance alone and the pooled "
        "estimate were right."
    )


def funnel_legend(
    around_null: bool, line: EggerResult | None, filled: TrimAndFillResult | None
) -> tuple[LegendEntry, ...]:
    """Name the lines, the imputed rows and the shades."""
    entries = [LegendEntry("line", "Pooled estimate")]
    if line is not None:
        entries.append(LegendEntry("dashed", "Egger's line", tone="accent"))
    if filled is not None and filled.filled_count:
        entries.append(LegendEntry("circle", "Imputed row", filled=False))
        entries.append(LegendEntry("dotted", "Estimate with imputed rows"))
    if around_null:
        entries += [LegendEntry("area", words, tone=tone) for tone, words in _CONTOUR_WORDS]
    return tuple(entries)


def describe_funnel(subject: Subject, *more: str) -> str:
    """Say the plot in words, for those who hear it."""
    errors = subject.standard_errors
    said = (
        f"Funnel plot of {subject.row_count} effects against their standard errors, which run from "
        f"{plain_number(float(errors.min()))} to {plain_number(float(errors.max()))}. Pooled "
        f"{subject.display.words} {subject.pooled_words}."
    )
    return " ".join(part for part in (said, *more) if part)


#: The regions of a contour-enhanced funnel from the outside in: level, tone, p-values beyond its border.
_CONTOURS: tuple[tuple[float, Tone], ...] = ((0.99, "band"), (0.95, "deep band"), (0.90, "white"))

#: The foot of the funnel, as a multiple of the largest standard error.
_BELOW = 1.06


def funnel(
    result: Diagnosed,
    *,
    contours: bool = True,
    egger: bool = True,
    trim_and_fill: bool = False,
    labels: Labels = None,
    title: str | None = None,
) -> Figure:
    """Draw the funnel plot of a pooled result: each row's effect against its standard error.

    Parameters
    ----------
    result
        What ``pool`` hands back, or an answer with an estimate.
    contours
        Shade where an effect would be significant, around no effect (contour-enhanced funnel). Without, or
        for a measure that has no value of no effect, the region around the pooled estimate in which rows
        would lie if chance alone made them differ.
    egger
        Draw Egger's regression line and tell its test, from ten rows on: with fewer, a line would show a
        trend where none can be told from chance.
    trim_and_fill
        Add the rows that trim and fill imputes, hollow, and the estimate with them; from ten rows on.
    labels
        One name for each row; True or False to write those of the result, or none.
    title
        Instead of the title made from the result.

    Returns
    -------
    matplotlib.figure.Figure

    References
    ----------
    Peters, Sutton, Jones, Abrams & Rushton 2008, Journal of Clinical Epidemiology 61:991-996 (contours);
    Sterne et al 2011, BMJ 343:d4002 (what asymmetry may mean).
    """
    from evisynth.figures.chart.draw import draw_chart

    settings = FunnelSettings(contours, egger, trim_and_fill)
    return draw_chart(lay_out_funnel(result, settings, labels=labels, title=title))


@dataclass(frozen=True, slots=True)
class FunnelSettings:
    """What a funnel plot shows beside the rows and the pooled estimate."""

    contours: bool = True
    egger: bool = True
    trim_and_fill: bool = False


def lay_out_funnel(
    result: Diagnosed,
    settings: FunnelSettings | None = None,
    *,
    labels: Labels = None,
    title: str | None = None,
) -> Chart:
    """Lay out a funnel plot; see :func:`funnel`."""
    settings = settings or FunnelSettings()
    subject = read_subject(result, "a funnel plot", labels)
    test = egger_of(subject.result) if settings.egger else None
    made = filled(subject.result) if settings.trim_and_fill else None
    line = test if isinstance(test, EggerResult) else None
    made_up = made if isinstance(made, TrimAndFillResult) else None
    line_note = egger_note(test)
    filled_note = fill_note(made, subject) if settings.trim_and_fill else ""
    null = subject.display.null
    around_null = settings.contours and null is not None
    centre = subject.result.estimate
    if around_null and null is not None:
        centre = from_natural_scale(null, subject.display.scale)
    frame = _frame(subject, centre, made_up)
    marks = _regions(frame, around_null, subject.result.level)
    marks += _lines(subject, frame, line, made_up)
    marks += _points(subject, frame, made_up)
    said = region_note(around_null, settings.contours, subject)
    beyond = beyond_note(subject.result.y.tolist(), frame.x)
    notes = (model_note(subject), said, line_note, filled_note, asymmetry_note(subject.row_count), beyond)
    return Chart(
        subject.title("Funnel plot") if title is None else title,
        ((Panel(frame.x.axis, frame.y, tuple(marks), width=360.0, height=260.0),),),
        legend=funnel_legend(around_null, line, made_up),
        notes=tuple(note for note in notes if note),
        subtitle=subject.subtitle,
        description=describe_funnel(subject, line_note, filled_note),
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """The axes of a funnel, where its regions meet, and the standard error at its foot."""

    x: EffectAxis
    y: Axis
    centre: float
    deepest: float


def _frame(subject: Subject, centre: float, filled: TrimAndFillResult | None) -> _Frame:
    errors = subject.standard_errors
    # A round end could leave a fifth of the funnel empty.
    deepest = _BELOW * float(errors.max())
    upright = plain_axis(f"Standard error{analysed_words(subject.display)}", [], start=0.0, end=deepest)
    seen = [*subject.result.y.tolist(), subject.result.estimate, centre]
    if filled is not None:
        seen += [*filled.filled_y.tolist(), filled.result.estimate]
    reach = normal_quantile(0.975) * deepest
    x = effect_axis(subject.display, seen, [centre - reach, centre + reach])
    return _Frame(x, Axis(upright.title, upright.scale, upright.ticks, reversed=True), centre, deepest)


def _regions(frame: _Frame, around_null: bool, level: float) -> list[Mark]:
    if not around_null:
        return [_triangle(frame, normal_quantile(0.5 + level / 2), "band")]
    ends = frame.x.naturals([frame.x.lower, frame.x.upper])
    whole = Shape([*ends, *ends[::-1]], [0.0, 0.0, frame.deepest, frame.deepest], fill="mist")
    triangles = [_triangle(frame, normal_quantile(0.5 + p / 2), tone) for p, tone in _CONTOURS]
    return [whole, *triangles]


def _triangle(frame: _Frame, z: float, fill: Tone) -> Shape:
    """Outline the effects within ``z`` standard errors of the centre, cut at the ends of the axis."""
    places: list[tuple[float, float]] = []
    for end, sign in ((frame.x.lower, -1), (frame.x.upper, 1)):
        foot = frame.centre + sign * z * frame.deepest
        cut = abs(end - frame.centre) / z
        side = [(foot, frame.deepest)] if cut >= frame.deepest else [(end, frame.deepest), (end, cut)]
        places += side if sign < 0 else side[::-1]
        if sign < 0:
            places.append((frame.centre, 0.0))
    return Shape(frame.x.naturals(x for x, _ in places), [error for _, error in places], fill=fill)


def _lines(
    subject: Subject, frame: _Frame, line: EggerResult | None, filled: TrimAndFillResult | None
) -> list[Mark]:
    def upright(effect: float) -> list[float]:
        return frame.x.naturals([effect, effect])

    marks: list[Mark] = []
    depths = [0.0, frame.deepest]
    if frame.centre != subject.result.estimate:
        marks.append(Line(upright(frame.centre), depths, tone="rule", width=0.8))
    marks.append(Line(upright(subject.result.estimate), depths, tone="ink", width=1.0))
    if filled is not None and filled.filled_count:
        marks.append(Line(upright(filled.result.estimate), depths, tone="ink", width=1.0, style="dotted"))
    if line is not None:
        deepest = float(subject.standard_errors.max())
        effects = [line.limit_estimate, line.limit_estimate + line.slope * deepest]
        marks.append(
            Line(frame.x.naturals(effects), [0.0, deepest], tone="accent", width=1.4, style="dashed")
        )
    return marks


def _points(subject: Subject, frame: _Frame, filled: TrimAndFillResult | None) -> list[Mark]:
    diameter = 6.0 if subject.row_count <= 100 else 4.0
    rows = Points(
        frame.x.naturals(subject.result.y.tolist()),
        subject.standard_errors.tolist(),
        diameter,
        edge="white",
        labels=subject.point_labels(),
    )
    if filled is None or not filled.filled_count:
        return [rows]
    errors = np.sqrt(filled.filled_v).tolist()
    made_up = Points(frame.x.naturals(filled.filled_y.tolist()), errors, diameter, fill="white", edge="ink")
    return [made_up, rows]
