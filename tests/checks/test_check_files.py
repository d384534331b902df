"""Many files are checked by several processes, with the same answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from evisynth import workers
from evisynth.checks import check_files

CUT = "      operated: {proportion: 21 (19.0%)}"


@pytest.fixture
def many(made_up: Path) -> list[tuple[str, str]]:
    text = (made_up / "studies" / "made-up.yaml").read_text(encoding="utf-8")
    for number in range(8):
        name = f"study-{number}"
        changed = text.replace("id: made-up", f"id: {name}")
        if number % 2:
            changed = changed.replace("      operated: {proportion: 22 (20.0%)}", CUT)
        (made_up / "studies" / f"{name}.yaml").write_text(changed, encoding="utf-8")
    (made_up / "studies" / "study-2.yaml").write_text("id: study-1\n", encoding="utf-8")
    return [(str(path), f"studies/{path.name}") for path in sorted((made_up / "studies").iterdir())]


def test_processes_find_what_one_finds(
    many: list[tuple[str, str]], made_up: Path, vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = made_up / "evidence" / "vocabulary.yaml"
    alone = check_files(many, vocabulary, place)
    monkeypatch.setattr(workers, "_WORTH_A_PROCESS", 3)
    monkeypatch.setattr(workers.os, "cpu_count", lambda: 3)
    told: list[tuple[int, int]] = []
    shared = check_files(many, vocabulary, place, lambda done, total: told.append((done, total)))
    assert sorted(one.finding for one in shared.judged) == sorted(one.finding for one in alone.judged)
    assert shared.fine == alone.fine
    assert shared.cards == alone.cards
    assert sorted(shared.unreadable) == sorted(alone.unreadable)
    assert told[-1] == (len(many), len(many))
    assert {finding.code for finding in shared.unreadable} >= {"duplicate-id", "missing-key"}
    assert sum(one.finding.code == "percent-truncated" for one in shared.judged) == 4


def test_a_worker_that_is_ended_loses_nothing(
    many: list[tuple[str, str]], made_up: Path, vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = made_up / "evidence" / "vocabulary.yaml"
    alone = check_files(many, vocabulary, place)
    monkeypatch.setattr(workers, "_WORTH_A_PROCESS", 3)
    monkeypatch.setattr(workers.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(workers.sys, "executable", "/bin/false")
    shared = check_files(many, vocabulary, place)
    assert sorted(one.finding for one in shared.judged) == sorted(one.finding for one in alone.judged)
