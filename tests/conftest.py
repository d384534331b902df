"""Projects that a test may change: the five studies and their questions, and one without any."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from five_studies import FIVE_STUDIES, missing_files
from font_list import fix_font_list, foreign_fonts, installed, make_font
from hypothesis import settings

from evisynth.cli.main import main
from evisynth.database import ProjectFiles, build_database

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Run = Callable[..., tuple[int, str, str]]

# How long an example takes is a matter of what else the machine does. Examples follow from the test alone, so
# that a commit passes or fails whoever tries it; `pytest --hypothesis-profile=explore` looks for others.
settings.register_profile(
    "gate", deadline=None, max_examples=50, derandomize=True, database=None, print_blob=True
)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile("gate")


def pytest_configure() -> None:
    """Stop where a file is gone whose figures the tests know; draw with the same fonts everywhere."""
    if missing := missing_files():
        raise pytest.UsageError(
            f"The tests rest on what this clone no longer has: {', '.join(missing)}. "
            f"Studies and questions can be added, these have to stay: git restore {' '.join(missing)}"
        )
    fix_font_list()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests of whole journeys, so that no core waits at the end for a long file."""
    here = Path(__file__).parent
    items.sort(key=lambda item: item.path.parent != here)


def pytest_collection_finish() -> None:
    """Leave thousands of tests, which live to the end, out of every walk of the garbage collector."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Give them back, since libraries complain at the end of what is never collected."""
    gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def no_font_from_elsewhere(test_font: Path) -> Iterator[None]:
    """Fail at the end of each process that runs tests if one opened a font that is not everywhere."""
    yield
    assert foreign_fonts(test_font) == {}


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


@pytest.fixture(scope="session")
def unreadable() -> Callable[[Figure], list[str]]:
    """What cannot be read in a figure: texts over each other or beyond the page; empty when all is well."""
    from readable import unreadable_texts

    return unreadable_texts


@pytest.fixture(scope="session")
def test_font(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of a small font that has some letters which DejaVu Sans lacks."""
    return make_font(tmp_path_factory.mktemp("fonts") / "EvisynthTest.ttf")


@pytest.fixture(params=["DejaVu alone", "DejaVu and a font for what it lacks"])
def each_font_list(request: pytest.FixtureRequest, test_font: Path) -> Iterator[None]:
    """Run a test with no font but DejaVu, and with one that stands in for it."""
    with nullcontext() if request.param == "DejaVu alone" else installed(test_font):
        yield
