"""One pooled estimate from effects that share patients: generalised least squares, common-effect model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.arithmetic.distributions import chi_squared_tail
from evisynth.errors import InvalidDataError
from evisynth.synthesis.intervals import confidence_interval
from evisynth.synthesis.notebook import short_repr
from evisynth.synthesis.overlap_covariance import checked_covariance
from evisynth.synthesis.validation import checked_effects, checked_level, checked_name, row_name

# A weight this far below zero is meant; nearer to it lies rounding, where r is just smaller SE / larger SE.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class GeneralisedResult:
    """A common effect pooled from correlated rows, on the analysis scale, with a Wald interval.

    ``weights`` sum to 1 in the order of ``y``; ``negative_weights`` are the rows, counted from 0, that pull
    the estimate away from themselves. ``q_statistic`` tests that all rows estimate one effect.
    """

    estimate: float
    standard_error: float
    ci_lower: float
    ci_upper: float
    p_value: float
    q_statistic: float
    q_p_value: float
    row_count: int
    weights: NDArray[np.float64]
    negative_weights: tuple[int, ...]
    level: float
    y: NDArray[np.float64]
    covariance: NDArray[np.float64]
    labels: tuple[str, ...] | None = None

    __repr__ = short_repr


def pool_correlated(
    y: ArrayLike,
    covariance: ArrayLike,
    *,
    negative_weights: Literal["refuse", "allow"] = "refuse",
    level: float = 0.95,
    labels: Sequence[str] | None = None,
) -> GeneralisedResult:
    r"""Pool correlated effects by generalised least squares.

    .. math::
        \hat\mu = \frac{1'V^{-1}y}{1'V^{-1}1}, \qquad SE = \frac{1}{\sqrt{1'V^{-1}1}}, \qquad
        Q = (y - \hat\mu 1)'V^{-1}(y - \hat\mu 1)

    Of two rows, the less precise one has a negative weight when their correlation exceeds the smaller
    standard error divided by the larger: it then says more about the error of the other row than about the
    effect. That rests entirely on the assumed overlap, and is refused unless asked for.

    Parameters
    ----------
    y : shape (k,)
        Effect estimates on the analysis scale.
    covariance : shape (k, k)
        Their sampling covariances, positive definite; see
        :mod:`evisynth.synthesis.overlap_covariance`.
    negative_weights : {"refuse", "allow"}
        Whether rows of negative weight raise an error or are only named in the result.
    level : float
        Of the confidence interval.
    labels : sequence of k names, optional
        How errors name the rows.

    Raises
    ------
    InvalidDataError
        For rows or matrices that no formula can take, and for negative weights where they are refused.

    References
    ----------
    Aitken 1936, Proceedings of the Royal Society of Edinburgh 55:42-48; Lin & Sullivan 2009, American Journal
    of Human Genetics 85:862-872.
    """
    checked_name("rule for negative weights", negative_weights, ("refuse", "allow"))
    matrix = checked_covariance(covariance, labels=labels)
    estimates, variances, names = checked_effects(y, np.diag(matrix), labels)
    level = checked_level(level)
    row_count = len(estimates)
    weights, total, origin = _weights(matrix, variances)
    # Measured from the most precise row, so that a large common value does not cancel.
    shifted = estimates - estimates[origin]
    mean = float(weights @ shifted)
    negative = tuple(int(row) for row in np.flatnonzero(weights < -_ROUNDING))
    if negative and negative_weights == "refuse":
        raise _refusal(negative, weights, names)
    residual = shifted - mean
    q = max(0.0, float(residual @ np.linalg.solve(matrix, residual))) if row_count > 1 else 0.0
    estimate = float(estimates[origin]) + mean
    ci = confidence_interval("wald", estimate, total**-0.5, 1.0, max(row_count - 1, 1), level)
    weights.flags.writeable = False
    return GeneralisedResult(
        estimate=estimate,
        standard_error=ci.standard_error,
        ci_lower=ci.lower,
        ci_upper=ci.upper,
        p_value=ci.p_value,
        q_statistic=q,
        q_p_value=chi_squared_tail(q, row_count - 1) if row_count > 1 else 1.0,
        row_count=row_count,
        weights=weights,
        negative_weights=negative,
        level=level,
        y=estimates,
        covariance=matrix,
        labels=names,
    )


def _weights(
    matrix: NDArray[np.float64], variances: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float, int]:
    """Compute the weights, their sum before scaling, and the most precise row."""
    error = np.sqrt(variances)
    correlation = matrix / error[:, None] / error[None, :]
    raw = np.linalg.solve(correlation, 1 / error) / error
    total = float(raw.sum())
    return raw / total, total, int(variances.argmin())


def _refusal(
    negative: tuple[int, ...], weights: NDArray[np.float64], names: tuple[str, ...] | None
) -> InvalidDataError:
    shown = ", ".join(f"{row_name(row, names)} {float(weights[row]):.4f}" for row in negative)
    return InvalidDataError(
        f"negative weights ({shown}): a correlation exceeds smaller divided by larger standard error, "
        "so that the answer rests on the assumed overlap alone; keep one report of each overlap set, or pass "
        "negative_weights='allow'"
    )
