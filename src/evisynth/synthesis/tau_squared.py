"""The estimators of the between-study variance, by the names under which the field knows them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import MappingProxyType

from evisynth.synthesis.tau_squared_generalised_q import (
    tau_squared_paule_mandel,
    tau_squared_paule_mandel_median,
)
from evisynth.synthesis.tau_squared_likelihood import tau_squared_likelihood
from evisynth.synthesis.tau_squared_moments import (
    tau_squared_dersimonian_laird,
    tau_squared_hedges,
    tau_squared_hunter_schmidt,
    tau_squared_hunter_schmidt_small_sample,
    tau_squared_sidik_jonkman,
)
from evisynth.synthesis.validation import checked_name
from evisynth.synthesis.weighted_sums import ScaledEffects


def _common_effect(effects: ScaledEffects) -> float:
    """Assume no between-study variance: the common-effect model."""
    del effects
    return 0.0


TAU_SQUARED_ESTIMATORS: MappingProxyType[str, Callable[[ScaledEffects], float]] = MappingProxyType(
    {
        "common": _common_effect,
        "DL": tau_squared_dersimonian_laird,
        "HE": tau_squared_hedges,
        "HS": tau_squared_hunter_schmidt,
        "HSk": tau_squared_hunter_schmidt_small_sample,
        "SJ": tau_squared_sidik_jonkman,
        "ML": partial(tau_squared_likelihood, restricted=False),
        "REML": partial(tau_squared_likelihood, restricted=True),
        "EB": tau_squared_paule_mandel,
        "PM": tau_squared_paule_mandel,
        "PMM": tau_squared_paule_mandel_median,
    }
)


def tau_squared_estimator(name: str) -> Callable[[ScaledEffects], float]:
    """Look an estimator up by its name.

    Raises
    ------
    InvalidDataError
        Listing the known names.
    """
    return TAU_SQUARED_ESTIMATORS[checked_name("tau-squared estimator", name, tuple(TAU_SQUARED_ESTIMATORS))]
