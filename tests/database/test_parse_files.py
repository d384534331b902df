from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evisynth import workers
from evisynth.database import ProjectFiles, build_database, parse_files
from evisynth.errors import FindingsError

AddStudy = Callable[..., Path]


@pytest.fixture
def several(files: ProjectFiles, add_study: AddStudy, monkeypatch: pytest.MonkeyPatch) -> ProjectFiles:
    """Seven studies, which are read by two processes."""
    for number in range(7):
        add_study(f"study-{number}")
    monkeypatch.setattr(workers, "_WORTH_A_PROCESS", 5)
    monkeypatch.setattr(workers.os, "cpu_count", lambda: 2)
    return files


def test_two_processes_read_what_one_reads(
    several: ProjectFiles, monkeypatch: pytest.MonkeyPatch, dump: Callable[[Path], dict[str, Any]]
) -> None:
    started = []

    class Counted(workers.Worker):
        def __init__(self, work, batch):
            started.append(len(batch.names))
            super().__init__(work, batch)

    monkeypatch.setattr(parse_files, "Worker", Counted)
    build_database(several)
    assert started == [3]
    together = dump(several.database)
    assert len(together["study"]) == 7
    several.database.unlink()
    monkeypatch.setattr(workers.os, "cpu_count", lambda: 1)
    for entry in several.parse_cache.rglob("*"):
        if entry.is_file():
            entry.unlink()
    build_database(several)
    assert started == [3]
    assert dump(several.database) == together


def test_mistakes_found_by_another_process_are_told(several: ProjectFiles, add_study: AddStudy) -> None:
    for number in (2, 3):
        add_study(
            f"study-{number}", "{outcome: overal survival, at: line 4, values: {all: {median: 10 months}}}"
        )
    with pytest.raises(FindingsError) as refused:
        build_database(several)
    assert {(finding.file, finding.line) for finding in refused.value.findings} == {
        ("studies/study-2.yaml", 8),
        ("studies/study-3.yaml", 8),
    }
    assert all(finding.source_line for finding in refused.value.findings)


def test_the_share_of_a_process_that_is_ended_is_read_here(
    several: ProjectFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers.sys, "executable", "/bin/false")
    assert build_database(several).parsed == 7
