"""Comparing entries: nothing is missed, nothing is made up, and neither order nor side decides a pair."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from copy import deepcopy

import pytest
from hypothesis import given, strategies as st

from evisynth.outcomes import GroupSelector, RowGroup
from evisynth.pipeline import Change, Changes, Entry, Fact, compare_entries, fact, hashable, parts
from evisynth.quantities import parse_quantity
from evisynth.wording import plain_text, six_digits

# Few keys and few values, so that the same key, and the same entry twice, come up all the time.
_values = st.sampled_from(["88%", "85%", "18%", "81%", "151 months", "not reached", ""])
_facts = st.tuples(_values, st.sampled_from(["line 34", "line 36"]), st.none() | st.just("operation"))


def entry(key: str, printed: str, place: str = "line 34", starts: str | None = None) -> Entry:
    said = {"as_reported": printed, "place": place, "starts": starts}
    facts = tuple(Fact(name, text, text) for name, text in said.items() if text is not None)
    return Entry((key,), facts, {"file_location": "studies/a.yaml:1"})


_entries = st.lists(
    st.builds(lambda key, said: entry(key, *said), st.sampled_from("abc"), _facts), max_size=8
)


def turned(changes: Changes) -> Changes:
    return Changes(changes.removed, changes.added, tuple(Change(one.new, one.old) for one in changes.changed))


def counted(changes: Changes) -> tuple[Counter[object], ...]:
    return Counter(changes.added), Counter(changes.removed), Counter(changes.changed)


@given(_entries)
def test_nothing_differs_from_itself(entries: list[Entry]) -> None:
    assert not compare_entries(entries, entries)


@given(_entries, st.randoms(use_true_random=False))
def test_order_is_no_difference(entries: list[Entry], random) -> None:
    mixed = list(entries)
    random.shuffle(mixed)
    assert not compare_entries(entries, mixed)


@given(_entries, _entries, st.randoms(use_true_random=False))
def test_order_decides_no_pair(old: list[Entry], new: list[Entry], random) -> None:
    expected = counted(compare_entries(old, new))
    random.shuffle(old)
    random.shuffle(new)
    assert counted(compare_entries(old, new)) == expected


@given(_entries, _entries)
def test_the_other_way_round_is_the_inverse(old: list[Entry], new: list[Entry]) -> None:
    assert counted(compare_entries(new, old)) == counted(turned(compare_entries(old, new)))


@given(_entries, _entries)
def test_changes_make_the_new_out_of_the_old(old: list[Entry], new: list[Entry]) -> None:
    changes = compare_entries(old, new)
    made = Counter(old)
    made.subtract(changes.removed)
    made.subtract(change.old for change in changes.changed)
    assert min(made.values(), default=0) >= 0  # nothing is taken away that was not there
    made.update(changes.added)
    made.update(change.new for change in changes.changed)
    assert +made == Counter(new)


@given(_entries, _entries)
def test_every_change_is_one_and_of_one_key(old: list[Entry], new: list[Entry]) -> None:
    changes = compare_entries(old, new)
    assert bool(changes) == (Counter(old) != Counter(new))
    for change in changes.changed:
        assert change.old.key == change.new.key
        assert change.facts
    # What can be paired is a change, never something gone and something new.
    assert not keys(changes.added) & keys(changes.removed)


def keys(entries: Iterable[Entry]) -> set[object]:
    return {one.key for one in entries}


def test_of_several_the_nearest_texts_are_paired() -> None:
    old = [entry("p", "0.038", "line 54", "primary site"), entry("p", "< 0.001", "line 60", "Ki-67")]
    new = [entry("p", "< 0.01", "line 60", "Ki-67"), entry("p", "0.039", "line 54", "primary site")]
    changed = compare_entries(old, new).changed
    assert {(one.old.facts[0].text, one.new.facts[0].text) for one in changed} == {
        ("0.038", "0.039"),
        ("< 0.001", "< 0.01"),
    }


def test_what_stayed_is_set_aside_before_anything_is_paired() -> None:
    # 85% is nearer to 8% than nothing is, but it stands on both sides.
    changes = compare_entries([entry("a", "88%"), entry("a", "85%")], [entry("a", "85%"), entry("a", "8%")])
    (change,) = changes.changed
    assert (change.old.facts[0].text, change.new.facts[0].text) == ("88%", "8%")
    assert not changes.added
    assert not changes.removed


def test_texts_and_places_in_files_are_not_compared() -> None:
    one = Entry(("a",), (Fact("value", 0.88, "88%"),), {"file_location": "studies/a.yaml:1"})
    other = Entry(("a",), (Fact("value", 0.88, "88 %"),), {"file_location": "studies/a.yaml:9"})
    assert not compare_entries([one], [other])


def test_a_fact_that_only_one_side_states_is_a_change() -> None:
    (change,) = compare_entries([entry("a", "88%")], [entry("a", "88%", starts="operation")]).changed
    assert change.facts == {"starts": (None, Fact("starts", "operation", "operation"))}


# values as facts

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
    facts = {one.name: one.text for one in parts(block, "row")}
    assert facts == {"row label": "Liver", "row index tags site": "liver", "row time months": "60"}
    (whole,) = parts([block, block], "rows")
    assert whole.text.count("index tags site liver") == 2
    assert hash(whole)


@pytest.mark.parametrize(
    ("one", "other"), [("88%", "88 %"), ("< 0.001", "<0.001"), ("at least 97%", ">= 97%")]
)
def test_a_number_typed_otherwise_is_the_same_number(one: str, other: str) -> None:
    kind = "p_value" if "0.001" in one else "share"
    first, second = (fact("as_reported", parse_quantity(text, kind)) for text in (one, other))
    assert first == second
    assert (first.text, second.text) == (one, other)


@pytest.mark.parametrize(("one", "other"), [("88%", "88.0%"), ("0.10", "0.1"), ("91/108", "91/109")])
def test_another_digit_is_another_number(one: str, other: str) -> None:
    kind = "share" if "0." not in one or "%" in one else "ratio"
    assert fact("x", parse_quantity(one, kind)) != fact("x", parse_quantity(other, kind))
