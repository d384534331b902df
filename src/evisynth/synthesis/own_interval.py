"""The interval of one effect alone, before anything is pooled."""

from __future__ import annotations

from statistics import NormalDist

from evisynth.effects.effect import Effect


def own_interval(effect: Effect, level: float) -> tuple[float | None, float | None]:
    """Give the interval of one effect on its analysis scale: its own, else estimate ± z SE at ``level``."""
    if effect.ci_lower is not None or effect.ci_upper is not None:
        return effect.ci_lower, effect.ci_upper
    if effect.estimate is None or effect.standard_error is None:
        return None, None
    reach = NormalDist().inv_cdf((1 + level) / 2) * effect.standard_error
    return effect.estimate - reach, effect.estimate + reach
