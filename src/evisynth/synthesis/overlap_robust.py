"""Rows of overlapping studies pooled by a working model, with standard errors that hold whatever they share.

The working model takes the most patients that two reports can share, with a variance between overlap sets and
one between the rows of a set (correlated and hierarchical effects); a study that overlaps with none is a set
of its own. Where that much sharing is impossible, or would give a row a weight below zero, the working model
takes the rows as independent: its weights are then less apt, the standard errors hold all the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evisynth.outcomes.question import Question
from evisynth.outcomes.row_labels import row_labels
from evisynth.synthesis.cluster_robust import FEWEST_DF, ClusterRobustResult, cluster_robust
from evisynth.synthesis.comparability import PooledRow
from evisynth.synthesis.gls import GeneralisedResult, pool_correlated
from evisynth.synthesis.multilevel import MultilevelResult, pool_multilevel
from evisynth.synthesis.one_report import conflicting_pairs
from evisynth.synthesis.overlap_weights import set_covariance, weigh_set
from evisynth.synthesis.overlaps import KNOWN_EXTENTS, set_readings, shared_shares
from evisynth.synthesis.result import PooledResult
from evisynth.synthesis.shared_patients import overlap_sets
from evisynth.synthesis.working_model import working_model

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
            named = " and ".join(numbers)
            notes.append(f"How many patients {named} share is not known, so that they are not added up.")
        reason = str(weigh_set(readings, shared).reason[0])
        if reason:
            notes.append(f"The working model takes {' and '.join(numbers)} as independent, since {reason}.")
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
