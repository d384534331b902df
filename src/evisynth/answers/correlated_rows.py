"""Rows that are not independent: a working model with robust errors, and their covariance for a refit.

The working model takes the most patients that two reports can share, with a variance between overlap sets and
one between the rows of a set (correlated and hierarchical effects); a study that overlaps with none is a set
of its own. Where that much sharing is impossible, or would give a row a weight below zero, the working model
takes the rows as independent: its weights are then less apt, the standard errors hold all the same.

Rows that share a control group, or patients of overlapping studies, are put together by generalised least
squares before anything is pooled, or are pooled by a working model with robust standard errors. Both rest on
a covariance matrix of the rows as they stand in the answer; it is rebuilt here from the same rules.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evisynth.answers.comparability import PooledRow, differences, overlap_sets, unexplained
from evisynth.answers.overlaps import KNOWN_EXTENTS, overlaps_of, set_readings, shared_shares
from evisynth.answers.shared_control_groups import (
    Independent,
    conflicting_pairs,
    control_variance,
    put_together,
)
from evisynth.outcomes import Question, row_labels
from evisynth.synthesis import (
    FEWEST_DF,
    ClusterRobustResult,
    GeneralisedResult,
    MultilevelResult,
    PooledResult,
    cluster_robust,
    pool_correlated,
    pool_multilevel,
    set_covariance,
    weigh_set,
    working_model,
)
from evisynth.wording import listed

#: The name of the interval in a result.
ROBUST_INTERVAL = "cr2"

Floats = NDArray[np.float64]


def set_names(rows: Sequence[PooledRow]) -> tuple[str, ...]:
    """Name for each row its overlap set: the first of its studies, or its own study."""
    names = [row.comparison.study for row in rows]
    for places in overlap_sets([row.comparison for row in rows]):
        for place in places:
            names[place] = rows[places[0]].comparison.study
    return tuple(names)


def pool_robustly(
    question: Question, rows: Sequence[PooledRow]
) -> tuple[PooledResult, tuple[str, ...], str | None]:
    """Pool the rows of a question with cluster-robust standard errors (CR2), and say what to know of them.

    Parameters
    ----------
    question
        Its model and level. A random-effects working model is fitted by REML.
    rows
        Those that count, from at least two overlap sets.

    Returns
    -------
    tuple
        The result, whose p-value is NaN below 4 degrees of freedom, the cautions that belong to it, and below
        4 degrees of freedom what must stand beside its interval.

    Raises
    ------
    ConvergenceError
        When the working model was not found.
    """
    clusters = set_names(rows)
    covariance, notes = _working_covariance(rows)
    fit = _working_fit(question, rows, covariance, clusters)
    robust = cluster_robust(fit, clusters, level=question.level)
    return _result(question, rows, fit, robust), (*notes, _caution(robust)), _on_interval(robust)


def _working_covariance(rows: Sequence[PooledRow]) -> tuple[Floats, list[str]]:
    covariance = np.diag([(row.effect.standard_error or np.nan) ** 2 for row in rows])
    notes = []
    for places in overlap_sets([row.comparison for row in rows]):
        members = [rows[place] for place in places]
        pairs = conflicting_pairs(rows, places)
        numbers = {study: at for at, study in enumerate(dict.fromkeys(r.comparison.study for r in members))}
        readings, shared = set_readings(members, numbers), shared_shares(pairs, numbers, unknown=1.0)
        if not set(pairs.values()) <= KNOWN_EXTENTS:
            named = listed(numbers, most=None)
            notes.append(f"How many patients {named} share is not known, so that they are not added up.")
        reason = str(weigh_set(readings, shared).reason[0])
        if reason:
            notes.append(
                f"The working model takes {listed(numbers, most=None)} as independent, since {reason}."
            )
            continue
        covariance[np.ix_(places, places)] = set_covariance(readings, shared)[0][0]
    return covariance, notes


def _working_fit(
    question: Question, rows: Sequence[PooledRow], covariance: Floats, clusters: Sequence[str]
) -> GeneralisedResult | MultilevelResult:
    y = [row.effect.estimate for row in rows]
    if question.model == "common_effect":
        return pool_correlated(np.array(y, np.float64), covariance, level=question.level)
    return pool_multilevel(np.array(y, np.float64), covariance, clusters, level=question.level)


def _result(
    question: Question,
    rows: Sequence[PooledRow],
    fit: GeneralisedResult | MultilevelResult,
    robust: ClusterRobustResult,
) -> PooledResult:
    between = within = share = 0.0
    if isinstance(fit, MultilevelResult):
        between, within = fit.sigma_squared_between, fit.sigma_squared_within
        share = fit.i_squared_between + fit.i_squared_within
    p_value = robust.p_value[0]
    return PooledResult(
        estimate=float(robust.estimate[0]),
        standard_error=float(robust.standard_error[0]),
        ci_lower=float(robust.ci_lower[0]),
        ci_upper=float(robust.ci_upper[0]),
        p_value=np.nan if p_value is None else p_value,
        tau_squared=between + within,
        i_squared=share,
        h_squared=1 / (1 - share),
        q_statistic=fit.q_statistic,
        q_p_value=fit.q_p_value,
        prediction_lower=None,
        prediction_upper=None,
        row_count=len(rows),
        weights=_weights(fit),
        method="common" if question.model == "common_effect" else "REML",
        interval=ROBUST_INTERVAL,
        level=question.level,
        y=fit.y,
        v=np.array([(row.effect.standard_error or np.nan) ** 2 for row in rows]),
        labels=row_labels([row.comparison for row in rows]),
        effect_measure=question.effect_measure,
    )


def _weights(fit: GeneralisedResult | MultilevelResult) -> Floats:
    """Return the weights of the working model, which sum to 1."""
    model = working_model(fit)
    raw = np.linalg.solve(model.block(np.arange(len(model.y))), np.ones(len(model.y)))
    weights: Floats = np.asarray(raw / raw.sum(), np.float64)
    weights.flags.writeable = False
    return weights


def _caution(robust: ClusterRobustResult) -> str:
    df = float(robust.df[0])
    told = (
        f"The standard error holds whatever overlapping reports share (CR2 over {robust.cluster_count} sets, "
        f"{df:.2f} degrees of freedom)"
    )
    return told + (
        f"; below {FEWEST_DF:g} it is unreliable, and no p-value is given." if df < FEWEST_DF else "."
    )


def _on_interval(robust: ClusterRobustResult) -> str | None:
    """Say beside the interval that it may be too narrow, where too few degrees of freedom hold it."""
    df = float(robust.df[0])
    if df >= FEWEST_DF:
        return None
    return f"the interval may be too narrow: {df:.2f} degrees of freedom, and it takes {FEWEST_DF:g}"


@dataclass(frozen=True, slots=True, eq=False)
class RowCovariance:
    """Rows that belong together have the same number in ``sets``: the place of the first of them.

    ``covariance`` has shape (k, k); its diagonal holds the sampling variances.
    """

    sets: tuple[int, ...]
    covariance: NDArray[np.float64]

    @property
    def independent(self) -> bool:
        """Whether every row stands for itself."""
        return len(set(self.sets)) == len(self.sets)

    def shared(self) -> list[tuple[int, int, float]]:
        """Give the pairs of rows, counted from 0, whose covariance is not zero."""
        first, second = np.nonzero(np.triu(self.covariance, k=1))
        return [
            (int(one), int(other), float(self.covariance[one, other]))
            for one, other in zip(first, second, strict=True)
        ]


def row_covariance(question: Question, rows: Sequence[PooledRow]) -> RowCovariance | None:
    r"""Rebuild the covariance that the rows of a summary were pooled with.

    Rows that share a control group have :math:`V_{ij} = \sqrt{c_i c_j}`, those of overlapping studies the
    covariance of :func:`evisynth.synthesis.overlap_weights.set_covariance`.

    Parameters
    ----------
    question
        What it does with shared controls and overlapping studies.
    rows
        The rows that count, all of them points.

    Returns
    -------
    RowCovariance or None
        None when rows were put together twice, first those of one control and then those of one overlap set:
        the second covariance belongs to what the first step made of them, not to the rows.
    """
    covariance = np.diag([(row.effect.standard_error or math.nan) ** 2 for row in rows])
    sets = list(range(len(rows)))
    independent = put_together(question, rows)
    for members in independent.members:
        places = [place for place, _ in members]
        control = np.sqrt([control_variance(rows[place]) or 0.0 for place in places])
        block = np.outer(control, control)
        np.fill_diagonal(block, np.diag(covariance)[places])
        covariance[np.ix_(places, places)] = block
        _join(sets, places)
    for level in _overlapping(question, independent):
        block_of_set = _overlap_block(question, independent, level)
        if block_of_set is None:
            continue
        if any(len(independent.members[place]) > 1 for place in level):
            return None
        places = [independent.members[place][0][0] for place in level]
        covariance[np.ix_(places, places)] = block_of_set
        _join(sets, places)
    if overlaps_of(question, independent).robust:
        if len(independent.rows) < len(rows):
            return None
        # The clusters of a working model hold every row of a study, those of disjoint patients too.
        names = set_names(rows)
        sets = [names.index(name) for name in names]
    return RowCovariance(tuple(sets), covariance)


def _overlapping(question: Question, independent: Independent) -> tuple[tuple[int, ...], ...]:
    """Find the overlap sets whose covariance enters, none where one report stands for each."""
    if question.overlap is None or question.overlap.choice == "one_report":
        return ()
    return overlap_sets([row.comparison for row in independent.rows])


def _join(sets: list[int], places: Sequence[int]) -> None:
    for place in places:
        sets[place] = places[0]


def _overlap_block(
    question: Question, independent: Independent, level: Sequence[int]
) -> NDArray[np.float64] | None:
    """Give the covariance of an overlap set, None where its rows stand for themselves."""
    members = [independent.rows[place] for place in level]
    robust = question.overlap is not None and question.overlap.choice == "robust"
    if not robust and unexplained(question, differences(question, members)):
        return None
    pairs = conflicting_pairs(members, range(len(members)))
    numbers = {study: at for at, study in enumerate(dict.fromkeys(r.comparison.study for r in members))}
    readings, shared = set_readings(members, numbers), shared_shares(pairs, numbers, unknown=1.0)
    if not weigh_set(readings, shared).reason[0]:
        return np.asarray(set_covariance(readings, shared)[0][0], np.float64)
    # A working model takes such rows as independent; its clusters hold them together all the same.
    return np.diag([(row.effect.standard_error or math.nan) ** 2 for row in members]) if robust else None
