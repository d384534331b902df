"""The synthesis rerun over every admissible choice: the specification curve, and the range it spans.

Steegen et al 2016, Perspectives on Psychological Science 11:702-712, doi:10.1177/1745691616658637.

What is varied: the recovery of each comparison (grade D or better), the share of its patients taken as under
observation, either end of what rounds to the print, a suspected misprint, whether an exploratory row is in,
which of overlapping studies stays or that all do by their covariance (sharing as many patients as possible,
or none), and, where the question keeps one, which comparison of a shared control group. Every universe is
pooled by the question's own model and by the rules of an exploratory question. One that these rules refuse
has no estimate and is counted with its reason: rows that may share patients, that are not comparable, that
cannot be put together, fewer than two, two that do not touch, or strata of one study that are set against
those of another block. Rows of one study alone are put together within it. The curve shows how far choices
move the answer; it is no distribution, and none of its universes is the likelier for being many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evisynth.answers.comparability import PooledRow, compared_values, pairs_of_one_study, share_patients
from evisynth.answers.model_choice import with_model
from evisynth.answers.multiverse.choices import APART, OverlapSetChoices, RowChoices, row_choices
from evisynth.answers.multiverse.grid import MOST_UNIVERSES, OUT, SEED, Grid, Universes, build_grid
from evisynth.answers.multiverse.numbers import ReadingTable, clusters_to_put_together, reading_table
from evisynth.answers.multiverse.pooled_universes import most_universes, pool_universes
from evisynth.answers.strata import stratified_difference
from evisynth.arithmetic import critical_z
from evisynth.effects import Effect, as_if_misprinted, recover
from evisynth.measures import Scale, question_measure
from evisynth.outcomes import Comparison, Question
from evisynth.synthesis import short_repr

Floats = NDArray[np.float64]

NO_ROW = "no row is in"
ONE_ROW = "one row only, whose own interval stands"
SHARED = "two rows may share patients"
DIFFERENT = "two rows are not comparable"
NOT_TOUCHING = "the intervals of the only two rows do not overlap"
TORN = "overlapping studies cannot be put together by their covariance"
STRATA = "rows are strata of one study, set against those of the other block within it"
NOT_CONVERGED = "the between-study variance was not found"


@dataclass(frozen=True, slots=True, eq=False)
class Multiverse:
    """The universes of one block of rows, those with an estimate in rising order of it on the natural scale.

    ``choices`` has a row for each universe and a column for each of ``rows``: the place of the reading, or
    ``OUT``. ``ways`` has a column for each of ``sets``, the overlap sets: how their studies are counted, as
    :mod:`evisynth.answers.multiverse.choices` numbers it. Estimates are on the analysis scale;
    ``tau_squared`` is NaN in a Bayesian model. ``own`` is the place of the question's own choice, None when
    its universe has no estimate. ``refused`` counts the universes without an estimate, by reason.
    """

    label: str
    rows: tuple[RowChoices, ...]
    combinations: int
    exact: bool
    seed: int
    choices: Universes
    estimate: Floats
    standard_error: Floats
    ci_lower: Floats
    ci_upper: Floats
    tau_squared: Floats
    row_count: NDArray[np.int64]
    own: int | None
    refused: Mapping[str, int]
    scale: Scale
    ways: Universes
    sets: tuple[OverlapSetChoices, ...] = ()

    __repr__ = short_repr

    @property
    def range(self) -> tuple[float, float] | None:
        """The least and the greatest pooled estimate, analysis scale; None when no universe has one."""
        return (float(self.estimate.min()), float(self.estimate.max())) if len(self.estimate) else None


def multiverses(
    question: Question,
    comparisons: Sequence[Comparison],
    effects: Sequence[Sequence[Effect]],
    most: int = MOST_UNIVERSES,
    seed: int = SEED,
) -> tuple[Multiverse, ...]:
    """Rerun a question over every admissible choice: once, or once for each block that it summarises.

    Parameters
    ----------
    question
        Its model, and what it sets aside.
    comparisons
        The candidate rows.
    effects
        All recoveries of each.
    most, seed
        See :func:`evisynth.answers.multiverse.grid.build_grid`.
    """
    question = with_model(question, comparisons, [tuple(found) for found in effects], question.left_out)
    most = most_universes(question, most)
    rows = [
        choices
        for comparison, recoveries in zip(comparisons, effects, strict=True)
        if (choices := row_choices(question, comparison, recoveries, _if_misprinted(question, comparison)))
        is not None
    ]
    if question.summary == "overall":
        return (_multiverse(question, "Overall", rows, most, seed),)
    blocks = {
        block.label: [row for row in rows if row.comparison.row_group == block.label]
        for block in question.row_groups
    }
    standing = [(label, [row.row for row in block if row.stands]) for label, block in blocks.items()]
    strata = stratified_difference(question, standing) is not None
    return tuple(
        _multiverse(question, label, block, most, seed, strata=strata) for label, block in blocks.items()
    )


def _if_misprinted(question: Question, comparison: Comparison) -> list[tuple[str, tuple[Effect, ...]]]:
    """Recover a comparison again for each figure that a reader suspects to be misprinted."""
    return [(words, recover(other, question)) for words, other in as_if_misprinted(comparison)]


def _multiverse(
    question: Question, label: str, rows: Sequence[RowChoices], most: int, seed: int, *, strata: bool = False
) -> Multiverse:
    if rows:
        grid = build_grid(question, rows, most, seed)
    else:
        nothing = np.empty((1, 0), dtype=np.int64)
        grid = Grid(nothing, 1, exact=True, own=0, ways=nothing)
    clusters = clusters_to_put_together(question, rows)
    table = reading_table(rows, grid.universes).put_together(clusters)
    table = table.put_overlaps_together(grid.sets, grid.ways, rows)
    if question.takes_counts:
        table = replace(table, torn=table.torn | (grid.ways != APART).any(axis=1))
    inside = grid.universes != OUT
    row_count = inside.sum(axis=1) if question.takes_counts else table.row_count
    reasons = _reasons(question, rows, grid.universes, table, row_count)
    reasons[table.unsettled] = SHARED
    for one, other in _sharing(rows, clusters):
        reasons[inside[:, one] & inside[:, other]] = SHARED
    reasons[table.torn & (reasons == "")] = TORN
    if strata:
        reasons[reasons == ""] = STRATA
    pooled = np.flatnonzero(reasons == "")
    columns = pool_universes(question, rows, grid.universes, table, pooled)
    found = np.isfinite(columns["estimate"])
    reasons[pooled[~found]] = NOT_CONVERGED
    # Ties in the estimate are ordered by the choices, so that the curve is the same everywhere.
    scale = question_measure(question.effect_measure).scale
    natural = -columns["estimate"] if scale == "log(-log)" else columns["estimate"]
    order = np.flatnonzero(found)[np.argsort(natural[found], kind="stable")]
    kept = pooled[order]
    own = np.flatnonzero(kept == (OUT if grid.own is None else grid.own))
    without, counts = np.unique(reasons[reasons != ""], return_counts=True)
    return Multiverse(
        label=label,
        rows=tuple(rows),
        combinations=grid.combinations,
        exact=grid.exact,
        seed=seed,
        choices=grid.universes[kept],
        estimate=columns["estimate"][order],
        standard_error=columns["standard_error"][order],
        ci_lower=columns["ci_lower"][order],
        ci_upper=columns["ci_upper"][order],
        tau_squared=columns["tau_squared"][order],
        row_count=row_count[kept],
        own=int(own[0]) if len(own) else None,
        refused={str(reason): int(count) for reason, count in zip(without, counts, strict=True)},
        scale=scale,
        ways=grid.ways[kept],
        sets=grid.sets,
    )


def _reasons(
    question: Question,
    rows: Sequence[RowChoices],
    universes: Universes,
    table: ReadingTable,
    count: NDArray[np.int64],
) -> NDArray[np.str_]:
    """Say why each universe is not pooled, an empty text where it is; the first reason that holds stands."""
    reasons = np.full(len(universes), "", dtype=f"U{max(map(len, _REASONS))}")
    apart = (count == 2) & _two_apart(question, table)
    reasons[apart] = NOT_TOUCHING
    reasons[_not_comparable(question, rows, universes)] = DIFFERENT
    reasons[count == 1] = ONE_ROW
    reasons[count == 0] = NO_ROW
    return reasons


_REASONS = (NO_ROW, ONE_ROW, SHARED, DIFFERENT, NOT_TOUCHING, TORN, STRATA, NOT_CONVERGED)


def _sharing(rows: Sequence[RowChoices], clusters: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, int]]:
    """Yield the rows that may share patients, but for those that are put together."""
    for one, other in pairs_of_one_study([row.comparison for row in rows]):
        together = any(one in cluster and other in cluster for cluster in clusters)
        if not together and share_patients(rows[one].comparison, rows[other].comparison):
            yield one, other


def _not_comparable(
    question: Question, rows: Sequence[RowChoices], universes: Universes
) -> NDArray[np.bool_]:
    """Return where the readings that are in differ in anything that the question does not set aside."""
    readings = [PooledRow(row.comparison, reading.effect) for row in rows for reading in row.readings]
    sizes = np.array([len(row.readings) for row in rows], dtype=np.int64)
    # A last place for OUT, which differs from nothing.
    places = np.where(universes == OUT, len(readings), universes + (np.cumsum(sizes) - sizes))
    wrong = np.zeros(len(universes), dtype=np.bool_)
    for values in compared_values(question, readings):
        numbers = {value: at for at, value in enumerate(sorted(set().union(*values)))}
        if len(numbers) > 1:
            least = np.array(
                [
                    *(min((numbers[value] for value in met), default=len(numbers)) for met in values),
                    len(numbers),
                ]
            )
            greatest = np.array([*(max((numbers[value] for value in met), default=-1) for met in values), -1])
            wrong |= least[places].min(axis=1) < greatest[places].max(axis=1)
    return wrong


def _two_apart(question: Question, table: ReadingTable) -> NDArray[np.bool_]:
    """Return where the intervals of the rows that are in, if they are two, do not overlap."""
    if table.estimate.shape[1] < 2:
        return np.zeros(len(table.estimate), dtype=np.bool_)
    inside = ~np.isnan(table.estimate)
    least = np.where(inside, table.estimate, np.inf).min(axis=1)
    greatest = np.where(inside, table.estimate, -np.inf).max(axis=1)
    reach = critical_z(question.level) * np.nansum(table.standard_error, axis=1)
    return np.asarray(greatest - least > reach)
