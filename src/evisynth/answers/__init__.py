"""Answers: a question and its effects in; rows, and an estimate or the reason for none, out."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
