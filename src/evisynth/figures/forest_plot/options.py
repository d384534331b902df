"""The choices of a user for a forest plot, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from evisynth.answers import FOREST_KINDS, MODELS, ForestKind, ModelName, Order, checked_name
from evisynth.errors import InvalidDataError, UsageError
from evisynth.figures.forest_plot.names import COLUMN_KEYS, COLUMNS, ColumnKey, read_names
from evisynth.figures.forest_plot.styles import DEFAULT, ForestStyle, style_named
from evisynth.figures.given_texts import is_missing
from evisynth.wording import hyphened, with_article


@dataclass(frozen=True, slots=True)
class ChosenColumns:
    """Columns named by the user; ``after`` is None when they did not say where the plot stands."""

    before: tuple[ColumnKey, ...]
    after: tuple[ColumnKey, ...] | None = None


@dataclass(frozen=True, slots=True)
class ForestOptions:
    """The choices for one plot: `read_options` makes it from names."""

    style: ForestStyle = DEFAULT
    columns: ChosenColumns | None = None
    models: tuple[ModelName, ...] = ()
    kind: ForestKind = "forest"
    ghosts: bool = False
    groups: tuple[Hashable, ...] | None = None
    order: Order | None = None


def read_options(
    layout: str,
    columns: str | Sequence[str] | None,
    models: str | Sequence[str] | None,
    kind: str,
    order: Order | None,
) -> ForestOptions:
    """Check the names of a layout, columns, models and a kind.

    Raises
    ------
    UnknownNameError
        Naming the near or known names.
    UsageError
        Choices that do not go together.
    """
    style = style_named(layout)
    known_kind = cast(ForestKind, checked_name("kind of forest plot", kind, FOREST_KINDS))
    known_models = () if models is None else read_names("model", models, MODELS)
    if known_models and known_kind != "forest":
        raise UsageError(
            f"{with_article(hyphened(known_kind))} plot shows one model; "
            "leave models out, or take kind 'forest'"
        )
    if order is not None and known_kind == "leave_one_out":
        raise UsageError("a leave-one-out plot keeps the order of its rows; leave the order out")
    return ForestOptions(
        style=style,
        columns=None if columns is None else _read_columns(columns),
        models=cast(tuple[ModelName, ...], known_models),
        kind=known_kind,
        order=order,
    )


def read_groups(groups: object, kind: ForestKind) -> tuple[Hashable, ...] | None:
    """Check the subgroups of the rows of a bare result.

    Raises
    ------
    InvalidDataError
        No list, or a row without a name that can be compared.
    UsageError
        A kind of plot whose rows are pooled estimates, and stand in no subgroup.
    """
    if groups is None:
        return None
    if isinstance(groups, str) or not isinstance(groups, Iterable):
        raise InvalidDataError(f"groups are a list with one name for each row, not {groups!r}")
    if kind != "forest":
        raise UsageError(f"{with_article(hyphened(kind))} plot takes all rows together; leave groups out")
    names = tuple(groups)
    for number, name in enumerate(names, start=1):
        if is_missing(name) or not isinstance(name, Hashable):
            raise InvalidDataError(f"the group of row {number} is {name!r}; give each row the name of one")
    return names


def _read_columns(columns: str | Sequence[str]) -> ChosenColumns:
    names = read_names("column", columns, COLUMNS)
    keys: list[ColumnKey] = [key for name in names for key in COLUMN_KEYS if key == name]
    if "plot" not in names:
        return ChosenColumns(tuple(keys))
    place = names.index("plot")
    if place == 0:
        raise UsageError(
            "column 'plot' cannot come first: name at least one column before it, such as 'study'"
        )
    return ChosenColumns(tuple(keys[:place]), tuple(keys[place:]))
