"""Whether the studies agree on which of them share patients; writing it in one file suffices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.shared_patients import (
    DECIDED,
    most_shared,
    overlap_entry,
    two_studies,
    years_apart,
    years_text,
)
from evisynth.checks.study_card import CardOverlap, StudyCard
from evisynth.checks.study_names import StudyNames

#: The code of an overlap with nobody; not told of a study whose file cannot be read.
UNKNOWN_STUDY = "overlap-unknown-study"


def check_unknown_study(cards: Sequence[StudyCard]) -> Outcomes:
    """Look for overlaps with studies that nobody wrote, or with the study itself."""
    known = {card.id for card in cards}
    names = StudyNames(known)
    for card in cards:
        for overlap in card.overlaps:
            if overlap.with_study in known:
                yield FINE
                continue
            message = f"overlap with '{overlap.with_study}', which is no study here"
            about, fix = f"overlap with {overlap.with_study}", names.advice(overlap.with_study)
            yield _at(card, overlap, message, about, fix)


def _at(card: StudyCard, overlap: CardOverlap, message: str, about: str, fix: str = "") -> Found:
    return Found(overlap.line, overlap.column, message, about, fix, card.path)


def _recorded(cards: Sequence[StudyCard]) -> Iterator[tuple[StudyCard, CardOverlap, StudyCard]]:
    """Yield each recorded overlap between two studies that exist."""
    by_id = {card.id: card for card in cards}
    for card in cards:
        for overlap in card.overlaps:
            other = by_id.get(overlap.with_study)
            if other is not None and other is not card:
                yield card, overlap, other


def check_disagreement(cards: Sequence[StudyCard]) -> Outcomes:
    """Look for pairs of studies whose files say different things of their overlap."""
    said = {(card.id, overlap.with_study): overlap for card, overlap, _ in _recorded(cards)}
    for card, overlap, other in _recorded(cards):
        answer = said.get((other.id, card.id))
        if answer is None or card.id > other.id:
            continue
        if answer.extent == overlap.extent:
            yield FINE
            continue
        message = f"'{card.id}' says {overlap.extent} overlap, '{other.id}' says {answer.extent}"
        yield _at(card, overlap, message, f"{other.id}: {overlap.extent}, {answer.extent}")


def check_years(cards: Sequence[StudyCard]) -> Outcomes:
    """Look for overlaps of cohorts that were treated in different years."""
    for card, overlap, other in _recorded(cards):
        if overlap.extent == "none" or card.accrual is None or other.accrual is None:
            continue
        if not years_apart(card, other):
            yield FINE
            continue
        message = (
            f"{overlap.extent} overlap with '{other.id}', but no year in common: {years_text(card)} here, "
            f"{years_text(other)} there"
        )
        yield _at(card, overlap, message, f"{other.id}: {years_text(card)}, {years_text(other)}")


def check_recorded_overlap(cards: Sequence[StudyCard]) -> Outcomes:
    """Say of each recorded overlap how many patients can be shared at most."""
    told: set[frozenset[str]] = set()
    for card, overlap, other in _recorded(cards):
        pair = frozenset((card.id, other.id))
        if overlap.extent == "none":
            yield FINE
            continue
        if pair in told:
            continue
        told.add(pair)
        message = f"patients are shared with '{other.id}' ({overlap.extent}){most_shared(card, other)}"
        yield _at(card, overlap, message, f"{other.id}: {overlap.extent}{most_shared(card, other)}")


CHECKS = (
    Check(
        code=UNKNOWN_STUDY,
        level="error",
        title="An overlap with a study that is not here",
        applies_when="a file records an overlap",
        test="The other study is one of the files, and another than itself.",
        fix="look at with: again",
        failing=two_studies(overlap_entry("twoo", "possible"), institution="not reported"),
        passing=two_studies(DECIDED),
        run=check_unknown_study,
        scope="collection",
    ),
    Check(
        code="overlap-disagrees",
        level="error",
        title="Two files that disagree on their overlap",
        applies_when="both files of a pair record their overlap",
        test="Both say the same extent; writing it in one file is enough.",
        fix="write it in one file only, or the same in both",
        failing=two_studies(DECIDED, overlap_entry("one", "contained")),
        passing=two_studies(DECIDED, overlap_entry("one", "possible")),
        run=check_disagreement,
        scope="collection",
    ),
    Check(
        code="overlap-against-years",
        level="error",
        title="An overlap of cohorts of different years",
        applies_when="an overlap is recorded, and both files have their years of treatment",
        test="The years meet.",
        fix="look at both accrual: and at extent: again",
        failing=two_studies(DECIDED, years="2012 to 2015"),
        passing=two_studies(DECIDED),
        run=check_years,
        scope="collection",
    ),
    Check(
        code="overlap-recorded",
        level="note",
        title="Studies that share patients",
        applies_when="a file records an overlap other than none",
        test="Says how many patients can be shared at most. Such studies are not pooled together unless "
        "the question "
        "says how.",
        formula="at most min(n, n of the like group)",
        fix="nothing to mend",
        failing=two_studies(DECIDED),
        passing=two_studies(overlap_entry("two", "none")),
        run=check_recorded_overlap,
        scope="collection",
    ),
)
