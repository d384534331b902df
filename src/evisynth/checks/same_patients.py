"""Traces of a shared cohort: by them two studies may rest on the same patients.

A trace is an institution or a registry of the same name, two authors in common, or the same figures of a
group of the same, telling size. Years of treatment that do not meet clear a pair. Both the check of study
files and the pooling of a question ask here, so that what the one reports the other does not pool.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, product
from typing import Protocol, TypeVar

from evisynth.wording import listed

#: Words that name no institution.
_GENERIC = frozenset(
    (
        "abstract academic and at authors by cancer care center centers centre centres city clinic "
        "clinics college database department eight excerpt five for four from general given group "
        "hospital hospitals in institute institution institutional institutions international large "
        "medical medicine multi multicenter multicentre named national nine no not of one our printed "
        "referral registry reported school seven several single six specialist state stated ten "
        "tertiary the three two university unknown volume"
    ).split()
)
#: Words that say where an institution lies: two that share nothing else are not the same.
_COUNTRIES = frozenset(
    (
        "america american asia asian australia austria belgium brazil canada canadian china chinese denmark "
        "dutch england europe european finland france french german germany greece india ireland israel "
        "italian italy japan japanese kingdom korea national nationwide netherlands north northern norway "
        "poland portugal russia scotland south southern spain spanish states sweden swedish switzerland "
        "taiwan turkey uk united us usa west western east eastern"
    ).split()
)
#: So many studies with one trace are compared with each other at most.
MOST_COMPARED = 40

#: A group at least this large is rarely of the same size by chance.
TELLING_SIZE = 50
#: So large a group is so rarely of the same size by chance that one figure in common is enough.
_RARE_SIZE = 100
_TELLING_FIGURES = 2

#: Positions of two studies, the first before the second.
Pair = tuple[int, int]
Key = TypeVar("Key")
#: The first and the last year of treatment.
Years = tuple[int, int]


class Traces(Protocol):
    """What a study file says of whose patients it reports."""

    @property
    def institution(self) -> str | None:
        """Where they were treated."""

    @property
    def registry(self) -> str | None:
        """The registry that they are from."""

    @property
    def accrual(self) -> Years | None:
        """The years of treatment."""

    @property
    def authors(self) -> Sequence[str]:
        """As cited."""

    def group_sizes(self) -> set[int]:
        """Give the sizes of the study's own groups, as far as they are known."""

    def prints(self) -> set[tuple[str, float]]:
        """Give the figures of its own groups: what each is, and its value."""


def years_text(years: Years | None) -> str:
    """Write the years of treatment."""
    return "not reported" if years is None else f"{years[0]} to {years[1]}"


def years_apart(years: Years | None, other: Years | None) -> bool:
    """Say whether two spans of treatment have no year in common."""
    if years is None or other is None:
        return False
    return years[1] < other[0] or other[1] < years[0]


def reasons_with_years(one: Traces, other: Traces, reasons: Sequence[str]) -> list[str]:
    """Add, where both are known, the years in which the patients of both were treated."""
    if one.accrual is None or other.accrual is None:
        return list(reasons)
    return [*reasons, f"years that meet ({years_text(one.accrual)}, {years_text(other.accrual)})"]


def traced_pairs(studies: Sequence[Traces], *, later_ones: bool = False) -> Mapping[Pair, list[str]]:
    """Collect the pairs that share an institution, a registry, two authors, or figures, with what they share.

    Parameters
    ----------
    studies
        In any order; pairs name their positions.
    later_ones
        Whether of many studies with one trace those beyond the first few, which are all compared with each
        other, are compared with those few too.
    """
    found: dict[Pair, list[str]] = defaultdict(list)
    for finder in (_same_place, _same_authors, _same_figures):
        for pair, reason in finder(studies, later_ones):
            found[pair].append(reason)
    return found


def _in_buckets(buckets: Mapping[Key, list[int]], later_ones: bool) -> Iterator[tuple[Key, Pair]]:
    for key, members in buckets.items():
        first = members[:MOST_COMPARED]
        for pair in combinations(first, 2):
            yield key, pair
        if later_ones:
            for pair in product(first, members[MOST_COMPARED:]):
                yield key, pair


def _same_place(studies: Sequence[Traces], later_ones: bool) -> list[tuple[Pair, str]]:
    found: dict[tuple[str, Pair], str] = {}
    for kind in ("institution", "registry"):
        names = [getattr(study, kind) for study in studies]
        words = [_telling_words(name) for name in names]
        buckets: dict[str, list[int]] = defaultdict(list)
        for place, telling in enumerate(words):
            for word in telling:
                buckets[word].append(place)
        for _, (one, other) in _in_buckets(buckets, later_ones):
            fewer = min(words[one], words[other], key=len)
            if kind == "institution" and fewer <= _COUNTRIES:
                continue
            if words[one] <= words[other] or words[other] <= words[one]:
                found.setdefault((kind, (one, other)), f"the same {kind} ({names[one]})")
    return [(pair, reason) for (_, pair), reason in found.items()]


def _telling_words(name: str | None) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]{2,}", (name or "").lower())) - _GENERIC


def _same_authors(studies: Sequence[Traces], later_ones: bool) -> list[tuple[Pair, str]]:
    buckets: dict[str, list[int]] = defaultdict(list)
    as_cited: dict[str, str] = {}
    for place, study in enumerate(studies):
        for author in dict.fromkeys(study.authors):
            if not author.lower().startswith("et al"):
                key = " ".join(author.lower().replace(".", "").split())
                buckets[key].append(place)
                as_cited.setdefault(key, author)
    shared: dict[Pair, list[str]] = defaultdict(list)
    for key, pair in _in_buckets(buckets, later_ones):
        shared[pair].append(as_cited[key])
    return [
        (pair, f"{len(names)} authors in common ({listed(names)})")
        for pair, names in shared.items()
        if len(names) > 1
    ]


def _same_figures(studies: Sequence[Traces], later_ones: bool) -> list[tuple[Pair, str]]:
    """Find pairs that print the same figures of a group of the same, telling size."""
    buckets: dict[int, list[int]] = defaultdict(list)
    for place, study in enumerate(studies):
        for size in sorted((size for size in study.group_sizes() if size >= TELLING_SIZE), reverse=True):
            buckets[size].append(place)

    # Of thousands of studies many may print the same: what two share is then the same again and again.
    @cache
    def prints(place: int) -> frozenset[tuple[str, float]]:
        return frozenset(studies[place].prints())

    @cache
    def shared(one: frozenset[tuple[str, float]], other: frozenset[tuple[str, float]]) -> tuple[int, str]:
        names = sorted(f"{what} {value:g}" for what, value in one & other)
        return len(names), f"the same figure{'s' if len(names) > 1 else ''} ({listed(names)})"

    found: dict[Pair, str] = {}
    for size, pair in _in_buckets(buckets, later_ones):
        if pair not in found:
            count, figures = shared(prints(pair[0]), prints(pair[1]))
            if count >= (1 if size >= _RARE_SIZE else _TELLING_FIGURES):
                found[pair] = f"a group of {size} and {figures}"
    return list(found.items())
