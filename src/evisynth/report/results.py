"""The committed answer to each question: effects as CSV, summary as JSON, forest plot as SVG.

They are written so that a diff shows what one more study changed and nothing else: numbers to six
significant digits, no date, no version. The stamp of an answer is the hash of its question, of the
vocabulary it uses and of the study files it used; an answer is stale when its stamp differs, or a number
by more than :data:`TOLERANCE`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evisynth.whole_files import write_whole
from evisynth.wording import six_digits, spreadsheet_cell

#: Numbers are committed to six significant digits; processors differ in the last of sixteen.
TOLERANCE = 1e-5

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CommittedAnswer:
    """The three texts that stand in ``evidence/results`` for one question."""

    question: str
    summary_json: str
    effects_csv: str
    forest_svg: str

    def files(self, folder: Path) -> dict[Path, str]:
        """Give each text its file name."""
        return {
            folder / f"{self.question}.json": self.summary_json,
            folder / f"{self.question}.csv": self.effects_csv,
            folder / f"{self.question}.svg": self.forest_svg,
        }


def answer_stamp(question_text: str, terms: Sequence[Record], studies: Mapping[str, str]) -> str:
    """Hash what an answer rests on.

    Parameters
    ----------
    question_text
        The question file. Line ends do not count.
    terms
        The vocabulary entries that the question uses.
    studies
        The text of each study file that was used, by study id.
    """
    parts = {
        "question": _plain_lines(question_text),
        "terms": list(terms),
        "studies": {name: _plain_lines(text) for name, text in studies.items()},
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _plain_lines(text: str) -> str:
    return text.replace("\r\n", "\n").removeprefix("\ufeff")


def render_summary(record: Record, stamp: str, studies: Sequence[str]) -> str:
    """Write the summary of an answer as JSON, its stamp first."""
    content = {"stamp": stamp, "studies": sorted(studies), **six_digits(record)}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def render_effects(records: Sequence[Record]) -> str:
    """Write every recovery of every comparison as CSV, a row each; lists are joined by semicolons."""
    text = io.StringIO()
    columns = list(records[0]) if records else ["study", "comparison"]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for record in records:
        writer.writerow([spreadsheet_cell(_csv_cell(record[name])) for name in columns])
    return text.getvalue()


def _csv_cell(value: Any) -> Any:
    if isinstance(value, Mapping):
        return ", ".join(str(part) for part in value.values() if part)
    if isinstance(value, list | tuple):
        return "; ".join(str(_csv_cell(part)) for part in value)
    return six_digits(value)


def write_answer(answer: CommittedAnswer, folder: Path) -> list[Path]:
    """Write the files of an answer whose content changed, and return them.

    A committed figure is left as it is when nothing but the renderer's fonts could have changed it, which
    is when stamp and numbers stand.
    """
    if not stale_parts(answer, folder):
        return []
    files = answer.files(folder)
    changed = [path for path, text in files.items() if path.is_symlink() or _read(path) != text]
    return [write_whole(path, files[path], make_folder=True) for path in changed]


def stale_parts(answer: CommittedAnswer, folder: Path) -> list[str]:
    """Say what of a committed answer no longer stands; empty when all of it does.

    A file that is no whole answer (half written, in conflict after a merge, in another encoding) is stale.
    """
    paths = answer.files(folder)
    missing = [f"{path.name} is missing" for path in paths if not path.is_file() or path.is_symlink()]
    if missing:
        return missing
    (summary_path, summary), (effects_path, effects), (figure_path, figure) = paths.items()
    old, new = _summary(_read(summary_path)), json.loads(summary)
    parts = []
    if old.get("stamp") != new["stamp"]:
        parts.append("the question, its terms or a study it uses changed")
    if not _same({**old, "stamp": ""}, {**new, "stamp": ""}):
        parts.append("the summary changed")
    if not _same(_table(_read(effects_path)), _table(effects)):
        parts.append("the effects changed")
    if _words(_read(figure_path)) != _words(figure):
        parts.append("the figure changed")
    return parts


def _read(path: Path) -> str:
    """Return the text of a file; nothing where it is not there or no text."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _summary(text: str) -> Record:
    try:
        read = json.loads(text)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _table(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text)))
    except csv.Error:
        return []


def _words(svg: str) -> list[str] | None:
    """Return what a picture says, in its order; None of one that is not whole.

    Its lines and places are left to the fonts and the version of the library that drew it.
    """
    return _SAID.findall(svg) if svg.rstrip().endswith("</svg>") else None


#: A text of an SVG, and the stamp among its metadata.
_SAID = re.compile(r">([^<>]*[^<>\s][^<>]*)<")


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(_same(old[name], new[name]) for name in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    old_number, new_number = _number(old), _number(new)
    if old_number is None or new_number is None:
        return bool(old == new)
    return math.isclose(old_number, new_number, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def remove_orphans(folder: Path, questions: Sequence[str]) -> list[Path]:
    """Delete committed answers to questions that are no longer asked, and return what was deleted.

    Files that somebody else put there are left alone, whatever their names.
    """
    orphans = orphaned_answers(folder, questions)
    for path in orphans:
        path.unlink()
    return orphans


def orphaned_answers(folder: Path, questions: Sequence[str]) -> list[Path]:
    """Return the files of committed answers to questions that are no longer asked."""
    by_name: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*")):
        if path.suffix in _SUFFIXES and path.stem not in questions and path.is_file():
            by_name.setdefault(path.stem, []).append(path)
    return [path for paths in by_name.values() if any(map(_is_answer, paths)) for path in paths]


_SUFFIXES = frozenset({".json", ".csv", ".svg"})


def _is_answer(path: Path) -> bool:
    """Whether a file is a summary that names its question, or the effects behind one."""
    text = _read(path)
    if path.suffix == ".csv":
        return text.startswith("study,comparison")
    if path.suffix != ".json":
        return False
    summary = _summary(text)
    return summary.get("question") == path.stem and "stamp" in summary
