"""Which studies may rest on the same patients, by what their publications have in common."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, strategies as st

from evisynth.checks import (
    MOST_COMPARED,
    Printed,
    author_keys,
    one_spelling,
    print_words,
    printed_count,
    reasons_with_years,
    traced_pairs,
    years_apart,
)


@dataclass(frozen=True)
class Told:
    """What one study says of its patients."""

    institution: str | None = None
    registry: str | None = None
    accrual: tuple[int, int] | None = None
    authors: tuple[str, ...] = ()
    sizes: frozenset[int] = frozenset()
    figures: tuple[Printed, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()

    def group_sizes(self) -> set[int]:
        return set(self.sizes)

    def prints(self) -> tuple[Printed, ...]:
        return self.figures


MEDIAN, RATE = "median of overall survival", "survival at 5 years of overall survival"
DIED = "cumulative incidence at 5 years of overall survival"


def one_arm(size: int, *, both: bool = True, other: int | None = None, died: bool = False) -> Told:
    """A study of one arm, with its median and its rate at five years or only the former."""
    of = size if other is None else other
    rate = Printed(of, DIED, 0.48, 0.005) if died else Printed(of, RATE, 0.52, 0.005)
    figures = (Printed(of, MEDIAN, 61.0, 0.5), rate)
    return Told(sizes=frozenset({size}), figures=figures if both else figures[:1])


def two_arms(
    hazard_ratio: float, interval: tuple[float, float] | None = None, half_unit: float = 0.005
) -> Told:
    ratio = Printed(None, "hazard ratio of overall survival", hazard_ratio, half_unit, interval)
    return Told(sizes=frozenset({70, 50, 120}), figures=(ratio,))


def test_a_share_is_told_in_percent_and_of_whom() -> None:
    # 31 of 88 is 35.2%, to the patient; 62% and 41.3% are printed to a whole percent and to a tenth.
    dead = print_words("count", "Overall survival", None, "death from any cause")
    assert str(printed_count(88, 88, dead, 31)) == "proportion dead (overall survival) 35% of 88"
    alive = print_words("proportion", "Overall survival", None, "death from any cause", "absence")
    assert alive == "proportion alive (overall survival)"
    relapse = print_words("count", "Progression-free survival", None, "progression or death")
    assert relapse == "proportion with the event (progression-free survival)"
    assert str(Printed(113, RATE, 0.62, 0.005)) == f"{RATE} 62% of 113"
    assert str(Printed(113, RATE, 0.413, 0.0005)) == f"{RATE} 41.3% of 113"
    assert str(Printed(113, MEDIAN, 61.0, 0.5)) == f"{MEDIAN} 61 of 113"


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
        (one_arm(70), one_arm(70), True),
        (one_arm(70), one_arm(71), False),
        # Of twenty patients few rates are possible, and many studies have twenty.
        (one_arm(20), one_arm(20), False),
        # Equal sizes alone, or one figure of one group, are none.
        (one_arm(339, both=False), one_arm(339), False),
        (Told(sizes=frozenset({339})), Told(sizes=frozenset({339})), False),
        (Told(sizes=frozenset({70, 50, 120})), Told(sizes=frozenset({70, 50, 120})), False),
        (two_arms(0.62), two_arms(0.62), True),
        (two_arms(0.62), two_arms(0.63), False),
        (two_arms(0.62, (0.41, 0.94)), two_arms(0.62, (0.38, 1.01)), False),
        # The other way round: 1/0.61 = 1.639 (1/0.89 = 1.124, 1/0.42 = 2.381); 1/0.63 = 1.587.
        (two_arms(0.61, (0.42, 0.89)), two_arms(1.64, (1.12, 2.38)), True),
        (two_arms(0.61), two_arms(1.64), True),
        (two_arms(0.63), two_arms(1.64), False),
        (two_arms(0.61, (0.42, 0.89)), two_arms(1.64, (1.05, 2.56)), False),
        # 48 % died where 52 % survived.
        (one_arm(70), one_arm(70, died=True), True),
        # Rounded further.
        (two_arms(0.61, (0.42, 0.89)), two_arms(0.6, (0.4, 0.9), 0.05), True),
        (two_arms(0.61, (0.42, 0.89)), two_arms(0.6, (0.2, 1.8), 0.05), False),
        (Told(identifiers=(("DOI", "10.1000/abc"),)), Told(identifiers=(("DOI", "10.1000/abc"),)), True),
        (Told(identifiers=(("DOI", "1234"),)), Told(identifiers=(("PubMed id", "1234"),)), False),
    ],
)
def test_what_makes_two_studies_suspect(one: Told, other: Told, traced: bool) -> None:
    assert bool(traced_pairs([one, other])) == traced
    assert bool(traced_pairs([other, one])) == traced


def test_every_trace_of_a_pair_is_told() -> None:
    one = Told("Mayo Clinic", "SEER", (2000, 2010))
    other = Told("Mayo Clinic", "SEER", (2005, 2015))
    reasons = traced_pairs([one, other])[0, 1].reasons
    assert reasons == ("the same institution (Mayo Clinic)", "the same registry (SEER)")
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
    (reason,) = traced_pairs([Told(authors=authors), Told(authors=("pawlik tm", "De Jong MC"))])[0, 1].reasons
    assert reason == "2 authors in common (Pawlik TM and de Jong MC)"


@pytest.mark.parametrize(
    "names",
    [
        ("Müller K", "K. Mueller", "Müller, Karl", "Karl Müller", "MULLER K", "muller k"),
        ("de Jong MC", "M.C. de Jong", "De Jong, Marieke C"),
        ("García-López J", "J. Garcia Lopez"),
        ("Miller AJ", "Adam J. Miller", "Miller, Adam"),
        ("Ørsted P", "P Orsted"),
        ("Author 12", "author 12"),
    ],
)
def test_one_author_is_known_however_cited(names: tuple[str, ...]) -> None:
    for name in names:
        assert set(author_keys(name)) & set(author_keys(names[0])), name
    assert not set(author_keys("Author 1")) & set(author_keys("Author 12"))
    assert author_keys("et al.") == ()


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("PubMed id", "38689169", "038689169"),
        ("DOI", "10.1245/S10434-024", "10.1245/s10434-024."),
        ("registration number", "NCT 0123-4567", "nct01234567"),
    ],
)
def test_a_number_is_one_however_spelt(kind: str, one: str, other: str) -> None:
    assert one_spelling(kind, one) == one_spelling(kind, other)


def test_one_number_tells_one_cohort_whatever_the_years() -> None:
    doi = (("DOI", "10.1000/abc"),)
    shared = traced_pairs(
        [Told(accrual=(1990, 1995), identifiers=doi), Told(accrual=(2001, 2005), identifiers=doi)]
    )
    assert shared[0, 1].one_cohort
    assert shared[0, 1].by_identifier
    same = traced_pairs([one_arm(70), one_arm(70)])[0, 1]
    assert same.one_cohort
    assert not same.by_identifier
    assert "a group of 70 with the same results" in same.reasons[0]
    apart = [replace(one_arm(70), accrual=(1990, 1995)), replace(one_arm(70), accrual=(2001, 2005))]
    assert traced_pairs(apart) == {}
    assert not traced_pairs([Told("Mayo Clinic"), Told("Mayo Clinic")])[0, 1].one_cohort


def test_a_count_is_the_share_that_it_is() -> None:
    counted = printed_count(70, 70, "proportion of complications", 14)
    assert counted.agrees(Printed(70, "proportion of complications", 0.2, 0.005))
    assert not counted.agrees(Printed(70, "proportion of complications", 0.23, 0.005))


def made_up(rng: random.Random) -> Told:
    """A study of two arms: their sizes, complications, rates at five years, and hazard ratio."""
    arms = [rng.randint(30, 160) for _ in range(2)]
    figures = [
        figure
        for size, risk in zip(arms, (0.15, 0.2), strict=True)
        for figure in (
            printed_count(
                size, size, "proportion of complications", sum(rng.random() < risk for _ in range(size))
            ),
            Printed(size, RATE, round(min(max(rng.gauss(0.6, 0.12), 0.05), 0.95), 2), 0.005),
        )
    ]
    ratio = round(2.718 ** rng.gauss(-0.4, 0.3), 2)
    reach = 2.718 ** rng.uniform(0.2, 0.9)
    interval = round(ratio / reach, 2), round(ratio * reach, 2)
    authors = tuple(f"{rng.choice('ABCDEFGH')}. {rng.choice(SURNAMES)}" for _ in range(6))
    figures.append(Printed(None, "hazard ratio of overall survival", ratio, 0.005, interval))
    return Told(authors=authors, sizes=frozenset({*arms, sum(arms)}), figures=tuple(figures))


SURNAMES = [
    f"{first}{last}" for first in ("Al", "Be", "Ca", "Do", "El", "Fu") for last in ("man", "rini", "tov")
]


@pytest.mark.parametrize("count", [100, 1000])
def test_suspicion_by_chance_does_not_grow_with_the_corpus(count: int) -> None:
    """Of the 499,500 pairs of 1,000 such studies some 30 have both sizes the same, thousands an author."""
    rng = random.Random(20261129)
    studies = [made_up(rng) for _ in range(count)]
    assert traced_pairs(studies, later_ones=True) == {}
    twin = replace(studies[17], authors=("Somebody Else",))
    found = traced_pairs([*studies, twin], later_ones=True)
    assert set(found) == {(17, count)}
    assert found[17, count].one_cohort
