"""The texts within a field: words at their places, and labels of points where there is room."""

from __future__ import annotations

from itertools import pairwise

from evisynth.figures.chart.chart import Line, Points, Segments, Words
from evisynth.figures.chart.labels import Labelled, leader_to, place_labels
from evisynth.figures.chart.page import LINE, SIZE, SMALL_LINE, Page, PlacedPanel, diameter_of
from evisynth.figures.fonts import clean_text, text_width, wrap_text
from evisynth.figures.placed_text import ASCENT, DESCENT, SMALL, Box, Line as LinePlace, PlacedText


def write_words(page: Page, placed: PlacedPanel) -> list[str]:
    """Write what stands in the field; returns the labels that found no room."""
    written: list[PlacedText] = []
    for mark in placed.panel.marks:
        if isinstance(mark, Words):
            written += _placed_words(placed, mark)
    page.texts += written
    unlabelled: list[str] = []
    taken = [text.box for text in written]
    lines = _lines_of(placed)
    for mark in placed.panel.marks:
        if isinstance(mark, Points) and any(mark.labels):
            unlabelled += _label_points(page, placed, mark, taken, lines)
    return unlabelled


def _placed_words(placed: PlacedPanel, words: Words) -> list[PlacedText]:
    size, step = (SMALL, SMALL_LINE) if words.small else (SIZE, LINE)
    text = clean_text(words.text)
    lines = [text] if words.width is None else wrap_text(text, words.width, size, words.bold)
    x, y = placed.x_of(words.x) + words.dx, placed.y_of(words.y) - words.dy
    height = step * (len(lines) - 1)
    first = {
        "top": y + ASCENT * size,
        "middle": y + 0.36 * size - height / 2,
        "bottom": y - height - DESCENT * size,
    }
    return [
        PlacedText(
            x, first[words.level] + i * step, line, size, words.bold, tone=words.tone, align=words.align
        )
        for i, line in enumerate(lines)
    ]


def _lines_of(placed: PlacedPanel) -> list[LinePlace]:
    """Return the straight pieces of the lines of a panel, which labels had better not cross."""
    pieces: list[LinePlace] = []
    for mark in placed.panel.marks:
        if isinstance(mark, Line):
            places = [(placed.x_of(x), placed.y_of(y)) for x, y in zip(mark.xs, mark.ys, strict=True)]
            pieces += [(*a, *b) for a, b in pairwise(places)]
        elif isinstance(mark, Segments):
            ends = zip(mark.xs, mark.ys, mark.x_ends, mark.y_ends, strict=True)
            pieces += [
                (placed.x_of(x), placed.y_of(y), placed.x_of(u), placed.y_of(v)) for x, y, u, v in ends
            ]
    return pieces


def _label_points(
    page: Page, placed: PlacedPanel, mark: Points, taken: list[Box], lines: list[LinePlace]
) -> list[str]:
    texts = [clean_text(label) for label in mark.labels]
    # A point without a label is nobody's neighbour in the list but still must not be written over.
    wanting = [
        Labelled(
            placed.x_of(x),
            placed.y_of(y),
            diameter_of(mark, i) / 2,
            text_width(text, SMALL) + 1 if text else 0.0,
            SMALL,
        )
        for i, (x, y, text) in enumerate(zip(mark.xs, mark.ys, texts, strict=True))
    ]
    left_over: list[str] = []
    for text, point, place in zip(
        texts, wanting, place_labels(wanting, placed.field, taken, lines), strict=True
    ):
        if place is None:
            left_over += [text] if text else []
            continue
        taken.append(place.box)
        box = place.box
        page.texts.append(PlacedText(box.left, box.bottom - DESCENT * SMALL, text))
        if place.led:
            page.leaders.append(leader_to(point, box))
    return left_over
