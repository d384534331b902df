"""The evidence of this clone, whatever it holds: its files read, and the committed answers are today's."""

from __future__ import annotations

from pathlib import Path

import pytest

from evisynth.outcomes import key_files
from evisynth.pipeline import Evidence, committed_answer
from evisynth.report import stale_parts

ROOT = Path(__file__).parents[1]
EVIDENCE = Evidence(ROOT)


def test_every_file_of_the_evidence_reads() -> None:
    errors = [str(found) for found in EVIDENCE.check() if found.level == "error"]
    assert errors == [], "run `evisynth check`, and mend what it names"


@pytest.mark.parametrize("question", EVIDENCE.question_ids())
def test_no_committed_answer_is_stale(question: str) -> None:
    text, _ = committed_answer(EVIDENCE, question)
    assert stale_parts(text, EVIDENCE.results_folder) == [], "run `make report` and commit evidence/results"


@pytest.mark.parametrize(("name", "text"), key_files(EVIDENCE.vocabulary()).items())
def test_schemas_and_the_page_of_keys_say_what_is_read_today(name: str, text: str) -> None:
    committed = (ROOT / "evidence" / name).read_text(encoding="utf-8")
    assert committed == text, f"run `make report` and commit evidence/{name}"


def test_no_answer_is_left_of_a_question_that_is_gone() -> None:
    summaries = [
        path for path in EVIDENCE.results_folder.glob("*.json") if '"stamp"' in path.read_text("utf-8")
    ]
    left = {path.stem for path in summaries} - set(EVIDENCE.question_ids())
    assert left == set(), "run `make report` and commit evidence/results"
