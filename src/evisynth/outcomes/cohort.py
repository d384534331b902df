"""What is known of a study's patients as a whole: when they came, how long followed, shared with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: How far the patients of two studies may be the same, from least to most.
EXTENTS = ("none", "possible", "probably contained", "contained", "identical")


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


def load_cohorts(connection: DuckDBPyConnection) -> dict[str, Cohort]:
    """Return the cohort of every study, by study."""
    overlaps = _load_overlaps(connection)
    # The table, not the view over it, whose counts of groups and figures nobody asks for here.
    rows = connection.execute(
        """SELECT study_id, accrual_start || ' to ' || accrual_end, follow_up_median_months, follow_up_method,
            follow_up_minimum_months, year, internal_contradiction, label, design
        FROM study ORDER BY study_id"""
    ).fetchall()
    return {
        study: Cohort(
            accrual=accrual,
            follow_up_median_months=median if _is_reverse(method) else None,
            minimum_follow_up_months=minimum,
            overlaps=overlaps.get(study, {}),
            publication_year=year,
            contradiction=contradiction,
            label=label,
            design=design,
        )
        for study, accrual, median, method, minimum, year, contradiction, label, design in rows
    }


def _is_reverse(method: str | None) -> bool:
    """Whether the median counts patients who died as censored; that of survivors or of all says less."""
    return method is not None and "reverse" in method.casefold()


def _load_overlaps(connection: DuckDBPyConnection) -> Mapping[str, Mapping[str, str]]:
    """Return the overlaps in both directions; of two statements the wider one stands."""
    stated = connection.execute(
        """SELECT study_id, with_study, extent FROM overlap
        UNION ALL SELECT study_id, report_of, 'identical' FROM study WHERE report_of IS NOT NULL"""
    ).fetchall()
    overlaps: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for study, other, extent in stated:
        for one, another in ((study, other), (other, study)):
            overlaps[one][another] = max(overlaps[one].get(another, "none"), extent, key=EXTENTS.index)
    return overlaps
