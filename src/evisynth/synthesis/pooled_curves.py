"""One survival curve from many: their rates at several times, which are of the same patients."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.arithmetic import student_t_quantile
from evisynth.errors import ConvergenceError, InvalidDataError
from evisynth.synthesis.correlated_effects import cluster_codes
from evisynth.synthesis.result import short_repr
from evisynth.synthesis.validation import (
    checked_effects,
    checked_level,
    make_arrays_read_only,
    row_name,
)

Array = NDArray[np.float64]

#: Two rates of one curve between which nobody died are one in theory. In print both are rounded, so that
#: they are never taken as closer than this.
CLOSEST_TIMES = 0.99
#: With fewer curves nothing says where a new one would lie.
FEWEST_CURVES_FOR_PREDICTION = 3


@dataclass(frozen=True, slots=True, eq=False)
class CurveResult:
    """A pooled curve, on the scale of log cumulative hazards; arrays of shape (t,) run along ``times``.

    ``tau_squared_shift`` is how much whole curves differ, ``tau_squared_shape`` how much they differ at
    single times besides. ``curve`` and ``time`` number the rows' curves and times from 0; ``curves_at``
    counts the curves at each time. ``covariance`` is that of the estimates, of shape (t, t).
    """

    times: Array
    estimate: Array
    standard_error: Array
    ci_lower: Array
    ci_upper: Array
    prediction_lower: Array | None
    prediction_upper: Array | None
    covariance: Array
    tau_squared_shift: float
    tau_squared_shape: float
    log_likelihood: float
    curve_count: int
    row_count: int
    curves_at: NDArray[np.intp]
    level: float
    y: Array
    v: Array
    curve: NDArray[np.intp]
    time: NDArray[np.intp]
    labels: tuple[str, ...] | None = None

    __repr__ = short_repr

    def __post_init__(self) -> None:
        make_arrays_read_only(self)


def pool_curves(
    y: ArrayLike,
    v: ArrayLike,
    curve: Sequence[Hashable],
    time: ArrayLike,
    *,
    level: float = 0.95,
    labels: Sequence[str] | None = None,
) -> CurveResult:
    r"""Pool survival rates of several curves at several times, by restricted maximum likelihood.

    .. math::
        y_{it} = \log(-\log S_i(t)) = \mu_t + b_i + u_{it} + e_{it}, \qquad b_i \sim N(0, \sigma_1^2), \quad
        u_{it} \sim N(0, \sigma_2^2)

    A curve need not be known at every time: through what it tells at others it helps there too. The errors
    :math:`e_{it}` of one curve are correlated as those of a Kaplan-Meier curve are,

    .. math::
        \mathrm{corr}(e_{is}, e_{it}) = \sqrt{\frac{\mathrm{Var} \log S(s)}{\mathrm{Var} \log S(t)}},
        \quad s < t, \qquad \mathrm{Var} \log S = v \log^2 S

    Intervals take the t distribution with one degree of freedom less than there are curves, predictions of a
    new curve (from three curves on) with two less.

    Parameters
    ----------
    y, v : shape (k,)
        Log cumulative hazards and their sampling variances.
    curve
        For each row the curve that it is of, any value that names it.
    time : shape (k,)
        For each row its time, > 0, in any one unit.
    level : float
        Of all intervals.
    labels : sequence of k names, optional
        How errors name the rows.

    Raises
    ------
    InvalidDataError
        For fewer than two curves, or as many times as rows; for a curve that has two rates at one time, or
        that rises; for whatever no formula can take.
    ConvergenceError
        When the data do not determine the variances.

    References
    ----------
    Arends, Hunink & Stijnen 2008, Statistics in Medicine 27:4381-4396 (multivariate random effects of log
    cumulative hazards); Peto et al 1977 (errors of one curve). Equal to metafor's ``rma.mv`` with the same
    covariance, ``mods = ~ 0 + factor(time)`` and ``random = list(~ 1 | curve, ~ 1 | row)``.
    """
    estimates, variances, names = checked_effects(y, v, labels)
    codes = cluster_codes(curve)
    if len(codes) != len(estimates):
        raise InvalidDataError(f"curve has {len(codes)} values for {len(estimates)} rows; give one a row")
    moments = np.asarray(time, np.float64)
    if moments.shape != estimates.shape or not (np.isfinite(moments).all() and (moments > 0).all()):
        raise InvalidDataError("time needs a number above 0 for every row")
    checked_level(level)
    times, at = np.unique(moments, return_inverse=True)
    at = np.asarray(at, np.intp)
    curve_count = int(codes.max()) + 1
    if curve_count < 2:
        raise InvalidDataError("one curve alone is not pooled: its own rates stand")
    if len(estimates) <= len(times):
        raise InvalidDataError(f"{len(estimates)} rows at {len(times)} times: no time is known of two curves")
    stacked = _Stacked(estimates, variances, codes, at, times, names)
    shift, shape = _most_likely(stacked)
    mean, covariance, height = stacked.fit(shift, shape)
    errors = np.sqrt(np.diag(covariance))
    reach = student_t_quantile(0.5 + level / 2, curve_count - 1) * errors
    further = None
    if curve_count >= FEWEST_CURVES_FOR_PREDICTION:
        spread = np.sqrt(errors**2 + shift + shape)
        further = student_t_quantile(0.5 + level / 2, curve_count - 2) * spread
    return CurveResult(
        times=times,
        estimate=mean,
        standard_error=errors,
        ci_lower=mean - reach,
        ci_upper=mean + reach,
        prediction_lower=None if further is None else mean - further,
        prediction_upper=None if further is None else mean + further,
        covariance=covariance,
        tau_squared_shift=shift,
        tau_squared_shape=shape,
        log_likelihood=height,
        curve_count=curve_count,
        row_count=len(estimates),
        curves_at=np.bincount(at, minlength=len(times)),
        level=float(level),
        y=estimates,
        v=variances,
        curve=codes,
        time=at,
        labels=names,
    )


def correlation_along(y: Array, v: Array) -> Array:
    """Return the correlation matrix of the points of one curve, which stand in the order of time."""
    spread = v * np.exp(2 * y)  # Var log S
    step = np.minimum(np.sqrt(spread[:-1] / spread[1:]), CLOSEST_TIMES)
    along = np.concatenate(([0.0], np.cumsum(np.log(step))))
    correlation: Array = np.exp(-np.abs(along[:, None] - along[None, :]))
    return correlation


class _Stacked:
    """The curves as arrays of shape (m, t), of which ``known`` says where there is a rate."""

    def __init__(
        self,
        y: Array,
        v: Array,
        curve: NDArray[np.intp],
        time: NDArray[np.intp],
        times: Array,
        names: tuple[str, ...] | None,
    ) -> None:
        shape = (int(curve.max()) + 1, len(times))
        self.known = np.zeros(shape, bool)
        for row, place in enumerate(zip(curve.tolist(), time.tolist(), strict=True)):
            if self.known[place]:
                raise InvalidDataError(
                    f"{row_name(row, names)}: its curve has another rate at time {times[place[1]]:g}"
                )
            self.known[place] = True
        self.y = np.zeros(shape)
        self.y[curve, time] = y
        # A time that is not known is a row of the identity, which adds nothing anywhere.
        self.sampling = np.tile(np.eye(len(times)), (shape[0], 1, 1))
        variance = np.ones(shape)
        variance[curve, time] = v
        for one in range(shape[0]):
            places = np.flatnonzero(self.known[one])
            own, spread = self.y[one, places], variance[one, places]
            if (falls := np.flatnonzero(np.diff(own) < 0)).size:
                later = int(np.flatnonzero((curve == one) & (time == places[falls[0] + 1]))[0])
                raise InvalidDataError(
                    f"{row_name(later, names)}: survival at time {times[places[falls[0] + 1]]:g} is above "
                    f"that at time {times[places[falls[0]]]:g}, and a curve cannot rise"
                )
            error = np.sqrt(spread)
            self.sampling[one][np.ix_(places, places)] = correlation_along(own, spread) * np.outer(
                error, error
            )
        self.both = self.known[:, :, None] & self.known[:, None, :]
        self.single = self.both & np.eye(len(times), dtype=bool)
        self.row_count = len(y)
        self.spread = max(float(np.var(y)), float(v.min()))

    def _solved(self, shift: float, shape: float) -> tuple[Array, Array, Array, Array, float]:
        total = self.sampling + shift * self.both + shape * self.single
        weight = np.linalg.inv(total) * self.both
        information = weight.sum(axis=0)
        covariance = np.linalg.inv(information)
        mean = covariance @ np.einsum("mab,mb->a", weight, self.y)
        pull = np.einsum("mab,mb->ma", weight, (self.y - mean) * self.known)
        quadratic = float((pull * (self.y - mean)).sum())
        size = float(np.linalg.slogdet(total)[1].sum() + np.linalg.slogdet(information)[1]) + quadratic
        return weight, covariance, mean, pull, size

    def fit(self, shift: float, shape: float) -> tuple[Array, Array, float]:
        """Return the means, their covariance, and the restricted log-likelihood."""
        _, covariance, mean, _, size = self._solved(shift, shape)
        constant = (self.row_count - len(mean)) * math.log(2 * math.pi)
        return mean, covariance, -0.5 * (constant + size - float(np.log(self.known.sum(axis=0)).sum()))

    def downhill(self, variances: Array) -> tuple[float, Array]:
        """Return minus twice the log-likelihood up to a constant, and its slope along the two variances."""
        weight, covariance, _, pull, size = self._solved(*(variances * self.spread).tolist())
        reach = weight.sum(axis=2)
        of_shift = (
            weight.sum() - np.einsum("ab,ma,mb->", covariance, reach, reach) - (pull.sum(axis=1) ** 2).sum()
        )
        of_shape = (
            np.einsum("maa->", weight)
            - np.einsum("ab,mac,mbc->", covariance, weight, weight)
            - (pull**2).sum()
        )
        return size, np.array([of_shift, of_shape]) * self.spread


def _most_likely(stacked: _Stacked) -> tuple[float, float]:
    """Find the two variances of highest restricted likelihood, from several starts."""
    from scipy.optimize import minimize

    grid = [np.array([one, other]) for one in (0.0, 0.05, 0.5, 2.0) for other in (0.0, 0.05, 0.5, 2.0)]
    starts = sorted(grid, key=lambda start: stacked.downhill(start)[0])[:3]
    found = [
        minimize(
            stacked.downhill,
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=[(0.0, None)] * 2,
            options={"maxiter": 2000, "ftol": 1e-15, "gtol": 1e-9},
        )
        for start in starts
    ]
    best = min(found, key=lambda one: float(one.fun))
    shift, shape = (np.maximum(best.x, 0.0) * stacked.spread).tolist()
    if not (math.isfinite(shift) and math.isfinite(shape)):
        raise ConvergenceError("the pooled curve did not converge: the data do not determine its variances")
    return shift, shape
