"""Building: in go studies, out comes the DuckDB file, swapped in atomically; `outcomes` is next."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
