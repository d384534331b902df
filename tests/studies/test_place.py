from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from evisynth.studies import PlaceError, cites_any_of, parse_place


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("line 34", ((34, 34),)),
        ("lines 53-57", ((53, 57),)),
        ("lines 53 to 57", ((53, 57),)),
        ("Lines 53–57", ((53, 57),)),
        ("line 34, line 51", ((34, 34), (51, 51))),
        ("table 2; lines 3-4", ((3, 4),)),
        ("table 2", ()),
        ("Table S2", ()),
        ("tables 2-3", ()),
        ("figure 3, panel B", ()),
        ("page 4, column 2", ()),
        ("section results", ()),
        ("title", ()),
        ("abstract", ()),
    ],
)
def test_places_are_read(text: str, lines: tuple[tuple[int, int], ...]) -> None:
    assert parse_place(text).lines == lines


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("34", "type line 34"),
        ("53-57", "type lines 53-57"),
        ("ln 34", "type line 34"),
        ("tabel 2", "type table and its number"),
        ("lines 57-53", "type the first number first"),
        ("line 0", "type the first number first"),
        ("somewhere", "type line 34"),
        ("line 3,", "type line 34"),
        ("", "type line 34"),
        ("section", "type section and its number"),
    ],
)
def test_what_is_no_place_is_refused(text: str, fix: str) -> None:
    with pytest.raises(PlaceError) as caught:
        parse_place(text)
    assert caught.value.fix.startswith(fix)


@given(
    first=st.integers(1, 500), length=st.integers(0, 20), start=st.integers(1, 500), more=st.integers(0, 20)
)
def test_citing_lines_is_sharing_a_line(first: int, length: int, start: int, more: int) -> None:
    cited, excluded = set(range(first, first + length + 1)), set(range(start, start + more + 1))
    assert cites_any_of(f"lines {first}-{first + length}", ((start, start + more),)) == bool(cited & excluded)
