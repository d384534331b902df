"""Meta-regression: effects that vary with moderators, with a residual variance between studies.

A fitted regression also says the mean effect at given moderators, and where that of a new setting may lie.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.arithmetic import chi_squared_tail, normal_quantile, student_t_quantile
from evisynth.errors import InvalidDataError
from evisynth.near_names import suggestion_text
from evisynth.synthesis.design import Coding, Design, Moderators, build_design, encode_rows, value_count
from evisynth.synthesis.heterogeneity import compute_heterogeneity
from evisynth.synthesis.intervals import INTERVALS, confidence_interval
from evisynth.synthesis.moderated_effects import MODERATED_ESTIMATORS, Coefficients, ModeratedEffects
from evisynth.synthesis.result import short_repr
from evisynth.synthesis.tau_squared import tau_squared_estimator
from evisynth.synthesis.validation import checked_effects, checked_level, checked_name, make_arrays_read_only
from evisynth.synthesis.weighted_sums import ScaledEffects

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ModeratorTest:
    """A test that several coefficients are all zero.

    ``statistic`` is chi-squared with ``df`` degrees of freedom when ``residual_df`` is None (Wald), else F
    with ``df`` and ``residual_df``.
    """

    statistic: float
    df: int
    residual_df: int | None
    p_value: float
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RegressionResult:
    """Coefficients of a meta-regression on the analysis scale, one entry a column of the design.

    ``q_residual`` (QE) tests that nothing but chance is left; ``moderator_test`` (QM) that all coefficients
    but the intercept are zero, None when there are none. ``r_squared`` is the share (0 to 1) of the variance
    between studies that the moderators explain, None without an intercept, under the common-effect model, or
    with nothing to explain.
    ``i_squared`` and ``h_squared`` are about what is left.
    """

    names: tuple[str, ...]
    estimate: Array
    standard_error: Array
    ci_lower: Array
    ci_upper: Array
    p_value: Array
    covariance: Array
    tau_squared: float
    i_squared: float
    h_squared: float
    r_squared: float | None
    q_residual: float
    q_residual_p_value: float
    moderator_test: ModeratorTest | None
    row_count: int
    residual_df: int
    method: str
    interval: str
    level: float
    y: Array
    v: Array
    design: Array
    codings: tuple[Coding, ...]
    intercept: bool
    labels: tuple[str, ...] | None = None

    __repr__ = short_repr

    def __post_init__(self) -> None:
        make_arrays_read_only(self)


def regress(
    y: ArrayLike,
    v: ArrayLike,
    moderators: Moderators,
    *,
    intercept: bool = True,
    reference: Mapping[str, str] | None = None,
    tau_squared: str = "REML",
    interval: str = "hksj",
    level: float = 0.95,
    labels: Sequence[str] | None = None,
) -> RegressionResult:
    r"""Fit a mixed-effects meta-regression by weighted least squares.

    .. math::
        \hat\beta = (X'WX)^{-1} X'Wy, \qquad \mathrm{cov} = s^2 (X'WX)^{-1}, \qquad
        W = \mathrm{diag}\frac{1}{v_i + \hat\tau^2}

    with :math:`s^2 = 1` (Wald, t), :math:`q = y'Py / (k - p)` (plain HKSJ) or :math:`\max(1, q)` (HKSJ); all
    but Wald take t with k - p degrees of freedom.

    Parameters
    ----------
    y : shape (k,)
        Effect estimates on the analysis scale.
    v : shape (k,)
        Sampling variances of ``y``; all > 0.
    moderators : mapping
        From names to k values each: numbers, or names of categories (treatment coding).
    intercept : bool
        Whether the model has one.
    reference : mapping, optional
        From a categorical moderator to its reference level; without it the first by alphabet.
    tau_squared : str
        Estimator of the residual variance, as for :func:`evisynth.synthesis.pooling.pool`.
    interval : str
        ``"wald"``, ``"t"``, ``"hksj"`` or ``"hksj-plain"``.
    level : float
        Of the confidence intervals.
    labels : sequence of k names, optional
        How errors name the rows.

    Raises
    ------
    InvalidDataError
        Naming the row, moderator or column that cannot be used.
    ConvergenceError
        When an iterative estimator found no answer.

    References
    ----------
    Thompson & Higgins 2002, Statistics in Medicine 21:1559-1573; Knapp & Hartung 2003, Statistics in Medicine
    22:2693-2710; Raudenbush 2009, The Handbook of Research Synthesis, chapter 16 (R squared).
    """
    estimates, variances, names = checked_effects(y, v, labels)
    design = build_design(moderators, len(estimates), intercept=intercept, reference=reference)
    return regress_on_design(
        (estimates, variances, names), design, tau_squared=tau_squared, interval=interval, level=level
    )


def regress_on_design(
    rows: tuple[Array, Array, tuple[str, ...] | None],
    design: Design,
    *,
    tau_squared: str,
    interval: str,
    level: float,
) -> RegressionResult:
    """Fit a meta-regression to checked rows (estimates, variances, labels) and a ready design."""
    estimates, variances, labels = rows
    tau_squared_estimator(tau_squared)
    checked_name("interval", interval, INTERVALS)
    level = checked_level(level)
    df = len(estimates) - design.matrix.shape[1]
    effects = ModeratedEffects(estimates, variances, design.matrix, labels)
    scaled = MODERATED_ESTIMATORS[tau_squared](effects)
    fit = effects.coefficients(scaled)
    cis = [
        confidence_interval(interval, float(b), math.sqrt(c), fit.q / df, df, level)
        for b, c in zip(fit.estimate, np.diag(fit.covariance).tolist(), strict=True)
    ]
    # What is left over has k - p degrees of freedom, as a plain synthesis has k - 1.
    left = compute_heterogeneity(effects.at(0.0), scaled, df + 1, common=tau_squared == "common")
    covariance = fit.covariance * _inflation(interval, fit.q / df)
    return RegressionResult(
        names=design.names,
        estimate=fit.estimate,
        standard_error=np.array([ci.standard_error for ci in cis]),
        ci_lower=np.array([ci.lower for ci in cis]),
        ci_upper=np.array([ci.upper for ci in cis]),
        p_value=np.array([ci.p_value for ci in cis]),
        covariance=covariance,
        tau_squared=scaled * effects.unit**2,
        i_squared=left.i_squared,
        h_squared=left.h_squared,
        r_squared=_r_squared(rows, design, tau_squared, scaled * effects.unit**2),
        q_residual=left.q_statistic,
        q_residual_p_value=left.q_p_value,
        moderator_test=_moderator_test(design, Coefficients(fit.estimate, covariance, fit.q), interval, df),
        row_count=len(estimates),
        residual_df=df,
        method=tau_squared,
        interval=interval,
        level=level,
        y=estimates,
        v=variances,
        design=design.matrix,
        codings=design.codings,
        intercept=design.intercept,
        labels=labels,
    )


def assess_moderators(result: RegressionResult, moderators: Sequence[str]) -> ModeratorTest:
    """Test that all coefficients of the named moderators are zero.

    Raises
    ------
    InvalidDataError
        When a moderator is not in the model, or none is named.
    """
    known = {coding.name: coding.columns for coding in result.codings}
    for name in moderators:
        if name not in known:
            raise InvalidDataError(f"unknown moderator '{name}'; {suggestion_text(name, tuple(known))}")
    columns = {column for name in moderators for column in known[name]}
    index = [position for position, name in enumerate(result.names) if name in columns]
    if not index:
        raise InvalidDataError("name at least one moderator to test")
    fit = Coefficients(result.estimate, result.covariance, math.nan)
    return _wald_test(result.names, fit, index, None if result.interval == "wald" else result.residual_df)


def _inflation(interval: str, q: float) -> float:
    if interval == "hksj":
        return max(1.0, q)
    return q if interval == "hksj-plain" else 1.0


def _moderator_test(design: Design, fit: Coefficients, interval: str, df: int) -> ModeratorTest | None:
    index = list(range(int(design.intercept), len(design.names)))
    if not index:
        return None
    return _wald_test(design.names, fit, index, None if interval == "wald" else df)


def _wald_test(
    names: tuple[str, ...], fit: Coefficients, index: list[int], residual_df: int | None
) -> ModeratorTest:
    beta, covariance = fit.estimate[index], fit.covariance[np.ix_(index, index)]
    # Coefficients may have units orders of magnitude apart.
    error = np.sqrt(np.diag(covariance))
    columns = tuple(names[position] for position in index)
    if not (error > 0).all():
        # Plain HKSJ without any residual: nothing but zero agrees with it.
        p_value = 1.0 if not beta.any() else 0.0
        return ModeratorTest(0.0 if p_value else math.inf, len(index), residual_df, p_value, columns)
    z = beta / error
    statistic = float(z @ np.linalg.solve(covariance / np.outer(error, error), z))
    if residual_df is None:
        return ModeratorTest(statistic, len(index), None, chi_squared_tail(statistic, len(index)), columns)
    from scipy.special import fdtrc

    statistic /= len(index)
    p_value = float(fdtrc(len(index), residual_df, statistic))
    return ModeratorTest(statistic, len(index), residual_df, p_value, columns)


def _r_squared(
    rows: tuple[Array, Array, tuple[str, ...] | None], design: Design, method: str, residual: float
) -> float | None:
    """Compare the residual variance with that of the model without moderators, by the same estimator."""
    if not design.intercept or method == "common" or not design.codings:
        return None
    effects = ScaledEffects(*rows)
    total = tau_squared_estimator(method)(effects) * effects.unit**2
    return max(0.0, 1 - residual / total) if total > 0 else None


@dataclass(frozen=True, slots=True, eq=False)
class RegressionPrediction:
    """Predicted effects on the analysis scale, one entry a row asked for.

    Confidence limits are for the mean effect at these values; prediction limits for the true effect of one
    new setting there, None in the common-effect model.
    """

    estimate: Array
    standard_error: Array
    ci_lower: Array
    ci_upper: Array
    prediction_lower: Array | None
    prediction_upper: Array | None
    level: float

    __repr__ = short_repr


def predict_regression(
    result: RegressionResult, moderators: Moderators | None = None
) -> RegressionPrediction:
    r"""Predict effects at given values of the moderators.

    .. math::
        x'\hat\beta \pm c \sqrt{x' \mathrm{cov}\, x}, \qquad
        x'\hat\beta \pm c \sqrt{x' \mathrm{cov}\, x + \hat\tau^2}

    with the quantile of the result's own intervals: normal for Wald, else t with k - p degrees of freedom.

    Parameters
    ----------
    result : RegressionResult
        The fitted model.
    moderators : mapping, optional
        From each moderator of the model to the values asked for; None gives the rows that were fitted.

    Raises
    ------
    InvalidDataError
        For a moderator that is missing or unknown, or a level that was not fitted.
    """
    rows = result.design
    if moderators is not None:
        lengths = {value_count(name, values) for name, values in moderators.items()}
        if len(lengths) != 1:
            raise InvalidDataError("give every moderator of the model the same number of values")
        rows = encode_rows(result.codings, moderators, lengths.pop(), intercept=result.intercept)
    estimate = rows @ result.estimate
    variance = np.maximum(np.einsum("ij,jk,ik->i", rows, result.covariance, rows), 0.0)
    probability = 0.5 + result.level / 2
    if result.interval == "wald":
        quantile = normal_quantile(probability)
    else:
        quantile = student_t_quantile(probability, result.residual_df)
    half_width = quantile * np.sqrt(variance)
    reach = None if result.method == "common" else quantile * np.sqrt(variance + result.tau_squared)
    return RegressionPrediction(
        estimate=estimate,
        standard_error=np.sqrt(variance),
        ci_lower=estimate - half_width,
        ci_upper=estimate + half_width,
        prediction_lower=None if reach is None else estimate - reach,
        prediction_upper=None if reach is None else estimate + reach,
        level=result.level,
    )


def coding_columns(result: RegressionResult, coding: Coding) -> Array:
    """Return the columns of a moderator in the design."""
    columns: Array = result.design[:, [result.names.index(name) for name in coding.columns]]
    return columns


def settings_along(
    result: RegressionResult, moderator: str, values: Sequence[float] | Sequence[str]
) -> dict[str, Sequence[float] | Sequence[str]]:
    """Give values of one moderator, the others held at their mean or reference level, for prediction."""
    settings: dict[str, Sequence[float] | Sequence[str]] = {}
    for other in result.codings:
        if other.name == moderator:
            settings[other.name] = values
        elif other.levels is None:
            settings[other.name] = [float(coding_columns(result, other).mean())] * len(values)
        else:
            settings[other.name] = [other.levels[0]] * len(values)
    return settings
