"""Thousands of files with something wrong, the same in every run: each ends in findings, as it should.

``make fuzz`` tries others for an hour.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from five_studies import FIVE_STUDIES, STUDIES as ORDER
from mutations import fault_of_question, fault_of_study, fault_of_vocabulary, mutant

from evisynth.studies import read_vocabulary

VOCABULARY = FIVE_STUDIES / "evidence" / "vocabulary.yaml"
STUDIES = [path.read_text(encoding="utf-8") for path in sorted((FIVE_STUDIES / "studies").glob("*.yaml"))]
QUESTIONS = [
    path.read_text(encoding="utf-8") for path in sorted(FIVE_STUDIES.glob("evidence/questions/*.yaml"))
]
#: Mutants of one test; a fault names its seed, which is all that is needed to see it again.
EACH = 80
#: Mutants of study files that `make fuzz` found faults with, since mended; it takes the files in an order.
FOUND = {"a name with a mark that turns the reading direction is suggested": 796004677}


@pytest.mark.parametrize("first", range(0, 24 * EACH, EACH))
def test_mutants_of_study_files(tmp_path: Path, first: int) -> None:
    vocabulary = (read_vocabulary(VOCABULARY), VOCABULARY)
    faults = {
        seed: fault_of_study(mutant(seed, STUDIES), tmp_path, vocabulary)
        for seed in range(first, first + EACH)
    }
    assert {seed: fault for seed, fault in faults.items() if fault} == {}


@pytest.mark.parametrize("what", FOUND)
def test_mutants_that_were_found(tmp_path: Path, what: str) -> None:
    texts = [(FIVE_STUDIES / "studies" / f"{name}.yaml").read_text(encoding="utf-8") for name in ORDER]
    data = mutant(FOUND[what], texts)
    assert fault_of_study(data, tmp_path, (read_vocabulary(VOCABULARY), VOCABULARY)) is None


@pytest.mark.parametrize("first", range(0, 6 * EACH, EACH))
def test_mutants_of_questions(tmp_path: Path, first: int) -> None:
    vocabulary, path = read_vocabulary(VOCABULARY), tmp_path / "symptom-relief.yaml"
    faults = {
        seed: fault_of_question(mutant(seed, QUESTIONS), path, vocabulary)
        for seed in range(first, first + EACH)
    }
    assert {seed: fault for seed, fault in faults.items() if fault} == {}


@pytest.mark.parametrize("first", range(0, 2 * EACH, EACH))
def test_mutants_of_vocabularies(tmp_path: Path, first: int) -> None:
    text = [VOCABULARY.read_text(encoding="utf-8")]
    faults = {
        seed: fault_of_vocabulary(mutant(seed, text), tmp_path / "v.yaml")
        for seed in range(first, first + EACH)
    }
    assert {seed: fault for seed, fault in faults.items() if fault} == {}
