"""Worked examples TV-A (four rows), TV-B (two) and TV-C (three alike): frequentist answers.

Log hazard ratios; made with R 4.2.2, metafor 3.8-1. Six decimals are given, hence the tolerance.
"""

from __future__ import annotations

import numpy as np
import pytest

from evisynth.synthesis import pool, tau_squared_interval

A = (np.array([-0.478036, -0.223144, -0.867501, -0.105361]), np.square([0.2117, 0.3050, 0.4020, 0.1820]))
B = (np.array([-1.384935, -0.292356]), np.square([0.327839, 0.382610]))
C = (np.array([-0.10, -0.12, -0.11]), np.square([0.20, 0.25, 0.30]))
PRINTED = 1e-6


def about(value: float) -> object:
    return pytest.approx(value, abs=PRINTED)


@pytest.mark.parametrize("method", ["common", "ML"])
def test_a_common_effect_and_ml(method: str) -> None:
    result = pool(*A, tau_squared=method, interval="wald")
    assert result.estimate == about(-0.311261)
    assert result.standard_error == about(0.120004)
    assert result.tau_squared == 0
    assert result.q_statistic == pytest.approx(3.89854, abs=5e-6)


def test_a_reml_wald() -> None:
    result = pool(*A, interval="wald")
    assert (result.estimate, result.standard_error) == (about(-0.329271), about(0.140579))
    assert (result.ci_lower, result.ci_upper) == (about(-0.604800), about(-0.053742))
    assert result.tau_squared == about(0.017278)
    assert result.i_squared == about(0.212773)
    assert result.p_value == about(0.0191677)


@pytest.mark.parametrize("interval", ["hksj", "hksj-plain"])
def test_a_reml_hksj(interval: str) -> None:
    result = pool(*A, interval=interval)
    assert (result.estimate, result.standard_error) == (about(-0.329271), about(0.142272))
    assert (result.ci_lower, result.ci_upper) == (about(-0.782043), about(0.123501))
    assert result.p_value == about(0.103615)
    wald = pool(*A, interval="wald").standard_error
    assert (result.standard_error / wald) ** 2 == pytest.approx(1.0242319, abs=5e-7)


@pytest.mark.parametrize(
    ("method", "estimate", "standard_error", "tau_squared"),
    [("DL", -0.330769, 0.142548, 0.019146), ("PM", -0.330960, 0.142802, 0.019390)],
)
def test_a_other_estimators(method: str, estimate: float, standard_error: float, tau_squared: float) -> None:
    result = pool(*A, tau_squared=method, interval="wald")
    assert (result.estimate, result.standard_error) == (about(estimate), about(standard_error))
    assert result.tau_squared == about(tau_squared)


def test_a_sidik_jonkman() -> None:
    assert pool(*A, tau_squared="SJ").tau_squared == about(0.051270)


def test_a_hksj_with_other_estimators() -> None:
    dl, pm = pool(*A, tau_squared="DL"), pool(*A, tau_squared="PM")
    assert (dl.ci_lower, dl.ci_upper) == (about(-0.785038), about(0.123500))
    assert (pm.ci_lower, pm.ci_upper) == (about(-0.785420), about(0.123500))
    plain = pool(*A, tau_squared="PM", interval="hksj-plain")
    # q is 1 by the definition of the estimator
    assert plain.standard_error == pytest.approx(pool(*A, tau_squared="PM", interval="wald").standard_error)


def test_a_q_profile() -> None:
    interval = tau_squared_interval(*A)
    assert interval.lower == 0
    assert interval.upper == about(1.467207)


@pytest.mark.parametrize(
    ("interval", "prediction", "lower", "upper"),
    [
        ("wald", "t", -0.941759, 0.283217),
        ("wald", "hts", -1.157351, 0.498810),
        ("hksj", "t", -0.945705, 0.287163),
        ("hksj", None, -0.945705, 0.287163),
        ("hksj", "hts", -1.162687, 0.504145),
    ],
)
def test_a_prediction(interval: str, prediction: str | None, lower: float, upper: float) -> None:
    result = pool(*A, interval=interval, prediction=prediction)
    assert (result.prediction_lower, result.prediction_upper) == (about(lower), about(upper))


@pytest.mark.parametrize("method", ["REML", "DL", "PM"])
def test_b(method: str) -> None:
    result = pool(*B, tau_squared=method, interval="wald")
    assert (result.estimate, result.standard_error) == (about(-0.856453), about(0.545999))
    assert (result.ci_lower, result.ci_upper) == (about(-1.926592), about(0.213686))
    assert result.tau_squared == about(0.469930)
    assert result.i_squared == about(0.787331)
    assert result.q_statistic == pytest.approx(4.70215, abs=5e-6)
    hksj = pool(*B, tau_squared=method)
    assert (hksj.ci_lower, hksj.ci_upper) == (about(-7.794030), about(6.081125))


@pytest.mark.parametrize("method", ["DL", "HE", "HS", "HSk", "ML", "REML", "EB", "PM", "PMM"])
def test_c(method: str) -> None:
    wald = pool(*C, tau_squared=method, interval="wald")
    assert (wald.estimate, wald.standard_error) == (about(-0.108273), about(0.138527))
    assert (wald.ci_lower, wald.ci_upper) == (about(-0.379781), about(0.163235))
    assert wald.tau_squared == 0
    assert wald.q_statistic == pytest.approx(0.00394, abs=5e-6)
    plain = pool(*C, tau_squared=method, interval="hksj-plain")
    assert plain.standard_error == about(0.006152)
    assert (plain.ci_lower, plain.ci_upper) == (about(-0.134743), about(-0.081803))
    assert plain.p_value == pytest.approx(0.0032, abs=5e-5)
    ad_hoc = pool(*C, tau_squared=method)
    assert (ad_hoc.ci_lower, ad_hoc.ci_upper) == (about(-0.704307), about(0.487761))
