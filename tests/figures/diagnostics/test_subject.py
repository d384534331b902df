"""What a diagnostic chart is about: results and answers, names, and the words for an estimate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from evisynth.answers import Answer, influence_of
from evisynth.errors import InvalidDataError
from evisynth.figures import MOST_LABELS, read_subject, row_names
from evisynth.synthesis import PooledResult, compute_influence, pool_bayesian

MakeUp = Callable[..., PooledResult]


def test_a_result_is_named_by_its_measure_and_rows(bcg_pooled: PooledResult) -> None:
    subject = read_subject(bcg_pooled, "a chart")
    assert subject.title("Funnel plot") == "Funnel plot: risk ratio, 13 rows"
    assert subject.names[0] == "Aronson 1948"


def test_an_answer_is_named_by_its_question_and_shown_as_it_says(
    answers: dict[str, Callable[[], Answer]],
) -> None:
    answer = answers["exploratory"]()
    subject = read_subject(answer, "a chart")
    assert subject.heading == answer.question.title
    assert subject.display.name == "Hazard ratio"
    assert subject.row_count == 6


def test_an_answer_that_refuses_to_pool_is_not_pooled_by_a_chart(
    answers: dict[str, Callable[[], Answer]],
) -> None:
    with pytest.raises(InvalidDataError, match="there is none: one row only"):
        read_subject(answers["resection"](), "a funnel plot")


def test_what_is_no_result_is_refused() -> None:
    with pytest.raises(InvalidDataError, match="not a dict; pool first"):
        read_subject({}, "a chart")  # type: ignore[arg-type]


def test_labels_must_fit_the_rows(bcg_pooled: PooledResult) -> None:
    with pytest.raises(InvalidDataError, match="2 labels for 13 rows"):
        read_subject(bcg_pooled, "a chart", ["a", "b"])


def test_a_name_that_would_fill_the_chart_is_shortened() -> None:
    (name,) = row_names(["x" * 200], None, 1)
    assert name == "x" * 47 + "…"


def test_all_names_are_written_while_they_are_few(make_up: MakeUp) -> None:
    few, many = (read_subject(make_up(k), "a chart") for k in (MOST_LABELS, MOST_LABELS + 1))
    assert few.point_labels() == few.names
    assert many.point_labels() == ()
    assert replace(many, labelled=True).point_labels() == many.names
    assert replace(few, labelled=False).point_labels(np.ones(MOST_LABELS)) == ()


def test_the_most_remarkable_of_many_rows_are_named(make_up: MakeUp) -> None:
    subject = read_subject(make_up(30), "a chart")
    ranks = np.full(30, 0.01)
    ranks[[4, 17]] = 1.0, 0.5
    assert [name for name in subject.point_labels(ranks) if name] == [subject.names[4], subject.names[17]]


@pytest.mark.parametrize(
    ("measure", "limits", "expected"),
    [
        ("hazard_ratio", (-0.5, -1.0, 0.0), "0.61 (0.37 to 1.00)"),
        # log(-log) falls: the upper limit there is the lower survival
        ("survival", (np.log(-np.log(0.8)), np.log(-np.log(0.9)), np.log(-np.log(0.7))), "80% (70% to 90%)"),
        ("median", (np.log(60), np.log(30), np.log(120)), "60 (30 to 120) months"),
        ("risk_difference", (-0.25, -0.5, 0.0), "−0.25 (−0.50 to 0.00)"),
    ],
)
def test_an_estimate_is_said_on_the_natural_scale(
    make_up: MakeUp, measure: str, limits: tuple[float, float, float], expected: str
) -> None:
    assert read_subject(make_up(3, measure), "a chart").interval_words(*limits) == expected


def test_rows_are_pooled_again_by_the_method_of_the_result(bcg_pooled: PooledResult) -> None:
    names = bcg_pooled.labels or ()
    by_reml = compute_influence(bcg_pooled.y, bcg_pooled.v, tau_squared="REML")
    assert influence_of(bcg_pooled, names).dffits.tolist() == by_reml.dffits.tolist()
    bayesian = pool_bayesian(bcg_pooled.y, bcg_pooled.v, tau_prior="half-normal(0.5)")
    with pytest.raises(InvalidDataError, match="cannot be done by the method 'bayesian'"):
        influence_of(bayesian, names)
