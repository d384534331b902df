"""Drawing: in goes a result, out comes a layout (pure), then a matplotlib `Figure`; `report` is next."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
