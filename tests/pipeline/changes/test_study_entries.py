"""A study as entries: every number is one, and every edit of a file that changes what it says is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from five_studies import FIVE_ANSWERED, FIVE_STUDIES

from evisynth.pipeline import Changes, cited, compare_entries, figure_entries, study_entries
from evisynth.studies import Study, read_study, read_vocabulary

VOCABULARY = read_vocabulary(FIVE_STUDIES / "evidence" / "vocabulary.yaml")
STUDIES = {path.stem: path for path in sorted((FIVE_STUDIES / "studies").glob("*.yaml"))}

STUDY = """\
id: small
source:
  kind: journal abstract
  authors: [Nobody A, et al.]
  journal: J Surg
  year: 2020
cohort:
  design: retrospective
  accrual: 2000 to 2010
  follow_up: {median: 62 months, at: line 9}
  registry: registry
  overlaps:
    - {with: other, extent: possible, because: Same town.}
groups:
  all: {label: Everybody, n: 120, intervention: surgery, at: line 3}
  yes: {label: Resected, n: 80, of: all, by: resection, intervention: resection, at: line 4}
  no: {label: Not resected, n: 40, of: all, by: resection, intervention: no resection, at: line 4}
outcomes:
  - outcome: overall survival
    method: Kaplan-Meier
    starts: operation
    at: line 5
    values:
      yes:
        median: 87 months (95% CI 10 to 164)
        survival at 5 years: {value: 88%, at_risk: 31}
      no: {median: 60 months, survival at 5 years: 39%}
  - outcome: major complications
    at: line 6
    values:
      all: {proportion: 12 (10%)}
comparisons:
  - {outcome: overall survival, of: [yes, no], p: 0.04, test: log-rank, basis: stated, at: line 7}
  - {outcome: overall survival, within: all, by: Ki-67, p: 0.038, basis: stated, at: line 8}
  - {outcome: overall survival, within: all, by: primary site, p: < 0.001, basis: stated, at: line 8}
claims:
  - {kind: benefit, outcome: overall survival, index: yes, reference: no, comparator: concurrent, at: line 9}
"""


@pytest.fixture
def read(tmp_path: Path):
    def read_text(text: str) -> Study:
        path = tmp_path / "small.yaml"
        path.write_text(text, encoding="utf-8")
        return read_study(path, VOCABULARY, "studies/small.yaml")

    return read_text


def differences(old: Study, new: Study) -> tuple[Changes, ...]:
    before, now = study_entries(old), study_entries(new)
    return tuple(compare_entries(before[kind], now[kind]) for kind in ("figures", "groups", "details"))


@pytest.mark.parametrize(
    "text",
    [
        f"# moved\n\n{STUDY}",
        STUDY.replace("outcome: overall survival\n", "outcome: OS\n"),
        STUDY.replace("accrual: 2000 to 2010", "accrual: 2000 to 2010  # years"),
        STUDY.replace("88%", "88 %"),
        STUDY.replace("at 5 years: 39%", "at 60 months: 39%"),
        STUDY.replace("{median: 60 months, survival at 5 years: 39%}",
                      "\n        survival at 5 years: 39%\n        median: 60 months"),
        STUDY.replace("[yes, no], p: 0.04, test: log-rank", "[yes, no], test: log-rank, p: 0.04"),
    ],
    ids=["lines", "synonym", "comment", "spaces", "unit-of-time", "order", "keys"],
)  # fmt: skip
def test_the_same_said_otherwise_is_no_difference(text: str, read) -> None:
    assert text != STUDY
    assert not any(differences(read(STUDY), read(text)))


@pytest.mark.parametrize(
    ("old", "new", "where", "facts"),
    [
        ("survival at 5 years: 39%", "survival at 5 years: 41%", "figures", ("as_reported",)),
        ("median: 60 months", "median: 60.0 months", "figures", ("as_reported",)),
        ("median: 60 months", "median: not reached", "figures", ("as_reported",)),
        ("87 months (95% CI 10 to 164)", "87 months (95% CI 12 to 164)", "figures", ("as_reported",)),
        ("12 (10%)", "13 (10%)", "figures", ("as_reported",)),
        ("at_risk: 31", "at_risk: 30", "figures", ("as_reported",)),
        ("p: 0.04,", "p: 0.05,", "figures", ("as_reported",)),
        ("p: 0.04, test: log-rank, basis: stated, at: line 7",
         "p: 0.05, test: log-rank, basis: stated, at: line 12", "figures",
         ("as_reported", "source_location")),
        ("test: log-rank", "test: Cox", "figures", ("test",)),
        ("test: log-rank, basis: stated", "test: log-rank, basis: unclear", "figures", ("basis",)),
        ("by: Ki-67, p: 0.038", "by: Ki-67, p: 0.039", "figures", ("as_reported",)),
        ("{proportion: 12 (10%)}", "{proportion: {value: 12 (10%), n: 118}}", "figures", ("n",)),
        ("{proportion: 12 (10%)}", "{proportion: {value: 12 (10%), note: by centre}}", "figures", ("note",)),
        ("median: 60 months", "median: {value: 60 months, perhaps: 66 months, because: Slip.}", "figures",
         ("perhaps", "because")),
        ("median: 60 months", "median: {value: 60 months, worked_out: read off}", "figures", ("worked_out",)),
        ("n: 80,", "n: 84,", "groups", ("n",)),
        ("label: Resected", "label: Liver resected", "groups", ("label",)),
        ("intervention: no resection", "intervention: surgery", "groups", ("intervention",)),
        ("n: 40, of: all, by: resection", "n: 40, of: all, by: operation", "groups", ("by",)),
        ("year: 2020", "year: 2021", "details", ("source year",)),
        ("accrual: 2000", "accrual: 2001", "details", ("cohort accrual",)),
        ("median: 62 months", "median: 63 months", "details", ("cohort follow up median",)),
        ("extent: possible", "extent: identical", "details", ("extent",)),
        ("kind: benefit", "kind: little effect", "details", ("kind",)),
    ],
)  # fmt: skip
def test_every_edit_is_one_change_of_what_it_says(old: str, new: str, where: str, facts, read) -> None:
    assert STUDY.count(old) == 1, old
    edited = STUDY.replace(old, new)
    found = dict(zip(("figures", "groups", "details"), differences(read(STUDY), read(edited)), strict=True))
    changes = found.pop(where)
    assert not any(found.values())
    (change,) = changes.changed
    assert tuple(change.facts) == facts
    assert not changes.added
    assert not changes.removed


def test_a_word_that_a_statement_shares_with_its_key_is_seen(read) -> None:
    *_, details = differences(read(STUDY), read(STUDY.replace("  registry: registry\n", "")))
    assert [entry.record["text"] for entry in details.removed] == ["registry"]


def test_what_stands_in_a_block_reaches_its_figures(read) -> None:
    for edited in ("starts: diagnosis", "starts: operation\n    note: Read off the curve."):
        figures, *_ = differences(read(STUDY), read(STUDY.replace("starts: operation", edited)))
        name = "note" if "note" in edited else "starts"
        assert [list(change.facts) for change in figures.changed] == [[name]] * 4  # not the number at risk


def test_the_time_of_a_comparison_is_that_of_its_figures(read) -> None:
    edited = STUDY.replace("p: 0.04,", "time: 10 years, p: 0.04,")
    figures, *_ = differences(read(STUDY), read(edited))
    assert [entry.key[-2:] for entry in figures.added] == [("p_value", 120.0)]
    assert [entry.key[-2:] for entry in figures.removed] == [("p_value", None)]


def test_an_edit_of_the_time_is_another_figure(read) -> None:
    figures, *_ = differences(read(STUDY), read(STUDY.replace("at 5 years: 39%", "at 3 years: 39%")))
    assert (len(figures.added), len(figures.removed), figures.changed) == (1, 1, ())


@pytest.mark.parametrize("study", STUDIES)
def test_every_number_of_the_query_is_an_entry(study: str) -> None:
    entries = figure_entries(read_study(STUDIES[study], VOCABULARY))
    keys = {
        (of, group, compared, outcome, statistic, months, entry.record["as_reported"])
        for entry in entries
        for of, group, compared, outcome, statistic, months in [entry.key]
    }
    rows = FIVE_ANSWERED.reported_outcomes(study=study)
    assert rows
    for row in rows:
        # ``91 (84.2%)`` is one figure of the file and two rows of the query.
        names = {row.statistic, "proportion"} if row.statistic == "count" else {row.statistic}
        key = (row.study, row.group, row.compared_with, row.outcome)
        assert any((*key, name, row.time_months, row.as_reported) in keys for name in names), row


def test_entries_are_named_and_told_as_people_know_them(read) -> None:
    entries = study_entries(read(STUDY.replace("12 (10%)", "{value: 12 (10%), n: 118}")))
    assert [(entry.name, entry.about) for entry in entries["figures"]] == [
        ("overall survival, median, yes", "87 months (95% CI 10 to 164)"),
        ("overall survival, survival at 5 years, yes", "88%"),
        ("overall survival, patients at risk at 5 years, yes", "31"),
        ("overall survival, median, no", "60 months"),
        ("overall survival, survival at 5 years, no", "39%"),
        ("major complications, proportion, all", "12 (10%) (n 118)"),
        ("overall survival, p-value, yes vs no", "0.04"),
        ("overall survival, p-value, all by Ki-67", "0.038"),
        ("overall survival, p-value, all by primary site", "< 0.001"),
    ]
    assert [(entry.name, entry.about) for entry in entries["groups"][:2]] == [
        ("group all", "Everybody, number of patients 120"),
        ("group yes", "Resected, number of patients 80, part of all, by resection"),
    ]


@pytest.mark.parametrize("study", STUDIES)
def test_figures_say_where_they_stand(study: str) -> None:
    lines = STUDIES[study].read_text(encoding="utf-8").splitlines()
    for entry in figure_entries(read_study(STUDIES[study], VOCABULARY)):
        file, _, line = str(entry.record["file_location"]).rpartition(":")
        assert file == f"studies/{study}.yaml"
        assert str(entry.record["as_reported"]) in lines[int(line) - 1]


def test_a_study_is_cited_by_what_its_file_has(read) -> None:
    assert cited(read(STUDY)) == "Nobody A, et al., J Surg 2020"
    titled = STUDY.replace(
        "  authors: [Nobody A, et al.]\n  journal: J Surg\n  year: 2020\n", "  title: Mine\n"
    )
    assert cited(read(titled)) == "Mine"
