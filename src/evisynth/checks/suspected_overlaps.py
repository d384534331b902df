"""Which studies may share patients although no file says whether they do."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.shared_patients import (
    most_shared,
    overlap_entry,
    two_studies,
    years_apart,
    years_text,
)
from evisynth.checks.study_card import StudyCard
from evisynth.checks.words import listed

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
#: So many studies of one institution are compared with each other at most.
_MOST_IN_A_BUCKET = 40


#: A group at least this large is rarely of the same size by chance.
_TELLING_SIZE = 50


_TELLING_FIGURES = 2


def _decided(cards: Sequence[StudyCard]) -> set[frozenset[str]]:
    """Return the pairs of studies whose relation some file records."""
    pairs = {frozenset((card.id, overlap.with_study)) for card in cards for overlap in card.overlaps}
    return pairs | {frozenset((card.id, card.report_of)) for card in cards if card.report_of is not None}


Pair = tuple[StudyCard, StudyCard]


def check_suspected_overlap(cards: Sequence[StudyCard]) -> Outcomes:
    """Look for pairs of studies that may share patients and do not say whether they do."""
    decided = _decided(cards)
    for (card, other), reasons in _suspects(cards).items():
        if frozenset((card.id, other.id)) in decided or years_apart(card, other):
            yield FINE
            continue
        if card.accrual is not None and other.accrual is not None:
            reasons = [*reasons, f"years that meet ({years_text(card)}, {years_text(other)})"]
        message = (
            f"'{other.id}' may report some of the same patients: {listed(reasons)}{most_shared(card, other)}"
        )
        fix = (
            "decide, and say so under cohort: overlaps: - "
            f"{{with: {other.id}, extent: none | possible | probably "
            "contained | contained | identical, because: ...}"
        )
        yield Found(1, 1, message, f"{other.id}: {listed(reasons)}", fix, card.path)


def _suspects(cards: Sequence[StudyCard]) -> dict[Pair, list[str]]:
    """Collect the pairs that share an institution, a registry, two authors, or figures."""
    found: dict[Pair, list[str]] = defaultdict(list)
    for pair, reason in (*_same_place(cards), *_same_authors(cards), *_same_figures(cards)):
        found[pair].append(reason)
    return found


def _in_buckets(buckets: dict[str, list[StudyCard]]) -> Iterator[tuple[str, Pair]]:
    for key, members in buckets.items():
        for pair in combinations(members[:_MOST_IN_A_BUCKET], 2):
            yield key, pair


def _same_place(cards: Sequence[StudyCard]) -> list[tuple[Pair, str]]:
    found: dict[Pair, str] = {}
    for kind in ("institution", "registry"):
        buckets: dict[str, list[StudyCard]] = defaultdict(list)
        for card in cards:
            for word in _telling_words(getattr(card, kind)):
                buckets[word].append(card)
        for _, (card, other) in _in_buckets(buckets):
            mine, theirs = (_telling_words(getattr(one, kind)) for one in (card, other))
            if mine <= theirs or theirs <= mine:
                found.setdefault((card, other), f"the same {kind} ({getattr(card, kind)})")
    return list(found.items())


def _telling_words(name: str | None) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]{2,}", (name or "").lower())) - _GENERIC


def _same_authors(cards: Sequence[StudyCard]) -> list[tuple[Pair, str]]:
    buckets: dict[str, list[StudyCard]] = defaultdict(list)
    for card in cards:
        for author in dict.fromkeys(card.authors):
            if not author.lower().startswith("et al"):
                buckets[" ".join(author.lower().replace(".", "").split())].append(card)
    shared: dict[Pair, list[str]] = defaultdict(list)
    for author, pair in _in_buckets(buckets):
        shared[pair].append(author.title())
    return [
        (pair, f"{len(names)} authors in common ({listed(names)})")
        for pair, names in shared.items()
        if len(names) > 1
    ]


def _same_figures(cards: Sequence[StudyCard]) -> list[tuple[Pair, str]]:
    """Find pairs that print the same figures of a group of the same, telling size."""
    buckets: dict[str, list[StudyCard]] = defaultdict(list)
    for card in cards:
        for group_size in {group.size for group in card.groups if group.size >= _TELLING_SIZE}:
            buckets[str(group_size)].append(card)
    found: dict[Pair, str] = {}
    for size, (card, other) in _in_buckets(buckets):
        shared = _prints(card) & _prints(other)
        if len(shared) >= _TELLING_FIGURES:
            names = listed(sorted(f"{what} {value:g}" for what, value in shared))
            found.setdefault((card, other), f"a group of {size} and the same figures ({names})")
    return list(found.items())


def _prints(card: StudyCard) -> set[tuple[str, float]]:
    return {
        (figure.what, round((figure.low + figure.high) / 2, 9))
        for figure in card.figures
        if figure.what != "patients" and figure.low is not None and figure.high is not None and figure.low > 0
    }


CHECKS = (
    Check(
        code="overlap-undecided",
        level="warning",
        title="Studies that may share patients",
        applies_when="two studies have an institution or a registry in common, or two authors, or print "
        "the same "
        "figures of a group of the same size",
        test="Their years of treatment do not meet, or a file says whether they share patients.",
        fix="decide, and say so under cohort: overlaps:",
        failing=two_studies(),
        passing=two_studies(overlap_entry("two", "none")),
        run=check_suspected_overlap,
        scope="collection",
    ),
)
