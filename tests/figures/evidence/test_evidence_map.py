"""The evidence map: who is counted where, and circles whose area is their patients."""

from __future__ import annotations

import pytest

from evisynth.errors import InvalidDataError
from evisynth.figures.chart.chart import Points, Words
from evisynth.figures.evidence.evidence_entries import NO_COMPARISON, EvidenceEntry, evidence_entries
from evisynth.figures.evidence.evidence_map import LEAST, evidence_map, lay_out_evidence_map, map_cells

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


def test_rows_and_columns_with_most_come_first(marks_of) -> None:
    panel = lay_out_evidence_map(ENTRIES).panels[0][0]
    assert [tick.label for tick in panel.y_axis.ticks] == ["Survival", "Relief"]
    heads = [mark.text for mark in panel.marks if isinstance(mark, Words) and mark.level == "bottom"]
    assert heads == ["resection", "ablation"]


def test_the_area_of_a_circle_is_its_patients(marks_of) -> None:
    circles = {(m.xs[0], m.ys[0]): m for m in marks_of(lay_out_evidence_map(ENTRIES), Points)}
    assert circles[0, 0].diameters ** 2 == pytest.approx(4 * circles[1, 0].diameters ** 2)
    assert (circles[0, 1].fill, circles[0, 1].diameters) == ("white", LEAST)
    # The empty cell is shown: a small ring.
    assert (circles[1, 1].fill, circles[1, 1].diameters < LEAST / 2) == ("white", True)


def test_numbers_stand_in_and_under_the_circles(marks_of) -> None:
    words = marks_of(lay_out_evidence_map(ENTRIES), Words)
    assert {(w.x, w.y, w.text) for w in words if w.level != "bottom"} == {
        (0, 0, "2"), (0, 0, "400+"), (1, 0, "1"), (1, 0, "100"), (0, 1, "1"),
    }  # fmt: skip


def test_nothing_is_refused() -> None:
    with pytest.raises(InvalidDataError, match="needs one"):
        lay_out_evidence_map([])


GROUPS = """groups:
  all: {label: All, n: 100}
  complete: {label: Complete, n: 60, of: all, by: extent, extent: complete}
  incomplete: {label: Incomplete, n: 40, of: all, by: extent, extent: incomplete}
  young: {label: Young, of: all, by: age}
  old: {label: Old, of: all, by: age}
  registry: {label: Registry, role: external, extent: complete}
"""


def entries_of(study_of, outcomes: str, groups: str = GROUPS):
    entries = evidence_entries([study_of("a", groups + outcomes)])
    return {(entry.outcome, entry.comparison): entry.patients for entry in entries}


def test_parts_of_a_split_are_named_after_their_tags(study_of) -> None:
    outcomes = """outcomes:
  - outcome: overall survival
    values: {complete: {median: 60 months}, incomplete: {median: 30 months}, young: {median: 50 months}}
  - outcome: major complications
    values: {all: {proportion: 20%}}
"""
    # A single young group is no comparison, and its size is not printed.
    assert entries_of(study_of, outcomes) == {
        ("overall survival", "complete vs incomplete"): 100,
        ("overall survival", "no comparison"): None,
        ("major complications", "no comparison"): 100,
    }


def test_parts_without_a_size_count_as_their_whole(study_of) -> None:
    outcomes = """outcomes:
  - outcome: overall survival
    values: {young: {median: 60 months}, old: {median: 30 months}, all: {median: 40 months}}
"""
    assert entries_of(study_of, outcomes) == {
        ("overall survival", "by age"): 100,
        ("overall survival", "no comparison"): 100,
    }


def test_registry_figures_are_a_comparison_of_own_patients(study_of) -> None:
    outcomes = """outcomes:
  - outcome: overall survival
    values: {complete: {median: 60 months}, registry: {median: 30 months}}
"""
    assert entries_of(study_of, outcomes) == {("overall survival", "own patients vs registry"): 60}


def test_labels_replace_ids(study_of) -> None:
    outcomes = "outcomes:\n  - outcome: overall survival\n    values: {all: {median: 60 months}}\n"
    [entry] = evidence_entries([study_of("a", GROUPS + outcomes)], {"overall_survival": "Overall survival"})
    assert entry.outcome == "Overall survival"


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


def test_a_column_without_comparison_is_explained() -> None:
    alone = EvidenceEntry("survival", NO_COMPARISON, "a", 40)
    assert any(note.startswith("No comparison:") for note in lay_out_evidence_map([alone]).notes)
    assert not any(note.startswith("No comparison:") for note in lay_out_evidence_map(ENTRIES).notes)
