"""PET-PEESE: the effect at perfect precision, by regression on the standard error or the variance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evisynth.errors import InvalidDataError
from evisynth.synthesis.egger import precision_design, refuse_without_scatter
from evisynth.synthesis.few_rows import refuse_few_rows
from evisynth.synthesis.regression import RegressionResult, regress_on_design
from evisynth.synthesis.validation import checked_effects, checked_level


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
