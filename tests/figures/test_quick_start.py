"""A process that only draws may leave out matplotlib's help texts; the figure is the same."""

from __future__ import annotations

import subprocess
import sys

from evisynth.figures.quick_start import skip_help_of_artists

_DRAW = """
import sys
{first}
from hashlib import sha256
import evisynth
from evisynth.figures.save import svg_bytes
figure = evisynth.forest(evisynth.pool([-0.5, 0.1, -0.2], [0.1, 0.2, 0.05], effect_measure="RR"))
from matplotlib.lines import Line2D
print(sha256(svg_bytes(figure)).hexdigest(), "markersize" in Line2D.set.__doc__)
"""
_SKIP = "from evisynth.figures.quick_start import skip_help_of_artists; skip_help_of_artists()"


def _drawn(first: str) -> list[str]:
    code = _DRAW.format(first=first)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stderr == ""
    return run.stdout.split()


def test_the_figure_is_the_same_without_the_help() -> None:
    (usual, helped), (quick, also_helped) = _drawn(""), _drawn(_SKIP)
    assert usual == quick
    assert (helped, also_helped) == ("True", "False")


def test_it_changes_nothing_once_matplotlib_has_its_classes() -> None:
    import matplotlib.figure

    before = matplotlib.artist.kwdoc
    skip_help_of_artists()
    assert matplotlib.artist.kwdoc is before
