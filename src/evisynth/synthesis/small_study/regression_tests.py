"""Egger's test for small-study effects, and PET-PEESE, which carry the regression to perfect precision.

With fewer than ten rows such a test says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.errors import InvalidDataError
from evisynth.synthesis.design import Design, build_design
from evisynth.synthesis.regression import RegressionResult, regress_on_design
from evisynth.synthesis.result import short_repr
from evisynth.synthesis.validation import checked_effects, checked_level, checked_name

FEWEST_ROWS = 10


def refuse_few_rows(test: str, row_count: int, *, force: bool, least: int = 3) -> None:
    """Refuse a test below ten rows unless it is forced, and below ``least`` rows always.

    Such tests have little power and a distorted size with few rows: they are more likely to mislead than to
    find anything.

    Raises
    ------
    InvalidDataError
        With the number of rows, the reason and what to do.

    References
    ----------
    Sterne et al 2011, BMJ 343:d4002, doi:10.1136/bmj.d4002.
    """
    if row_count < least:
        raise InvalidDataError(f"{test} needs at least {least} rows; there are {row_count}")
    if row_count < FEWEST_ROWS and not force:
        raise InvalidDataError(
            f"{test} needs at least {FEWEST_ROWS} rows; there are {row_count}. With fewer it has too little "
            "power to tell small-study effects from chance; pass force=True to compute it all the same"
        )


MODELS = ("mixed", "classic")
#: Scatter this small beside the effects themselves is rounding.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class EggerResult:
    """The regression of effects on their standard errors.

    ``slope`` is the change of the effect for one unit of standard error, ``statistic`` its ratio to
    ``slope_standard_error``: normal when ``df`` is None, else t. ``limit_estimate`` is the effect at a
    standard error of zero, with its interval.
    """

    slope: float
    slope_standard_error: float
    statistic: float
    df: int | None
    p_value: float
    limit_estimate: float
    limit_ci_lower: float
    limit_ci_upper: float
    model: str
    fit: RegressionResult

    __repr__ = short_repr


def assess_small_study_effects(
    y: ArrayLike,
    v: ArrayLike,
    *,
    model: Literal["mixed", "classic"] = "mixed",
    tau_squared: str = "REML",
    interval: str = "wald",
    level: float = 0.95,
    labels: Sequence[str] | None = None,
    force: bool = False,
) -> EggerResult:
    r"""Regress the effects on their standard errors (Egger's test).

    .. math::
        y_i = \beta_0 + \beta_1 \sqrt{v_i} + \epsilon_i

    ``"mixed"``: :math:`\mathrm{var}\,\epsilon_i = v_i + \tau^2`, a mixed-effects meta-regression.
    ``"classic"``: :math:`\mathrm{var}\,\epsilon_i = \phi v_i`, least squares with weights 1 / v and t with
    k - 2 degrees of freedom; this is Egger's regression of y / SE on 1 / SE.

    Parameters
    ----------
    y : shape (k,), k >= 10 unless forced
        Effect estimates on the analysis scale.
    v : shape (k,)
        Sampling variances of ``y``; all > 0, and not all equal.
    model : {"mixed", "classic"}
        Additive or multiplicative excess variance.
    tau_squared, interval : str
        Estimator and inference of the mixed model; the classic one has its own.
    level : float
        Of the interval of the limit estimate.
    labels : sequence of k names, optional
        How errors name the rows.
    force : bool
        Compute below ten rows.

    Raises
    ------
    InvalidDataError
        Below ten rows with the reason, for equal standard errors, and for rows that no formula can take.

    References
    ----------
    Egger, Davey Smith, Schneider & Minder 1997, BMJ 315:629-634; Sterne & Egger 2005, in Rothstein, Sutton &
    Borenstein, Publication Bias in Meta-Analysis, chapter 6.
    """
    checked_name("model of Egger's test", model, MODELS)
    level = checked_level(level)
    rows = checked_effects(y, v, labels)
    refuse_few_rows("Egger's test", len(rows[0]), force=force)
    if model == "classic":
        tau_squared, interval = "common", "hksj-plain"
    # The common-effect fit with plain HKSJ errors is weighted least squares with a free residual variance.
    fit = regress_on_design(
        rows,
        precision_design("standard error", np.sqrt(rows[1])),
        tau_squared=tau_squared,
        interval=interval,
        level=level,
    )
    if model == "classic":
        refuse_without_scatter(rows, fit.q_residual)
    slope, error = float(fit.estimate[1]), float(fit.standard_error[1])
    return EggerResult(
        slope=slope,
        slope_standard_error=error,
        statistic=slope / error,
        df=None if interval == "wald" else fit.residual_df,
        p_value=float(fit.p_value[1]),
        limit_estimate=float(fit.estimate[0]),
        limit_ci_lower=float(fit.ci_lower[0]),
        limit_ci_upper=float(fit.ci_upper[0]),
        model=model,
        fit=fit,
    )


def refuse_without_scatter(
    rows: tuple[NDArray[np.float64], NDArray[np.float64], tuple[str, ...] | None], q_residual: float
) -> None:
    """Refuse effects on a line: what is left over is rounding, and an error made from it means nothing."""
    if q_residual <= (_ROUNDING**2) * float(np.sum(rows[0] ** 2 / rows[1])):
        raise InvalidDataError("the effects lie on a line without any scatter; there is nothing to test")


def precision_design(name: str, values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Design:
    """Build the design of an intercept and one measure of precision.

    Raises
    ------
    InvalidDataError
        When it is the same in all rows.
    """
    if float(np.ptp(values)) <= 1e-8 * float(np.abs(values).max()):
        raise InvalidDataError(f"the {name} is the same in all rows, so that no effect of it can be seen")
    return build_design({name: values}, len(values))


@dataclass(frozen=True, slots=True)
class PrecisionLimit:
    """The effect where the standard error is zero (the intercept), with t interval and two-sided p-value."""

    estimate: float
    standard_error: float
    ci_lower: float
    ci_upper: float
    p_value: float
    df: int


@dataclass(frozen=True, slots=True)
class PetPeeseResult:
    """Both regressions, and the one that the conditional rule chooses (``"PET"`` or ``"PEESE"``)."""

    pet: PrecisionLimit
    peese: PrecisionLimit
    chosen: str
    threshold: float
    level: float


def fit_pet_peese(
    y: ArrayLike,
    v: ArrayLike,
    *,
    threshold: float = 0.10,
    level: float = 0.95,
    labels: Sequence[str] | None = None,
    force: bool = False,
) -> PetPeeseResult:
    r"""Estimate the effect at perfect precision.

    .. math::
        \text{PET: } y_i = \beta_0 + \beta_1 \sqrt{v_i} + \epsilon_i, \qquad
        \text{PEESE: } y_i = \beta_0 + \beta_1 v_i + \epsilon_i, \qquad
        \mathrm{var}\,\epsilon_i = \phi v_i

    PEESE is chosen when PET's intercept differs from zero, PET otherwise: PET is biased towards zero where
    there is an effect, PEESE away from zero where there is none.

    Parameters
    ----------
    y : shape (k,), k >= 10 unless forced
        Effect estimates on the analysis scale.
    v : shape (k,)
        Sampling variances of ``y``; all > 0, and not all equal.
    threshold : float
        Two-sided p-value of PET's intercept below which PEESE is chosen; 0.10 is a one-sided test at 5 %.
    level : float
        Of the confidence intervals.
    labels : sequence of k names, optional
        How errors name the rows.
    force : bool
        Compute below ten rows.

    Raises
    ------
    InvalidDataError
        Below ten rows with the reason, for equal standard errors, and for rows that no formula can take.

    References
    ----------
    Stanley & Doucouliagos 2014, Research Synthesis Methods 5:60-78, doi:10.1002/jrsm.1095.
    """
    level = checked_level(level)
    if not 0 < threshold < 1:
        raise InvalidDataError(f"threshold must lie between 0 and 1, not {threshold!r}")
    rows = checked_effects(y, v, labels)
    refuse_few_rows("PET-PEESE", len(rows[0]), force=force)
    measures = (("standard error", np.sqrt(rows[1])), ("sampling variance", rows[1]))
    fits = [
        regress_on_design(
            rows, precision_design(name, values), tau_squared="common", interval="hksj-plain", level=level
        )
        for name, values in measures
    ]
    for fit in fits:
        refuse_without_scatter(rows, fit.q_residual)
    pet, peese = map(_limit, fits)
    return PetPeeseResult(pet, peese, "PEESE" if pet.p_value < threshold else "PET", threshold, level)


def _limit(fit: RegressionResult) -> PrecisionLimit:
    return PrecisionLimit(
        estimate=float(fit.estimate[0]),
        standard_error=float(fit.standard_error[0]),
        ci_lower=float(fit.ci_lower[0]),
        ci_upper=float(fit.ci_upper[0]),
        p_value=float(fit.p_value[0]),
        df=fit.residual_df,
    )
