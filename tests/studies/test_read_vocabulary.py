from __future__ import annotations

import os
from pathlib import Path

import pytest

from evisynth.errors import Finding, FindingsError
from evisynth.studies import read_vocabulary
from evisynth.vocabulary import Vocabulary


def findings_in(folder: Path, text: str) -> list[tuple[int, int, str]]:
    path = folder / "vocabulary.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FindingsError) as caught:
        read_vocabulary(path)
    findings: tuple[Finding, ...] = caught.value.findings
    assert all(finding.file == f"{folder.name}/vocabulary.yaml" for finding in findings)
    return [(finding.line, finding.column, finding.code) for finding in findings]


def test_the_real_vocabulary(vocabulary: Vocabulary) -> None:
    survival = vocabulary.outcome("OS")
    assert (survival.id, survival.type, survival.more_is_better) == (
        "overall_survival",
        "time_to_event",
        True,
    )
    assert vocabulary.outcome("relapse").more_is_better is False
    assert vocabulary.outcome("bilobar disease").more_is_better is None
    assert vocabulary.outcome("lesions treated").unit == "lesions"
    assert vocabulary.term("population", "siNET").id == "small_intestinal_net"
    surgery = vocabulary.narrower("intervention", "surgery")
    assert {"surgery", "resection", "cytoreductive_hepatectomy", "parenchyma_sparing_debulking"} <= set(
        surgery
    )
    assert "no_resection" not in surgery


TERM = "    label: {}\n    definition: Something.\n"


def test_every_mistake_has_its_place(tmp_path: Path) -> None:
    text = (
        "outcomes:\n"
        "  survival:\n" + TERM.format("Survival") + "    type: time to event\n"
        "  death:\n" + TERM.format("Death") + "    type: share\n    synonyms: [SUR-VIVAL]\n"
        "    more_is_better: maybe\n"
        "interventions:\n"
        "  surgery:\n" + TERM.format("Surgery") + "    broader: sugery\n"
        "  a:\n" + TERM.format("A") + "    broader: b\n"
        "  b:\n" + TERM.format("B") + "    broader: a\n"
        "  c:\n    label: C\n"
        "sits: {}\n"
    )  # fmt: skip
    assert findings_in(tmp_path, text) == [
        (5, 11, "unknown-choice"),
        (6, 3, "ambiguous-name"),
        (11, 21, "unknown-choice"),
        (16, 14, "unknown-term"),
        (17, 3, "term-cycle"),
        (21, 3, "term-cycle"),
        (25, 3, "missing-key"),
        (27, 1, "unknown-key"),
    ]


def test_a_name_of_two_entries_is_refused(tmp_path: Path) -> None:
    outcome = TERM + "    type: share\n"
    text = (
        "outcomes:\n  one:\n"
        + outcome.format("One")
        + "    synonyms: [first]\n  two:\n"
        + outcome.format("FIRST")
    )
    assert findings_in(tmp_path, text) == [(7, 3, "ambiguous-name")]


def test_sections_and_entries_must_be_blocks(tmp_path: Path) -> None:
    assert findings_in(tmp_path, "outcomes: [a]\n") == [(1, 11, "not-a-mapping")]
    assert findings_in(tmp_path, "outcomes:\n  a: b\n") == [(2, 6, "not-a-mapping")]
    assert findings_in(tmp_path, "interventions: {}\n") == [(1, 1, "missing-key")]


def test_one_that_changed_is_read_anew_whatever_its_size_and_time(tmp_path: Path) -> None:
    file = tmp_path / "vocabulary.yaml"
    for label in ("Survival", "Recovery", "Survival"):
        file.write_text(
            f"outcomes:\n  survival:\n    label: {label}\n    type: time_to_event\n    definition: x\n",
            encoding="utf-8",
        )
        os.utime(file, (0, 0))
        assert read_vocabulary(file).outcomes["survival"].label == label
    file.write_text("outcomes: no mapping\n", encoding="utf-8")
    with pytest.raises(FindingsError):
        read_vocabulary(file)
