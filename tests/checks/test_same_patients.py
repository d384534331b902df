"""Which studies may rest on the same patients, by what their publications have in common."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, strategies as st

from evisynth.checks import MOST_COMPARED, reasons_with_years, traced_pairs, years_apart


@dataclass(frozen=True)
class Told:
    """What one study says of its patients."""

    institution: str | None = None
    registry: str | None = None
    accrual: tuple[int, int] | None = None
    authors: tuple[str, ...] = ()
    sizes: frozenset[int] = frozenset()
    figures: frozenset[tuple[str, float]] = field(default_factory=frozenset)

    def group_sizes(self) -> set[int]:
        return set(self.sizes)

    def prints(self) -> set[tuple[str, float]]:
        return set(self.figures)


SAME = frozenset({("median of overall survival", 61.0), ("survival of overall survival at 60 months", 0.52)})

ONE = frozenset(sorted(SAME)[:1])


@pytest.mark.parametrize(
    ("one", "other", "traced"),
    [
        (Told("Mayo Clinic"), Told("Mayo Clinic, Rochester"), True),
        (Told("Mayo Clinic"), Told("Cleveland Clinic"), False),
        (Told("University Hospital"), Told("University Hospital"), False),
        (Told("three centres in China"), Told("West China Hospital"), False),
        (Told("West Virginia University"), Told("West China Hospital"), False),
        (Told(registry="Swedish registry"), Told(registry="Swedish registry"), True),
        (Told(registry="SEER"), Told(registry="NCDB"), False),
        (Told(authors=("A. Miller", "Smith B")), Told(authors=("a miller", "Smith B.")), True),
        (Told(authors=("Miller A",)), Told(authors=("Miller A",)), False),
        (Told(sizes=frozenset({70}), figures=SAME), Told(sizes=frozenset({70}), figures=SAME), True),
        (Told(sizes=frozenset({70}), figures=SAME), Told(sizes=frozenset({71}), figures=SAME), False),
        (Told(sizes=frozenset({20}), figures=SAME), Told(sizes=frozenset({20}), figures=SAME), False),
        (Told(sizes=frozenset({339}), figures=ONE), Told(sizes=frozenset({339}), figures=SAME), True),
        (Told(sizes=frozenset({70}), figures=ONE), Told(sizes=frozenset({70}), figures=SAME), False),
        (Told(sizes=frozenset({339})), Told(sizes=frozenset({339})), False),
    ],
)
def test_what_makes_two_studies_suspect(one: Told, other: Told, traced: bool) -> None:
    assert bool(traced_pairs([one, other])) == traced
    assert bool(traced_pairs([other, one])) == traced


def test_every_trace_of_a_pair_is_told() -> None:
    one = Told("Mayo Clinic", "SEER", (2000, 2010))
    other = Told("Mayo Clinic", "SEER", (2005, 2015))
    reasons = traced_pairs([one, other])[0, 1]
    assert reasons == ["the same institution (Mayo Clinic)", "the same registry (SEER)"]
    assert reasons_with_years(one, other, reasons)[-1] == "years that meet (2000 to 2010, 2005 to 2015)"


def test_of_many_studies_with_one_trace_none_goes_unseen_when_they_are_to_be_pooled() -> None:
    many = [Told(registry="SEER")] * (MOST_COMPARED + 5)
    last = len(many) - 1
    assert not any(last in pair for pair in traced_pairs(many))
    assert {place for pair in traced_pairs(many, later_ones=True) for place in pair} == set(range(len(many)))


years = st.tuples(st.integers(1980, 2020), st.integers(0, 15)).map(lambda span: (span[0], span[0] + span[1]))


@given(one=years, other=years)
def test_years_are_apart_when_no_year_is_common(one: tuple[int, int], other: tuple[int, int]) -> None:
    common = set(range(one[0], one[1] + 1)) & set(range(other[0], other[1] + 1))
    assert years_apart(one, other) == (not common)
    assert years_apart(one, None) is False


def test_authors_are_named_as_they_are_cited() -> None:
    authors = ("Pawlik TM", "de Jong MC")
    (reason,) = traced_pairs([Told(authors=authors), Told(authors=("pawlik tm", "De Jong MC"))])[0, 1]
    assert reason == "2 authors in common (Pawlik TM and de Jong MC)"
