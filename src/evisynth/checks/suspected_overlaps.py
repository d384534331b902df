"""Checks of suspected overlap: studies that may share patients although no file says whether they do.

How many patients two studies can share follows from their years and their sizes.
"""

from __future__ import annotations

from collections.abc import Sequence

from evisynth.checks import same_patients
from evisynth.checks.check import FINE, Check, Found, Outcomes, about_words
from evisynth.checks.coincidences import Printed
from evisynth.checks.same_patients import reasons_with_years, traced_pairs
from evisynth.checks.study_cards import CardGroup, StudyCard, study_card
from evisynth.checks.study_view import StudyView
from evisynth.studies import Study
from evisynth.vocabulary import Vocabulary
from evisynth.wording import counted, listed, rounded_percent


def years_text(card: StudyCard) -> str:
    """Write the years of treatment."""
    return same_patients.years_text(card.accrual)


def treated_years_apart(card: StudyCard, other: StudyCard) -> bool:
    """Say whether two studies have no year of treatment in common."""
    return same_patients.years_apart(card.accrual, other.accrual)


def most_shared(card: StudyCard, other: StudyCard) -> str:
    """Say how many patients two studies can share at most, and of which groups that would be how much.

    A part with the population of the smaller study bounds it only as far as the other parts of that split are
    known to be of others: what no part tells of may be of that population too.
    """
    card, other = _of_metastases(card, other), _of_metastases(other, card)
    mine, theirs = _total(card), _total(other)
    if not mine or not theirs:
        return ""
    small, large = (card, other) if mine <= theirs else (other, card)
    whole = max(mine, theirs)
    population = next((group.population for group in small.groups if group.whole is None), None)
    most = min(mine, theirs, _most_of(large, population))
    larger = card if mine == whole else other
    parts = [f"{rounded_percent(most / whole, 1)} of the {whole} of '{larger.id}'"] if larger.is_apart else []
    largest = max(_like(large, population), key=lambda group: group.size, default=None)
    if largest is not None and most <= largest.size < whole:
        parts.insert(0, f"{rounded_percent(most / largest.size, 1)} of the {largest.size} in '{largest.id}'")
    return f", {counted(most, 'patient')} at most{f': {listed(parts)}' if parts else ''}"


def _of_metastases(card: StudyCard, other: StudyCard) -> StudyCard:
    """Leave of a study of all stages the groups with metastases, where the other is of those alone."""
    roots = [group for group in card.groups if group.whole is None]
    of_all_stages = {group.population for group in roots if not group.sited}
    sited = {g.id for g in card.groups if g.sited and g.population not in of_all_stages}
    if not sited or len(of_all_stages) != 1 or not all(g.sited for g in other.groups if g.whole is None):
        return card
    kept = [group for group in card.groups if group.id in sited]
    return card._replace(
        groups=tuple(
            group if group.whole in sited else group._replace(whole=None, split=None) for group in kept
        )
    )


def _total(card: StudyCard) -> int:
    """Add up the groups that are part of no other: the arms of a trial need no group around them."""
    return sum(group.size for group in card.groups if group.whole is None)


def _like(card: StudyCard, population: str | None) -> list[CardGroup]:
    """Return the groups with a population that are part of one without it."""
    tagged = {group.id for group in card.groups if population is not None and group.population == population}
    return [group for group in card.groups if group.id in tagged and group.whole not in tagged]


def _most_of(card: StudyCard, population: str | None) -> int:
    """Return how many patients of a population a study can have."""
    like = {group.id for group in _like(card, population)}
    by_whole: dict[str | None, dict[str | None, list[CardGroup]]] = {}
    for group in card.groups:
        by_whole.setdefault(group.whole, {}).setdefault(group.split, []).append(group)

    def most(group: CardGroup) -> int | None:
        """Return how many of a group can be of the population; None where no part of it tells."""
        if group.id in like:
            return group.size
        bounds = [group.size]
        for parts in by_whole.get(group.id, {}).values():
            counts = [most(part) for part in parts]
            if any(count is not None for count in counts):
                rest = max(0, group.size - sum(part.size for part in parts))
                bounds.append(rest + sum(count or 0 for count in counts))
        return min(bounds) if len(bounds) > 1 else None

    roots = by_whole.get(None, {}).get(None, [])
    return sum(group.size if (bound := most(group)) is None else bound for group in roots)


_ONE = """\
id: one
cohort:
  institution: {institution}
  accrual: 2000 to 2010
{overlap}groups:
  all: {{label: All, n: 261, population: siNET, at: line 1}}
"""


_TWO = """\
---
id: two
{source}cohort:
  institution: Mayo Clinic
  accrual: {years}
{overlap}groups:
  all: {{label: All, n: 546, at: line 1}}
  small: {{label: Small bowel, n: 279, of: all, population: siNET, at: line 1}}
  other: {{label: Other, n: 267, of: all, at: line 1}}
"""


def overlap_entry(other: str, extent: str) -> str:
    """Write the entry of an overlap."""
    return f"  overlaps: [{{with: {other}, extent: {extent}, because: same centre}}]\n"


def two_studies(
    one: str = "", two: str = "", institution: str = "Mayo Clinic", years: str = "2005 to 2015"
) -> str:
    """Write two small studies of one centre."""
    return _ONE.format(institution=institution, overlap=one) + _TWO.format(
        overlap=two, years=years, source=""
    )


DECIDED = overlap_entry("two", "possible")


class CardTraces:
    """The traces of a study's patients, as its card has them."""

    __slots__ = ("accrual", "authors", "card", "identifiers", "institution", "registry")

    def __init__(self, card: StudyCard) -> None:
        self.card, self.identifiers = card, card.identifiers
        self.institution, self.registry = card.institution, card.registry
        self.accrual, self.authors = card.accrual, card.authors

    def group_sizes(self) -> set[int]:
        """Give the sizes of its own groups."""
        return {group.size for group in self.card.groups}

    def prints(self) -> tuple[Printed, ...]:
        """Give the figures of its own groups, and the effects between them."""
        return self.card.prints


def decided_pairs(cards: Sequence[StudyCard]) -> set[frozenset[str]]:
    """Return the pairs of studies whose relation some file records."""
    pairs = {frozenset((card.id, overlap.with_study)) for card in cards for overlap in card.overlaps}
    return pairs | {frozenset((card.id, card.report_of)) for card in cards if card.report_of is not None}


def suspected_pairs(studies: Sequence[Study], vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Name the pairs of studies that may share patients and do not say whether they do."""
    cards = [study_card(StudyView(study, vocabulary)) for study in studies]
    decided, traces = decided_pairs(cards), [CardTraces(card) for card in cards]
    pairs = ((cards[one].id, cards[another].id) for one, another in traced_pairs(traces))
    return [pair for pair in pairs if frozenset(pair) not in decided]


def check_suspected_overlap(cards: Sequence[StudyCard]) -> Outcomes:
    """Look for pairs of studies that may share patients and do not say whether they do.

    Those whose publication or trial has one number are told of by a check of their own.
    """
    decided, traces = decided_pairs(cards), [CardTraces(card) for card in cards]
    for (one, another), shared in traced_pairs(traces).items():
        card, other = cards[one], cards[another]
        if frozenset((card.id, other.id)) in decided or shared.by_identifier:
            yield FINE
            continue
        reasons = reasons_with_years(traces[one], traces[another], shared.reasons)
        reports = "reports the same patients" if shared.one_cohort else "may report some of the same patients"
        message = f"'{other.id}' {reports}: {listed(reasons)}{most_shared(card, other)}"
        until = "one of the two stands for both" if shared.one_cohort else "the two are not pooled together"
        fix = (
            "decide, and say so under cohort: overlaps: - "
            f"{{with: {other.id}, extent: none | possible | probably "
            f"contained | contained | identical, because: ...}}; until then {until}"
        )
        yield Found(1, 1, message, f"{other.id}: {about_words(reasons)}", fix, card.path)


CHECKS = (
    Check(
        code="overlap-undecided",
        level="warning",
        title="Studies that may share patients",
        applies_when="two studies have an institution or a registry in common, or authors, or the same arms "
        "with the same results, more alike than chance makes any two of so many studies",
        test="Their years of treatment do not meet, or a file says whether they share patients. Until it is "
        "said, no question pools the two together unless it says how; of two with the same results one "
        "stands.",
        formula="E = N(N-1)/2 * C(S, s) prod P(size) * C(K, k) prod P(figure), the pairs as alike by chance; "
        "the same where E <= 0.01",
        fix="decide, and say so under cohort: overlaps:",
        failing=two_studies(),
        passing=two_studies(overlap_entry("two", "none")),
        run=check_suspected_overlap,
        scope="collection",
    ),
)
