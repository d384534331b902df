"""Starting to draw sooner: matplotlib without the help texts that it writes while it is imported."""

from __future__ import annotations

import sys


def skip_help_of_artists() -> None:
    """Import matplotlib's artists without the lists of properties in their docstrings.

    matplotlib composes these lists for each of its classes while it is imported, a fifth of that time, and a
    process that draws one figure and ends reads none. For such a process alone: in a notebook somebody
    may ask for them. Nothing that is drawn depends on them. Without effect once matplotlib has its classes.
    """
    if "matplotlib.figure" in sys.modules:
        return
    import matplotlib.artist

    matplotlib.artist.kwdoc = _no_list


def _no_list(artist: object) -> str:
    return ""
