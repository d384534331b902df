"""Thousands of syntheses side by side: one column a synthesis, so that every sum runs over rows.

Columns of one batch have about the same number of rows; shorter ones are filled up with rows of infinite
variance, whose weight is exactly zero. Otherwise this is what
:class:`evisynth.synthesis.weighted_sums.ScaledEffects` is for one, with the most precise row first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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
