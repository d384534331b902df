"""Freshness of the database: that it is made from the files as they are now, found without opening it.

Beside the database lies a stamp: the hash of every file it was built from, with the size, the times and
the inode by which an untouched file is known without reading it, and the identity of the database file, so
that a stamp never speaks for another database. A file changed so shortly before it was read that its time
could be the same afterwards is read again.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evisynth.database.project_files import ProjectFiles
from evisynth.errors import ProjectError
from evisynth.reading import is_yaml_name
from evisynth.whole_files import write_whole

#: Coarsest tick of file times that is reckoned with (FAT has 2 s).
_RACY_NANOSECONDS = 2_000_000_000
_UNREADABLE = "unreadable"

Fingerprint = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class FileState:
    """How a file looked when it was hashed: size, modification and change time, inode."""

    fingerprint: Fingerprint
    sha256: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of a project at one moment, as far as they decide the content of the database."""

    read_at: int
    reader: str
    vocabulary: FileState
    studies: Mapping[str, FileState]

    @property
    def content(self) -> str:
        """Hash of all that the tables depend on; the order in which a folder lists its files is not."""
        parts = [
            self.reader,
            self.vocabulary.sha256,
            *(f"{name} {self.studies[name].sha256}" for name in self.studies),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Freshness:
    """The snapshot taken, and whether the database is built from exactly that."""

    snapshot: Snapshot
    fresh: bool


def check_freshness(files: ProjectFiles) -> Freshness:
    """Compare the database with the files; a stamp that can be made more telling is renewed."""
    stamp = _read_stamp(files.stamp)
    known = _known_states(stamp)
    snapshot = take_snapshot(files, known, stamp.get("read_at", 0))
    database = database_identity(files.database)
    fresh = (
        database is not None
        and stamp.get("database") == database
        and stamp.get("content") == snapshot.content
    )
    if fresh and any(known.get(name) != state for name, state in _named_states(snapshot).items()):
        write_stamp(files, snapshot)
    elif fresh and any(_is_racy(state, stamp["read_at"]) for state in known.values()):
        write_stamp(files, snapshot)
    return Freshness(snapshot, fresh)


def take_snapshot(
    files: ProjectFiles, known: Mapping[str, FileState] | None = None, read_at: int = 0
) -> Snapshot:
    """Hash the files of a project, but for those in ``known`` that were not touched since ``read_at``."""
    now = time.time_ns()
    known = known or {}
    if not files.vocabulary.is_file():
        raise ProjectError(
            f"{files.vocabulary} does not exist; a project folder needs it beside studies/, "
            "and evisynth init writes one to begin with"
        )
    studies = {
        name: _state(path, known.get(name), read_at)
        for name, path in sorted(_study_files(files.studies).items())
    }
    vocabulary = _state(files.vocabulary, known.get(""), read_at)
    return Snapshot(now, reader_version(), vocabulary, studies)


def _study_files(folder: Path) -> dict[str, str]:
    try:
        with os.scandir(folder) as entries:
            return {entry.name: entry.path for entry in entries if is_yaml_name(entry.name)}
    except OSError as error:
        raise ProjectError(
            f"{folder} cannot be read ({error.strerror}); a project folder holds its study files there"
        ) from error


def _state(path: str | Path, known: FileState | None, read_at: int) -> FileState:
    try:
        status = os.stat(path)
    except OSError:
        return FileState((0, 0, 0, 0), _UNREADABLE)
    fingerprint = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
    if known is not None and known.fingerprint == fingerprint and not _is_racy(known, read_at):
        return known
    # A pipe or a device would be waited for without end.
    return FileState(fingerprint, hash_file(path) if stat.S_ISREG(status.st_mode) else _UNREADABLE)


def _is_racy(state: FileState, read_at: int) -> bool:
    return max(state.fingerprint[1:3]) > read_at - _RACY_NANOSECONDS


def hash_file(path: str | Path) -> str:
    """Return the SHA-256 of a file, or a word that equals no hash when it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return _UNREADABLE


def reader_version() -> str:
    """Identify the code of the package, so that a change of it makes the rows anew.

    All of it counts, by the size and time of each file: a list of the stages that matter would be one more
    thing to keep true.
    """
    states, folders = [], [(str(Path(__file__).parents[1]), "")]
    while folders:
        folder, inside = folders.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                name = f"{inside}/{entry.name}"
                if entry.name.endswith((".py", ".sql")):
                    status = entry.stat()
                    states.append(f"{name} {status.st_size} {status.st_mtime_ns}")
                elif entry.is_dir() and entry.name != "__pycache__":
                    folders.append((entry.path, name))
    return hashlib.sha256("\n".join(sorted(states)).encode()).hexdigest()


def database_identity(path: Path) -> list[int] | None:
    """Return size, modification time and inode of the database file; None when there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ino]


def write_stamp(files: ProjectFiles, snapshot: Snapshot) -> None:
    """Say what the present database was built from. Without it the next command only builds again."""
    states = {name: [*state.fingerprint, state.sha256] for name, state in _named_states(snapshot).items()}
    stamp = {
        "read_at": snapshot.read_at,
        "content": snapshot.content,
        "database": database_identity(files.database),
        "files": states,
    }
    with suppress(ProjectError):
        write_whole(files.stamp, json.dumps(stamp, separators=(",", ":")))


def _named_states(snapshot: Snapshot) -> dict[str, FileState]:
    # No file has an empty name, which leaves it for the vocabulary.
    return {"": snapshot.vocabulary, **snapshot.studies}


def _read_stamp(path: Path) -> dict[str, Any]:
    try:
        stamp = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return (
        stamp
        if isinstance(stamp, dict) and {"read_at", "content", "database", "files"} <= stamp.keys()
        else {}
    )


def _known_states(stamp: Mapping[str, Any]) -> dict[str, FileState]:
    return {
        name: FileState((size, modified, changed, inode), sha256)
        for name, (size, modified, changed, inode, sha256) in stamp.get("files", {}).items()
    }
