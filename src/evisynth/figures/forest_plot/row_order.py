"""The order in which rows stand or are added: by year, time, precision, effect, or given numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from evisynth.answers import (
    ORDERS,
    AnswerRow,
    Order,
    Years,
    checked_name,
    order_number,
    order_numbers,
    year_in,
)
from evisynth.errors import InvalidDataError
from evisynth.figures.forest_plot.rows import row_interval
from evisynth.figures.forest_plot.source import ForestSource
from evisynth.figures.forest_plot.words import order_words


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
        return [
            _known(next((order_number(order, key) for key in names if key in order), None)) for names in named
        ]
    if isinstance(order, str):
        known = checked_name("order", order, ORDERS)
        return [_known(_key_of_row(known, row, source)) for row in rows]
    numbers = order_numbers(order)
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
        return year_in(effect.study, source.name_of(effect.study))
    if order == "effect":
        # As it is shown: on the analysis scale the longest survival would be the smallest effect.
        interval = row_interval(row, source.measure.scale, source.level)
        return None if interval is None else interval.estimate
    return effect.time_months if order == "time" else effect.standard_error
