"""Values against source texts: where they stand, whether they stand there, and what was forgotten."""

from __future__ import annotations

import hashlib
import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from five_studies import FIVE_STUDIES
from hypothesis import given, strategies as st

from evisynth.checks import numbers_in, plain_text

ROOT = Path(__file__).parents[2]
ABSTRACTS = Path(os.environ.get("EVISYNTH_ABSTRACTS", ROOT.parent / "shared" / "abstracts"))

STUDY = """\
id: sourced
source: {kind: journal abstract, not_this_study: [lines 12-14]HASH}
cohort: {design: randomised trial, accrual: 2000 to 2010, follow_up: {median: 62 months, at: line 2}}
groups:
  all: {label: All, n: "1,362", at: line 1}
  some: {label: Some, n: 546, of: all, at: line 1}
  rest: {label: Rest, n: 816, of: all, at: line 1}
outcomes:
  - outcome: OS
    starts: operation
    at: lines 3-4
    values:
      all: {median: 122 months (95% CI 100 to 149)}
      some: {median: not reached}
      rest: {survival at 5 years: 61% (95% CI 57 to 65%)}
  - outcome: perioperative mortality
    at: line 6
    values:
      all: {count within 30 days: 0}
  - outcome: symptom relief
    at: line 7
    values:
      some: {proportion: at least 97%}
      rest: {proportion: about two thirds}
comparisons:
  - {outcome: OS, of: [some, rest], p: 0.869, test: log-rank, basis: stated, at: line 8}
"""
TEXT = """\
Of 1 362 patients, 546 had it and 816 had not (Ki-67, G2, Fig. 3).
Median follow-up was 62 months in 2000–2010.
Median overall survival was 122 months (95% CI 100–149 months),
not yet reached in some, and 61 % (57-65) at five years.

There were no 30-day deaths.
Relief was ≥ 97%; approximately two-
thirds of the others had it (P = 0·869).


© 2014. Epub 2014 May 19. doi: 10.1245/s10434-014-3372-z
References
1. Dasari A. JAMA Oncol. 2017;3:1335-1342.
2. A study of 35,825 cases.
"""


@pytest.fixture
def sourced(empty_project: Path, tmp_path: Path, run):
    """Compare a made-up study, after edits of file or text, with its text; findings by code."""

    def compare(
        file: tuple[str, str] = ("", ""), text: tuple[str, str] = ("", ""), name: str = "sourced.txt"
    ):
        folder = tmp_path / "texts"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        study = STUDY.replace(*file) if file[0] else STUDY
        (folder / name).write_text(TEXT.replace(*text) if text[0] else TEXT, encoding="utf-8")
        (empty_project / "studies" / "sourced.yaml").write_text(study.replace("HASH", ""), encoding="utf-8")
        out = run(empty_project, "check", "--sources", str(folder), "--format", "json")[1]
        codes = ("source-", "value-", "number-", "sign-")
        return [finding for finding in json.loads(out) if finding["code"].startswith(codes)]

    return compare


def test_a_faithful_file_is_found_fine(sourced) -> None:
    assert sourced() == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("122 months (", "112 months ("),
        ("100 to 149", "100 to 194"),
        ("p: 0.869", "p: 0.896"),
        ("62 months", "26 months"),
        ("at least 97%", "at least 79%"),
        ("count within 30 days: 0", "count within 30 days: 17"),
        ("not reached", "113 months"),
    ],
)
def test_a_value_that_is_not_printed_is_an_error(sourced, old: str, new: str) -> None:
    findings = sourced((old, new))
    wrong = [finding for finding in findings if finding["code"] == "value-not-in-source"]
    assert len(wrong) == 1
    assert wrong[0]["level"] == "error"
    assert {finding["code"] for finding in findings} <= {"value-not-in-source", "number-not-in-file"}


@pytest.mark.parametrize(
    ("typed", "printed", "told"),
    [
        ("p: 0.869", "(P < 0·869)", "< 0.869"),
        ("p: 0.869", "(p<0.869)", "< 0.869"),
        ("p: 0.869", "of less than 0.869", "< 0.869"),
        ("p: 0.869", "(P ≥ 0.869)", "> 0.869"),
        ("p: < 0.869", "(P = 0·869)", "= 0.869"),
        ("p: < 0.869", "(P ≤ 0·869)", None),
        ("p: 0.869", "(P = 0·869, and < 0.869 by Cox)", None),
        ('p: "> 0.869"', "(P > .869)", None),
    ],
)
def test_a_p_value_has_the_sign_of_its_source(sourced, typed: str, printed: str, told: str | None) -> None:
    found = sourced(("p: 0.869", typed), ("(P = 0·869)", printed))
    assert [finding["code"] for finding in found] == (["sign-not-in-source"] if told else [])
    if told:
        assert told in found[0]["message"]


def test_a_value_elsewhere_is_told_with_its_lines(sourced) -> None:
    (finding,) = sourced(("at: line 8", "at: line 1"))
    assert finding["code"] == "value-elsewhere"
    assert "line 8" in finding["message"]


def test_a_line_or_two_away_is_near_enough(sourced) -> None:
    assert sourced(("at: line 8", "at: line 6")) == []


def test_what_the_file_forgot_is_listed(sourced) -> None:
    (finding,) = sourced(text=("in some, and", "in some (aged 58.3 years), and"))
    assert finding["code"] == "number-not-in-file"
    assert "58.3" in finding["message"] and "line 4" in finding["message"]


def test_numbers_at_risk_are_compared_too(sourced) -> None:
    rate = "survival at 5 years: 61% (95% CI 57 to 65%)"
    at_risk = (rate, "survival at 5 years: {value: 61% (95% CI 57 to 65%), at_risk: 415}")
    (finding,) = sourced(at_risk)
    assert finding["code"] == "value-not-in-source"
    assert "415" in finding["message"]
    printed = ("at five years.", "at five years, 415 at risk.")
    assert sourced(at_risk, printed) == []
    assert [finding["code"] for finding in sourced(text=printed)] == ["number-not-in-file"]


def test_what_is_suspected_accounts_for_no_printed_number(sourced) -> None:
    median = "median: 122 months (95% CI 100 to 149)"
    suspected = "median: {value: 122 months (95% CI 100 to 149), perhaps: 127 months, because: the rest}"
    assert sourced((median, suspected)) == []
    findings = sourced((median, suspected), ("in some, and", "in some (but 127), and"))
    assert [finding["code"] for finding in findings] == ["number-not-in-file"]


def test_lines_of_something_else_are_left_out(sourced) -> None:
    findings = sourced(file=("not_this_study: [lines 12-14]", "not_this_study: [line 12]"))
    assert [finding["code"] for finding in findings] == ["number-not-in-file"]
    assert "35825" in findings[0]["message"]


def test_a_missing_and_another_text_are_told(sourced) -> None:
    assert [finding["code"] for finding in sourced(name="other.txt")] == ["source-missing"]
    findings = sourced(file=("HASH", f", sha256: {'0' * 64}"))
    assert [finding["code"] for finding in findings] == ["source-differs"]
    right = hashlib.sha256(TEXT.encode()).hexdigest()
    assert sourced(file=("HASH", f", sha256: {right}"), name="any-name.txt") == []


def test_a_folder_that_is_not_there_is_named(empty_project: Path, run, sourced) -> None:
    sourced()
    status, _, err = run(empty_project, "check", "--sources", "nowhere")
    assert status == 1
    assert "nowhere" in err


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("P = 0·869", ["0.869"]),
        ("p =. 0013", ["0.0013"]),
        ("P<.001", ["0.001"]),
        ("(95% CI 84, 118)", ["95", "84", "118"]),
        ("24.9–59.0", ["24.9", "59.0"]),
        ("0—36", ["0", "36"]),
        ("87 280", ["87", "280", "87280"]),
        ("1,163", ["1163"]),
        ("$90%", ["90"]),
        ("60 %", ["60"]),
        ("CI.95 0.21-0.55", ["95", "0.21", "0.55"]),
        ("4.25", ["4.25"]),
        ("12,9 %", ["12", "9", "12.9"]),
        ("p &lt; 0.05", ["0.05"]),
    ],
)
def test_numbers_are_read_through_the_traps_of_print(text: str, values: list[str]) -> None:
    found = [token.value for token in numbers_in(plain_text(text))]
    assert sorted(found) == sorted(Decimal(value) for value in values)


def test_counts_may_be_spelled_out(sourced) -> None:
    few = ("n: 546, of", "n: 46, of"), ("n: 816", "n: 1316")
    study = STUDY.replace(*few[0]).replace(*few[1])
    text = TEXT.replace("546 had it and 816 had not", "forty-six had it and 1316 had not")
    assert sourced(file=(STUDY, study), text=(TEXT, text)) == []


@given(
    st.decimals(min_value=0, max_value=99_999, places=2),
    st.sampled_from(["{}", "({})", "={}", "{}%", "<{}", "{};"]),
)
def test_every_printed_number_is_read_back(number: Decimal, frame: str) -> None:
    assert number in {token.value for token in numbers_in(plain_text(frame.format(number)))}


def test_the_studies_here_are_faithful_to_their_abstracts(run) -> None:
    if not ABSTRACTS.is_dir():
        pytest.skip(f"the abstracts are not in {ABSTRACTS}; EVISYNTH_ABSTRACTS names another folder")
    out = run(FIVE_STUDIES, "check", "--sources", str(ABSTRACTS), "--format", "json")[1]
    codes = {finding["code"] for finding in json.loads(out)}
    assert not {code for code in codes if code.startswith(("source-", "value-", "number-"))}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2000–2010", "20002010"),  # dashes lost
        ("100–149", "100149"),
        ("(57-65)", "(5765)"),
        ("(P = 0·869)", "(P.869)"),  # signs lost
        ("(P = 0·869)", "(P = 0. 869)"),  # spaces gained
        ("(P = 0·869)", "(P = 0 .869)"),
        ("(P = 0·869)", "(P = 0,869)"),  # another decimal mark
        ("1 362", "1\u200a362"),
        ("1 362", "１,３６２"),
    ],
)
def test_a_mangled_text_still_says_the_same(sourced, old: str, new: str) -> None:
    assert old in TEXT
    assert sourced(text=(old, new)) == []


@pytest.mark.parametrize("lost", ["100194", "10149"])
def test_another_number_where_a_dash_was_lost_is_not_taken_for_it(sourced, lost: str) -> None:
    codes = [finding["code"] for finding in sourced(text=("100–149", lost))]
    assert "value-not-in-source" in codes


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_text_is_read_in_the_encodings_that_editors_save(
    empty_project: Path, tmp_path: Path, run, encoding: str
) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    text = TEXT.replace("≥", ">=").replace("\n", "\r\n")
    (folder / "sourced.txt").write_bytes(text.encode(encoding))
    (empty_project / "studies" / "sourced.yaml").write_text(STUDY.replace("HASH", ""), encoding="utf-8")
    out = run(empty_project, "check", "--sources", str(folder), "--format", "json")[1]
    assert [one for one in json.loads(out) if one["code"].startswith(("source-", "value-", "number-"))] == []
