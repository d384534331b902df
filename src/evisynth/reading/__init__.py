"""A YAML file: its text, its located nodes, and the models that say what each key may hold."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
