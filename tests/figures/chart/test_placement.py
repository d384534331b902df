"""The page of a chart: as large as its texts need, everything in its place, nothing over another."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from evisynth.figures import (
    Axis,
    Chart,
    LegendEntry,
    Page,
    Panel,
    PlacedText,
    Points,
    SideName,
    SideNames,
    Words,
    bare_axis,
    name_axis,
    place_chart,
    plain_axis,
)

LONG = "A name that is far too long to stand on one line beside an axis and so has to be wrapped"


def panel(*marks, x=None, y=None, **fields) -> Panel:
    return Panel(x or plain_axis("Months", [0, 100]), y or plain_axis("Share", [0, 1]), marks, **fields)


def chart(*rows: tuple[Panel, ...], **fields) -> Chart:
    return Chart(fields.pop("title", "A title"), rows, **fields)


def placed(page: Page, text: str) -> PlacedText:
    [found] = [one for one in page.texts if one.text == text]
    return found


def outside_or_over(page: Page) -> list[str]:
    """Say which texts leave the page or share more than a point with another."""
    boxes = [(text.text, text.box) for text in page.texts]
    found = [
        text
        for text, box in boxes
        if box.left < 0 or box.top < 0 or box.right > page.width + 0.5 or box.bottom > page.height + 0.5
    ]
    for i, (text, box) in enumerate(boxes):
        for other, other_box in boxes[:i]:
            across = min(box.right, other_box.right) - max(box.left, other_box.left)
            down = min(box.bottom, other_box.bottom) - max(box.top, other_box.top)
            if across > 1 and down > 1:
                found.append(f"{text} / {other}")
    return found


def test_numbers_stand_where_their_axes_have_them() -> None:
    page = place_chart(chart((panel(width=200, height=100),)))
    [field] = page.panels
    assert field.x_of(0) == field.left
    assert field.x_of(50) == pytest.approx(field.left + 100)
    assert field.y_of(0) == pytest.approx(field.top + 100)
    assert field.y_of(1) == pytest.approx(field.top)


def test_a_reversed_axis_runs_downwards() -> None:
    y = plain_axis("SE", [0, 1])
    page = place_chart(chart((panel(y=Axis("SE", y.scale, y.ticks, reversed=True)),)))
    [field] = page.panels
    assert field.y_of(0) < field.y_of(1)
    assert placed(page, "0.8").y > placed(page, "0.2").y


def test_far_places_stay_finite() -> None:
    [field] = place_chart(chart((panel(),))).panels
    assert field.x_of(float("inf")) == field.x_of(1e12)


def test_columns_of_panels_stand_in_line_and_rows_below_each_other() -> None:
    wide = panel(y=name_axis("", [LONG, "b"]), title="Left")
    rows = ((wide, panel(title="Right")), (panel(title="Below"),))
    page = place_chart(chart(*rows))
    first, second, third = page.panels
    assert first.left == third.left
    assert second.left > first.field.right
    assert third.top > max(first.field.bottom, second.field.bottom)
    assert outside_or_over(page) == []


def test_the_texts_of_a_chart_are_all_there() -> None:
    page = place_chart(
        chart(
            (panel(title="Panel"),),
            subtitle="Subtitle",
            legend=(LegendEntry("line", "a line"), LegendEntry("circle", "a point")),
            notes=("One note.", "Two notes."),
        )
    )
    words = [text.text for text in page.texts]
    for expected in ("A title", "Subtitle", "Panel", "Share", "Months", "a line", "One note.", "Two notes."):
        assert expected in words
    assert [entry.text for entry, _, _ in page.samples] == ["a line", "a point"]
    assert placed(page, "One note.").y > placed(page, "a line").y > placed(page, "Months").y


def test_words_are_moved_from_their_place() -> None:
    marks = (Words(50, 0.5, "here", dx=4, dy=10), Words(50, 0.5, "middle", align="center"))
    page = place_chart(chart((panel(*marks),)))
    [field] = page.panels
    assert placed(page, "here").x == pytest.approx(field.x_of(50) + 4)
    assert placed(page, "here").y == pytest.approx(placed(page, "middle").y - 10)
    box = placed(page, "middle").box
    assert (box.left + box.right) / 2 == pytest.approx(field.x_of(50))


def test_labels_without_room_are_named_in_a_note() -> None:
    points = Points([50] * 3, [0.5] * 3, labels=["a" * 90, "short", ""])
    page = place_chart(chart((panel(points),)))
    text = " ".join(one.text for one in page.texts)
    assert "No room for the label" in text
    assert placed(page, "short")


def test_many_ticks_are_thinned_and_long_ones_wrapped() -> None:
    names = name_axis("", [f"name-{i:05d}-without-space" for i in range(20)])
    page = place_chart(chart((panel(x=names),)))
    assert outside_or_over(page) == []
    few = place_chart(chart((panel(x=name_axis("", ["two words here now", "b"]), width=80),)))
    assert outside_or_over(few) == []


def names_at(*heights: float, details: str = "n = 80, median 151") -> SideNames:
    return SideNames(tuple(SideName(y, f"Group at {y:g}", details) for y in heights))


def test_side_names_stand_at_their_heights() -> None:
    page = place_chart(chart((panel(names_at(0.8, 0.2)),)))
    [field] = page.panels
    for y in (0.8, 0.2):
        name = placed(page, f"Group at {y:g}")
        assert name.bold
        assert name.x > field.field.right
        # Name and detail are two lines around the height.
        assert abs((name.box.top + name.box.bottom) / 2 - field.y_of(y)) < 10
    assert len(page.samples) == 2
    assert outside_or_over(page) == []


@given(st.lists(st.integers(0, 20).map(lambda i: i / 20), min_size=1, max_size=12, unique=True))
def test_side_names_keep_their_order_and_lie_over_nothing(heights) -> None:
    side = SideNames(tuple(SideName(y, f"Group {i}", LONG) for i, y in enumerate(heights)))
    page = place_chart(chart((panel(side, height=80),), (panel(),)))
    assert outside_or_over(page) == []
    ordered = sorted(range(len(heights)), key=lambda i: -heights[i])
    tops = [placed(page, f"Group {i}").y for i in ordered]
    assert tops == sorted(tops)


@pytest.mark.parametrize("text", ["", "   ", LONG * 3, "W" * 300, "生存" * 60, "a\nb\tc"])
def test_any_text_anywhere_is_readable(text) -> None:
    hostile = panel(
        Points([1], [0.5], labels=[text]),
        x=plain_axis(text, [0, 1]),
        y=name_axis(text, [text, "b"]),
        title=text,
    )
    page = place_chart(
        chart(
            (hostile, hostile),
            title=text,
            subtitle=text,
            legend=(LegendEntry("line", text), LegendEntry("line", text)),
            notes=(text, "after"),
        )
    )
    assert outside_or_over(page) == []


def test_a_chart_without_panels_is_still_a_page() -> None:
    page = place_chart(Chart("Nothing", ()))
    assert page.width > 0
    assert page.height > 0


def test_bare_axes_show_nothing() -> None:
    page = place_chart(chart((panel(x=bare_axis(0, 1), y=bare_axis(0, 1)),)))
    assert [text.text for text in page.texts] == ["A title"]
    assert page.tick_lines == page.axis_lines == page.grid_lines == []
