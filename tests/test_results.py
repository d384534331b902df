"""The committed answers are what the studies answer now."""

from __future__ import annotations

from pathlib import Path

import pytest

from evisynth.pipeline.evidence import Evidence
from evisynth.report.results import stale_parts

ROOT = Path(__file__).parents[1]
EVIDENCE = Evidence(ROOT)


@pytest.mark.parametrize("question", EVIDENCE.question_ids())
def test_no_committed_answer_is_stale(question: str) -> None:
    text, _ = EVIDENCE.commit_answer(question)
    assert stale_parts(text, EVIDENCE.results_folder) == [], "run `make report` and commit evidence/results"


def test_no_answer_is_left_of_a_question_that_is_gone() -> None:
    names = {path.stem for path in EVIDENCE.results_folder.iterdir()}
    assert names == set(EVIDENCE.question_ids())
