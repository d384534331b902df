"""Turning study files into rows: from the parse cache, and where a file changed by reading it.

Many files are read by several processes at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evisynth.database.freshness import Snapshot, hash_file
from evisynth.database.parse_cache import ParseCache
from evisynth.database.project_files import ProjectFiles
from evisynth.errors import Finding, FindingsError
from evisynth.workers import Worker, process_count


@dataclass(frozen=True, slots=True)
class ParsedFiles:
    """The rows of the vocabulary and of all studies, a line each; None when a file changed meanwhile."""

    lines: Iterator[bytes] | None
    parsed: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Files to read: their names and the hashes that they had."""

    folder: str
    cache: ParseCache
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What reading found: the mistakes, and whether a file was no longer what it had been."""

    findings: tuple[Finding, ...]
    changed: bool


def parse_files(files: ProjectFiles, snapshot: Snapshot) -> ParsedFiles:
    """Make sure that the cache holds the rows of every file, and hand them out.

    Raises
    ------
    FindingsError
        With every mistake of every file.
    """
    cache = ParseCache(files.parse_cache, snapshot.reader, snapshot.vocabulary.sha256)
    keys = {name: cache.key(name, state.sha256) for name, state in snapshot.studies.items()}
    vocabulary_key = cache.key("", snapshot.vocabulary.sha256)
    missing = tuple(
        (name, snapshot.studies[name].sha256) for name, key in keys.items() if cache.get(key) is None
    )
    if missing or cache.get(vocabulary_key) is None:
        result = _read_all(Batch(str(files.folder), cache, missing))
        if result.findings:
            raise FindingsError(result.findings)
        if result.changed or hash_file(files.vocabulary) != snapshot.vocabulary.sha256:
            return ParsedFiles(None, 0)
    cache.keep_only([vocabulary_key, *keys.values()])
    return ParsedFiles(_lines(cache, [vocabulary_key, *keys.values()]), len(missing))


def _lines(cache: ParseCache, keys: Sequence[str]) -> Iterator[bytes]:
    for key in keys:
        line = cache.get(key)
        if line is None:
            raise OSError(f"{cache.folder} was emptied while the database was built")
        yield line


def _read_all(batch: Batch) -> BatchResult:
    """Read a batch, a share of it in each of several processes when that is worth starting them."""
    processes = process_count(len(batch.names))
    own, *others = (replace(batch, names=batch.names[number::processes]) for number in range(processes))
    workers = [Worker(read_batch, share) for share in others]
    results = [read_batch(own), *(worker.result() for worker in workers)]
    findings = tuple(sorted({finding for result in results for finding in result.findings}))
    return BatchResult(findings, any(result.changed for result in results))


def read_batch(batch: Batch) -> BatchResult:
    """Read the vocabulary and the files of a batch, and put their rows into the cache."""
    from evisynth.checks import internal_contradiction, percentages_cut_off, unsettled_figures
    from evisynth.database.rows import study_rows, vocabulary_rows
    from evisynth.reading import SUFFIX, wrong_suffix
    from evisynth.studies import read_study, read_vocabulary

    files, cache = ProjectFiles(Path(batch.folder)), batch.cache
    try:
        vocabulary = read_vocabulary(files.vocabulary)
    except FindingsError as error:
        return BatchResult(error.findings, False)
    cache.put(cache.key("", cache.vocabulary_sha256), vocabulary_rows(vocabulary))
    findings: list[Finding] = []
    changed = False
    for name, sha256 in batch.names:
        if not name.endswith(SUFFIX):
            findings.append(wrong_suffix(files.studies / name, f"{files.studies.name}/{name}"))
            continue
        try:
            study = read_study(files.studies / name, vocabulary, f"{files.studies.name}/{name}")
        except FindingsError as error:
            findings.extend(error.findings)
            continue
        changed = changed or study.sha256 != sha256
        contradiction = internal_contradiction(study, vocabulary)
        cut_off, unsettled = percentages_cut_off(study, vocabulary), unsettled_figures(study, vocabulary)
        rows = study_rows(study, contradiction, cut_off, unsettled)
        cache.put(cache.key(name, study.sha256), rows)
    return BatchResult(tuple(findings), changed)
