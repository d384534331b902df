"""The YAML files of a folder: which names are read, which are passed over, and which are a mistake.

What begins with a dot is no file of the project's: editors and other systems leave their locks and notes
there (``.#name.yaml``, ``._name.yaml``).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from evisynth.errors import Finding

SUFFIX = ".yaml"


@dataclass(frozen=True, slots=True)
class YamlFolder:
    """The files of a folder that are read, by name, and those whose other ending would hide them."""

    paths: tuple[Path, ...]
    misnamed: tuple[Path, ...]


def list_yaml_files(folder: Path) -> YamlFolder:
    """List a folder; OSError says why it cannot be listed."""
    names = sorted(name for name in os.listdir(folder) if is_yaml_name(name))
    read: list[Path] = []
    misnamed: list[Path] = []
    for name in names:
        (read if name.endswith(SUFFIX) else misnamed).append(folder / name)
    return YamlFolder(tuple(read), tuple(misnamed))


def is_yaml_name(name: str) -> bool:
    """Whether a file is one of the project's, its ending right or to be mended."""
    return name.lower().endswith((SUFFIX, ".yml")) and not name.startswith(".")


def wrong_suffix(path: Path, shown: str) -> Finding:
    """Report a file that nobody would read."""
    message, fix = f"the file name ends in {path.suffix}, and nobody reads it", f"call it {path.stem}{SUFFIX}"
    return Finding(shown, 1, 1, "wrong-suffix", "error", message, fix)


def unreadable_folder(folder: Path, shown: str, error: OSError) -> Finding:
    """Report a folder that cannot be listed."""
    message = f"the folder cannot be read: {error.strerror}"
    return Finding(shown, 1, 1, "no-such-folder", "error", message, "make it, or check its name")
