"""Why a study that reports on the outcome has no row."""

from __future__ import annotations

import pytest

from evisynth.outcomes import AskedGroups, Group, GroupSelector, GroupTree, Question, RowGroup
from evisynth.pipeline import Evidence
from evisynth.report import why_no_row

RESECTED = GroupSelector({"intervention": ("resection",)})
NOT = GroupSelector({"intervention": ("no_resection",)})


@pytest.fixture
def vocabulary(project):
    """The terms of the project."""
    return Evidence(project).vocabulary()


def asked(reference: GroupSelector | None = NOT) -> Question:
    """Ask for a contrast, or for single groups."""
    measure = "median" if reference is None else "hazard_ratio"
    blocks = (RowGroup("Resected", RESECTED, reference),)
    return Question("asked", "Asked", "To know.", "overall_survival", measure, blocks)


def found(*groups: tuple[str, str | None, str | None], index: str, reference: str = "") -> AskedGroups:
    """Groups by name, intervention and split, and those that carry the tags; siblings are a pair."""
    by_name = {
        name: Group(
            name, name, "own", {} if term is None else {"intervention": term},
            None if split is None else "all", split, None, "", "", place,
        )
        for place, (name, term, split) in enumerate(groups)
    }  # fmt: skip
    carriers = {(0, "index"): [index], (0, "reference"): [reference] if reference else []}
    paired = reference and by_name[index].split == by_name[reference].split
    return AskedGroups(GroupTree("s1", by_name), carriers, {0: [(index, reference)] if paired else []})


def test_a_study_silent_on_the_outcome_has_nothing_to_answer_with(vocabulary) -> None:
    assert "it reports nothing on Overall survival" in why_no_row(asked(), vocabulary, "s1", None)


def test_the_missing_tag_and_what_the_groups_have_are_named(vocabulary) -> None:
    told = why_no_row(asked(), vocabulary, "s1", found(("a", "resection", "x"), ("b", None, "x"), index="a"))
    assert "Resected: the reference group must have intervention No resection, and no group has" in told
    assert "the index group must" not in told
    assert "its group a has intervention Resection" in told
    assert "its group b has no tag" in told


def test_groups_that_are_not_parts_of_one_whole_are_named(vocabulary) -> None:
    groups = found(("a", "resection", "x"), ("b", "no_resection", "y"), index="a", reference="b")
    told = why_no_row(asked(), vocabulary, "s1", groups)
    assert "a and b have the tags, and are not two parts of one whole by one split" in told


def test_groups_that_fit_and_report_nothing_of_use_are_named(vocabulary) -> None:
    groups = found(("a", "resection", "x"), ("b", "no_resection", "x"), index="a", reference="b")
    assert "a and b would fit, and nothing is reported there that gives a hazard ratio" in why_no_row(
        asked(), vocabulary, "s1", groups
    )
    assert "a would fit, and nothing is reported there that gives a median" in why_no_row(
        asked(None), vocabulary, "s1", groups
    )
