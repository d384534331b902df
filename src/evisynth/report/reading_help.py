"""What a reader of the page must know: what the grades mean, and how the words are headed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GradeHelp:
    """A grade of recovery: what it rests on, and what may be done with it."""

    grade: str
    rests_on: str
    used: str


GRADES: tuple[GradeHelp, ...] = (
    GradeHelp("A", "A ratio printed with its interval, or an exact count of patients.", "Pooled."),
    GradeHelp(
        "B",
        "A rate or median printed with its interval, a log-rank p-value with the number of events, or a "
        "count worked out from a percentage.",
        "Pooled.",
    ),
    GradeHelp(
        "C",
        "Survival rates with the number of patients, or two medians that both have intervals. How many "
        "patients were still followed is an assumption.",
        "Pooled, unless the question asks for better.",
    ),
    GradeHelp(
        "D",
        "A median with the number of patients, or a better recovery with marks against it.",
        "Only in an exploratory question.",
    ),
    GradeHelp(
        "X",
        "Only a limit is known, nothing can be recovered, or there is nothing to compare with.",
        "Shown, never pooled.",
    ),
)

KIND_HEADINGS: Mapping[str, str] = {
    "outcome": "Outcomes",
    "intervention": "Interventions",
    "extent": "Extent of surgery",
    "site": "Sites of metastases",
    "population": "Populations",
}
