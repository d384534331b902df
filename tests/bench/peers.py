"""The Python peers, each called in the quickest way that its documentation offers.

Run by an interpreter that has the packages of ``peers.txt``: times them and prints JSON. All fit a
random-effects model by REML with the interval of Hartung and Knapp whose factor is at least 1, and hand over
the same quantities; where a peer has no such thing, its entry says so. No option that makes a peer slower is
set, and no check that it makes by itself is switched off.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from made_up_effects import FEW, LOOPED, MANY, SIZES, effects, sets_of_five
from stopwatch import median_milliseconds, seconds

#: What each program hands over, in this order; of many sets, arrays.
QUANTITIES = ("estimate", "ci_lower", "ci_upper", "tau_squared", "i_squared", "q_statistic", "q_p_value")
#: Columns of one vectorised call of PyMARE: of 1,000 to 50,000 this was the quickest.
AT_ONCE = 10_000

Quantities = tuple[Any, ...]
Fit = Callable[[np.ndarray, np.ndarray], Quantities]


@dataclass(frozen=True)
class Peer:
    """A package, how it fits one set, how it fits many, and in what its answer is not ours."""

    package: str
    load: Callable[[], Fit]
    load_many: Callable[[], Fit] | None = None
    differs: str = ""


def pymare_many() -> Fit:
    """PyMARE takes a set a column; its functions are vectorised over them."""
    from pymare import Dataset
    from pymare.estimators import VarianceBasedLikelihoodEstimator

    def fit(y: np.ndarray, v: np.ndarray) -> Quantities:
        estimator = VarianceBasedLikelihoodEstimator(
            method="REML", small_sample_correction="knapp-hartung-conservative"
        )
        data = Dataset(y=y.T, v=v.T, X=np.ones((y.shape[1], 1)), add_intercept=False)
        result = estimator.fit_dataset(data).summary()
        overall, spread = result.get_fe_stats(), result.get_heterogeneity_stats()
        effect = (overall[name][0] for name in ("est", "ci_l", "ci_u"))
        return (*effect, np.ravel(result.tau2), spread["I^2"] / 100, spread["Q"], spread["p(Q)"])

    return fit


def pymare_one() -> Fit:
    """PyMARE with one column."""
    fit_many = pymare_many()

    def fit(y: np.ndarray, v: np.ndarray) -> Quantities:
        return tuple(column[0] for column in fit_many(y[None, :], v[None, :]))

    return fit


def pymetaanalysis() -> Fit:
    """PyMetaAnalysis; its ``subgroup`` is a loop over the same function, and fits all rows besides."""
    from meta_analyze import meta_analysis

    def fit(y: np.ndarray, v: np.ndarray) -> Quantities:
        r = meta_analysis(effect=y, variance=v, tau2_method="REML", ci_method="hartung_knapp_adhoc")
        return r.estimate, r.ci_low, r.ci_high, r.tau2, r.i2, r.q, r.q_pvalue

    return fit


def pimeta() -> Fit:
    """Pimeta; its leaner ``pool_yv`` has no interval of Hartung and Knapp."""
    from pimeta import rma

    def fit(y: np.ndarray, v: np.ndarray) -> Quantities:
        r = rma(y, v, method="REML", test="adhoc")
        return r.b[0], r.ci_lb[0], r.ci_ub[0], r.tau2, r.I2 / 100, r.QE, r.QEp

    return fit


def statsmodels() -> Fit:
    """Statsmodels."""
    from statsmodels.stats.meta_analysis import combine_effects

    def fit(y: np.ndarray, v: np.ndarray) -> Quantities:
        r = combine_effects(y, v, method_re="iterated", use_t=True)
        lower, upper = r.conf_int()[3]
        return r.mean_effect_re, lower, upper, r.tau2, r.i2, r.q, r.test_homogeneity().pvalue

    return fit


PEERS = {
    "PyMARE": Peer("pymare", pymare_one, pymare_many, "many sets in one vectorised call; I squared from Q"),
    "PyMetaAnalysis": Peer(
        "PyMetaAnalysis", pymetaanalysis, None, "adds a Q-profile interval of tau squared, always"
    ),
    "pimeta": Peer("pimeta", pimeta, None, "adds a standard error of tau squared, always"),
    "statsmodels": Peer(
        "statsmodels", statsmodels, None,
        "has no REML: Paule and Mandel's tau squared, an interval without the floor of 1, another I squared",
    ),
}  # fmt: skip


def measure(peer: Peer, *, short: bool) -> dict[str, Any]:
    """Time a peer on every row of the table, in milliseconds, and keep its answers on five rows."""
    fit = peer.load()
    found: dict[str, Any] = {"times": {}, "version": version(peer.package), "differs": peer.differs}
    found["answer"] = [float(value) for value in fit(*effects(5))]
    for rows in SIZES[:1] if short else SIZES:
        y, v = effects(rows)
        try:
            found["times"][f"one, k = {rows}"] = median_milliseconds(
                lambda y=y, v=v: fit(y, v), most_calls=300, patience=0.2 if short else 4
            )
        except Exception as failure:
            print(f"{peer.package} at k = {rows}: {type(failure).__name__}: {failure}", file=sys.stderr)
    found["times"].update(measure_many(peer, fit, short=short))
    return found


def measure_many(peer: Peer, fit: Fit, *, short: bool) -> dict[str, float]:
    """Time many sets: in vectorised calls where there are any, else ``LOOPED`` of them one after another."""
    if peer.load_many is None:
        y, v = sets_of_five(50 if short else LOOPED)
        loop = seconds(lambda: [fit(*one) for one in zip(y, v, strict=True)])
        return {f"{FEW:,}, k = 5": 1000 * loop * FEW / len(y)}
    fit_many = peer.load_many()
    found = {}
    for count in (FEW,) if short else (FEW, MANY):
        y, v = sets_of_five(count)

        def run(y: np.ndarray = y, v: np.ndarray = v) -> None:
            for start in range(0, len(y), AT_ONCE):
                fit_many(y[start : start + AT_ONCE], v[start : start + AT_ONCE])

        found[f"{count:,}, k = 5"] = (
            1000 * seconds(run) if count == MANY else median_milliseconds(run, most_calls=15)
        )
    return found


def main() -> None:
    """Measure every peer that this interpreter has; one that is missing is named."""
    found = {}
    for name, peer in PEERS.items():
        try:
            version(peer.package)
        except PackageNotFoundError:
            print(f"{name} is not installed here and is left out", file=sys.stderr)
            continue
        found[name] = measure(peer, short="--short" in sys.argv)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
