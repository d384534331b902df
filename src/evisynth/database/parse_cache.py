"""Rows of study files that were read before, one small file for each, named by what it was made from.

An entry is one line of JSON. Its name is a hash of the study file, its name, the vocabulary and the code
that reads them, so that an entry is either right or never asked for again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from evisynth.database.row import Rows

_END = b"}\n"
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
        """Return an entry, None when there is none or it was cut short."""
        try:
            with open(self._path(key), "rb") as file:
                line = file.read()
        except OSError:
            return None
        return line if line.endswith(_END) else None

    def put(self, key: str, rows: Rows) -> None:
        """Keep the rows of a file; the entry appears whole or not at all."""
        line = (
            json.dumps(rows, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode() + b"\n"
        )
        path = self._path(key)
        beside = f"{path}.{os.getpid()}-{next(_serial)}"
        try:
            self._write(beside, line)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            self._write(beside, line)
        os.replace(beside, path)

    @staticmethod
    def _write(path: str, line: bytes) -> None:
        with open(path, "wb") as file:
            file.write(line)

    def _path(self, key: str) -> str:
        return f"{self.folder}/{key[:2]}/{key}"

    def keep_only(self, keys: Iterable[str]) -> None:
        """Delete every entry but these."""
        kept = set(keys)
        for folder in os.scandir(self.folder) if self.folder.is_dir() else ():
            if folder.is_dir():
                for entry in os.scandir(folder.path):
                    if entry.name not in kept:
                        Path(entry.path).unlink(missing_ok=True)
