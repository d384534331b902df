"""The cohort timeline: years as bars, unknown ones said, overlaps in brackets that do not meet."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from evisynth.errors import InvalidDataError
from evisynth.figures import (
    CohortOverlap,
    Line,
    Points,
    Shape,
    TimelineCohort,
    Words,
    cohort_timeline,
    lay_out_cohort_timeline,
    place_brackets,
    recorded_overlaps,
    timeline_cohorts,
)

COHORTS = (
    TimelineCohort("late", 2005, 2010, "Uppsala", 120, 62.0, 2012),
    TimelineCohort("unknown", patients=34),
    TimelineCohort("early", 1990, 2006, None, 1500, None, 2008),
)
OVERLAPS = (
    CohortOverlap("late", "early", "probably contained"),
    CohortOverlap("late", "unknown", "possible", suspected=True),
)


def test_bars_hold_their_first_and_last_year_whole(marks_of) -> None:
    chart = lay_out_cohort_timeline(COHORTS)
    bars = [(min(b.xs), max(b.xs), sum(b.ys) / 4) for b in marks_of(chart, Shape)]
    assert bars == [(1989.5, 2006.5, 0), (2004.5, 2010.5, 1)]
    published = [(mark.xs[0], mark.ys[0]) for mark in marks_of(chart, Points)]
    assert published == [(2008, 0), (2012, 1)]


def test_rows_are_ordered_by_their_years_and_name_the_place() -> None:
    chart = lay_out_cohort_timeline(COHORTS)
    names = [tick.label for tick in chart.panels[0][0].y_axis.ticks]
    assert names == ["early", "late, Uppsala", "unknown"]
    assert "2 studies do not state where the patients were treated." in chart.notes
    assert not any("where" in note for note in lay_out_cohort_timeline(COHORTS[:1]).notes)


def test_unknown_years_are_said(marks_of) -> None:
    chart = lay_out_cohort_timeline(COHORTS)
    assert [w.y for w in marks_of(chart, Words) if w.text == "years not stated"] == [2]
    [line] = [m for m in marks_of(chart, Line) if m.style == "dotted"]
    assert list(line.ys) == [2, 2]
    assert "years stated by 2" in chart.subtitle


def test_patients_and_follow_up_stand_beside() -> None:
    columns = {
        panel.title: [mark.text for mark in panel.marks]
        for panel in lay_out_cohort_timeline(COHORTS).panels[0][1:]
    }
    assert columns == {"Patients": ["1,500", "120", "34"], "Follow-up, months": ["–", "62", "–"]}
    without = lay_out_cohort_timeline(COHORTS[1:])
    assert [panel.title for panel in without.panels[0]] == ["Years of treatment", "Patients"]


def test_overlaps_are_brackets_with_their_extent(marks_of) -> None:
    chart = lay_out_cohort_timeline(COHORTS, OVERLAPS)
    panel = chart.panels[0][-1]
    lines = [mark for mark in panel.marks if isinstance(mark, Line)]
    brackets = {(round(mark.ys[0]), round(mark.ys[-1])): mark.style for mark in lines}
    assert brackets == {(0, 1): "solid", (1, 2): "dashed"}
    words = [mark.text for mark in panel.marks if isinstance(mark, Words)]
    assert words == ["probably contained (recorded)", "suspected, undecided"]
    assert "late and early probably contained (recorded)" in chart.description


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=25))
def test_brackets_of_one_lane_never_meet(pairs) -> None:
    rows = {f"s{i}": i for i in range(11)}
    overlaps = [CohortOverlap(f"s{a}", f"s{b}", "possible") for a, b in pairs]
    placed = place_brackets(overlaps, rows)
    # Twelve and thirteen have no row; a study does not overlap with itself.
    assert len(placed) == sum(a != b and max(a, b) <= 10 for a, b in pairs)
    for i, one in enumerate(placed):
        for other in placed[:i]:
            assert one.lane != other.lane or one.bottom < other.top or other.bottom < one.top


def test_many_overlaps_are_named_in_the_notes(marks_of) -> None:
    cohorts = [TimelineCohort(f"s{i}", 2000, 2010) for i in range(9)]
    overlaps = [CohortOverlap(f"s{i}", f"s{j}", "possible") for i in range(9) for j in range(i)]
    chart = lay_out_cohort_timeline(cohorts, overlaps)
    assert not [mark for mark in chart.panels[0][-1].marks if isinstance(mark, Words)]
    assert any(note.startswith("Overlaps: ") and note.endswith("and 6 more.") for note in chart.notes)


def test_wrong_or_no_cohorts_are_refused() -> None:
    with pytest.raises(InvalidDataError, match="needs one"):
        lay_out_cohort_timeline([])
    with pytest.raises(InvalidDataError, match="years of a run backwards: 2010 to 2000"):
        lay_out_cohort_timeline([TimelineCohort("a", 2010, 2000)])


def test_cohorts_are_read_from_studies(study_of) -> None:
    cohort = """{institution: Uppsala, accrual: 1995 to 2004, at: line 1,
        follow_up: {median: 62 months, method: reverse Kaplan-Meier}}"""
    text = """groups:
  all: {label: All, n: 90}
  left: {label: Left out, n: 30, of: all, by: choice}
  kept: {label: Kept, n: 60, of: all, by: choice}
outcomes:
  - outcome: overall survival
    values: {kept: {median: 60 months}}
"""
    [found] = timeline_cohorts([study_of("a", text, 2006, cohort)])
    # Ninety were seen; the study prints figures for sixty.
    assert found == TimelineCohort("a", 1995, 2004, "Uppsala", 60, 62.0, 2006)


def test_of_two_statements_on_an_overlap_the_wider_stands(study_of) -> None:
    def study(name, other, extent):
        overlap = f"{{with: {other}, extent: {extent}, because: made up}}"
        return study_of(name, "groups: {all: {label: All, n: 9}}\n", cohort=f"{{overlaps: [{overlap}]}}")

    both = [study("a", "b", "possible"), study("b", "a", "contained"), study("c", "a", "none")]
    assert recorded_overlaps(both) == [CohortOverlap("b", "a", "contained")]


def test_the_five_abstracts(studies, unreadable) -> None:
    cohorts, overlaps = timeline_cohorts(studies), recorded_overlaps(studies)
    assert [cohort.patients for cohort in cohorts] == [546, 261, 319, 34, 108]
    assert [(o.study, o.other, o.extent) for o in overlaps] == [
        ("gudmundsdottir-2023", "mayo-sinet-peritoneal-2024", "probably contained")
    ]
    assert unreadable(cohort_timeline(cohorts, overlaps)) == []


@pytest.mark.parametrize("count", [1, 2, 60])
def test_any_number_of_cohorts_is_readable(unreadable, count) -> None:
    cohorts = [
        TimelineCohort(
            f"study-{i}", 1950 + i, 1955 + i + i % 20, "Hospital" * (i % 4), 10**i % 10**7, float(i)
        )
        for i in range(count)
    ]
    overlaps = [
        CohortOverlap(f"study-{i}", f"study-{i + 1}", "possible", i % 2 > 0) for i in range(count - 1)
    ]
    assert unreadable(cohort_timeline(cohorts, overlaps)) == []


def test_hostile_names_and_no_years_are_readable(unreadable, hostile_labels) -> None:
    cohorts = [TimelineCohort(f"{label}{i}", institution=label) for i, label in enumerate(hostile_labels)]
    overlaps = [CohortOverlap(cohorts[0].study, cohorts[1].study, "contained")]
    assert unreadable(cohort_timeline(cohorts, overlaps)) == []
    one_year = [TimelineCohort(label, 2000, 2000, label) for label in hostile_labels]
    assert unreadable(cohort_timeline(one_year)) == []


def test_many_cohorts_stand_close_without_their_years_in_words(marks_of) -> None:
    def chart(count):
        return lay_out_cohort_timeline(
            [TimelineCohort(f"s{i}", 2000 + i % 9, 2010, None, 50, None, 2012) for i in range(count)]
        )

    few, many = chart(20), chart(21)
    assert few.panels[0][0].height / 20 > 2 * many.panels[0][0].height / 21
    assert [w.text for w in marks_of(few, Words) if "to" in w.text]
    assert not [w.text for w in marks_of(many, Words) if "to" in w.text]
    # Sixty of them on a page of A4, 10.9 inches without margins of 1 cm: letters of 7 points become 6.3.
    sixty = cohort_timeline([TimelineCohort(f"s{i}", 2000, 2010, "Uppsala", 50) for i in range(60)])
    assert sixty.get_size_inches()[1] < 12.1
