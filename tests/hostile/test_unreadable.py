"""A file that cannot be read is never passed: a refusal always has a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

DEEP = "[" * 60
CASES = {
    "brackets after an alias": f"id: made-up\nx: [*a, {DEEP}\n",
    "brackets after an anchor": f"id: made-up\nx: [&a b, {DEEP}\n",
    "brackets after a tag": f"id: made-up\nx: [!t b, {DEEP}\n",
    "an alias on every line": "".join(f"k{number}: *a\n" for number in range(400)),
    "brackets and braces": "id: made-up\nx: " + "[{a: *b, c: " * 60,
    "an alias for the whole": "*a\n",
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_read_is_an_error_at_its_place(empty_project: Path, run, case: str) -> None:  # type: ignore[no-untyped-def]
    (empty_project / "studies" / "made-up.yaml").write_text(CASES[case], encoding="utf-8")
    status, found, said = run(empty_project, "check")
    assert status == 1
    assert "studies/made-up.yaml:" in found and " error: " in found
    assert "0 studies" in said and "nothing to mend" not in said
