"""Cohorts: the patients of a study as a whole, when they came, how long followed, shared with whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evisynth.outcomes.statements import run_statement

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Cohort:
    """The patients of one study; ``overlaps`` maps other studies to how far they share patients.

    ``contradiction`` says in what an abstract that nobody reviewed contradicts itself; ``label`` is what
    figures call the study, where its file says so, and ``design`` how the study was done, in its words.
    """

    accrual: str | None
    follow_up_median_months: float | None
    minimum_follow_up_months: float | None
    overlaps: Mapping[str, str]
    publication_year: int | None = None
    contradiction: str | None = None
    label: str | None = None
    design: str | None = None


def known_studies(connection: DuckDBPyConnection) -> tuple[str, ...]:
    """Name every study, in order."""
    return tuple(study for (study,) in connection.execute("SELECT study_id FROM study ORDER BY 1").fetchall())


def load_cohorts(connection: DuckDBPyConnection, studies: Collection[str]) -> dict[str, Cohort]:
    """Return the cohorts of some studies, by study."""
    found = run_statement(connection, "cohorts", studies=list(studies))
    return {study: Cohort(*columns) for study, *columns in found}
