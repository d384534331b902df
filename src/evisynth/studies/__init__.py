"""Reading: a study file in; a `Study` that knows where each number stands out; next: `checks`."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
