"""The words of a specification curve: its headline, its legend, its notes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evisynth.figures.chart.chart import LegendEntry
from evisynth.figures.evidence.natural_curve import NaturalCurve
from evisynth.figures.evidence.specification_choices import ROUNDING, ShownChoices
from evisynth.figures.measures import MeasureDisplay
from evisynth.figures.natural_interval import NaturalInterval
from evisynth.figures.number_text import decimals_for, natural_text
from evisynth.synthesis.multiverse import Multiverse
from evisynth.synthesis.natural_scale import to_natural_scale

#: Up to so many combinations stand as points with bars; beyond, as a line with two bands.
MOST_POINTS = 60
#: Steps of the bands: neighbouring combinations are drawn as one.
STEPS = 60


def own_estimate_words(curve: NaturalCurve, multiverse: Multiverse, display: MeasureDisplay) -> str:
    """Say the estimate of the question's own choice; nothing where it has none."""
    i = multiverse.own
    if i is None:
        return ""
    own = NaturalInterval(curve.estimates[i], curve.lowers[i], curve.uppers[i])
    decimals = decimals_for(display, [own])
    sign = "%" if display.axis == "percent" else ""
    at, lower, upper = (natural_text(x, display, decimals) + sign for x in own.values)
    return f"{at} ({lower} to {upper}){' months' if display.axis == 'months' else ''}"


def headline_words(curve: NaturalCurve, multiverse: Multiverse, display: MeasureDisplay) -> str:
    """Say in a sentence how far the choices move the answer, and on which side of no effect it lies."""
    values = (curve.estimates[0], to_natural_scale(float(np.median(multiverse.estimate)), multiverse.scale))
    decimals = decimals_for(display, [NaturalInterval(value, None, None) for value in curve.estimates])
    least, median, greatest = (
        natural_text(value, display, decimals) for value in (*values, curve.estimates[-1])
    )
    unit = {"percent": "%", "months": " months"}.get(display.axis, "")
    count = len(curve.estimates)
    asked = count + sum(multiverse.refused.values())
    of = f"{count:,}" if count == asked else f"{count:,} of {asked:,}"
    span = f"{least} to {greatest}{unit}, median {median}{unit}" if count > 1 else f"{least}{unit}"
    words = f"{display.name} by {of} {'combination' if asked == 1 else 'combinations'} of choices: {span}"
    return f"{words}.{_sides(multiverse, display)}"


def _sides(multiverse: Multiverse, display: MeasureDisplay) -> str:
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


def legend_entries(count: int, display: MeasureDisplay, own: str) -> tuple[LegendEntry, ...]:
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
            f"A sample of the {multiverse.combinations:,} combinations, drawn with seed {multiverse.seed}."
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
