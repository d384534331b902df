"""The two states that are compared: the project as it stands, and a commit of it or another folder.

A commit is taken out of git into a folder of its own. Git is asked for names and contents only
(``rev-parse``, ``ls-tree``, ``cat-file``): neither the work tree nor the index is touched, and no filter,
attribute or hook of the repository comes between. A tree may come from a stranger: a path in it that
leads out of the project, and a link among what is read, are refused before anything is written.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from evisynth.errors import Finding, FindingsError, ProjectError, UnknownNameError, UsageError
from evisynth.pipeline.project import Project
from evisynth.reading import is_yaml_name

#: What the journey of the data starts from; the committed answers are computed again.
_FOLDERS = ("studies", "evidence")
_QUESTIONS = "evidence/questions"
_OF_A_HOOK = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
_LINK, _FILE = "120000", "blob"


class UnreadableSidesError(FindingsError):
    """Nothing can be compared before the files of one side, or of both, can be read; ``sides`` names them."""

    def __init__(self, sides: Sequence[str], findings: Sequence[Finding]) -> None:
        self.sides = tuple(sides)
        super().__init__(findings)


@dataclass(frozen=True, slots=True)
class Side:
    """One state of the evidence.

    ``shown`` names it in a sentence; ``prefix`` goes before its file names, so that nobody looks for a
    mistake of the past in a file of today. ``commit`` is None outside of git.
    """

    evidence: Project
    shown: str
    prefix: str = ""
    commit: str | None = None

    def named(self, finding: Finding) -> Finding:
        """Name the file of a finding so that the side can be told."""
        return replace(finding, file=f"{self.prefix}{finding.file}")

    def contents(self) -> dict[str, bytes]:
        """Return every file that decides what the evidence says, by its path in the project."""
        files = self.evidence.files
        paths = [*files.studies.glob("*"), *self.evidence.questions_folder.glob("*"), files.vocabulary]
        return {
            path.relative_to(files.folder).as_posix(): path.read_bytes()
            for path in paths
            if is_yaml_name(path.name) and path.is_file()
        }


@contextmanager
def other_side(evidence: Project, against: str) -> Iterator[Side]:
    """Open what the project is compared with: a git revision, or the folder of another project.

    A revision is taken out into a temporary folder, which is gone afterwards.

    Raises
    ------
    UsageError
        When the words name the project itself, or both a revision and a folder.
    """
    own = evidence.files.folder
    folder = _folder_meant(own, against)
    if folder is not None:
        yield Side(Project(folder), against, f"{against.rstrip('/')}/")
        return
    revision = find_revision(own, against)
    with TemporaryDirectory(prefix="evisynth-diff-") as place:
        take_out(own, revision, Path(place))
        yield Side(Project(place), revision.shown, f"{against}:", revision.commit)


def _folder_meant(own: Path, against: str) -> Path | None:
    """Return the folder that was typed, from where the user stands; None when it is a revision."""
    if not against.strip():
        raise UsageError("name a revision such as HEAD~1, or another project folder")
    folder = Path(against)
    # Branches may have a slash, but begin with none of these.
    is_path = against.startswith(("/", "./", "../")) or against in (".", "..")
    if not folder.is_dir():
        if is_path:
            raise ProjectError(f"there is no folder {against}")
        return None
    if folder.resolve() == own.resolve():
        raise UsageError(
            f"'{against}' is the project itself; name a revision such as HEAD~1, or another project folder"
        )
    if is_path or shutil.which("git") is None or _commit(own, against) is None:
        return folder
    if not (folder / "studies").is_dir():  # a folder that is no project was not meant
        return None
    raise UsageError(
        f"'{against}' is a revision and a folder; type ./{against} for the folder, "
        f"or {against}^0 for the revision"
    )


# git


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
    where = folder.resolve()
    ask_git(folder, "rev-parse", "--is-inside-work-tree",
         otherwise=f"{where} cannot be read as a git repository; "
         "name another project folder to compare with: evisynth diff FOLDER")  # fmt: skip
    if (commit := _commit(folder, name)) is not None:
        return Revision(name, commit)
    if _commit(folder, "HEAD") is None:
        raise ProjectError(f"the git repository of {where} has no commit yet to compare with")
    known = ask_git(folder, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags") or b""
    raise UnknownNameError("revision", name, ["HEAD", *known.decode(errors="replace").splitlines()])


def _commit(folder: Path, name: str) -> str | None:
    """Return the hash of a commit; None when the repository, or the lack of one, has none of that name."""
    if not name or name.startswith("-"):  # git would take it for an option
        return None
    found = ask_git(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    return None if found is None else found.decode().strip()


def take_out(folder: Path, revision: Revision, target: Path) -> None:
    """Write the study files, questions and vocabulary of a commit into ``target``.

    ``folder`` is the project; it may lie deeper than the repository.

    Raises
    ------
    ProjectError
        When the commit has no studies or no vocabulary where the project is, holds a link among them or a
        path that leads elsewhere, or files that cannot be written as they are named.
    """
    files = files_of(folder, revision)
    for needed in ("studies/", "evidence/vocabulary.yaml"):
        if not any(path.startswith(needed) for path in files):
            raise ProjectError(f"{revision.shown} has no {needed} in this folder; choose a later revision")
    wanted = {path: content for path, content in files.items() if is_yaml_name(Path(path).name)}
    try:
        for needed in ("studies", _QUESTIONS):
            (target / needed).mkdir(parents=True, exist_ok=True)
        for path, content in zip(wanted, contents_of(folder, list(wanted.values())), strict=True):
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(content)
    except OSError as error:
        raise ProjectError(f"{revision.shown} cannot be taken out of git: {error.strerror}") from error


def files_of(folder: Path, revision: Revision) -> dict[str, str]:
    """List the files of a commit: the path of each from the project, and git's name of its content."""
    listed = ask_git(folder, "ls-tree", "-r", "-z", revision.commit, "--", *(f"{name}/" for name in _FOLDERS),
                  otherwise=f"the files of {revision.shown} cannot be listed")  # fmt: skip
    files = {}
    for line in filter(None, (listed or b"").decode("utf-8", "surrogateescape").split("\0")):
        about, _, path = line.partition("\t")
        mode, kind, content = about.split()
        if {"", ".", ".."} & set(path.split("/")):
            raise ProjectError(f"{revision.shown} holds the path {path!r}, which leads out of the project")
        if mode == _LINK and (is_yaml_name(Path(path).name) or path == _QUESTIONS):
            raise ProjectError(
                f"{path} is a link in {revision.shown}, which cannot be followed there; "
                "check that revision out into a folder of its own, and compare with the folder"
            )
        if kind == _FILE:
            files[path] = content
    return files


def contents_of(folder: Path, names: Sequence[str]) -> Iterator[bytes]:
    """Give the contents of blobs, in one call of git: each after a line ``NAME blob SIZE``."""
    given = "\n".join(names).encode()
    output = ask_git(folder, "cat-file", "--batch", given=given, otherwise="the revision cannot be read")
    rest = BytesIO(output or b"")
    for name in names:
        about = rest.readline().split()
        if len(about) != 3:
            raise ProjectError(f"git does not have the content {name}: fetch the whole repository first")
        yield rest.read(int(about[2]))
        rest.readline()


def ask_git(folder: Path, *words: str, given: bytes = b"", otherwise: str = "") -> bytes | None:
    """Return what git prints; where it fails, raise what is said ``otherwise``, or return None."""
    # Inside of a hook git names its own repository there, which need not be the project's.
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    command = ["git", "-C", str(folder), *words]
    try:
        done = subprocess.run(command, input=given, capture_output=True, check=False, env=environment)
    except FileNotFoundError:
        raise ProjectError(
            "git is not installed; install it, or name another project folder to compare with"
        ) from None
    if done.returncode != 0 and otherwise:
        told = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ").splitlines()
        raise ProjectError(f"{otherwise} ({told[0]})" if told else otherwise)
    return done.stdout if done.returncode == 0 else None
