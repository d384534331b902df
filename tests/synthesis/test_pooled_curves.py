"""Pooled survival curves: metafor's figures, the errors of one curve, and what cannot be a curve."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from evisynth.errors import InvalidDataError
from evisynth.synthesis import CurveResult, correlation_along, pool, pool_curves

FOLDER = Path(__file__).parent.parent / "reference" / "metafor_curves"
SETS: dict[str, Any] = json.loads((FOLDER / "curves.json").read_text())
# metafor's general optimiser is good to 1e-5 where the likelihood is this flat; the height itself to 1e-9.
AGREEMENT = 2e-5


def fit(name: str) -> CurveResult:
    given = SETS[name]
    return pool_curves(given["y"], given["v"], given["curve"], given["time"])


def lower_triangle(matrix: np.ndarray[Any, Any]) -> list[float]:
    """Read a matrix below its diagonal, column by column, as R does."""
    return [float(matrix[i, j]) for j in range(len(matrix)) for i in range(j + 1, len(matrix))]


@pytest.mark.parametrize("name", ["whole", "gaps", "alike", "flat"])
def test_matches_metafor(name: str) -> None:
    result, theirs = fit(name), SETS[name]
    assert result.estimate == pytest.approx(theirs["estimate"], rel=AGREEMENT)
    assert result.standard_error == pytest.approx(theirs["se"], rel=AGREEMENT)
    vb = theirs["vb"] if isinstance(theirs["vb"], list) else [theirs["vb"]]
    assert lower_triangle(result.covariance) == pytest.approx(vb, rel=4 * AGREEMENT)
    ours = [result.tau_squared_shift, result.tau_squared_shape]
    assert ours == pytest.approx(theirs["sigma2"], rel=1e-3, abs=1e-6)
    # Where a variance is 0, metafor stops a little above it, and so a little below the top.
    assert result.log_likelihood == pytest.approx(theirs["logLik"], abs=5e-7)
    assert result.log_likelihood >= theirs["logLik"] - 1e-9


def test_points_of_one_curve_are_correlated_as_kaplan_and_meier_have_it() -> None:
    # 80 patients, 88 % at 5 and 79 % at 10 years; METHODS 1A.7: the correlation is 0.716231.
    survival, n = np.array([0.88, 0.79]), 80
    v = (1 - survival) / (n * survival * np.log(survival) ** 2)
    assert correlation_along(np.log(-np.log(survival)), v)[0, 1] == pytest.approx(0.716231, abs=1e-6)


def test_one_time_alone_is_pooled_as_always() -> None:
    rows = [at for at, time in enumerate(SETS["whole"]["time"]) if time == 60]
    y, v = ([SETS["whole"][key][at] for at in rows] for key in "yv")
    alone = pool_curves(y, v, list("abcde"), [60] * 5)
    usual = pool(y, v, tau_squared="REML", interval="wald")
    assert alone.estimate[0] == pytest.approx(usual.estimate, rel=1e-6)
    assert alone.standard_error[0] == pytest.approx(usual.standard_error, rel=1e-6)
    assert alone.tau_squared_shift + alone.tau_squared_shape == pytest.approx(usual.tau_squared, rel=1e-5)


def test_the_means_are_those_of_generalised_least_squares() -> None:
    result, given = fit("gaps"), SETS["gaps"]
    rows = len(given["y"])
    sampling = np.zeros((rows, rows))
    # R gives the part below the diagonal, column by column.
    sampling.T[np.triu_indices(rows, 1)] = given["V"]
    same = np.equal.outer(given["curve"], given["curve"])
    total = sampling + sampling.T + np.diag(given["v"]) + result.tau_squared_shift * same
    total += result.tau_squared_shape * np.eye(rows)
    design = np.equal.outer(given["time"], result.times).astype(float)
    weight = np.linalg.inv(total)
    covariance = np.linalg.inv(design.T @ weight @ design)
    assert result.covariance == pytest.approx(covariance, rel=1e-9)
    assert result.estimate == pytest.approx(covariance @ design.T @ weight @ given["y"], rel=1e-9)


def test_the_interval_has_one_degree_of_freedom_less_than_curves() -> None:
    result = fit("whole")  # five curves; t(4) at 0.975 is 2.776445
    reach = (result.ci_upper - result.ci_lower) / (2 * result.standard_error)
    assert reach == pytest.approx([2.776445] * 3, abs=1e-6)
    assert result.prediction_lower is not None and (result.prediction_lower < result.ci_lower).all()


@settings(max_examples=5)  # each fits anew
@given(st.permutations(range(13)), st.floats(0.1, 100))
def test_neither_the_order_of_rows_nor_the_unit_of_time_matters(order: list[int], unit: float) -> None:
    given = SETS["gaps"]
    y, v, curve = ([given[key][at] for at in order] for key in ("y", "v", "curve"))
    turned = pool_curves(y, v, curve, [given["time"][at] * unit for at in order])
    assert turned.estimate == pytest.approx(fit("gaps").estimate, abs=1e-6)
    assert turned.standard_error == pytest.approx(fit("gaps").standard_error, abs=1e-6)


def rates(*shares: float, n: int = 50) -> tuple[list[float], list[float]]:
    y = [math.log(-math.log(share)) for share in shares]
    return y, [(1 - share) / (n * share * math.log(share) ** 2) for share in shares]


@pytest.mark.parametrize(
    ("shares", "curve", "time", "said"),
    [
        ((0.8, 0.6), "aa", (12, 60), "one curve alone is not pooled"),
        ((0.8, 0.6), "ab", (12, 60), "2 rows at 2 times: no time is known of two curves"),
        ((0.8, 0.6, 0.7), "aab", (12, 12, 12), "row 2: its curve has another rate at time 12"),
        (
            (0.6, 0.8, 0.7, 0.5),
            "aabb",
            (12, 60, 12, 60),
            "row 2: survival at time 60 is above",
        ),
        ((0.8, 0.6), "ab", (12, 0), "time needs a number above 0 for every row"),
        ((0.8, 0.6), "ab", (12, math.nan), "time needs a number above 0 for every row"),
        ((0.8, 0.6), "abc", (12, 12), "curve has 3 values for 2 rows"),
    ],
)
def test_refuses_what_is_no_curve(
    shares: tuple[float, ...], curve: str, time: tuple[float, ...], said: str
) -> None:
    with pytest.raises(InvalidDataError, match=said):
        pool_curves(*rates(*shares), list(curve), time)


def test_names_the_row_by_its_label() -> None:
    y, v = rates(0.6, 0.8, 0.7, 0.5)
    with pytest.raises(InvalidDataError, match=r"row 2 \(Mayo\)"):
        pool_curves(y, v, list("aabb"), [12, 60, 12, 60], labels=["Mayo", "Mayo", "Milan", "Milan"])
