"""Figures that cannot all be true lower what an unreviewed source is worth; nothing else does."""

from __future__ import annotations

import json

import pytest
from five_studies import FIVE_STUDIES

from evisynth.checks import UNREVIEWED, by_code, every_check, internal_contradiction
from evisynth.studies import read_study

CONTRADICTING = [check.code for check in every_check() if check.contradiction]
#: Its example is of one p-value beside another that says the same: another test of the model explains it.
EXPLAINED = {"p-against-ratio"}
RISES = """\
groups:
  all: {label: All, n: 80, at: line 1}
outcomes:
  - outcome: OS
    starts: operation
    at: line 2
    values:
      all: {survival at 5 years: 60%, survival at 10 years: 70%}
"""
POSTER = "source: {kind: conference poster}\n"
SUMS = """\
groups:
  all: {{label: All, n: 100, at: line 1}}
  yes: {{label: Resected, n: 60, of: all, by: resection, at: line 1}}
  no: {{label: Not resected, n: {n}, of: all, by: resection, at: line 1}}
"""
RATIO = """\
groups:
  all: {{label: All, n: 120, at: line 1}}
  yes: {{label: Resected, n: 60, of: all, by: resection, at: line 1}}
  no: {{label: Not resected, n: 60, of: all, by: resection, at: line 1}}
comparisons:
  - outcome: OS
    of: [yes, no]
    hazard_ratio: 0.72 (95% CI 0.57 to 0.91)
    p: {p}
    basis: {basis}
    reads: beside the curves
    at: line 3
"""


@pytest.fixture
def contradiction_in(read_studies_of, vocabulary):
    def find(text: str) -> str | None:
        (study,) = read_studies_of(text)
        return internal_contradiction(study, vocabulary)

    return find


@pytest.mark.parametrize("code", sorted(set(CONTRADICTING) - EXPLAINED))
def test_an_unreviewed_source_is_told_what_cannot_be_true(code: str, contradiction_in) -> None:
    text = by_code()[code].failing.replace("journal abstract", "conference poster")
    found = contradiction_in(text if "source:" in text else POSTER + text)
    assert found is not None
    # A part larger than its whole is too much for the sum of the parts as well, which is told first.
    assert found.split(": ")[0] == ("group-sum" if code == "nested-size" else code)


@pytest.mark.parametrize("code", CONTRADICTING)
def test_a_sound_one_is_told_nothing(code: str, contradiction_in) -> None:
    text = by_code()[code].passing.replace("journal abstract", "conference poster")
    assert contradiction_in(text if "source:" in text else POSTER + text) is None


def test_what_other_checks_find_is_no_contradiction(contradiction_in) -> None:
    for check in every_check():
        if check.contradiction or check.scope != "study" or "\nid:" in f"\n{check.failing}":
            continue
        text = check.failing.replace("journal abstract", "conference poster")
        assert contradiction_in(text if "source:" in text else POSTER + text) is None, check.code


def test_a_reviewed_source_is_not_asked(contradiction_in) -> None:
    assert {"journal article", "journal abstract"}.isdisjoint(UNREVIEWED)
    for kind in ("journal article", "journal abstract"):
        assert contradiction_in(f"source: {{kind: {kind}}}\n{RISES}") is None
    for kind in UNREVIEWED:
        found = contradiction_in(f"source: {{kind: {kind}}}\n{RISES}")
        assert found == "survival-rises: Overall survival of all: 60%, 70%"


def test_what_is_acknowledged_is_no_contradiction(contradiction_in) -> None:
    entry = 'acknowledged:\n  - {{finding: survival-rises, about: "{about}", because: printed so}}\n'
    settled = entry.format(about="Overall survival of all: 60%, 70%")
    assert contradiction_in(POSTER + RISES + settled) is None
    other = entry.format(about="Overall survival of all: 60%, 71%")
    assert contradiction_in(POSTER + RISES + other) is not None


def test_what_another_reading_explains_is_no_contradiction(contradiction_in) -> None:
    assert contradiction_in(POSTER + SUMS.format(n=50)) is not None  # more parts than the whole
    assert contradiction_in(POSTER + SUMS.format(n=30)) is None  # a part may be left out
    assert contradiction_in(POSTER + RATIO.format(p="0.60", basis="stated")) is not None
    assert contradiction_in(POSTER + RATIO.format(p="0.60", basis="inferred")) is None  # the reader's link
    assert contradiction_in(POSTER + RATIO.format(p="0.0001", basis="stated")) is None  # another test


def test_a_figure_by_another_name_is_no_contradiction(contradiction_in) -> None:
    twice = by_code()["printed-two-ways"].failing
    assert contradiction_in(POSTER + twice) is not None
    named = twice.replace("at: table 1", "label: disease-specific, at: table 1")
    assert contradiction_in(POSTER + named) is None


def test_the_studies_here_contradict_themselves_in_words_at_most(vocabulary) -> None:
    for path in (FIVE_STUDIES / "studies").glob("*.yaml"):
        assert internal_contradiction(read_study(path, vocabulary), vocabulary) is None


def test_the_database_keeps_it(empty_project, write_studies, run) -> None:
    write_studies("id: poster\n" + POSTER + RISES + "---\nid: paper\n" + RISES)
    rows = json.loads(
        run(
            empty_project,
            "query",
            "--format",
            "json",
            "--sql",
            "select study, internal_contradiction as why from studies order by study",
        )[1]
    )
    assert rows == [
        {"study": "paper", "why": None},
        {"study": "poster", "why": "survival-rises: Overall survival of all: 60%, 70%"},
    ]
