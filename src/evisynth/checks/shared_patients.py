"""How many patients two studies can share, by their years and their sizes."""

from __future__ import annotations

from evisynth.checks import same_patients
from evisynth.checks.study_card import StudyCard
from evisynth.checks.words import percent, plural


def years_text(card: StudyCard) -> str:
    """Write the years of treatment."""
    return same_patients.years_text(card.accrual)


def years_apart(card: StudyCard, other: StudyCard) -> bool:
    """Say whether two studies have no year of treatment in common."""
    return same_patients.years_apart(card.accrual, other.accrual)


def most_shared(card: StudyCard, other: StudyCard) -> str:
    """Say how many patients two studies can share at most, and of which groups that would be how much."""
    mine, theirs = _total(card), _total(other)
    if not mine or not theirs:
        return ""
    small, large = (card, other) if mine <= theirs else (other, card)
    most, whole = min(mine, theirs), max(mine, theirs)
    parts = [f"{percent(most / whole, 1)} of the {whole} of '{large.id}'"]
    population = next((group.population for group in small.groups if group.is_root), None)
    like = [
        group
        for group in large.groups
        if group.population == population is not None and 0 < group.size < whole
    ]
    if like:
        largest = max(like, key=lambda group: group.size)
        most = min(most, largest.size)
        parts = [f"{percent(most / whole, 1)} of the {whole} of '{large.id}'"]
        parts.insert(0, f"{percent(most / largest.size, 1)} of the {largest.size} in '{largest.id}'")
    return f", {plural(most, 'patient')} at most: {' and '.join(parts)}"


def _total(card: StudyCard) -> int | None:
    return max((group.size for group in card.groups if group.is_root), default=None)


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
