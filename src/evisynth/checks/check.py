"""Check, judgement and finding: what a check declares of itself, and how what it hands back is told.

A check hands back a judgement for each thing it looked at. Those that speak against the study file or its
source become findings; the others are counted, so that a reader sees what was looked at and found fine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from evisynth.errors import Finding, Level

Scope = Literal["study", "collection", "source"]


class Found(NamedTuple):
    """Something a person should look at.

    ``about`` says in a few words, with the numbers as printed, what is spoken of. An acknowledgement in a
    study file repeats it, and goes stale when it changes. ``file`` is empty for the study at hand.
    ``doubtful`` says that another reading of the same figures explains it: then it is no contradiction.
    ``unsettles`` names, by line and column, the figures that are not used before the reader settles it.
    """

    line: int
    column: int
    message: str
    about: str
    fix: str = ""
    file: str = ""
    doubtful: bool = False
    unsettles: tuple[tuple[int, int], ...] = ()


def about_words(parts: Iterable[str]) -> str:
    """Name what a finding is about as acknowledgements repeat it: with commas, past eight only how many."""
    every = list(parts)
    return ", ".join(every[:8]) + (f" and {len(every) - 8} more" if len(every) > 8 else "")


#: What a check yields for a thing that it looked at and found fine.
FINE = None

Outcomes = Iterator[Found | None]


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what it is called, what it tests, on what ground, and the function that runs it.

    ``failing`` and ``passing`` are the blocks of a small study file (or of several, or of a study file and
    its source text); the tests run both. ``contradiction`` says that a finding means that figures which
    the source prints cannot all be true, whatever happened to the patients. ``unsettles`` says that it names
    figures which are not used before the reader has settled what they mean.
    """

    code: str
    level: Level
    title: str
    applies_when: str
    test: str
    fix: str
    failing: str
    passing: str
    run: Callable[[Any], Outcomes]
    formula: str = ""
    source: str = ""
    scope: Scope = "study"
    contradiction: bool = False
    unsettles: bool = False


#: The code of the finding that says of a check that it failed.
COULD_NOT_CHECK = "could-not-check"
#: The advice that a page gives, and a finding need not repeat.
_NOTHING = "nothing to mend"

#: The text of a line of the file that was checked; empty when it has no such line.
LineText = Callable[[int], str]


class Judged(NamedTuple):
    """A finding with what it speaks of, by which it can be acknowledged."""

    finding: Finding
    about: str


class SourceLines:
    """The lines of one file, read when the first is asked for."""

    def __init__(self, path: str | Path | None) -> None:
        self._path = path
        self._lines: list[str] | None = None

    def __call__(self, number: int) -> str:
        """Return the text of a line."""
        if self._lines is None:
            self._lines = self._read()
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    def _read(self) -> list[str]:
        try:
            if self._path is None:
                return []
            with open(self._path, "rb") as file:
                return file.read().decode("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError):
            return []


def judge_outcomes(
    check: Check,
    outcomes: Iterable[Found | None],
    file: str,
    fine: Counter[str],
    line_text: LineText | None = None,
) -> list[Judged]:
    """Turn what a check yields into findings; what was fine is counted.

    A check that fails is a finding too, and no reason to keep what the others found from anybody.
    """
    code, level = check.code, check.level
    advice = "" if check.fix == _NOTHING else check.fix
    judged: list[Judged] = []
    fine_here = 0
    for found in _until_failure(check, outcomes, file):
        if isinstance(found, Judged):
            judged.append(found)
            continue
        if found is None:
            fine_here += 1
            continue
        text = line_text(found.line) if line_text is not None else ""
        finding = Finding(
            found.file or file, found.line, found.column, code, level, found.message, found.fix or advice,
            False, text,
        )  # fmt: skip
        judged.append(Judged(finding, found.about))
    if fine_here:
        fine[code] += fine_here
    return judged


def _until_failure(
    check: Check, outcomes: Iterable[Found | None], file: str
) -> Iterator[Found | Judged | None]:
    """Pass on what a check yields; a fault of this program is told of the study at hand."""
    try:
        yield from outcomes
    except Exception as error:
        said = " ".join(str(error).split())
        message = f"could not be looked at by '{check.code}': {type(error).__name__}: {said}"
        fix = "the fault is in evisynth, not in the file: please report it with the file"
        yield Judged(Finding(file, 1, 1, COULD_NOT_CHECK, "warning", message, fix), check.code)


_SCOPES = {
    "study": "one study",
    "collection": "all studies together",
    "source": "a study and its source text",
}


def explain(check: Check) -> str:
    """Write what a check does, on what ground, and an example of each kind, as Markdown."""
    parts = [
        f"# {check.code}",
        f"{check.title}. Level: {check.level}. Looks at {_SCOPES[check.scope]}.",
        f"**Applies when** {check.applies_when}.",
        f"**Tests.** {check.test}",
    ]
    if check.formula:
        parts.append(f"**Formula.** `{check.formula}`")
    if check.source:
        parts.append(f"**Source.** {check.source}.")
    parts += [
        f"**What to do.** {check.fix[:1].upper()}{check.fix[1:]}.",
        f"**Found in**\n\n```yaml\n{check.failing.rstrip()}\n```",
        f"**Fine**\n\n```yaml\n{check.passing.rstrip()}\n```",
        "A finding that was looked at is acknowledged in the study file, with what it speaks of and why; "
        "it comes back "
        "when that changes:\n\n"
        f'```yaml\nacknowledged:\n  - {{finding: {check.code}, about: "...", because: "..."}}\n```',
    ]
    return "\n\n".join(parts) + "\n"


def list_checks(checks: Iterable[Check]) -> list[dict[str, str]]:
    """Describe every check in a row."""
    return [
        {"code": check.code, "level": check.level, "looks at": _SCOPES[check.scope], "title": check.title}
        for check in checks
    ]
