"""What a meta-regression says of given moderators: the mean effect there, and that of a new setting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evisynth.arithmetic.distributions import normal_quantile, student_t_quantile
from evisynth.errors import InvalidDataError
from evisynth.synthesis.design import Moderators, encode_rows, value_count
from evisynth.synthesis.notebook import short_repr
from evisynth.synthesis.regression import RegressionResult

Array = NDArray[np.float64]


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
