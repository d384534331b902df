"""Checks against the source text: values stand where the file says, and no number of it is left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from evisynth.checks.check import FINE, Check, Found, Judged, Outcomes, judge_outcomes
from evisynth.checks.source_text import (
    PrintedValue,
    SourceFolder,
    SourceText,
    Token,
    is_among,
    joined_ends,
    numbers_accounted_for,
    other_sign,
    plain_text,
    printed_values,
    spans_of,
)
from evisynth.errors import ProjectError
from evisynth.studies import Study
from evisynth.wording import counted, listed, plural

#: So many lines away a value still stands near its place.
_NEAR = 3
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
#: What is no figure of a study: citations, identifiers, dates, names with digits, levels, lists, captions.
_NO_FIGURE = re.compile(
    "|".join(
        (
            r"\bdoi:?\s*\S+|10\.\d{4,9}/\S+|https?://\S+|\bpm(?:id|cid?):?\s*\d+",
            r"(?:19|20)\d\d\s*;\s*[^\s;]+(?:\s*:\s*[^\s;.]+)?",
            rf"(?:epub|online|published|received|accepted)[^.]*?(?:19|20)\d\d(?:\s*{_MONTH})?(?:\s*\d{{1,2}})?",
            rf"\b{_MONTH}\s*\d{{0,2}},?\s*(?:19|20)\d\d|(?:19|20)\d\d\s*{_MONTH}(?:\s*\d{{1,2}})?\b",
            r"(?:©|\(c\)|copyright)\s*(?:19|20)\d\d",
            r"\d+(?:\.\d+)?\s*%\s*(?:ci\b|confidence|cr?i\b)|\bci\s*\.\s*\d\d\b",
            r"(?:fig(?:ure|s)?|table|tab|panel|appendix|suppl\w*|ref(?:erence)?s?|version)\s*\.?\s*[a-z]?\d+[a-z]?",
            r"[a-z]+-\d+(?![\d.%])|[a-z]+\d[\w.]*",
            r"^\s*(?:\[\d+\]|\d+[.)])\s",
        )
    )
)


@dataclass(frozen=True)
class SourcedStudy:
    """A study with its source text, if there is one, in the folder that was named."""

    study: Study
    text: SourceText | None
    folder: str

    @cached_property
    def left_out(self) -> tuple[tuple[int, int], ...]:
        """The lines that speak of something else."""
        return tuple(span for place in self.study.source.not_this_study for span in spans_of(place))

    @cached_property
    def everything(self) -> tuple[tuple[int, int], ...]:
        """All other lines, one by one."""
        lines = len(self.text.lines) if self.text is not None else 0
        return tuple((line, line) for line in range(1, lines + 1) if not is_among(line, self.left_out))


def check_sources(studies: Sequence[Study], folder: Path, fine: Counter[str]) -> list[Judged]:
    """Compare every study with its source text in a folder.

    Raises
    ------
    ProjectError
        When there is no such folder.
    """
    if not folder.is_dir():
        raise ProjectError(f"{folder} is no folder; name the folder of the source texts with --sources DIR")
    texts = SourceFolder(folder)
    judged: list[Judged] = []
    for study in studies:
        sourced = SourcedStudy(study, texts.find(study.id, study.source.sha256), folder.name)
        for check in CHECKS:
            judged += judge_outcomes(check, check.run(sourced), study.path, fine)
    return judged


def check_text_found(sourced: SourcedStudy) -> Outcomes:
    """Look for studies whose source text is not in the folder."""
    if sourced.text is not None:
        yield FINE
        return
    named = "its hash" if sourced.study.source.sha256 else f"the name {sourced.study.id}.txt"
    message = f"no text in {sourced.folder} has {named}: nothing was compared with the source"
    yield Found(1, 1, message, "source text")


def check_text_same(sourced: SourcedStudy) -> Outcomes:
    """Compare the hash of the text with the one in the study file."""
    if sourced.text is None or sourced.text.same is None:
        return
    if sourced.text.same:
        yield FINE
        return
    message = f"{sourced.text.name} is not the text that was read: its hash differs, and lines may have moved"
    yield Found(1, 1, message, sourced.text.name)


def check_values_found(sourced: SourcedStudy) -> Outcomes:
    """Look for values whose numbers or words the source prints nowhere."""
    for value in printed_values(sourced.study):
        if sourced.text is None:
            return
        missing = _missing(sourced.text, value, sourced.everything)
        if not missing:
            yield FINE
            continue
        message = f"'{value.text}' ({value.name}) is not in the source: {listed(missing)} is printed nowhere"
        yield Found(value.line, value.column, message, value.about)


def _missing(text: SourceText, value: PrintedValue, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Return the numbers of a value that some lines do not print; a word said instead of them will do."""
    if value.words and _says(text, value.words, spans):
        return []
    if not value.numbers:
        return [f"'{value.words[0]}'"]
    printed = text.values(spans)
    missing = [number for number in value.numbers if number not in printed]
    if missing:
        for joined, ends in joined_ends(plain_text(value.text)).items():
            if joined in printed:
                missing = [number for number in missing if number not in ends]
    return [str(number) for number in missing]


def _says(text: SourceText, words: Sequence[str], spans: Sequence[tuple[int, int]]) -> bool:
    said = f" {re.sub(r'[^a-z0-9 ]', ' ', text.words(spans))} "
    said = " ".join(said.split())
    return any(f" {word} " in f" {said} " for word in words)


def check_values_at_place(sourced: SourcedStudy) -> Outcomes:
    """Look for values that the source prints, but not at or near the place that the file names."""
    if sourced.text is None:
        return
    for value in printed_values(sourced.study):
        if _missing(sourced.text, value, sourced.everything):
            continue
        for place in value.places:
            near = _near(sourced.text, place)
            if not near:
                continue
            missing = _missing(sourced.text, value, near)
            if not missing:
                yield FINE
                continue
            elsewhere = _elsewhere(sourced, value)
            message = (
                f"'{value.text}' ({value.name}) is not at {place}: {listed(missing)} is printed {elsewhere}"
            )
            yield Found(value.line, value.column, message, f"{value.about} at {place}")


def _near(text: SourceText, place: str) -> tuple[tuple[int, int], ...]:
    """Return the lines at and around a place; none when it names no lines."""
    last = len(text.lines)
    return tuple((max(1, first - _NEAR), min(last, end + _NEAR)) for first, end in spans_of(place))


def check_signs(sourced: SourcedStudy) -> Outcomes:
    """Look for p-values whose sign, or lack of one, is not the one printed."""
    if sourced.text is None:
        return
    for value in printed_values(sourced.study):
        signs = [other_sign(sourced.text, value, _near(sourced.text, place)) for place in value.places]
        if not signs or None in signs:
            yield FINE
            continue
        printed = f"{signs[0]} {value.numbers[0]}"
        message = f"'{value.text}' ({value.name}) is printed as {printed} at {value.places[0]}"
        yield Found(value.line, value.column, message, value.about)


def _elsewhere(sourced: SourcedStudy, value: PrintedValue) -> str:
    text = sourced.text
    if text is None or not value.numbers:
        return "elsewhere"
    lines = text.lines_with(value.numbers[0], sourced.left_out)
    return f"on {plural('line', len(lines))} {listed(lines)}" if lines else "elsewhere"


def check_coverage(sourced: SourcedStudy) -> Outcomes:
    """Look for numbers of the source that nothing in the study file accounts for."""
    text = sourced.text
    if text is None:
        return
    known = numbers_accounted_for(sourced.study)
    for number, line in enumerate(text.lines, 1):
        if is_among(number, sourced.left_out):
            continue
        tokens = list(_figures_in(line, text.numbers[number - 1]))
        unknown = [
            token for token in tokens if token.value not in known and not _is_part(token, tokens, known)
        ]
        yield from (FINE for _ in range(len(tokens) - len(unknown)))
        if not unknown:
            continue
        values = listed(dict.fromkeys(str(token.value) for token in unknown))
        noun = counted(len(unknown), "number")
        shown = f"{values}{_context(line, unknown[0])}"
        message = f"line {number} of the source prints {noun} that the file does not have: {shown}"
        yield Found(1, 1, message, f"line {number}: {values}")


def _figures_in(line: str, tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the numbers that can be figures of the study."""
    blocked = [match.span() for match in _NO_FIGURE.finditer(line)]
    for token in tokens:
        if not any(start <= token.start and token.end <= end for start, end in blocked):
            yield token


def _is_part(token: Token, tokens: Sequence[Token], known: set[Decimal]) -> bool:
    """Say whether a number is a piece of thousands with spaces, or the thousands of known pieces."""
    for other in tokens:
        if other is token:
            continue
        inside = other.start <= token.start and token.end <= other.end
        around = token.start <= other.start and other.end <= token.end
        if (inside or around) and other.value in known:
            return True
    return False


def _context(line: str, token: Token) -> str:
    start, end = max(0, token.start - 30), min(len(line), token.end + 20)
    return f' ("...{" ".join(line[start:end].split())}...")'


_EXAMPLE = """\
groups:
  all: {{label: All, n: {n}, at: line 1}}
outcomes:
  - {{outcome: OS, starts: operation, at: line {place}, values: {{all: {{median: 122 months}}}}}}
=== source
We operated on 546 patients{more}.




Median overall survival was 122 months.
"""


def _example(n: int = 546, place: int = 6, more: str = "") -> str:
    return _EXAMPLE.format(n=n, place=place, more=more)


def _p_example(p: str) -> str:
    return (
        "groups:\n  yes: {label: Yes, n: 50, at: line 1}\n  no: {label: No, n: 50, at: line 1}\n"
        f"comparisons:\n  - {{outcome: OS, of: [yes, no], p: {p}, basis: stated, at: line 2}}\n=== source\n"
        "We compared 50 and 50 patients.\nSurvival differed (P<0.001).\n"
    )


CHECKS = (
    Check(
        code="source-missing",
        level="note",
        title="A study without its source text",
        applies_when="--sources names a folder",
        test="Some text in it has the hash that the study file names, or is named after the study.",
        fix="put the text that was read into the folder, and its hash into source: sha256:",
        failing=_example().partition("=== source")[0],
        passing=_example(),
        run=check_text_found,
        scope="source",
    ),
    Check(
        code="source-differs",
        level="warning",
        title="Another text than the one that was read",
        applies_when="the study file names a hash, and a text of the study's name is in the folder",
        test="The hash of the text is the one in the study file.",
        fix="look for the text that was read, or read this one again and write its hash",
        failing="source: {kind: journal abstract, sha256: " + "0" * 64 + "}\n" + _example(),
        passing="source: {kind: journal abstract, sha256: HASH}\n" + _example(),
        run=check_text_same,
        scope="source",
    ),
    Check(
        code="value-not-in-source",
        level="error",
        title="A value that the source does not print",
        applies_when="the source text of a study is there",
        test="Every number of every value (or its words) is printed somewhere in the text; what was worked "
        "out says "
        "so.",
        fix="read the source again; a number that is not printed says worked_out: and how",
        failing=_example(n=564),
        passing=_example(),
        run=check_values_found,
        scope="source",
    ),
    Check(
        code="value-elsewhere",
        level="warning",
        title="A value that stands elsewhere",
        applies_when="a value of the study file names lines of the source text",
        test=f"The source prints it on those lines, or at most {_NEAR} lines away.",
        fix="correct at:",
        failing=_example(place=1),
        passing=_example(),
        run=check_values_at_place,
        scope="source",
    ),
    Check(
        code="sign-not-in-source",
        level="error",
        title="A p-value with another sign than its source prints",
        applies_when="a p-value of the study file names lines of the source text",
        test=f"On those lines, or at most {_NEAR} away, it is printed with the sign that the file has: none, "
        "< or >.",
        fix="type the sign as printed: p: < 0.001",
        failing=_p_example("0.001"),
        passing=_p_example("< 0.001"),
        run=check_signs,
        scope="source",
    ),
    Check(
        code="number-not-in-file",
        level="note",
        title="A number of the source that the file does not have",
        applies_when="the source text of a study is there",
        test="Every number that the source prints outside citations, dates, names and not_this_study: is "
        "in the study "
        "file.",
        fix="add it if it is a figure of the study; lines about something else go into not_this_study:",
        failing=_example(more=", aged 61 years"),
        passing=_example(),
        run=check_coverage,
        scope="source",
    ),
)
