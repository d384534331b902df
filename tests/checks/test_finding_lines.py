"""Errors among many warnings stay in view: last, apart, and named in the summary."""

from __future__ import annotations

import json

from evisynth.checks import findings_text, summary
from evisynth.errors import Finding


def finding(file: str, line: int, level: str) -> Finding:
    return Finding(file, line, 3, "odd-thing", level, "odd", source_line="  x: 1")  # type: ignore[arg-type]


MIXED = [
    finding("a.yaml", 2, "warning"),
    finding("a.yaml", 4, "error"),
    finding("a.yaml", 6, "note"),
    finding("b.yaml", 1, "error"),
    finding("b.yaml", 9, "warning"),
]


def test_errors_come_last_and_apart() -> None:
    for with_notes in (False, True):
        rest, _, errors = findings_text(MIXED, with_notes=with_notes).partition("\n\n")
        assert ": error: " not in rest
        assert [line for line in errors.splitlines() if ".yaml" in line] == [
            "a.yaml:4:3: error: odd [odd-thing]",
            "b.yaml:1:3: error: odd [odd-thing]",
        ]


def test_without_errors_nothing_is_parted() -> None:
    calm = [one for one in MIXED if one.level != "error"]
    assert "\n\n" not in findings_text(calm, with_notes=False)
    assert findings_text([MIXED[1]], with_notes=False).startswith("a.yaml:4:3: error: odd")
    assert findings_text([], with_notes=False) == ""


def test_the_summary_says_where_the_first_error_is() -> None:
    assert summary(MIXED, {}, 2).startswith("2 studies: 2 errors (first at a.yaml:4:3), 2 warnings, 1 note")
    assert summary(MIXED[:3], {}, 1).startswith("1 study: 1 error (at a.yaml:4:3), 1 warning, 1 note")


def test_formats_for_machines_stay_in_the_order_of_the_file(made_up, run) -> None:
    path = made_up / "studies" / "made-up.yaml"
    text = path.read_text(encoding="utf-8").replace("year: 2015", "year: 2009")
    path.write_text(
        text.replace("p: 0.05", "p: 0.01").replace("title: Made up", "title: Made up"), encoding="utf-8"
    )
    found = json.loads(run(made_up, "check", "--format", "json")[1])
    assert [(one["line"], one["level"]) for one in found] == sorted(
        (one["line"], one["level"]) for one in found
    )
    assert {one["level"] for one in found} == {"error", "warning"}
    _, out, err = run(made_up, "check")
    assert out.rstrip().splitlines()[-3].startswith("studies/made-up.yaml:1:1: error: ")
    assert "1 error (at studies/made-up.yaml:1:1)" in err
