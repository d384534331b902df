"""The rows of a bare pooled result: a point for every effect, with the counts that its user adds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from numbers import Real
from typing import Any

from evisynth.answers.answer import AnswerRow, Summary
from evisynth.effects import Effect
from evisynth.errors import InvalidDataError
from evisynth.measures import measure_named
from evisynth.synthesis import PooledResult
from evisynth.wording import type_words

#: What a user may give to show the counts behind effects: events and patients, of one arm or of both.
Counts = Sequence[Sequence[int]]


def bare_rows(
    result: PooledResult, names: Sequence[str], counts: Counts | None = None
) -> tuple[AnswerRow, ...]:
    """Make a row of every effect of a result, under the name that is given for it.

    Raises
    ------
    InvalidDataError
        Counts that do not fit the effects.
    """
    counted = [{} for _ in names] if counts is None else read_counts(counts, len(result.y))
    return tuple(_bare_row(result, i, name, counted[i]) for i, name in enumerate(names))


def bare_summary(label: str, pooled: PooledResult, rows: Sequence[AnswerRow]) -> Summary:
    """Make the summary of rows that were pooled; the patients count when all of them are known."""
    people = [row.effect.participants for row in rows if row.effect.participants is not None]
    total = sum(people) if people and len(people) == len(rows) else None
    return Summary(label, pooled, None, len(rows), 0, total, exploratory=False)


def _bare_row(result: PooledResult, i: int, name: str, counted: Mapping[str, int | str]) -> AnswerRow:
    numbers = (float(result.y[i]), None, None)
    scale = measure_named(result.effect_measure).scale
    effect = bare_effect(name, scale, numbers, standard_error=float(result.v[i]) ** 0.5)
    effect = replace(effect, **counted)  # type: ignore[arg-type]
    return AnswerRow(effect, (), True, None, float(result.weights[i]), "", None)


_COUNTS_ARE = "counts are (events, n) of single arms or (events1, n1, events2, n2) of two groups"


def read_counts(counts: Counts, row_count: int) -> list[dict[str, int | str]]:
    """Read columns of events and patients, of one arm or of two, as what each effect counts.

    Raises
    ------
    InvalidDataError
        Neither two nor four columns, columns of other lengths than the effects, or what is no count.
    """
    given: Any = counts
    if not isinstance(given, Iterable) or isinstance(given, str) or hasattr(given, "items"):
        raise InvalidDataError(f"{_COUNTS_ARE}, not {type_words(given)}; give the columns themselves")
    columns = [list(column) if isinstance(column, Iterable) else [column] for column in given]
    if len(columns) not in (2, 4):
        raise InvalidDataError(f"{_COUNTS_ARE}, not {len(columns)} columns")
    lengths = {len(column) for column in columns}
    if lengths != {row_count}:
        raise InvalidDataError(
            f"counts have {' and '.join(map(str, sorted(lengths)))} rows for {row_count} effects; "
            "give one number for each"
        )
    found = []
    for number, row in enumerate(zip(*columns, strict=True), start=1):
        if not all(_is_count(value) for value in row) or any(
            events > n for events, n in zip(row[::2], row[1::2], strict=True)
        ):
            raise InvalidDataError(
                f"counts of effect {number} are {', '.join(map(str, row))}; events and patients are whole "
                "numbers, and no more events than patients"
            )
        found.append(_counted([int(value) for value in row]))
    return found


def _is_count(value: Any) -> bool:
    """Whether a value is a whole number of 0 or more; tables with gaps keep theirs as 4.0."""
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    return is_number and bool(value >= 0 and value % 1 == 0)


def _counted(row: Sequence[int]) -> dict[str, int | str]:
    events, size = row[:2]
    if len(row) == 2:
        return {"events": events, "index_size": size, "participants": size}
    return {
        "events": events + row[2],
        "index_events": events,
        "index_size": size,
        "reference_group": "",  # there is one, though nobody named it: its size stands beside the other
        "reference_size": row[3],
        "participants": size + row[3],
    }


def bare_effect(
    name: str,
    scale: str,
    numbers: tuple[float, float | None, float | None],
    standard_error: float | None = None,
) -> Effect:
    """Make an effect of an estimate with its limits (None: of its standard error), without a history."""
    estimate, lower, upper = numbers
    return Effect(
        study=name,
        comparison="",
        index_group="",
        reference_group=None,
        row_group="",
        effect_measure="",
        scale="log" if scale == "log" else "identity",
        recovery="given",
        kind="point",
        grade="A",
        estimate=estimate,
        standard_error=standard_error,
        ci_lower=lower,
        ci_upper=upper,
        primary=True,
    )
