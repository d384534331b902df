"""Studies that may share patients and do not say whether they do are known to a question, as to the check."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from evisynth.checks import check_project
from evisynth.database import ProjectFiles, build_database, open_database
from evisynth.outcomes import Comparison, read_question, select_comparisons
from evisynth.vocabulary import Vocabulary

STUDY = """\
id: {id}
source: {{kind: journal abstract, title: not reported, authors: [{authors}], year: 2020{source}}}
cohort: {{design: retrospective, {cohort}at: line 1}}
groups:
  all: {{label: All, n: {n}, intervention: surgery, at: line 2}}
outcomes:
  - outcome: overall survival
    at: line 3
    values: {{all: {{median: {median} months, survival at 5 years: {rate}%}}}}
"""
QUESTION = """\
id: asked
title: Asked
why: To know.
outcome: overall survival
effect_measure: survival
time: 5 years
minimum_grade: D
rows:
  - {label: After surgery, index: {intervention: surgery}}
"""

Select = Callable[..., dict[str, Comparison]]


def _other(message: str) -> str:
    """The other study that a finding names, by its id or its file."""
    found = re.search(r"'(\w+)'|(\w+)\.yaml", message)
    assert found is not None
    return found[1] or found[2]


@pytest.fixture
def rows_of(empty_project: Path, vocabulary: Vocabulary) -> Select:
    """The rows of a question over studies told as text; each has its own size and figures unless told."""
    files = ProjectFiles(empty_project)

    def of_studies(*studies: dict[str, object]) -> dict[str, Comparison]:
        for at, told in enumerate(studies, start=1):
            plain = {"id": f"s{at}", "authors": f"Author {at}", "cohort": "", "n": 100 + at}
            told = {**plain, "median": 40 + at, "rate": 50 + at, "source": "", **told}
            told["source"] = told["source"] and f", {told['source']}"
            (files.studies / f"{told['id']}.yaml").write_text(STUDY.format(**told), encoding="utf-8")
        path = empty_project / "evidence" / "questions" / "asked.yaml"
        path.write_text(QUESTION, encoding="utf-8")
        build_database(files)
        with open_database(files.database) as opened:
            selection = select_comparisons(opened, read_question(path, vocabulary))
        found = {row.study: row for row in selection.comparisons}
        report = check_project(files.studies, vocabulary, files.vocabulary)
        told_by_check = {
            frozenset((finding.file.split("/")[-1].removesuffix(".yaml"), _other(finding.message)))
            for finding in report.findings
            if finding.code in ("overlap-undecided", "same-source")
        }
        told_by_rows = {
            frozenset((row.study, other))
            for row in found.values()
            for other, extent in (row.overlaps or {}).items()
            if extent in ("suspected", "one cohort")
        }
        # What the check reports and what is not pooled is the same, whatever a test is about.
        assert told_by_rows == told_by_check
        return found

    return of_studies


@pytest.mark.parametrize(
    ("traces", "reason"),
    [
        ({"cohort": "institution: Saint Elsewhere, "}, "the same institution (Saint Elsewhere)"),
        ({"cohort": "registry: NCDB, "}, "the same registry (NCDB)"),
        ({"authors": "Miller A, Smith B"}, "2 authors in common (Miller A and Smith B)"),
    ],
)
def test_a_trace_that_two_studies_share_makes_them_suspect(rows_of: Select, traces, reason) -> None:
    found = rows_of(traces, traces, {})
    assert found["s1"].overlaps == {"s2": "suspected"}
    assert found["s2"].overlaps == {"s1": "suspected"}
    assert found["s2"].suspicions is not None
    assert found["s2"].suspicions["s1"].startswith(reason)
    assert (found["s3"].overlaps, found["s3"].suspicions) == ({}, None)


def test_the_same_group_with_the_same_results_is_one_cohort(rows_of: Select) -> None:
    twin = {"n": 70, "median": 44, "rate": 61}
    found = rows_of(twin, twin, {"n": 71, "median": 44, "rate": 60})
    assert found["s1"].overlaps == {"s2": "one cohort"}
    assert found["s2"].suspicions is not None
    assert found["s2"].suspicions["s1"].startswith("a group of 70 with the same results")
    assert found["s3"].overlaps == {}


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("pmid: 38689169", "pmid: 38689169", "the same PubMed id (38689169)"),
        ("doi: 10.1000/AbC", "doi: 10.1000/abc", "the same DOI (10.1000/abc)"),
        (
            "registration: NCT 01234567",
            "registration: NCT01234567",
            "the same registration number (NCT01234567)",
        ),
    ],
)
def test_one_number_in_two_files_is_one_cohort(rows_of: Select, one: str, other: str, reason: str) -> None:
    found = rows_of({"source": one}, {"source": other}, {})
    assert found["s1"].overlaps == {"s2": "one cohort"}
    assert found["s2"].suspicions == {"s1": reason}
    assert found["s3"].overlaps == {}


def test_years_that_meet_are_told_and_years_apart_clear_a_pair(rows_of: Select) -> None:
    place = "institution: Saint Elsewhere, accrual: {} to {}, "
    found = rows_of(
        {"cohort": place.format(1990, 2000)},
        {"cohort": place.format(2000, 2010)},
        {"cohort": place.format(2011, 2020)},
    )
    assert found["s1"].overlaps == {"s2": "suspected"}
    assert found["s1"].suspicions is not None
    assert "years that meet (1990 to 2000, 2000 to 2010)" in found["s1"].suspicions["s2"]
    assert found["s3"].overlaps == {}


@pytest.mark.parametrize("extent", ["none", "possible", "contained"])
def test_what_a_file_decides_is_not_suspected(rows_of: Select, extent) -> None:
    place = "institution: Saint Elsewhere, "
    decided = f"{place}overlaps: [{{with: s1, extent: {extent}, because: They say so.}}], "
    found = rows_of({"cohort": place}, {"cohort": decided})
    assert found["s1"].overlaps == {"s2": extent}
    assert found["s1"].suspicions is None


def test_one_author_or_generic_words_are_no_trace(rows_of: Select) -> None:
    found = rows_of(
        {"authors": "Miller A", "cohort": "institution: University hospital, "},
        {"authors": "Miller A", "cohort": "institution: University hospital, "},
        {"authors": "Miller A, et al"},
        {"authors": "Miller A, et al"},
    )
    assert not any(row.overlaps for row in found.values())
