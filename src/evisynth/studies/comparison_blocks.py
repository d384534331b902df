"""Comparisons, with their p-values, ratios and differences, and the claims that a source makes in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from evisynth.outcome_events import SpeaksOf
from evisynth.printed_statistics import statistics_of, typed_statistics
from evisynth.quantities import QuantityError, parse_duration
from evisynth.reading import (
    Choice,
    Filled,
    Key,
    Keys,
    Mapping,
    Mistakes,
    Node,
    Required,
    Schema,
    Sequence,
    Text,
    Texts,
    keys_of,
    mapping,
    plain_text,
    refused,
    reported_text,
    scalar,
)
from evisynth.studies.field_types import EventName, GroupId, GroupIds
from evisynth.studies.printed_figures import (
    Figure,
    ResultFigure,
    StatisticFigure,
    figure_of,
)
from evisynth.studies.study_block import (
    AlsoAt,
    At,
    Note,
    StudyBlock,
    StudyReading,
    with_values,
)

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

from evisynth.studies.field_types import PlaceText
from evisynth.studies.outcome_blocks import (
    AdjustedFor,
    Figures,
    OutcomeKey,
    Starts,
    figure_schema,
    outcome_of,
    said_text,
    typed_keys,
)
from evisynth.studies.statistic_names import said_of_ratio

Basis = Literal["stated", "inferred", "unclear"]
Comparator = Literal["concurrent", "external", "none"]
ClaimKind = Literal[
    "background",
    "benefit",
    "little effect",
    "no difference",
    "ranking",
    "low risk",
    "risk factor",
    "recommendation",
    "frequency",
    "threshold is exposure and outcome",
]


def _effects() -> dict[str, str]:
    """Return what a ratio or a difference may be read as: its id under its name in words."""
    return {record.words: record.id for record in statistics_of("comparison") if record.is_effect}


class ComparisonBlock(StudyBlock):
    """What a p-value, a ratio or a difference compares."""

    outcome: OutcomeKey
    of: Annotated[
        tuple[str, ...],
        GroupIds(),
        Key(
            "Groups compared, index first.",
            "[resected, not-resected]",
            ("groups", "arms", "cohorts"),
        ),
    ] = ()
    within: Annotated[
        str | None, GroupId(), Key("Group inside which patients are compared by something.", "all")
    ] = None
    by: Annotated[
        Required | None, Key("What they are compared by: primary site, year of operation.", "primary site")
    ] = None
    per: Annotated[
        Text,
        Key("Unit of a ratio that is one per unit, and of no two groups: 10 years, 1 cm.", "10 years"),
    ] = None
    time: Annotated[Text, Key("Time the comparison is for, if one: 10 years.", "10 years")] = None
    time_months: Annotated[float | None, Filled] = None
    figures: Figures
    read_as: Annotated[
        str | None,
        Choice(_effects),
        Key("What a ratio is, when the source misnames it.", "hazard ratio"),
    ] = None
    of_event: Annotated[
        SpeaksOf | None,
        EventName(),
        Key(
            "The event that a ratio or a difference speaks of, where the source says: death, or survival. "
            "Left out, it is that of the outcome.",
            "death",
            ("event",),
        ),
    ] = None
    starts: Starts = None
    test: Annotated[Text, Key("Test used: log-rank, or: not reported.", "log-rank")] = None
    adjusted_for: AdjustedFor = ()
    basis: Annotated[
        Basis,
        Choice(get_args(Basis)),
        Key("Whether the source states what is compared, or you inferred it.", "stated"),
    ]
    reads: Annotated[
        Text, Key("Why you read it so; required when inferred.", "the sentence names no other groups")
    ] = None
    favours: Annotated[
        str | None,
        GroupId(),
        Key("Id of the group that did better, when the source says.", "resected", ("favors",)),
    ] = None
    at: At = None
    also_at: AlsoAt = None
    note: Note = None

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: Any) -> Schema:
        schema: Schema = handler(core)
        for key, record in typed_statistics("comparison").items():
            schema["properties"][key] = figure_schema(key, record)
        return schema

    @classmethod
    def is_known(cls, node: Mapping, context: StudyReading) -> bool:
        """Whether every key is one of the block or of a statistic."""
        return node.keys() - keys_of(cls).keys() <= context.compared.keys()

    @classmethod
    def known_keys(cls) -> Keys:
        """Return the keys of the block, and those of the statistics of comparisons."""
        return {**keys_of(cls), **typed_keys("comparison")}

    @classmethod
    def said_otherwise(cls, key: str) -> tuple[str, str] | None:
        """Read a ratio that has its adjustment in its name: aHR."""
        return said_of_ratio(key)

    @classmethod
    def validated(
        cls, handler: Callable[[Any], Any], node: Mapping, context: StudyReading, mistakes: Mistakes
    ) -> Any:
        """Validate the fields, and read the figures under the names of their statistics."""
        context.outcome = outcome_of(node, context)
        months = None if "time" not in node else mistakes.attempt(_months, node["time"], context)
        outer = context.around
        context.around = outer.inside(node)
        figures = tuple(cls._figures(node, months, context, mistakes))
        context.around = outer
        keys = keys_of(cls)
        known = mapping({key: value for key, value in node.items() if key in keys}, node)
        data = cls.with_filled(known, context)
        return handler(with_values(data, figures=figures, time_months=months))

    @classmethod
    def _figures(
        cls, node: Mapping, months: float | None, context: StudyReading, mistakes: Mistakes
    ) -> Iterator[StatisticFigure]:
        if "favours" in node and not node.keys() & context.compared.keys():
            yield StatisticFigure("p_value", months, _no_number(node["favours"], context))
        for key, record in context.compared.items():
            if key in node:
                figure_type = figure_of(record.kind or "number", ResultFigure, record.interval)
                figure = mistakes.attempt(figure_type.read, node[key], context)
                if figure is not None:
                    yield StatisticFigure(record.id, months, figure)

    @classmethod
    def check(cls, node: Mapping, context: StudyReading, mistakes: Mistakes) -> None:
        """Refuse a comparison that does not say, in one way, what is compared, or reports nothing."""
        _check_sides(node, mistakes)
        if plain_text(node.get("basis")) == "inferred" and not said_text(node.get("reads")):
            message, fix = "'reads' is missing beside an inferred basis", "type reads: and why you read it so"
            mistakes.refuse(node.key("basis"), "missing-key", message, fix)
        _check_favours(node, context, mistakes)
        if not node.keys() & {*context.compared, "favours"}:
            fix = f"type one of {', '.join(context.compared)}: and its value, or favours: and who did better"
            mistakes.refuse(node, "missing-figure", "the comparison has no figure", fix)


def _no_number(favours: Node, context: StudyReading) -> Figure:
    """Return the p-value of a comparison that says who did better and nothing else: it is not reported."""
    unknown = scalar("not reported", favours.line, favours.column)
    return figure_of("p_value", ResultFigure).read(unknown, context)


def _months(node: Node, context: StudyReading) -> float | None:
    """Read the time of a comparison in months; it may be ``not reported``."""
    text = reported_text(node)
    try:
        return None if text is None else parse_duration(text)
    except QuantityError as error:
        raise refused(error.code, error.message, error.fix) from None


def _check_sides(node: Mapping, mistakes: Mistakes) -> None:
    of, within, by = (key in node for key in ("of", "within", "by"))
    code = "unclear-comparison"
    if of == within:
        message = "both 'of' and 'within' say what is compared" if of else "what is compared is not said"
        fix = "type of: [index, reference], or within: a group and by: what its patients differ in"
        mistakes.refuse(node.key("within") if within else node, code, message, fix)
    elif within != by:
        message = "'within' needs 'by'" if within else "'by' needs 'within'"
        place = node.key("within" if within else "by")
        mistakes.refuse(place, code, message, "type within: a group, and by: what splits it")
    elif of and node["of"] == []:
        mistakes.refuse(node["of"], code, "no group is named", "type of: [index, reference]")


def _check_favours(node: Mapping, context: StudyReading, mistakes: Mistakes) -> None:
    """Refuse a winner that did not take part."""
    of = node.get("of")
    named = [plain_text(group) for group in of] if isinstance(of, Sequence) else []
    compared = [group for group in named if context.groups is None or group in context.groups]
    favours = plain_text(node.get("favours"))
    if favours and len(compared) > 1 and favours not in compared:
        message = f"'{favours}' is not among the groups compared"
        fix = "type one of " + ", ".join(compared)
        mistakes.refuse(node["favours"], "favours-not-compared", message, fix)


#: What a claim is about, by its kind; every other kind is about one group, and background about none.
_SUBJECTS = {"ranking": ("order", "the groups, best first"), "risk factor": ("factors", "what they are")}


class Claim(StudyBlock):
    """What the source says in words, coded, for the checks that look at wording."""

    kind: Annotated[ClaimKind, Choice(get_args(ClaimKind)), Key("Kind of claim.", "benefit", ("type",))]
    outcome: OutcomeKey
    index: Annotated[str | None, GroupId(), Key("Id of the group it is about.", "resected")] = None
    reference: Annotated[str | None, GroupId(), Key("Id of the group it is set against.", "not-resected")] = (
        None
    )
    order: Annotated[
        tuple[str, ...],
        GroupIds(),
        Key("Ids of groups from best to worst, for a ranking.", "[resected, not-resected]"),
    ] = ()
    factors: Annotated[Texts, Key("Factors named, for risk factors.", "[age, grade]")] = ()
    wording: Annotated[Text, Key("A word or two as printed, for a frequency.", "rarely")] = None
    comparator: Annotated[
        Comparator | None, Choice(get_args(Comparator)), Key("What it is compared with.", "concurrent")
    ] = None
    at: Annotated[str, PlaceText(), Key("Where the source says so: line 34.", "line 34", ("where", "place"))]
    also_at: AlsoAt = None
    note: Note = None

    @classmethod
    def check(cls, node: Mapping, context: StudyReading, mistakes: Mistakes) -> None:
        """Refuse a claim that does not say what it is about."""
        kind = plain_text(node.get("kind"))
        if kind == "background" or kind not in get_args(ClaimKind):
            return
        key, what = _SUBJECTS.get(kind, ("index", "the group it is about"))
        if key not in node:
            message = f"'{key}' is missing here, so that the claim is about nothing"
            mistakes.refuse(node, "missing-key", message, f"type {key}: and {what}")
