from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import evisynth
from evisynth.answers import Answer, Order, Years
from evisynth.errors import InvalidDataError, UnknownNameError, UsageError
from evisynth.figures import (
    ForestLayout,
    forest,
    lay_out_forest,
    read_options,
    source_of_answer,
    source_of_result,
)
from evisynth.synthesis import PooledResult, cumulate, leave_one_out

Answers = dict[str, Callable[[], Answer]]


def laid_out(
    result: PooledResult | Answer, kind: str, order: Order | None = None, columns: str | None = None
) -> ForestLayout:
    options = read_options("default", columns, None, kind, order)
    if isinstance(result, Answer):
        source = source_of_answer(result, options)
    else:
        source = source_of_result(result, None, options)
    return lay_out_forest(source, options)


@pytest.fixture
def bcg(bcg_result: PooledResult) -> PooledResult:
    return evisynth.pool(bcg_result.y, bcg_result.v, effect_measure="RR", labels=bcg_result.labels)


def test_cumulative_rows_are_the_estimates_so_far(bcg: PooledResult) -> None:
    layout = laid_out(bcg, "cumulative")
    steps = cumulate(bcg.y, bcg.v).steps
    expected = [f"{np.exp(value):.2f}" for value in steps.estimate]
    assert [line.cells["effect"].split(" ")[0] for line in layout.rows] == expected
    assert layout.rows[0].cells["study"] == "Aronson 1948"
    assert layout.rows[1].cells["study"] == "+ Ferguson & Simes 1949"
    last, whole = layout.rows[-1], next(line for line in layout.lines if line.kind == "summary")
    assert last.cells["effect"] == whole.cells["effect"]
    assert last.cells["i_squared"] == "92%" and layout.rows[0].cells["i_squared"] == "–"


def test_rows_are_added_in_the_order_asked_for(bcg: PooledResult) -> None:
    def studies(order: Order) -> list[str]:
        return [line.cells["study"].removeprefix("+ ") for line in laid_out(bcg, "cumulative", order).rows]

    names = list(bcg.labels or ())
    assert studies("given") == names
    assert studies("precision") == [names[i] for i in np.argsort(bcg.v, kind="stable")]
    years = [int(name[-4:]) for name in names]
    assert studies("year") == [names[i] for i in np.argsort(years, kind="stable")]
    assert studies(list(range(13, 0, -1))) == names[::-1]
    assert studies({name: -i for i, name in enumerate(names)}) == names[::-1]


def test_leaving_one_out_is_that_of_the_synthesis(bcg: PooledResult) -> None:
    layout = laid_out(bcg, "leave_one_out", columns="study,effect,p_value,tau")
    expected = leave_one_out(bcg.y, bcg.v).without
    assert [line.cells["effect"].split(" ")[0] for line in layout.rows] == [
        f"{np.exp(value):.2f}" for value in expected.estimate
    ]
    assert layout.rows[7].cells["study"] == "Without TPT Madras 1980"
    assert layout.rows[0].cells["tau"] == f"{expected.tau_squared[0] ** 0.5:.2f}"
    assert [line.cells["p_value"] for line in layout.rows] == [f"{p:.3f}" for p in expected.p_value]


def test_steps_are_small_diamonds_without_weight(bcg: PooledResult, answers: Answers) -> None:
    layout = laid_out(bcg, "leave_one_out")
    marks = [line.mark for line in layout.rows]
    assert all(mark is not None and mark.shape == "small diamond" and mark.filled for mark in marks)
    assert "weight" not in {column.key for column in layout.columns}
    exploratory = laid_out(answers["exploratory"](), "cumulative")
    assert all(line.mark is not None and not line.mark.filled for line in exploratory.rows)
    assert any("Hollow diamond" in note.text for note in exploratory.footnotes)


def test_an_answer_names_study_and_groups_and_only_what_is_pooled(answers: Answers) -> None:
    layout = laid_out(answers["exploratory"](), "leave_one_out")
    assert len(layout.rows) == 6
    assert layout.rows[0].cells["study"] == "Without midgut-debulking, Liver resected vs Liver not resected"
    assert layout.title.endswith(": leaving one out")
    blocks = laid_out(answers["subgroups"](), "cumulative")
    assert [line.kind for line in blocks.lines].count("summary") == 2
    assert len(blocks.rows) == 8


def test_a_common_effect_stays_one(answers: Answers) -> None:
    result = evisynth.pool([0.1, 0.2, 0.3], [0.1, 0.2, 0.1], tau_squared="common", interval="wald")
    layout = laid_out(result, "cumulative", columns="study,effect,tau")
    assert {line.cells["tau"] for line in layout.rows} == {"–"}


def test_what_cannot_be_ordered_or_is_not_pooled_is_refused(bcg: PooledResult, answers: Answers) -> None:
    with pytest.raises(InvalidDataError, match="there is none: one row only"):
        forest(answers["resection"](), kind="cumulative")
    with pytest.raises(InvalidDataError, match="no year in 'trial-1, Operated vs not operated'"):
        forest(answers["clipped"](), kind="cumulative", order="year")
    with pytest.raises(InvalidDataError, match="nothing is known to order 'Aronson 1948' by"):
        forest(bcg, kind="cumulative", order={"nobody": 1.0})
    with pytest.raises(InvalidDataError, match="holds for no one time"):
        forest(bcg, kind="cumulative", order="time")
    with pytest.raises(InvalidDataError, match="13 finite numbers"):
        forest(bcg, kind="cumulative", order=[1, 2])
    with pytest.raises(UnknownNameError, match="unknown order"):
        forest(bcg, kind="cumulative", order="alphabet")
    bayesian = evisynth.pool_bayesian(bcg.y, bcg.v, tau_prior="half-normal(0.5)")
    with pytest.raises(InvalidDataError, match="draw the result of"):
        forest(bayesian, kind="leave_one_out")


def test_rows_that_were_put_together_keep_the_names_of_the_pool(answers: Answers) -> None:
    answer = answers["clipped"]()
    assert answer.overall.pooled is not None
    fewer = evisynth.pool([-0.4, -0.3], [0.04, 0.05], labels=("one", "two and three"))
    together = replace(answer, overall=replace(answer.overall, pooled=fewer))
    assert [line.cells["study"] for line in laid_out(together, "cumulative").rows] == [
        "one",
        "+ two and three",
    ]
    with pytest.raises(InvalidDataError, match="put together"):
        laid_out(together, "cumulative", "time")


def test_the_title_names_the_measure_and_a_note_the_order(bcg: PooledResult) -> None:
    assert laid_out(bcg, "cumulative").title == "Risk ratio: cumulative"
    assert laid_out(bcg, "leave_one_out").title == "Risk ratio: leaving one out"

    def note(order: Order | None) -> str:
        return next(n.text for n in laid_out(bcg, "cumulative", order).footnotes if "above it" in n.text)

    assert (
        note(None) == note("given") == "Each line is the pooled estimate of its row and of all rows above it."
    )
    assert note("year").endswith("Order: by year, oldest first.")
    assert note(list(range(13))).endswith("Order: by the numbers given for them, least first.")


@pytest.mark.parametrize("order", [5, ["a", "b"], [None] * 13])
def test_an_order_of_something_else_is_told_so(bcg: PooledResult, order: Any) -> None:
    with pytest.raises(
        InvalidDataError, match="an order is one of given, year, time, precision, effect, or one number"
    ):
        laid_out(bcg, "cumulative", order)


def test_a_sequence_takes_no_groups() -> None:
    # The steps go through the rows as they were pooled; blocks would give them the names of others.
    result = evisynth.pool([-0.9, -0.3, 0.1, -0.5], [0.04, 0.09, 0.06, 0.2])
    for kind in ("cumulative", "leave_one_out"):
        with pytest.raises(UsageError, match="takes all rows together; leave groups out"):
            forest(result, kind=kind, groups=[2, 1, 2, 1])


def test_steps_by_effect_go_by_what_is_shown() -> None:
    # log(-log S): 0.2 is 29% survival, -0.4 is 51%
    result = evisynth.pool([-0.4, 0.2], [0.04, 0.09], effect_measure="survival")
    rows = laid_out(result, "cumulative", order="effect").rows
    assert [line.cells["study"] for line in rows] == ["Study 2", "+ Study 1"]


def test_a_year_that_a_study_file_lacks_is_asked_for(answers: Answers) -> None:
    with pytest.raises(
        InvalidDataError, match="the year of 'trial-1' is not known; write year: below source: in"
    ):
        forest(answers["clipped"](), kind="cumulative", order=Years())


def test_rows_in_another_order_than_they_were_pooled_lend_no_names(answers: Answers) -> None:
    answer = answers["clipped"]()
    turned = replace(answer, rows=answer.rows[::-1])
    names = [line.cells["study"] for line in laid_out(turned, "leave_one_out").rows]
    assert names == [f"Without row {number}" for number in range(1, 7)]
