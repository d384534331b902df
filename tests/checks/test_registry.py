"""Every check stands up to its own examples, has a page, and names nothing of the evidence at hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from english import slips
from five_studies import FIVE_STUDIES

from evisynth.checks import by_code, every_check, explain, find_check, list_checks
from evisynth.errors import UnknownNameError

ROOT = Path(__file__).parents[2]
CODES = [check.code for check in every_check()]


@pytest.mark.parametrize("code", CODES)
def test_the_failing_example_fails(code: str, outcomes_of) -> None:
    found = [one for one in outcomes_of(by_code()[code], by_code()[code].failing) if one is not None]
    assert found
    assert all(one.message and one.about and one.line >= 1 and one.column >= 1 for one in found)
    assert [slip for one in found for slip in slips(one.message, ids_allowed=None)] == []


@pytest.mark.parametrize("code", CODES)
def test_the_passing_example_passes(code: str, outcomes_of) -> None:
    assert [one for one in outcomes_of(by_code()[code], by_code()[code].passing) if one is not None] == []


@pytest.mark.parametrize("code", CODES)
def test_the_page_says_it_all(code: str) -> None:
    check = by_code()[code]
    page = explain(check)
    for part in (
        check.code,
        check.title,
        check.level,
        check.test,
        check.failing.strip(),
        check.passing.strip(),
    ):
        assert part in page
    assert check.fix[1:] in page


def test_codes_are_unique_and_kebab_case() -> None:
    assert len(set(CODES)) == len(CODES)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+", code) for code in CODES)


def test_only_what_the_file_must_mend_is_an_error() -> None:
    assert {check.code for check in every_check() if check.level == "error"} == {
        "overlap-against-years",
        "overlap-disagrees",
        "overlap-unknown-study",
        "published-before-the-end",
        "report-of-unknown",
        "sign-not-in-source",
        "value-not-in-source",
    }


def test_an_unknown_code_gets_a_suggestion() -> None:
    with pytest.raises(UnknownNameError, match="percent-truncated"):
        find_check("percent-truncatd")


def test_every_check_is_listed() -> None:
    assert [row["code"] for row in list_checks(every_check())] == CODES


def test_no_check_names_a_study_of_the_evidence() -> None:
    names = [path.stem for path in (FIVE_STUDIES / "studies").glob("*.yaml")]
    for path in (ROOT / "src" / "evisynth" / "checks").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not [name for name in names if name in text], path.name
