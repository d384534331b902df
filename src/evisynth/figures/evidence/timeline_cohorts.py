"""The cohorts of a timeline: who was treated where and when, and which cohorts share patients."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evisynth.figures.evidence.patients import groups_with_figures, patients_of

if TYPE_CHECKING:
    from evisynth.studies.study import Study

_EXTENTS = ("none", "possible", "probably contained", "contained", "identical")


@dataclass(frozen=True, slots=True)
class TimelineCohort:
    """The patients of one study; what the source does not state is None."""

    study: str
    first_year: int | None = None
    last_year: int | None = None
    institution: str | None = None
    patients: int | None = None
    follow_up_months: float | None = None
    published: int | None = None


@dataclass(frozen=True, slots=True)
class CohortOverlap:
    """Two studies that share patients, as recorded in a file, or suspected and undecided."""

    study: str
    other: str
    extent: str
    suspected: bool = False


def timeline_cohorts(studies: Iterable[Study]) -> list[TimelineCohort]:
    """Read the cohorts of study files; patients are those for whom the study gives any figure."""
    return [
        TimelineCohort(
            study=study.id,
            first_year=None if study.cohort.accrual is None else study.cohort.accrual[0],
            last_year=None if study.cohort.accrual is None else study.cohort.accrual[1],
            institution=study.cohort.institution or study.cohort.registry,
            patients=patients_of(study, groups_with_figures(study)),
            follow_up_months=_follow_up(study),
            published=study.source.year,
        )
        for study in studies
    ]


def _follow_up(study: Study) -> float | None:
    follow_up = study.cohort.follow_up
    if follow_up is None or follow_up.median is None:
        return None
    return follow_up.median.quantity.value


def recorded_overlaps(studies: Iterable[Study]) -> list[CohortOverlap]:
    """Return the overlaps that study files record, each pair once with the wider of its two statements.

    A pair recorded as not overlapping is not returned.
    """
    widest: dict[frozenset[str], CohortOverlap] = {}
    for study in studies:
        stated = [(overlap.with_study, str(overlap.extent)) for overlap in study.cohort.overlaps]
        if study.source.report_of is not None:
            stated.append((study.source.report_of, "identical"))
        for other, extent in stated:
            pair = frozenset((study.id, other))
            before = widest.get(pair)
            if before is None or _EXTENTS.index(extent) > _EXTENTS.index(before.extent):
                widest[pair] = CohortOverlap(study.id, other, extent)
    return [overlap for overlap in widest.values() if overlap.extent != "none"]
