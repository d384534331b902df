"""How completely each study reports each statistic: the best of its figures stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from evisynth.outcomes.reported_outcome import ReportedOutcome

Completeness = Literal["interval", "value", "bound", "nothing"]
#: From least to most.
COMPLETENESS: tuple[Completeness, ...] = ("nothing", "bound", "value", "interval")

Cells = Mapping[tuple[str, str], Mapping[str, Completeness]]


def completeness_of(row: ReportedOutcome) -> Completeness:
    """Say how completely one figure is reported."""
    if row.state == "not_reported" or (row.state == "reported" and row.value is None):
        return "nothing"
    if row.state == "not_reached" or row.qualifier not in ("=", None):
        return "bound"
    return "interval" if row.ci_lower is not None or row.ci_upper is not None else "value"


def matrix_cells(reported: Sequence[ReportedOutcome]) -> dict[tuple[str, str], dict[str, Completeness]]:
    """Return by outcome and statistic what each study reports at best; a study without any is not there."""
    cells: dict[tuple[str, str], dict[str, Completeness]] = {}
    for row in reported:
        found = completeness_of(row)
        if found != "nothing":
            by_study = cells.setdefault((row.outcome, row.statistic), {})
            by_study[row.study] = max(by_study.get(row.study, "nothing"), found, key=COMPLETENESS.index)
    return cells


def ordered_statistics(cells: Cells) -> list[tuple[str, str]]:
    """Order what is reported: outcomes that most studies report first, their statistics likewise."""
    by_outcome: dict[str, set[str]] = {}
    for (outcome, _), found in cells.items():
        by_outcome.setdefault(outcome, set()).update(found)
    return sorted(cells, key=lambda row: (-len(by_outcome[row[0]]), row[0], -len(cells[row]), row[1]))
