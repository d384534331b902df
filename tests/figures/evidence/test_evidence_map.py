"""The evidence map: who is counted where, and circles whose area is their patients."""

from __future__ import annotations

import pytest

from evisynth.errors import InvalidDataError
from evisynth.figures import (
    LEAST,
    NO_COMPARISON,
    EvidenceEntry,
    Line,
    Points,
    Words,
    evidence_entries,
    evidence_map,
    lay_out_evidence_map,
    map_cells,
)

ENTRIES = (
    EvidenceEntry("survival", "resection", "a", 400),
    EvidenceEntry("survival", "resection", "b", None),
    EvidenceEntry("survival", "ablation", "b", 100),
    EvidenceEntry("relief", "resection", "a", None),
)


def test_a_cell_counts_studies_and_their_patients() -> None:
    cells = map_cells([*ENTRIES, EvidenceEntry("survival", "resection", "a", 80)])
    assert {place: (cell.studies, cell.patients, cell.some_unknown) for place, cell in cells.items()} == {
        ("survival", "resection"): (2, 400, True),
        ("survival", "ablation"): (1, 100, False),
        ("relief", "resection"): (1, None, True),
    }


@pytest.fixture
def panels():
    """Lay out entries and find the panels by their titles; the heads of the columns have none."""

    def build(entries):
        return {row[0].title: row[0] for row in lay_out_evidence_map(entries).panels}

    return build


def texts(panel) -> list[str]:
    return [mark.text for mark in panel.marks if isinstance(mark, Words)]


def circles(panel) -> dict[tuple[float, float], Points]:
    return {(m.xs[0], m.ys[0]): m for m in panel.marks if isinstance(m, Points)}


def test_rows_and_columns_with_most_come_first(panels) -> None:
    # Resection has three cells of entries, survival three; comparisons of no family have no title.
    found = lay_out_evidence_map(ENTRIES).panels
    assert texts(found[0][0]) == ["Survival", "Relief"]
    assert [tick.label for tick in found[1][0].y_axis.ticks] == ["Resection", "Ablation"]


def test_comparisons_of_one_family_stand_together(panels) -> None:
    entries = [
        EvidenceEntry("survival", "by age", "a", 9, "Patients compared"),
        EvidenceEntry("survival", "by age", "b", 9, "Patients compared"),
        EvidenceEntry("survival", "own patients vs registry", "a", 9, "Compared with a registry"),
        EvidenceEntry("survival", "a new kind", "a", 9, "Something else"),
        EvidenceEntry("survival", "complete vs incomplete", "a", 9, "Treatments compared"),
        EvidenceEntry("survival", "resection vs no resection", "a", 90, "Treatments compared"),
    ]
    found = panels(entries)
    families = ["Treatments compared", "Compared with a registry", "Patients compared", "Something else"]
    assert list(found) == ["", *families]
    treatments = found["Treatments compared"]
    assert [tick.label for tick in treatments.y_axis.ticks] == [
        "Resection vs no resection",
        "Complete vs incomplete",
    ]
    # A line along a row would strike out its numbers: the axis has none, and lines run between rows.
    assert not treatments.y_axis.lines
    assert [mark.ys for mark in treatments.marks if isinstance(mark, Line)] == [[0.5, 0.5]]


def test_the_area_of_a_circle_is_its_patients() -> None:
    found = circles(lay_out_evidence_map(ENTRIES).panels[1][0])
    assert found[0, 0].diameters ** 2 == pytest.approx(4 * found[0, 1].diameters ** 2)
    assert (found[1, 0].fill, found[1, 0].diameters) == ("white", LEAST)
    # The empty cell is shown: a small ring.
    assert (found[1, 1].fill, found[1, 1].diameters < LEAST / 2) == ("white", True)


def test_numbers_stand_in_and_beside_the_circles() -> None:
    panel = lay_out_evidence_map(ENTRIES).panels[1][0]
    words = [mark for mark in panel.marks if isinstance(mark, Words)]
    assert {(w.x, w.y, w.text) for w in words} == {
        (0, 0, "2"), (0, 0, "400+"), (0, 1, "1"), (0, 1, "100"), (1, 0, "1"),
    }  # fmt: skip
    diameters = {place: mark.diameters for place, mark in circles(panel).items()}
    assert all(w.dx > diameters[w.x, w.y] / 2 for w in words if w.align == "left")


def test_outcomes_that_no_study_compares_are_listed(panels) -> None:
    alone = [
        EvidenceEntry("death", NO_COMPARISON, "a", 400),
        EvidenceEntry("death", NO_COMPARISON, "b", None),
        EvidenceEntry("bleeding", NO_COMPARISON, "a", None),
    ]
    found = panels([*ENTRIES, *alone])
    assert texts(found[""]) == ["2", "400+", "1", "1", "100"]  # the panel of the comparisons
    listed = found["Reported, but compared by no study"]
    assert texts(listed) == ["2", "Death, 400+", "1", "Bleeding"]
    sizes = circles(listed)
    assert sizes[0, 0].diameters == circles(found[""])[0, 0].diameters  # one scale for both
    assert (sizes[1, 0].fill, sizes[1, 0].diameters) == ("white", LEAST)


def test_the_subtitle_counts_what_is_empty() -> None:
    alone = EvidenceEntry("death", NO_COMPARISON, "c", 40)
    assert lay_out_evidence_map([*ENTRIES, alone]).subtitle == (
        "3 studies; 2 comparisons on 2 outcomes, 3 of 4 cells with evidence; 1 outcome that no study compares"
    )
    assert lay_out_evidence_map([alone]).subtitle == "1 study; 1 outcome that no study compares"


def test_nothing_is_refused() -> None:
    with pytest.raises(InvalidDataError, match="needs one"):
        lay_out_evidence_map([])


def test_the_five_abstracts(studies) -> None:
    cells = map_cells(evidence_entries(studies))
    resection = cells["overall survival", "resection vs no resection"]
    # One abstract: 80 + 37, 31 + 6, 147 + 18 patients.
    assert (resection.studies, resection.patients) == (1, 319)
    assert cells["overall survival", "complete vs incomplete"].studies == 3


@pytest.mark.parametrize("count", [1, 2, 60, 500])
def test_any_number_of_studies_is_readable(unreadable, count) -> None:
    entries = [
        EvidenceEntry(
            f"outcome {i % 13}", f"one thing vs another {i % 7}", f"study {i}", 10**6 if i % 5 else None
        )
        for i in range(count)
    ]
    assert unreadable(evidence_map(entries)) == []


def test_hostile_names_are_readable(unreadable, hostile_labels) -> None:
    entries = [
        EvidenceEntry(outcome, comparison, "a", 1)
        for outcome in hostile_labels
        for comparison in hostile_labels
    ]
    assert unreadable(evidence_map(entries)) == []


def test_groups_on_their_own_have_a_row_where_others_are_compared(panels) -> None:
    alone = EvidenceEntry("survival", NO_COMPARISON, "c", 40)
    panel = panels([*ENTRIES, alone])["Not compared"]
    assert [tick.label for tick in panel.y_axis.ticks] == ["Groups on their own"]
    assert circles(panel)[0, 0].fill == "mark"
    assert circles(panel)[1, 0].diameters < LEAST / 2
    assert "Not compared" not in panels(ENTRIES)


def test_notes_say_only_what_is_there() -> None:
    full = [EvidenceEntry("survival", "resection", "a", 400)]
    assert lay_out_evidence_map(full).notes == (
        "The area of a circle stands for its patients (largest: 400). Patients whom studies share are not "
        "taken off.",
    )
    small = EvidenceEntry("survival", "ablation", "a", 20)
    assert "the least ones are drawn larger" in lay_out_evidence_map([*full, small]).notes[0]


def test_the_map_of_the_five_abstracts_stands_on_one_page(studies) -> None:
    figure = evidence_map(evidence_entries(studies))
    width, height = figure.get_size_inches()
    # A page of A4 with margins of 1 cm is 7.5 by 10.9 inches; letters of 7 points may shrink to 5.9.
    assert max(width / 7.5, height / 10.9) < 1.18
