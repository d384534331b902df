"""What is printed where, in every format."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from pathlib import Path

import pytest

from evisynth.checks import every_check, findings_text, sarif
from evisynth.cli.check import _show_progress
from evisynth.errors import Finding

TWO_BREAKS = (
    ("22 (20.0%)", "21 (19.0%)"),
    ("p: 0.05", "p: 0.07"),
    ("4.0 (range 1 to 20)", "4.0 (range 0 to 20)"),
)


@pytest.fixture
def broken(edited, made_up: Path) -> Path:
    edited(*TWO_BREAKS)
    return made_up


def test_text_shows_the_line_and_points_at_the_place(broken: Path, run) -> None:
    status, out, err = run(broken, "check")
    lines = out.splitlines()
    assert status == 0
    assert lines[0].startswith("studies/made-up.yaml:46:")
    assert ": warning: " in lines[0] and lines[0].endswith("[percent-truncated]")
    column = int(lines[0].split(":")[2])
    assert lines[1][4:][column - 1 :].startswith("21 (19.0%)")
    assert lines[2] == " " * (4 + column - 1) + "^"
    assert lines[3] == "studies/made-up.yaml: 1 note: range-from-zero"
    assert len(lines) == 4
    assert "1 study: 1 warning, 1 note" in err
    assert re.search(r"checked and fine: \d+ things, by \d+ checks; --notes shows", err)


def test_notes_are_shown_in_full_when_asked_for(broken: Path, run) -> None:
    status, out, err = run(broken, "check", "--notes")
    assert status == 0
    assert [line.rsplit("[")[-1] for line in out.splitlines() if line.startswith("studies/")] == [
        "percent-truncated]",
        "range-from-zero]",
    ]
    assert "percent-sum 1" in err


def test_formats_for_machines_hold_notes_in_any_case(broken: Path, run) -> None:
    for style in ("json", "csv", "markdown", "sarif", "github"):
        short, full = (run(broken, "check", "--format", style, *more)[1] for more in ((), ("--notes",)))
        assert short == full
        assert "range-from-zero" in short


def test_two_findings_at_one_place_show_its_line_once() -> None:
    def finding(code: str, line: int) -> Finding:
        return Finding("a.yaml", line, 3, code, "warning", "odd", source_line="  x: 1")

    text = findings_text([finding("one", 4), finding("two", 4), finding("three", 9)], with_notes=False)
    starts = [line[:6].strip() for line in text.splitlines()]
    assert starts == ["a.yaml", "a.yaml", "", "", "a.yaml", "", ""]


def test_a_file_that_is_fine_says_so(made_up: Path, run) -> None:
    status, out, err = run(made_up, "check")
    assert (status, out) == (0, "")
    assert "1 study: nothing to mend" in err
    assert "--notes" not in err


def test_strict_fails_on_warnings_and_not_on_notes(broken: Path, run, edited) -> None:
    assert run(broken, "check", "--strict")[0] == 1
    edited(TWO_BREAKS[2])
    assert run(broken, "check", "--strict")[0] == 0


def test_csv_and_markdown_hold_what_json_holds(broken: Path, run) -> None:
    rows = json.loads(run(broken, "check", "--format", "json")[1])
    from_csv = list(csv.DictReader(io.StringIO(run(broken, "check", "--format", "csv")[1])))
    assert [row["code"] for row in from_csv] == [row["code"] for row in rows]
    assert len(run(broken, "check", "--format", "markdown")[1].splitlines()) == len(rows) + 2


def test_sarif_names_rules_places_and_levels(broken: Path, run) -> None:
    log = json.loads(run(broken, "check", "--format", "sarif")[1])
    assert log["version"] == "2.1.0"
    (sarif_run,) = log["runs"]
    rules = sarif_run["tool"]["driver"]["rules"]
    for result in sarif_run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "studies/made-up.yaml"
        assert place["region"]["startLine"] >= 1
    assert {result["level"] for result in sarif_run["results"]} == {"warning", "note"}


def test_sarif_names_files_by_uris() -> None:
    finding = Finding("studies/50% é, new.yaml", 0, 0, "odd", "note", "odd", "mend it", acknowledged=True)
    (result,) = json.loads(sarif([finding], "1"))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "studies/50%25%20%C3%A9%2C%20new.yaml"
    assert place["region"] == {"startLine": 1, "startColumn": 1}
    assert result["suppressions"][0]["kind"] == "inSource"


def test_github_annotations_are_escaped(broken: Path, run) -> None:
    lines = run(broken, "check", "--format", "github")[1].splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("::warning file=studies/made-up.yaml,line=46,col=")
    assert "19.0%25" in lines[0]
    assert lines[1].startswith("::notice ")


def test_explain_prints_the_page(made_up: Path, run) -> None:
    status, out, _ = run(made_up, "check", "--explain", "group-sum")
    assert status == 0
    assert out.startswith("# group-sum")
    status, out, err = run(made_up, "check", "--explain", "groupsum")
    assert (status, out) == (2, "")
    assert "group-sum" in err


def test_list_names_every_check(made_up: Path, run) -> None:
    rows = json.loads(run(made_up, "check", "--list", "--format", "json")[1])
    assert [row["code"] for row in rows] == [check.code for check in every_check()]
    assert "group-sum" in run(made_up, "check", "--list")[1]


def test_progress_is_a_bar_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "__stderr__", written)
    for done in range(1, 1001):
        _show_progress(done, 1000)
    assert "500/1000" in written.getvalue()
    assert written.getvalue().endswith("\r")
    assert written.getvalue().count("\r") <= 102
