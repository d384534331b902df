"""Reading the publication (``source``) and the patients it reports on (``cohort``)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, get_args

from evisynth.reading import Located, Node
from evisynth.studies.field_readers import FieldReader
from evisynth.studies.figure_reader import Expected, Surroundings, read_figure
from evisynth.studies.study import OverlapExtent, SourceKind

STUDY_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DIGITS = re.compile(r"\d{1,9}")
_YEAR = re.compile(r"(1[89]|20)\d\d")
_ACCRUAL = re.compile(r"(?:[A-Za-z]+ )?(\d{4})(?:\s*(?:to|-|–|through|until)\s*(?:[A-Za-z]+ )?(\d{4}))?")

#: Words that leave one end of a span open, so that one year is not all of it.
_OPEN_SPAN = re.compile(r"(?:since|from|after|before|until|till|through|to|by)\b", re.IGNORECASE)


def study_id(reader: FieldReader, node: Node) -> str | None:
    """Read the id of a study."""
    text = reader.text(node)
    if text is None or STUDY_ID.fullmatch(text):
        return text
    meant = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    fix = f"type {meant or 'midgut-debulking'}: small letters, digits and hyphens"
    reader.refuse(node, "unreadable-id", f"'{text}' is no id of a study", fix)
    return None


def _year(reader: FieldReader, node: Node) -> int | None:
    text = reader.pattern(node, _YEAR, "unreadable-year", "year", "a year such as 2024")
    return int(text) if text else None


def _accrual(reader: FieldReader, node: Node) -> tuple[int, int] | None:
    text = reader.text(node)
    if text is None:
        return None
    match = _ACCRUAL.fullmatch(text)
    if match is None or (match.group(2) is None and _OPEN_SPAN.match(text)):
        reader.refuse(node, "unreadable-years", f"'{text}' is no span of years", _meant_years(text))
        return None
    first, last = int(match.group(1)), int(match.group(2) or match.group(1))
    if last < first:
        reader.refuse(node, "unreadable-years", f"'{text}' runs backwards", "type the first year first")
    return first, last


def _meant_years(text: str) -> str:
    """Say what to type instead of a span of years: the years that the text names."""
    years = list(dict.fromkeys(re.findall(r"(?<![0-9])(?:1[89]|20)[0-9]{2}(?![0-9])", text)))
    if len(years) == 2:
        return f"type {min(years)} to {max(years)}"
    if len(years) == 1:
        first = years[0]
        return f"type the first and the last year, as in {first} to {int(first) + 9}, or {first} if it is all"
    return "type 2000 to 2020, or not reported"


def _overlaps(reader: FieldReader, node: Node) -> tuple[dict[str, Any], ...]:
    overlaps = []
    for item in reader.items(node):
        values = reader.block(item, OVERLAP_KEYS, ("with", "extent", "because"), item)
        if values is not None:
            overlaps.append({**values, "line": item.line, "column": item.column})
    return tuple(overlaps)


SOURCE_KEYS: dict[str, Callable[..., Any]] = {
    "kind": lambda reader, node: reader.choice(node, get_args(SourceKind)),
    "title": FieldReader.text,
    "authors": FieldReader.texts,
    "journal": FieldReader.text,
    "year": _year,
    "volume": FieldReader.text,
    "issue": FieldReader.text,
    "pages": FieldReader.text,
    "doi": lambda reader, node: reader.pattern(
        node, _DOI, "unreadable-doi", "DOI", "it without https://doi.org/: 10.1245/s10434-024-15316-7"
    ),
    "pmid": lambda reader, node: reader.pattern(node, _DIGITS, "unreadable-pmid", "PubMed id", "digits only"),
    "url": FieldReader.text,
    "sha256": lambda reader, node: reader.pattern(
        node, _SHA256, "unreadable-hash", "SHA-256", "the 64 small hex digits that sha256sum prints"
    ),
    "report_of": study_id,
    "not_this_study": FieldReader.places,
    "note": FieldReader.text,
}
OVERLAP_KEYS: dict[str, Callable[..., Any]] = {
    "with": study_id,
    "extent": lambda reader, node: reader.choice(node, get_args(OverlapExtent)),
    "because": FieldReader.scalar,
    "at": FieldReader.place,
}
FOLLOW_UP_KEYS: dict[str, Callable[..., Any]] = {
    "median": FieldReader.node,
    "method": FieldReader.text,
    "minimum": FieldReader.node,
    "at": FieldReader.place,
    "also_at": FieldReader.place,
    "note": FieldReader.text,
}
COHORT_KEYS: dict[str, Callable[..., Any]] = {
    "design": FieldReader.text,
    "institution": FieldReader.text,
    "registry": FieldReader.text,
    "accrual": _accrual,
    "follow_up": FieldReader.node,
    "screened": FieldReader.node,
    "disease": FieldReader.text,
    "excluded": FieldReader.text,
    "overlaps": _overlaps,
    "at": FieldReader.place,
    "also_at": FieldReader.place,
    "note": FieldReader.text,
}


def read_source(reader: FieldReader, node: Node, name: Located) -> dict[str, Any] | None:
    """Read the ``source`` block."""
    return reader.block(node, SOURCE_KEYS, ("kind",), name)


def read_cohort(reader: FieldReader, node: Node, name: Located) -> dict[str, Any] | None:
    """Read the ``cohort`` block."""
    values = reader.block(node, COHORT_KEYS, (), name)
    if values is None:
        return None
    around = Surroundings().inside(values)
    if "screened" in values:
        values["screened"] = read_figure(reader, values["screened"], Expected("count"), around)
    if "follow_up" in values:
        values["follow_up"] = _read_follow_up(reader, values["follow_up"], around)
    return values


def _read_follow_up(reader: FieldReader, node: Node, around: Surroundings) -> dict[str, Any] | None:
    values = reader.block(node, FOLLOW_UP_KEYS, (), node)
    if values is None:
        return None
    around = around.inside(values)
    for key in ("median", "minimum"):
        if key in values:
            values[key] = read_figure(reader, values[key], Expected("duration"), around)
    return values
