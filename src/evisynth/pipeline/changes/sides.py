"""The two states that are compared: the project as it stands, and a commit of it or another folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from evisynth.errors import Finding, FindingsError, ProjectError, UsageError
from evisynth.pipeline.changes.revision import (
    READ,
    Revision,
    find_revision,
    in_repository,
    known_commit,
    take_out,
)
from evisynth.pipeline.evidence import Evidence


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

    evidence: Evidence
    shown: str
    prefix: str = ""
    commit: str | None = None

    def named(self, finding: Finding) -> Finding:
        """Name the file of a finding so that the side can be told."""
        return replace(finding, file=f"{self.prefix}{finding.file}")

    def contents(self) -> dict[str, bytes]:
        """Return every file that decides what the evidence says, by its path in the project."""
        folder = self.evidence.files.folder
        paths = [*self.evidence.files.studies.glob("*"), *self.evidence.questions_folder.glob("*.yaml")]
        paths.append(self.evidence.files.vocabulary)
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in paths
            if path.suffix.lower() in READ and path.is_file()
        }


@contextmanager
def other_side(evidence: Evidence, against: str) -> Iterator[Side]:
    """Open what the project is compared with: a git revision, or the folder of another project.

    A revision is taken out into a temporary folder, which is gone afterwards.

    Raises
    ------
    UsageError
        When the words name the project itself, or both a revision and a folder.
    """
    folder = _folder_meant(evidence, against)
    if folder is not None:
        yield Side(Evidence(folder), str(against), prefix=f"{against.rstrip('/')}/")
        return
    revision = find_revision(evidence.files.folder, against)
    with TemporaryDirectory(prefix="evisynth-diff-") as place:
        take_out(evidence.files.folder, revision, Path(place))
        yield _of_revision(revision, Path(place))


def _of_revision(revision: Revision, place: Path) -> Side:
    return Side(Evidence(place), revision.shown, prefix=f"{revision.name}:", commit=revision.commit)


def _folder_meant(evidence: Evidence, against: str) -> Path | None:
    """Return the folder that was typed, from where the user stands; None when it is a revision."""
    own, folder = evidence.files.folder, Path(against)
    if not against.strip():
        raise UsageError("name a revision such as HEAD~1, or another project folder")
    if not folder.is_dir():
        if _is_path(against):
            raise ProjectError(f"there is no folder {against}")
        return None
    if folder.resolve() == own.resolve():
        raise UsageError(
            f"'{against}' is the project itself; name a revision such as HEAD~1, or another project folder"
        )
    if _is_path(against) or not in_repository(own) or known_commit(own, against) is None:
        return folder
    if not (folder / "studies").is_dir():  # a folder that is no project was not meant
        return None
    raise UsageError(
        f"'{against}' is a revision and a folder; type ./{against} for the folder, "
        f"or {against}^0 for the revision"
    )


def _is_path(word: str) -> bool:
    """Whether a word can only be meant as a path: branches may have a slash, but begin with neither."""
    return word.startswith(("/", "./", "../")) or word in (".", "..")
