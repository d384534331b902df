"""Asking the database: a question in; reported outcomes and comparisons out; next: `effects`."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
