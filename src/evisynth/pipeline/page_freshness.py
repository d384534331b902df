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
from evisynth.whole_files import write_whole

#: Beside the pages; hidden, since nobody reads it.
STAMP_NAME = ".evisynth-report.json"


def page_inputs(project: Path) -> dict[str, str]:
    """Return the hash of each file that a report is made from, by its place in the project; and the code."""
    found = {place: hash_file(project / place) for place in _files(project)}
    return {**found, "code": reader_version(), "programs": _programs()}


def current_page(project: Path, folder: Path, *, gallery: bool) -> Path | None:
    """Return the page of a folder when it, and the gallery if asked, says what the project says now."""
    stamp = _read_stamp(folder)
    pages = stamp.get("pages")
    if not isinstance(pages, dict) or not pages or len(pages) < 1 + gallery:
        return None
    whole = all(written == hash_file(folder / name) for name, written in pages.items())
    return folder / next(iter(pages)) if whole and stamp.get("inputs") == page_inputs(project) else None


def write_stamp(folder: Path, pages: Sequence[Path], inputs: Mapping[str, str]) -> None:
    """Say what the pages of a folder were made from, the report first. Without it they are made again."""
    kept = {"inputs": dict(inputs), "pages": {page.name: hash_file(page) for page in pages}}
    with suppress(ProjectError):
        write_whole(folder / STAMP_NAME, json.dumps(kept))


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
