"""Strata of one study: no variance between studies, and two blocks set against each other within it."""

from __future__ import annotations

from typing import Any

import pytest
from counted_project import ask as write_question, counted_project
from five_studies import FIVE_STUDIES

import evisynth
from evisynth.answers import StratifiedDifference, answer_as_json, difference_of
from evisynth.figures import difference_text
from evisynth.outcomes import GroupSelector, RowGroup

#: metafor 3.8-1: rma(s1 - s0, s1 (1 - s1) / n1 + s0 (1 - s0) / n0, method = "FE") of the three strata of one
#: abstract: 79, 70 and 64% of 80, 31 and 147 against 39, 67 and 55% of 37, 6 and 18 alive at ten years.
TEN_YEARS = (0.2604519601, 0.0697058892, 0.1238309278, 0.3970729925, 0.0001866430, 5.4042763007, 0.0670619708)


@pytest.fixture(scope="module")
def evidence() -> Any:
    return evisynth.open(FIVE_STUDIES)


def test_blocks_of_one_study_are_set_against_each_other_stratum_by_stratum(evidence: Any) -> None:
    answer = evidence.answer("survival-10-years")
    found = difference_of(answer)
    assert isinstance(found, StratifiedDifference)
    numbers = (found.estimate, found.standard_error, found.ci_lower, found.ci_upper, found.p_value)
    assert (*numbers, found.q_statistic, found.q_p_value) == pytest.approx(TEN_YEARS, abs=6e-11)
    assert (found.strata, found.left, found.study) == (("M1L", "M1O", "M2"), (), "midgut-debulking")
    # the blocks themselves have no estimate: each is of other sites
    assert [summary.pooled for summary in answer.by_row_group] == [None, None]
    assert all("strata of one study" in str(summary.refused) for summary in answer.by_row_group)
    assert all(row.weight is None for row in answer.rows)


def test_a_stratum_with_everybody_alive_is_told_to_be_missing(evidence: Any) -> None:
    answer = evidence.answer("survival-5-years")
    # 88 against 88% and 82 against 82%: no difference, whatever the weights
    assert answer.strata is not None and answer.strata.estimate == pytest.approx(0, abs=1e-12)
    assert answer.strata.left == ("M1O",)
    text = difference_text(answer.strata)
    assert "0.0 percentage points" in text and "Without M1O" in text
    record = answer_as_json(answer)
    assert record["stratified_difference"]["strata"] == ["M1L", "M2"]
    assert record["subgroup_difference"] is None


def test_every_command_says_the_difference(evidence: Any, tmp_path: Any) -> None:
    said = "26.0 percentage points (95% CI 12.4 to 39.7)"
    assert said in evidence.explain("survival-10-years").difference
    assert said in " ".join(evidence.forest("survival-10-years").description.split())
    _, found = evidence.multiverse("survival-10-years", 500)
    assert all(len(one.estimate) == 0 for one in found)
    assert all("strata of one study" in reason for one in found for reason in one.refused)


@pytest.fixture
def strata(ask: Any, arm: Any, compare: Any, point: Any) -> Any:
    """Build an exploratory question on single groups, and a row for each (block, stratum, y, error)."""
    blocks = tuple(RowGroup(label, GroupSelector({"site": (label,)})) for label in ("with", "without"))

    def build(*rows: tuple[str, str, float, float], measure: str = "survival", study: str = "s1") -> Any:
        made = []
        for block, stratum, y, error in rows:
            group = f"{block}-{stratum}"
            lineage = ((group, "operation"), (stratum, "site"), ("all", None))
            index = arm(study, group, part_of=stratum, split="operation", lineage=lineage)
            row = compare(study, index, None, row_group=block)
            made.append((row, point(row, y, error, effect_measure=measure, grade="C")))
        question = ask(effect_measure=measure, row_groups=blocks, summary="by_row_group", minimum_grade="D")
        return question, made

    return build


ROWS = (
    ("with", "liver", -1.0, 0.2),
    ("with", "bone", -0.5, 0.3),
    ("without", "liver", -0.6, 0.25),
    ("without", "bone", -0.4, 0.35),
)


def test_medians_are_set_against_each_other_as_ratios(strata: Any, answer_rows: Any) -> None:
    question, rows = strata(*ROWS, measure="median")
    found = answer_rows(question, *rows).strata
    # by hand: differences -0.4 and -0.1, variances 0.1025 and 0.2125
    w = (1 / 0.1025, 1 / 0.2125)
    assert found.estimate == pytest.approx((-0.4 * w[0] - 0.1 * w[1]) / sum(w), rel=1e-12)
    assert found.standard_error == pytest.approx(sum(w) ** -0.5, rel=1e-12)
    assert found.scale == "log"
    assert difference_text(found).startswith("Exploratory ratio within the strata of s1 (liver and bone)")


def test_one_block_of_strata_is_put_together_by_fixed_effects(strata: Any, answer_rows: Any) -> None:
    question, rows = strata(*ROWS[:2])
    with_surgery = answer_rows(question, *rows).by_row_group[0]
    w = (1 / 0.04, 1 / 0.09)
    assert with_surgery.pooled.estimate == pytest.approx((-1.0 * w[0] - 0.5 * w[1]) / sum(w), rel=1e-12)
    assert (with_surgery.pooled.method, with_surgery.pooled.interval) == ("stratified", "wald")
    assert with_surgery.pooled.tau_squared == 0.0
    assert any("Strata of one study (s1)" in caution for caution in with_surgery.cautions)


def test_a_second_study_makes_studies_of_them(strata: Any, answer_rows: Any) -> None:
    question, rows = strata(*ROWS)
    _, more = strata(("with", "all", -0.8, 0.3), study="s2")
    answer = answer_rows(question, *rows, *more)
    assert answer.strata is None
    assert answer.by_row_group[0].pooled.method == "REML"


def test_counts_of_strata_are_set_against_each_other_by_mantel_haenszel(tmp_path: Any) -> None:
    folder = counted_project(tmp_path, [(0, 44, 0, 49)])
    study = folder / "studies" / "made-up-1.yaml"
    study.write_text(
        """\
id: made-up-1
source: {kind: journal abstract, year: 2001}
cohort: {design: made up, institution: Hospital, accrual: 2001 to 2009, at: line 1}
groups:
  all: {label: Everyone, n: 400, population: neuroendocrine metastases, at: line 1}
  l: {label: Liver, n: 200, of: all, by: site, site: liver, at: line 1}
  e: {label: Elsewhere, n: 200, of: all, by: site, site: extrahepatic, at: line 1}
  lr: {label: Liver resected, n: 50, of: l, by: operation, intervention: resection, at: line 1}
  lc: {label: Liver not, n: 150, of: l, by: operation, intervention: no resection, at: line 1}
  er: {label: Elsewhere resected, n: 60, of: e, by: operation, intervention: resection, at: line 1}
  ec: {label: Elsewhere not, n: 140, of: e, by: operation, intervention: no resection, at: line 1}
outcomes:
  - outcome: perioperative mortality
    at: line 2
    values:
      lr: {count within 30 days: 0}
      lc: {count within 30 days: 3}
      er: {count within 30 days: 2}
      ec: {count within 30 days: 0}
"""
    )
    write_question(folder, "shares", "proportion", "summary: by row group", "minimum_grade: D")
    path = folder / "evidence" / "questions" / "shares.yaml"
    path.write_text(path.read_text() + "  - label: Not\n    index: {intervention: no resection}\n")
    found = evisynth.open(folder).answer("shares").strata
    assert found is not None and found.method == "Mantel-Haenszel"
    # by hand: weights 50 x 150 / 200 and 60 x 140 / 200; differences -3/150 and 2/60
    expected = (37.5 * -3 / 150 + 42 * 2 / 60) / 79.5
    assert found.estimate == pytest.approx(expected, rel=1e-12)
    assert found.strata == ("l", "e")
