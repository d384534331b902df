"""The head and the foot of a forest plot: all that is placed above its first line and below its last.

Above stand the title, the headings of columns and their groups; below, uprights, axis, small print and
footnotes. The sides that an effect favours are named under the axis, or over the plot where there is room.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from evisynth.figures.fonts import clean_text, text_width, wrap_text
from evisynth.figures.forest_plot.columns import MARGIN
from evisynth.figures.forest_plot.layout import Column
from evisynth.figures.forest_plot.placed import Band, Cursor, Rule, Upright
from evisynth.figures.placed_text import PlacedText

MOST_OF_FAVOURS = 210.0
MOST_LINES_OF_SIDES = 2
FEW_WORDS = 3
CLEAR = 8.0  # from the line of no effect to the words beside it


@dataclass(frozen=True, slots=True)
class Sides:
    """The lines of text left and right of the line of no effect, which stands at ``null``."""

    null: float = 0.0
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    above: bool = False  # over the headings of other columns

    @property
    def line_count(self) -> int:
        """How many lines the higher side has."""
        return max(len(self.left), len(self.right))


def place_sides_below(cursor: Cursor) -> None:
    """Write what each side favours under the axis, as wide as the page allows, and go below it.

    Each side has one or two lines of about one length; more only where the page has no room for them.
    """
    axis = cursor.layout.axis
    if axis is None or axis.favours is None or axis.null_place is None:
        return
    null = cursor.x_of(axis.null_place)
    start = MARGIN if cursor.style.print_place == "below" else cursor.spans.panel[0] - CLEAR
    end = (cursor.spans.absolute_panel or (cursor.spans.right_end,))[0]
    to_left, to_right = ("← ", " →") if cursor.style.favours_arrows else ("", "")
    size = cursor.sizes.text
    rooms = (
        min(null - start - CLEAR, MOST_OF_FAVOURS) - text_width(to_left, size),
        min(end - null - 2 * CLEAR, MOST_OF_FAVOURS) - text_width(to_right, size),
    )
    left, right = balanced_sides(axis.favours, rooms, size) or (
        wrap_text(clean_text(axis.favours[0]), rooms[0], size),
        wrap_text(clean_text(axis.favours[1]), rooms[1], size),
    )
    cursor.y += 2
    if left:
        left[0] = to_left + left[0]
    if right:
        right[-1] += to_right
    sides = Sides(null, tuple(left), tuple(right))
    place_sides(cursor, sides, cursor.y + size)
    cursor.y += cursor.sizes.line * max(sides.line_count, 1)


def sides_over_plot(cursor: Cursor) -> Sides:
    """Wrap what each side favours for the head of the plot; nothing where it would not fit there.

    What needs more room than its half of the plot has it over the columns beside it, above their headings.
    """
    axis = cursor.layout.axis
    if cursor.style.favours_place != "over" or axis is None:
        return Sides()
    if axis.favours is None or axis.null_place is None:
        return Sides()
    size, null = cursor.sizes.text, cursor.x_of(axis.null_place)
    left, right = cursor.spans.panel
    for start, end, above in ((left, right, False), (MARGIN, cursor.spans.right_end, True)):
        rooms = (
            min(null - start, MOST_OF_FAVOURS) - CLEAR / 2,
            min(end - null, MOST_OF_FAVOURS) - CLEAR / 2,
        )
        lines = balanced_sides(axis.favours, rooms, size, bold=True)
        if lines is not None:
            return Sides(null, tuple(lines[0]), tuple(lines[1]), above)
    return Sides()


def place_sides(cursor: Cursor, sides: Sides, first: float, *, bold: bool = False) -> None:
    """Write both sides away from the line of no effect, their first lines at the baseline ``first``."""
    clear = CLEAR / 2 if bold else CLEAR
    for i, text in enumerate(sides.left):
        cursor.text(sides.null - clear, first + i * cursor.sizes.line, text, bold=bold, align="right")
    for i, text in enumerate(sides.right):
        cursor.text(sides.null + clear, first + i * cursor.sizes.line, text, bold=bold)


def balanced_sides(
    texts: tuple[str, str], rooms: tuple[float, float], size: float, *, bold: bool = False
) -> tuple[list[str], list[str]] | None:
    """Wrap both sides into one line each, else into two; None where two are too few."""
    left, right = (clean_text(text) for text in texts)
    fewest = [len(wrap_text(text, room, size, bold)) for text, room in zip((left, right), rooms, strict=True)]
    whole = all(
        text_width(word, size, bold) <= room
        for text, room in zip((left, right), rooms, strict=True)
        for word in text.split(" ")
    )
    if max(fewest) > MOST_LINES_OF_SIDES or not whole:
        return None
    split = [
        _in_lines(text, max(fewest), room, size, bold)
        for text, room in zip((left, right), rooms, strict=True)
    ]
    return split[0], split[1]


def _in_lines(text: str, count: int, room: float, size: float, bold: bool) -> list[str]:
    """Wrap a text into so many lines of about one length; a few words that fit into one stay together."""
    words = text.split(" ")
    fits = text_width(text, size, bold) <= room
    if count < MOST_LINES_OF_SIDES or (fits and len(words) <= FEW_WORDS):
        return [text] if text else []
    halves = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]

    def widest(half: tuple[str, str]) -> float:
        return max(text_width(line, size, bold) for line in half)

    best = min(halves, key=widest)
    return list(best)


SPANNER_GAP = 3.0  # between the heading of a group of columns and those of its columns: room for a rule


def place_head(cursor: Cursor) -> None:
    """Place all that stands above the first line."""
    _title(cursor)
    _headings(cursor)


def _title(cursor: Cursor) -> None:
    width, size = cursor.spans.right_end - MARGIN, cursor.sizes.title
    for text in wrap_text(clean_text(cursor.layout.title), width, size, bold=True):
        cursor.page.texts.append(PlacedText(MARGIN, cursor.y + size, text, size, bold=True))
        cursor.y += size * 1.3
    cursor.y += 6 if cursor.layout.title.strip() else 0


def _headings(cursor: Cursor) -> None:
    paint, top = cursor.style.paint, cursor.y
    cursor.rule(paint.rule_above)
    columns = cursor.layout.columns
    headings = {column.key: _wrapped(cursor, column.heading, cursor.width(column.key)) for column in columns}
    over_plot = _over_plot(cursor)
    sides = sides_over_plot(cursor)
    groups = _groups(columns)
    spanners = [_wrapped(cursor, group[0].spanner, _width(cursor, group)) for group in groups]
    heights = [
        cursor.sizes.line * max(len(headings[column.key]) for column in group)
        + (cursor.sizes.line * len(spanner) + SPANNER_GAP if spanner else 0.0)
        for group, spanner in zip(groups, spanners, strict=True)
    ]
    sides_height = cursor.sizes.line * sides.line_count
    height = max([*heights, cursor.sizes.line * len(over_plot), 0.0 if sides.above else sides_height])
    height += sides_height if sides.above else 0.0
    cursor.y += 4
    last = cursor.y + height - cursor.sizes.line + cursor.sizes.text  # the baseline on which all headings end
    for column in columns:
        _heading(cursor, column, headings[column.key], last)
    for group, spanner in zip(groups, spanners, strict=True):
        _spanner(cursor, group, spanner, last - cursor.sizes.line * max(len(headings[c.key]) for c in group))
    _centred(cursor, cursor.spans.panel, over_plot, last)
    _place_sides_over(cursor, sides, last - (height - sides_height if sides.above else 0.0))
    cursor.y += height + 3
    cursor.rule(paint.rule_below)
    if paint.head_tint is not None:
        cursor.page.bands.append(Band(MARGIN - 4, cursor.spans.right_end + 4, top, cursor.y, paint.head_tint))
    cursor.y += 4
    cursor.panel_top = cursor.y


def _wrapped(cursor: Cursor, text: str, width: float) -> list[str]:
    return wrap_text(clean_text(text), width, cursor.sizes.text, bold=True)


def _over_plot(cursor: Cursor) -> list[str]:
    """Wrap the heading over the plot as narrow as the column that it repeats, so that both break alike."""
    left, right = cursor.spans.panel
    widest = cursor.width("effect") if "effect" in cursor.spans.columns else right - left
    return _wrapped(cursor, cursor.layout.plot_heading, widest)


def _groups(columns: tuple[Column, ...]) -> list[list[Column]]:
    """Put neighbours under the same heading together; a column without one stands alone."""
    return [
        part
        for spanner, group in groupby(columns, key=lambda column: (column.spanner, column.place))
        for members in (list(group),)
        for part in ([members] if spanner[0] else [[column] for column in members])
    ]


def _width(cursor: Cursor, group: list[Column]) -> float:
    return cursor.spans.columns[group[-1].key][1] - cursor.spans.columns[group[0].key][0]


def _heading(cursor: Cursor, column: Column, lines: list[str], last: float) -> None:
    cursor.column_text(column, lines, last - cursor.sizes.line * (len(lines) - 1), bold=True)


def _spanner(cursor: Cursor, group: list[Column], lines: list[str], last: float) -> None:
    """Write the heading of a group of columns with a rule under it, as long as the group is wide."""
    if not lines:
        return
    left, right = cursor.spans.columns[group[0].key][0], cursor.spans.columns[group[-1].key][1]
    _centred(cursor, (left, right), lines, last - SPANNER_GAP)
    cursor.page.rules.append(Rule(last - SPANNER_GAP + 2.6, left, right, 0.5))


def _centred(cursor: Cursor, span: tuple[float, float], lines: list[str], last: float) -> None:
    for i, text in enumerate(lines):
        y = last - cursor.sizes.line * (len(lines) - 1 - i)
        cursor.text((span[0] + span[1]) / 2, y, text, bold=True, align="center")


def _place_sides_over(cursor: Cursor, sides: Sides, last: float) -> None:
    if sides.line_count:
        place_sides(cursor, sides, last - cursor.sizes.line * (sides.line_count - 1), bold=True)
        cursor.favours_told = True


LINES_BELOW = 4  # so far may small print left of the axis reach below it


def place_foot(cursor: Cursor) -> None:
    """Place all that stands below the last line."""
    _close_panel(cursor)
    top = cursor.y
    _axis(cursor)
    _small_print(cursor, top)
    _footnotes(cursor)


def _close_panel(cursor: Cursor) -> None:
    """Draw the line of no effect, and a thin line up from the overall estimate, around the words."""
    axis = cursor.layout.axis
    cursor.y += 2
    if axis is None:
        if not cursor.layout.footnotes:
            cursor.rule()
        return
    top, bottom = cursor.panel_top - 4, cursor.y
    if axis.null_place is not None:
        cursor.page.null_line = _upright(cursor, axis.null_place, top, bottom)
    beside, panel = cursor.layout.absolute_axis, cursor.spans.absolute_panel
    if beside is not None and panel is not None and beside.null_place is not None:
        x = panel[0] + beside.null_place * (panel[1] - panel[0])
        cursor.page.null_line += [(x, upper, lower) for _, upper, lower in _upright(cursor, 0.0, top, bottom)]
    pooled = cursor.layout.pooled_place
    if pooled is not None and cursor.pooled_bottom is not None and cursor.style.pooled_line:
        end = cursor.pooled_bottom - cursor.sizes.diamond / 2
        cursor.page.pooled_line = _upright(cursor, pooled, top + 4, end)


def _upright(cursor: Cursor, share: float, top: float, bottom: float) -> list[Upright]:
    x, pieces, start = cursor.x_of(share), [], top
    for gap_top, gap_bottom in sorted(cursor.gaps):
        if gap_top > start:
            pieces.append((x, start, min(gap_top, bottom)))
        start = max(start, gap_bottom)
    if start < bottom:
        pieces.append((x, start, bottom))
    # A stub between two lines of words would look like a mark of its own.
    heights = [placed.y for placed in cursor.page.marks]
    return [piece for piece in pieces if any(piece[1] <= y <= piece[2] for y in heights)]


def _axis(cursor: Cursor) -> None:
    axis, small = cursor.layout.axis, cursor.sizes.small
    if axis is None:
        cursor.y += 4
        return
    left, right = cursor.spans.panel
    cursor.page.axis_line = (cursor.y, left, right)
    below = _absolute_axis(cursor)
    for tick in axis.ticks:
        x = cursor.x_of(tick.place)
        cursor.page.tick_lines.append((x, cursor.y, cursor.y + 3))
        cursor.page.texts.append(PlacedText(x, cursor.y + 4 + small, tick.label, small, align="center"))
    cursor.y += 4 + small + 3
    if cursor.style.axis_title != "none":
        beyond = 60.0 if cursor.style.print_place == "below" else 0.0
        for text in wrap_text(axis.title, right - left + beyond, small):
            cursor.page.texts.append(
                PlacedText((left + right) / 2, cursor.y + small, text, small, tone="muted", align="center")
            )
            cursor.y += cursor.sizes.small_line
    if axis.favours is not None and axis.null_place is not None and not cursor.favours_told:
        place_sides_below(cursor)
    cursor.y = max(cursor.y + 4, below)


def _absolute_axis(cursor: Cursor) -> float:
    """Place the axis of patients beside that of ratios; returns where what it counts ends."""
    axis, panel, small = cursor.layout.absolute_axis, cursor.spans.absolute_panel, cursor.sizes.small
    if axis is None or panel is None:
        return cursor.y
    left, right = panel
    cursor.page.absolute_axis_line = (cursor.y, left, right)
    for tick in axis.ticks:
        x = left + tick.place * (right - left)
        cursor.page.tick_lines.append((x, cursor.y, cursor.y + 3))
        cursor.page.texts.append(PlacedText(x, cursor.y + 4 + small, tick.label, small, align="center"))
    y = cursor.y + 4 + small + 3
    for text in wrap_text(axis.title, right - left + 8, small):
        middle = (left + right) / 2
        cursor.page.texts.append(PlacedText(middle, y + small, text, small, tone="muted", align="center"))
        y += cursor.sizes.small_line
    return y + 4


def _small_print(cursor: Cursor, axis_top: float) -> None:
    """Write what stands behind the overall estimate: under the axis, or left of it."""
    texts = cursor.layout.small_print
    if cursor.style.print_place == "below" or cursor.layout.axis is None:
        cursor.y += 4 if texts else 0
        for text in texts:
            cursor.paragraph(text, MARGIN, cursor.spans.right_end - MARGIN, "ink")
        return
    below_axis, cursor.y = cursor.y, axis_top
    narrow, wide = cursor.spans.left_end - MARGIN, cursor.spans.right_end - MARGIN
    lowest = below_axis + LINES_BELOW * cursor.sizes.small_line
    beside = True
    for text in texts:
        height = cursor.sizes.small_line * len(wrap_text(clean_text(text), narrow, cursor.sizes.small))
        if beside and cursor.y + height > lowest:
            # A long column of small print beside nothing: the rest has the whole width.
            beside, cursor.y = False, max(cursor.y, below_axis) + 2
        cursor.paragraph(text, MARGIN, narrow if beside else wide, "ink")
    cursor.y = max(cursor.y, below_axis)


def _footnotes(cursor: Cursor) -> None:
    notes, small = cursor.layout.footnotes, cursor.sizes.small
    if not notes:
        return
    cursor.y += 3
    cursor.rule()
    cursor.y += 4
    indent = max((text_width(note.mark, small) for note in notes), default=0.0)
    for note in notes:
        x = MARGIN + (indent + 4 if note.mark else 0)
        if note.mark:
            mark = PlacedText(MARGIN, cursor.y + small, note.mark, small, italic=True, tone="muted")
            cursor.page.texts.append(mark)
        cursor.paragraph(note.text, x, cursor.spans.right_end - x, "muted")
