"""evisynth: what abstracts report, kept as evidence that can be audited, pooled and drawn.

    import evisynth

    evidence = evisynth.open(".")                          # a project folder
    evidence.query(outcome="OS", statistic="median")       # pandas.DataFrame
    evidence.pool("complete-cytoreduction")                # PooledResult
    y, v = evisynth.effect_size("RR", events1=..., n1=..., events2=..., n2=...)
    evisynth.forest(evisynth.pool(y, v, effect_measure="risk_ratio"))

Importing the package imports nothing heavy; each name below is fetched when it is first used.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
