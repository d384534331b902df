"""Building the database: beside the old one, and swapped in whole.

The tables are always written anew, from rows that are parsed again only where a file changed. A build that
is killed leaves the old database as it was and a folder that the next build removes; a reader that has the
old database open goes on reading it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evisynth.database.freshness import check_freshness, write_stamp
from evisynth.database.project_files import ProjectFiles
from evisynth.errors import ProjectError
from evisynth.whole_files import refuse_links

#: How often files may change while they are read before a person is told.
_TRIES = 5
#: How long a build waits for another one without a word, and how often it looks meanwhile.
_SILENT_SECONDS = 1.0
_BETWEEN_TRIES = 0.05
_LONGEST_PID = 20


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; ``parsed`` counts the study files that were read again."""

    database: Path
    study_count: int
    parsed: int
    built: bool


def ensure_database(files: ProjectFiles) -> Path:
    """Return the database, built first when it is missing or stale."""
    refuse_links(files.folder, files.build)
    if check_freshness(files).fresh:
        return files.database
    return build_database(files).database


def build_database(files: ProjectFiles) -> BuildReport:
    """Bring the database up to date with the study files and the vocabulary.

    Raises
    ------
    FindingsError
        With every mistake of every file; the old database stays.
    ProjectError
        When the folder cannot be read or written.
    """
    refuse_links(files.folder, files.parse_cache)
    try:
        files.build.mkdir(parents=True, exist_ok=True)
        with _only_builder(files.lock) as alone:
            return _build(files, alone)
    except OSError as error:
        raise ProjectError(
            f"the database cannot be built in {files.build}: {error.strerror or error}"
        ) from error


def _build(files: ProjectFiles, alone: bool) -> BuildReport:
    # Only a build pays for importing what it needs: every command asks whether one is due.
    from evisynth.database.parse_files import parse_files
    from evisynth.database.write_database import remove_leftovers, swap_in_database

    if alone:
        remove_leftovers(files.build)
    for _ in range(_TRIES):
        found = check_freshness(files)
        snapshot = found.snapshot
        if found.fresh:
            return BuildReport(files.database, len(snapshot.studies), 0, built=False)
        parsed = parse_files(files, snapshot)
        if parsed.lines is not None:
            swap_in_database(files.database, parsed.lines)
            write_stamp(files, snapshot)
            return BuildReport(files.database, len(snapshot.studies), parsed.parsed, built=True)
    raise ProjectError(
        f"files in {files.studies} keep changing while they are read; try again when they rest"
    )


@contextmanager
def _only_builder(lock: Path) -> Iterator[bool]:
    """Wait until no other process builds here, and say whether that is certain.

    A lock ends with the process that holds it, however that ends.
    """
    try:
        import fcntl
    except ImportError:  # Windows has no such lock; of two builds at once the last to finish stands
        yield False
        return
    if lock.is_symlink():  # not ours: opening it would empty what it points to
        lock.unlink()
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    try:
        if not _is_soon_free(handle):
            _say_who_builds(handle, lock)
            fcntl.flock(handle, fcntl.LOCK_EX)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield True
    finally:
        os.close(handle)


def _is_soon_free(handle: int) -> bool:
    """Try to take the lock, for a second."""
    import fcntl

    until = time.monotonic() + _SILENT_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(_BETWEEN_TRIES)
        else:
            return True


def _say_who_builds(handle: int, lock: Path) -> None:
    """Tell a person who waits which process holds the lock, as it wrote there itself."""
    import logging  # only who waits pays for it

    holder = os.pread(handle, _LONGEST_PID, 0).decode("ascii", "replace").strip()
    who = f"process {holder}" if holder.isdigit() else "another process"
    logging.getLogger("evisynth").warning(
        "evisynth: waiting for %s, which builds the database of %s; it goes on when that has ended",
        who,
        lock.parent.parent,
    )
