"""Subgroups: metafor's figures with separate and common variances, and the border cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from evisynth.errors import InvalidDataError
from evisynth.synthesis import SubgroupResult, pool, pool_subgroups, regress

FOLDER = Path(__file__).parent.parent / "reference" / "metafor_diagnostics"
RECOMPUTED: dict[str, Any] = json.loads((FOLDER / "recomputed.json").read_text())
FIGURES, DATA = RECOMPUTED["subgroups"], RECOMPUTED["regressions"]
INTERVALS = {"z": "wald", "knha": "hksj-plain", "adhoc": "hksj"}
AGREEMENT = 1e-8


def bcg(**options: Any) -> SubgroupResult:
    return pool_subgroups(DATA["yi"], DATA["vi"], DATA["alloc"], **options)


def test_separate_variances_match_metafor() -> None:
    result, figures = bcg(interval="wald"), FIGURES["separate"]
    assert result.groups == tuple(FIGURES["groups"])
    assert [r.estimate for r in result.results] == pytest.approx(figures["estimate"], rel=AGREEMENT)
    assert [r.standard_error for r in result.results] == pytest.approx(figures["se"], rel=AGREEMENT)
    assert [r.tau_squared for r in result.results] == pytest.approx(figures["tau2"], rel=AGREEMENT)
    assert (result.q_between, result.p_value) == pytest.approx((figures["Q"], figures["p"]), rel=AGREEMENT)
    assert (result.df, result.residual_df) == (2, None)


@pytest.mark.parametrize("test", INTERVALS)
def test_a_common_variance_matches_metafor(test: str) -> None:
    result = bcg(common_tau_squared=True, interval=INTERVALS[test])
    figures = FIGURES["common"][test]
    fields = {
        "estimate": "estimate",
        "se": "standard_error",
        "ci_lb": "ci_lower",
        "ci_ub": "ci_upper",
        "pval": "p_value",
    }
    for theirs, ours in fields.items():
        assert [getattr(r, ours) for r in result.results] == pytest.approx(figures[theirs], rel=AGREEMENT), (
            theirs
        )
    assert [r.tau_squared for r in result.results] == pytest.approx([figures["tau2"]] * 3, rel=AGREEMENT)
    assert (result.q_between, result.p_value) == pytest.approx((figures["Q"], figures["p"]), rel=AGREEMENT)
    assert (result.df, result.residual_df) == (2, None if test == "z" else 10)


@pytest.mark.parametrize("interval", ["hksj", "hksj-plain", "t"])
def test_subgroups_of_their_own_variances_are_tested_by_meta_regression(interval: str) -> None:
    # metafor: rma(yi, vi, mods = ~ alloc, test = "adhoc"), which is Knapp and Hartung's F with q* >= 1
    result, figures = bcg(interval=interval), FIGURES["common"]["adhoc"]
    assert (result.q_between, result.p_value) == pytest.approx((figures["Q"], figures["p"]), rel=AGREEMENT)
    assert (result.df, result.residual_df, result.untested) == (2, 10, None)
    alone = FIGURES["separate"]
    assert [r.estimate for r in result.results] == pytest.approx(alone["estimate"], rel=AGREEMENT)


def test_equal_effects_in_each_subgroup_do_not_make_their_difference_certain() -> None:
    # Plain Hartung-Knapp standard errors are 0 here. With q* = 1 and tau squared 0 by hand: each mean has
    # variance 0.1 / 2, so that F = 0.5**2 / 0.1 = 2.5 with 1 and 2 df: p is 1 - sqrt(2.5 / 4.5).
    result = pool_subgroups([0.2, 0.2, 0.7, 0.7], [0.1] * 4, list("aabb"), interval="hksj-plain")
    assert (result.q_between, result.df, result.residual_df) == pytest.approx((2.5, 1, 2), rel=1e-9)
    assert result.p_value == pytest.approx(1 - (2.5 / 4.5) ** 0.5, rel=1e-9)


@pytest.mark.parametrize("common", [True, False])
def test_fewer_than_four_rows_are_not_tested(common: bool) -> None:
    result = pool_subgroups([0.1, 0.4, 0.9], [0.1, 0.1, 0.2], list("aab"), common_tau_squared=common)
    assert result.untested == "3 rows in 2 subgroups are too few"
    assert np.isnan(result.q_between)
    assert np.isnan(result.p_value)


def test_no_subgroup_figure_is_left_out() -> None:
    assert set(FIGURES) == {"groups", "separate", "common"}
    assert set(FIGURES["common"]) == set(INTERVALS)


def test_separate_subgroups_are_pooled_as_if_alone() -> None:
    result = bcg(tau_squared="DL", prediction="hts")
    for name, part in zip(result.groups, result.results, strict=True):
        rows = [row for row, group in enumerate(DATA["alloc"]) if group == name]
        y, v = np.array(DATA["yi"])[rows], np.array(DATA["vi"])[rows]
        alone = pool(y, v, tau_squared="DL", prediction="hts")
        for field in ("estimate", "ci_lower", "p_value", "i_squared", "prediction_upper", "row_count"):
            assert getattr(part, field) == getattr(alone, field)


def test_the_test_is_that_of_a_meta_regression() -> None:
    result = bcg(common_tau_squared=True, tau_squared="PM")
    fit = regress(DATA["yi"], DATA["vi"], {"alloc": DATA["alloc"]}, tau_squared="PM")
    assert fit.moderator_test is not None
    assert result.q_between == pytest.approx(fit.moderator_test.statistic, rel=1e-10)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), common=st.booleans(), shift=st.floats(-5, 5))
def test_order_of_rows_shift_and_unit(seed: int, common: bool, shift: float) -> None:
    generator = np.random.default_rng(seed)
    y, v = generator.normal(0, 1, 12), 10 ** generator.uniform(-2, 0, 12)
    group = np.array(list("aaabbbbccccc"))
    order = generator.permutation(12)
    plain = pool_subgroups(y, v, group.tolist(), common_tau_squared=common, tau_squared="DL")
    moved = pool_subgroups(
        (y[order] + shift) * 100,
        v[order] * 1e4,
        group[order].tolist(),
        common_tau_squared=common,
        tau_squared="DL",
    )
    assert moved.q_between == pytest.approx(plain.q_between, rel=1e-8, abs=1e-10)
    again = dict(zip(moved.groups, moved.results, strict=True))
    for name, part in zip(plain.groups, plain.results, strict=True):
        assert again[name].estimate == pytest.approx((part.estimate + shift) * 100, abs=1e-8)
        assert again[name].standard_error == pytest.approx(part.standard_error * 100, rel=1e-9)


def test_a_subgroup_of_one_row_is_its_own_answer() -> None:
    result = pool_subgroups([0.1, 0.4, 0.9], [0.1, 0.1, 0.2], ["a", "a", "b"])
    assert result.results[1].estimate == 0.9
    common = pool_subgroups([0.1, 0.4, 0.9], [0.1, 0.1, 0.2], ["a", "a", "b"], common_tau_squared=True)
    assert common.results[1].estimate == pytest.approx(0.9, rel=1e-15)
    assert common.results[1].i_squared == 0.0


def test_labels_and_predictions_are_handed_on() -> None:
    labels = [f"trial {number}" for number in range(13)]
    result = bcg(common_tau_squared=True, labels=labels)
    assert result.results[1].labels == tuple(
        labels[row] for row, a in enumerate(DATA["alloc"]) if a == "alternate"
    )
    # t with 13 - 3 degrees of freedom
    part = result.results[0]
    assert part.prediction_upper is not None
    reach = 2.2281388520 * np.hypot(part.tau_squared**0.5, part.standard_error)
    assert part.prediction_upper - part.estimate == pytest.approx(reach, rel=1e-9)
    without = bcg(common_tau_squared=True, tau_squared="common")
    assert without.results[0].prediction_upper is None


@pytest.mark.parametrize(
    ("group", "options", "message"),
    [
        (["a"] * 4, {}, "all rows are of subgroup 'a'"),
        (["a"], {}, "group has 1 names for 4 rows"),
        (["a", "a", None, "b"], {}, "row 3"),
        (list("abcd"), {"common_tau_squared": True}, "4 rows in 4 subgroups"),
        (list("aabb"), {"tau_squared": "X"}, "unknown tau-squared"),
    ],
)
def test_subgroups_that_cannot_be_compared(group: list[str], options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidDataError, match=message):
        pool_subgroups([0.2, 0.2, 0.3, 0.5], [0.1] * 4, group, **options)
