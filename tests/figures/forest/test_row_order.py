"""The order of the rows of a plain forest plot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import evisynth
from evisynth.answers import Answer, Years
from evisynth.errors import InvalidDataError, UnknownNameError, UsageError
from evisynth.figures import (
    ForestOptions,
    ForestSource,
    in_order,
    lay_out_forest,
    read_options,
    source_of_answer,
    source_of_result,
)

Answers = dict[str, Callable[[], Answer]]


@pytest.fixture
def clipped(answers: Answers) -> ForestSource:
    return source_of_answer(answers["clipped"]())


def order_of(source: ForestSource, order: Any) -> list[str]:
    return [row.effect.study.removeprefix("trial-") for row in in_order(source, order).rows]


def test_rows_stand_as_they_are_asked_to(clipped: ForestSource) -> None:
    # log hazard ratios -0.478, -0.223, -0.868, -0.105, 0.9, -1.9; errors 0.21, 0.305, 0.402, 0.182, 2.4, 1.9
    assert order_of(clipped, None) == order_of(clipped, "given") == ["1", "2", "3", "4", "5", "6"]
    assert order_of(clipped, "effect") == ["6", "3", "1", "2", "4", "5"]
    assert order_of(clipped, "precision") == ["4", "1", "2", "3", "6", "5"]
    assert order_of(clipped, [3, 1, 2, 6, 5, 4]) == ["2", "3", "1", "6", "5", "4"]


def test_rows_without_a_number_come_last_as_they_stood(clipped: ForestSource) -> None:
    assert order_of(clipped, {"trial-5": 1, "trial-2": 0}) == ["2", "5", "1", "3", "4", "6"]
    assert order_of(clipped, Years({"trial-4": 1999})) == ["4", "1", "2", "3", "5", "6"]


def test_blocks_keep_their_place(answers: Answers) -> None:
    source = source_of_answer(answers["exploratory"]())
    sorted_source = in_order(source, "effect")
    assert [block.label for block in sorted_source.blocks] == [block.label for block in source.blocks]
    for before, after in zip(source.blocks, sorted_source.blocks, strict=True):
        assert sorted(row.effect.comparison for row in before.rows) == sorted(
            row.effect.comparison for row in after.rows
        )
        found = [row.effect.estimate for row in after.rows]
        known = [value for value in found if value is not None]
        assert known == sorted(known) and found[: len(known)] == known


def test_nothing_but_the_order_changes(clipped: ForestSource) -> None:
    def cells(source: ForestSource) -> list[Any]:
        lines = lay_out_forest(source).lines
        return sorted((line.kind, tuple(sorted(line.cells.items())), line.mark is None) for line in lines)

    assert cells(clipped) == cells(in_order(clipped, "effect"))


@pytest.mark.parametrize(
    ("order", "note"),
    [
        ("given", None),
        ("precision", "Order: most precise first."),
        ([1, 2, 3, 4, 5, 6], "Order: by the numbers given for them, least first."),
        (Years({"trial-1": 2001}), "Order: by year, oldest first."),
    ],
)
def test_a_note_says_the_order(clipped: ForestSource, order: Any, note: str | None) -> None:
    assert [text for text in in_order(clipped, order).notes if "Order" in text] == ([note] if note else [])


def test_an_order_that_cannot_be_is_refused(clipped: ForestSource) -> None:
    with pytest.raises(InvalidDataError, match="no row can be ordered by year"):
        in_order(clipped, "year")
    with pytest.raises(InvalidDataError, match="no row can be ordered by year"):
        in_order(clipped, Years())
    with pytest.raises(InvalidDataError, match="2 numbers for 6 rows"):
        in_order(clipped, [1, 2])
    with pytest.raises(UnknownNameError, match="unknown order"):
        in_order(clipped, "alphabet")
    with pytest.raises(UsageError, match="keeps the order of its rows"):
        read_options("default", None, None, "leave_one_out", "effect")


def test_numbers_belong_to_the_rows_as_they_were_given_whatever_their_groups() -> None:
    result = evisynth.pool([-0.9, -0.3, 0.1, -0.5, -0.2], [0.04, 0.09, 0.06, 0.2, 0.01], labels=list("abcde"))
    source = source_of_result(result, None, ForestOptions(groups=(2, 1, 2, 1, 2)))
    # block 2 holds a, c and e, block 1 b and d
    assert order_of(source, [5, 1, 9, 2, 3]) == ["e", "a", "c", "b", "d"]
    assert order_of(source, [3, 9, 2, 1, 5]) == ["c", "a", "e", "d", "b"]


def test_what_is_no_number_comes_last(clipped: ForestSource) -> None:
    assert order_of(clipped, [np.nan, 5, np.nan, 2, 1, 0]) == ["6", "5", "4", "2", "1", "3"]
    assert order_of(clipped, {"trial-5": np.nan, "trial-2": 0}) == ["2", "1", "3", "4", "5", "6"]
    with pytest.raises(InvalidDataError, match="the order of 'trial-2' is 'late'; give a number"):
        order_of(clipped, {"trial-2": "late"})


def test_the_smallest_effect_is_the_smallest_that_is_shown(answers: Answers) -> None:
    # on the scale of log(-log) the shortest survival is the largest number
    source = in_order(source_of_answer(answers["survival_by_group"]()), "effect")
    for block in source.blocks:
        shown = [line.cells["effect"] for line in lay_out_forest(replace(source, blocks=(block,))).rows]
        shares = [float(text.split()[0]) for text in shown if text[:1].isdigit()]
        assert len(shares) > 1 and shares == sorted(shares)


def test_a_year_in_the_name_that_is_shown_will_do() -> None:
    result = evisynth.pool([0.1, 0.2], [0.1, 0.1], labels=["a", "b"])
    source = replace(source_of_result(result, None), labels={"a": "Ito 2011", "b": "Lee 1999"})
    assert order_of(source, "year") == ["b", "a"]
