"""A process that only draws may leave out matplotlib's help texts; the figure is the same."""

from __future__ import annotations

import subprocess
import sys
from inspect import signature

from evisynth.figures import skip_help_of_artists

_DRAW = """
import sys
{first}
from hashlib import sha256
import evisynth
from evisynth.figures.save import png_bytes, svg_bytes
figure = evisynth.forest(evisynth.pool([-0.5, 0.1, -0.2], [0.1, 0.2, 0.05], effect_measure="RR"))
from matplotlib.lines import Line2D
from inspect import signature
helped = "markersize" in (Line2D.set.__doc__ or ""), "markersize" in signature(Line2D.set).parameters
print(sha256(svg_bytes(figure) + png_bytes(figure)).hexdigest(), *helped)
"""
_SKIP = "from evisynth.figures.quick_start import skip_help_of_artists; skip_help_of_artists()"


def _drawn(first: str) -> list[str]:
    code = _DRAW.format(first=first)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stderr == ""
    return run.stdout.split()


def test_the_figure_is_the_same_without_the_help() -> None:
    usual, *helped = _drawn("")
    quick, *also_helped = _drawn(_SKIP)
    assert usual == quick
    assert (helped, also_helped) == (["True", "True"], ["False", "False"])


def test_it_changes_nothing_once_matplotlib_has_its_classes() -> None:
    import matplotlib.artist
    from matplotlib.lines import Line2D

    before = matplotlib.artist.kwdoc, Line2D.set.__doc__, signature(Line2D.set)
    skip_help_of_artists()

    class Longer(Line2D):
        def set_longer(self, by: float) -> None:
            """Make it longer."""

    assert (matplotlib.artist.kwdoc, Line2D.set.__doc__, signature(Line2D.set)) == before
    assert "longer" in signature(Longer.set).parameters
