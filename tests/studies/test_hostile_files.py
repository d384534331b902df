"""Files that would exhaust memory, the stack or patience are refused at once, in one line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from evisynth.errors import Finding, FindingsError
from evisynth.reading import LARGEST_FILE, LONGEST_LINE
from evisynth.studies import read_studies, read_study
from evisynth.vocabulary import Vocabulary

FindingsOf = Callable[[str, str | bytes], list[Finding]]


def codes_and_places(findings: list[Finding]) -> list[tuple[str, int, int]]:
    return [(finding.code, finding.line, finding.column) for finding in findings]


def test_a_file_of_50_megabytes_is_refused_without_being_read(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)  # a sparse file: nothing is written
    with pytest.raises(FindingsError, match="50,000,000 bytes") as caught:
        read_study(path, vocabulary)
    assert codes_and_places(list(caught.value.findings)) == [("too-large", 1, 1)]


def test_the_largest_file_is_read_and_one_byte_more_is_not(findings_of: FindingsOf) -> None:
    comment = b"#" * (LARGEST_FILE - 1) + b"\n"
    assert codes_and_places(findings_of("edge.yaml", comment)) == [("empty-file", 1, 1)]
    assert codes_and_places(findings_of("edge.yaml", comment + b"#")) == [("too-large", 1, 1)]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
@pytest.mark.parametrize("depth", [1_000, 50_000])
def test_deep_nesting_is_refused(findings_of: FindingsOf, opening: str, depth: int) -> None:
    (finding,) = findings_of("deep.yaml", f"id: deep\nsource:\n  {opening * depth}")
    assert (finding.code, finding.line) == ("too-deep", 3)
    # One level is open above the third line; the column is that of the fiftieth more.
    assert finding.column == 3 + 49 * len(opening)
    assert len(finding.source_line) <= LONGEST_LINE


def test_deep_indentation_is_refused(findings_of: FindingsOf) -> None:
    lines = [f"{' ' * depth}a:" for depth in range(1_000)]
    (finding,) = findings_of("deep.yaml", "\n".join(lines))
    assert (finding.code, finding.line, finding.column) == ("too-deep", 51, 51)


def test_a_symlink_loop_is_refused(tmp_path: Path, vocabulary: Vocabulary) -> None:
    folder = tmp_path / "studies"
    folder.mkdir()
    (folder / "one.yaml").symlink_to(folder / "two.yaml")
    (folder / "two.yaml").symlink_to(folder / "one.yaml")
    (folder / "again").symlink_to(folder, target_is_directory=True)
    studies, findings = read_studies(folder, vocabulary)
    assert studies == []
    assert [(finding.file, finding.code) for finding in findings] == [
        ("studies/one.yaml", "symlink-loop"),
        ("studies/two.yaml", "symlink-loop"),
    ]
    assert {(finding.line, finding.column) for finding in findings} == {(1, 1)}


def test_a_folder_that_is_a_symlink_loop_is_a_finding(tmp_path: Path, vocabulary: Vocabulary) -> None:
    (tmp_path / "studies").symlink_to(tmp_path / "studies")
    studies, findings = read_studies(tmp_path / "studies", vocabulary)
    assert studies == []
    assert [finding.code for finding in findings] == ["no-such-folder"]


def test_missing_folders_and_pipes_are_refused(tmp_path: Path, vocabulary: Vocabulary) -> None:
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")  # reading it would wait forever
    for name, code in {
        "folder.yaml": "not-a-file",
        "pipe.yaml": "not-a-file",
        "none.yaml": "no-such-file",
    }.items():
        with pytest.raises(FindingsError) as caught:
            read_study(tmp_path / name, vocabulary)
        assert codes_and_places(list(caught.value.findings)) == [(code, 1, 1)]


def test_many_mistakes_stop_at_a_bound(findings_of: FindingsOf) -> None:
    text = "id: many\n" + "".join(f"x{number}: 1\n" for number in range(5_000))
    assert len(findings_of("many.yaml", text)) == 200


def test_utf_16_and_binary_files_are_refused(findings_of: FindingsOf) -> None:
    assert codes_and_places(findings_of("a.yaml", "id: a".encode("utf-16"))) == [("not-utf8", 1, 1)]
    assert codes_and_places(findings_of("a.yaml", b"id: a\n\x89PNG\x00")) == [("not-utf8", 2, 1)]


HEAD = "id: a\nsource: {kind: journal abstract}\ncohort: {}\ngroups:\n"


def test_a_chain_of_thousands_of_groups_is_refused_soon(findings_of: FindingsOf) -> None:
    chain = "".join(f"  g{number}: {{label: G, of: g{number + 1}}}\n" for number in range(10_000))
    findings = findings_of("a.yaml", f"{HEAD}{chain}  g10000: {{label: G}}\n")
    assert {finding.code for finding in findings} == {"too-deep"}
    # The chain is cut after every fifty groups.
    assert len(findings) == 200


def test_a_ring_of_groups_is_one_error(findings_of: FindingsOf) -> None:
    ring = "".join(f"  g{number}: {{label: G, of: g{(number + 1) % 40}}}\n" for number in range(40))
    assert codes_and_places(findings_of("a.yaml", HEAD + ring)) == [("group-cycle", 5, 22)]


def test_two_rings_are_two_errors(findings_of: FindingsOf) -> None:
    groups = {"a": "b", "b": "a", "c": "d", "d": "c", "e": "a"}
    text = "".join(f"  {group}: {{label: G, of: {whole}}}\n" for group, whole in groups.items())
    assert codes_and_places(findings_of("a.yaml", HEAD + text)) == [
        ("group-cycle", 5, 21),
        ("group-cycle", 7, 21),
    ]


def test_a_copied_text_is_refused(findings_of: FindingsOf) -> None:
    text = f"id: a\nsource: {{kind: journal abstract, note: '{'word ' * 500}'}}\ncohort: {{}}\n"
    text += "groups: {all: {label: All}}\n"
    assert codes_and_places(findings_of("a.yaml", text)) == [("too-long", 2, 40)]


def test_a_large_file_of_syntax_errors_is_refused_soon(findings_of: FindingsOf) -> None:
    text = HEAD + "".join(f"  g{number}: {{label: %G}}\n" for number in range(50_000))
    findings = findings_of("a.yaml", text)
    assert [(finding.code, finding.line) for finding in findings] == [
        ("quote-needed", line) for line in (5, 6, 7)
    ]
