"""Patients behind groups: nobody twice, and no number where none is printed."""

from __future__ import annotations

import pytest

from evisynth.figures import groups_with_figures, patients_of

GROUPS = """groups:
  all: {label: All, n: 100}
  liver: {label: Liver, n: 60, of: all, by: site}
  bone: {label: Bone, n: 40, of: all, by: site}
  liver-cut: {label: Resected, n: 45, of: liver, by: resection}
  young: {label: Young, of: all, by: age}
  old: {label: Old, of: all, by: age}
  here: {label: Here, n: 52, of: all, by: centre}
  there: {label: There, n: 43, of: all, by: centre}
  share: {label: A share, n: 30%, of: all, by: function}
  registry: {label: Registry, role: external}
"""


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (["all"], 100),
        (["liver", "bone"], 100),
        (["liver", "liver-cut"], 60),
        (["liver-cut", "bone"], 85),
        (["all", "young", "liver-cut"], 100),
        # Two parts without a number: their whole; one alone: unknown.
        (["young", "old"], 100),
        (["young"], None),
        (["share"], None),
        # Two splits of the same patients: that with most of them counts, however deep its parts lie.
        (["liver", "bone", "young", "old"], 100),
        (["here", "there", "liver"], 95),
        (["here", "liver-cut", "bone"], 85),
        (["here", "there", "liver-cut"], 95),
        (["nobody"], None),
        ([], None),
    ],
)
def test_nobody_is_counted_twice(study_of, groups, expected) -> None:
    assert patients_of(study_of("a", GROUPS), groups) == expected


def test_groups_with_figures_are_own_and_reported(study_of) -> None:
    study = study_of(
        "a",
        GROUPS
        + """outcomes:
  - outcome: overall survival
    values: {liver: {median: 60 months}, bone: {median: not reported}, registry: {median: 20 months}}
  - outcome: recurrence
    values: {old: {proportion: 20%}}
comparisons:
  - {outcome: overall survival, of: [young, old], p: 0.04, basis: stated, at: line 2}
""",
    )
    assert groups_with_figures(study, "overall_survival") == ["liver", "young", "old"]
    assert groups_with_figures(study) == ["liver", "old", "young"]
