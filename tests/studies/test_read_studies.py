"""A folder of studies: order, ids that are used twice, and files that are no study files."""

from __future__ import annotations

import shutil
from pathlib import Path

from evisynth.studies import read_studies
from evisynth.vocabulary import Vocabulary


def copy_of_studies(root: Path, folder: Path) -> Path:
    shutil.copytree(root / "studies", folder / "studies")
    return folder / "studies"


def test_studies_come_in_order_of_their_names(root: Path, vocabulary: Vocabulary) -> None:
    studies, findings = read_studies(root / "studies", vocabulary)
    assert findings == []
    assert [study.id for study in studies] == sorted(study.id for study in studies)
    assert len(studies) == len(list((root / "studies").glob("*.yaml")))


def test_the_same_id_twice_is_an_error_at_the_copy(
    root: Path, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    folder = copy_of_studies(root, tmp_path)
    shutil.copy(folder / "midgut-debulking.yaml", folder / "a-copy.yaml")
    studies, findings = read_studies(folder, vocabulary)
    (finding,) = findings
    assert (finding.file, finding.line, finding.column) == ("studies/a-copy.yaml", 3, 5)
    assert finding.code == "duplicate-id"
    assert "studies/midgut-debulking.yaml" in finding.message
    assert "midgut-debulking" in [study.id for study in studies]


def test_the_same_id_in_two_misnamed_files(root: Path, tmp_path: Path, vocabulary: Vocabulary) -> None:
    folder = copy_of_studies(root, tmp_path)
    shutil.copy(folder / "midgut-debulking.yaml", folder / "one.yaml")
    (folder / "midgut-debulking.yaml").rename(folder / "two.yaml")
    _, findings = read_studies(folder, vocabulary)
    assert [(finding.file, finding.code) for finding in findings] == [
        ("studies/one.yaml", "id-not-file-name"),
        ("studies/two.yaml", "duplicate-id"),
    ]


def test_all_errors_of_all_files_come_at_once(root: Path, tmp_path: Path, vocabulary: Vocabulary) -> None:
    folder = copy_of_studies(root, tmp_path)
    for path in folder.glob("*.yaml"):
        path.write_text(
            path.read_text(encoding="utf-8").replace("basis: stated", "basis: sated"), encoding="utf-8"
        )
    studies, findings = read_studies(folder, vocabulary)
    assert [study.id for study in studies] == ["midgut-debulking"]
    assert len({finding.file for finding in findings}) == 4
    assert {finding.code for finding in findings} == {"unknown-choice"}
    assert len(findings) == 9 + 3 + 5 + 2
    assert findings == sorted(findings)


def test_another_suffix_is_reported_and_hidden_files_are_not(
    root: Path, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    folder = copy_of_studies(root, tmp_path)
    (folder / ".draft.yaml").write_text("half", encoding="utf-8")
    (folder / "notes.txt").write_text("notes", encoding="utf-8")
    (folder / "other.yml").write_text("id: other", encoding="utf-8")
    studies, findings = read_studies(folder, vocabulary)
    assert len(studies) == 5
    assert [(finding.file, finding.code, finding.fix) for finding in findings] == [
        ("studies/other.yml", "wrong-suffix", "call it other.yaml")
    ]


def test_a_missing_folder_is_a_finding(tmp_path: Path, vocabulary: Vocabulary) -> None:
    studies, findings = read_studies(tmp_path / "studies", vocabulary)
    assert studies == []
    assert [finding.code for finding in findings] == ["no-such-folder"]
