"""Recovery: reported outcomes in; points with a standard error, bounds or refusals out; next: `synthesis`."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
