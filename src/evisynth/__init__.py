"""evisynth: what abstracts report, kept as evidence that can be audited, pooled and drawn.

    import evisynth

    evidence = evisynth.open(".")                          # a project folder
    evidence.query(outcome="OS", statistic="median")       # pandas.DataFrame
    evidence.pool("complete-cytoreduction")                # PooledResult
    y, v = evisynth.effect_size("RR", events1=..., n1=..., events2=..., n2=...)
    evisynth.forest(evisynth.pool(y, v, effect_measure="risk_ratio"))

Importing the package imports nothing heavy; each name below is fetched when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from evisynth.effects.effect_size import effect_size
    from evisynth.figures.forest.draw import forest
    from evisynth.pipeline.evidence import Evidence
    from evisynth.pipeline.evidence import open_evidence as open
    from evisynth.synthesis.bayesian import pool_bayesian
    from evisynth.synthesis.pool import pool
    from evisynth.synthesis.pool_many import pool_many
    from evisynth.synthesis.result import PooledResult

_HOME = {
    "Evidence": ("evisynth.pipeline.evidence", "Evidence"),
    "PooledResult": ("evisynth.synthesis.result", "PooledResult"),
    "effect_size": ("evisynth.effects.effect_size", "effect_size"),
    "forest": ("evisynth.figures.forest.draw", "forest"),
    "open": ("evisynth.pipeline.evidence", "open_evidence"),
    "pool": ("evisynth.synthesis.pool", "pool"),
    "pool_bayesian": ("evisynth.synthesis.bayesian", "pool_bayesian"),
    "pool_many": ("evisynth.synthesis.pool_many", "pool_many"),
}

__all__ = [
    "Evidence",
    "PooledResult",
    "effect_size",
    "forest",
    "open",
    "pool",
    "pool_bayesian",
    "pool_many",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'evisynth' has no attribute '{name}'")
    from importlib import import_module

    module, attribute = _HOME[name]
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
