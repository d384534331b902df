"""Looking twice: in go studies, out come findings with a code, a place and a fix; `database` is next."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
