"""Subgroups side by side, each with its own between-study variance or all with one, and their difference."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.arithmetic import chi_squared_tail
from evisynth.errors import InvalidDataError
from evisynth.synthesis.correlated_effects import cluster_codes
from evisynth.synthesis.design import Design
from evisynth.synthesis.heterogeneity import Heterogeneity, compute_heterogeneity
from evisynth.synthesis.intervals import (
    INTERVALS,
    confidence_interval,
    prediction_interval,
    resolve_prediction,
)
from evisynth.synthesis.pooling import pool
from evisynth.synthesis.regression import RegressionResult, regress_on_design
from evisynth.synthesis.result import PooledResult, short_repr
from evisynth.synthesis.tau_squared import tau_squared_estimator
from evisynth.synthesis.validation import checked_effects, checked_level, checked_name
from evisynth.synthesis.weighted_sums import ScaledEffects

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SubgroupResult:
    """The pooled result of each subgroup, in the order in which they first appear, and the test between them.

    ``common_tau_squared`` says whether one between-study variance holds for all. ``q_between`` is chi-squared
    with ``df`` degrees of freedom when ``residual_df`` is None, else F with ``df`` and ``residual_df``.
    Where rows are too few for F, ``untested`` says so, and statistic and p-value are NaN.
    """

    groups: tuple[Hashable, ...]
    results: tuple[PooledResult, ...]
    common_tau_squared: bool
    q_between: float
    df: int
    residual_df: int | None
    p_value: float
    untested: str | None = None

    __repr__ = short_repr


#: Fewer rows than this in all subgroups together leave F too few degrees of freedom to mean anything.
FEWEST_ROWS_FOR_TEST = 4


def pool_subgroups(
    y: ArrayLike,
    v: ArrayLike,
    group: Sequence[Hashable],
    *,
    common_tau_squared: bool = False,
    tau_squared: str = "REML",
    interval: str = "hksj",
    prediction: str | None = None,
    level: float = 0.95,
    labels: Sequence[str] | None = None,
) -> SubgroupResult:
    r"""Pool each subgroup, and test whether they differ.

    With Wald's interval and a variance for each subgroup, they are compared by their standard errors:

    .. math::
        Q_B = \sum_g \frac{(\hat\mu_g - \hat\mu)^2}{SE_g^2}

    as chi-squared with G - 1 degrees of freedom. With one variance for all, the model is a meta-regression on
    the subgroup, whose intervals, but for Wald's, take t with k - G degrees of freedom. The test of every
    interval but Wald's is that of this regression, whichever variances the subgroups have: F with G - 1 and
    k - G degrees of freedom, :math:`q^* = \max(1, q)` unless the regression asked for is plain or without q.
    Hartung-Knapp standard errors are not set against chi-squared, which would find differences too often (11
    to 15 % at the 5 % level with two or three rows a subgroup). Fewer than four rows are not tested.

    Parameters
    ----------
    y : shape (k,)
        Effect estimates on the analysis scale.
    v : shape (k,)
        Sampling variances of ``y``; all > 0.
    group : sequence of k names
        The subgroup of each row; at least two subgroups.
    common_tau_squared : bool
        One between-study variance for all; steadier when subgroups are small (below five rows or so).
    tau_squared, interval, prediction, level, labels
        As for :func:`evisynth.synthesis.pooling.pool`.

    Raises
    ------
    InvalidDataError
        Naming the row and the value, the unknown name, or the subgroup that cannot be compared.

    References
    ----------
    Borenstein, Hedges, Higgins & Rothstein 2009, Introduction to Meta-Analysis, chapter 19.
    """
    estimates, variances, names = checked_effects(y, v, labels)
    tau_squared_estimator(tau_squared)
    checked_name("interval", interval, INTERVALS)
    level = checked_level(level)
    if len(group) != len(estimates):
        raise InvalidDataError(f"group has {len(group)} names for {len(estimates)} rows; give one a row")
    code = cluster_codes(group)
    groups = tuple(dict.fromkeys(group))
    if len(groups) < 2:
        raise InvalidDataError(f"all rows are of subgroup {groups[0]!r}; a comparison needs at least two")
    rows = (estimates, variances, names)
    if common_tau_squared:
        return _pool_together(rows, code, groups, (tau_squared, interval, prediction, level))
    results = []
    for number in range(len(groups)):
        members = np.flatnonzero(code == number)
        results.append(
            pool(
                estimates[members],
                variances[members],
                tau_squared=tau_squared,
                interval=interval,
                prediction=prediction,
                level=level,
                labels=None if names is None else [names[row] for row in members],
            )
        )
    df = len(groups) - 1
    if interval == "wald":
        q = _q_between(results)
        return SubgroupResult(groups, tuple(results), False, q, df, None, chi_squared_tail(q, df))
    if (untested := _too_few_rows(len(code), len(groups))) is not None:
        return SubgroupResult(groups, tuple(results), False, math.nan, df, None, math.nan, untested)
    test = _regress_on_groups(rows, code, groups, (tau_squared, "hksj", None, level)).moderator_test
    assert test is not None  # two subgroups or more have a difference to test
    return SubgroupResult(
        groups, tuple(results), False, test.statistic, test.df, test.residual_df, test.p_value
    )


def _too_few_rows(row_count: int, group_count: int) -> str | None:
    """Say why F has too few rows; None where it has enough."""
    if row_count >= max(FEWEST_ROWS_FOR_TEST, group_count + 1):
        return None
    return f"{row_count} rows in {group_count} subgroups are too few"


def _q_between(results: list[PooledResult]) -> float:
    estimate = np.array([result.estimate for result in results])
    error = np.array([result.standard_error for result in results])
    w = 1 / error**2
    shifted = estimate - estimate[0]
    return float(w @ (shifted - float(w @ shifted) / float(w.sum())) ** 2)


def _pool_together(
    rows: tuple[Array, Array, tuple[str, ...] | None],
    code: NDArray[np.intp],
    groups: tuple[Hashable, ...],
    choices: tuple[str, str, str | None, float],
) -> SubgroupResult:
    """Fit one between-study variance to all subgroups, by meta-regression."""
    interval = choices[1]
    row_count, count = len(code), len(groups)
    if row_count <= count:
        raise InvalidDataError(
            f"{row_count} rows in {count} subgroups leave nothing to estimate a common variance from"
        )
    fit = _regress_on_groups(rows, code, groups, choices)
    test = fit.moderator_test
    assert test is not None  # two subgroups or more have a difference to test
    w = 1 / (fit.v + fit.tau_squared)
    mean = fit.estimate + np.where(np.arange(count) > 0, fit.estimate[0], 0.0)
    q_ratio = float(w @ (fit.y - mean[code]) ** 2) / fit.residual_df
    results = tuple(
        _one_subgroup(
            rows, np.flatnonzero(code == number), (fit.tau_squared, q_ratio, fit.residual_df), choices
        )
        for number in range(count)
    )
    untested = None if interval == "wald" else _too_few_rows(row_count, count)
    if untested is not None:
        return SubgroupResult(groups, results, True, math.nan, test.df, None, math.nan, untested)
    return SubgroupResult(groups, results, True, test.statistic, test.df, test.residual_df, test.p_value)


def _regress_on_groups(
    rows: tuple[Array, Array, tuple[str, ...] | None],
    code: NDArray[np.intp],
    groups: tuple[Hashable, ...],
    choices: tuple[str, str, str | None, float],
) -> RegressionResult:
    """Regress the effects on the subgroup, with one between-study variance."""
    tau_squared, interval, _, level = choices
    matrix = np.column_stack((np.ones(len(code)), code[:, None] == np.arange(1, len(groups))))
    columns = ("intercept", *(f"group: {name}" for name in groups[1:]))
    return regress_on_design(
        rows,
        Design(matrix.astype(np.float64), columns, (), True),
        tau_squared=tau_squared,
        interval=interval,
        level=level,
    )


def _one_subgroup(
    rows: tuple[Array, Array, tuple[str, ...] | None],
    members: NDArray[np.intp],
    shared: tuple[float, float, int],
    choices: tuple[str, str, str | None, float],
) -> PooledResult:
    """Pool one subgroup at the between-study variance shared by all, with their degrees of freedom."""
    tau_squared, q_ratio, df = shared
    method, interval, asked, level = choices
    y, v = rows[0][members], rows[1][members]
    names = None if rows[2] is None else tuple(rows[2][row] for row in members)
    effects = ScaledEffects(y, v, names)
    sums = effects.at(tau_squared / effects.unit**2)
    estimate = effects.origin + effects.unit * sums.mean
    ci = confidence_interval(interval, estimate, effects.unit / sums.total_weight**0.5, q_ratio, df, level)
    common = method == "common"
    # The degrees of freedom are those of all subgroups together: as if of df + 1 rows.
    prediction = resolve_prediction(asked, interval, df + 1, common=common)
    error = float(np.hypot(tau_squared**0.5, ci.standard_error))
    limits = prediction_interval(prediction, estimate, error, df + 1, level)
    spread = Heterogeneity(0.0, 1.0, 0.0, 1.0)
    if len(y) > 1:
        at_zero = effects.at(0.0)
        spread = compute_heterogeneity(at_zero, tau_squared / effects.unit**2, len(y), common=common)
    weights = 1 / (v + tau_squared)
    weights /= weights.sum()
    for array in (y, v, weights):
        array.flags.writeable = False
    return PooledResult(
        estimate=estimate,
        standard_error=ci.standard_error,
        ci_lower=ci.lower,
        ci_upper=ci.upper,
        p_value=ci.p_value,
        tau_squared=tau_squared,
        i_squared=spread.i_squared,
        h_squared=spread.h_squared,
        q_statistic=spread.q_statistic,
        q_p_value=spread.q_p_value,
        prediction_lower=limits[0],
        prediction_upper=limits[1],
        row_count=len(y),
        weights=weights,
        method=method,
        interval=interval,
        level=level,
        y=y,
        v=v,
        labels=names,
        prediction=prediction,
    )
