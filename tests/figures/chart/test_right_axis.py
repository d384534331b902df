"""The axis at the right of a panel: its labels and title find room, on the page and beside the left title."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from matplotlib.figure import Figure

from evisynth.figures import Chart, Panel, draw_chart, place_chart, plain_axis

RIGHT = plain_axis("Right title", [0.0, 10.0])
PANEL = Panel(plain_axis("x", [0.0, 1.0]), plain_axis("Left", [0.0, 5.0]), (), right_axis=RIGHT)


def test_labels_stand_right_of_the_field_at_the_height_of_their_tick() -> None:
    page = place_chart(Chart("A chart", ((PANEL,),)))
    field = page.panels[0].field
    labels = [text for text in page.texts if text.x > field.right and text.align == "left"]
    assert [text.text for text in labels] == [tick.label for tick in RIGHT.ticks]
    heights = [text.y for text in labels]
    assert heights == sorted(heights, reverse=True)
    assert all(text.box.right <= page.width for text in labels)


@pytest.mark.parametrize("left", ["", "Left", "A left title that is wider than its whole panel " * 2])
@pytest.mark.parametrize("right", ["", "R", "A right title of some length"])
def test_the_titles_of_both_axes_find_room(
    left: str, right: str, unreadable: Callable[[Figure], list[str]]
) -> None:
    y = replace(PANEL.y_axis, title=left)
    panel = replace(PANEL, y_axis=y, right_axis=replace(RIGHT, title=right))
    figure = draw_chart(Chart("A chart", ((panel, panel),)))
    assert unreadable(figure) == []
    written = " ".join(getattr(child, "get_text", lambda: "")() for child in figure.get_children())
    assert right in written
