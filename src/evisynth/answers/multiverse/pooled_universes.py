"""Universes pooled as their question asks: by effects all at once, by counts one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evisynth.answers.comparability import PooledRow
from evisynth.answers.count_models import pool_by_counts
from evisynth.answers.multiverse.choices import RowChoices
from evisynth.answers.multiverse.grid import OUT, Universes
from evisynth.answers.multiverse.numbers import ReadingTable
from evisynth.effects import CountedArms
from evisynth.outcomes import Question
from evisynth.synthesis import pool_many

Floats = NDArray[np.float64]
_NAMES = ("estimate", "standard_error", "ci_lower", "ci_upper", "tau_squared")
#: A binomial-normal fit takes a tenth of a second, one by a closed formula less than a thousandth.
MOST_FITS, MOST_FORMULAS = 200, 4000


def most_universes(question: Question, most: int) -> int:
    """Return how many universes are pooled at most: fewer where each takes a fit of its own."""
    if not question.takes_counts:
        return most
    return min(most, MOST_FITS if question.model == "binomial_normal" else MOST_FORMULAS)


def pool_universes(
    question: Question,
    rows: Sequence[RowChoices],
    universes: Universes,
    table: ReadingTable,
    pooled: NDArray[np.intp],
) -> dict[str, Floats]:
    """Pool the named universes, NaN where one has no estimate; two rows by HKSJ with q*, as in an answer.

    Rows of one study alone are its strata, and put together without a variance between them.
    """
    if question.takes_counts:
        return _pool_by_counts(question, rows, universes[pooled])
    one_study = _of_one_study(rows, universes[pooled])
    columns = {name: np.full(len(pooled), np.nan) for name in _NAMES}
    for members, stratified in ((one_study, True), (~one_study, False)):
        if members.any() or not stratified:
            found = _pool_by_effects(question, table, pooled[members], stratified=stratified)
            for name in _NAMES:
                columns[name][members] = found[name]
    return columns


def _of_one_study(rows: Sequence[RowChoices], universes: Universes) -> NDArray[np.bool_]:
    """Return where all rows that are in come from one study."""
    if not rows:
        return np.zeros(len(universes), dtype=np.bool_)
    names = list(dict.fromkeys(row.comparison.study for row in rows))
    numbers = np.array([names.index(row.comparison.study) for row in rows])
    inside = universes != OUT
    least = np.where(inside, numbers, len(names)).min(axis=1)
    return np.asarray(least == np.where(inside, numbers, -1).max(axis=1))


def _pool_by_counts(
    question: Question, rows: Sequence[RowChoices], universes: Universes
) -> dict[str, Floats]:
    """Pool universes by their counts, each different set of tables once."""
    columns = {name: np.full(len(universes), np.nan) for name in _NAMES}
    one_study = _of_one_study(rows, universes)
    known: dict[object, tuple[float, ...] | None] = {}
    for at, (universe, alone) in enumerate(zip(universes.tolist(), one_study.tolist(), strict=True)):
        chosen = [
            (row.comparison, row.readings[choice])
            for row, choice in zip(rows, universe, strict=True)
            if choice != OUT
        ]
        key = (alone, tuple(reading.tables for _, reading in chosen))
        if key not in known:
            counted = [
                PooledRow(comparison, replace(reading.effect, counted=_as_read(reading.tables)))
                for comparison, reading in chosen
            ]
            found = pool_by_counts(question, counted, one_study=alone)
            known[key] = None if isinstance(found, str) else tuple(getattr(found, name) for name in _NAMES)
        if (values := known[key]) is not None:
            for name, value in zip(_NAMES, values, strict=True):
                columns[name][at] = value
    return columns


def _as_read(tables: tuple[tuple[int, int], ...]) -> CountedArms:
    return CountedArms(tables, tables, tables, "A", "A")


def _pool_by_effects(
    question: Question, table: ReadingTable, pooled: NDArray[np.intp], *, stratified: bool
) -> dict[str, Floats]:
    if question.model == "bayesian" and not stratified:
        return _pool_bayesian(question, table, pooled)
    columns = {name: np.full(len(pooled), np.nan) for name in _NAMES}
    count = table.row_count[pooled]
    common = stratified or question.model == "common_effect"
    for members, interval in ((count == 2, "hksj"), (count > 2, question.interval)):
        places = np.flatnonzero(members)
        if not len(places):
            continue
        y, error = table.estimate[pooled[places]], table.standard_error[pooled[places]]
        inside = ~np.isnan(y)
        result = pool_many(
            y[inside],
            error[inside] ** 2,
            np.nonzero(inside)[0],
            tau_squared="common" if common else question.tau_squared,
            interval="wald" if common else interval,
            prediction="none",
            level=question.level,
        )
        for name in _NAMES:
            columns[name][places] = np.where(result.converged, getattr(result, name), np.nan)
    return columns


def _pool_bayesian(question: Question, table: ReadingTable, pooled: NDArray[np.intp]) -> dict[str, Floats]:
    """Pool the named universes in the Bayesian model, in which tau has a distribution and no one value."""
    from evisynth.answers.bayesian_answers import required_prior
    from evisynth.synthesis import pool_many_bayesian

    result = pool_many_bayesian(
        table.estimate[pooled],
        table.standard_error[pooled] ** 2,
        tau_prior=required_prior(question),
        level=question.level,
    )
    names = ("estimate", "standard_error", "ci_lower", "ci_upper")
    return {name: getattr(result, name) for name in names} | {"tau_squared": np.full(len(pooled), np.nan)}
