"""Files with something wrong: mutants of study files, questions and vocabularies, and what must hold of each.

A mutant follows from its seed and the files alone. Whatever it says, reading and checking end in findings: no
foreign exception, no refusal without an error, no check that gave up, and every finding is one line of
harmless characters at a place that is there.
"""

from __future__ import annotations

import random
import re
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evisynth.checks import COULD_NOT_CHECK, check_named_files
from evisynth.errors import EvidenceError, Finding, FindingsError
from evisynth.outcomes import read_question
from evisynth.studies import read_vocabulary
from evisynth.vocabulary import Vocabulary

#: What people, programs and enemies put where a value belongs.
_VALUES = (
    "0", "-0", "1", "100%", "0%", "1e309", "-5 months", "9" * 310, "1/0", "0/0", "5/3", "NaN", "inf",
    "null", "~", "yes", "not reached", "not reported", "NR", "at least 97%", "about two thirds",
    "< 0.000", "> 0.99", "p < 0.05", "1.00 (95% CI 0.99 to 1.00)", "0.62 (95% CI 0.00 to 0.90)",
    "12 months (95% CI 12 to 12)", "-4 (95% CI -7 to -1)", "79% ± 4%", "43 (26.1) months",
    "23% (14/60)", "0.5 [0.3; 0.9]", "88 %", "1,5", "1.234.567", "٣", "½", "−3", "∞", "91 (84.2%)",
    "20%", "50% (95% CI 0 to 100)", "(range 0 to 36)", "{value: 3, perhaps: 4}", "[a, b]", "{}", "[]",
    "''",
)  # fmt: skip
#: What YAML, terminals, spreadsheets and pages take for more than text.
_MARKS = (
    "&a ", "*a", "!t ", "<<: ", "? ", ": ", "- ", "#", "|", ">", "'", '"', "[", "]", "{", "}", ",", "%",
    "@", "`", "\t", "\\e[2J", '"\\e[2J"', '"\\0"', "\x00", "\x1b", "\u202e", "\u2028", "\x85", "\ufeff",
    "\ud800", "🙂", "é", "---\n", "...\n", "=1+1", "<script>", "${x}", "%YAML 9.9\n", "\r", "\n", "    ",
    "\x7f",
)  # fmt: skip
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_KEY = re.compile(r"[A-Za-z_][A-Za-z_ ]*(?=:)")
_HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

Mutation = Callable[[random.Random, str, str], str]


def _drop_lines(chance: random.Random, text: str, _: str) -> str:
    lines = text.split("\n")
    start = chance.randrange(len(lines))
    del lines[start : start + chance.choice((1, 1, 2, 5))]
    return "\n".join(lines)


def _repeat_line(chance: random.Random, text: str, _: str) -> str:
    lines = text.split("\n")
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return "\n".join(lines)


def _indent(chance: random.Random, text: str, _: str) -> str:
    lines = text.split("\n")
    place = chance.randrange(len(lines))
    lines[place] = chance.choice((" ", "  ", "    ", "\t", "")) + lines[place].lstrip(
        chance.choice((" ", ""))
    )
    return "\n".join(lines)


def _replace(pattern: re.Pattern[str], choices: Callable[[random.Random, str], str]) -> Mutation:
    def mutate(chance: random.Random, text: str, _: str) -> str:
        found = list(pattern.finditer(text))
        if not found:
            return text
        match = chance.choice(found)
        return text[: match.start()] + choices(chance, text) + text[match.end() :]

    return mutate


def _any_number(chance: random.Random, text: str) -> str:
    return chance.choice((*_NUMBER.findall(text), "0", "1", "99", "1000000", "0.001", "-1"))


def _any_key(chance: random.Random, text: str) -> str:
    return chance.choice((*_KEY.findall(text), "id", "n", "of", "unknown", "value", "values", "at", "p"))


def _another_value(chance: random.Random, text: str, _: str) -> str:
    found = list(re.finditer(r"(?<=: )[^\n,{}\[\]]+", text))
    if not found:
        return text
    match = chance.choice(found)
    return text[: match.start()] + chance.choice(_VALUES) + text[match.end() :]


def _mark(chance: random.Random, text: str, _: str) -> str:
    place = chance.randrange(len(text) + 1)
    return text[:place] + chance.choice(_MARKS) + text[place:]


def _cut(chance: random.Random, text: str, _: str) -> str:
    start = chance.randrange(len(text) + 1)
    return text[:start] + text[start + chance.choice((1, 2, 10, 100, len(text))) :]


def _splice(chance: random.Random, text: str, other: str) -> str:
    lines, more = text.split("\n"), other.split("\n")
    start, place = chance.randrange(len(more)), chance.randrange(len(lines))
    return "\n".join([*lines[:place], *more[start : start + chance.randrange(1, 8)], *lines[place:]])


#: Of figures, after which most files can still be read and are checked; and of everything.
_OF_FIGURES: tuple[Mutation, ...] = (
    _replace(_NUMBER, _any_number),
    _replace(_NUMBER, _any_number),
    _another_value,
)
_OF_ALL: tuple[Mutation, ...] = (
    *_OF_FIGURES, _drop_lines, _repeat_line, _indent, _mark, _cut, _splice, _replace(_KEY, _any_key),
)  # fmt: skip


def mutant(seed: int, texts: Sequence[str]) -> bytes:
    """Make one mutant: one to four mutations of one of some texts, as a file may hold it."""
    chance = random.Random(seed)
    text, other = chance.choice(texts), chance.choice(texts)
    mutations = chance.choice((_OF_FIGURES, _OF_ALL))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
        text = chance.choice(mutations)(chance, text, other)
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    if data and mutations is _OF_ALL and chance.random() < 0.1:
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong with a mutant."""

    seed: int
    what: str


def id_of(data: bytes) -> str:
    """Return the id that a study of that content has: its file is named after it, or it is never checked."""
    found = re.search(rb"^id: ([a-z0-9-]{1,60})\s*$", data, re.MULTILINE)
    return found[1].decode() if found else "made-up"


def fault_of_study(data: bytes, folder: Path, vocabulary: tuple[Vocabulary, Path]) -> str | None:
    """Read and check a study file of that content; say what is wrong with how that went, None if nothing."""
    path = folder / f"{id_of(data)}.yaml"
    path.write_bytes(data)
    try:
        report = check_named_files([(str(path), f"studies/{path.name}")], *vocabulary)
    except Exception:
        return f"a foreign exception: {traceback.format_exc()}"
    if report.study_count == 0 and not any(one.level == "error" for one in report.findings):
        return "refused without an error"
    return fault_of_findings(report.findings, data)


def fault_of_question(data: bytes, path: Path, vocabulary: Vocabulary) -> str | None:
    """Read a question of that content, likewise."""
    path.write_bytes(data)
    return _fault_of_reading(lambda: read_question(path, vocabulary), data)


def fault_of_vocabulary(data: bytes, path: Path) -> str | None:
    """Read a vocabulary of that content, likewise."""
    path.write_bytes(data)
    return _fault_of_reading(lambda: read_vocabulary(path), data)


def _fault_of_reading(read: Callable[[], object], data: bytes) -> str | None:
    try:
        read()
    except FindingsError as error:
        return fault_of_findings(error.findings, data) if error.findings else "refused without a finding"
    except EvidenceError as error:
        return f"no finding, but {type(error).__name__}: {error}"
    except Exception:
        return f"a foreign exception: {traceback.format_exc()}"
    return None


def fault_of_findings(findings: Sequence[Finding], data: bytes) -> str | None:
    """Say what is wrong with findings themselves."""
    last = len(re.split(b"\r\n|\r|\n", data)) + 1
    for one in findings:
        if one.code == COULD_NOT_CHECK:
            return f"a check gave up: {one}"
        if _HARMFUL.search(str(one)):  # the line of the file below it is escaped where it is printed
            return f"a finding with a harmful character: {one!r}"
        if not 0 <= one.line <= last or one.column < 0:
            return f"a place that is not there ({last} lines): {one!r}"
    return None
