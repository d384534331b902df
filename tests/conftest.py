"""Project folders to work in: the real one, and copies that a test may change."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from evisynth.cli.main import main

ROOT = Path(__file__).parents[1]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the evidence and its questions, without the committed answers."""
    shutil.copytree(ROOT / "studies", tmp_path / "studies")
    shutil.copytree(ROOT / "evidence", tmp_path / "evidence", ignore=shutil.ignore_patterns("results"))
    return tmp_path


@pytest.fixture
def empty_project(tmp_path: Path) -> Path:
    """A project with the vocabulary, and neither studies nor questions."""
    (tmp_path / "studies").mkdir()
    (tmp_path / "evidence" / "questions").mkdir(parents=True)
    shutil.copy(ROOT / "evidence" / "vocabulary.yaml", tmp_path / "evidence")
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command in a project: exit status, standard output, standard error."""

    def type_command(folder: Path, *words: str) -> tuple[int, str, str]:
        try:
            status = main(["-C", str(folder), *words])
        except SystemExit as stop:
            status = int(stop.code or 0)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return type_command
