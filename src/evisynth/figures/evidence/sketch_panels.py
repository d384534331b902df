"""Which curves share a panel of a survival sketch: groups that are contrasted, at most four together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from evisynth.figures.evidence.contrasts import Contrast
from evisynth.figures.evidence.known_curve import KnownCurve

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
