"""One slip of the hand is told once, on its own line, whatever it does to the lines below."""

from __future__ import annotations

from pathlib import Path

import pytest
from five_studies import FIVE_STUDIES

from evisynth.errors import Finding, FindingsError
from evisynth.studies import read_study
from evisynth.vocabulary import Vocabulary

STUDIES = sorted((FIVE_STUDIES / "studies").glob("*.yaml"))


def findings_of(path: Path, vocabulary: Vocabulary) -> list[Finding]:
    try:
        read_study(path, vocabulary)
    except FindingsError as error:
        return list(error.findings)
    return []


@pytest.mark.parametrize("study", STUDIES, ids=lambda path: path.stem)
def test_a_line_one_column_off_is_told_on_that_line(
    study: Path, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    lines = study.read_text(encoding="utf-8").split("\n")
    path = tmp_path / study.name
    told = 0
    for number, line in enumerate(lines):
        for moved in (f" {line}", line[1:] if line.startswith(" ") else None):
            if moved is None or not line.strip() or line.startswith("#"):
                continue
            path.write_text("\n".join([*lines[:number], moved, *lines[number + 1 :]]), encoding="utf-8")
            findings = findings_of(path, vocabulary)
            # A list whose only entry has moved is told as no list, too.
            assert len(findings) <= 2, (number + 1, findings)
            told += len(findings)
            for finding in findings[:1]:
                assert abs(finding.line - number - 1) <= 1, (number + 1, finding)
    assert told > len(lines) / 2


@pytest.mark.parametrize(
    ("old", "new", "line", "column"),
    [
        ("\ncohort:", "\n cohort:", 10, 2),
        ("\ncomparisons:", "\n  comparisons:", 76, 3),
        ("\n      M1LR:", "\n       M1LR:", 39, 8),
        ("\n      M1LR:", "\n     M1LR:", 39, 6),
        ("\n    values:\n      M1LR:", "\n   values:\n      M1LR:", 38, 4),
        ("\n  - {kind: little", "\n - {kind: little", 89, 2),
    ],
)
def test_a_block_that_slipped_takes_its_lines_along(
    vocabulary: Vocabulary, tmp_path: Path, old: str, new: str, line: int, column: int
) -> None:
    (study,) = (path for path in STUDIES if path.stem == "midgut-debulking")
    text = study.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / study.name
    path.write_text(text.replace(old, new), encoding="utf-8")
    (finding,) = findings_of(path, vocabulary)
    assert (finding.line, finding.column, finding.code) == (line, column, "indentation")
