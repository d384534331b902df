"""Leave-one-out, cumulative, deletion diagnostics, Baujat and GOSH: metafor's figures and plain refitting."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from evisynth.errors import ConvergenceError, InvalidDataError
from evisynth.synthesis import (
    compute_baujat,
    compute_gosh,
    compute_influence,
    cumulate,
    leave_one_out,
    pool,
    pool_many,
    row_subsets,
)

FOLDER = Path(__file__).parent.parent / "reference" / "metafor_diagnostics"
PUBLISHED: list[dict[str, Any]] = json.loads((FOLDER / "published.json").read_text())["diagnostics"]
RECOMPUTED_ALL: dict[str, Any] = json.loads((FOLDER / "recomputed.json").read_text())
RECOMPUTED: list[dict[str, Any]] = RECOMPUTED_ALL["diagnostics"]
NAMES = [f"{entry['dataset']}-{entry['measure']}" for entry in PUBLISHED]
AGREEMENT = 1e-8

every_set = pytest.mark.parametrize(
    ("published", "recomputed"), list(zip(PUBLISHED, RECOMPUTED, strict=True)), ids=NAMES
)


def near(expected: Any, scale: Any = 0.0) -> Any:
    """Agree relatively, or beside a natural scale where the figure is a difference that may be near zero."""
    return pytest.approx(np.array(expected), rel=AGREEMENT, abs=AGREEMENT * float(np.min(scale)))


@every_set
def test_leave_one_out(published: dict[str, Any], recomputed: dict[str, Any]) -> None:
    y, v = published["yi"], published["vi"]
    without = leave_one_out(y, v, interval="wald").without
    errors = recomputed["leave1out_se"]
    assert without.estimate == near(published["leave1out_estimate"], errors)
    assert without.estimate == near(recomputed["leave1out_estimate"], errors)
    assert without.standard_error == near(errors)
    assert without.tau_squared == near(published["leave1out_tau2"], np.mean(v))


# Steps at which metafor's iteration found no answer under its tight threshold; the published estimates do.
NOT_CONVERGED = {("nielweise2007", "RR"): [7, 11], ("nielweise2007", "OR"): [7]}


@every_set
def test_cumulative(published: dict[str, Any], recomputed: dict[str, Any]) -> None:
    steps = cumulate(published["yi"], published["vi"], interval="wald").steps
    missing = [row for row, value in enumerate(recomputed["cumul_se"]) if value is None]
    assert missing == NOT_CONVERGED.get((published["dataset"], published["measure"]), [])
    assert [row for row, value in enumerate(recomputed["cumul_estimate"]) if value is None] == missing
    errors = np.delete(np.array(recomputed["cumul_se"], dtype=np.float64), missing)
    again = np.delete(np.array(recomputed["cumul_estimate"], dtype=np.float64), missing)
    assert steps.estimate == near(published["cumul_estimate"], errors)
    assert np.delete(steps.estimate, missing) == near(again, errors)
    assert np.delete(steps.standard_error, missing) == near(errors)


@every_set
def test_deletion_diagnostics(published: dict[str, Any], recomputed: dict[str, Any]) -> None:
    result = compute_influence(published["yi"], published["vi"])
    # residuals and DFFITS are in standard errors: 1 is their scale; Cook's distance is the square of one
    assert result.studentised_residual == near(published["rstudent"], 1.0)
    assert result.studentised_residual == near(recomputed["rstudent"], 1.0)
    assert result.dffits == near(recomputed["dffits"], 1.0)
    assert result.dfbetas == near(recomputed["dfbetas"], 1.0)
    assert result.influential.tolist() == recomputed["influential"]
    assert result.cooks_distance == near(published["cooks_distance"], 1.0)
    assert result.cooks_distance == near(recomputed["cook"], 1.0)
    assert result.covariance_ratio == near(recomputed["cov_r"])
    assert result.tau_squared_deleted == near(recomputed["tau2_del"], np.mean(published["vi"]))
    assert result.q_deleted == near(recomputed["QE_del"])
    assert result.hat == near(published["hat"])
    assert result.hat == near(recomputed["hat"])


@every_set
def test_baujat(published: dict[str, Any], recomputed: dict[str, Any]) -> None:
    for method in ("common", "reml"):
        result = compute_baujat(published["yi"], published["vi"], tau_squared=method.replace("reml", "REML"))
        assert result.contribution == near(recomputed[f"baujat_{method}_x"], 1.0)
        assert result.influence == near(recomputed[f"baujat_{method}_y"], 1.0)


def test_baujats_contributions_sum_to_q() -> None:
    y, v = PUBLISHED[0]["yi"], PUBLISHED[0]["vi"]
    expected = pool(y, v, tau_squared="common").q_statistic
    assert compute_baujat(y, v).contribution.sum() == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("method", ["FE", "DL"])
def test_gosh_matches_metafor(method: str) -> None:
    entry = next(e for e in PUBLISHED if e["dataset"] == "hart1999" and e["measure"] == "IRR")
    figures = RECOMPUTED_ALL["gosh"][method]
    result = compute_gosh(entry["yi"], entry["vi"], tau_squared="common" if method == "FE" else method)
    assert result.complete
    codes = result.members @ 2 ** np.arange(6)
    assert codes.tolist() == figures["code"]
    assert result.subsets.estimate == near(figures["estimate"])
    assert result.subsets.i_squared == pytest.approx(np.array(figures["I2"]) / 100, abs=AGREEMENT)
    assert result.subsets.tau_squared == near(figures["tau2"], np.mean(entry["vi"]))


def test_no_figure_is_left_out() -> None:
    assert set(RECOMPUTED_ALL) == {"diagnostics", "regressions", "subgroups", "multilevel", "gosh"}
    assert set(RECOMPUTED_ALL["gosh"]) == {"FE", "DL"}
    assert len(PUBLISHED) == len(RECOMPUTED) == 63


def random_rows(seed: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    return generator.normal(0, 1, k), 10 ** generator.uniform(-2, 0, k)


@pytest.mark.parametrize(
    "options", [{}, {"tau_squared": "PM", "interval": "t", "prediction": "hts", "level": 0.9}]
)
def test_every_step_is_a_synthesis_of_its_own(options: dict[str, Any]) -> None:
    y, v = random_rows(2, 9)
    without, steps = leave_one_out(y, v, **options).without, cumulate(y, v, **options).steps
    for row in range(9):
        for table, members in ((without, np.arange(9) != row), (steps, np.arange(9) <= row)):
            one = pool(y[members], v[members], **options)
            for field in ("estimate", "ci_lower", "p_value", "tau_squared", "i_squared", "prediction_upper"):
                expected = getattr(one, field)
                found = getattr(table, field)[row]
                # sums are taken in another order
                assert found == pytest.approx(
                    np.nan if expected is None else expected, rel=1e-10, abs=1e-13, nan_ok=True
                )


def test_cumulative_in_another_order() -> None:
    y, v = random_rows(3, 6)
    result = cumulate(y, v, order=[2000, 1990, 1995, 1990, 2010, 1980], labels=list("abcdef"))
    assert result.order.tolist() == [5, 1, 3, 2, 0, 4]
    assert result.labels == tuple("fbdcae")
    assert result.steps.estimate[0] == y[5]
    assert result.steps.estimate[-1] == pytest.approx(pool(y, v).estimate, rel=1e-12)
    assert result.steps.row_count.tolist() == [1, 2, 3, 4, 5, 6]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.sampled_from([2.0**-12, 2.0**10]), k=st.integers(3, 12))
def test_influence_does_not_depend_on_order_sign_or_unit(seed: int, scale: float, k: int) -> None:
    y, v = random_rows(seed, k)
    order = np.random.default_rng(seed).permutation(k)
    plain = compute_influence(y, v, tau_squared="DL")
    moved = compute_influence(-scale * y[order], scale**2 * v[order], tau_squared="DL")
    assert moved.studentised_residual == pytest.approx(
        -plain.studentised_residual[order], rel=1e-9, abs=1e-10
    )
    assert moved.dffits == pytest.approx(-plain.dffits[order], rel=1e-9, abs=1e-10)
    assert moved.cooks_distance == pytest.approx(plain.cooks_distance[order], rel=1e-8, abs=1e-10)
    assert moved.hat == pytest.approx(plain.hat[order], rel=1e-10)
    assert plain.hat.sum() == pytest.approx(1, rel=1e-14)
    assert moved.influential.tolist() == plain.influential[order].tolist()


def test_an_outlier_is_marked_and_nothing_else() -> None:
    y = np.array([0.1, 0.12, 0.08, 0.11, 0.09, 0.1, 0.13, 2.5])
    result = compute_influence(y, [0.05] * 8)
    assert result.influential.tolist() == [False] * 7 + [True]
    assert result.studentised_residual[-1] > 5


def test_gosh_samples_are_fixed_by_their_seed() -> None:
    y, v = random_rows(4, 15)
    first = compute_gosh(y, v, subset_count=500, seed=7)
    again = compute_gosh(y, v, subset_count=500, seed=7)
    other = compute_gosh(y, v, subset_count=500, seed=8)
    assert not first.complete
    assert np.array_equal(first.members, again.members)
    assert np.array_equal(first.subsets.estimate, again.subsets.estimate)
    assert not np.array_equal(first.members, other.members)
    assert first.members.sum(axis=1).min() >= 2
    for row in range(0, 500, 100):
        inside = first.members[row]
        one = pool(y[inside], v[inside], tau_squared="DL")
        assert first.subsets.tau_squared[row] == pytest.approx(one.tau_squared, rel=1e-10, abs=1e-14)


def test_gosh_draws_every_subset_equally_often() -> None:
    y, v = random_rows(5, 4)
    members = compute_gosh(y, v, subset_count=10, seed=1).members
    assert len(members) == 10  # of 11: a sample
    generator_counts = np.bincount(
        compute_gosh(y, v, subset_count=10, seed=2).members @ 2 ** np.arange(4), minlength=16
    )
    assert generator_counts[[0, 1, 2, 4, 8]].sum() == 0
    many = compute_gosh(np.tile(y, 4), np.tile(v, 4), subset_count=4000, seed=3).members
    # 16 rows of chance one half: mean 8 with standard error 2 / sqrt(4000); five of them
    assert many.sum(axis=1).mean() == pytest.approx(8, abs=0.16)


def test_all_subsets_of_three_rows() -> None:
    result = compute_gosh([0.1, 0.5, 0.9], [0.1, 0.2, 0.3], tau_squared="common")
    assert result.members.tolist() == [
        [True, True, False],
        [True, False, True],
        [False, True, True],
        [True] * 3,
    ]


def test_batches_give_what_one_batch_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    y, v = random_rows(6, 10)
    whole = leave_one_out(y, v).without
    monkeypatch.setattr(row_subsets, "_BATCH_SIZE", 30)
    parts = leave_one_out(y, v).without
    assert parts.group.tolist() == list(range(10))
    assert parts.estimate == pytest.approx(whole.estimate, rel=1e-13)
    assert parts.method == whole.method


def test_a_subset_without_an_answer_is_an_error() -> None:
    def fit(y: np.ndarray, v: np.ndarray, group: np.ndarray) -> Any:
        table = pool_many(y, v, group)
        return replace(table, converged=np.arange(len(table.converged)) != 1)

    y, v = random_rows(6, 4)
    with pytest.raises(ConvergenceError, match="subset 2"):
        row_subsets.pool_subsets((y, v), 4, lambda a, b: np.arange(a, b)[:, None] != np.arange(4), fit)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: leave_one_out([0.1], [0.1]), "at least two rows"),
        (lambda: compute_influence([0.1, 0.2], [0.1, 0.1]), "at least three"),
        (lambda: compute_baujat([0.1, 0.2], [0.1, 0.1]), "at least three"),
        (lambda: compute_gosh([0.1, 0.2], [0.1, 0.1]), "at least three"),
        (lambda: compute_gosh([0.1] * 3, [0.1] * 3, subset_count=0), "subset_count"),
        (lambda: cumulate([0.1, 0.2], [0.1, 0.1], order=[1]), "2 finite numbers"),
        (lambda: cumulate([0.1, 0.2], [0.1, 0.1], order=[1, np.nan]), "2 finite numbers"),
        (lambda: leave_one_out([0.1, 0.2], [0.1, -1.0], labels=["A", "B"]), r"row 2 \(B\)"),
        (lambda: compute_gosh([0.1] * 3, [0.1] * 3, tau_squared="X"), "unknown tau-squared"),
    ],
)
def test_what_cannot_be_computed(call: Any, message: str) -> None:
    with pytest.raises(InvalidDataError, match=message):
        call()
