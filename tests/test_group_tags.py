"""Every kind of tag of the vocabulary is typed on groups, asked for by questions, and a column of groups."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evisynth.vocabulary import SECTIONS

VOCABULARY = """
outcomes:
  overall_survival:
    {label: Survival, definition: Time to death., type: time_to_event, event: death, more_is_better: yes}
KINDS: {one: {label: One, definition: The first.}, two: {label: Two, definition: The second.}}
"""
STUDY = """
id: some-2020
source: {kind: journal article, title: not reported}
cohort: {design: retrospective, at: line 1}
groups:
  all: {label: All, n: 90, at: line 1}
  first: {label: First, n: 40, of: all, by: kind, KIND: one, at: line 1}
  second: {label: Second, n: 50, of: all, by: kind, KIND: two, at: line 1}
outcomes:
  - outcome: overall survival
    at: line 2
    values:
      first: {"survival at 5 years": 60% (95% CI 44 to 73)}
      second: {"survival at 5 years": 70% (95% CI 55 to 81)}
"""
QUESTION = """
id: asked
title: Survival of the first
why: To see.
outcome: overall survival
effect_measure: survival
time: 5 years
rows:
  - {label: First, index: {KIND: [one]}}
"""


@pytest.mark.parametrize(("kind", "section"), SECTIONS.items())
def test_a_kind_of_tag_goes_from_the_vocabulary_to_the_question(  # type: ignore[no-untyped-def]
    tmp_path: Path, run, kind: str, section: str
) -> None:
    (tmp_path / "evidence" / "questions").mkdir(parents=True)
    (tmp_path / "studies").mkdir()
    (tmp_path / "evidence" / "vocabulary.yaml").write_text(VOCABULARY.replace("KINDS", section))
    (tmp_path / "studies" / "some-2020.yaml").write_text(STUDY.replace("KIND", kind))
    (tmp_path / "evidence" / "questions" / "asked.yaml").write_text(QUESTION.replace("KIND", kind))
    status, out, said = run(tmp_path, "effects", "asked", "--format", "json")
    assert status == 0, said
    assert [row["index_group"] for row in json.loads(out)] == ["first"]
    _, out, _ = run(tmp_path, "query", "--sql", f'select "group", {kind} from groups', "--format", "json")
    assert {row["group"]: row[kind] for row in json.loads(out)} == {
        "all": None,
        "first": "one",
        "second": "two",
    }
