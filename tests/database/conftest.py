"""The five studies as a built database, and projects that a test may change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from evisynth.database import TABLES, ProjectFiles, open_database

STUDY = """\
id: {id}
source: {{kind: journal abstract, title: not reported}}
cohort: {{design: retrospective, at: line 1}}
groups:
  all: {{label: All, n: 108, at: line 2, intervention: surgery}}
  part: {{label: A part, n: 50%, of: all, by: extent, extent: complete, at: line 3}}
outcomes:
{outcomes}
"""


@pytest.fixture(scope="session")
def evidence(five_studies: ProjectFiles) -> ProjectFiles:
    """The five studies, built; not to be changed."""
    return five_studies


@pytest.fixture
def connection(evidence: ProjectFiles) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(evidence.database) as opened:
        yield opened


@pytest.fixture
def files(empty_project: Path) -> ProjectFiles:
    """A project with the vocabulary and no study."""
    return ProjectFiles(empty_project)


@pytest.fixture
def add_study(files: ProjectFiles) -> Callable[..., Path]:
    """Write a small study file: its id, and its outcomes as YAML."""

    def write(study: str, *outcomes: str) -> Path:
        path = files.studies / f"{study}.yaml"
        blocks = outcomes or ("{outcome: overall survival, at: line 4, values: {all: {median: 10 months}}}",)
        path.write_text(
            STUDY.format(id=study, outcomes="\n".join(f"  - {block}" for block in blocks)), encoding="utf-8"
        )
        return path

    return write


@pytest.fixture
def dump() -> Callable[[Path], dict[str, list[tuple[Any, ...]]]]:
    """Every row of every table of a database, in the order in which it is stored."""

    def read(database: Path) -> dict[str, list[tuple[Any, ...]]]:
        with open_database(database) as opened:
            return {table.name: opened.execute(f"SELECT * FROM {table.name}").fetchall() for table in TABLES}

    return read
