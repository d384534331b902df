"""A folder that is written whole or not at all, in the place of an empty one or of an earlier export."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evisynth.errors import ProjectError
from evisynth.report import PACKAGE_FILE, PACKAGE_NAME

#: What file managers leave in folders that people open.
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


def check_replaceable(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier export.

    Raises
    ------
    ProjectError
        Naming what is in the way.
    """
    if not os.path.lexists(folder):
        return
    if not folder.is_dir():
        raise ProjectError(f"{folder} is not a folder; name another with -o FOLDER")
    inside = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if not (path.is_dir() and not path.is_symlink()) and path.name not in _LITTER
    }
    if not inside:
        return
    listed = _files_of_export(folder)
    if listed is None:
        raise ProjectError(
            f"{folder} is not empty and was not written by evisynth export, which would replace it; "
            "name another folder with -o FOLDER"
        )
    others = sorted(inside - listed)
    if others:
        named = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
        raise ProjectError(
            f"{folder} holds what evisynth export did not write, and would be replaced whole ({named}); "
            "move that elsewhere, or name another folder with -o FOLDER"
        )


def _files_of_export(folder: Path) -> set[str] | None:
    """Give the files that an earlier export wrote here; None when there was none."""
    try:
        package = json.loads((folder / PACKAGE_FILE).read_text(encoding="utf-8"))
        if package["name"] != PACKAGE_NAME:
            return None
        return {PACKAGE_FILE, *(resource["path"] for resource in package["resources"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def replaced_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write into, which takes the place of ``folder`` when all has gone well.

    Raises
    ------
    ProjectError
        When the place cannot be written to, or holds anything but an earlier export.
    """
    check_replaceable(folder)
    place = folder.resolve()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            dir=place.parent, prefix=".exporting-", ignore_cleanup_errors=True
        ) as work:
            new = Path(work) / "new"
            new.mkdir()
            yield new
            _swap_in(new, place, Path(work) / "old")
    except OSError as error:
        raise ProjectError(f"{folder} cannot be written: {error.strerror or error}") from error


def _swap_in(new: Path, place: Path, aside: Path) -> None:
    """Move the old folder aside and the new one in; the old one comes back when that fails."""
    if not place.exists():
        os.rename(new, place)
        return
    os.rename(place, aside)
    try:
        os.rename(new, place)
    except OSError:
        os.rename(aside, place)
        raise
    shutil.rmtree(aside, ignore_errors=True)
