"""The specification curve: the estimates of all admissible combinations of choices, in rising order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evisynth.errors import InvalidDataError
from evisynth.figures.chart.axes import bare_axis, measure_axis
from evisynth.figures.chart.chart import (
    Axis,
    Chart,
    Line,
    Mark,
    Panel,
    Points,
    Segments,
)
from evisynth.figures.evidence.natural_curve import (
    NaturalCurve,
    cell_edges,
    interval_steps,
    natural_curve,
)
from evisynth.figures.evidence.specification_choices import choice_panel, shown_choices
from evisynth.figures.evidence.specification_words import (
    MOST_POINTS,
    STEPS,
    headline_words,
    legend_entries,
    note_texts,
    own_estimate_words,
)
from evisynth.figures.forest.words import favours_texts
from evisynth.figures.measures import MeasureDisplay, measure_display
from evisynth.outcomes.question import Question
from evisynth.synthesis.multiverse import Multiverse

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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


def _display(multiverse: Multiverse, question: Question) -> MeasureDisplay:
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


def _curve_marks(curve: NaturalCurve, multiverse: Multiverse, display: MeasureDisplay) -> list[Mark]:
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
