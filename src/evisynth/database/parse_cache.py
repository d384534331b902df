"""The parse cache: rows of study files that were read before, one small file for each study file.

An entry is one line of JSON below the hash of its name and that line. Its name is a hash of the study file,
its name, the vocabulary and the code that reads them, so that an entry is either right or never asked for
again; one that was cut short or edited is no entry.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from evisynth.whole_files import create_file

if TYPE_CHECKING:
    from evisynth.database.rows import Rows

_FOLDER = re.compile("[0-9a-f]{2}")
#: An entry, or what a killed process left half written of one.
_ENTRY = re.compile("[0-9a-f]{64}")
_serial = count()


@dataclass(frozen=True, slots=True)
class ParseCache:
    """The entries for one vocabulary and one version of the reader."""

    folder: Path
    reader: str
    vocabulary_sha256: str

    def key(self, name: str, sha256: str) -> str:
        """Name the entry of a file; the vocabulary's own has an empty file name."""
        parts = "\n".join((self.reader, self.vocabulary_sha256, name, sha256))
        return hashlib.sha256(parts.encode()).hexdigest()

    def get(self, key: str) -> bytes | None:
        """Return an entry, None when there is none or it is not what was put there."""
        try:
            with open(self._path(key), "rb") as file:
                seal, _, line = file.read().partition(b"\n")
        except OSError:
            return None
        return line if seal == _seal(key, line) else None

    def put(self, key: str, rows: Rows) -> None:
        """Keep the rows of a file; the entry appears whole or not at all."""
        line = (
            json.dumps(rows, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode() + b"\n"
        )
        path = self._path(key)
        beside = f"{path}.{os.getpid()}-{next(_serial)}"
        _make_folder(os.path.dirname(path))
        with create_file(Path(beside)) as file:
            file.write(_seal(key, line) + b"\n" + line)
        os.replace(beside, path)

    def _path(self, key: str) -> str:
        return f"{self.folder}/{key[:2]}/{key}"

    def keep_only(self, keys: Iterable[str]) -> None:
        """Delete every entry but these."""
        kept = set(keys)
        for folder in os.scandir(self.folder) if self.folder.is_dir() else ():
            if folder.is_dir(follow_symlinks=False) and _FOLDER.fullmatch(folder.name):
                for entry in os.scandir(folder.path):
                    if entry.name not in kept and _ENTRY.match(entry.name):
                        Path(entry.path).unlink(missing_ok=True)


def _make_folder(folder: str) -> None:
    """Make a folder of entries; a link in its place leads out of the cache and is taken away."""
    if os.path.islink(folder):
        os.unlink(folder)
    os.makedirs(folder, exist_ok=True)


def _seal(key: str, line: bytes) -> bytes:
    return hashlib.sha256(key.encode() + line).hexdigest().encode()
