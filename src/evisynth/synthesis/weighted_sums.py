r"""The weighted sums from which every estimator of this package is built, at a trial between-study variance.

With :math:`w_i = 1 / (v_i + \tau^2)`, :math:`W = \mathrm{diag}(w)` and
:math:`P = W - W 1 (1'W1)^{-1} 1'W`, all of them follow in one pass over the rows: :math:`y'Py` (the
generalised Q), its derivatives :math:`y'P^2y` and :math:`y'P^3y`, and the traces of W, P and their squares.
No k x k matrix is formed.

Two choices keep the digits. The rows are shifted so that the most precise study stands at zero, and its
weight is handled apart, because one dominant weight would cancel in sum(w) - sum(w^2) / sum(w). And units
are changed by a power of two, so that a change of scale of the data changes nothing but the exponent.
"""

from __future__ import annotations

import math
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from evisynth.errors import InvalidDataError
from evisynth.synthesis.validation import row_name

# Up to here a loop over floats is quicker than the fixed price of twenty numpy calls.
_LOOP_ROWS = 24
# Third powers of weights times squares of estimates stay far from overflow within these (scaled) limits.
SMALLEST_VARIANCE = 2.0**-200
LARGEST_ESTIMATE = 2.0**160


# A number, or one a synthesis when thousands are fitted together.
Number = TypeVar("Number", float, NDArray[np.float64])


class Sums(NamedTuple, Generic[Number]):
    """The weighted sums at one between-study variance, in scaled units.

    ``mean`` is relative to the most precise study. ``q`` is y'Py, ``ppy`` is y'PPy, ``pppy`` is y'PPPy;
    ``trace_ww`` and ``trace_pp`` are the traces of the squares.
    """

    total_weight: Number
    mean: Number
    q: Number
    ppy: Number
    pppy: Number
    trace_w: Number
    trace_ww: Number
    trace_p: Number
    trace_pp: Number


class ScaledEffects:
    """Estimates and variances of one synthesis in units that suit floating point.

    ``origin`` is the estimate of the most precise study and ``unit`` the unit of the scaled estimates, a
    power of two near the largest standard error: y = origin + unit * scaled, tau^2 = unit^2 * scaled.
    """

    __slots__ = (
        "_at_zero",
        "_rest_v",
        "_rest_v_list",
        "_rest_y",
        "_rest_y_list",
        "origin",
        "row_count",
        "unit",
        "v",
        "v_mean",
        "v_min",
        "y",
    )

    def __init__(
        self, y: NDArray[np.float64], v: NDArray[np.float64], labels: tuple[str, ...] | None = None
    ) -> None:
        self._at_zero: Sums[float] | None = None
        self.row_count = len(y)
        reference = int(v.argmin())
        exponent = (math.frexp(float(v.max()))[1] - 1) // 2
        self.origin = float(y[reference])
        self.unit = math.ldexp(1.0, exponent)
        self.y = np.ldexp(y - self.origin, -exponent)
        self.v = np.ldexp(v, -2 * exponent)
        self.v_min = float(self.v[reference])
        self._check_range(y, v, labels)
        if self.row_count <= _LOOP_ROWS:
            self._rest_y_list, self._rest_v_list = self.y.tolist(), self.v.tolist()
            del self._rest_y_list[reference], self._rest_v_list[reference]
            self.v_mean = math.fsum((self.v_min, *self._rest_v_list)) / self.row_count
        else:
            self._rest_y = np.concatenate((self.y[:reference], self.y[reference + 1 :]))
            self._rest_v = np.concatenate((self.v[:reference], self.v[reference + 1 :]))
            self.v_mean = float(self.v.mean())

    def at(self, tau_squared: float) -> Sums[float]:
        """Compute all sums at a (scaled) between-study variance of at least 0."""
        if self.row_count <= _LOOP_ROWS:
            return _sums_by_loop(self.v_min, self._rest_y_list, self._rest_v_list, tau_squared)
        return _sums_by_array(self.v_min, self._rest_y, self._rest_v, tau_squared)

    def at_zero(self) -> Sums[float]:
        """Compute all sums at no between-study variance, once."""
        if self._at_zero is None:
            self._at_zero = self.at(0.0)
        return self._at_zero

    def sum_of_squares(self) -> float:
        """Compute the sum of squared deviations from the unweighted mean (scaled)."""
        if self.row_count <= _LOOP_ROWS:
            mean = math.fsum(self._rest_y_list) / self.row_count
            return mean * mean + math.fsum([(y - mean) ** 2 for y in self._rest_y_list])
        deviations = self.y - self.y.mean()
        return float(deviations @ deviations)

    def log_likelihood(self, tau_squared: float, *, restricted: bool) -> float:
        """Compute the log-likelihood, up to a constant, profiled over the mean."""
        sums = self.at(tau_squared)
        spread = math.fsum(np.log(self.v + tau_squared).tolist())
        if restricted:
            spread += math.log(sums.total_weight)
        return -0.5 * (spread + sums.q)

    def _check_range(
        self, y: NDArray[np.float64], v: NDArray[np.float64], labels: tuple[str, ...] | None
    ) -> None:
        if self.v_min >= SMALLEST_VARIANCE and np.abs(self.y).max() <= LARGEST_ESTIMATE:
            return
        row = int(v.argmin()) if self.v_min < SMALLEST_VARIANCE else int(np.abs(self.y).argmax())
        raise InvalidDataError(
            f"{row_name(row, labels)}: estimate {float(y[row])!r} with variance {float(v[row])!r} is too far "
            "from the other rows for floating point (60 orders of magnitude); check its unit"
        )


def _sums_by_loop(v_min: float, rest_y: list[float], rest_v: list[float], tau_squared: float) -> Sums[float]:
    w0 = 1 / (v_min + tau_squared)
    weights = [1 / (v + tau_squared) for v in rest_v]
    r1 = sum(weights)
    s1 = w0 + r1
    mean = sum([w * y for w, y in zip(weights, rest_y, strict=True)]) / s1
    p0 = -w0 * mean
    q, ppy = w0 * mean * mean, p0 * p0
    wp = wpp = r2 = r3 = 0.0
    for w, y in zip(weights, rest_y, strict=True):
        residual = y - mean
        p = w * residual
        q += p * residual
        pp = p * p
        ppy += pp
        wp += w * p
        wpp += w * pp
        ww = w * w
        r2 += ww
        r3 += ww * w
    return assemble(w0, p0, mean, (r1, r2, r3), (q, ppy, wp, wpp))


def _sums_by_array(
    v_min: float, rest_y: NDArray[np.float64], rest_v: NDArray[np.float64], tau_squared: float
) -> Sums[float]:
    w0 = 1 / (v_min + tau_squared)
    w = rest_v + tau_squared
    np.reciprocal(w, out=w)
    r1 = float(w.sum())
    mean = float(w @ rest_y) / (w0 + r1)
    p0 = -w0 * mean
    residual = rest_y - mean
    p = w * residual
    q = w0 * mean * mean + float(p @ residual)
    ppy, wp = p0 * p0 + float(p @ p), float(w @ p)
    # arrays are used again: at thousands of rows, memory takes as long as arithmetic
    wpp = float(np.multiply(w, p, out=residual) @ p)
    square = np.multiply(w, w, out=p)
    return assemble(w0, p0, mean, (r1, float(w @ w), float(w @ square)), (q, ppy, wp, wpp))


def assemble(
    w0: Number,
    p0: Number,
    mean: Number,
    powers: tuple[Number, Number, Number],
    squares: tuple[Number, Number, Number, Number],
) -> Sums[Number]:
    """Put the most precise study and the rest together; no difference here can cancel.

    Parameters
    ----------
    w0, p0 : number
        Weight of the most precise study, and its weighted residual.
    mean : number
        The weighted mean of all.
    powers : three numbers
        Sums of w, w^2 and w^3 over the rest.
    squares : four numbers
        Sum of w r^2 and of p^2 over all; sum of w p and of w p^2 over the rest (r residual, p = w r).
    """
    r1, r2, r3 = powers
    q, ppy, wp, wpp = squares
    s1 = w0 + r1
    share, rest_share = w0 / s1, r1 / s1
    ww0 = w0 * w0
    return Sums(
        total_weight=s1,
        mean=mean,
        q=q,
        ppy=ppy,
        pppy=wpp + p0 * p0 * w0 * rest_share - wp * (2 * w0 * p0 + wp) / s1,
        trace_w=s1,
        trace_ww=ww0 + r2,
        trace_p=r1 * (1 + share) - r2 / s1,
        trace_pp=ww0 * rest_share * rest_share + r2 - (2 * r3 - (r2 * r2 + 2 * ww0 * r2) / s1) / s1,
    )
