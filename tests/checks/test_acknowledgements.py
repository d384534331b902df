"""A finding that was looked at is silenced visibly, until what it speaks of changes."""

from __future__ import annotations

from pathlib import Path

CUT = ("22 (20.0%)", "21 (19.0%)"), ("p: 0.05", "p: 0.07")
ABOUT = "Major complications of operated: 21 (19.0%) of 110"


def acknowledged(finding: str = "percent-truncated", about: str | None = ABOUT) -> tuple[str, str]:
    named = "" if about is None else f'about: "{about}", '
    return "claims:\n", f"acknowledged:\n  - {{finding: {finding}, {named}because: printed so}}\nclaims:\n"


def test_it_is_marked_with_its_reason(edited) -> None:
    (finding,) = edited(*CUT, acknowledged())
    assert finding["acknowledged"] is True
    assert finding["code"] == "percent-truncated"
    assert "printed so" in str(finding["fix"])


def test_it_comes_back_when_the_number_changes(edited) -> None:
    changed = ("22 (20.0%)", "32 (29.0%)"), ("p: 0.05", "p: 0.001")
    findings = {str(finding["code"]): finding for finding in edited(*changed, acknowledged())}
    assert findings["percent-truncated"]["acknowledged"] is False
    assert findings["acknowledgement-stale"]["level"] == "error"
    assert "32 (29.0%) of 110" in str(findings["acknowledgement-stale"]["fix"])


def test_it_is_stale_when_nothing_is_found(edited) -> None:
    (finding,) = edited(acknowledged())
    assert (finding["code"], finding["level"]) == ("acknowledgement-stale", "error")
    assert "take the acknowledgement out" in str(finding["fix"])


def test_what_to_write_is_said_when_it_is_left_out(edited) -> None:
    findings = edited(*CUT, acknowledged(about=None))
    stale = next(finding for finding in findings if finding["code"] == "acknowledgement-stale")
    assert f'about: "{ABOUT}"' in str(stale["fix"])


def test_an_unknown_code_gets_a_suggestion(edited) -> None:
    findings = edited(*CUT, acknowledged("percent-truncatd"))
    stale = next(finding for finding in findings if finding["code"] == "acknowledgement-stale")
    assert "percent-truncated" in str(stale["fix"])


def test_one_of_a_check_that_did_not_run_is_left_alone(edited, made_up: Path, run) -> None:
    edited(acknowledged("overlap-recorded", "x: possible"))
    assert run(made_up, "check")[0] == 1
    assert run(made_up, "check", str(made_up / "studies" / "made-up.yaml"))[0] == 0


def test_errors_can_be_acknowledged_and_then_do_not_fail(edited, made_up: Path, run) -> None:
    early = ("year: 2015", "year: 2009")
    (finding,) = edited(early, acknowledged("published-before-the-end", "2009, 2010"))
    assert finding["acknowledged"] is True
    status, out, err = run(made_up, "check", "--strict")
    assert status == 0
    assert out == "studies/made-up.yaml: 1 acknowledged finding: published-before-the-end\n"
    assert "1 acknowledged" in err
    assert "acknowledged: printed so" in run(made_up, "check", "--notes")[1]
