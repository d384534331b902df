"""The findings on the studies of this repository, each of which was read and judged.

After a change that is meant: ``evisynth check > tests/checks/golden/findings.txt``, and read the difference.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden" / "findings.txt"


def test_the_findings_are_those_that_were_judged(run) -> None:
    status, out, err = run(ROOT, "check")
    assert status == 0
    assert out == GOLDEN.read_text(encoding="utf-8")
    assert "5 studies: " in err
    assert "checked and fine: " in err


def test_warnings_fail_a_strict_check(run) -> None:
    assert run(ROOT, "check", "--strict")[0] == 1
