from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from evisynth.errors import InvalidDataError
from evisynth.synthesis import pool, share_beyond

Y, V = np.array([-0.478036, -0.223144, -0.867501, -0.105361]), np.square([0.2117, 0.3050, 0.4020, 0.1820])


@pytest.mark.parametrize(
    ("interval", "prediction", "df"),
    [
        ("wald", None, math.inf),
        ("t", None, 3),
        ("hksj", None, 3),
        ("hksj-plain", None, 3),
        ("hksj", "hts", 2),
        ("wald", "t", 3),
        ("hksj", "normal", math.inf),
    ],
)
def test_limits_and_shares_come_from_one_distribution(
    interval: str, prediction: str | None, df: float
) -> None:
    result = pool(Y, V, interval=interval, prediction=prediction)
    error = math.sqrt(result.tau_squared + result.standard_error**2)
    quantile = special.ndtri(0.975) if math.isinf(df) else special.stdtrit(df, 0.975)
    assert result.prediction_upper == pytest.approx(result.estimate + quantile * error, rel=1e-12)
    assert result.prediction_lower is not None
    assert share_beyond(result, result.prediction_lower, side="below") == pytest.approx(0.025, rel=1e-11)
    above = share_beyond(result, 0.0)
    z = -result.estimate / error
    assert above == pytest.approx(special.ndtr(-z) if math.isinf(df) else special.stdtr(df, -z), rel=1e-11)
    assert above + share_beyond(result, 0.0, side="below") == pytest.approx(1, abs=1e-15)


def test_predictions_that_do_not_exist() -> None:
    for result in (
        pool(Y, V, tau_squared="common"),
        pool(Y, V, prediction="none"),
        pool(Y[:1], V[:1], prediction="t"),
        pool(Y[:2], V[:2]),
        pool(Y[:2], V[:2], prediction="hts"),
    ):
        assert (result.prediction, result.prediction_lower, result.prediction_upper) == ("none", None, None)
        with pytest.raises(InvalidDataError, match="no predictive distribution"):
            share_beyond(result, 0.0)


def test_two_rows_have_a_prediction_only_when_asked_for_by_name() -> None:
    result = pool(Y[:2], V[:2], prediction="t")
    error = math.sqrt(result.tau_squared + result.standard_error**2)
    assert result.prediction_upper == pytest.approx(
        result.estimate + math.tan(0.475 * math.pi) * error, rel=1e-13
    )


def test_a_point_prediction_counts_all_or_nothing() -> None:
    result = pool([0.3] * 4, [0.05] * 4, interval="hksj-plain")
    assert (share_beyond(result, 0.2), share_beyond(result, 0.4)) == (1, 0)
    assert (share_beyond(result, 0.2, side="below"), share_beyond(result, 0.4, side="below")) == (0, 1)
    assert (share_beyond(result, 0.3), share_beyond(result, 0.3, side="below")) == (0, 0)


def test_bad_thresholds_are_named() -> None:
    result = pool(Y, V)
    with pytest.raises(InvalidDataError, match="nan"):
        share_beyond(result, math.nan)
    with pytest.raises(InvalidDataError, match="above, below"):
        share_beyond(result, 0.0, side="beside")  # type: ignore[arg-type]
