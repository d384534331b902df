"""``evisynth vocabulary`` finds by meaning what a reader calls by another name, and never the opposite."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (("OS",), "overall_survival"),
        (("relapse",), "recurrence"),
        (("disease", "that", "came", "back"), "recurrence"),
        (("no", "hepatectomy", "of", "metastases"), "no_resection"),
        (("symptoms", "of", "hormonal", "excess", "gone"), "symptom_relief"),
    ],
)
def test_the_first_found_is_what_is_meant(five_studies, run, words: tuple[str, ...], first: str) -> None:  # type: ignore[no-untyped-def]
    status, out, _ = run(five_studies.folder, "vocabulary", *words, "--format", "json")
    assert status == 0
    assert json.loads(out)[0]["id"] == first


def test_all_are_listed_without_words(five_studies, run) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = run(five_studies.folder, "vocabulary", "--format", "json")
    kinds = [row["kind"] for row in json.loads(out)]
    assert set(kinds) == {"outcome", "intervention", "extent", "site", "population"}
    assert len(kinds) == 41  # terms that the five studies use


def test_what_nothing_speaks_of_can_be_added(five_studies, run) -> None:  # type: ignore[no-untyped-def]
    status, out, said = run(five_studies.folder, "vocabulary", "Zyx qwv")
    assert (status, out) == (0, "")
    assert (
        "add zyx_qwv: {label: Zyx qwv, type: share, more_is_better: no, definition: ...} under outcomes:"
        in said
    )


def test_an_unknown_word_of_a_file_is_told_what_is_near_and_what_to_add(project: Path, run) -> None:  # type: ignore[no-untyped-def]
    path = project / "studies" / "net-liver-surgery-34.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("intervention: surgery", "intervention: excision of metastases"), encoding="utf-8"
    )
    status, found, _ = run(project, "check")
    assert status == 1
    line = next(line for line in found.splitlines() if "unknown-intervention" in line)
    assert "nearest in meaning: " in line and "Resection" in line and "No resection" not in line
    assert (
        "add excision_of_metastases: {label: Excision of metastases, definition: ...} under interventions:"
        in line
    )
