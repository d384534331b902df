"""Traces of a shared cohort: by them two studies may rest on the same patients.

A trace is an institution or a registry of the same name, or authors in common. Two studies report one
cohort, until a file says otherwise, where their publication or their trial has the same number, or where the
same arms have the same results, more alike than chance makes any two of so many studies. Years of treatment
that do not meet clear a pair, but for that with one number. Both the check of study files and the pooling of
a question ask here, so that what the one reports the other does not pool.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import NamedTuple, Protocol, TypeVar

from evisynth.checks.author_names import AuthorsInCommon
from evisynth.checks.coincidences import MOST_BY_CHANCE, Printed, Prints
from evisynth.wording import listed

#: Words that name no institution.
_GENERIC = frozenset(
    (
        "abstract academic and at authors by cancer care center centers centre centres city clinic "
        "clinics college database department eight endocrine excerpt five for four from gastrointestinal "
        "general given group hepatic hepatobiliary hepatology hospital hospitals hpb in institute "
        "institution institutional institutions international large medical medicine multi multicenter "
        "multicentre named national neuroendocrine nine no not of oncological oncology one our pancreatic "
        "printed referral registry reported school seven several single six specialist state stated "
        "surgery surgical ten tertiary the three transplant transplantation two university unknown volume"
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

#: One author in common is none.
_FEWEST_AUTHORS = 2

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

    @property
    def identifiers(self) -> Sequence[tuple[str, str]]:
        """Numbers of the publication and of the trial: what each is, and the number, in one spelling."""

    def group_sizes(self) -> set[int]:
        """Give the sizes of the study's own groups, as far as they are known."""

    def prints(self) -> Iterable[Printed]:
        """Give the figures of its own groups, and of their comparisons."""


class Shared(NamedTuple):
    """What two studies have in common, and whether it tells that both report one cohort.

    ``by_identifier`` tells that their publications or trials are the same by number.
    """

    reasons: tuple[str, ...]
    one_cohort: bool = False
    by_identifier: bool = False


def one_spelling(kind: str, number: str) -> tuple[str, str]:
    """Return a number of a publication or a trial as it is compared: no spaces, hyphens, zeros before it."""
    if kind == "DOI":
        return kind, number.lower().rstrip(".,;")
    plain = "".join(letter for letter in number.upper() if letter.isalnum())
    return kind, plain.lstrip("0") if kind == "PubMed id" else plain


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


def traced_pairs(studies: Sequence[Traces], *, later_ones: bool = False) -> Mapping[Pair, Shared]:
    """Collect the pairs that share a number, an institution, a registry, authors, or arms with their results.

    Parameters
    ----------
    studies
        In any order; pairs name their positions. Pairs treated in different years are left out, but for those
        whose publication or trial has one number.
    later_ones
        Whether of many studies with one trace those beyond the first few, which are all compared with each
        other, are compared with those few too.
    """
    found: dict[Pair, Shared] = {}
    for pair, reason in _same_identifiers(studies, later_ones):
        reasons = found[pair].reasons if pair in found else ()
        found[pair] = Shared((*reasons, reason), one_cohort=True, by_identifier=True)
    authors = AuthorsInCommon(
        [study.authors for study in studies], lambda buckets: _in_buckets(buckets, later_ones)
    )
    traces = [
        *((pair, reason, False) for pair, reason in _same_place(studies, later_ones)),
        *((pair, reason, False) for pair, reason in _same_authors(authors)),
        *((pair, reason, True) for pair, reason in _same_results(studies, authors, later_ones)),
    ]
    for pair, reason, one_cohort in traces:
        before = found.get(pair, Shared(()))
        if before.reasons or not _apart(studies, pair):
            found[pair] = before._replace(
                reasons=(*before.reasons, reason), one_cohort=before.one_cohort or one_cohort
            )
    return found


def _apart(studies: Sequence[Traces], pair: Pair) -> bool:
    return years_apart(studies[pair[0]].accrual, studies[pair[1]].accrual)


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


def _same_authors(authors: AuthorsInCommon) -> Iterator[tuple[Pair, str]]:
    for pair, names in authors.shared.items():
        if len(names) >= _FEWEST_AUTHORS and authors.pairs * authors.chance(pair) <= MOST_BY_CHANCE:
            yield pair, f"{len(names)} authors in common ({listed(names)})"


def _same_identifiers(studies: Sequence[Traces], later_ones: bool) -> list[tuple[Pair, str]]:
    buckets: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, study in enumerate(studies):
        for identifier in study.identifiers:
            buckets[identifier].append(place)
    return [(pair, f"the same {kind} ({value})") for (kind, value), pair in _in_buckets(buckets, later_ones)]


def _same_results(
    studies: Sequence[Traces], authors: AuthorsInCommon, later_ones: bool
) -> Iterator[tuple[Pair, str]]:
    """Find pairs whose arms and results are the same more than by chance: looked up figure by figure."""
    prints = Prints([frozenset(study.group_sizes()) for study in studies], [s.prints() for s in studies])
    buckets: dict[object, list[int]] = defaultdict(list)
    for place in range(len(studies)):
        for key in prints.keys(place):
            buckets[key].append(place)
    for pair in dict.fromkeys(pair for _, pair in _in_buckets(buckets, later_ones)):
        found = prints.likeness(*pair, authors.chance(pair))
        if found is not None and found.expected <= MOST_BY_CHANCE:
            yield pair, found.words
