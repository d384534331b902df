"""How the discs of risk of bias look: symbols, colours, size, and how close they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from evisynth.figures.forest_plot.names import BiasColumn, ColumnKey, DomainColumn
from evisynth.figures.tones import Tone
from evisynth.studies import NO_INFORMATION

DOMAIN_KEYS: tuple[DomainColumn, ...] = get_args(DomainColumn)
OVERALL_KEYS: tuple[BiasColumn, ...] = ("bias_all", "bias_all_other")
BIAS_KEYS: frozenset[ColumnKey] = frozenset((*DOMAIN_KEYS, *OVERALL_KEYS))

#: What stands in a disc, by the word of the tool; a ring stands for what was not judged.
SYMBOLS: Mapping[str, str] = {
    "low": "+",
    "moderate": "–",
    "some concerns": "–",
    "serious": "×",
    "high": "×",
    "critical": "!",
    NO_INFORMATION: "?",
}
RING = "○"

DISC_RADIUS = 0.62  # of the size of the text: discs of neighbouring rows stay apart in every layout
DISC_MIDDLE = 0.36  # of the size of the text above its baseline: half of the height of a capital
DISC_GAP = 3.0  # from disc to disc: they are read together


@dataclass(frozen=True, slots=True)
class DiscPaint:
    """Colours of a disc, the tone of its symbol, and how far that is raised to stand in the middle.

    ``raised`` is a share of the size of the text: signs have their middle lower than letters.
    """

    face: str
    edge: str
    tone: Tone = "ink"
    raised: float = 0.0


#: From pale blue-green to near black: each is darker than the one before, and no two differ by red and green.
DISCS: Mapping[str, DiscPaint] = {
    "+": DiscPaint("#bfe3dd", "#3d6f68", raised=0.045),
    "–": DiscPaint("#efb730", "#8a6510", raised=0.085),
    "×": DiscPaint("#bf4722", "#7a2a10", "white", raised=0.045),
    "!": DiscPaint("#45103a", "#45103a", "white"),
    "?": DiscPaint("#e3e3e3", "#6b6b6b"),
    RING: DiscPaint("#ffffff", "#9a9a9a"),
}


def disc_width(text_size: float) -> float:
    """Return how wide a column of discs is."""
    return 2 * DISC_RADIUS * text_size


def stand_close(key: ColumnKey, following: ColumnKey) -> bool:
    """Whether two neighbouring columns are discs of one tool."""
    return key in DOMAIN_KEYS and following in BIAS_KEYS
