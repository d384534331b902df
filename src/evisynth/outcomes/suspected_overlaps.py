"""Studies of one question that may rest on the same patients although no file says whether they do.

The traces are read from the database for just the studies of the question, and judged as the check of study
files judges them (:mod:`evisynth.checks.same_patients`): what the one reports the other does not pool.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evisynth.checks import reasons_with_years, traced_pairs, years_apart
from evisynth.outcomes.comparison import Comparison
from evisynth.outcomes.group_size import size_of_group
from evisynth.outcomes.groups import GroupTree
from evisynth.outcomes.statements import run_statement
from evisynth.wording import listed, time_words

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: How far the patients of two studies are the same when no file says so and their traces meet.
SUSPECTED = "suspected"


@dataclass(frozen=True, slots=True)
class StudyTraces:
    """The traces of a study's patients, as the database has them."""

    study: str
    institution: str | None
    registry: str | None
    accrual: tuple[int, int] | None
    authors: tuple[str, ...]
    tree: GroupTree
    figures: Callable[[str], set[tuple[str, float]]]

    def group_sizes(self) -> set[int]:
        """Give the largest possible sizes of its own groups."""
        own = [group for group in self.tree.groups.values() if group.role == "own"]
        return {max(size.candidates) for group in own if (size := size_of_group(self.tree, group)).candidates}

    def prints(self) -> set[tuple[str, float]]:
        """Give the figures of its own groups."""
        return self.figures(self.study)


def with_suspicions(
    connection: DuckDBPyConnection, comparisons: Sequence[Comparison], evidence: Mapping[str, GroupTree]
) -> tuple[Comparison, ...]:
    """Add to each comparison the other studies of the question that may share its patients, undecided.

    Parameters
    ----------
    connection
        To the database.
    comparisons
        The rows of a question, with the overlaps that files record.
    evidence
        The groups of each study among them.
    """
    overlaps = {comparison.study: comparison.overlaps or {} for comparison in comparisons}
    found = suspected_among(
        _load_traces(connection, {study: evidence[study] for study in overlaps}), overlaps
    )
    return tuple(
        replace(
            comparison,
            overlaps={**(comparison.overlaps or {}), **dict.fromkeys(found[comparison.study], SUSPECTED)},
            suspicions=found[comparison.study],
        )
        if comparison.study in found
        else comparison
        for comparison in comparisons
    )


def suspected_among(
    traces: Sequence[StudyTraces], overlaps: Mapping[str, Mapping[str, str]]
) -> Mapping[str, Mapping[str, str]]:
    """Return for each study the others that may share its patients, undecided, with the reasons."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    told: dict[tuple[object, ...], str] = {}  # the same reasons may be those of a million pairs
    for (first, second), shared in traced_pairs(traces, later_ones=True).items():
        one, other = traces[first], traces[second]
        if other.study in overlaps[one.study] or years_apart(one.accrual, other.accrual):
            continue
        grounds = (one.accrual, other.accrual, *shared)
        because = told.get(grounds) or listed(reasons_with_years(one, other, shared))
        told[grounds] = because
        found[one.study][other.study] = found[other.study][one.study] = because
    return found


def _load_traces(connection: DuckDBPyConnection, trees: Mapping[str, GroupTree]) -> list[StudyTraces]:
    if len(trees) < 2:
        return []
    prints = _Prints(connection, sorted(trees))
    return [
        StudyTraces(
            study,
            institution,
            registry,
            None if start is None else (start, end),
            tuple(authors),
            trees[study],
            prints,
        )
        for study, institution, registry, start, end, authors in run_statement(
            connection, "traces", studies=sorted(trees)
        )
    ]


class _Prints:
    """What each study prints, read only once it is asked for: few questions have groups of one size."""

    __slots__ = ("by_study", "connection", "studies")

    def __init__(self, connection: DuckDBPyConnection, studies: Sequence[str]) -> None:
        self.connection, self.studies = connection, studies
        self.by_study: dict[str, set[tuple[str, float]]] | None = None

    def __call__(self, study: str) -> set[tuple[str, float]]:
        if self.by_study is None:
            found: defaultdict[str, set[tuple[str, float]]] = defaultdict(set)
            for of, statistic, outcome, time, value in run_statement(
                self.connection, "prints", studies=self.studies
            ):
                when = f" at {time_words(time)}" if time is not None else ""
                found[of].add((f"{statistic} of {outcome}{when}", value))
            self.by_study = dict(found)
        return self.by_study.get(study, set())
