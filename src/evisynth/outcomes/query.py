"""Asking for reported figures by study, group, outcome, statistic and time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from evisynth.errors import UnknownNameError, UsageError
from evisynth.near_names import near_misses
from evisynth.outcomes.reported_outcome import QUERY_COLUMNS, QUERY_TYPES, TIME_IS_SAME, ReportedOutcome
from evisynth.quantities import QuantityError, parse_duration
from evisynth.vocabulary import fold_name

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

_Given = TypeVar("_Given", str, str | float)
_COLUMNS = tuple(field.name for field in fields(ReportedOutcome))
_FRAME_TYPES = {"string": "str", "integer": "Int64", "number": "float64", "array": "object"}


def select_reported_outcomes(
    connection: DuckDBPyConnection,
    *,
    study: str | Sequence[str] | None = None,
    group: str | Sequence[str] | None = None,
    outcome: str | Sequence[str] | None = None,
    statistic: str | Sequence[str] | None = None,
    at: str | float | Sequence[str | float] | None = None,
) -> list[ReportedOutcome]:
    """Return the reported figures that match every filter, by study and in the order of its file.

    Parameters
    ----------
    study, group, outcome, statistic, at
        One, or several of which any may match.
    outcome
        Id, label or any synonym of an outcome of the vocabulary.
    statistic
        Such as ``median``, ``survival``, ``p_value`` or ``hazard ratio``. A count that is printed with its
        denominator, ``14/70``, is a proportion too.
    at
        A time such as ``5 years`` or ``60 months``.

    Raises
    ------
    UnknownNameError
        With the nearest known names.
    UsageError
        When ``at`` is no time.
    """
    studies, groups = _several(study), _several(group)
    statistics = [find_statistic(name) for name in _several(statistic)]
    asked: dict[str, list[Any]] = {
        "study": [_known_study(connection, name) for name in studies],
        "group": [
            _known_group(connection, name, studies[0] if len(studies) == 1 else None) for name in groups
        ],
        "outcome": [find_outcome(connection, name) for name in _several(outcome)],
    }
    conditions = [f'list_contains(${name}, "{name}")' for name, values in asked.items() if values]
    months = {f"months_{place}": _months(time) for place, time in enumerate(_several(at))}
    if months:
        times = (TIME_IS_SAME.replace("$months", f"${name}") for name in months)
        conditions.append(f"({' OR '.join(f'({time})' for time in times)})")
    values = {name: values for name, values in asked.items() if values} | months
    found = fetch_reported_outcomes(connection, " AND ".join(conditions) or "true", values)
    return list(_of_statistics(found, statistics)) if statistics else found


def _several(given: _Given | Sequence[_Given] | None) -> list[_Given]:
    if given is None:
        return []
    return [given] if isinstance(given, str | int | float) else list(given)


def _of_statistics(found: Sequence[ReportedOutcome], statistics: Sequence[str]) -> Iterator[ReportedOutcome]:
    """Keep the figures of these statistics; where shares are asked for, a count of so many is one."""
    shares = {_print_of(figure) for figure in found if figure.statistic == "proportion"}
    for figure in found:
        if figure.statistic in statistics:
            yield figure
        elif (
            "proportion" in statistics
            and figure.statistic == "count"
            and figure.value is not None
            and figure.denominator
            and _print_of(figure) not in shares
        ):
            share = figure.value / figure.denominator
            yield replace(figure, statistic="proportion", value=share, unit="proportion", half_unit=None)


def _print_of(figure: ReportedOutcome) -> tuple[object, ...]:
    """Return what the count and the share of one print, ``91 (84.2%)``, have in common."""
    return figure.study, figure.group, figure.outcome, figure.time_months, figure.file_location


def fetch_reported_outcomes(
    connection: DuckDBPyConnection, condition: str, values: Mapping[str, Any]
) -> list[ReportedOutcome]:
    """Return the printed figures for which a condition on the view holds."""
    columns = ", ".join(f'"{name}"' for name in _COLUMNS)
    found = connection.execute(
        f"SELECT {columns} FROM reported_outcomes WHERE {condition} ORDER BY study, figure_no", dict(values)
    )
    return [_reported_outcome(row) for row in found.fetchall()]


_COMPARED_WITH = _COLUMNS.index("compared_with")


def _reported_outcome(row: Iterable[Any]) -> ReportedOutcome:
    values = list(row)
    if values[_COMPARED_WITH] is not None:
        values[_COMPARED_WITH] = tuple(values[_COMPARED_WITH])
    return ReportedOutcome(*values)


def _known_study(connection: DuckDBPyConnection, name: str) -> str:
    known = [row[0] for row in connection.execute("SELECT study_id FROM study ORDER BY 1").fetchall()]
    if name not in known:
        raise UnknownNameError("study", name, known)
    return name


def _known_group(connection: DuckDBPyConnection, name: str, study: str | None) -> str:
    condition, values = ("WHERE study_id = ?", [study]) if study is not None else ("", [])
    known = [
        row[0]
        for row in connection.execute(
            f"SELECT DISTINCT group_id FROM study_group {condition} ORDER BY 1", values
        ).fetchall()
    ]
    if name not in known:
        raise UnknownNameError("group", name, known)
    return name


def find_outcome(connection: DuckDBPyConnection, name: str) -> str:
    """Return the id of the outcome that has this id, label or synonym."""
    found = connection.execute(
        "SELECT id FROM vocabulary_name WHERE kind = 'outcome' AND folded = ?", [fold_name(name)]
    ).fetchone()
    if found is None:
        raise UnknownNameError("outcome", name, _outcome_names(connection, name))
    return str(found[0])


def _outcome_names(connection: DuckDBPyConnection, name: str) -> list[str]:
    """Return every name when one of them is near, else only the labels, which are fewer."""
    names = connection.execute(
        "SELECT name FROM vocabulary_name WHERE kind = 'outcome' ORDER BY 1"
    ).fetchall()
    every = [row[0] for row in names]
    if near_misses(name, every):
        return every
    return [row[0] for row in connection.execute("SELECT label FROM outcome ORDER BY 1").fetchall()]


def find_statistic(name: str) -> str:
    """Return the statistic of that name, however its words are joined."""
    from evisynth.printed_statistics import STATISTICS, statistics_by_name  # few queries name one

    found = statistics_by_name().get(fold_name(name))
    if found is None:
        raise UnknownNameError("statistic", name, tuple(STATISTICS))
    return found.id


def _months(at: str | float) -> float:
    if not isinstance(at, str):
        return float(at)
    try:
        return parse_duration(at)
    except QuantityError as error:
        raise UsageError(f"--at: {error}") from error


def reported_outcomes_frame(rows: Iterable[ReportedOutcome]) -> pd.DataFrame:
    """Return figures as a table with the columns of the query interface; absent numbers are NaN or NA."""
    import pandas as pd

    frame = pd.DataFrame(
        [[getattr(row, name) for name in QUERY_COLUMNS] for row in rows], columns=list(QUERY_COLUMNS)
    )
    return frame.astype({name: _FRAME_TYPES[kind] for name, kind in QUERY_TYPES.items()})
