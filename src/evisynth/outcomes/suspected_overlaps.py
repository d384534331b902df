"""Studies of one question that may rest on the same patients although no file says whether they do.

The traces are read from the database for just the studies of the question, and judged as the check of study
files judges them (:mod:`evisynth.checks.same_patients`): what the one reports the other does not pool.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from evisynth.checks import (
    Printed,
    one_spelling,
    print_words,
    printed_count,
    reasons_with_years,
    traced_pairs,
)
from evisynth.outcomes.comparison import Comparison
from evisynth.outcomes.group_size import size_of_group
from evisynth.outcomes.groups import GroupTree
from evisynth.outcomes.statements import run_statement
from evisynth.printed_statistics import statistics_of
from evisynth.wording import listed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: How far the patients of two studies are the same when no file says so and their traces meet.
SUSPECTED = "suspected"
#: How far, where no file says so and they are taken to be the same: one number, or one set of results.
ONE_COHORT = "one cohort"


@dataclass(frozen=True, slots=True)
class StudyTraces:
    """The traces of a study's patients, as the database has them."""

    study: str
    institution: str | None
    registry: str | None
    accrual: tuple[int, int] | None
    authors: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]
    tree: GroupTree
    figures: Sequence[tuple[Any, ...]]

    def group_sizes(self) -> set[int]:
        """Give the largest possible sizes of its own groups."""
        return set(self._sizes().values())

    def _sizes(self) -> dict[str, int]:
        own = [group for group in self.tree.groups.values() if group.role == "own"]
        sizes = {group.name: size_of_group(self.tree, group).candidates for group in own}
        return {name: max(candidates) for name, candidates in sizes.items() if candidates}

    def prints(self) -> Iterator[Printed]:
        """Give the figures of its own groups of known size, and the effects between them."""
        sizes = self._sizes()
        for group, statistic, outcome, time, value, half_unit, lower, upper, of, event, said in self.figures:
            size, what = sizes.get(group), print_words(statistic, outcome, time, event, said)
            if group is not None and size is None:
                continue
            if statistic == "count":
                yield printed_count(size, max(of or size or 1, 1), what, value)
            else:
                interval = None if lower is None or upper is None else (lower, upper)
                yield Printed(size, what, value, half_unit, interval)


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
            overlaps={
                **(comparison.overlaps or {}),
                **{other: suspicion.extent for other, suspicion in found[comparison.study].items()},
            },
            suspicions={other: suspicion.because for other, suspicion in found[comparison.study].items()},
        )
        if comparison.study in found
        else comparison
        for comparison in comparisons
    )


class Suspicion(NamedTuple):
    """How far two studies share patients although no file says so, and why that is taken to be so."""

    extent: str
    because: str


def suspected_among(
    traces: Sequence[StudyTraces], overlaps: Mapping[str, Mapping[str, str]]
) -> Mapping[str, Mapping[str, Suspicion]]:
    """Return for each study the others that may share its patients, undecided, with the reasons."""
    found: defaultdict[str, dict[str, Suspicion]] = defaultdict(dict)
    told: dict[tuple[object, ...], str] = {}  # the same reasons may be those of a million pairs
    for (first, second), shared in traced_pairs(traces, later_ones=True).items():
        one, other = traces[first], traces[second]
        if other.study in overlaps[one.study]:
            continue
        grounds = (one.accrual, other.accrual, *shared.reasons)
        because = told.get(grounds) or listed(reasons_with_years(one, other, shared.reasons))
        told[grounds] = because
        suspicion = Suspicion(ONE_COHORT if shared.one_cohort else SUSPECTED, because)
        found[one.study][other.study] = found[other.study][one.study] = suspicion
    return found


def _load_traces(connection: DuckDBPyConnection, trees: Mapping[str, GroupTree]) -> list[StudyTraces]:
    if len(trees) < 2:
        return []
    studies = sorted(trees)
    effects = [record.id for record in statistics_of("comparison") if record.is_effect]
    figures: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for study, *columns in run_statement(connection, "prints", studies=studies, effects=effects):
        figures[study].append(tuple(columns))
    return [
        StudyTraces(
            study,
            institution,
            registry,
            None if start is None else (start, end),
            tuple(authors),
            tuple(
                one_spelling(kind, number)
                for kind, number in zip(("DOI", "PubMed id", "registration number"), numbers, strict=True)
                if number is not None
            ),
            trees[study],
            figures[study],
        )
        for study, institution, registry, start, end, authors, *numbers in run_statement(
            connection, "traces", studies=studies
        )
    ]
