"""Shares, counts and ranges of a whole set against those of its parts."""

from __future__ import annotations

import pytest

from evisynth.checks import find_check

STUDY = """\
groups:
  all: {label: All, n: 753, at: line 1}
  yes: {label: Surgery, n: 339, of: all, by: treatment, at: line 1}
  no: {label: Embolisation, n: 414, of: all, by: treatment, at: line 1}
outcomes:
  - {outcome: major complications, at: line 2, values: {all: {ALL}, yes: {YES}, no: {NO}}}
"""


def study(whole: str, yes: str, no: str, outcome: str = "major complications") -> str:
    text = STUDY.replace("ALL", whole).replace("YES", yes).replace("NO", no)
    return text.replace("major complications", outcome)


@pytest.mark.parametrize(
    ("whole", "found"),
    # (339 * 28 + 414 * 48) / 753 = 38.996; with the rounding of both parts from 38.496 to 39.496.
    [
        ("47%", True),
        ("39%", False),
        ("38%", False),
        ("37%", True),
        ("38.4%", True),
        ("39.4%", False),
        ("41%", True),
    ],
)
def test_parts_weighted_by_their_sizes_make_the_share_of_the_whole(outcomes_of, whole, found) -> None:
    text = study(f"proportion: {whole}", "proportion: 28%", "proportion: 48%")
    (told,) = outcomes_of(find_check("share-against-parts"), text)
    assert (told is not None) is found
    if told is not None:
        assert "make 39% of 753" in told.message


def test_a_share_of_other_patients_is_not_weighted(outcomes_of) -> None:
    text = study("proportion: 47%, n: 500", "proportion: 28%", "proportion: 48%")
    assert outcomes_of(find_check("share-against-parts"), text) == []


@pytest.mark.parametrize(
    ("whole", "part", "found"),
    [
        ("count: 40", "count: 41", True),
        ("count: 41", "count: 41", False),
        # 12% of 753 are 87 to 94 patients, 28% of 339 are 94 to 96.
        ("proportion: 12%", "proportion: 28%", False),
        ("proportion: 11%", "proportion: 28%", True),
    ],
)
def test_a_part_has_no_more_patients_of_a_kind_than_its_whole(outcomes_of, whole, part, found) -> None:
    told = outcomes_of(find_check("part-beyond-whole"), study(whole, part, "proportion: not reported"))
    assert any(one is not None for one in told) is found


@pytest.mark.parametrize(
    ("part", "found"), [("1 to 172", False), ("1 to 173", True), ("0 to 90", True), ("6 to 122", False)]
)
def test_the_range_of_a_part_lies_within_that_of_its_whole(outcomes_of, part, found) -> None:
    text = study(
        "median: 49 months (range 1 to 172)", f"median: 49 months (range {part})", "median: not reported"
    )
    told = outcomes_of(
        find_check("part-beyond-whole"), text.replace("major complications", "overall survival")
    )
    assert any(one is not None for one in told) is found
