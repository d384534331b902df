"""Files written whole or not at all, and never through a link.

A file is written beside its place and given its name in one step: whoever is killed, or meets a full disk,
leaves the old file as it was. A link in the place of a file is replaced by the file; a link in the place of a
folder that belongs to the project is refused, since a project is something that people clone and mail.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from evisynth.errors import ProjectError


def write_whole(target: Path, content: str | bytes, *, make_folder: bool = False) -> Path:
    """Write a file in one step, in place of the old one or of a link; a text as UTF-8 with plain line ends.

    Raises
    ------
    ProjectError
        The file cannot be written there; what was there is as it was.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    # Short, since a name may be as long as the system allows.
    draft = f".{sha256(os.fsencode(target.name)).hexdigest()[:12]}"
    beside = target.with_name(f"{draft}.{os.getpid()}.part")
    try:
        if make_folder:
            target.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(target.parent, draft)
        with create_file(beside) as file:
            file.write(data)
        os.replace(beside, target)
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        with suppress(OSError, ValueError):
            beside.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or str(error)
        raise ProjectError(f"cannot write '{target}': {reason}; is its folder there and writable?") from error
    return target


def create_file(path: Path) -> BinaryIO:
    """Open a new file for writing; whatever has its name already, a link too, is taken away first."""
    path.unlink(missing_ok=True)
    return open(path, "xb")


def _remove_abandoned(folder: Path, draft: str) -> None:
    """Remove what processes that are gone left half written for the same file."""
    for path in folder.glob(f"{draft}.*.part"):
        process = path.name.split(".")[2]
        if process.isdigit() and int(process) != os.getpid() and not _runs(int(process)):
            path.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    if os.name == "nt":  # there asking would end it
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def refuse_links(project: Path, *folders: Path) -> None:
    """Refuse folders of a project that are links, or lie behind one inside the project.

    Raises
    ------
    ProjectError
        Naming the link, and what to do about it.
    """
    for folder in folders:
        for part in (folder, *folder.parents):
            if part == project or project not in part.parents:
                break
            if part.is_symlink():
                raise ProjectError(
                    f"{part} is a link, and what lies behind it would be written to or deleted; "
                    "remove it: a folder is made in its place"
                )
