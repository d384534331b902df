"""One printed number: its value, its place, its denominator, and what else is known of it.

A figure is typed as a text, or as a block with ``value`` and what else there is to say. What it does not say
itself it takes over from the blocks it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, cast

from pydantic import ConfigDict, TypeAdapter

from evisynth.quantities import CANONICAL_UNITS, Kind, Quantity, QuantityError, parse_quantity
from evisynth.reading import (
    NOT_REPORTED,
    Key,
    Keys,
    Mapping,
    Mistakes,
    Node,
    Scalar,
    Schema,
    Text,
    TextType,
    opened_block,
    plain_text,
    refused,
    text_of,
)
from evisynth.studies.statistic_names import AT_RISK_EXAMPLE, counts_events
from evisynth.studies.study_block import (
    AlsoAt,
    At,
    Expected,
    Interval,
    Note,
    StudyBlock,
    StudyReading,
    Surroundings,
)

if TYPE_CHECKING:
    pass

#: What a value may look like to an editor, by its kind; durations and shares never look like a number.
VALUE_SCHEMAS: dict[Kind, Schema] = {
    "duration": {"type": "string"},
    "share": {"type": "string"},
    "count": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string"}]},
    "ratio": {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}]},
    "p_value": {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string"}]},
    "number": {"type": ["number", "string"]},
    "difference": {"type": ["number", "string"]},
}
#: Words that a count of deaths need not repeat: 40 patients.
_PEOPLE = re.compile(r"\s+(?:patients?|pts?|people|persons|subjects|cases)$", re.IGNORECASE)
_WITH_SHARE = re.compile(r"(.+?)\s*\(\s*[0-9.]+\s*%\s*\)")
_ALONE = "type the suspected value alone, with its unit; what stands in brackets stays as printed"


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed number (or one worked out by the reader) with its place in the source and in the file.

    ``n`` is the denominator written for it in the file, by the figure or by its row. ``worked_out`` says
    how a number that is not printed was obtained. ``at_risk`` is the number of patients at risk printed
    beside a survival rate, a figure with a place of its own. ``perhaps`` is what the reader suspects behind
    a misprint, and ``because`` why: it was not printed, and is never used in place of what was.
    """

    quantity: Quantity
    at: str | None
    also_at: str | None
    n: Quantity | None
    worked_out: str | None
    note: str | None
    line: int
    column: int
    at_risk: Figure | None = None
    perhaps: Quantity | None = None
    because: str | None = None

    @property
    def source_location(self) -> str | None:
        """Where the source prints the figure, with the second place when there is one."""
        if self.at is None or self.also_at is None:
            return self.at or self.also_at
        return f"{self.at} (also {self.also_at})"


@dataclass(frozen=True, slots=True)
class StatisticFigure:
    """A figure with the statistic it is and the time it is for."""

    statistic: str
    time_months: float | None
    figure: Figure


def read_quantity(node: object, expected: Expected) -> Quantity:
    """Read a value as it is expected, or refuse it."""
    text, kind, interval = text_of(node), expected.kind, expected.interval
    if isinstance(node, Scalar) and node.style in (">", "|"):
        raise opened_block(node.style)
    try:
        return (
            _parse_events(text, expected.events) if expected.events else parse_quantity(text, kind, interval)
        )
    except QuantityError as error:
        from evisynth.studies.value_mistakes import advice

        raise refused(error.code, error.message, advice(text, kind, error, interval)) from None


def _parse_events(text: str, name: str) -> Quantity:
    """Read the value of ``deaths: 40``, which may have its share beside it, as ``count: 40 deaths``."""
    named = f"{_PEOPLE.sub('', text)} {name}"
    if _WITH_SHARE.fullmatch(text):
        share = parse_quantity(text, "share")
        return Quantity(
            named, "reported", "=", float(share.count or 0), CANONICAL_UNITS["count"],
            count=share.count, count_of=share.count_of,
        )  # fmt: skip
    quantity = parse_quantity(text, "count")
    if quantity.value is None or counts_events(text):
        return quantity
    return replace(quantity, as_reported=named)


class Value(TextType):
    """A number as printed, of the kind that is expected where the figure stands."""

    schema: Schema = {"value": "expected"}  # noqa: RUF012

    def read(self, node: Any, context: Any = None) -> Quantity:
        """Return the number."""
        return read_quantity(node, cast(Expected, context.expected))


class SuspectedValue(Value):
    """What the reader suspects behind a misprint: one number of that kind."""

    def read(self, node: Any, context: Any = None) -> Quantity:
        """Return the number."""
        return read_quantity(node, Expected(cast(Expected, context.expected).kind))


class Count(TextType):
    """A number of patients, or ``not reported``."""

    schema = VALUE_SCHEMAS["count"]

    asks_context = False

    def read(self, node: Any, context: Any = None) -> Quantity:
        """Return the number."""
        return read_quantity(node, Expected("count"))


class FigureOf(TextType):
    """A figure of one kind: a text, or a block of the keys that ``block`` has."""

    def __init__(
        self, kind: Kind, block: type[AtRiskFigure], interval: Interval | None = None, events: str = ""
    ) -> None:
        self.expected, self.block = Expected(kind, interval, events), block
        self.schema = {"definition": f"{block.definition}{kind}"}

    def read(self, node: Any, context: Any = None) -> Figure:
        """Return the figure, with what it takes over from its surroundings."""
        if isinstance(node, Mapping):
            outer, context.expected = context.expected, self.expected
            try:
                return cast(Figure, _validator(self.block).validate_python(node, context=context))
            finally:
                context.expected = outer
        quantity = read_quantity(node, self.expected)
        around = context.around
        check_place(node, quantity, around)
        return Figure(
            quantity, around.at, around.also_at, around.n, around.worked_out, None, node.line, node.column
        )


@cache
def figure_of(
    kind: Kind, block: type[AtRiskFigure], interval: Interval | None = None, events: str = ""
) -> FigureOf:
    """Return the type of a figure, made once."""
    return FigureOf(kind, block, interval, events)


@cache
def _validator(block: type) -> Any:
    return TypeAdapter(block).validator


def check_place(place: Node, quantity: Quantity, around: Surroundings) -> None:
    """Refuse a number without a place in the source; ``not reported`` needs none."""
    if around.at is None and around.also_at is None and quantity.state != "not_reported":
        message = f"where the source prints '{quantity.as_reported}' is not said"
        raise refused("missing-place", message, "type at: line 34 here or in the block around it", place)


class AtRiskFigure(StudyBlock):
    """A number of patients at risk, which has no denominator."""

    definition: ClassVar[str] = "at_risk_"

    value: Annotated[Quantity, Value(), Key("The number as printed.", "151 months")]
    at: At = None
    also_at: AlsoAt = None
    worked_out: Annotated[
        Text, Key("How the number was obtained, when it is not printed.", "added up from table 2")
    ] = None
    note: Note = None

    @classmethod
    def validated(
        cls, handler: Callable[[Any], Any], node: Mapping, context: StudyReading, mistakes: Mistakes
    ) -> Figure:
        """Return the figure that the block says."""
        read = super().validated(handler, node, context, mistakes)
        around = context.around.inside(node)
        check_place(node["value"], read.value, around)
        return cls.figure(read, node, around, mistakes)

    @classmethod
    def figure(cls, read: Any, node: Mapping, around: Surroundings, mistakes: Mistakes) -> Figure:
        """Put the figure together."""
        return Figure(
            read.value, around.at, around.also_at, around.n, read.worked_out or around.worked_out, read.note,
            node["value"].line, node["value"].column,
        )  # fmt: skip


class PlainFigure(AtRiskFigure):
    """A figure that describes the study: the size of a group, the length of follow-up."""

    definition: ClassVar[str] = "plain_"

    n: Annotated[
        Quantity | None,
        Count(),
        Key("Patients the number is based on, or: not reported.", "108", ("size", "patients", "number")),
    ] = None

    @classmethod
    def figure(cls, read: Any, node: Mapping, around: Surroundings, mistakes: Mistakes) -> Figure:
        """Put the figure together, with its own denominator."""
        figure = super().figure(read, node, around, mistakes)
        return figure if read.n is None else replace(figure, n=read.n)


class ResultFigure(PlainFigure):
    """A reported result, which a reader may suspect to be misprinted.

    The suspicion is data of its own. The printed value stays what every recovery uses.
    """

    model_config = ConfigDict(
        json_schema_extra={"dependencies": {"perhaps": ["because"], "because": ["perhaps"]}}
    )
    definition: ClassVar[str] = ""

    perhaps: Annotated[
        Quantity | None,
        SuspectedValue(),
        Key(
            "What you suspect that a misprinted value should be; the printed one is still what counts.",
            "76 months",
        ),
    ] = None
    because: Annotated[Text, Key("Why you suspect a misprint.", "the whole and both parts say so")] = None

    @classmethod
    def figure(cls, read: Any, node: Mapping, around: Surroundings, mistakes: Mistakes) -> Figure:
        """Put the figure together, with what is suspected behind it."""
        figure = super().figure(read, node, around, mistakes)
        if read.perhaps is None or "because" not in node:
            return figure
        unclear = _unclear(figure, read.perhaps)
        if unclear is not None:
            mistakes.refuse(node["perhaps"], "unclear-misprint", *unclear)
        return replace(figure, perhaps=read.perhaps, because=read.because)

    @classmethod
    def check(cls, node: Mapping, context: StudyReading, mistakes: Mistakes) -> None:
        """Refuse a suspicion without its reason, and a reason without the suspicion."""
        given = [key for key in ("perhaps", "because") if key in node]
        if len(given) == 1:
            others = {"perhaps": ("because", "why you think so"), "because": ("perhaps", "a value")}
            missing, example = others[given[0]]
            message = f"'{missing}' is missing beside '{given[0]}'"
            mistakes.refuse(node.key(given[0]), "missing-key", message, f"type {missing}: and {example}")
        elif given and plain_text(node["because"]).lower() == NOT_REPORTED:
            message, fix = "a suspicion needs its reason", "type because: and why you think so"
            mistakes.refuse(node.key("because"), "missing-key", message, fix)


def _unclear(figure: Figure, suspected: Quantity) -> tuple[str, str] | None:
    """Return what is wrong with a suspicion and what to type instead, None when it is clear."""
    printed = figure.quantity
    if figure.worked_out is not None:
        message = f"'{printed.as_reported}' was worked out, so it cannot be misprinted"
        return message, "leave out perhaps: or worked_out:"
    if printed.value is None or printed.qualifier != "=":
        return f"'{printed.as_reported}' is no plain number to be misprinted", "use note: instead"
    has_interval = suspected.level is not None or suspected.spread is not None
    if suspected.value is None or suspected.qualifier != "=" or has_interval:
        return f"'{suspected.as_reported}' is no plain value", _ALONE
    if printed.unit and suspected.unit not in ("", printed.unit):
        return f"'{suspected.as_reported}' is not in {printed.unit}, as the value is", _ALONE
    if suspected.value == printed.value:
        fix = "type the value that you suspect behind the misprint, or leave out perhaps:"
        return f"'{suspected.as_reported}' is what was printed", fix
    return None


class RowFigure(ResultFigure):
    """A result of a group, beside which no patients at risk stand."""

    @classmethod
    def refuse_key(cls, node: Mapping, key: Scalar, value: Node, known: Keys, mistakes: Mistakes) -> str:
        """Say where a number of patients at risk goes."""
        if key != "at_risk":
            return super().refuse_key(node, key, value, known, mistakes)
        message = "a number of patients at risk belongs to a survival rate"
        mistakes.refuse(value, "statistic-does-not-fit", message, f"{AT_RISK_EXAMPLE}; or use n:")
        return ""


class _AtRisk(FigureOf):
    """The number of patients at risk beside a rate; it stands where the rate does, or says where."""

    def read(self, node: Any, context: Any = None) -> Figure:
        """Return the figure; a second place that prints the rate need not print this number too."""
        outer = context.around
        context.around = outer._replace(n=None, also_at=outer.also_at if outer.at is None else None)
        try:
            return super().read(node, context)
        finally:
            context.around = outer


class RateFigure(ResultFigure):
    """A survival rate, beside which the number of patients at risk may be printed."""

    definition: ClassVar[str] = "rate_"

    at_risk: Annotated[
        Figure | None,
        _AtRisk("count", AtRiskFigure),
        Key("Patients at risk at that time, as printed: 31, fewer than 5.", "31"),
    ] = None

    @classmethod
    def figure(cls, read: Any, node: Mapping, around: Surroundings, mistakes: Mistakes) -> Figure:
        """Put the figure together, with the number beside it."""
        figure = super().figure(read, node, around, mistakes)
        return figure if read.at_risk is None else replace(figure, at_risk=read.at_risk)
