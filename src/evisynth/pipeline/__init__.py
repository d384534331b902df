"""The journey in one place: a project folder becomes answers, plots and pages; ``cli`` is what types it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
