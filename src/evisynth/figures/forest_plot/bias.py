"""Risk of bias beside a forest plot: a disc for each domain of a tool and one overall, and their legend.

A symbol in each disc says what its colour says, so that nothing is lost in black and white. A plot of rows
that were judged by one tool shows its domains; one of two tools, whose domains differ, only what each says
overall.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from evisynth.answers import AnswerRow
from evisynth.figures.forest_plot.layout import Column
from evisynth.figures.forest_plot.names import BiasColumn, ColumnKey, DomainColumn
from evisynth.figures.tones import Tone
from evisynth.outcomes import BiasAssessment
from evisynth.studies import NO_INFORMATION, NOT_JUDGED, TOOLS, BiasTool
from evisynth.wording import HARD_SPACE

DOMAIN_KEYS: tuple[DomainColumn, ...] = get_args(DomainColumn)
OVERALL_KEYS: tuple[BiasColumn, ...] = ("bias_all", "bias_all_other")
BIAS_KEYS: frozenset[ColumnKey] = frozenset((*DOMAIN_KEYS, *OVERALL_KEYS))

#: What stands in a disc, by the word of the tool; a ring stands for what was not judged.
SYMBOLS: Mapping[str, str] = {
    "low": "+",
    "moderate": "–",
    "some concerns": "–",
    "serious": "×",
    "high": "×",
    "critical": "!",
    NO_INFORMATION: "?",
}
RING = "○"

DISC_RADIUS = 0.62  # of the size of the text: discs of neighbouring rows stay apart in every layout
DISC_MIDDLE = 0.36  # of the size of the text above its baseline: half of the height of a capital
DISC_GAP = 3.0  # from disc to disc: they are read together


@dataclass(frozen=True, slots=True)
class DiscPaint:
    """Colours of a disc, the tone of its symbol, and how far that is raised to stand in the middle.

    ``raised`` is a share of the size of the text: signs have their middle lower than letters.
    """

    face: str
    edge: str
    tone: Tone = "ink"
    raised: float = 0.0


#: From pale blue-green to near black: each is darker than the one before, and no two differ by red and green.
DISCS: Mapping[str, DiscPaint] = {
    "+": DiscPaint("#bfe3dd", "#3d6f68", raised=0.045),
    "–": DiscPaint("#efb730", "#8a6510", raised=0.085),
    "×": DiscPaint("#bf4722", "#7a2a10", "white", raised=0.045),
    "!": DiscPaint("#45103a", "#45103a", "white"),
    "?": DiscPaint("#e3e3e3", "#6b6b6b"),
    RING: DiscPaint("#ffffff", "#9a9a9a"),
}


def disc_width(text_size: float) -> float:
    """Return how wide a column of discs is."""
    return 2 * DISC_RADIUS * text_size


def stand_close(key: ColumnKey, following: ColumnKey) -> bool:
    """Whether two neighbouring columns are discs of one tool."""
    return key in DOMAIN_KEYS and following in BIAS_KEYS


def bias_tools(rows: Iterable[AnswerRow]) -> tuple[BiasTool, ...]:
    """Return the tools by which any row was judged."""
    names = {assessment.tool for row in rows for assessment in row.risk_of_bias}
    return tuple(tool for tool in TOOLS if tool.name in names)


def bias_columns(tools: Sequence[BiasTool], place: Literal["before", "after"]) -> Iterator[Column]:
    """Give the columns of discs: the domains of one tool, or what each of two says overall."""
    if len(tools) > 1:
        for key, tool in zip(OVERALL_KEYS, tools, strict=True):
            yield Column(key, tool.name, "center", place, "Risk of bias, overall")
        return
    for tool in tools:
        spanner = f"Risk of bias, {tool.name.replace(' ', HARD_SPACE)}"
        for key, domain in zip(DOMAIN_KEYS, tool.domains, strict=False):
            yield Column(key, tool.letter(domain), "center", place, spanner)
        yield Column(OVERALL_KEYS[0], "All", "center", place, spanner)


def bias_cells(row: AnswerRow, tools: Sequence[BiasTool]) -> dict[ColumnKey, str]:
    """Write the symbols of a row; rings where nothing was judged."""
    cells: dict[ColumnKey, str] = {}
    for key, tool in zip(OVERALL_KEYS, tools, strict=False):
        cells[key] = _symbol(_overall(_by_tool(row, tool)))
    if len(tools) == 1:
        judged = _judged(_by_tool(row, tools[0]))
        cells |= {
            key: _symbol(judged.get(domain))
            for key, domain in zip(DOMAIN_KEYS, tools[0].domains, strict=False)
        }
    return cells


def bias_words(row: AnswerRow, tools: Sequence[BiasTool]) -> str:
    """Say what was judged of a row overall, for those who hear the plot."""
    if not row.risk_of_bias:
        return f"risk of bias {NOT_JUDGED}"
    said = [f"by {tool.name} {_overall(_by_tool(row, tool)) or NOT_JUDGED}" for tool in tools]
    return f"risk of bias {', '.join(said)} overall"


def bias_notes(rows: Sequence[AnswerRow], tools: Sequence[BiasTool]) -> list[str]:
    """Name the domains of the columns, the symbols that occur, and what rows of rings are."""
    if not tools:
        return []
    several = len(tools) > 1
    parts = ["Risk of bias over all domains."] if several else [_domains(tools[0])]
    named = [(tool, "; ".join(_symbols(rows, tool, overall_only=several))) for tool in tools]
    parts += [f"{tool.name}: {text}." if several else f"{text}." for tool, text in named if text]
    if any(RING in bias_cells(row, tools).values() for row in rows):
        parts.append(f"Empty ring: {NOT_JUDGED}.")
    if any(not row.risk_of_bias for row in rows):
        parts.append("A row with rings alone: nobody assessed its comparison.")
    return [" ".join(parts)]


def _domains(tool: BiasTool) -> str:
    named = "; ".join(f"{tool.letter(domain)}{HARD_SPACE}{domain}" for domain in tool.domains)
    return f"Risk of bias by {tool.name}: {named}."


def _symbols(rows: Sequence[AnswerRow], tool: BiasTool, *, overall_only: bool) -> list[str]:
    found = {
        judgement
        for row in rows
        if (assessment := _by_tool(row, tool)) is not None
        for judgement in (
            _overall(assessment), *(() if overall_only else _judged(assessment).values())
        )
    }  # fmt: skip
    return [f"{SYMBOLS[word]}{HARD_SPACE}{word}" for word in tool.known_judgements if word in found]


def _by_tool(row: AnswerRow, tool: BiasTool) -> BiasAssessment | None:
    return next((one for one in row.risk_of_bias if one.tool == tool.name), None)


def _overall(assessment: BiasAssessment | None) -> str | None:
    return None if assessment is None else assessment.overall.judgement


def _judged(assessment: BiasAssessment | None) -> dict[str, str | None]:
    return {} if assessment is None else {one.domain: one.judgement for one in assessment.domains}


def _symbol(judgement: str | None) -> str:
    return RING if judgement is None else SYMBOLS[judgement]
