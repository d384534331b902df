"""The walk from a row back to the print: nothing on the way is missing, and every number is the row's own."""

from __future__ import annotations

import json
import re
from dataclasses import asdict

import pytest
from five_studies import FIVE_ANSWERED, FIVE_STUDIES

from evisynth.errors import ProjectError
from evisynth.pipeline import Evidence
from evisynth.report import (
    explain_answer,
    explanation_blocks,
    formula_lines,
    letters_text,
    render_explanation,
)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return FIVE_ANSWERED


@pytest.fixture(scope="module")
def resection(evidence: Evidence):
    return evidence.explain("resection-overall-survival", "midgut-debulking")


@pytest.mark.parametrize("question", FIVE_ANSWERED.question_ids())
def test_every_row_of_every_question_is_walked_to_the_line_it_rests_on(evidence: Evidence, question) -> None:
    recovered = evidence.recover(question)
    explanation = explain_answer(recovered.answer, recovered.comparisons, evidence.vocabulary())
    assert len(explanation.rows) == len(recovered.answer.rows)
    for row, answered in zip(explanation.rows, recovered.answer.rows, strict=True):
        assert row.standing.estimate == answered.effect.estimate
        assert (row.standing.equations != ()) or answered.effect.estimate is None
        assert len(row.others) == len(answered.alternatives)
        assert all(group.chosen_for for group in row.groups)
        for figure in row.standing.inputs:
            path, _, line = figure.file_location.rpartition(":")
            assert 0 < int(line) <= len((FIVE_STUDIES / path).read_text(encoding="utf-8").splitlines())
    assert "None" not in render_explanation(explanation, "text")
    json.dumps(asdict(explanation), allow_nan=False)


def test_the_printed_value_stands_on_the_line_that_is_named(resection) -> None:
    shown = {figure.as_reported: figure.file_location for figure in resection.rows[0].standing.inputs}
    path, _, line = shown["79%"].rpartition(":")
    assert "79%" in (FIVE_STUDIES / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]


def test_the_formula_has_the_printed_numbers_in_it(resection) -> None:
    lines = {equation.quantity: equation for equation in resection.rows[0].standing.equations}
    assert lines["log HR"].with_numbers == "log(-log 0.79) - log(-log 0.39) = -1.445 - (-0.060) = -1.385"
    assert lines["log HR"].value == resection.rows[0].standing.estimate
    assert lines["SE"].value == pytest.approx(resection.rows[0].standing.standard_error, rel=1e-12)
    assert resection.rows[0].standing.back == "HR = exp(-1.385 ± 1.96 × 0.328) = 0.25 (95% CI 0.13 to 0.48)"


def test_the_grade_says_where_it_began_and_what_lowered_it(resection) -> None:
    standing = resection.rows[0].standing
    assert (standing.basic_grade, standing.grade) == ("C", "D")
    assert "hazards are probably not proportional" in standing.downgrades[0]
    third = resection.rows[2].standing
    assert (third.basic_grade, third.grade, third.downgrades) == ("C", "C", ())


def test_the_alternatives_say_what_they_would_have_given_and_why_they_do_not_stand(resection) -> None:
    others = {other.recovery: other for other in resection.rows[0].others}
    assert others["median_contrast"].effect == "0.72 (95% CI 0.41 to 1.27)"
    assert others["median_contrast"].not_standing == (
        "The other was chosen before it: it is the more direct kind of figure."
    )
    early = "The other was chosen before it: it is for the later time."
    assert others["landmark_contrast"].not_standing == early
    assert "another question" in others["conditional_landmark"].not_standing
    assert "inferred by the reader" in others["log_rank_p_value"].reason


def test_fewer_patients_widen_the_interval_and_leave_the_estimate(resection) -> None:
    # SE/sqrt(G) of METHODS' vector: .327839 at G = 1, .463634 at G = 0.5.
    half = resection.rows[0].standing.sensitivity[1]
    assert half.followed == "50% of the patients"
    assert half.standard_error == pytest.approx(0.463634, abs=1e-6)
    assert half.effect == "0.25 (95% CI 0.10 to 0.62)"


def test_why_groups_were_chosen_and_why_the_row_is_left_out(resection) -> None:
    row = resection.rows[0]
    assert row.groups[0].chosen_for == ("intervention: Resection", "site: Liver only")
    assert row.groups[0].patients.startswith("80 patients (printed) [")
    assert row.division == (
        "Both are parts of M1L, divided by resection: patients of one study, compared with each other."
    )
    assert row.verdict.endswith("The row is not pooled: grade D, and the question asks for C or better.")


def test_a_pooled_answer_is_the_weighted_mean_that_is_written_out(evidence: Evidence) -> None:
    explanation = evidence.explain("surgery-extent-overall-survival")
    (result,) = explanation.results
    left, _, right = result.weighted_mean.rpartition(" = ")
    # Weights and estimates are shown to three decimals: four terms are off by 4e-3 at most.
    assert eval(left.replace("×", "*")) == pytest.approx(float(right), abs=4e-3)
    pooled = [row for row in explanation.rows if row.weight is not None]
    assert len(pooled) == 4
    assert all("of the weight" in row.verdict for row in pooled)


def test_a_study_without_a_row_is_no_answer(evidence: Evidence) -> None:
    with pytest.raises(ProjectError, match="midgut-debulking reports nothing that answers symptom-relief"):
        evidence.explain("symptom-relief", "midgut-debulking")


def test_a_study_whose_groups_lack_a_tag_is_told_which(evidence: Evidence) -> None:
    with pytest.raises(ProjectError) as caught:
        evidence.explain("completeness-overall-survival", "midgut-debulking")
    told = str(caught.value)
    assert "midgut-debulking reports on Overall survival, and has no row" in told
    assert "the reference group must have extent Incomplete, and no group has" in told
    assert "its group M1LR has intervention Resection, site Liver only" in told
    assert "reports nothing" not in told


def test_a_row_that_counts_and_is_not_pooled_says_the_reason(evidence: Evidence) -> None:
    (row,) = (row for row in evidence.explain("symptom-relief").rows if row.included)
    (result,) = evidence.explain("symptom-relief").results
    assert row.verdict.endswith("nothing is pooled: " + result.result.removeprefix("Nothing is pooled: "))


def test_in_blocks_the_reason_is_that_of_the_block(evidence: Evidence) -> None:
    explanation = evidence.explain("perioperative-mortality")
    alone = [row for row in explanation.rows if row.included and row.weight is None]
    assert alone
    assert all("whose own interval stands" in row.verdict for row in alone)


def test_markdown_and_text_hold_the_same_words(resection) -> None:
    text = " ".join(render_explanation(resection, "text").replace("\N{NO-BREAK SPACE}", " ").split())
    markdown = render_explanation(resection, "markdown")
    for block in explanation_blocks(resection):
        assert " ".join(block.text.split()) in text
    assert "    log HR = log(-log S1) - log(-log S0) = log(-log 0.79)" in markdown
    assert markdown.startswith("# Resection against no resection")
    assert re.search(r"^- Index group M1LR", markdown, re.MULTILINE)
    assert "p \\< 0.0001" in markdown


def test_text_keeps_to_the_width_of_a_terminal(resection) -> None:
    assert max(map(len, render_explanation(resection, "text").splitlines())) <= 100


def test_letters_of_two_groups_are_explained_once(resection) -> None:
    assert letters_text(resection.rows[0].standing) == (
        "S: survival; n: patients; V: variance of S; 1: index group; 0: reference group; SE: standard error; "
        "log: natural logarithm."
    )


def test_words_that_are_a_formula_are_not_said_twice(evidence: Evidence) -> None:
    explanation = evidence.explain("perioperative-mortality")
    exact, counted = (row.standing for row in explanation.rows)
    assert list(formula_lines(exact))[1] == "u = exact upper limit of 0 of 108 at level 0.95 = 0.03358"
    assert next(formula_lines(counted)) == "logit p = logit(x/n) = logit(9/546) = -4.089"
    assert letters_text(counted).endswith("logit: logit p is log(p/(1 - p)).")


def test_the_alternatives_have_their_places_too(resection) -> None:
    text = " ".join(render_explanation(resection, "text").split())
    assert "Printed: median, M1LR: 151 months [" in text
