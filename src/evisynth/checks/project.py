"""Checks of a whole project, or of some of its files: reading, every check, acknowledgements, one report.

Many files are read by several processes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path
from typing import Any

from evisynth.checks.check import Judged, SourceLines
from evisynth.checks.rules.across_studies import UNKNOWN_STUDY
from evisynth.checks.run import CheckReport, check_collection, check_study, finish
from evisynth.checks.study_cards import StudyCard
from evisynth.errors import Finding, FindingsError
from evisynth.reading import list_yaml_files, unreadable_folder, wrong_suffix
from evisynth.studies import Study, read_study, read_vocabulary, without_garbage_collection
from evisynth.vocabulary import Vocabulary
from evisynth.workers import Worker, process_count

#: What this process checks of an equal share; the rest of its time goes to what the others found.
_OWN_SHARE = 0.92
_OTHER_FILE = re.compile(r"name the file (\S+), or type id: ")

Progress = Callable[[int, int], None]
NamedFile = tuple[str, str]


@dataclass(slots=True)
class FilesChecked:
    """What came of some files: mistakes of reading, findings of checks, and the cards of the studies."""

    unreadable: list[Finding] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    fine: Counter[str] = field(default_factory=Counter)
    cards: list[StudyCard] = field(default_factory=list)
    studies: list[Study] = field(default_factory=list)

    def add(self, other: FilesChecked) -> None:
        """Take over what came of other files."""
        self.unreadable += other.unreadable
        self.judged += other.judged
        self.fine.update(other.fine)
        self.cards += other.cards
        self.studies += other.studies


def check_files(
    files: Sequence[NamedFile],
    vocabulary: Vocabulary,
    vocabulary_path: Path,
    progress: Progress | None = None,
    *,
    keep_studies: bool = False,
) -> FilesChecked:
    """Read and check files, each given as its path and its name as shown to people.

    ``keep_studies`` hands out the studies too; then one process does it all.
    """
    shares = _shares(files, 1 if keep_studies else process_count(len(files)))
    workers = [Worker(_check_share_elsewhere, share, vocabulary_path) for share in shares[1:]]

    def tell(done: int) -> None:
        if progress is not None:
            progress(done * len(files) // len(shares[0]), len(files))

    checked = _check_share(shares[0], vocabulary, tell, keep_studies)
    for worker in workers:
        checked.add(_unpacked(*worker.result()))
    checked.cards.sort()
    names = {Path(path).name for path, _ in files}
    checked.unreadable = [_as_duplicate(finding, names) for finding in checked.unreadable]
    return checked


def _shares(files: Sequence[NamedFile], processes: int) -> list[tuple[NamedFile, ...]]:
    """Divide files among processes; this one, which puts all answers together in the end, gets fewer."""
    if processes == 1:
        return [tuple(files)]
    own = round(len(files) * _OWN_SHARE / processes)
    return [
        tuple(files[:own]),
        *(tuple(files[own + number :: processes - 1]) for number in range(processes - 1)),
    ]


def _check_share(
    files: Sequence[NamedFile], vocabulary: Vocabulary, tell: Callable[[int], None] | None, keep_studies: bool
) -> FilesChecked:
    checked = FilesChecked()
    for done, (path, shown) in enumerate(files, 1):
        _check_file(Path(path), shown, vocabulary, checked, keep_studies)
        if tell is not None:
            tell(done)
    return checked


def _check_file(
    path: Path, shown: str, vocabulary: Vocabulary, checked: FilesChecked, keep_study: bool
) -> None:
    try:
        study = read_study(path, vocabulary, shown)
    except FindingsError as error:
        checked.unreadable += error.findings
        return
    result = check_study(study, vocabulary, SourceLines(path))
    checked.judged += result.judged
    checked.fine.update(result.fine)
    checked.cards.append(result.card)
    if keep_study:
        checked.studies.append(study)


def with_source_lines(judged: Sequence[Judged], paths: Mapping[str, str]) -> list[Judged]:
    """Add the text of the line that each finding is on; ``paths`` finds a file by its name as shown."""
    texts: dict[str, SourceLines] = {}
    found = []
    for one in judged:
        finding = one.finding
        text = texts.setdefault(finding.file, SourceLines(paths.get(finding.file)))
        found.append(Judged(replace(finding, source_line=text(finding.line)), one.about))
    return found


def _as_duplicate(finding: Finding, names: set[str]) -> Finding:
    """Say of an id that is not its file's name that it is another file's, when it is."""
    match = _OTHER_FILE.match(finding.fix)
    if finding.code != "id-not-file-name" or match is None or match.group(1) not in names:
        return finding
    own = Path(finding.file).stem
    owner = f"{Path(finding.file).parent.name}/{match.group(1)}".lstrip("/")
    return replace(
        finding,
        code="duplicate-id",
        message=f"the id '{Path(match.group(1)).stem}' is that of {owner} already",
        fix=f"give this study an id of its own, such as {own}",
    )


def _check_share_elsewhere(files: Sequence[NamedFile], vocabulary_path: Path) -> tuple[Any, ...]:
    """Check files in a worker, and return plain tuples: they pass several times faster than objects."""
    checked = _check_share(files, read_vocabulary(vocabulary_path), None, False)
    findings = [(_values(one.finding), one.about) for one in checked.judged]
    unreadable = [_values(finding) for finding in checked.unreadable]
    return unreadable, findings, checked.fine, checked.cards


def _values(finding: Finding) -> tuple[object, ...]:
    return (
        finding.file, finding.line, finding.column, finding.code, finding.level, finding.message, finding.fix,
        finding.acknowledged, finding.source_line,
    )  # fmt: skip


def _unpacked(
    unreadable: Sequence[tuple[Any, ...]],
    findings: Sequence[tuple[tuple[Any, ...], str]],
    fine: Counter[str],
    cards: list[StudyCard],
) -> FilesChecked:
    return FilesChecked(
        [Finding(*values) for values in unreadable],
        [Judged(Finding(*values), about) for values, about in findings],
        fine,
        cards,
    )


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
    try:
        files = list_yaml_files(folder)
    except OSError as error:
        return [], [unreadable_folder(folder, folder.name, error)]
    misnamed = [wrong_suffix(path, f"{folder.name}/{path.name}") for path in files.misnamed]
    return [(str(path), f"{folder.name}/{path.name}") for path in files.paths], misnamed


def _names_unread(finding: Finding, unread: Set[str]) -> bool:
    """Whether an overlap is with a study that is here and has mistakes of its own, which are told."""
    if finding.code != UNKNOWN_STUDY:
        return False
    return any(f"'{study}'" in finding.message for study in unread)


def _sorted(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=attrgetter("file", "line", "column", "code", "message")))
