"""Every pinned answer of metafor, for every data set, measure and method (see its README)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

from evisynth.synthesis import (
    pool,
    pool_mantel_haenszel,
    pool_mantel_haenszel_rates,
    pool_many,
    pool_peto,
    tau_squared_interval,
)

FOLDER = Path(__file__).parent.parent / "reference" / "metafor"
METHODS = ("FE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM")
TWO_BY_TWO = ("RR", "OR", "RD", "AS", "PETO")
PROPORTION = ("PR", "PLN", "PLO", "PAS", "PFT")
GRID: dict[str, tuple[str, ...]] = {
    "bcg": TWO_BY_TWO,
    "egger2001": TWO_BY_TWO,
    "fine1993_t1": TWO_BY_TWO,
    "fine1993_t2": TWO_BY_TWO,
    "fine1993_t3": TWO_BY_TWO,
    "fine1993_t4": TWO_BY_TWO,
    "li2007": TWO_BY_TWO,
    "nielweise2007": TWO_BY_TWO,
    "hart1999": ("IRR", "IRD", "IRSD"),
    "debruin2009": PROPORTION,
    "pritz1997": PROPORTION,
    "normand1999": ("MD", "SMD", "SMDH", "ROM"),
    "molloy2014": ("ZCOR",),
    "begg1989": ("GEN",),
    "hackshaw1998": ("GEN",),
    "pignon2000": ("GEN",),
    "raudenbush1985": ("GEN",),
    "riley2003_MYCN": ("GEN",),
}
SETS: dict[str, Any] = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
PAIRS = [(name, measure) for name, measures in GRID.items() for measure in measures]

# metafor's stopping rule leaves up to 1.2e-10 in a p-value; our tau squared is exact to 1e-12 (tested below).
AGREEMENT = 1e-9
WALD = {
    "estimate": "estimate",
    "se": "standard_error",
    "ci_lb": "ci_lower",
    "ci_ub": "ci_upper",
    "pval": "p_value",
    "Q": "q_statistic",
    "Qp": "q_p_value",
    "H2": "h_squared",
    "pi_lb": "prediction_lower",
    "pi_ub": "prediction_upper",
}
KNAPP_HARTUNG = {
    "knha_se": "standard_error",
    "knha_ci_lb": "ci_lower",
    "knha_ci_ub": "ci_upper",
    "knha_pval": "p_value",
    "knha_pi_lb": "prediction_lower",
    "knha_pi_ub": "prediction_upper",
}
COMPARED = {*WALD, *KNAPP_HARTUNG, "tau2", "I2"}


def ours(method: str) -> str:
    return "common" if method == "FE" else method


def effects(name: str, measure: str) -> tuple[list[float], list[float]]:
    entry = SETS[name]["measures"][measure]
    return entry["yi"], entry["vi"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("name", "measure"), PAIRS)
def test_pool_gives_the_figures_of_metafor(name: str, measure: str, method: str) -> None:
    y, v = effects(name, measure)
    fit = SETS[name]["measures"][measure]["fits"][method]
    wald = pool(y, v, tau_squared=ours(method), interval="wald")
    knapp_hartung = pool(y, v, tau_squared=ours(method), interval="hksj-plain")
    for result, fields in ((wald, WALD), (knapp_hartung, KNAPP_HARTUNG)):
        for theirs, field in fields.items():
            expected = fit[theirs]
            if expected is None:
                assert getattr(result, field) is None, theirs
            else:
                assert getattr(result, field) == pytest.approx(expected, rel=AGREEMENT, abs=0), theirs
    assert wald.tau_squared == pytest.approx(fit["tau2"], abs=AGREEMENT * (fit["tau2"] + np.mean(v)))
    assert wald.i_squared == pytest.approx(fit["I2"] / 100, abs=AGREEMENT)


@pytest.mark.parametrize("method", METHODS)
def test_pool_many_gives_the_figures_of_metafor(method: str) -> None:
    y = np.concatenate([effects(*pair)[0] for pair in PAIRS])
    v = np.concatenate([effects(*pair)[1] for pair in PAIRS])
    group = np.repeat(np.arange(len(PAIRS)), [len(effects(*pair)[0]) for pair in PAIRS])
    table = pool_many(y, v, group, tau_squared=ours(method), interval="wald")
    assert table.converged.all()
    for row, (name, measure) in enumerate(PAIRS):
        fit = SETS[name]["measures"][measure]["fits"][method]
        for theirs, field in WALD.items():
            expected = np.nan if fit[theirs] is None else fit[theirs]
            answer = getattr(table, field)[row]
            assert answer == pytest.approx(expected, rel=AGREEMENT, abs=0, nan_ok=True), (name, theirs)
        scale = fit["tau2"] + np.mean(effects(name, measure)[1])
        assert table.tau_squared[row] == pytest.approx(fit["tau2"], abs=AGREEMENT * scale)


@pytest.mark.parametrize("method", ["DL", "REML"])
@pytest.mark.parametrize(("name", "measure"), PAIRS)
def test_q_profile_gives_the_limits_of_metafor(name: str, measure: str, method: str) -> None:
    y, v = effects(name, measure)
    lower, upper = SETS[name]["measures"][measure]["fits"][method]["tau2_ci"]
    interval = tau_squared_interval(y, v)
    scale = np.mean(v)
    # metafor's root finder stops at 1e-10 in a unit where the mean variance is 100
    assert interval.lower == pytest.approx(lower, rel=1e-9, abs=1e-9 * scale)
    assert interval.upper == pytest.approx(upper, rel=1e-9, abs=1e-9 * scale)


@pytest.mark.parametrize("name", [name for name, measures in GRID.items() if "RR" in measures])
@pytest.mark.parametrize("measure", ["RR", "OR", "RD"])
def test_mantel_haenszel_gives_the_figures_of_metafor(name: str, measure: str) -> None:
    data = {key: SETS[name][key] for key in ("events1", "n1", "events2", "n2")}
    same(pool_mantel_haenszel(measure, **data), SETS[name]["measures"][measure]["mantel_haenszel"])


def test_mantel_haenszel_rates_give_the_figures_of_metafor() -> None:
    data = {key: SETS["hart1999"][key] for key in ("events1", "time1", "events2", "time2")}
    same(pool_mantel_haenszel_rates(**data), SETS["hart1999"]["measures"]["IRR"]["mantel_haenszel"])


@pytest.mark.parametrize("name", [name for name, measures in GRID.items() if "PETO" in measures])
def test_peto_gives_the_figures_of_metafor(name: str) -> None:
    data = {key: SETS[name][key] for key in ("events1", "n1", "events2", "n2")}
    same(pool_peto(**data), SETS[name]["measures"]["PETO"]["peto"])


def same(result: Any, figures: dict[str, float]) -> None:
    assert result.estimate == pytest.approx(figures["estimate"], rel=1e-12)  # closed forms: rounding only
    assert result.standard_error == pytest.approx(figures["se"], rel=1e-12)
    assert result.ci_lower == pytest.approx(figures["ci_lb"], rel=1e-11)
    assert result.ci_upper == pytest.approx(figures["ci_ub"], rel=1e-11)


@pytest.mark.parametrize("method", ["ML", "REML", "PM", "PMM"])
@pytest.mark.parametrize(("name", "measure"), PAIRS)
def test_iterated_tau_squared_is_the_exact_solution(name: str, measure: str, method: str) -> None:
    y, v = effects(name, measure)
    tau_squared = pool(y, v, tau_squared=method).tau_squared
    with mpmath.workdps(40):
        equation = estimating_equation(y, v, method)
        if tau_squared == 0:
            assert equation(mpmath.mpf(0)) <= 0
            return
        # a Newton step by high-precision differences from our answer: its length is our error
        t = mpmath.mpf(tau_squared)
        step = equation(t) / mpmath.diff(equation, t)
    assert abs(float(step)) <= 1e-12 * (tau_squared + min(v))


def estimating_equation(y: list[float], v: list[float], method: str) -> Any:
    def score(t: mpmath.mpf) -> mpmath.mpf:
        w = [1 / (mpmath.mpf(variance) + t) for variance in v]
        total = mpmath.fsum(w)
        mean = mpmath.fsum(a * mpmath.mpf(b) for a, b in zip(w, y, strict=True)) / total
        residual = [mpmath.mpf(b) - mean for b in y]
        if method in ("PM", "PMM"):
            q = mpmath.fsum(a * r * r for a, r in zip(w, residual, strict=True))
            return q - (len(y) - 1 if method == "PM" else chi_squared_median(len(y) - 1))
        squares = mpmath.fsum(a * a * r * r for a, r in zip(w, residual, strict=True))
        trace = total if method == "ML" else total - mpmath.fsum(a * a for a in w) / total
        return squares - trace

    return score


def chi_squared_median(df: int) -> mpmath.mpf:
    def excess(x: mpmath.mpf) -> mpmath.mpf:
        return mpmath.gammainc(mpmath.mpf(df) / 2, 0, x / 2, regularized=True) - mpmath.mpf("0.5")

    return mpmath.findroot(excess, df * (1 - mpmath.mpf(2) / (9 * df)) ** 3)


def test_no_data_set_measure_or_method_is_left_out() -> None:
    assert set(SETS) == set(GRID)
    for name, measures in GRID.items():
        assert set(SETS[name]["measures"]) == set(measures), name
        for measure in measures:
            entry = SETS[name]["measures"][measure]
            assert tuple(entry["fits"]) == METHODS, (name, measure)
            for method, fit in entry["fits"].items():
                profiled = {"tau2_ci"} if method in ("DL", "REML") else set()
                assert set(fit) == COMPARED | profiled, (name, measure, method)
            closed = set(entry) - {"yi", "vi", "fits"}
            expected = {"PETO": {"peto"}, "IRR": {"mantel_haenszel"}}.get(
                measure, {"mantel_haenszel"} if measure in ("RR", "OR", "RD") else set()
            )
            assert closed == expected, (name, measure)


def test_missing_figures_are_only_the_predictions_of_the_common_effect() -> None:
    missing = {
        (method, key)
        for data in SETS.values()
        for entry in data["measures"].values()
        for method, fit in entry["fits"].items()
        for key, value in fit.items()
        if value is None
    }
    assert missing == {("FE", key) for key in ("pi_lb", "pi_ub", "knha_pi_lb", "knha_pi_ub")}
