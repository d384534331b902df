"""Trim and fill: how the pooled estimate moves when what a lopsided funnel lacks is filled in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.errors import ConvergenceError, InvalidDataError
from evisynth.synthesis.intervals import INTERVALS
from evisynth.synthesis.pooling import pool
from evisynth.synthesis.regression import regress_on_design
from evisynth.synthesis.result import PooledResult, short_repr
from evisynth.synthesis.small_study.regression_tests import precision_design, refuse_few_rows
from evisynth.synthesis.tau_squared import tau_squared_estimator
from evisynth.synthesis.validation import checked_effects, checked_level, checked_name, make_arrays_read_only

Array = NDArray[np.float64]

_MOST_STEPS = 100
# A spread this small beside the effects themselves is rounding.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class TrimAndFillResult:
    """The result with the filled rows, which come last and of which there are ``filled_count``.

    ``side`` is where studies are missing; ``p_value`` (R0 only) tests that none are, and is one half to the
    power of ``filled_count`` + 1. ``filled_y`` and ``filled_v`` are the rows that were filled in.
    """

    filled_count: int
    filled_count_standard_error: float
    side: str
    p_value: float | None
    estimator: str
    result: PooledResult
    filled_y: Array
    filled_v: Array

    __repr__ = short_repr

    def __post_init__(self) -> None:
        make_arrays_read_only(self)


def trim_and_fill(
    y: ArrayLike,
    v: ArrayLike,
    *,
    estimator: Literal["L0", "R0"] = "L0",
    side: Literal["left", "right"] | None = None,
    tau_squared: str = "REML",
    interval: str = "hksj",
    level: float = 0.95,
    labels: Sequence[str] | None = None,
    force: bool = False,
) -> TrimAndFillResult:
    r"""Estimate how many studies are missing on one side of the funnel, and pool with their mirror images.

    .. math::
        L_0 = \frac{4 S - k (k + 1)}{2 k - 1}, \qquad R_0 = \gamma - 1

    S is the sum of the ranks of the distances from the centre on the fuller side; :math:`\gamma` the number
    of largest distances in a row that lie on the fuller side. The most extreme rows of that side are trimmed,
    the centre is estimated again, until the number stands still.

    Parameters
    ----------
    y : shape (k,), k >= 10 unless forced
        Effect estimates on the analysis scale.
    v : shape (k,)
        Sampling variances of ``y``; all > 0.
    estimator : {"L0", "R0"}
        The estimator of the number of missing studies; L0 is the more stable one.
    side : {"left", "right"}, optional
        Where studies are missing; None takes the side opposite to the one small studies lean to (the slope
        of the regression on the standard error).
    tau_squared, interval, level, labels
        As for :func:`evisynth.synthesis.pooling.pool`.
    force : bool
        Compute below ten rows.

    Raises
    ------
    InvalidDataError
        Below ten rows with the reason, and for rows that no formula can take.
    ConvergenceError
        When the number of trimmed rows goes round in circles.

    References
    ----------
    Duval & Tweedie 2000, Journal of the American Statistical Association 95:89-98; Biometrics 56:455-463.
    """
    checked_name("estimator of missing studies", estimator, ("L0", "R0"))
    if side is not None:
        checked_name("side", side, ("left", "right"))
    tau_squared_estimator(tau_squared)
    checked_name("interval", interval, INTERVALS)
    rows = checked_effects(y, v, labels)
    refuse_few_rows("trim and fill", len(rows[0]), force=force)
    if estimator == "R0" and np.ptp(rows[0]) <= _ROUNDING * np.max(np.abs(rows[0])):
        raise InvalidDataError(
            "the effects are all equal: a funnel without spread has no side to lack studies"
        )
    missing_side = side or _lean(rows, tau_squared, checked_level(level))
    # Studies are trimmed on the right; a funnel that lacks studies on the right is turned round first.
    sign = -1.0 if missing_side == "right" else 1.0
    order = np.argsort(sign * rows[0], kind="stable")
    turned, variances = sign * rows[0][order], rows[1][order]
    count, centre, missing = _settle(turned, variances, estimator, tau_squared)
    first = len(turned) - count
    filled_y, filled_v = sign * (2 * centre - turned[first:]), variances[first:].copy()
    result = pool(
        np.concatenate((rows[0], filled_y)),
        np.concatenate((rows[1], filled_v)),
        tau_squared=tau_squared,
        interval=interval,
        level=level,
        labels=_all_labels(rows[2], count),
    )
    return TrimAndFillResult(
        filled_count=count,
        filled_count_standard_error=_count_error(len(turned), missing, estimator),
        side=missing_side,
        p_value=0.5 ** (count + 1) if estimator == "R0" else None,
        estimator=estimator,
        result=result,
        filled_y=filled_y,
        filled_v=filled_v,
    )


def _lean(rows: tuple[Array, Array, tuple[str, ...] | None], tau_squared: str, level: float) -> str:
    design = precision_design("standard error", np.sqrt(rows[1]))
    fit = regress_on_design(rows, design, tau_squared=tau_squared, interval="wald", level=level)
    return "right" if fit.estimate[1] < 0 else "left"


def _settle(y: Array, v: Array, estimator: str, tau_squared: str) -> tuple[int, float, float]:
    """Trim until the number of missing studies stands still; ``y`` rises.

    Returns
    -------
    tuple
        That number, the centre of the rows that are left, and the estimate before it was rounded.
    """
    k = len(y)
    count = 0
    for _ in range(_MOST_STEPS):
        kept = k - count
        centre = pool(y[:kept], v[:kept], tau_squared=tau_squared, interval="wald").estimate
        missing = _missing(_signed_ranks(y - centre), estimator)
        # At least one row must be left to give a centre.
        found = min(max(0, round(missing)), k - 1)
        if found == count:
            return count, centre, missing
        count = found
    raise ConvergenceError(
        f"trim and fill goes round in circles between numbers of missing studies; try estimator="
        f"'{'R0' if estimator == 'L0' else 'L0'}'"
    )


def _signed_ranks(distance: Array) -> Array:
    """Rank the distances by size, ties in the order of the rows, and give each rank its sign."""
    order = np.argsort(np.abs(distance), kind="stable")
    ranks = np.empty(len(distance))
    ranks[order] = np.arange(1, len(distance) + 1)
    return np.sign(distance) * ranks


def _missing(ranks: Array, estimator: str) -> float:
    k = len(ranks)
    if estimator == "R0":
        left = -ranks[ranks < 0]
        # gamma: the largest distances that lie on the right without one on the left between them
        return k - (float(left.max()) if left.size else 0.0) - 1
    return (4 * float(ranks[ranks > 0].sum()) - k * (k + 1)) / (2 * k - 1)


def _count_error(k: int, missing: float, estimator: str) -> float:
    if estimator == "R0":
        return math.sqrt(2 * max(0.0, missing) + 2)
    variance = k * (k + 1) * (2 * k + 1) + 10 * missing**3 + 27 * missing**2 + 17 * missing
    variance += -18 * k * missing**2 - 18 * k * missing + 6 * k**2 * missing
    return 4 * math.sqrt(max(0.0, variance / 24)) / (2 * k - 1)


def _all_labels(labels: tuple[str, ...] | None, count: int) -> list[str] | None:
    if labels is None:
        return None
    return [*labels, *(f"filled {number}" for number in range(1, count + 1))]
