"""The specification curve: the estimates of all admissible combinations of choices, in rising order.

The estimates of a multiverse on the natural scale, in rising order, with their intervals.

The words of a specification curve: its headline, its legend, its notes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evisynth.answers import Multiverse
from evisynth.arithmetic import to_natural_interval, to_natural_scale
from evisynth.errors import InvalidDataError
from evisynth.figures.chart.axes import bare_axis, measure_axis
from evisynth.figures.chart.chart import Area, Axis, Chart, LegendEntry, Line, Mark, Panel, Points, Segments
from evisynth.figures.evidence.specification_choices import (
    ROUNDING,
    ShownChoices,
    choice_panel,
    shown_choices,
)
from evisynth.figures.forest_plot.words import favours_texts
from evisynth.figures.measures import measure_display
from evisynth.figures.number_text import NaturalInterval, decimals_for, natural_text, spelled_interval
from evisynth.measures import EffectMeasure
from evisynth.outcomes import Question
from evisynth.wording import plural, whole_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class NaturalCurve:
    """Estimates and interval limits, one entry a combination."""

    estimates: list[float]
    lowers: list[float]
    uppers: list[float]


def natural_curve(multiverse: Multiverse) -> NaturalCurve:
    """Take the estimates of a multiverse to the natural scale."""
    scale = multiverse.scale
    limits = [
        to_natural_interval(lower, upper, scale)
        for lower, upper in zip(multiverse.ci_lower.tolist(), multiverse.ci_upper.tolist(), strict=True)
    ]
    return NaturalCurve(
        [to_natural_scale(value, scale) for value in multiverse.estimate.tolist()],
        [lower for lower, _ in limits if lower is not None],
        [upper for _, upper in limits if upper is not None],
    )


def cell_edges(count: int, most: int) -> NDArray[np.int64]:
    """Divide ``count`` places into at most ``most`` cells of near the same number; returns where each begins.

    The end of the last follows.
    """
    return np.linspace(0, count, min(count, most) + 1).round().astype(np.int64)


def interval_steps(curve: NaturalCurve, most: int) -> tuple[Area, Area]:
    """Return two bands in at most ``most`` steps: the widest limits of neighbours, and their middle ones."""
    edges = cell_edges(len(curve.estimates), most)
    lowers, uppers = np.array(curve.lowers), np.array(curve.uppers)
    cells = [slice(a, b) for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)]
    widest = [lowers[cell].min() for cell in cells], [uppers[cell].max() for cell in cells]
    middle = [np.median(lowers[cell]) for cell in cells], [np.median(uppers[cell]) for cell in cells]
    return _steps(edges, *widest, pale=True), _steps(edges, *middle, pale=False)


def _steps(edges: NDArray[np.int64], lower: list[float], upper: list[float], *, pale: bool) -> Area:
    ends = [float(edge) for edge in edges]
    low, high = [float(value) for value in lower], [float(value) for value in upper]
    return Area(ends, [*low, low[-1]], [*high, high[-1]], tone="band" if pale else "deep band", steps=True)


#: Up to so many combinations stand as points with bars; beyond, as a line with two bands.
MOST_POINTS = 60
#: Steps of the bands: neighbouring combinations are drawn as one.
STEPS = 60


def own_estimate_words(curve: NaturalCurve, multiverse: Multiverse, display: EffectMeasure) -> str:
    """Say the estimate of the question's own choice; nothing where it has none."""
    i = multiverse.own
    if i is None:
        return ""
    own = NaturalInterval(curve.estimates[i], curve.lowers[i], curve.uppers[i])
    decimals = decimals_for(display, [own])
    return spelled_interval(own, display, decimals)


def headline_words(curve: NaturalCurve, multiverse: Multiverse, display: EffectMeasure) -> str:
    """Say in a sentence how far the choices move the answer, and on which side of no effect it lies."""
    values = (curve.estimates[0], to_natural_scale(float(np.median(multiverse.estimate)), multiverse.scale))
    decimals = decimals_for(display, [NaturalInterval(value, None, None) for value in curve.estimates])
    least, median, greatest = (
        natural_text(value, display, decimals) for value in (*values, curve.estimates[-1])
    )
    unit = display.suffix
    count = len(curve.estimates)
    asked = count + sum(multiverse.refused.values())
    of = f"{count:,}" if count == asked else f"{count:,} of {asked:,}"
    span = f"{least} to {greatest}{unit}, median {median}{unit}" if count > 1 else f"{least}{unit}"
    words = f"{display.name} by {of} {plural('combination', asked)} of choices: {span}"
    return f"{words}.{_sides(multiverse, display)}"


def _sides(multiverse: Multiverse, display: EffectMeasure) -> str:
    """Say which share lies on each side of no effect; measures without such a value have no sides."""
    if display.null is None:
        return ""
    below, above, excludes = (
        _share_words(part)
        for part in (
            multiverse.estimate < 0,
            multiverse.estimate > 0,
            (multiverse.ci_upper < 0) | (multiverse.ci_lower > 0),
        )
    )
    null = f"{display.null:g}"
    return f" Below {null}: {below}; above: {above}; interval excludes {null}: {excludes}."


def _share_words(part: NDArray[np.bool_]) -> str:
    """Write a share so that only none is "none" and only all are "all"."""
    share = float(np.mean(part))
    if share in (0, 1):
        return "all" if share else "none"
    if not 0.01 <= share <= 0.99:
        return "under 1%" if share < 0.5 else "over 99%"
    return f"{100 * share:.0f}%"


def legend_entries(count: int, display: EffectMeasure, own: str) -> tuple[LegendEntry, ...]:
    """Explain the marks that occur."""
    entries: list[LegendEntry] = []
    if count > MOST_POINTS:
        entries += [
            LegendEntry("line", "estimate", tone="mark"),
            LegendEntry("area", "its interval, median of each step", tone="deep band"),
            LegendEntry("area", "widest interval of each step", tone="band"),
        ]
    elif count > 1 or not own:
        entries += [
            LegendEntry("circle", "estimate", tone="mark"),
            LegendEntry("line", "its interval", tone="rule"),
        ]
    if own:
        entries.append(LegendEntry("diamond", f"the question's own choice: {own}", tone="accent"))
    if display.null is not None:
        entries.append(LegendEntry("dashed", "no effect", tone="muted"))
    return tuple(entries)


def note_texts(multiverse: Multiverse, choices: ShownChoices) -> list[str]:
    """Say what the marks do not: choices not shown, a sample, combinations without an estimate."""
    notes = []
    if choices.blocks:
        notes.append(
            "Under the curve: which choice is made where; the darker, the more of the combinations there "
            "make it."
        )
    if any(line.words.endswith(ROUNDING) for block in choices.blocks for line in block.lines):
        notes.append(
            "Lower and upper rounding: the printed figure could be as low, or as high, before rounding."
        )
    if choices.note:
        notes.append(choices.note)
    if len(multiverse.estimate) > MOST_POINTS:
        each = len(multiverse.estimate) / STEPS
        notes.append(
            f"Each step of the bands stands for about {each:.0f} combinations with neighbouring estimates."
        )
    if not multiverse.exact:
        notes.append(
            f"A sample of the {whole_number(multiverse.combinations)} combinations, "
            f"drawn with seed {multiverse.seed}."
        )
    if multiverse.own is None:
        notes.append("The question's own choice gives no pooled estimate.")
    if choices.settled and len(choices.settled) <= 6:
        notes.append(f"Never chosen otherwise: {'; '.join(choices.settled)}.")
    refused = "; ".join(f"{number:,} ({reason})" for reason, number in multiverse.refused.items())
    notes += [f"Not pooled: {refused}."] if refused else []
    if len(multiverse.estimate) > 1:
        notes.append("A share of combinations is no probability: none is the likelier for being many.")
    return notes


_WIDTH, _HEIGHT = 360.0, 190.0
#: Points of the line, and cells under it, where there are more combinations than could be told apart.
MOST_PLACES, MOST_CELLS = 360, 120


def specification_curve(multiverse: Multiverse, question: Question, *, title: str | None = None) -> Figure:
    """Draw how far admissible choices move an answer.

    Parameters
    ----------
    multiverse
        One block of rows, rerun over all its choices.
    question
        The question it belongs to.
    title
        Instead of the one made from the question.

    Raises
    ------
    InvalidDataError
        No combination has a pooled estimate.
    """
    from evisynth.figures.chart.draw import draw_chart

    return draw_chart(lay_out_specification_curve(multiverse, question, title=title))


def lay_out_specification_curve(
    multiverse: Multiverse, question: Question, *, title: str | None = None
) -> Chart:
    """Lay out a specification curve; see `specification_curve`."""
    count = len(multiverse.estimate)
    if not count:
        reasons = "; ".join(f"{reason} ({number:,})" for reason, number in multiverse.refused.items())
        raise InvalidDataError(
            f"no combination of choices of '{question.id}' gives a pooled estimate: {reasons or 'no row'}; "
            "a specification curve needs one"
        )
    edges = cell_edges(count, MOST_CELLS)
    curve = natural_curve(multiverse)
    display = _display(multiverse, question)
    choices = shown_choices(multiverse, edges)
    place = None if multiverse.own is None else multiverse.own + 0.5
    headline = headline_words(curve, multiverse, display)
    own = own_estimate_words(curve, multiverse, display)
    panels = [_curve_panel(curve, multiverse, question, named=not choices.blocks)]
    for block in choices.blocks:
        last = block is choices.blocks[-1]
        panels.append(choice_panel(block, edges, place, _WIDTH, _places_title(count) if last else ""))
    block_words = "" if multiverse.label == "Overall" else f", {multiverse.label}"
    return Chart(
        title=title or f"Specification curve: {question.title or question.id}{block_words}",
        subtitle=headline,
        panels=tuple((panel,) for panel in panels),
        legend=legend_entries(count, display, own),
        notes=(*_cut_note(panels[0], curve), *note_texts(multiverse, choices)),
        description=f"{headline}{f' Own choice of the question: {own}.' if own else ''}",
    )


def _cut_note(panel: Panel, curve: NaturalCurve) -> tuple[str, ...]:
    """Say that intervals reach beyond the axis, where they do: they are cut without a sign."""
    scale, hair = panel.y_axis.scale, 1e-9
    beyond = any(
        scale.place(lower) < -hair or scale.place(upper) > 1 + hair
        for lower, upper in zip(curve.lowers, curve.uppers, strict=True)
    )
    return ("Intervals that reach the upper or lower edge go on beyond it.",) if beyond else ()


def _display(multiverse: Multiverse, question: Question) -> EffectMeasure:
    """Return how the measure is shown; a block of rows may have a time of its own."""
    own = [block.time_months for block in question.row_groups if block.label == multiverse.label]
    time = own[0] if own and own[0] is not None else question.time_months
    return measure_display(question.effect_measure, multiverse.scale, time)


def _places_title(count: int) -> str:
    if count == 1:
        return "The only combination"
    return f"{count:,} combinations, from the least estimate to the greatest"


def _curve_panel(curve: NaturalCurve, multiverse: Multiverse, question: Question, *, named: bool) -> Panel:
    count = len(multiverse.estimate)
    display = _display(multiverse, question)
    y_axis = measure_axis(display, curve.estimates, [*curve.lowers, *curve.uppers])
    places = bare_axis(0.0, float(count))
    favours = favours_texts(question)
    side = "" if favours is None or display.null is None else _below(favours[0], display.null)
    return Panel(
        Axis(_places_title(count) if named else "", places.scale, ()),
        Axis(y_axis.title + side, y_axis.scale, y_axis.ticks, lines=True),
        tuple(_curve_marks(curve, multiverse, display)),
        width=_WIDTH,
        height=_HEIGHT,
    )


def _below(favours: str, null: float) -> str:
    return f"; below {null:g}: {favours[0].lower()}{favours[1:]}"


def _curve_marks(curve: NaturalCurve, multiverse: Multiverse, display: EffectMeasure) -> list[Mark]:
    count = len(curve.estimates)
    marks: list[Mark] = []
    if count > MOST_POINTS:
        marks += interval_steps(curve, STEPS)
    if display.null is not None:
        marks.append(Line([0, count], [display.null] * 2, tone="muted", style="dashed"))
    places = [i + 0.5 for i in range(count)]
    if count <= MOST_POINTS:
        marks.append(Segments(places, curve.lowers, places, curve.uppers, tone="rule", width=1.0))
        marks.append(Points(places, curve.estimates, 4.0))
    else:
        chosen = (
            (cell_edges(count, MOST_PLACES)[:-1] + cell_edges(count, MOST_PLACES)[1:] - 1) // 2
        ).tolist()
        shown = sorted({0, *chosen, count - 1})
        marks.append(Line([places[i] for i in shown], [curve.estimates[i] for i in shown], "mark", width=1.6))
    if multiverse.own is not None:
        i = multiverse.own
        place = [places[i]]
        marks.append(Segments(place, [curve.lowers[i]], place, [curve.uppers[i]], tone="accent", width=1.6))
        marks.append(Points(place, [curve.estimates[i]], 8.0, "diamond", fill="accent", edge="ink"))
    return marks
