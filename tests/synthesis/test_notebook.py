"""What results show of themselves in a notebook."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from hypothesis import given, strategies as st

import evisynth
from evisynth.synthesis import (
    compute_baujat,
    compute_influence,
    cumulate,
    html_table,
    interval_words,
    leave_one_out,
    limits_words,
    pool_correlated,
    regress,
)
from evisynth.wording import number_text


def cells(html: str) -> list[list[str]]:
    table = ElementTree.fromstring(f"<div>{html}</div>")
    return [[cell.text or "" for cell in row] for row in table.iter("tr")]


def test_a_pooled_hazard_ratio_is_shown_as_a_ratio() -> None:
    result = evisynth.pool([-0.5, -0.2, -0.4], [0.04, 0.09, 0.06], effect_measure="hazard_ratio")
    shown = dict(cells(result._repr_html_()))
    expected = [math.exp(x) for x in (result.estimate, result.ci_lower, result.ci_upper)]
    assert shown["hazard ratio"] == "{:.3g} ({:.3g} to {:.3g})".format(*expected)
    assert shown["rows"] == "3"
    assert shown["model"] == "REML, hksj interval at 95%"


def test_survival_comes_with_its_limits_in_order() -> None:
    # METHODS TV-1: 79% of 80 patients, .6834 to .8642.
    g, reach = -1.445101, 1.959964 * 0.244540
    assert interval_words(g, g - reach, g + reach, "log(-log)") == "0.79 (0.683 to 0.864)"


@pytest.mark.parametrize(
    ("lower", "upper", "words"),
    [(None, 0.0, "at most 1"), (0.0, None, "at least 1"), (None, None, ""), (0.0, 0.0, "1 to 1")],
)
def test_an_open_side_is_said(lower: float | None, upper: float | None, words: str) -> None:
    assert limits_words(lower, upper, "log") == words


@given(text=st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc"))))
def test_no_text_becomes_markup(text: str) -> None:
    assert cells(html_table(("a",), [(text,)]))[1] == [text]


def test_infinite_numbers_have_a_sign() -> None:
    assert (number_text(math.inf), number_text(-math.inf)) == ("∞", "-∞")


def test_an_answer_shows_its_rows_and_why_some_are_not_pooled(project) -> None:
    answer = evisynth.open(project).answer("surgery-extent-overall-survival")
    shown = cells(answer._repr_html_().split("</p>")[1])
    assert len(shown) == 1 + len(answer.rows) + 1
    refused = [row for row in shown[1:-1] if row[5]]
    assert len(refused) == sum(not row.included for row in answer.rows) > 0
    assert shown[-1][1] == f"{answer.overall.row_count} rows"


def test_a_pooled_result_prints_in_a_line_without_its_arrays() -> None:
    result = evisynth.pool([-0.5, -0.2, -0.4], [0.04, 0.09, 0.06], effect_measure="hazard_ratio")
    expected = [math.exp(x) for x in (result.estimate, result.ci_lower, result.ci_upper)]
    assert repr(result) == (
        "<PooledResult: hazard ratio {:.3g} ({:.3g} to {:.3g}), 3 rows, REML, hksj interval at 95%>"
    ).format(*expected)
    bayesian = evisynth.pool_bayesian([-0.5, -0.2], [0.04, 0.09], tau_prior="half-normal(0.5)")
    assert repr(bayesian).startswith("<BayesianResult: estimate -0.")
    assert "bayesian, shortest interval" in repr(bayesian)


@pytest.mark.parametrize("size", [3, 300])
def test_results_of_many_rows_print_as_short_as_those_of_few(size: int) -> None:
    rng = np.random.default_rng(3)
    y, v = rng.normal(size=size), np.full(size, 0.1)
    cumulative, without = cumulate(y, v), leave_one_out(y, v)
    posterior = evisynth.pool_bayesian(y, v, tau_prior="half-normal(0.5)").posterior
    for result in (
        evisynth.pool_many(y, v, np.arange(size) % 2), cumulative, without, without.without, posterior,
        posterior.effect, posterior.tau, compute_baujat(y, v), compute_influence(y, v),
        regress(y, v, {"dose": y**2}), pool_correlated(y, np.diag(v)),
    ):  # fmt: skip
        assert type(result).__name__ in repr(result)
        assert "\n" not in repr(result)
        assert len(repr(result)) < 700


def test_an_answer_prints_its_question_and_what_came_of_it(project) -> None:
    evidence = evisynth.open(project)
    pooled = evidence.answer("surgery-extent-overall-survival")
    first, second = repr(pooled).splitlines()
    assert first == "<Answer surgery-extent-overall-survival: hazard ratio, 4 of 8 rows count"
    assert second.startswith("  Overall: hazard ratio 0.5") and "exploratory, this is lower than 9" in second
    assert "not pooled" in repr(evidence.answer("symptom-relief"))
    blocks = evidence.answer("survival-5-years")
    assert [line.strip().split(":")[0] for line in repr(blocks).splitlines()[1:]] == [
        "After surgery", "Without surgery",
    ]  # fmt: skip
    left_out = next(row for row in pooled.rows if not row.included)
    assert (left_out.reason or "") in repr(left_out) and "grade X" in repr(left_out)
    assert "0.25 (0.132 to 0.476), grade D" in repr(pooled.rows[0])
