"""The weighted sums of thousands of syntheses side by side, with the estimates and tests that they give.

One column is a synthesis, so that every sum runs over rows. Columns of one batch have about the same number
of rows; shorter ones are filled up with rows of infinite variance, whose weight is exactly zero. Otherwise
this is what :class:`evisynth.synthesis.weighted_sums.ScaledEffects` is for one, with the most precise row
first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evisynth.arithmetic import normal_quantile, student_t_quantile
from evisynth.synthesis.intervals import resolve_prediction
from evisynth.synthesis.weighted_sums import LARGEST_ESTIMATE, SMALLEST_VARIANCE, Sums, assemble

Floats = NDArray[np.float64]
Columns = NDArray[np.intp]


class ManyEffects:
    """Scaled estimates and variances of n syntheses, as arrays of shape (rows, n)."""

    __slots__ = ("_at_zero", "origin", "rest_v", "rest_y", "row_count", "unit", "v_min")

    def __init__(self, y: Floats, v: Floats, row_count: Floats) -> None:
        self._at_zero: Sums[Floats] | None = None
        column = np.arange(y.shape[1])
        first = v.argmin(axis=0)
        largest = np.where(np.isfinite(v), v, 0.0).max(axis=0)
        exponent = (np.frexp(largest)[1] - 1) // 2
        self.row_count = row_count
        self.origin = y[first, column]
        self.unit = np.ldexp(1.0, exponent)
        v = np.ldexp(v, -2 * exponent)
        y = np.where(np.isfinite(v), np.ldexp(y - self.origin, -exponent), 0.0)
        self.v_min = v[first, column]
        y[first, column], v[first, column] = y[0], v[0]
        self.rest_y, self.rest_v = y[1:], v[1:]

    def out_of_range(self) -> NDArray[np.bool_]:
        """Mark the columns whose rows lie too far apart for floating point."""
        far: NDArray[np.bool_] = self.v_min < SMALLEST_VARIANCE
        if len(self.rest_y):
            far |= np.abs(self.rest_y).max(axis=0) > LARGEST_ESTIMATE
        return far

    def take(self, columns: Columns) -> ManyEffects:
        """Give the same effects for some columns, in the order asked for."""
        taken = object.__new__(ManyEffects)
        taken._at_zero = None
        taken.row_count, taken.origin, taken.unit = (
            self.row_count[columns],
            self.origin[columns],
            self.unit[columns],
        )
        taken.rest_y = np.take(self.rest_y, columns, axis=1)
        taken.rest_v = np.take(self.rest_v, columns, axis=1)
        taken.v_min = self.v_min[columns]
        return taken

    def at(self, tau_squared: Floats | float) -> Sums[Floats]:
        """Compute all sums, each column at its own between-study variance."""
        w0 = 1 / (self.v_min + tau_squared)
        w = self.rest_v + tau_squared
        np.divide(1.0, w, out=w)
        r1 = w.sum(axis=0)
        scratch = w * self.rest_y
        mean = scratch.sum(axis=0) / (w0 + r1)
        residual = self.rest_y - mean
        p = w * residual
        p0 = -w0 * mean
        q = np.multiply(p, residual, out=residual).sum(axis=0) + w0 * mean * mean
        wp = np.multiply(w, p, out=scratch).sum(axis=0)
        wpp = np.multiply(scratch, p, out=scratch).sum(axis=0)
        ppy = np.multiply(p, p, out=p).sum(axis=0) + p0 * p0
        square = np.multiply(w, w, out=p)
        r2 = square.sum(axis=0)
        r3 = np.multiply(square, w, out=square).sum(axis=0)
        return assemble(w0, p0, mean, (r1, r2, r3), (q, ppy, wp, wpp))

    def at_zero(self) -> Sums[Floats]:
        """Compute all sums at no between-study variance, once."""
        if self._at_zero is None:
            self._at_zero = self.at(0.0)
        return self._at_zero

    def present(self) -> NDArray[np.bool_]:
        """Mark the rows that are not filling, first rows left out."""
        return np.isfinite(self.rest_v)

    def mean_variance(self) -> Floats:
        """Compute the unweighted mean of the (scaled) variances."""
        total: Floats = np.where(self.present(), self.rest_v, 0.0).sum(axis=0) + self.v_min
        return total / self.row_count

    def sum_of_squares(self) -> Floats:
        """Compute the sum of squared deviations from the unweighted mean (scaled)."""
        mean = self.rest_y.sum(axis=0) / self.row_count
        deviation = np.where(self.present(), self.rest_y - mean, 0.0)
        total: Floats = (deviation * deviation).sum(axis=0) + mean * mean
        return total

    def log_likelihood(self, tau_squared: Floats, *, restricted: bool) -> Floats:
        """Compute the log-likelihood, up to a constant, profiled over the mean."""
        sums = self.at(tau_squared)
        spread = np.log(self.v_min + tau_squared)
        spread += np.log(np.where(self.present(), self.rest_v + tau_squared, 1.0)).sum(axis=0)
        if restricted:
            spread += np.log(sums.total_weight)
        likelihood: Floats = -0.5 * (spread + sums.q)
        return likelihood


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of every synthesis; names as for ``pool``."""

    tau_squared: str
    interval: str
    prediction: str | None
    level: float


class Inference(NamedTuple):
    """The columns of the answer, one number a synthesis."""

    estimate: Floats
    standard_error: Floats
    ci_lower: Floats
    ci_upper: Floats
    p_value: Floats
    tau_squared: Floats
    i_squared: Floats
    h_squared: Floats
    q_statistic: Floats
    q_p_value: Floats
    prediction_lower: Floats
    prediction_upper: Floats


def infer(effects: ManyEffects, tau_squared: Floats, request: Request) -> Inference:
    """Compute every column, by the formulas of ``heterogeneity``, ``intervals`` and ``prediction``.

    Syntheses of one batch are all single rows, or none is.
    """
    from scipy import special

    k = effects.row_count
    single = bool(k[0] == 1)
    common = request.tau_squared == "common" or single
    interval = "wald" if single else request.interval
    sums, at_zero = effects.at(tau_squared), effects.at_zero()
    estimate = effects.origin + effects.unit * sums.mean
    error = 1 / np.sqrt(sums.total_weight)
    df = np.maximum(k - 1, 1)
    if interval.startswith("hksj"):
        q = sums.q / df
        error *= np.sqrt(q if interval == "hksj-plain" else np.maximum(1.0, q))
    standard_error = effects.unit * error
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(estimate == 0, 0.0, np.abs(estimate) / standard_error)
    if interval == "wald":
        p_value = special.erfc(ratio / np.sqrt(2))
        half_width = normal_quantile(0.5 + request.level / 2) * standard_error
    else:
        p_value = 2 * special.stdtr(df, -ratio)
        half_width = t_quantiles(0.5 + request.level / 2, df) * standard_error
    i_squared, h_squared = _shares(at_zero.q, at_zero.trace_p, tau_squared, df, common=common)
    spread = effects.unit * np.sqrt(tau_squared + error * error)
    reach = _prediction_quantiles(request, interval, k, common=common) * spread
    return Inference(
        estimate=estimate,
        standard_error=standard_error,
        ci_lower=estimate - half_width,
        ci_upper=estimate + half_width,
        p_value=p_value,
        tau_squared=tau_squared * effects.unit * effects.unit,
        i_squared=np.zeros(len(k)) if single else i_squared,
        h_squared=np.ones(len(k)) if single else h_squared,
        q_statistic=at_zero.q,
        q_p_value=np.ones(len(k)) if single else special.chdtrc(df, at_zero.q),
        prediction_lower=estimate - reach,
        prediction_upper=estimate + reach,
    )


def t_quantiles(probability: float, df: Floats) -> Floats:
    """Compute Student's t quantile, once for each number of degrees of freedom."""
    return once_each(lambda count: student_t_quantile(probability, count), df)


def once_each(function: Callable[[float], float], arguments: Floats) -> Floats:
    """Apply a scalar function to an array with few different numbers."""
    if len(arguments) and arguments.min() == arguments.max():
        return np.full(len(arguments), function(float(arguments[0])))
    different, position = np.unique(arguments, return_inverse=True)
    return np.array([function(float(argument)) for argument in different])[position]


def _shares(
    q: Floats, trace_p: Floats, tau_squared: Floats, df: Floats, *, common: bool
) -> tuple[Floats, Floats]:
    if common:
        excess = np.divide(q - df, q, out=np.zeros_like(q), where=q > 0)
        return np.maximum(0.0, excess), q / df
    share = tau_squared * trace_p / df
    return share / (1 + share), 1 + share


def _prediction_quantiles(request: Request, interval: str, k: Floats, *, common: bool) -> Floats:
    """Compute the quantile of each prediction interval; NaN where there is none."""

    def quantile(row_count: float) -> float:
        name = resolve_prediction(request.prediction, interval, int(row_count), common=common)
        probability = 0.5 + request.level / 2
        if name == "none":
            return np.nan
        if name == "normal":
            return normal_quantile(probability)
        return student_t_quantile(probability, row_count - (1 if name == "t" else 2))

    return once_each(quantile, k)
