"""The five studies as a built database, and made-up ones."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from five_studies import FIVE_STUDIES

from evisynth.database import ProjectFiles, build_database, open_database
from evisynth.outcomes import Selection, read_question, select_comparisons
from evisynth.studies import read_vocabulary
from evisynth.vocabulary import Vocabulary

ROOT = Path(__file__).parents[2]
QUESTIONS = FIVE_STUDIES / "evidence" / "questions"


@pytest.fixture(scope="session")
def evidence(five_studies: ProjectFiles) -> ProjectFiles:
    """The five studies, built; not to be changed."""
    return five_studies


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return read_vocabulary(FIVE_STUDIES / "evidence" / "vocabulary.yaml")


@pytest.fixture
def connection(evidence: ProjectFiles) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(evidence.database) as opened:
        yield opened


@pytest.fixture
def select(connection: duckdb.DuckDBPyConnection, vocabulary: Vocabulary) -> Callable[[str], Selection]:
    """The rows of a question of the project."""

    def of_question(question: str) -> Selection:
        return select_comparisons(connection, read_question(QUESTIONS / f"{question}.yaml", vocabulary))

    return of_question


@pytest.fixture
def select_from(empty_project: Path, vocabulary: Vocabulary) -> Callable[..., Selection]:
    """The rows of a question in a project of made-up studies: the question, then study ids and texts."""

    def of_studies(question: str, **studies: str) -> Selection:
        files = ProjectFiles(empty_project)
        for name, body in studies.items():
            study = name.replace("_", "-")
            head = f"id: {study}\nsource: {{kind: journal abstract, title: not reported}}\n"
            (files.studies / f"{study}.yaml").write_text(head + body, encoding="utf-8")
        path = empty_project / "evidence" / "questions" / "asked.yaml"
        path.write_text(f"id: asked\ntitle: Asked\nwhy: To know.\n{question}", encoding="utf-8")
        build_database(files)
        with open_database(files.database) as opened:
            return select_comparisons(opened, read_question(path, vocabulary))

    return of_studies


@pytest.fixture
def run_alone() -> Callable[[str], str]:
    """What a program prints in a Python of its own."""

    def run(program: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    return run
