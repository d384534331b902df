"""Names over a panel: upright, so that many find room, and led to where they cannot stand straight."""

from __future__ import annotations

from collections.abc import Sequence

from evisynth.figures.chart.chart import Panel, TopNames
from evisynth.figures.chart.page import SMALL_LINE, Page, PlacedPanel
from evisynth.figures.fonts import clean_text, text_width
from evisynth.figures.placed_text import SMALL, PlacedText

#: Between two names, how high the lines that lead to them are, and what is free before the right axis.
STEP, LEADER, _BEFORE_RIGHT = SMALL_LINE, 12.0, 4.0
_STRAIGHT = 4.0


def top_names_room(panel: Panel) -> float:
    """Return how much room the names over a panel take, none when it has none."""
    widths = [
        text_width(clean_text(name), SMALL)
        for mark in panel.marks
        if isinstance(mark, TopNames)
        for name in mark.names
    ]
    return LEADER + max(widths) + 3 if any(widths) else 0.0


def write_top_names(page: Page, placed: PlacedPanel) -> None:
    """Write the names over a panel, and the lines that lead to them."""
    for mark in placed.panel.marks:
        if not isinstance(mark, TopNames):
            continue
        named = [(placed.x_of(x), clean_text(name)) for x, name in zip(mark.xs, mark.names, strict=True)]
        # A name whose place lies beyond the axis would be led to from nowhere.
        shown = sorted(
            (x, name) for x, name in named if name and placed.field.left <= x <= placed.field.right
        )
        places = spread([x for x, _ in shown], STEP, placed.field.left, placed.field.right - _BEFORE_RIGHT)
        top = placed.field.top
        # Names that all stand straight over their places need no lines.
        straight = all(abs(x - place) < 0.5 for (x, _), place in zip(shown, places, strict=True))
        foot = top - (_STRAIGHT if straight else LEADER)
        for (x, name), place in zip(shown, places, strict=True):
            page.leaders += [] if straight else [(x, top, x, top - 2), (x, top - 2, place, foot + 1)]
            page.texts.append(PlacedText(place + 0.36 * SMALL, foot, name, upright=True))


def spread(wishes: Sequence[float], step: float, lower: float, upper: float) -> list[float]:
    r"""Return places at least a step apart, as near to sorted wishes as the sum of squares tells.

    With :math:`u_i = w_i - i s` the places are :math:`\hat u_i + i s`, where :math:`\hat u` is the nearest
    sequence that never falls, found by pooling neighbours that are out of order. They are kept between
    ``lower`` and ``upper`` as far as there is room.

    References
    ----------
    Ayer, Brunk, Ewing, Reid & Silverman 1955, Annals of Mathematical Statistics 26:641-647.
    """
    pools: list[tuple[float, int]] = []
    for i, wish in enumerate(wishes):
        mean, count = wish - i * step, 1
        while pools and pools[-1][0] > mean:
            before, others = pools.pop()
            mean, count = (mean * count + before * others) / (count + others), count + others
        pools.append((mean, count))
    level = [mean for mean, count in pools for _ in range(count)]
    highest = upper - step * (len(level) - 1)
    return [max(min(mean, highest), lower) + i * step for i, mean in enumerate(level)]
