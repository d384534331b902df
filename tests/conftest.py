"""Project folders to work in: the real one, and copies that a test may change."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from evisynth.cli.main import main

ROOT = Path(__file__).parents[1]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the evidence and its questions, without the committed answers."""
    shutil.copytree(ROOT / "studies", tmp_path / "studies")
    shutil.copytree(ROOT / "evidence", tmp_path / "evidence", ignore=shutil.ignore_patterns("results"))
    return tmp_path


@pytest.fixture
def empty_project(tmp_path: Path) -> Path:
    """A project with the vocabulary, and neither studies nor questions."""
    (tmp_path / "studies").mkdir()
    (tmp_path / "evidence" / "questions").mkdir(parents=True)
    shutil.copy(ROOT / "evidence" / "vocabulary.yaml", tmp_path / "evidence")
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command in a project: exit status, standard output, standard error."""

    def type_command(folder: Path, *words: str) -> tuple[int, str, str]:
        try:
            status = main(["-C", str(folder), *words])
        except SystemExit as stop:
            status = int(stop.code or 0)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return type_command


def unreadable_texts(figure: Figure, slack: float = 1.5) -> list[str]:
    """Say which drawn texts touch each other or leave the page by more than ``slack`` points.

    Measured at 288 dots an inch, near that of a saved PNG: at 72 every letter is rounded to a whole point,
    which makes long bold lines 5% wider than they are in any file.
    """
    dots = 4.0  # a point
    figure.set_dpi(72 * dots)
    renderer = FigureCanvasAgg(figure).get_renderer()
    with warnings.catch_warnings():
        # Asking for an extent outside of drawing warns of glyphs that no font here has.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        texts = [text for text in figure.findobj(Text) if text.get_text().strip()]
        extents = [text.get_window_extent(renderer) for text in texts]
    left, bottom, right, top = np.array([[e.x0, e.y0, e.x1, e.y1] for e in extents]).T / dots
    width, height = figure.get_size_inches() * 72
    outside = (left < -slack) | (bottom < -slack) | (right > width + slack) | (top > height + slack)
    across = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    down = np.minimum(top[:, None], top) - np.maximum(bottom[:, None], bottom)
    pairs = np.argwhere(np.triu((across > slack) & (down > slack), k=1))
    found = [f"{texts[i].get_text()!r} leaves the page" for i in np.flatnonzero(outside)]
    return found + [f"{texts[i].get_text()!r} lies over {texts[j].get_text()!r}" for i, j in pairs]


@pytest.fixture(scope="session")
def unreadable() -> Callable[[Figure], list[str]]:
    """What cannot be read in a figure: texts over each other or beyond the page; empty when all is well."""
    return unreadable_texts
