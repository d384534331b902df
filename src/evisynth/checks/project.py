"""Checking a whole project, or some of its files: reading, every check, acknowledgements, in one report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from evisynth.checks.check_files import FilesChecked, Progress, check_files, with_source_lines
from evisynth.checks.overlaps import UNKNOWN_STUDY
from evisynth.checks.run import CheckReport, check_collection, finish
from evisynth.errors import Finding
from evisynth.studies.read_study import SUFFIX, without_garbage_collection
from evisynth.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What to check beside the files, and whom to tell how far it is."""

    sources: Path | None = None
    progress: Progress | None = None


def check_project(
    folder: Path, vocabulary: Vocabulary, vocabulary_path: Path, options: CheckOptions | None = None
) -> CheckReport:
    """Check every study file of a folder, each by itself and all together."""
    options = options or CheckOptions()
    files, misnamed = _study_files(folder)
    report = check_named_files(files, vocabulary, vocabulary_path, options, together=True)
    return CheckReport(_sorted([*misnamed, *report.findings]), report.fine, report.study_count)


def check_named_files(
    files: Sequence[tuple[str, str]],
    vocabulary: Vocabulary,
    vocabulary_path: Path,
    options: CheckOptions | None = None,
    *,
    together: bool = False,
) -> CheckReport:
    """Check files given as path and name as shown; ``together`` compares them with each other too."""
    with without_garbage_collection():
        return _check_named_files(files, (vocabulary, vocabulary_path), options or CheckOptions(), together)


def _check_named_files(
    files: Sequence[tuple[str, str]],
    named_vocabulary: tuple[Vocabulary, Path],
    options: CheckOptions,
    together: bool,
) -> CheckReport:
    vocabulary, vocabulary_path = named_vocabulary
    with_sources = options.sources is not None
    checked = check_files(files, vocabulary, vocabulary_path, options.progress, keep_studies=with_sources)
    scopes, paths = {"study"}, {shown: path for path, shown in files}
    if together:
        checked.judged += with_source_lines(check_collection(checked.cards, checked.fine), paths)
        scopes.add("collection")
    if options.sources is not None:
        _check_sources(checked, options.sources, paths)
        scopes.add("source")
    findings = finish(checked.judged, checked.cards, frozenset(scopes))
    unread = {Path(path).stem for path in paths.values()} - {card.id for card in checked.cards}
    findings = [finding for finding in findings if not _names_unread(finding, unread)]
    return CheckReport(_sorted([*checked.unreadable, *findings]), dict(checked.fine), len(checked.cards))


def _check_sources(checked: FilesChecked, folder: Path, paths: Mapping[str, str]) -> None:
    from evisynth.checks.sources import check_sources

    checked.judged += with_source_lines(check_sources(checked.studies, folder, checked.fine), paths)


def _study_files(folder: Path) -> tuple[list[tuple[str, str]], list[Finding]]:
    """List the study files of a folder; another spelling of the suffix is reported."""
    files, findings = [], []
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        message, fix = f"the folder cannot be read: {error.strerror}", "make it, or check its name"
        return [], [Finding(folder.name, 1, 1, "no-such-folder", "error", message, fix)]
    for path in paths:
        shown = f"{folder.name}/{path.name}"
        if path.suffix == SUFFIX:
            files.append((str(path), shown))
        elif path.suffix.lower() in (SUFFIX, ".yml"):
            message, fix = f"the file name ends in {path.suffix}", f"call it {path.stem}{SUFFIX}"
            findings.append(Finding(shown, 1, 1, "wrong-suffix", "error", message, fix))
    return files, findings


def _names_unread(finding: Finding, unread: Set[str]) -> bool:
    """Whether an overlap is with a study that is here and has mistakes of its own, which are told."""
    if finding.code != UNKNOWN_STUDY:
        return False
    return any(f"'{study}'" in finding.message for study in unread)


def _sorted(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=attrgetter("file", "line", "column", "code", "message")))
