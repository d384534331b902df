"""The stamp of a written report: what its pages were made from, and what they were when they were written.

Times of files tell neither: a file can be newer in content and older in time, and a page that was cut short
is newer than all it was made from. So contents are compared, of every file that a person writes, every
committed answer and every page; the code counts by its sizes and times.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from evisynth.database import hash_file, reader_version
from evisynth.errors import ProjectError
from evisynth.pipeline.changes.earlier_time import earlier_time
from evisynth.whole_files import write_whole

GALLERY_NAME = "gallery.html"
#: Beside the pages; hidden, since nobody reads it.
STAMP_NAME = ".evisynth-report.json"


def page_inputs(project: Path) -> dict[str, str]:
    """Return the hash of each file that a report is made from, by its place in the project; and the code.

    ``before`` is the commit of the answers that today's are compared with.
    """
    found = {place: hash_file(project / place) for place in _files(project)}
    return {**found, "code": reader_version(), "programs": _programs(), "before": earlier_time(project).key}


def current_page(project: Path, folder: Path, *, gallery: bool, single_file: bool = False) -> Path | None:
    """Return the first page of a folder when all of them say what the project says now.

    ``gallery`` asks for that page too, ``single_file`` for a report in one file.
    """
    stamp = _read_stamp(folder)
    pages = stamp.get("pages")
    if not isinstance(pages, dict) or not pages or stamp.get("single_file") != single_file:
        return None
    if gallery and GALLERY_NAME not in pages:
        return None
    whole = all(written == _hash_of(folder, place) for place, written in pages.items())
    return folder / next(iter(pages)) if whole and stamp.get("inputs") == page_inputs(project) else None


def remove_old_pages(folder: Path, pages: Sequence[Path]) -> None:
    """Remove pages of an earlier report that are none of ``pages``; what anybody changed since is kept."""
    before = _read_stamp(folder).get("pages")
    kept = {page.relative_to(folder).as_posix() for page in pages}
    for place, written in before.items() if isinstance(before, dict) else ():
        if place not in kept and _is_page(place) and _hash_of(folder, place) == written:
            (folder / place).unlink(missing_ok=True)


def write_stamp(
    folder: Path, pages: Sequence[Path], inputs: Mapping[str, str], *, single_file: bool = False
) -> None:
    """Say what the pages of a folder were made from, the report first. Without it they are made again."""
    kept = {
        "inputs": dict(inputs),
        "single_file": single_file,
        "pages": {page.relative_to(folder).as_posix(): hash_file(page) for page in pages},
    }
    with suppress(ProjectError):
        write_whole(folder / STAMP_NAME, json.dumps(kept))


def _is_page(place: str) -> bool:
    """Whether a place is one that a report writes to: a stamp may have been written by anybody."""
    folder, _, name = place.rpartition("/")
    return folder in ("", "questions", "studies") and name.endswith(".html") and "\\" not in name


def _hash_of(folder: Path, place: str) -> str | None:
    """Hash a page; None of one that is not there, or is a link or behind one."""
    page = folder / place
    if not page.is_file() or page.is_symlink() or (page.parent != folder and page.parent.is_symlink()):
        return None
    return hash_file(page)


def _files(project: Path) -> Iterator[str]:
    for top in ("studies", "evidence"):
        for folder, subfolders, names in os.walk(project / top):
            subfolders.sort()
            for name in sorted(names):
                if not name.startswith("."):
                    yield Path(folder, name).relative_to(project).as_posix()


def _programs() -> str:
    """Identify the Python and the library that draws: with another one, pictures may differ."""
    drawing = find_spec("matplotlib")
    made = os.stat(drawing.origin).st_mtime_ns if drawing is not None and drawing.origin else 0
    return hashlib.sha256(f"{sys.version} {made}".encode()).hexdigest()


def _read_stamp(folder: Path) -> dict[str, Any]:
    try:
        stamp = json.loads((folder / STAMP_NAME).read_bytes())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}
