"""Closed formulas on scalars, intervals and counts, shared by checks, effects and synthesis."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
