"""Entries of an evidence map: which comparison a study makes, what it is named, who is counted."""

from __future__ import annotations

from evisynth.figures import evidence_entries

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


def test_comparisons_have_a_family(study_of) -> None:
    outcomes = """outcomes:
  - outcome: overall survival
    values: {complete: {median: 60 months}, incomplete: {median: 30 months}, young: {median: 50 months},
             old: {median: 40 months}, registry: {median: 20 months}}
"""
    entries = evidence_entries([study_of("a", GROUPS + outcomes)])
    assert {entry.comparison: entry.family for entry in entries} == {
        "complete vs incomplete": "Treatments compared",
        "own patients vs registry": "Compared with a registry",
        "by age": "Patients compared",
    }


def test_tumours_are_compared_by_what_tells_them_apart(study_of) -> None:
    groups = """groups:
  pancreas: {label: Pancreas, n: 60, of: all, by: primary site, population: PNET}
  gut: {label: Gut, n: 40, of: all, by: primary site, population: siNET}
  all: {label: All, n: 100}
"""
    outcomes = """outcomes:
  - outcome: overall survival
    values: {pancreas: {median: 60 months}, gut: {median: 30 months}}
"""
    assert entries_of(study_of, outcomes, groups) == {("overall survival", "by primary site"): 100}


def test_the_second_term_begins_small_unless_it_is_an_abbreviation(study_of) -> None:
    outcomes = """outcomes:
  - outcome: overall survival
    values: {complete: {median: 60 months}, incomplete: {median: 30 months}}
"""
    study = study_of("a", GROUPS + outcomes)
    [entry] = evidence_entries([study], {"complete": "Complete", "incomplete": "Incomplete"})
    assert entry.comparison == "Complete vs incomplete"
    [entry] = evidence_entries([study], {"complete": "R0", "incomplete": "R1"})
    assert entry.comparison == "R0 vs R1"


def test_labels_replace_ids(study_of) -> None:
    outcomes = "outcomes:\n  - outcome: overall survival\n    values: {all: {median: 60 months}}\n"
    [entry] = evidence_entries([study_of("a", GROUPS + outcomes)], {"overall_survival": "Overall survival"})
    assert entry.outcome == "Overall survival"


def test_a_comparison_is_the_same_the_other_way_round(study_of) -> None:
    outcomes = """outcomes:
  - outcome: overall survival
    values: {complete: {median: 60 months}, incomplete: {median: 30 months}}
"""
    turned = """groups:
  all: {label: All, n: 30}
  incomplete: {label: Incomplete, n: 20, of: all, by: extent, extent: incomplete}
  complete: {label: Complete, n: 10, of: all, by: extent, extent: complete}
"""
    studies = [study_of("a", GROUPS + outcomes), study_of("b", turned + outcomes)]
    entries = [entry for entry in evidence_entries(studies) if entry.comparison != "no comparison"]
    assert [(entry.study, entry.comparison) for entry in entries] == [
        ("a", "complete vs incomplete"),
        ("b", "complete vs incomplete"),
    ]
