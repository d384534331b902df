"""In which order rows stand, or are added one by one: by year, time, precision, effect, or given numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from evisynth.answers import AnswerRow
from evisynth.arithmetic import to_natural_scale
from evisynth.errors import InvalidDataError
from evisynth.figures.forest_plot.names import ORDERS, checked_name
from evisynth.figures.forest_plot.options import Order
from evisynth.figures.forest_plot.rows import row_interval
from evisynth.figures.forest_plot.source import ForestSource
from evisynth.synthesis import PooledResult

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


class Years(dict[str, float]):
    """The year of publication of each study: an order that can say what it is."""


def order_words(order: Order | None) -> str:
    """Say in which order rows stand, unless they stand as they were given."""
    if order is None:
        return ""
    if isinstance(order, Years):
        order = "year"
    if not isinstance(order, str):
        return "Order: by the numbers given for them, least first."
    named = checked_name("order", order, ORDERS)
    return "" if named == "given" else f"Order: {ORDERS[named]}."


def in_order(source: ForestSource, order: Order | None) -> ForestSource:
    """Put the rows of each block in order; those without what they are ordered by come last, as they stood.

    Raises
    ------
    InvalidDataError
        No row at all has it, or there is not one number for each row.
    UnknownNameError
        An order that nobody defined.
    """
    if order is None or (isinstance(order, str) and checked_name("order", order, ORDERS) == "given"):
        return source
    keys = _keys_of_rows(source, order)
    if all(key is None for key in keys):
        raise InvalidDataError(f"no row can be ordered {_ordered_by(order)}; take another order")
    left = iter(keys)
    blocks = []
    for block in source.blocks:
        keyed = [(next(left), row) for row in block.rows]
        ranked = sorted((pair for pair in keyed if pair[0] is not None), key=lambda pair: pair[0] or 0.0)
        rows = [row for _, row in ranked] + [row for key, row in keyed if key is None]
        blocks.append(replace(block, rows=tuple(rows)))
    return replace(source, blocks=tuple(blocks), notes=(*source.notes, order_words(order)))


def _ordered_by(order: Order) -> str:
    if isinstance(order, Years):
        order = "year"
    return (
        ORDERS[checked_name("order", order, ORDERS)].split(",")[0]
        if isinstance(order, str)
        else "by what is given for them"
    )


def _keys_of_rows(source: ForestSource, order: Order) -> list[float | None]:
    rows = source.rows
    if isinstance(order, Mapping):
        named = [(row.effect.study, source.name_of(row.effect.study)) for row in rows]
        return [_known(next((_number(order, key) for key in names if key in order), None)) for names in named]
    if isinstance(order, str):
        known = checked_name("order", order, ORDERS)
        return [_known(_key_of_row(known, row, source)) for row in rows]
    numbers = _numbers(order)
    if len(numbers) != len(rows):
        raise InvalidDataError(f"{len(numbers)} numbers for {len(rows)} rows; give one for each")
    places = source.places or range(len(rows))
    return [_known(numbers[place]) for place in places]


def _known(number: float | None) -> float | None:
    """Take what is not a number as not known: nothing can be sorted by it."""
    return None if number is None or math.isnan(number) else number


def _key_of_row(order: str, row: AnswerRow, source: ForestSource) -> float | None:
    effect = row.effect
    if order == "year":
        found = _YEAR.search(effect.study) or _YEAR.search(source.name_of(effect.study))
        return None if found is None else float(found[0])
    if order == "effect":
        # As it is shown: on the analysis scale the longest survival would be the smallest effect.
        interval = row_interval(row, source.measure.scale, source.level)
        return None if interval is None else interval.estimate
    return effect.time_months if order == "time" else effect.standard_error


def order_keys(
    order: Order | None,
    pooled: PooledResult,
    names: Sequence[str],
    rows: Sequence[AnswerRow] | None,
    scale: str,
) -> Sequence[float] | None:
    """Return what the rows of a cumulative plot are sorted by; None for the order in which they stand.

    Raises
    ------
    InvalidDataError
        A row has no year, no time, or no number in the mapping.
    UnknownNameError
        An order that nobody defined.
    """
    studies = list(names) if rows is None else [row.effect.study for row in rows]
    if order is None:
        return None
    if isinstance(order, Mapping):
        return [_looked_up(order, study, name) for study, name in zip(studies, names, strict=True)]
    if not isinstance(order, str):
        return _numbers(order)
    named = checked_name("order", order, ORDERS)
    if named == "given":
        return None
    if named == "precision":
        return [float(value) for value in pooled.v]
    if named == "effect":
        return [to_natural_scale(float(value), scale) for value in pooled.y]
    if named == "year":
        return [_year(study, name) for study, name in zip(studies, names, strict=True)]
    if rows is None:
        raise InvalidDataError(
            "some rows were put together, so they have no one time; order them by precision"
        )
    return [_time(row) for row in rows]


def _numbers(order: object) -> list[float]:
    try:
        return [float(key) for key in order]  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise InvalidDataError(
            f"an order is one of {', '.join(ORDERS)}, or one number for each row; not {order!r}"
        ) from None


def _number(order: Mapping[str, float], key: str) -> float:
    try:
        return float(order[key])
    except (TypeError, ValueError):
        raise InvalidDataError(f"the order of '{key}' is {order[key]!r}; give a number") from None


def _looked_up(order: Mapping[str, float], study: str, name: str) -> float:
    for key in (study, name):
        if key in order:
            return _number(order, key)
    if isinstance(order, Years):
        raise InvalidDataError(
            f"the year of '{study}' is not known; write year: below source: in its study file, "
            "or take another order, such as precision"
        )
    raise InvalidDataError(
        f"nothing is known to order '{study}' by (no year, or no number in the mapping); "
        "give order={study: number} with every study, or order='precision'"
    )


def _year(study: str, name: str) -> float:
    found = _YEAR.search(study) or _YEAR.search(name)
    if found is None:
        raise InvalidDataError(f"there is no year in '{name}'; give order={{'{study}': year, ...}}")
    return float(found[0])


def _time(row: AnswerRow) -> float:
    if row.effect.time_months is None:
        raise InvalidDataError(f"the effect of {row.effect.study} holds for no one time; use another order")
    return row.effect.time_months
