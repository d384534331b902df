"""Taking values apart: every word is a fact, and numbers have the digits that are committed."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evisynth.outcomes.question import GroupSelector, RowGroup
from evisynth.pipeline.changes.plain import hashable, parts, printed_fact
from evisynth.quantities import parse_quantity
from evisynth.report.plain_values import plain_text, six_digits

_plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(_plain)
def test_rounding_twice_is_rounding_once(value: object) -> None:
    once = six_digits(value)
    assert six_digits(once) == once
    assert json.loads(json.dumps(once)) == once


@given(_plain, _plain)
def test_equal_values_hash_alike(one: object, other: object) -> None:
    if one == other:
        assert hashable(one) == hashable(other)
        assert hash(hashable(one)) == hash(hashable(other))
    assert hash(hashable(one)) == hash(hashable(deepcopy(one)))


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "yes"), (0.123456789, "0.123457"), (2023, "2023"), (("a", "b"), "a, b"),
     ({"site": ("liver",)}, "site liver"), ("two\n  lines", "two lines")],
)  # fmt: skip
def test_values_are_written_as_people_read_them(value: object, text: str) -> None:
    assert plain_text(value) == text


def test_minus_nothing_is_nothing() -> None:
    assert str(six_digits(-0.0)) == "0.0"


def test_blocks_are_taken_apart_and_lists_of_blocks_told_whole() -> None:
    block = RowGroup("Liver", GroupSelector({"site": ("liver",)}), time_months=60.0)
    facts = {fact.name: fact.text for fact in parts(block, "row")}
    assert facts == {"row label": "Liver", "row index tags site": "liver", "row time months": "60"}
    (whole,) = parts([block, block], "rows")
    assert whole.text.count("index tags site liver") == 2
    assert hash(whole)


@pytest.mark.parametrize(
    ("one", "other"), [("88%", "88 %"), ("< 0.001", "<0.001"), ("at least 97%", ">= 97%")]
)
def test_a_number_typed_otherwise_is_the_same_number(one: str, other: str) -> None:
    kind = "p_value" if "0.001" in one else "share"
    first, second = (printed_fact("as_reported", parse_quantity(text, kind)) for text in (one, other))
    assert first == second
    assert (first.text, second.text) == (one, other)


@pytest.mark.parametrize(("one", "other"), [("88%", "88.0%"), ("0.10", "0.1"), ("91/108", "91/109")])
def test_another_digit_is_another_number(one: str, other: str) -> None:
    kind = "share" if "0." not in one or "%" in one else "ratio"
    assert printed_fact("x", parse_quantity(one, kind)) != printed_fact("x", parse_quantity(other, kind))
