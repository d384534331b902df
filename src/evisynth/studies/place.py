"""Places of a source in which a number stands: ``line 34``, ``lines 53-57, table 2``, ``section results``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from evisynth.errors import EvidenceError
from evisynth.near_names import near_misses

EXAMPLES = "line 34, lines 53-57, table 2, figure 3, page 4 or section results"

_NUMBERED = ("line", "page", "column", "row", "paragraph", "slide")
_NAMED = ("table", "figure", "appendix", "panel", "supplement")
_WHOLE = ("title", "abstract", "caption", "footnote")
_SPAN = re.compile(r"([a-z]+)\s+([0-9]{1,6})(?:\s*(?:-|–|to)\s*([0-9]{1,6}))?")
_LABEL = re.compile(
    r"([a-z]+)\s+([a-z]?[0-9]{1,4}[a-z]?(\s*(-|–|to)\s*[a-z]?[0-9]{1,4})?|[a-z]|[ivx]+)", re.IGNORECASE
)
_ABBREVIATIONS = {
    **dict.fromkeys(("l", "ln", "ll"), "line"), **dict.fromkeys(("p", "pg", "pp"), "page"),
    **dict.fromkeys(("t", "tab", "tbl"), "table"), **dict.fromkeys(("f", "fig", "figs"), "figure"),
    **dict.fromkeys(("par", "para"), "paragraph"), "col": "column", "app": "appendix",
}  # fmt: skip
_ABBREVIATED = rf"({'|'.join(_ABBREVIATIONS)})\.?\s*([0-9]+[a-z]?(?:\s*-\s*[0-9]+)?)"
_SECTION_NAMES = frozenset(
    {"results", "result", "methods", "method", "background", "introduction", "discussion", "conclusion",
     "conclusions", "findings", "objective", "objectives", "aims", "purpose", "patients and methods"}
)  # fmt: skip
_SECTION = re.compile(r"section\s+\S.{0,60}")


class PlaceError(EvidenceError):
    """A text that names no place in a source; ``fix`` says what to type instead."""

    def __init__(self, message: str, fix: str) -> None:
        self.message, self.fix = message, fix
        super().__init__(f"{message}; {fix}")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a source; ``lines`` are the spans of text lines it names, ends included."""

    text: str
    lines: tuple[tuple[int, int], ...] = ()


@lru_cache(maxsize=16_384)
def parse_place(text: str) -> Place:
    """Read a place, its parts separated by commas or semicolons.

    Raises
    ------
    PlaceError
        With what to type instead.
    """
    parts = [part.strip() for part in re.split(r"[,;]", text)]
    spans = [span for part in parts if (span := _line_span(part)) is not None]
    return Place(text, tuple(spans))


def _line_span(part: str) -> tuple[int, int] | None:
    """Check one part; return its span of lines when it names lines of text."""
    lowered = part.lower()
    if match := _SPAN.fullmatch(lowered):
        name, first, last = match.group(1), int(match.group(2)), int(match.group(3) or match.group(2))
        if name.removesuffix("s") in _NUMBERED:
            if last < first or first == 0:
                raise PlaceError(f"'{part}' runs backwards or begins at 0", "type the first number first")
            return (first, last) if name.removesuffix("s") == "line" else None
    if (match := _LABEL.fullmatch(part)) and match.group(1).lower().removesuffix("s") in _NAMED:
        return None
    if _SECTION.fullmatch(lowered) or lowered in _WHOLE:
        return None
    meant = _meant_place(part)
    if meant is not None:
        raise PlaceError(f"'{part}' is no place in a source", f"type {meant}")
    word = lowered.split(" ")[0].rstrip(".")
    close = near_misses(word, (*_NUMBERED, *_NAMED, "section"), most=1)
    advice = f"type {close[0]} and its number" if close else f"type {EXAMPLES}"
    if re.fullmatch(r"[0-9]+(\s*-\s*[0-9]+)?", part):
        advice = f"type line{'s' if '-' in part else ''} {part}"
    raise PlaceError(f"'{part}' is no place in a source" if part else "a place is missing", advice)


def _meant_place(part: str) -> str | None:
    """Return a place as it is typed here for one that is abbreviated (``p. 3``) or a section's bare name."""
    if part.lower().rstrip(".:") in _SECTION_NAMES:
        return f"section {part.lower().rstrip('.:')}"
    if match := re.fullmatch(_ABBREVIATED, part, re.IGNORECASE):
        name = _ABBREVIATIONS[match.group(1).lower()]
        return f"{name}{'s' if name in ('line', 'page') and '-' in match.group(2) else ''} {match.group(2)}"
    return None


def cites_any_of(place: str, spans: tuple[tuple[int, int], ...]) -> bool:
    """Say whether a place names a line inside one of the spans."""
    return any(
        first <= end and last >= start for first, last in parse_place(place).lines for start, end in spans
    )
