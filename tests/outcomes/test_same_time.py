from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings, strategies as st

from evisynth.outcomes import TIME_IS_SAME, is_same_time
from evisynth.quantities import parse_duration


@pytest.mark.parametrize(
    ("one", "other"), [("90 days", "3 months"), ("30 days", "1 month"), ("5 years", "60 months")]
)
def test_the_same_time_in_two_units(one: str, other: str) -> None:
    assert is_same_time(parse_duration(one), parse_duration(other))


@pytest.mark.parametrize(
    ("one", "other"), [("30 days", "90 days"), ("28 days", "30 days"), ("5 years", "61 months")]
)
def test_times_that_differ(one: str, other: str) -> None:
    assert not is_same_time(parse_duration(one), parse_duration(other))


# Without a deadline: a busy machine may take long over one question, and time is not what is tested.
@settings(deadline=None, max_examples=50)
@given(one=st.floats(0, 500), other=st.floats(0, 500))
def test_the_database_follows_the_same_rule(one: float, other: float) -> None:
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT {TIME_IS_SAME} FROM (SELECT $time::DOUBLE AS time_months)",
            {"time": one, "months": other},
        ).fetchone()
    assert found == (is_same_time(one, other),)
    assert is_same_time(one, other) == is_same_time(other, one)
