"""Starting to draw sooner: matplotlib without the help texts that it writes while it is imported."""

from __future__ import annotations

import sys

#: Where matplotlib does so, by its own name for it; should it choose another, the step takes its time again.
_STEP = "_update_set_signature_and_docstring"


def skip_help_of_artists() -> None:
    """Import matplotlib's artists without lists of their properties in docstrings and signatures.

    matplotlib composes these lists for each of its classes while it is imported, a third of that time, and a
    process that draws one figure and ends reads none. For such a process alone: in a notebook somebody
    may ask for them. Nothing that is drawn depends on them. Without effect once matplotlib has its classes.
    """
    if "matplotlib.figure" in sys.modules:
        return
    import matplotlib.artist

    matplotlib.artist.kwdoc = _no_list
    setattr(matplotlib.artist.Artist, _STEP, classmethod(_no_signature))


def _no_list(artist: object) -> str:
    return ""


def _no_signature(artist: type) -> None:
    return None
