"""A project begun in a folder: words to start from, an example that answers, settings.

What is written stands as files in ``new_project/`` beside this module, a leading dot spelt ``dot-``; the
schemas and the page of keys are made from the models. Nothing that exists is overwritten.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evisynth.database import ProjectFiles
from evisynth.errors import ProjectError
from evisynth.outcomes import key_files
from evisynth.reading import list_yaml_files
from evisynth.studies import read_vocabulary
from evisynth.whole_files import refuse_links

TEMPLATES = Path(__file__).with_name("new_project")
_DOT = "dot-"
_PROGRAM = "EVISYNTH"


@dataclass(frozen=True, slots=True)
class StartedProject:
    """The folder, the files that were written, those that were there, and whether it held anything."""

    folder: Path
    written: tuple[str, ...]
    kept: tuple[str, ...]
    was_empty: bool
    has_example: bool


def start_project(folder: Path) -> StartedProject:
    """Begin a project in a folder, which is made if it is not there.

    The made-up example is written only where there is neither a vocabulary nor a study, since it would stand
    among somebody's own evidence.

    Raises
    ------
    ProjectError
        The folder is a file, or cannot be written to.
    FindingsError
        The vocabulary that is there has mistakes.
    """
    files = ProjectFiles(folder)
    was_empty = not folder.is_dir() or not any(folder.iterdir())
    _make(folder)
    has_example = not files.vocabulary.exists() and not _has_studies(files.studies)
    written: list[str] = []
    kept: list[str] = []
    for name, text in _templates(has_example):
        (written if _write_new(folder, name, text) else kept).append(name)
    for name, text in key_files(read_vocabulary(files.vocabulary)).items():
        place = f"evidence/{name}"
        (written if _write_new(folder, place, text) else kept).append(place)
    return StartedProject(folder, tuple(written), tuple(kept), was_empty, has_example)


def _make(folder: Path) -> None:
    try:
        for place in (folder, folder / "studies", folder / "evidence" / "questions"):
            refuse_links(folder, place)
            place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProjectError(
            f"no project can be begun in '{folder}': {error.strerror}; name another folder"
        ) from error


def _has_studies(folder: Path) -> bool:
    return bool(list_yaml_files(folder).paths)


def _templates(with_example: bool) -> Iterator[tuple[str, str]]:
    """Give every file its place in the project, and its text."""
    for path in sorted(TEMPLATES.rglob("*")):
        if not path.is_file() or (path.stem.startswith("example") and not with_example):
            continue
        parts = path.relative_to(TEMPLATES).parts
        place = "/".join(f".{part.removeprefix(_DOT)}" if part.startswith(_DOT) else part for part in parts)
        text = path.read_text(encoding="utf-8")
        yield place, text.replace(_PROGRAM, requirement()) if place == "requirements.txt" else text


def _write_new(folder: Path, place: str, text: str) -> bool:
    """Write a file unless something has its name; say whether it was written."""
    path = folder / place
    try:
        refuse_links(folder, path.parent)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return False
    except OSError as error:
        raise ProjectError(
            f"cannot write '{path}': {error.strerror}; mend that, and type it again"
        ) from error
    return True


def requirement() -> str:
    """Say to pip which evisynth this is: its address if others can reach that, else the version."""
    from importlib import metadata

    from evisynth import __version__

    try:
        origin = json.loads(metadata.distribution("evisynth").read_text("direct_url.json") or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        origin = {}
    address, of_git = str(origin.get("url", "")), origin.get("vcs_info", {})
    if of_git.get("vcs") == "git" and of_git.get("commit_id") and address.startswith("https://"):
        return f"evisynth @ git+{address}@{of_git['commit_id']}"
    if address.startswith("https://"):
        return f"evisynth @ {address}"
    return f"evisynth=={__version__}"
