"""What the script says; that metafor agrees with it is tested in tests/pipeline/test_refit.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from evisynth.answers import Answer, RowCovariance
from evisynth.outcomes import Arm, Comparison, GroupSize
from evisynth.report import ExportedQuestion, question_tables, render_metafor_script


def exported(answer: Answer) -> ExportedQuestion:
    size = GroupSize((50,), "printed", "50", "line 3")
    comparisons = [
        Comparison(
            row.effect.study, row.effect.row_group, "overall_survival",
            *(Arm(row.effect.study, group, group, size, {}, "own", ()) for group in ("R", "N")),
        )
        for row in answer.rows
    ]  # fmt: skip
    return question_tables(answer, comparisons, [(row.effect, *row.alternatives) for row in answer.rows])


def body(*questions: ExportedQuestion) -> list[str]:
    """The lines between the functions and the table."""
    text = render_metafor_script(questions)
    return (
        text.partition("#### the estimates ####\n")[2].partition("\nif (length(found)")[0].split("\n")[1:-1]
    )


def with_block(one: ExportedQuestion, covariance: RowCovariance | None, **pooled: object) -> ExportedQuestion:
    (block,) = one.blocks
    summary = replace(block.summary, pooled=replace(block.summary.pooled, **pooled))
    return replace(one, blocks=(replace(block, covariance=covariance, summary=summary),))


def test_a_plain_answer_is_three_lines(answer: Callable[..., Answer]) -> None:
    assert body(exported(answer(-0.5, -0.2, -0.9, -0.1))) == [
        "# Resection & survival (hazard ratio, log)",
        "# resection, 1 (Overall)",
        'rows <- read_rows("resection", 1)',
        'fit <- rma(yi, vi, data = rows, slab = slab, method = "REML", test = "adhoc", level = 0.95, '
        "control = stepwise)",
        'compare("resection", 1, values_of(fit))',
    ]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"model": "common_effect"}, '"FE", test = "z", level = 0.95)'),
        (
            {"tau_squared": "PM", "interval": "hksj-plain"},
            '"PM", test = "knha", level = 0.95, control = root)',
        ),
        ({"tau_squared": "DL", "interval": "t"}, '"DL", test = "t", level = 0.95)'),
        ({"interval": "wald", "level": 0.9}, '"REML", test = "z", level = 0.9, control = stepwise)'),
    ],
)
def test_settings_are_those_of_the_question(answer, question, settings, said) -> None:
    lines = body(exported(answer(-0.5, -0.2, -0.9, question=replace(question, **settings))))
    (fit,) = (line for line in lines if line.startswith("fit"))
    assert fit.endswith(f"slab = slab, method = {said}")


def test_what_is_refused_stands_in_a_comment(answer: Callable[..., Answer]) -> None:
    _, said = body(exported(answer(-0.5)))
    assert said == (
        "# resection, 1 (Overall): nothing is pooled: one row only, s1 R vs N, whose own interval stands"
    )


def test_a_bayesian_answer_is_left_out_and_says_so(answer, question) -> None:
    bayesian = replace(question, model="bayesian", tau_prior="half-normal(0.5)")
    lines = body(exported(answer(-0.5, -0.2, -0.9, question=bayesian)))
    assert lines[-1] == 'left_out("resection", 1, "the answer is Bayesian, and metafor has no priors")'
    assert not any(line.startswith("fit") for line in lines)


def test_rows_that_share_patients_are_put_together_first(answer: Callable[..., Answer]) -> None:
    matrix = np.diag([0.1, 0.1, 0.1])
    matrix[0, 1] = matrix[1, 0] = 0.04
    plain = exported(answer(-0.5, -0.2, -0.9))
    _, _, rows, sets, fit, _ = body(with_block(plain, RowCovariance((0, 0, 2), matrix)))
    assert rows == 'rows <- read_rows("resection", 1)'
    assert sets == 'sets <- put_together(rows, covariance_of("resection", rows))'
    assert fit.startswith("fit <- rma(yi, vi, data = sets, ")


def test_rows_put_together_twice_are_left_out(answer: Callable[..., Answer]) -> None:
    lines = body(with_block(exported(answer(-0.5, -0.2, -0.9)), None))
    assert lines[-1].startswith('left_out("resection", 1, "rows of one control group are put together before')


@pytest.mark.parametrize("method", ["REML", "common"])
@pytest.mark.parametrize("shared", [0.04, 0.0])
def test_robust_answers_are_fitted_by_sets(answer: Callable[..., Answer], method: str, shared: float) -> None:
    matrix = np.diag([0.1, 0.1, 0.1])
    matrix[0, 1] = matrix[1, 0] = shared
    plain = exported(answer(-0.5, -0.2, -0.9))
    lines = body(with_block(plain, RowCovariance((0, 0, 2), matrix), interval="cr2", method=method))
    assert lines[3:] == [
        'V <- covariance_of("resection", rows)' if shared else "V <- rows$vi",
        "fit <- fit_by_sets(rows, V, level = 0.95)"
        if method == "REML"
        else "fit <- rma.mv(yi, V, data = rows, slab = slab, level = 0.95)",
        'compare("resection", 1, robust_values_of(fit, rows$set))',
    ]


def test_words_of_people_cannot_leave_their_comment(answer, question) -> None:
    hostile = replace(question, id='a"b\\c', title="One\nquit(status = 0)\r\u2028two")
    lines = body(exported(answer(-0.5, -0.2, -0.9, question=hostile)))
    assert lines[0] == "# One quit(status = 0) two (hazard ratio, log)"
    assert lines[2] == 'rows <- read_rows("a\\"b\\\\c", 1)'


def test_without_questions_the_script_stands() -> None:
    text = render_metafor_script(())
    assert body() == []
    assert "No question of this folder has an estimate" in text


def test_the_script_names_no_machine_version_or_day(answer: Callable[..., Answer]) -> None:
    text = render_metafor_script([exported(answer(-0.5, -0.2, -0.9))])
    assert not re.search(r"/(work|home|tmp|usr)/|\d{4}-\d\d-\d\d|\bversion\b", text)
    assert text.isascii()
