"""The time before this one: the newest commit of ``evidence/results`` at which not all was as it is now.

So the page says the same before its answers are committed and after, and no clock is asked. Git is asked for
names and contents only.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from evisynth.errors import ProjectError
from evisynth.pipeline.changes.sides import Revision, ask_git, contents_of, files_of
from evisynth.reading import is_yaml_name

#: Where committed answers stand.
RESULTS = "evidence/results"
#: So many commits are looked at; evidence that differs from none of them has no other time before.
_MOST = 20
_COMMIT = re.compile(r"^commit ([0-9a-f]{40,64})\n(\d{4}-\d{2}-\d{2})\S*\0(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class EarlierTime:
    """The commit that is compared with, None where there is none, and the reason for that."""

    revision: Revision | None
    day: str = ""
    subject: str = ""
    reason: str = ""

    @property
    def key(self) -> str:
        """Tell one time from another, for the stamp of the pages."""
        return self.reason if self.revision is None else self.revision.commit


def earlier_time(folder: Path) -> EarlierTime:
    """Find the newest commit of answers at which the evidence or its answers were not what they are now."""
    try:
        inside = ask_git(folder, "rev-parse", "--is-shallow-repository")
    except ProjectError:
        return EarlierTime(None, reason="Git is not installed, so that earlier answers cannot be looked up.")
    if inside is None:
        return EarlierTime(
            None, reason="This folder is not kept in git: of earlier answers nothing is known."
        )
    told = ask_git(folder, "rev-list", f"--max-count={_MOST}", "--format=%cI%x00%s", "HEAD", "--", RESULTS)
    commits = _COMMIT.findall((told or b"").decode("utf-8", "replace"))
    if not commits:
        return EarlierTime(None, reason="No answers were committed yet: there is nothing to compare with.")
    today = contents_now(folder)
    for commit, day, subject in commits:
        with suppress(ProjectError):
            revision = Revision(commit[:7], commit)
            if contents_then(folder, revision) != today:
                return EarlierTime(revision, day, subject)
    _, day, _ = commits[-1]
    copy = " In this copy of the repository older commits are missing." if b"true" in inside else ""
    return EarlierTime(None, reason=f"These are the first answers that were committed, on {day}.{copy}")


def _counts(path: str) -> bool:
    """Whether a file decides what the evidence says, or is a committed answer."""
    name = path.rpartition("/")[2]
    return is_yaml_name(name) or (path.startswith(f"{RESULTS}/") and name.endswith(".json"))


def _plain(path: str, content: bytes) -> bytes:
    """Leave out what says nothing: the way lines end, and the stamp of an answer."""
    text = content.replace(b"\r\n", b"\n")
    return (
        re.sub(rb'^  "stamp": .*\n', b"", text, count=1, flags=re.MULTILINE)
        if path.endswith("json")
        else text
    )


def contents_now(folder: Path) -> dict[str, bytes]:
    """Return what the evidence and its answers say now, by the place of each file."""
    paths = [path for top in ("studies", "evidence") for path in sorted((folder / top).rglob("*"))]
    found = {path.relative_to(folder).as_posix(): path for path in paths if path.is_file()}
    return {place: _plain(place, path.read_bytes()) for place, path in found.items() if _counts(place)}


def contents_then(folder: Path, revision: Revision) -> dict[str, bytes]:
    """Return what they said at a commit."""
    files = {path: content for path, content in files_of(folder, revision).items() if _counts(path)}
    contents = contents_of(folder, list(files.values()))
    return {path: _plain(path, text) for path, text in zip(files, contents, strict=True)}


def evidence_version(folder: Path) -> str:
    """Name the state of the evidence by its contents: the same files give the same ten letters."""
    texts = {place: text for place, text in contents_now(folder).items() if not place.startswith(RESULTS)}
    total = hashlib.sha256()
    for place, text in sorted(texts.items()):
        total.update(f"{place}\0{len(text)}\0".encode() + text)
    return total.hexdigest()[:10]
