from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import evisynth
from evisynth.answers import Answer, Difference
from evisynth.errors import InvalidDataError
from evisynth.figures import (
    ForestLayout,
    ForestOptions,
    forest,
    forest_rows,
    lay_out_forest,
    source_of_answer,
    source_of_result,
)
from evisynth.synthesis import pool_subgroups

Answers = dict[str, Callable[[], Answer]]
Y = [-0.9, -0.7, -0.8, -0.1, 0.1, -0.2, 0.05]
V = [0.04, 0.05, 0.06, 0.04, 0.05, 0.06, 0.03]
GROUPS = ["liver"] * 3 + ["lung"] * 4


def grouped(groups: list[str], layout: str = "default") -> ForestLayout:
    from evisynth.figures import read_options

    result = evisynth.pool(Y, V, effect_measure="hazard_ratio")
    options = replace(read_options(layout, None, None, "forest", None), groups=tuple(groups))
    return lay_out_forest(source_of_result(result, None, options), options)


def plain(texts: tuple[str, ...]) -> str:
    return " ".join(texts).replace("\N{NO-BREAK SPACE}", " ")


def test_each_group_has_rows_and_a_summary_and_all_have_one_more() -> None:
    layout = grouped(GROUPS)
    assert [line.kind for line in layout.lines] == [
        "heading", *["row"] * 3, "summary", "note", "note",
        "heading", *["row"] * 4, "summary", "note", "note",
        "heading", "summary", "prediction",
    ]  # fmt: skip
    expected = pool_subgroups(Y, V, GROUPS)
    first = next(line for line in layout.lines if line.kind == "summary")
    assert first.cells["effect"].startswith(f"{np.exp(expected.results[0].estimate):.2f} (")


def test_the_weight_of_a_group_is_the_sum_of_its_rows() -> None:
    layout = grouped(GROUPS)
    weights = [line.cells["weight"] for line in layout.lines if line.kind == "summary"]
    shares = [float(text.rstrip("%")) for text in weights]
    assert shares[2] == 100 and shares[0] + shares[1] == pytest.approx(100, abs=0.11)  # printed to 0.1
    rows = [float(line.cells["weight"].rstrip("%")) for line in layout.rows]
    assert shares[0] == pytest.approx(sum(rows[:3]), abs=0.21)


def test_the_difference_is_the_one_of_the_synthesis() -> None:
    expected = pool_subgroups(Y, V, GROUPS)
    assert f"Difference between subgroups: F = {expected.q_between:.2f}, df = 1 and 5, p " in plain(
        grouped(GROUPS).small_print
    )
    assert "Test for subgroup differences: F = " in plain(grouped(GROUPS, "revman").small_print)
    assert "Test for subgroup difference: F=" in plain(grouped(GROUPS, "bmj").small_print)


def test_a_group_of_one_row_has_no_diamond_of_its_own() -> None:
    layout = grouped(["liver"] * 6 + ["lung"])
    assert [line.panel_text for line in layout.lines if line.kind == "refusal"] == [
        "One row; there is nothing to pool."
    ]


def test_groups_that_do_not_fit_are_refused(answers: Answers) -> None:
    result = evisynth.pool(Y, V)
    with pytest.raises(InvalidDataError, match="2 names for 7 rows"):
        forest(result, groups=["a", "b"])
    with pytest.raises(InvalidDataError, match="at least two"):
        forest(result, groups=["a"] * 7)
    with pytest.raises(InvalidDataError, match="those of its question"):
        forest(answers["clipped"](), groups=["a"] * 6)
    bayesian = evisynth.pool_bayesian(Y, V, tau_prior="half-normal(0.5)")
    with pytest.raises(InvalidDataError, match="draw what"):
        forest(bayesian, groups=GROUPS)


def test_blocks_of_different_studies_are_tested_against_each_other(answers: Answers) -> None:
    source = source_of_answer(answers["subgroups"]())
    assert isinstance(source.difference, Difference)
    y = [float(v) for b in source.blocks if b.summary and b.summary.pooled for v in b.summary.pooled.y]
    v = [float(v) for b in source.blocks if b.summary and b.summary.pooled for v in b.summary.pooled.v]
    expected = pool_subgroups(y, v, ["liver"] * 4 + ["lung"] * 4)
    assert source.difference.q_between == pytest.approx(expected.q_between)  # the same computation
    assert "Difference between subgroups: F" in plain(forest_rows(answers["subgroups"]()).small_print)


def test_blocks_that_share_a_study_are_not(answers: Answers) -> None:
    text = plain(forest_rows(answers["survival_by_group"]()).small_print)
    assert text == (
        "Difference between subgroups: not tested, since rows of midgut-debulking stand in more than "
        "one block, whose patients may be the same."
    )


def test_blocks_of_another_time_or_contrast_are_not(answers: Answers) -> None:
    answer = answers["subgroups"]()
    first, second = answer.question.row_groups
    later = replace(answer.question, row_groups=(first, replace(second, time_months=60.0)))
    assert source_of_answer(replace(answer, question=later)).difference == (
        "the blocks hold for different times"
    )
    other = replace(second, index=replace(second.index, tags={"extent": ("all",), "site": ("lung",)}))
    assert (
        source_of_answer(
            replace(answer, question=replace(answer.question, row_groups=(first, other)))
        ).difference
        == "the blocks compare different things"
    )
    odd = replace(answer.rows[0], effect=replace(answer.rows[0].effect, flags=("other_estimand",)))
    assert "not show quite the effect" in str(
        source_of_answer(replace(answer, rows=(odd, *answer.rows[1:]))).difference
    )


def test_one_pooled_block_has_nothing_to_differ_from(answers: Answers) -> None:
    assert source_of_answer(answers["proportions"]()).difference is None
    assert source_of_answer(answers["clipped"](), ForestOptions()).difference is None


@pytest.mark.parametrize("groups", [5, "abcd"])
def test_groups_that_are_no_list_are_told_so(groups: Any) -> None:
    with pytest.raises(InvalidDataError, match="groups are a list with one name for each row"):
        forest(evisynth.pool(Y, V), groups=groups)


def test_a_title_that_is_a_number_is_written() -> None:
    assert forest(evisynth.pool(Y, V), title=2024).title_text == "2024"  # type: ignore[arg-type, attr-defined]


@pytest.mark.parametrize("groups", [[None] + ["a"] * 6, [float("nan")] + ["a"] * 6, [["a"]] + ["b"] * 6])
def test_a_row_without_the_name_of_a_group_is_refused(groups: list[object]) -> None:
    with pytest.raises(InvalidDataError, match="the group of row 1 is"):
        forest(evisynth.pool(Y, V), groups=groups)
