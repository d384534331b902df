"""The publication that was read (``source``), and the patients it reports on (``cohort``)."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field

from evisynth.reading import (
    SAID_NOT_REPORTED,
    Choice,
    Key,
    Pattern,
    Required,
    Text,
    Texts,
    TextType,
    refused,
    reported_text,
)
from evisynth.studies.field_types import PlaceOfOthers, StudyId, StudyIdIfAny
from evisynth.studies.printed_figures import Figure, FigureOf, PlainFigure
from evisynth.studies.study_block import (
    AlsoAt,
    At,
    Note,
    StudyBlock,
)

SourceKind = Literal[
    "journal abstract", "conference abstract", "conference poster", "web capture", "journal article"
]
#: How much of the publication was in front of the reader.
Coverage = Literal["full text", "full abstract", "cut page", "secondary source"]
OverlapExtent = Literal["none", "possible", "probably contained", "contained", "identical"]

_ACCRUAL = re.compile(r"(?:[A-Za-z]+ )?(\d{4})(?:\s*(?:to|-|–|through|until)\s*(?:[A-Za-z]+ )?(\d{4}))?")
#: Words that leave one end of a span open, so that one year is not all of it.
_OPEN_SPAN = re.compile(r"(?:since|from|after|before|until|till|through|to|by)\b", re.IGNORECASE)
_YEARS: dict[str, Any] = {"anyOf": [{"type": "integer", "minimum": 1800, "maximum": 2099}, SAID_NOT_REPORTED]}


class _Year(Pattern):
    """A year, held as a number."""

    def read(self, node: Any, context: Any = None) -> Any:
        """Return the year."""
        text = super().read(node, context)
        return None if text is None else int(text)


class _YearSpan(TextType):
    """The first and the last year of a span: ``2000 to 2020``."""

    asks_context = False

    def read(self, node: Any, context: Any = None) -> tuple[int, int] | None:
        """Return both years, which may be one."""
        text = reported_text(node)
        if text is None:
            return None
        match = _ACCRUAL.fullmatch(text)
        if match is None or (match.group(2) is None and _OPEN_SPAN.match(text)):
            raise refused("unreadable-years", f"'{text}' is no span of years", _meant_years(text))
        first, last = int(match.group(1)), int(match.group(2) or match.group(1))
        if last < first:
            raise refused("unreadable-years", f"'{text}' runs backwards", "type the first year first")
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


class Source(StudyBlock):
    """The publication that was read."""

    placed: ClassVar[Literal["block", "name", "file"]] = "name"

    kind: Annotated[
        SourceKind, Choice(get_args(SourceKind)), Key("What was read.", "journal abstract", ("type",))
    ]
    coverage: Annotated[
        Coverage | None,
        Choice(get_args(Coverage)),
        Key(
            "What of it was read: full text, full abstract, cut page (more may stand below), or secondary "
            "source (figures that others quote).",
            "full abstract",
            ("read", "completeness"),
        ),
    ] = None
    title: Annotated[
        Text, Key("Title as printed, or: not reported.", '"Resection of liver metastases: 20 years"')
    ] = None
    authors: Annotated[
        Texts, Key("Authors as cited; 'et al.' may end the list.", "[First A, Second B, et al.]")
    ] = ()
    journal: Annotated[Text, Key("Journal or meeting.", "Ann Surg Oncol")] = None
    year: Annotated[
        int | None,
        _Year(r"(1[89]|20)\d\d", "unreadable-year", "year", "a year such as 2024", _YEARS),
        Key("Year of publication.", "2024"),
    ] = None
    volume: Annotated[Text, Key("Volume of the journal.", "30")] = None
    issue: Annotated[Text, Key("Issue of the volume.", "8")] = None
    pages: Annotated[Text, Key("First and last page, or the article number.", "4840-4851")] = None
    doi: Annotated[
        str | None,
        Pattern(
            r"10\.\d{4,9}/\S+",
            "unreadable-doi",
            "DOI",
            "it without https://doi.org/: 10.1245/s10434-024-15316-7",
        ),
        Key("DOI without the https:// part: 10.1245/s10434-...", "10.1245/s10434-024-15316-7"),
    ] = None
    pmid: Annotated[
        str | None,
        Pattern(r"\d{1,9}", "unreadable-pmid", "PubMed id", "digits only"),
        Key("PubMed id, digits only.", "38689169", ("pubmed", "pubmed_id")),
    ] = None
    registration: Annotated[
        Text,
        Key(
            "Number under which the trial or the protocol is registered.",
            "NCT01234567",
            ("registration_number", "trial_registration", "trial_number", "registered_as"),
        ),
    ] = None
    url: Annotated[Text, Key("Address of the page that was read.", "https://example.org/abstract")] = None
    sha256: Annotated[
        str | None,
        Pattern(
            r"[0-9a-f]{64}",
            "unreadable-hash",
            "SHA-256",
            "the 64 small hex digits that sha256sum prints",
        ),
        Key("SHA-256 of the text that was read (64 hex digits)."),
    ] = None
    report_of: Annotated[
        str | None,
        StudyIdIfAny(),
        Key("Id of the study whose patients this reports again.", "midgut-debulking"),
    ] = None
    not_this_study: Annotated[
        tuple[Annotated[str, PlaceOfOthers()], ...],
        Key(
            "Places in the captured text that speak of something else; no figure may cite them.",
            "[lines 11-31]",
        ),
    ] = ()
    note: Annotated[
        Text,
        Key(
            "Anything a later reader of the source should know.",
            "headings stand above the wrong paragraphs",
            ("comment", "remark", "notes"),
        ),
    ] = None


class FollowUp(StudyBlock):
    """How long the patients were followed."""

    median: Annotated[
        Figure | None, FigureOf("duration", PlainFigure), Key("Median follow-up: 62 months.", "62 months")
    ] = None
    method: Annotated[
        Text,
        Key("How it was computed: reverse Kaplan-Meier, survivors only.", "reverse Kaplan-Meier"),
    ] = None
    minimum: Annotated[
        Figure | None,
        FigureOf("duration", PlainFigure),
        Key("Shortest follow-up of a patient still followed.", "12 months"),
    ] = None
    at: At = None
    also_at: AlsoAt = None
    note: Note = None


class Overlap(StudyBlock):
    """Patients this study shares with another."""

    with_study: Annotated[str, StudyId(), Key("Id of the other study.", "gudmundsdottir-2023")] = Field(
        alias="with"
    )
    extent: Annotated[
        OverlapExtent,
        Choice(get_args(OverlapExtent)),
        Key("How far this study's patients are the other's.", "possible"),
    ]
    because: Annotated[Required, Key("Why you think so.", "same centre and years")]
    at: At = None


#: What is allocated in place of a patient; one centre alone is where a trial was, not what it allocated.
_UNIT = r"(?:practice|communit(?:y|ie)|ward|hospital|clinic|village|school|centre|center|department)"
_CLUSTERED = re.compile(
    r"\bclusters?\b|\bcluster-|stepped[ -]wedge|group-randomi[sz]ed|"
    rf"\b{_UNIT}s (?:were |was )?(?:randomi[sz]|allocat|assign)|\b{_UNIT}-(?:level|wise)? ?randomi[sz]|"
    r"\b(?:practice|community|ward|village|school) randomi[sz]|"
    rf"(?:randomi[sz]|allocat|assign)\w*(?: at random)? by {_UNIT}"
)
_CROSSOVER = re.compile(
    r"\bcross-?over\b|\btwo-period\b|\bab[-/]ba\b|\bown controls?\b|self-controlled|"
    r"within-(?:patient|subject|person)|split-(?:body|mouth|liver)"
)


def is_clustered(design: str) -> bool:
    """Whether a design, in its words, allocated clusters of patients."""
    return _CLUSTERED.search(design.casefold()) is not None


def is_crossover(design: str) -> bool:
    """Whether a design, in its words, gave each patient both treatments in turn."""
    return _CROSSOVER.search(design.casefold()) is not None


class Cohort(StudyBlock):
    """Who was studied, where, when, and for how long."""

    placed: ClassVar[Literal["block", "name", "file"]] = "name"

    design: Annotated[
        Text,
        Key("Design in the field's words: retrospective, single centre.", "retrospective, single centre"),
    ] = None
    design_effect: Annotated[
        Figure | None,
        FigureOf("number", PlainFigure),
        Key(
            "How many times the variance of single patients clusters give: 1 + (m - 1) ICC.",
            "1.8",
            ("deff", "variance_inflation"),
        ),
    ] = None
    institution: Annotated[
        Text,
        Key("Hospital or hospitals, or: not reported.", "Mayo Clinic", ("centre", "center", "hospital")),
    ] = None
    registry: Annotated[Text, Key("Registry the patients come from, if any.", "SEER")] = None
    accrual: Annotated[
        tuple[int, int] | None,
        _YearSpan(),
        Key("Years of treatment: 2000 to 2020.", "2000 to 2020", ("period", "years", "inclusion")),
    ] = None
    follow_up: Annotated[
        FollowUp | None, Key("Length of follow-up.", "{median: 62 months}", ("followup",))
    ] = None
    screened: Annotated[
        Figure | None,
        FigureOf("count", PlainFigure),
        Key("Number of patients looked at before selection.", "1,362"),
    ] = None
    disease: Annotated[
        Text, Key("Disease and how patients were chosen.", "stage IV midgut neuroendocrine tumours")
    ] = None
    excluded: Annotated[Text, Key("Who was left out.", "loco-regional disease only", ("exclude",))] = None
    overlaps: Annotated[
        tuple[Overlap, ...],
        Key(
            "Studies that share patients with this one.",
            "[{with: gudmundsdottir-2023, extent: possible, because: same centre and years}]",
        ),
    ] = ()
    at: At = None
    also_at: AlsoAt = None
    note: Note = None
