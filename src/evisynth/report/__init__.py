"""Telling: in go answers, figures and studies, out comes one self-contained HTML page; `pipeline` is next."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
