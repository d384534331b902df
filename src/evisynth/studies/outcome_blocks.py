"""Outcomes as a source reports them: figures group by group, under the names of printed statistics.

The records of the statistics say which keys there are, and what each may hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from evisynth.errors import UnknownNameError
from evisynth.outcome_events import SpeaksOf
from evisynth.printed_statistics import PrintedStatistic, statistics_of, typed_statistics
from evisynth.quantities import Kind, Quantity
from evisynth.reading import (
    Entries,
    Filled,
    Key,
    Keys,
    Mapping,
    Mistakes,
    ModelKey,
    Node,
    Scalar,
    Schema,
    Text,
    Texts,
    keys_of,
    mapping,
    not_a_mapping,
    plain_text,
    refused,
    reported_text,
)
from evisynth.studies.field_types import EventName, GroupId, OutcomeName
from evisynth.studies.printed_figures import (
    Count,
    Figure,
    RateFigure,
    RowFigure,
    StatisticFigure,
    figure_of,
    read_quantity,
)
from evisynth.studies.statistic_names import (
    StatisticName,
    StatisticNameError,
    is_death_alone,
    parse_statistic,
    said_of_outcome,
    statistic_record,
)
from evisynth.studies.study_block import (
    AlsoAt,
    At,
    Expected,
    Note,
    StudyBlock,
    StudyReading,
    with_values,
)
from evisynth.vocabulary import Outcome
from evisynth.wording import term_words, with_article

if TYPE_CHECKING:
    from pydantic_core import CoreSchema, PydanticCustomError

_COUNTED_AMONG = "look at both numbers again; lesions or operations need a group of their own"
_MISSING_FIGURE = "type a statistic, {median: 122 months}; a number of patients with the outcome is count: 12"
_TIME = " (at|within|by) .+"
_SAID_OF_TIME = {
    "required": " Typed with its time: {0} at 5 years.",
    "allowed": " It may have a time: {0} within 30 days.",
    "none": "",
}

OutcomeKey = Annotated[
    str, OutcomeName(), Key("Outcome, a name of the vocabulary.", "overall survival", ("endpoint",))
]
AdjustedFor = Annotated[
    Texts, Key("What it is adjusted for, or: not reported.", "[age, grade]", ("adjusted",))
]
Starts = Annotated[
    Text, Key("When the clock starts: diagnosis, operation, not reported.", "operation", ("start",))
]
Figures = Annotated[tuple[StatisticFigure, ...], Filled]


def typed_keys(home: Literal["group", "comparison"]) -> Keys:
    """Return the keys of the statistics of a group or a comparison, as those of a model."""
    return {
        key: ModelKey(
            record.keys[key] + _SAID_OF_TIME[record.time].format(key),
            other_names=tuple(
                name.replace(" ", "_") for name in (record.id, *record.also_called) if name != key
            ),
        )
        for key, record in typed_statistics(home).items()
    }


class OutcomeRow(StudyBlock):
    """All that is printed for one group under one outcome block."""

    placed: ClassVar[Literal["block", "name", "file"]] = "name"

    figures: Figures
    n: Annotated[
        Quantity | None,
        Count(),
        Key("Patients these figures are based on, or: not reported.", "108", ("size", "patients", "number")),
    ] = None
    worked_out: Annotated[
        Text, Key("How figures that are not printed were obtained.", "added up from table 2")
    ] = None
    at: At = None
    also_at: AlsoAt = None
    note: Note = None

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: Any) -> Schema:
        patterns = {
            _pattern(key, record): figure_schema(key, record)
            for key, record in typed_statistics("group").items()
        }
        return {**handler(core), "patternProperties": patterns, "minProperties": 1}

    @classmethod
    def known_keys(cls) -> Keys:
        """Return the keys of the row, and those of the statistics of groups."""
        return {**typed_keys("group"), **keys_of(cls)}

    @classmethod
    def is_known(cls, node: Mapping, context: StudyReading) -> bool:
        """Whatever is no key of a row names a statistic, or is refused as one that does not."""
        return True

    @classmethod
    def not_a_block(cls, node: object) -> PydanticCustomError:
        """Ask for a statistic."""
        return not_a_mapping(node, "name the statistic: {median: 122 months}")

    @classmethod
    def validated(
        cls, handler: Callable[[Any], Any], node: Mapping, context: StudyReading, mistakes: Mistakes
    ) -> Any:
        """Validate the keys of the row, and read its figures, each under the name of its statistic."""
        keys = keys_of(cls)
        known: dict[str, Node] = {key: value for key, value in node.items() if key in keys}
        size = None if node.name is None else context.sizes.get(node.name)
        n = _quietly(node.get("n"))
        if n is not None and n.count is not None and size is not None and n.count > size:
            message = f"{n.count} patients are more than the {size} of the group"
            mistakes.refuse(node["n"], "count-above-whole", message, _COUNTED_AMONG)
        whole = size if n is None else n.count
        outer = context.around
        context.around = outer.inside(node)._replace(n=n, worked_out=said_text(node.get("worked_out")))
        figures = tuple(cls._figures(node, whole, context, mistakes))
        context.around = outer
        data = cls.with_filled(mapping(known, node), context)
        return handler(with_values(data, figures=figures))

    @classmethod
    def _figures(
        cls, node: Mapping, whole: int | None, context: StudyReading, mistakes: Mistakes
    ) -> Iterator[StatisticFigure]:
        keys = keys_of(cls)
        for key, value in node.named():
            if key in keys:
                continue
            try:
                name = parse_statistic(str(key))
            except StatisticNameError as error:
                kind_of_outcome = context.outcome.type if context.outcome else None
                by_outcome = said_of_outcome(str(key), plain_text(value), kind_of_outcome)
                if node.in_braces and isinstance(value, Scalar) and not value:
                    cls.refuse_key(node, key, value, cls.known_keys(), mistakes)
                else:
                    mistakes.refuse(key, error.code, error.message, by_outcome or error.fix)
                continue
            kind = _kind(name, key, context.outcome, mistakes)
            if kind is not None:
                figure = mistakes.attempt(partial(_read_statistic, name, kind, whole), value, context)
                if figure is not None:
                    yield StatisticFigure(name.statistic, name.time_months, figure)

    @classmethod
    def check(cls, node: Mapping, context: StudyReading, mistakes: Mistakes) -> None:
        """Refuse a row that reports nothing."""
        if not node.keys() - keys_of(cls).keys():
            mistakes.refuse(node, "missing-figure", "the row has no figure", _MISSING_FIGURE)


def _pattern(key: str, record: PrintedStatistic) -> str:
    """Return the pattern of a key, with its time."""
    time = {"required": _TIME, "allowed": f"({_TIME})?", "none": ""}[record.time]
    return f"^{key.replace('_', '[_ ]')}{time}$"


def figure_schema(key: str, record: PrintedStatistic) -> Schema:
    """Return the schema of a figure under one key of its statistic."""
    beside = RateFigure.definition if record.at_risk else ""
    return {"description": record.keys[key], "definition": f"{beside}{record.kind or 'number'}"}


def _quietly(n: Node | None) -> Quantity | None:
    """Return the denominator of a row; where it cannot be read, its field says so."""
    try:
        return None if n is None else read_quantity(n, Expected("count"))
    except ValueError:
        return None


def said_text(node: Node | None) -> str | None:
    """Return a text that is said, None where it is not, or cannot be read."""
    try:
        return None if node is None else reported_text(node)
    except ValueError:
        return None


def _kind(name: StatisticName, key: Scalar, outcome: Outcome | None, mistakes: Mistakes) -> Kind | None:
    """Return the kind of value that a statistic of an outcome has; refuse what does not go together."""
    record = statistic_record(name)
    if outcome is None:
        return record.kind
    typed = name.events or name.statistic
    if outcome.type not in record.outcome_types:
        message = f"'{typed}' does not fit {outcome.label}, which is {with_article(term_words(outcome.type))}"
        fitting = [other.id for other in statistics_of("group") if outcome.type in other.outcome_types]
        fix = "look at the outcome, or type " + " or ".join(fitting)
        mistakes.refuse(key, "statistic-does-not-fit", message, fix)
        return None
    if typed == "deaths" and outcome.type == "time_to_event" and not is_death_alone(outcome.event):
        message = f"deaths are not the events of {outcome.label}, which are: {outcome.event}"
        fix = "type events: and the number of those, or deaths: under overall survival"
        mistakes.refuse(key, "statistic-does-not-fit", message, fix)
        return None
    return record.kind or ("number" if outcome.type == "measurement" else "duration")


def _read_statistic(
    name: StatisticName, kind: Kind, whole: int | None, node: Node, context: StudyReading
) -> Figure:
    """Read a figure of one group, counted among ``whole`` patients, a measurement in its outcome's unit."""
    record = statistic_record(name)
    block = RateFigure if record.at_risk else RowFigure
    figure = figure_of(kind, block, record.interval, name.events).read(node, context)
    unit = context.outcome.unit if context.outcome and kind == "number" else None
    if unit is not None:
        quantity = figure.quantity
        if quantity.unit not in ("", unit):
            message = f"'{quantity.as_reported}' is not in {unit}"
            raise refused("wrong-unit", message, f"give it in {unit}", figure)
        figure = replace(figure, quantity=replace(quantity, unit=unit))
    _check_count(figure, whole)
    return figure


def _check_count(figure: Figure, whole: int | None) -> None:
    """Refuse counts that are larger than the number of patients they are counted among."""
    if figure.n is not None:
        whole = figure.n.count
    if whole is None:
        return
    numbers = [(figure, figure.quantity.count), (figure, figure.quantity.count_of)]
    if figure.at_risk is not None:
        numbers.append((figure.at_risk, figure.at_risk.quantity.count))
    for place, number in numbers:
        if number is not None and number > whole:
            message = f"{number} is more than the {whole} patients it is counted among"
            fix = "look at both numbers again; where the row is of other patients, type n: and how many"
            raise refused("count-above-whole", message, fix, place)


def outcome_of(node: Mapping, context: StudyReading) -> Outcome | None:
    """Return the outcome that a block names, None where nobody knows it."""
    try:
        return context.vocabulary.outcome(plain_text(node.get("outcome")))
    except UnknownNameError:
        return None


class OutcomeBlock(StudyBlock):
    """Figures of one outcome, measured one way, for any number of groups."""

    outcome: OutcomeKey
    label: Annotated[Text, Key("The outcome as the source names it.", "disease-free survival", ("name",))] = (
        None
    )
    method: Annotated[Text, Key("How it was estimated: Kaplan-Meier.", "Kaplan-Meier")] = None
    starts: Starts = None
    adjusted_for: AdjustedFor = ()
    of_event: Annotated[
        SpeaksOf | None,
        EventName(),
        Key(
            "Whose its shares and numbers of patients are, where not of those with the event: survival.",
            "survival",
            ("event",),
        ),
    ] = None
    values: Annotated[
        dict[Annotated[str, GroupId()], OutcomeRow],
        Entries("type a group, a colon, and its figures: all: {median: 122 months}"),
        Key(
            "One row of figures a group, under the group's id.",
            "{all: {median: 122 months, survival at 5 years: 61%}}",
            ("results", "data", "endpoints"),
        ),
    ]
    at: At = None
    also_at: AlsoAt = None
    note: Note = None

    @classmethod
    def validated(
        cls, handler: Callable[[Any], Any], node: Mapping, context: StudyReading, mistakes: Mistakes
    ) -> Any:
        """Validate the fields; what figures may be depends on the outcome."""
        context.outcome = outcome_of(node, context)
        return super().validated(handler, node, context, mistakes)
