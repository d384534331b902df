"""Projects that a test may change: the five studies and their questions, and one without any."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from five_studies import FIVE_STUDIES, missing_files
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from evisynth.cli.main import main
from evisynth.database import ProjectFiles, build_database

Run = Callable[..., tuple[int, str, str]]


def pytest_configure() -> None:
    """Stop where a file is gone whose figures the tests know."""
    if missing := missing_files():
        raise pytest.UsageError(
            f"The tests rest on what this clone no longer has: {', '.join(missing)}. "
            f"Studies and questions can be added, these have to stay: git restore {' '.join(missing)}"
        )


@pytest.fixture(scope="session")
def five_studies() -> ProjectFiles:
    """The five studies and their questions, built; not to be changed."""
    files = ProjectFiles(FIVE_STUDIES)
    build_database(files)
    return files


@pytest.fixture
def project(tmp_path: Path, five_studies: ProjectFiles) -> Path:
    """A copy of the five studies and their questions, without the committed answers."""
    shutil.copytree(FIVE_STUDIES / "studies", tmp_path / "studies")
    shutil.copytree(FIVE_STUDIES / "evidence", tmp_path / "evidence")
    copy = ProjectFiles(tmp_path)
    copy.build.mkdir()
    with suppress(OSError):  # another file system: the test builds its own
        # A build replaces the file and never writes into it, so that one database serves until then.
        os.link(five_studies.database, copy.database)
        shutil.copy(five_studies.stamp, copy.stamp)
    return tmp_path


@pytest.fixture
def empty_project(tmp_path: Path) -> Path:
    """A project with the vocabulary, and neither studies nor questions."""
    (tmp_path / "studies").mkdir()
    (tmp_path / "evidence" / "questions").mkdir(parents=True)
    shutil.copy(FIVE_STUDIES / "evidence" / "vocabulary.yaml", tmp_path / "evidence")
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
