from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from evisynth.errors import InvalidDataError
from evisynth.synthesis import pool_mantel_haenszel, pool_mantel_haenszel_rates

TABLES = {"events1": [4, 0, 12], "n1": [20, 15, 60], "events2": [7, 3, 18], "n2": [22, 15, 55]}


def test_a_single_table_is_its_plain_ratio() -> None:
    one = {"events1": [4], "n1": [20], "events2": [7], "n2": [22]}
    assert pool_mantel_haenszel("RR", **one).estimate == pytest.approx(math.log((4 / 20) / (7 / 22)))
    odds = pool_mantel_haenszel("OR", **one)
    assert odds.estimate == pytest.approx(math.log((4 * 15) / (7 * 16)))
    assert odds.standard_error == pytest.approx(math.sqrt(1 / 4 + 1 / 16 + 1 / 7 + 1 / 15))
    assert pool_mantel_haenszel("RD", **one).estimate == pytest.approx(4 / 20 - 7 / 22)
    rates = pool_mantel_haenszel_rates(events1=[4], time1=[30.0], events2=[9], time2=[25.0])
    assert rates.estimate == pytest.approx(math.log((4 / 30) / (9 / 25)))
    assert rates.standard_error == pytest.approx(math.sqrt(1 / 4 + 1 / 9))


@given(
    tables=st.lists(
        st.tuples(st.integers(1, 30), st.integers(31, 90), st.integers(1, 30), st.integers(31, 90)),
        min_size=1,
        max_size=6,
    )
)
def test_swapping_the_arms_swaps_the_sign(tables: list[tuple[int, int, int, int]]) -> None:
    a, n1, c, n2 = np.array(tables).T
    for measure in ("RR", "OR", "RD"):
        plain = pool_mantel_haenszel(measure, events1=a, n1=n1, events2=c, n2=n2)
        swapped = pool_mantel_haenszel(measure, events1=c, n1=n2, events2=a, n2=n1)
        assert swapped.estimate == pytest.approx(-plain.estimate, abs=1e-12)
        assert swapped.standard_error == pytest.approx(plain.standard_error, rel=1e-10)
        assert swapped.p_value == pytest.approx(plain.p_value, rel=1e-8)


def test_a_table_without_events_adds_nothing_to_ratios() -> None:
    more = {key: [*values, 40 if key[0] == "n" else 0] for key, values in TABLES.items()}
    for measure in ("RR", "OR"):
        plain, longer = pool_mantel_haenszel(measure, **TABLES), pool_mantel_haenszel(measure, **more)
        assert longer.estimate == pytest.approx(plain.estimate, rel=1e-14)
        assert longer.standard_error == pytest.approx(plain.standard_error, rel=1e-14)


def test_the_interval_follows_the_level() -> None:
    result = pool_mantel_haenszel("OR", **TABLES, level=0.9)
    assert result.ci_upper - result.estimate == pytest.approx(1.6448536269514722 * result.standard_error)
    assert (result.row_count, result.effect_measure, result.method) == (3, "OR", "mantel_haenszel")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"events1": [4, 16, 12]}, "row 2.*events1 is 16 of n1 15"),
        ({"n2": [22, 15, 0], "events2": [7, 3, 0]}, "row 3.*events2 is 0 of n2 0"),
        ({"events2": [7, -1, 18]}, "row 2: events2 is -1.0"),
        ({"events2": [7, math.nan, 18]}, "row 2: events2 is nan"),
        ({"n1": [20, 15]}, r"n1 has shape \(2,\)"),
        ({"events1": ["x", 1, 2]}, "events1 must hold numbers only"),
        ({"events1": [0, 0, 0]}, "not defined"),
    ],
)
def test_bad_tables_are_named(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidDataError, match=words):
        pool_mantel_haenszel("RR", **{**TABLES, **changes})


def test_what_has_no_answer_says_so() -> None:
    everyone = {"events1": [5, 6], "n1": [5, 6], "events2": [4, 3], "n2": [4, 3]}
    with pytest.raises(InvalidDataError, match="no standard error"):
        pool_mantel_haenszel("RR", **everyone)
    with pytest.raises(InvalidDataError, match="no standard error"):
        pool_mantel_haenszel("RD", **everyone)
    with pytest.raises(InvalidDataError, match="known: RR, OR, RD"):
        pool_mantel_haenszel("HR", **TABLES)
    with pytest.raises(InvalidDataError, match="not defined"):
        pool_mantel_haenszel_rates(events1=[0], time1=[3.0], events2=[2], time2=[3.0])
    with pytest.raises(InvalidDataError, match=r"row 2 \(late\).*time2"):
        pool_mantel_haenszel_rates(
            events1=[1, 1], time1=[3.0, 2.0], events2=[2, 1], time2=[3.0, 0.0], labels=["early", "late"]
        )
