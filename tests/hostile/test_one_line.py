"""Every finding and every refusal is one line, its place first, whatever names and words hold."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from evisynth import open as open_project
from evisynth.errors import EvidenceError

BROKEN = "a\nb\u2028c\u202ed\x1be"
SHOWN = "a\\u000ab\\u2028c\\u202ed\\u001be"
QUESTION = "complete-cytoreduction"
#: A finding: file, line, column, level, message, code. Below it may stand its line of the file, and a caret.
FINDING = re.compile(r"\S.*?:\d+:\d+: (error|warning|note): .+ \[[a-z-]+\]( \(acknowledged\))?")
EXCERPT = re.compile(r"    .*")
COUNTED = re.compile(r"\S.*: \d+ (notes?|acknowledged findings?): [a-z-]+.*")

TYPED = {
    "a question": ("pool", BROKEN),
    "a study": ("explain", QUESTION, BROKEN),
    "a filter": ("query", "--outcome", BROKEN),
    "a time": ("query", "--at", BROKEN),
    "SQL": ("query", "--sql", f'select "{BROKEN}" from studies'),
    "an error of SQL": ("query", "--sql", f"select error('{BROKEN}')"),
    "an id": ("new", BROKEN),
    "words": ("vocabulary", BROKEN),
    "a kind of plot": ("plot", BROKEN),
    "a block": ("plot", "funnel", QUESTION, "--block", BROKEN),
    "a layout": ("forest", QUESTION, "--layout", BROKEN),
    "an ending": ("forest", QUESTION, "-o", f"x.{BROKEN}"),
    "a folder that cannot be": ("forest", QUESTION, "-o", f"/dev/null/{BROKEN}/x.svg"),
    "a folder of sources": ("check", "--sources", BROKEN),
    "a check": ("check", "--explain", BROKEN),
    "another project": ("diff", f"/{BROKEN}"),
    "the project": ("-C", BROKEN, "check"),
    "a command": (BROKEN,),
    "a format": ("query", "--format", BROKEN),
    "an option": ("query", f"--{BROKEN}"),
}


@pytest.mark.parametrize("what", TYPED)
def test_what_was_typed_breaks_no_message(project: Path, run, what: str) -> None:  # type: ignore[no-untyped-def]
    status, out, said = run(project, *TYPED[what])
    assert status in ((0,) if what == "words" else (1, 2))
    assert (out, len(said.splitlines())) == ("", 1), said
    # the engine, and Python of choices, say it in their own way
    if what not in ("SQL", "an error of SQL", "words", "a command", "a format"):
        assert SHOWN in said


@pytest.mark.parametrize("folder", ["studies", "evidence/questions"])
def test_the_name_of_a_file_breaks_no_finding(project: Path, run, folder: str) -> None:  # type: ignore[no-untyped-def]
    first = min((project / folder).glob("*.yaml"))
    shutil.copy(first, project / folder / f"{BROKEN}.yaml")
    status, out, said = run(project, "check")
    assert status == 1
    assert f"{folder}/{SHOWN}.yaml:2:" in out and f"{folder}/{SHOWN}.yaml:2:" in said
    assert_findings(out)
    for words in (("query",) if folder == "studies" else ("pool", BROKEN), ("export",), ("report",)):
        status, out, said = run(project, *words)
        assert (status, out) == (1, "")
        assert f"{folder}/{SHOWN}.yaml:2:" in said
        assert all(FINDING.fullmatch(line) or line.startswith("evisynth: ") for line in said.splitlines())


def test_what_a_source_text_holds_breaks_no_finding(project: Path, run) -> None:  # type: ignore[no-untyped-def]
    sources = project / BROKEN
    sources.mkdir()
    for study in (project / "studies").glob("*.yaml"):
        (sources / f"{study.stem}.txt").write_text(
            "12\n\n 34\x0b 5\n6 (7\n8%) 9/\n10\r 0.\n5 a\x0cb\u2028 p<0.\n04 77.7", encoding="utf-8"
        )
    status, out, _ = run(project, "check", "--sources", str(sources))
    assert status == 1
    assert_findings(out)
    assert out.count(" error: ") > 50


def assert_findings(out: str) -> None:
    assert all(
        pattern.fullmatch(line) or not line
        for line in out.splitlines()
        for pattern in [
            EXCERPT if line.startswith("    ") else COUNTED if COUNTED.fullmatch(line) else FINDING
        ]
    ), out


def test_an_error_says_one_line_from_python_too(five_studies) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(EvidenceError) as raised:
        open_project(five_studies.folder).pool(BROKEN)
    assert SHOWN in str(raised.value) and len(str(raised.value).splitlines()) == 1
