"""The panels of a survival sketch: groups that are contrasted share one, at most four together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from evisynth.figures.chart.chart import (
    Area,
    Hatch,
    Line,
    LineStyle,
    Mark,
    Points,
    PointShape,
    Segments,
    SideName,
    SideNames,
)
from evisynth.figures.evidence.evidence_entries import Contrast
from evisynth.figures.evidence.known_curve import CurveMedian, CurvePoint, KnownCurve
from evisynth.figures.tones import Tone
from evisynth.wording import HARD_SPACE, number_text

MOST_ARMS = 4


@dataclass(frozen=True, slots=True)
class SketchPanel:
    """The curves of one panel, all of one study, the one that is best known to last longest first."""

    study: str
    curves: tuple[KnownCurve, ...]


def sketch_panels(curves: Sequence[KnownCurve], contrasts: Sequence[Contrast]) -> list[SketchPanel]:
    """Share curves out over panels: each stands once, beside those it is first contrasted with.

    Curves that no contrast names follow in panels of their own, study by study.
    """
    panels: list[SketchPanel] = []
    for study in dict.fromkeys(curve.study for curve in curves):
        left = {curve.group: curve for curve in curves if curve.study == study}
        for contrast in contrasts:
            there = [group for group in contrast.groups if contrast.study == study and group in left]
            if len(there) > 1:
                panels += _panels(study, [left.pop(group) for group in there])
        panels += _panels(study, list(left.values()))
    return panels


def _panels(study: str, curves: Sequence[KnownCurve]) -> list[SketchPanel]:
    """Divide curves evenly over as many panels as they need."""
    count = -(-len(curves) // MOST_ARMS)
    bounds = [round(i * len(curves) / count) for i in range(count + 1)] if count else []
    return [SketchPanel(study, tuple(curves[start:end])) for start, end in pairwise(bounds)]


#: Where a bound has its arrow's tip, in survival and as a share of the time axis.
_ARROW_UP, _ARROW_ALONG = 0.09, 0.06
#: Marks that would lie over each other stand so far apart: shares of the time axis, and survival.
_BESIDE, _ABOVE = 0.028, 0.045


@dataclass(frozen=True, slots=True)
class ArmStyle:
    """How an arm is told from the others, in colour and without."""

    tone: Tone
    shape: PointShape
    line: LineStyle
    hatch: Hatch | None


ARM_STYLES = (
    ArmStyle("mark", "circle", "solid", None),
    ArmStyle("accent", "square", "dashed", "rising"),
    ArmStyle("muted", "triangle", "dotted", "falling"),
    ArmStyle("ink", "diamond", "solid", "dots"),
)


def panel_marks(curves: Sequence[KnownCurve], until: float) -> tuple[Mark, ...]:
    """Return the marks of the curves of a panel whose time axis ends at ``until``."""
    styled = list(zip(curves, ARM_STYLES, strict=False))
    marks: list[Mark] = []
    for curve, style in styled:
        marks += _band(curve, style, until)
    marks.append(Line([0.0, until], [0.5, 0.5], tone="rule", width=0.7, style="dashed"))
    beside = _beside(curves, until)
    above = _above(curves, until)
    for i, (curve, style) in enumerate(styled):
        for point in curve.points:
            marks += _rate(point, point.months + beside.get((i, point.months), 0.0), style)
        for median in curve.medians:
            marks += _median(median, 0.5 + above[i], style, until)
    marks.append(SideNames(tuple(_name(curve, style) for curve, style in styled), width=104))
    return tuple(marks)


def _band(curve: KnownCurve, style: ArmStyle, until: float) -> list[Mark]:
    band = curve.band(until)
    if band is None:
        return []
    tone: Tone = "band" if style.hatch is None else style.tone
    return [
        Area(band.months, band.lower, band.upper, tone=tone, hatch=style.hatch),
        Line(band.months, band.lower, tone=style.tone, width=0.8, style=style.line),
        Line(band.months, band.upper, tone=style.tone, width=0.8, style=style.line),
    ]


def _beside(curves: Sequence[KnownCurve], until: float) -> dict[tuple[int, float], float]:
    """Return how far rates are moved along the time axis where several arms have one at the same time."""
    moved: dict[tuple[int, float], float] = {}
    for months in {point.months for curve in curves for point in curve.points}:
        there = [i for i, curve in enumerate(curves) if any(p.months == months for p in curve.points)]
        for rank, i in enumerate(there):
            moved[i, months] = (rank - (len(there) - 1) / 2) * _BESIDE * until
    return moved


def _above(curves: Sequence[KnownCurve], until: float) -> list[float]:
    """Return how far medians are moved up or down: not at all where none lies over another."""
    spans = [[_span(median, until) for median in curve.medians] for curve in curves]
    having = [i for i, own in enumerate(spans) if own]
    crowded = any(
        a[0] < b[1] and b[0] < a[1]
        for rank, i in enumerate(having)
        for j in having[rank + 1 :]
        for a in spans[i]
        for b in spans[j]
    )
    moved = [0.0] * len(spans)
    for rank, i in enumerate(having):
        moved[i] = ((len(having) - 1) / 2 - rank) * _ABOVE if crowded else 0.0
    return moved


def _span(median: CurveMedian, until: float) -> tuple[float, float]:
    """Return the part of the time axis that a median with its bar and its mark takes."""
    room = 0.03 * until
    if median.months is None:
        return (median.reach or 0.0), until + room
    lower = median.months if median.lower is None else median.lower
    upper = until if median.upper_not_reached else (median.upper or median.months)
    return lower - room, upper + room


def _rate(point: CurvePoint, x: float, style: ArmStyle) -> list[Mark]:
    marks: list[Mark] = []
    if point.interval is not None:
        dash: LineStyle = "solid" if point.interval_printed else "dotted"
        lower, upper = point.interval
        marks.append(Segments([x], [lower], [x], [upper], tone=style.tone, width=1.2, style=dash))
    way = {"at least": 1, "at most": -1}.get(point.precision, 0)
    if way:
        tip = point.survival + way * _ARROW_UP
        marks.append(Segments([x], [point.survival], [x], [tip], tone=style.tone, arrows=True))
    marks.append(_mark(x, point.survival, style, filled=point.precision == "exact"))
    return marks


def _median(median: CurveMedian, y: float, style: ArmStyle, until: float) -> list[Mark]:
    if median.months is None:
        dash: LineStyle = "dotted" if median.reach is None else "solid"
        start = median.reach or 0.0
        return [Segments([start], [y], [until], [y], tone=style.tone, width=1.2, style=dash, arrows=True)]
    m = median.months
    marks: list[Mark] = []
    if median.lower is not None:
        marks.append(Segments([median.lower], [y], [m], [y], tone=style.tone, width=1.2))
    if median.upper_not_reached:
        marks.append(Segments([m], [y], [until], [y], tone=style.tone, width=1.2, arrows=True))
    elif median.upper is not None:
        marks.append(Segments([m], [y], [median.upper], [y], tone=style.tone, width=1.2))
    way = {"at least": 1, "at most": -1}.get(median.precision, 0)
    if way:
        tip = m + way * _ARROW_ALONG * until
        marks.append(Segments([m], [y], [tip], [y], tone=style.tone, arrows=True))
    marks.append(_mark(m, y, style, filled=median.precision == "exact"))
    return marks


def _mark(x: float, y: float, style: ArmStyle, *, filled: bool) -> Points:
    fill: Tone = style.tone if filled else "white"
    return Points([x], [y], diameters=5.5, shape=style.shape, fill=fill, edge=style.tone)


def _name(curve: KnownCurve, style: ArmStyle) -> SideName:
    name = curve.label if curve.role == "own" else f"{curve.label} ({curve.role})"
    details = [f"n = {curve.size}" if curve.size is not None else "n not stated"]
    # A median stays on one line with its unit.
    details += [
        f"median {median_words(median)}".replace(" months", f"{HARD_SPACE}months") for median in curve.medians
    ]
    return SideName(
        curve.last_known[1], name, ", ".join(details).replace(" = ", f"{HARD_SPACE}={HARD_SPACE}"),
        style.shape, style.tone,
    )  # fmt: skip


def median_words(median: CurveMedian) -> str:
    """Say a median: ``87 months (10 to 164)``, ``at least 60 months``, ``not reached``."""
    if median.months is None:
        return "not reached"
    words = f"{number_text(median.months, 4)} months"
    if median.precision != "exact":
        words = f"{median.precision} {words}"
    if median.lower is None and median.upper is None and not median.upper_not_reached:
        return words
    lower = number_text(median.lower, 4, "?")
    upper = "not reached" if median.upper_not_reached else number_text(median.upper, 4, "?")
    return f"{words} ({lower} to {upper})"
