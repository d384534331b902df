"""The order in which rows are added to a cumulative plot: by year, time, precision, effect, or numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from evisynth.answers.answer import AnswerRow
from evisynth.answers.plots.forest_names import ORDERS, Order, Years, checked_name
from evisynth.arithmetic import to_natural_scale
from evisynth.errors import InvalidDataError
from evisynth.synthesis import PooledResult

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


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
        return order_numbers(order)
    named = checked_name("order", order, ORDERS)
    if named == "given":
        return None
    if named == "precision":
        return [float(value) for value in pooled.v]
    if named == "effect":
        # As it is shown: on the analysis scale the longest survival would be the smallest effect.
        return [to_natural_scale(float(value), scale) for value in pooled.y]
    if named == "year":
        return [_known_year(study, name) for study, name in zip(studies, names, strict=True)]
    if rows is None:
        raise InvalidDataError(
            "some rows were put together, so they have no one time; order them by precision"
        )
    return [_time(row) for row in rows]


def order_numbers(order: object) -> list[float]:
    """Read an order given as one number for each row."""
    try:
        return [float(key) for key in order]  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise InvalidDataError(
            f"an order is one of {', '.join(ORDERS)}, or one number for each row; not {order!r}"
        ) from None


def order_number(order: Mapping[str, float], key: str) -> float:
    """Read the number that a mapping gives a study."""
    try:
        return float(order[key])
    except (TypeError, ValueError):
        raise InvalidDataError(f"the order of '{key}' is {order[key]!r}; give a number") from None


def year_in(study: str, name: str) -> float | None:
    """Find the year in the id of a study, else in the name it is shown by."""
    found = _YEAR.search(study) or _YEAR.search(name)
    return None if found is None else float(found[0])


def _looked_up(order: Mapping[str, float], study: str, name: str) -> float:
    for key in (study, name):
        if key in order:
            return order_number(order, key)
    if isinstance(order, Years):
        raise InvalidDataError(
            f"the year of '{study}' is not known; write year: below source: in its study file, "
            "or take another order, such as precision"
        )
    raise InvalidDataError(
        f"nothing is known to order '{study}' by (no year, or no number in the mapping); "
        "give order={study: number} with every study, or order='precision'"
    )


def _known_year(study: str, name: str) -> float:
    year = year_in(study, name)
    if year is None:
        raise InvalidDataError(f"there is no year in '{name}'; give order={{'{study}': year, ...}}")
    return year


def _time(row: AnswerRow) -> float:
    if row.effect.time_months is None:
        raise InvalidDataError(f"the effect of {row.effect.study} holds for no one time; use another order")
    return row.effect.time_months
