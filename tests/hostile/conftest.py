"""A project of one answered question, to be attacked in copies."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from evisynth.cli.main import main

QUESTION = "perioperative-mortality"


@pytest.fixture(scope="session")
def answered_once(tmp_path_factory: pytest.TempPathFactory, five_studies) -> Path:  # type: ignore[no-untyped-def]
    """The five studies, one question and its committed answer."""
    folder = tmp_path_factory.mktemp("answered")
    shutil.copytree(five_studies.folder / "studies", folder / "studies")
    shutil.copytree(five_studies.folder / "evidence", folder / "evidence")
    for other in (folder / "evidence" / "questions").glob("*.yaml"):
        if other.stem != QUESTION:
            other.unlink()
    shutil.rmtree(folder / "evidence" / "results", ignore_errors=True)
    assert main(["-C", str(folder), "report"]) == 0
    return folder


@pytest.fixture
def answered(tmp_path: Path, answered_once: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(answered_once, tmp_path / "project"))
