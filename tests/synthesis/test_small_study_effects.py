"""Egger, Begg, PET-PEESE, trim and fill, fail-safe N: the figures of metafor and of lm, and the refusals."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from evisynth.errors import ConvergenceError, InvalidDataError
from evisynth.synthesis import (
    assess_rank_correlation,
    assess_small_study_effects,
    fail_safe_rosenthal,
    fit_pet_peese,
    kendall_rank_correlation,
    trim_and_fill,
)
from evisynth.synthesis.small_study import trimming as trim_and_fill_module

FOLDER = Path(__file__).parent.parent / "reference" / "metafor_diagnostics"
PUBLISHED: list[dict[str, Any]] = json.loads((FOLDER / "published.json").read_text())["diagnostics"]
RECOMPUTED: list[dict[str, Any]] = json.loads((FOLDER / "recomputed.json").read_text())["diagnostics"]
NAMES = [f"{entry['dataset']}-{entry['measure']}" for entry in PUBLISHED]
BOTH = list(zip(PUBLISHED, RECOMPUTED, strict=True))
AGREEMENT = 1e-8

every_set = pytest.mark.parametrize(("published", "recomputed"), BOTH, ids=NAMES)


def errors(entry: dict[str, Any]) -> float:
    return float(np.sqrt(1 / np.sum(1 / np.array(entry["vi"]))))


@every_set
def test_egger(published: dict[str, Any], recomputed: dict[str, Any]) -> None:
    y, v = published["yi"], published["vi"]
    mixed = assess_small_study_effects(y, v, force=True)
    classic = assess_small_study_effects(y, v, model="classic", force=True)
    knapp_hartung = assess_small_study_effects(y, v, tau_squared="DL", interval="hksj-plain", force=True)
    assert mixed.statistic == pytest.approx(published["egger_rma_z"], rel=AGREEMENT)
    assert mixed.p_value == pytest.approx(published["egger_rma_p"], rel=AGREEMENT)
    assert classic.statistic == pytest.approx(published["egger_lm_t"], rel=AGREEMENT)
    assert classic.p_value == pytest.approx(published["egger_lm_p"], rel=AGREEMENT)
    assert (mixed.df, classic.df) == (None, len(y) - 2)
    for result, name in ((mixed, "egger_rma"), (classic, "egger_lm"), (knapp_hartung, "egger_rma_knha")):
        figures = recomputed[name]
        assert result.statistic == pytest.approx(figures["stat"], rel=AGREEMENT)
        assert result.p_value == pytest.approx(figures["pval"], rel=AGREEMENT)
        limits = (result.limit_estimate, result.limit_ci_lower, result.limit_ci_upper)
        # relative to the common effect's standard error: a limit may be near zero
        expected = [figures[key] for key in ("limit", "limit_lb", "limit_ub")]
        assert limits == pytest.approx(expected, rel=AGREEMENT, abs=AGREEMENT * errors(published))


@every_set
def test_begg(published: dict[str, Any], recomputed: dict[str, Any]) -> None:
    result = assess_rank_correlation(published["yi"], published["vi"], force=True)
    for tau, p_value in (
        (published["begg_tau"], published["begg_p"]),
        (recomputed["begg_tau"], recomputed["begg_p"]),
    ):
        assert result.kendall_tau == pytest.approx(tau, rel=1e-12)
        assert result.p_value == pytest.approx(p_value, rel=1e-12)


@every_set
def test_pet_peese(published: dict[str, Any], recomputed: dict[str, Any]) -> None:
    result = fit_pet_peese(published["yi"], published["vi"], force=True)
    for limit, figures in ((result.pet, recomputed["pet"]), (result.peese, recomputed["peese"])):
        assert limit.estimate == pytest.approx(
            figures["estimate"], rel=AGREEMENT, abs=AGREEMENT * figures["se"]
        )
        assert limit.standard_error == pytest.approx(figures["se"], rel=AGREEMENT)
        assert limit.p_value == pytest.approx(figures["pval"], rel=AGREEMENT)
    assert result.chosen == ("PEESE" if recomputed["pet"]["pval"] < 0.10 else "PET")


@every_set
def test_trim_and_fill(published: dict[str, Any], recomputed: dict[str, Any]) -> None:
    y, v = published["yi"], published["vi"]
    first = trim_and_fill(y, v, interval="wald", force=True)
    assert (first.filled_count, first.side) == (published["trimfill_k0"], published["trimfill_side"])
    # metafor's last fit of the filled rows stops early (README); the recomputed figures do not.
    loose = 5e-7 * published["trimfill_se"]
    assert first.result.estimate == pytest.approx(published["trimfill_estimate"], abs=loose)
    assert first.result.standard_error == pytest.approx(published["trimfill_se"], abs=loose)
    for estimator in ("L0", "R0"):
        result = trim_and_fill(y, v, estimator=estimator, interval="wald", force=True)  # type: ignore[arg-type]
        figures = recomputed[f"trimfill_{estimator}"]
        assert (result.filled_count, result.side) == (figures["k0"], figures["side"])
        tight = AGREEMENT * figures["se"]
        assert result.result.estimate == pytest.approx(figures["estimate"], abs=tight)
        assert result.result.standard_error == pytest.approx(figures["se"], abs=tight)
        assert result.filled_count_standard_error == pytest.approx(figures["se_k0"], rel=1e-12)
        assert result.p_value == (None if estimator == "L0" else pytest.approx(figures["p_k0"], rel=1e-12))


@every_set
def test_fail_safe(published: dict[str, Any], recomputed: dict[str, Any]) -> None:
    result = fail_safe_rosenthal(published["yi"], published["vi"], force=True)
    assert result.study_count == published["fsn_rosenthal"] == recomputed["fsn"]
    assert result.combined_p_value == pytest.approx(recomputed["fsn_p"], rel=1e-10)


def test_no_data_set_or_figure_is_left_out() -> None:
    assert len(PUBLISHED) == 63
    keys = (
        "dataset measure yi vi egger_rma_z egger_rma_p egger_lm_t egger_lm_p begg_tau begg_p trimfill_k0 "
        "trimfill_side trimfill_estimate trimfill_se leave1out_estimate leave1out_tau2 cumul_estimate "
        "fsn_rosenthal cooks_distance hat rstudent"
    )
    more = (
        "dataset measure egger_rma egger_rma_knha egger_lm begg_tau begg_p pet peese trimfill_L0 trimfill_R0 "
        "fsn fsn_p rstudent dffits dfbetas influential cook cov_r tau2_del QE_del hat "
        "leave1out_estimate leave1out_se cumul_estimate cumul_se baujat_common_x baujat_common_y "
        "baujat_reml_x baujat_reml_y"
    )
    for published, recomputed in BOTH:
        assert set(published) == set(keys.split())
        assert set(recomputed) == set(more.split())
        assert (published["dataset"], published["measure"]) == (recomputed["dataset"], recomputed["measure"])


TESTS: dict[str, Callable[..., Any]] = {
    "Egger's test": assess_small_study_effects,
    "Begg's test": assess_rank_correlation,
    "PET-PEESE": fit_pet_peese,
    "trim and fill": trim_and_fill,
    "Rosenthal's fail-safe N": fail_safe_rosenthal,
}


@pytest.mark.parametrize("name", TESTS)
def test_refused_below_ten_rows_unless_forced(name: str) -> None:
    y, v = PUBLISHED[0]["yi"], PUBLISHED[0]["vi"]
    TESTS[name](y[:10], v[:10])
    with pytest.raises(InvalidDataError, match=f"{name} needs at least 10 rows; there are 9.*force=True"):
        TESTS[name](y[:9], v[:9])
    TESTS[name](y[:9], v[:9], force=True)


@pytest.mark.parametrize("name", [name for name in TESTS if "Rosenthal" not in name])
def test_refused_below_three_rows_even_if_forced(name: str) -> None:
    with pytest.raises(InvalidDataError, match="needs at least 3 rows; there are 2"):
        TESTS[name]([0.1, 0.2], [0.1, 0.2], force=True)


@pytest.mark.parametrize("name", ["Egger's test", "PET-PEESE", "trim and fill"])
def test_equal_standard_errors_show_nothing(name: str) -> None:
    with pytest.raises(InvalidDataError, match="the same in all rows"):
        TESTS[name](np.arange(10.0), [0.1] * 10)


def test_begg_refuses_equal_variances() -> None:
    with pytest.raises(InvalidDataError, match="all values of one variable are equal"):
        assess_rank_correlation(np.arange(10.0), [0.1] * 10)


rows = st.lists(
    st.tuples(st.floats(-2, 2).map(lambda y: round(y, 3)), st.floats(0.01, 1).map(lambda v: round(v, 4))),
    min_size=10,
    max_size=16,
    unique_by=(lambda row: row[0], lambda row: row[1]),
)


@settings(max_examples=30, deadline=None)
@given(data=rows, scale=st.sampled_from([2.0**-10, 2.0**13]), seed=st.integers(0, 100))
def test_order_sign_and_unit(data: list[tuple[float, float]], scale: float, seed: int) -> None:
    y, v = np.array(data).T
    order = np.random.default_rng(seed).permutation(len(y))
    other, others_v = -scale * y[order], scale**2 * v[order]
    for model in ("mixed", "classic"):
        plain = assess_small_study_effects(y, v, model=model, tau_squared="DL")  # type: ignore[arg-type]
        moved = assess_small_study_effects(other, others_v, model=model, tau_squared="DL")  # type: ignore[arg-type]
        assert moved.statistic == pytest.approx(-plain.statistic, rel=1e-7, abs=1e-9)
        assert moved.limit_estimate == pytest.approx(
            -scale * plain.limit_estimate, rel=1e-7, abs=1e-9 * scale
        )
    begg = assess_rank_correlation(other, others_v)
    assert begg.kendall_tau == pytest.approx(-assess_rank_correlation(y, v).kendall_tau, abs=1e-12)
    assert fail_safe_rosenthal(other, others_v).study_count == fail_safe_rosenthal(y, v).study_count
    assert fit_pet_peese(other, others_v).chosen == fit_pet_peese(y, v).chosen


def test_classic_egger_is_the_regression_of_z_on_precision() -> None:
    y, v = np.array(PUBLISHED[0]["yi"]), np.array(PUBLISHED[0]["vi"])
    z, precision = y / np.sqrt(v), 1 / np.sqrt(v)
    design = np.column_stack((np.ones(len(y)), precision))
    (intercept, slope), rest, *_ = np.linalg.lstsq(design, z, rcond=None)
    error = math.sqrt(np.linalg.inv(design.T @ design)[0, 0] * rest[0] / (len(y) - 2))
    result = assess_small_study_effects(y, v, model="classic")
    assert result.slope == pytest.approx(intercept, rel=1e-10)
    assert result.statistic == pytest.approx(intercept / error, rel=1e-10)
    assert result.limit_estimate == pytest.approx(slope, rel=1e-10)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 7])
def test_kendalls_distribution_is_that_of_all_orders(n: int) -> None:
    def score(order: tuple[int, ...]) -> int:
        return sum(1 if b > a else -1 for a, b in itertools.combinations(order, 2))

    scores = [score(order) for order in itertools.permutations(range(n))]
    for wanted in sorted(set(scores)):
        order = next(o for o in itertools.permutations(range(n)) if score(o) == wanted)
        result = kendall_rank_correlation(np.arange(n) * 1.0, np.array(order) * 1.0)
        expected = sum(abs(s) >= abs(wanted) for s in scores) / len(scores)
        assert result.p_value == pytest.approx(expected, rel=1e-12)
        assert result.exact


def test_the_far_tail_of_kendalls_distribution_keeps_its_digits() -> None:
    n = 60
    result = kendall_rank_correlation(np.arange(n) * 1.0, np.arange(n) * 1.0)
    assert result.p_value == pytest.approx(2 / math.factorial(n), rel=1e-10)


def test_the_exact_distribution_gives_way_to_the_normal_one() -> None:
    generator = np.random.default_rng(1)
    x = np.sort(generator.normal(0, 1, 401))
    y = x + generator.normal(0, 15, 401)
    exact, normal = kendall_rank_correlation(x[:400], y[:400]), kendall_rank_correlation(x, y)
    assert (exact.exact, normal.exact) == (True, False)
    variance = 401 * 400 * 807 / 18
    score = normal.tau * 401 * 400 / 2
    assert normal.p_value == pytest.approx(math.erfc(abs(score) / math.sqrt(2 * variance)), rel=1e-10)


def test_ties_give_tau_b() -> None:
    # scipy.stats.kendalltau agrees by the same published formula; here the counts are done by hand:
    # x 1 1 2 3, y 1 2 2 3: concordant 4, tied in x 1, tied in y 1
    result = kendall_rank_correlation(np.array([1.0, 1, 2, 3]), np.array([1.0, 2, 2, 3]))
    assert result.tau == pytest.approx(4 / 5)
    assert not result.exact
    variance = (4 * 3 * 13 - 18 - 18) / 18 + 2 * 2 / (2 * 4 * 3)
    assert result.p_value == pytest.approx(math.erfc(4 / math.sqrt(2 * variance)), rel=1e-13)


def test_filled_rows_mirror_the_most_extreme_ones() -> None:
    entry = next(e for e in PUBLISHED if e["dataset"] == "egger2001" and e["measure"] == "RR")
    y, v = np.array(entry["yi"]), np.array(entry["vi"])
    found = trim_and_fill(y, v, labels=[f"t{row}" for row in range(len(y))])
    assert found.side == "right"
    lowest = np.argsort(y)[: found.filled_count]
    kept = np.setdiff1d(np.arange(len(y)), lowest)
    centre = trim_and_fill_module.pool(y[kept], v[kept]).estimate
    assert sorted(found.filled_y) == pytest.approx(sorted(2 * centre - y[lowest]), rel=1e-9)
    assert sorted(found.filled_v) == pytest.approx(sorted(v[lowest]))
    assert found.result.row_count == len(y) + found.filled_count
    assert found.result.labels is not None and found.result.labels[-1] == f"filled {found.filled_count}"


def test_the_side_can_be_named() -> None:
    y, v = PUBLISHED[0]["yi"], PUBLISHED[0]["vi"]
    right = trim_and_fill(y, v, side="right")
    left = trim_and_fill([-value for value in y], v, side="left")
    assert right.filled_count == left.filled_count
    assert right.result.estimate == pytest.approx(-left.result.estimate, rel=1e-12)


def test_a_symmetric_funnel_is_not_filled() -> None:
    y = np.array([-1.0, 1.0, -0.6, 0.6, -0.3, 0.3, -0.1, 0.1, 0.0, 0.02])
    v = np.array([0.5, 0.5, 0.2, 0.2, 0.1, 0.1, 0.05, 0.05, 0.01, 0.011])
    result = trim_and_fill(y, v)
    assert result.filled_count == 0
    assert result.result.row_count == 10


def test_going_round_in_circles_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    found = itertools.cycle([1, 2])
    monkeypatch.setattr(trim_and_fill_module, "_missing", lambda ranks, estimator: float(next(found)))
    with pytest.raises(ConvergenceError, match="round in circles"):
        trim_and_fill(PUBLISHED[0]["yi"], PUBLISHED[0]["vi"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda y, v: assess_small_study_effects(y, v, model="lm"), "known: mixed, classic"),  # type: ignore[arg-type]
        (lambda y, v: trim_and_fill(y, v, estimator="Q0"), "known: L0, R0"),  # type: ignore[arg-type]
        (lambda y, v: trim_and_fill(y, v, side="top"), "known: left, right"),  # type: ignore[arg-type]
        (lambda y, v: fit_pet_peese(y, v, threshold=0), "threshold"),
        (lambda y, v: fail_safe_rosenthal(y, v, threshold=0.6), "threshold"),
    ],
)
def test_unknown_choices_are_errors(call: Callable[..., Any], message: str) -> None:
    with pytest.raises(InvalidDataError, match=message):
        call(PUBLISHED[0]["yi"], PUBLISHED[0]["vi"])


def test_an_exact_line_cannot_be_tested() -> None:
    errors_ = np.arange(1.0, 13.0)
    with pytest.raises(InvalidDataError, match="without any scatter"):
        assess_small_study_effects(np.zeros(12), errors_**2, model="classic")
