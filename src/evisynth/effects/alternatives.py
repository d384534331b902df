"""What an effect's standard error would be with fewer patients under observation: shown beside, never pooled.

The grid for rerunning a synthesis over every admissible choice starts from these.
"""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.arithmetic.median_precision import EFFECTIVE_SHARES
from evisynth.effects.effect import Effect
from evisynth.effects.follow_up import FULL_FOLLOW_UP, SENSITIVITY_SHARES, standard_error_if_observed

_BY_PATIENTS = frozenset({"survival_with_patients", "landmark_contrast", "landmark_risk_contrast"})
_MEDIANS = frozenset({"median_with_patients", "median_contrast"})


@dataclass(frozen=True, slots=True)
class Alternative:
    """The same estimate when only ``share`` of the patients effectively stand behind it."""

    share: float
    estimate: float
    standard_error: float


def alternatives(effect: Effect) -> tuple[Alternative, ...]:
    """Return the sensitivity of a point to incomplete follow-up, empty where it does not depend on it.

    The standard errors are upper limits: SE/sqrt(G) for rates, SE/sqrt(share) for medians.
    """
    if effect.kind != "point" or effect.estimate is None or effect.standard_error is None:
        return ()
    if FULL_FOLLOW_UP not in effect.flags:
        return ()
    shares: tuple[float, ...] = ()
    if effect.recovery in _BY_PATIENTS:
        shares = SENSITIVITY_SHARES
    elif effect.recovery in _MEDIANS:
        shares = EFFECTIVE_SHARES[1:]
    return tuple(
        Alternative(share, effect.estimate, standard_error_if_observed(effect.standard_error, share))
        for share in shares
    )
