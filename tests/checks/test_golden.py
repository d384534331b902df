"""The findings on the five studies, each of which was read and judged.

After a change that is meant: ``evisynth check --notes > tests/checks/golden/findings.txt``, in a clone that
holds these five studies and no other, and read the difference.
"""

from __future__ import annotations

import re
from pathlib import Path

from five_studies import FIVE_STUDIES

GOLDEN = Path(__file__).parent / "golden" / "findings.txt"


def test_the_findings_are_those_that_were_judged(run) -> None:
    status, out, err = run(FIVE_STUDIES, "check", "--notes")
    assert status == 0
    assert out == GOLDEN.read_text(encoding="utf-8")
    assert "5 studies: " in err
    assert "checked and fine: " in err


def test_without_notes_no_finding_is_lost(run) -> None:
    lines = run(FIVE_STUDIES, "check")[1].splitlines()
    golden = GOLDEN.read_text(encoding="utf-8").splitlines()
    warnings = [line for line in golden if ": warning: " in line]
    assert [line for line in lines if ": warning: " in line] == warnings
    counted = [int(found.group(1)) for line in lines if (found := re.search(r": (\d+) notes?: ", line))]
    assert sum(counted) == sum(": note: " in line for line in golden)


def test_warnings_fail_a_strict_check(run) -> None:
    assert run(FIVE_STUDIES, "check", "--strict")[0] == 1
