"""Study files of absurd sizes and figures: what is too much is refused, with what to do instead."""

from __future__ import annotations

from pathlib import Path

import pytest

GROUPS = """\
id: made-up
source: {kind: journal abstract}
cohort: {design: retrospective, at: line 1}
groups:
  all: {label: All, n: 90000, at: line 1}
"""
STUDY = (
    GROUPS
    + """\
  part: {label: Part, n: 30, of: all, by: kind, at: line 1}
outcomes:
  - outcome: overall survival
    at: line 1
    starts: operation
    values: {part: {survival at 5 years: 50% (95% CI 30 to 60), median: 60 months, deaths: 10}}
"""
)


@pytest.mark.parametrize("parts", [201, 8000])
def test_more_parts_than_anybody_compares_are_refused(empty_project: Path, run, parts: int) -> None:  # type: ignore[no-untyped-def]
    lines = "".join(
        f"  g{number}: {{label: P, n: 9, of: all, by: kind, at: line 2}}\n" for number in range(parts)
    )
    (empty_project / "studies" / "made-up.yaml").write_text(GROUPS + lines, encoding="utf-8")
    status, found, _ = run(empty_project, "check")
    assert status == 1
    assert "made-up.yaml:206:30: error: 'all' has more than 200 parts by kind; leave out parts" in found
    assert found.count("[too-many-parts]") == 1


@pytest.mark.parametrize(
    ("place", "figure"),
    [
        *(("5 years", figure) for figure in ("9" * 310, "9" * 4999, "1e309", "201")),
        *(("60 months", figure) for figure in ("9" * 310, "9" * 4999, "1e309")),
    ],
)
def test_a_time_longer_than_any_life_is_refused(empty_project: Path, run, place: str, figure: str) -> None:  # type: ignore[no-untyped-def]
    text = STUDY.replace(place, f"{figure} {place.split()[1]}")
    (empty_project / "studies" / "made-up.yaml").write_text(text, encoding="utf-8")
    status, found, said = run(empty_project, "check")
    assert status == 1 and "studies/made-up.yaml:11:" in found and " error: " in found
    assert max(map(len, (found + said).splitlines())) < 6000
    status, _, said = run(empty_project, "query", "--outcome", "OS")
    assert status == 1 and "fault" not in said
