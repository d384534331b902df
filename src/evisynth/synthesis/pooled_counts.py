"""Rows pooled from their counts: by the binomial-normal model, Mantel and Haenszel, or Peto.

Counts enter as they are: a row of nobody or of everybody, or with an empty cell, counts by its patients, and
half a patient is added nowhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from evisynth.arithmetic import (
    chi_squared_tail,
    normal_quantile,
    student_t_quantile,
    student_t_two_sided,
    two_sided_p_from_z,
)
from evisynth.errors import InvalidDataError
from evisynth.measures import measure_named
from evisynth.synthesis.binomial_normal_model import ExactLimit, pool_binomial_normal
from evisynth.synthesis.common_effect_of_counts import pool_mantel_haenszel, pool_peto
from evisynth.synthesis.result import PooledResult

Array = NDArray[np.float64]
CountMethod = Literal["binomial-normal", "mantel-haenszel", "peto"]
#: Below five expected events, or patients without one, in a row its logit is far from normal.
FEWEST_EXPECTED = 5.0


@dataclass(frozen=True, slots=True, eq=False, repr=False, kw_only=True)
class CountsResult(PooledResult):
    """A result pooled from counts, with a row of ``tables`` for each row that was pooled.

    A row is events and patients of a single arm, or of the first arm and then of the second. ``y`` and ``v``
    are NaN where a row has no effect of its own. Weights of the binomial-normal model are the shares of what
    rows tell of the mean, 1 / (tau² + 1 / (n p (1 - p))) at the pooled p. Q of Mantel-Haenszel is of the rows
    without an empty cell, ``q_row_count``; that of the binomial-normal model is the likelihood-ratio
    statistic, and I² the share of tau² beside the typical sampling variance, as in metafor.
    """

    tables: Array
    q_row_count: int


def few_events(events: Sequence[int], n: Sequence[int]) -> bool:
    """Whether proportions call for the binomial-normal model: a row of none or all, or few expected.

    Expected are events, and patients without one, at the proportion of all rows together.
    """
    x, size = np.array(events, dtype=np.float64), np.array(n, dtype=np.float64)
    share = float(x.sum() / size.sum())
    least = float(size.min()) * min(share, 1 - share)
    return bool(np.any((x == 0) | (x == size))) or least < FEWEST_EXPECTED


def pool_counts(
    method: CountMethod,
    tables: Sequence[Sequence[int]],
    effect_measure: str,
    *,
    one_study: bool = False,
    interval: str = "wald",
    level: float = 0.95,
    labels: tuple[str, ...] | None = None,
) -> CountsResult:
    """Pool counts by a named method.

    Parameters
    ----------
    method
        Of proportions the binomial-normal model; Mantel-Haenszel of OR, RR or RD; Peto of the odds ratio.
    tables : shape (k, 2) or (k, 4)
        Events and patients of one arm, or of the first arm and then of the second.
    effect_measure
        The id of the measure.
    one_study
        Whether rows are strata of one study, which have no variance between studies.
    interval
        ``"t"`` has k - 1 degrees of freedom (binomial-normal model); else Wald's.
    level, labels
        As for :func:`evisynth.synthesis.pool`.

    Raises
    ------
    InvalidDataError
        Saying why counts give no estimate: no event in any row, or in any row that compares.
    """
    if method not in get_args(CountMethod):
        raise InvalidDataError(f"unknown method for counts: {method!r}")
    counts = np.array(tables, dtype=np.float64)
    if method == "binomial-normal":
        found = _binomial_normal(counts, one_study, interval, level)
    else:
        found = _common_effect(method, counts, effect_measure, level)
    return replace(found, effect_measure=effect_measure, labels=labels)


def _binomial_normal(counts: Array, one_study: bool, interval: str, level: float) -> CountsResult:
    x, n = counts.T
    fit = pool_binomial_normal(x, n, level=level, common=one_study)
    if isinstance(fit, ExactLimit):
        side = "at most" if fit.side == "upper" else "at least"
        raise InvalidDataError(
            f"{fit.events} of {fit.n} patients in all rows together had the event: only a limit can be "
            f"given, {side} {100 * fit.limit:.3g}% (exact, {100 * level:g}%)"
        )
    share = 1 / (1 + math.exp(-fit.estimate))
    told = 1 / (fit.tau_squared + 1 / (n * share * (1 - share)))
    half = np.where((x == 0) | (x == n), 0.5, 0.0)
    v = 1 / (x + half) + 1 / (n - x + half)
    typical = _typical_variance(v)
    by_t = interval == "t" and len(n) > 1 and not one_study
    reach = student_t_quantile(0.5 + level / 2, len(n) - 1) if by_t else normal_quantile(0.5 + level / 2)
    whole = half == 0
    with np.errstate(divide="ignore"):
        y = np.where(whole, np.log(x) - np.log(n - x), np.nan)
    return _result(
        fit.estimate,
        fit.standard_error,
        reach,
        method="binomial-normal",
        interval="t" if by_t else "wald",
        level=level,
        tau_squared=fit.tau_squared,
        i_squared=fit.tau_squared / (fit.tau_squared + typical) if typical else 0.0,
        q=(fit.heterogeneity_statistic, fit.heterogeneity_p_value, len(n)),
        prediction=None if one_study else (fit.prediction_lower, fit.prediction_upper),
        weights=told / told.sum(),
        effects=(y, np.where(whole, v, np.nan)),
        tables=counts,
    )


def _typical_variance(v: Array) -> float:
    """Return the sampling variance that stands for all in I² (Higgins & Thompson 2002); 0 for one row."""
    w = 1 / v
    spread = float(w.sum() - (w**2).sum() / w.sum())
    return (len(v) - 1) / spread if len(v) > 1 else 0.0


def _common_effect(method: str, counts: Array, effect_measure: str, level: float) -> CountsResult:
    a, n1, c, n2 = counts.T
    code = measure_named(effect_measure).code or ""
    arms = {"events1": a, "n1": n1, "events2": c, "n2": n2}
    if method == "peto":
        found = pool_peto(**arms, level=level)
    else:
        found = pool_mantel_haenszel(code, **arms, level=level)
    y, v = _effects(code, *counts.T)
    if method == "peto":
        q, informative, weights = _peto_spread(*counts.T)
    else:
        weights = {"OR": (n1 - a) * c, "RR": c * n1, "RD": n1 * n2}[code] / (n1 + n2)
        informative = np.isfinite(y)
        q = float(((y - found.estimate) ** 2 / v)[informative].sum())
    df = int(informative.sum()) - 1
    return _result(
        found.estimate,
        found.standard_error,
        normal_quantile(0.5 + level / 2),
        method=method,
        interval="wald",
        level=level,
        tau_squared=0.0,
        i_squared=max(0.0, (q - df) / q) if q > 0 and df > 0 else 0.0,
        q=(q, chi_squared_tail(q, df) if df > 0 else 1.0, df + 1),
        prediction=None,
        weights=weights / weights.sum(),
        effects=(y, v),
        tables=counts,
    )


def _effects(code: str, a: Array, n1: Array, c: Array, n2: Array) -> tuple[Array, Array]:
    """Return the effect of each row and its variance; NaN where a cell is empty."""
    b, d = n1 - a, n2 - c
    whole = (a > 0) & (b > 0) & (c > 0) & (d > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        if code == "RD":
            v = a * b / n1**3 + c * d / n2**3
            return _where_known(a / n1 - c / n2, v, v > 0)
        if code == "RR":
            return _where_known(np.log(a / n1) - np.log(c / n2), 1 / a - 1 / n1 + 1 / c - 1 / n2, whole)
        return _where_known(np.log(a / b) - np.log(c / d), 1 / a + 1 / b + 1 / c + 1 / d, whole)


def _where_known(y: Array, v: Array, known: NDArray[np.bool_]) -> tuple[Array, Array]:
    return np.where(known, y, np.nan), np.where(known, v, np.nan)


def _peto_spread(a: Array, n1: Array, c: Array, n2: Array) -> tuple[float, NDArray[np.bool_], Array]:
    """Return Q by observed less expected events, the rows that tell anything, and their weights."""
    total, events = n1 + n2, a + c
    v = n1 * n2 * events * (total - events) / (total**2 * (total - 1))
    o = a - events * n1 / total
    informative = v > 0
    q = float((o[informative] ** 2 / v[informative]).sum() - o.sum() ** 2 / v.sum())
    return max(q, 0.0), informative, v


def _result(
    estimate: float,
    error: float,
    reach: float,
    *,
    q: tuple[float, float, int],
    prediction: tuple[float, float] | None,
    effects: tuple[Array, Array],
    i_squared: float,
    tables: Array,
    weights: Array,
    **named: float | str,
) -> CountsResult:
    by_t = named["interval"] == "t"
    z = estimate / error
    p_value = student_t_two_sided(z, len(tables) - 1) if by_t else two_sided_p_from_z(z)
    for array in (*effects, tables, weights):
        array.flags.writeable = False
    lower, upper = prediction or (None, None)
    return CountsResult(
        estimate=estimate,
        standard_error=error,
        ci_lower=estimate - reach * error,
        ci_upper=estimate + reach * error,
        p_value=p_value,
        i_squared=i_squared,
        h_squared=1 / (1 - i_squared) if i_squared < 1 else math.inf,
        q_statistic=q[0],
        q_p_value=q[1],
        q_row_count=q[2],
        prediction_lower=lower,
        prediction_upper=upper,
        prediction="none" if prediction is None else "normal",
        row_count=len(tables),
        weights=weights,
        y=effects[0],
        v=effects[1],
        tables=tables,
        **named,  # type: ignore[arg-type]
    )
