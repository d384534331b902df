"""Taking the evidence of a commit out of git, into a folder of its own.

Git is asked for names and contents only (``rev-parse``, ``ls-tree``, ``cat-file``): neither the work tree
nor the index is touched, and no filter, attribute or hook of the repository comes between.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evisynth.errors import ProjectError, UnknownNameError

#: What the journey of the data starts from; the committed answers are computed again.
_FOLDERS = ("studies", "evidence")
#: How the files end that are read.
READ = (".yaml", ".yml")
_OF_A_HOOK = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
_LINK, _FILE = "120000", "blob"


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit, by the name it was asked for and by its hash."""

    name: str
    commit: str

    @property
    def shown(self) -> str:
        """Name the commit so that a person can find it again."""
        short = self.commit[:7]
        return short if self.commit.startswith(self.name) else f"{self.name} ({short})"


def find_revision(folder: Path, name: str) -> Revision:
    """Find a commit by hash, tag, branch or any other way that git knows of naming it.

    Raises
    ------
    ProjectError
        When git is not installed, or the folder in no repository, or in one without a commit.
    UnknownNameError
        When there is no such revision, with the nearest branches and tags.
    """
    commit = known_commit(folder, name)
    if commit is None:
        if known_commit(folder, "HEAD") is None:
            raise ProjectError(f"the git repository of {folder.resolve()} has no commit yet to compare with")
        raise UnknownNameError("revision", name, ["HEAD", *_branches_and_tags(folder)])
    return Revision(name, commit)


def known_commit(folder: Path, name: str) -> str | None:
    """Return the hash of a commit; None when the repository has none of that name."""
    _demand_repository(folder)
    if not name or name.startswith("-"):  # git would take it for an option
        return None
    done = _git(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    return done.stdout.decode().strip() if done.returncode == 0 else None


def in_repository(folder: Path) -> bool:
    """Whether git is installed and the folder in a work tree of it."""
    try:
        _demand_repository(folder)
    except ProjectError:
        return False
    return True


def _demand_repository(folder: Path) -> None:
    done = _git(folder, "rev-parse", "--is-inside-work-tree")
    if done.returncode != 0:
        told = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ").splitlines()
        why = f" ({told[0]})" if told else ""
        raise ProjectError(
            f"{folder.resolve()} cannot be read as a git repository{why}; "
            "name another project folder to compare with: evisynth diff FOLDER"
        )


def _branches_and_tags(folder: Path) -> list[str]:
    done = _git(folder, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags")
    return done.stdout.decode(errors="replace").splitlines()


def take_out(folder: Path, revision: Revision, target: Path) -> None:
    """Write the study files, questions and vocabulary of a commit into ``target``.

    ``folder`` is the project; it may lie deeper than the repository.

    Raises
    ------
    ProjectError
        When the commit has no studies or no vocabulary where the project is, or holds a link among them.
    """
    files = list(_files(folder, revision))
    for needed in ("studies/", "evidence/vocabulary.yaml"):
        if not any(file.path.startswith(needed) for file in files):
            raise ProjectError(f"{revision.shown} has no {needed} in this folder; choose a later revision")
    blobs = {file.path: file.content for file in files if file.path.lower().endswith(READ)}
    (target / "studies").mkdir(parents=True, exist_ok=True)
    for path, content in zip(blobs, _contents(folder, list(blobs.values())), strict=True):
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a commit: its path from the project folder, and git's name of its content."""

    path: str
    content: str


def _files(folder: Path, revision: Revision) -> Iterator[_File]:
    done = _git(folder, "ls-tree", "-r", "-z", revision.commit, "--", *(f"{name}/" for name in _FOLDERS))
    _demand(done, f"the files of {revision.shown} cannot be listed")
    for line in filter(None, done.stdout.decode("utf-8", "surrogateescape").split("\0")):
        about, _, path = line.partition("\t")
        mode, kind, content = about.split()
        if kind != _FILE:
            continue
        if mode == _LINK and path.lower().endswith(READ):
            raise ProjectError(
                f"{path} is a link in {revision.shown}, which cannot be followed there; "
                "check that revision out into a folder of its own, and compare with the folder"
            )
        yield _File(path, content)


def _contents(folder: Path, names: Sequence[str]) -> Iterator[bytes]:
    """Give the contents of blobs, in one call of git: each after a line ``NAME blob SIZE``."""
    done = _git(folder, "cat-file", "--batch", given="\n".join(names).encode())
    _demand(done, "the files of the revision cannot be read")
    start, output = 0, done.stdout
    for name in names:
        end = output.index(b"\n", start)
        about = output[start:end].split()
        if len(about) != 3:
            raise ProjectError(f"git does not have the content {name}: fetch the whole repository first")
        size = int(about[2])
        yield output[end + 1 : end + 1 + size]
        start = end + 1 + size + 1


def _demand(done: subprocess.CompletedProcess[bytes], what: str) -> None:
    if done.returncode != 0:
        raise ProjectError(f"{what}: {done.stderr.decode(errors='replace').strip()}")


def _git(folder: Path, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    # Inside of a hook git names its own repository there, which need not be the project's.
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    command = ["git", "-C", str(folder), *words]
    try:
        return subprocess.run(command, input=given, capture_output=True, check=False, env=environment)
    except FileNotFoundError:
        raise ProjectError(
            "git is not installed; install it, or name another project folder to compare with"
        ) from None
