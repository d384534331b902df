from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from evisynth.outcomes import Group, GroupTree, PrintedSize, shown_sizes, size_of_group
from evisynth.quantities import parse_quantity


def printed(text: str, worked_out: str | None = None) -> PrintedSize:
    quantity = parse_quantity(text, "share" if "%" in text or not text[0].isdigit() else "count")
    return PrintedSize(
        quantity.as_reported, quantity.state, quantity.qualifier, quantity.value, quantity.unit,
        quantity.half_unit, quantity.count, worked_out, "line 8",
    )  # fmt: skip


def group(name: str, size: PrintedSize | None, part_of: str | None = None) -> Group:
    split = "parts" if part_of else None
    return Group(name, name, "own", {}, part_of, split, size, "line 7", "studies/a.yaml:7", 1)


def candidates(whole: str | None, part: str | None, **more: Any) -> tuple[int, ...]:
    groups = [
        group("all", printed(whole) if whole else None),
        group("part", printed(part, **more) if part else None, "all"),
    ]
    return size_of_group(GroupTree("s", {entry.name: entry for entry in groups}), groups[1]).candidates


@pytest.mark.parametrize(
    ("whole", "part", "expected"),
    [
        # METHODS TV-6: rounding decides, and truncation only where no count rounds to the print.
        ("211", "78%", (164, 165)),
        ("50", "56%", (28,)),
        ("34", "68%", (23,)),
        ("22", "41%", (9,)),
        ("546", "27%", (145, 146, 147, 148, 149, 150)),
        ("546", "1.6%", (9,)),
        # Nothing else is cut off: 90.9 and 13.9 patients.
        ("108", "84.2%", (90, 91)),
        ("108", "12.9%", (13, 14)),
        # METHODS 1A.6.
        ("108", "about two thirds", tuple(range(69, 77))),
        ("50", "at least 97%", (49, 50)),
        ("28", "at least 97%", (28,)),
        ("37", "at least 97%", (36, 37)),
        ("100", "at least 97%", (97, 98, 99, 100)),
        ("9", "the majority", (5, 6, 7, 8, 9)),
        ("10", "the majority", (6, 7, 8, 9, 10)),
        ("10", "less than 50%", (0, 1, 2, 3, 4)),
        # Nothing to work with, or nothing that fits.
        (None, "78%", ()),
        ("34", None, ()),
        ("34", "not reported", ()),
        ("3", "50%", ()),
        # Printed for itself.
        ("108", "91 (84.2%)", (91,)),
        ("108", "28", (28,)),
    ],
)
def test_the_counts_that_the_print_allows(
    whole: str | None, part: str | None, expected: tuple[int, ...]
) -> None:
    assert candidates(whole, part) == expected


def test_a_share_of_a_share_keeps_every_possibility() -> None:
    groups = {
        "all": group("all", printed("546")),
        "functional": group("functional", printed("37%"), "all"),
        "relieved": group("relieved", printed("96%"), "functional"),
    }
    size = size_of_group(GroupTree("s", groups), groups["relieved"])
    # 95.5 to 96.5 % of 200 to 204: 191 to 193 of 200 up to 195 and 196 of 204.
    assert size.candidates == (191, 192, 193, 194, 195, 196)
    assert size.how == "96% of functional (200 to 204)"
    assert size.exact is None


def test_a_size_says_where_it_comes_from() -> None:
    whole = group("all", printed("34"))
    part = group("part", printed("12", worked_out="34 less 22"), "all")
    tree = GroupTree("s", {"all": whole, "part": part})
    assert size_of_group(tree, whole).how == "printed"
    size = size_of_group(tree, part)
    assert (size.how, size.as_reported, size.source_location) == (
        "worked out by the reader: 34 less 22",
        "12",
        "line 8",
    )
    silent = size_of_group(tree, group("silent", None))
    assert (silent.as_reported, silent.source_location, silent.candidates) == ("not reported", "line 7", ())


def test_cut_off_digits_are_told() -> None:
    groups = {"all": group("all", printed("108")), "part": group("part", printed("84.2%"), "all")}
    size = size_of_group(GroupTree("s", groups, cuts_percentages_off=True), groups["part"])
    assert ("cut off" in size.how, size.candidates) == (True, (91,))


@given(whole=st.integers(1, 2000), data=st.data(), digits=st.integers(0, 2))
def test_the_true_count_is_always_among_the_candidates(whole: int, data: st.DataObject, digits: int) -> None:
    count = data.draw(st.integers(0, whole))
    assert count in candidates(str(whole), f"{100 * count / whole:.{digits}f}%")


def test_one_size_is_shown_everywhere() -> None:
    groups = {"all": group("all", printed("211")), "part": group("part", printed("78%"), "all")}
    size = size_of_group(GroupTree("s", groups), groups["part"])
    # 164 is the size that standard errors rest on, and that tables and plots show.
    assert (size.exact, size.shown, size.words) == (None, 164, "164 patients, or up to 165")
    whole = size_of_group(GroupTree("s", groups), groups["all"])
    assert (whole.shown, whole.words) == (211, "211 patients")


def test_the_sizes_of_the_five_studies(connection) -> None:
    sizes = shown_sizes(connection, "overall_survival")
    of = {group: size for (study, group), size in sizes.items() if study == "mayo-sinet-peritoneal-2024"}
    assert (of["liver-complete"], of["liver-peritoneum-complete"], of["all"]) == (164, 28, 261)
    assert "liver-incomplete" not in of
