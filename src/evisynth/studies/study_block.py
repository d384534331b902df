"""A block of a study file: what it is read with, what figures take over from it, the keys that all share."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, NamedTuple, cast

from pydantic import BaseModel, ConfigDict

from evisynth.printed_statistics import PrintedStatistic, typed_statistics
from evisynth.quantities import Kind, Quantity
from evisynth.reading import Block, Filled, Key, Mapping, Mistakes, Node, Scalar, Text, plain_text
from evisynth.studies.bias_tools import BiasTool
from evisynth.studies.field_types import PlaceText
from evisynth.studies.statistic_names import belongs_elsewhere
from evisynth.vocabulary import Outcome, Vocabulary

Interval = Literal["range", "iqr"]

At = Annotated[
    str | None,
    PlaceText(),
    Key(
        "Where the source prints it: line 34, lines 53-57, table 2, figure 3, page 4, section results.",
        "line 34",
        ("where", "place", "line", "page", "location"),
    ),
]
AlsoAt = Annotated[str | None, PlaceText(), Key("A second place that prints the same.", "table 2")]
Note = Annotated[
    Text, Key("Anything a later reader should know.", "read from a curve", ("comment", "remark", "notes"))
]


class Surroundings(NamedTuple):
    """What a figure takes over from the blocks it stands in, unless it says otherwise."""

    at: str | None = None
    also_at: str | None = None
    n: Quantity | None = None
    worked_out: str | None = None

    def inside(self, block: Mapping) -> Surroundings:
        """Return the surroundings inside a block; a new place drops the old second one."""
        at, also_at = block.get("at"), block.get("also_at")
        if at is None and also_at is None:
            return self
        own_at, second = plain_text(at) or None, plain_text(also_at) or None
        return Surroundings(own_at or self.at, second, self.n, self.worked_out)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the value of a figure may be; ``events`` is the name under which events are counted: deaths."""

    kind: Kind
    interval: Interval | None = None
    events: str = ""


@dataclass(slots=True)
class StudyReading:
    """What a study is read with, and how far the reading is.

    ``groups`` are the ids of its groups, None where they are not known and any is let pass; ``sizes`` and
    ``splits`` are theirs, once they were read, and ``cited`` the places cited so far. The others say what is
    being read: what stands ``around`` it, what is ``expected`` of a figure, of which ``outcome``, and by
    which ``tool`` bias is judged.
    """

    vocabulary: Vocabulary
    file_name: str
    path: str
    sha256: str
    groups: Collection[str] | None = None
    sizes: dict[str, int] = field(default_factory=dict)
    splits: Collection[str] = ()
    cited: list[Scalar] = field(default_factory=list)
    around: Surroundings = field(default_factory=Surroundings)
    expected: Expected | None = None
    outcome: Outcome | None = None
    tool: BiasTool | None = None
    compared: dict[str, PrintedStatistic] = field(default_factory=lambda: typed_statistics("comparison"))


class StudyBlock(Block, BaseModel):
    """A block of a study file, which knows its line and column."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    line: Annotated[int, Filled]
    column: Annotated[int, Filled]

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Let each field say what its key says."""
        super().__pydantic_init_subclass__(**kwargs)
        for info in cls.model_fields.values():
            for note in info.metadata:
                if isinstance(note, Key):
                    info.description, info.examples = (
                        note.description,
                        [note.example] if note.example else None,
                    )

    @classmethod
    def elsewhere(cls, key: str) -> str | None:
        """Say where a figure goes that stands in the wrong block."""
        return belongs_elsewhere(key)

    @classmethod
    def with_filled(cls, node: Mapping, context: StudyReading) -> Mapping:
        """Fill in line and column."""
        data = super().with_filled(node, context)
        data["line"], data["column"] = data.line, data.column  # type: ignore[assignment]
        return data

    @classmethod
    def validated(
        cls, handler: Callable[[Any], Any], node: Mapping, context: StudyReading, mistakes: Mistakes
    ) -> Any:
        """Validate the fields, among which figures have the place of the block."""
        outer = context.around
        context.around = outer.inside(node)
        try:
            return handler(cls.with_filled(node, context))
        finally:
            context.around = outer


def with_values(data: Mapping, **values: object) -> Mapping:
    """Add the values of fields that nobody types to what is validated."""
    data.update(cast("dict[str, Node]", values))
    return data
