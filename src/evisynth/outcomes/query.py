"""Asking for reported figures by study, group, outcome, statistic and time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from evisynth.errors import UnknownNameError, UsageError
from evisynth.near_names import near_misses
from evisynth.outcomes.reported_outcome import QUERY_COLUMNS, QUERY_TYPES, TIME_IS_SAME, ReportedOutcome
from evisynth.quantities import QuantityError, parse_duration
from evisynth.vocabulary import fold_name

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

_COLUMNS = tuple(field.name for field in fields(ReportedOutcome))
_FRAME_TYPES = {"string": "str", "integer": "Int64", "number": "float64", "array": "object"}


def select_reported_outcomes(
    connection: DuckDBPyConnection,
    *,
    study: str | None = None,
    group: str | None = None,
    outcome: str | None = None,
    statistic: str | None = None,
    at: str | float | None = None,
) -> list[ReportedOutcome]:
    """Return the printed figures that match every filter, by study and in the order of its file.

    Parameters
    ----------
    outcome
        Id, label or any synonym of an outcome of the vocabulary.
    statistic
        Such as ``median``, ``survival``, ``p_value`` or ``hazard ratio``.
    at
        A time such as ``5 years`` or ``60 months``.

    Raises
    ------
    UnknownNameError
        With the nearest known names.
    UsageError
        When ``at`` is no time.
    """
    conditions: list[str] = []
    values: dict[str, Any] = {}
    if study is not None:
        conditions.append("study = $study")
        values["study"] = _known_study(connection, study)
    if group is not None:
        conditions.append('"group" = $group')
        values["group"] = _known_group(connection, group, study)
    if outcome is not None:
        conditions.append("outcome = $outcome")
        values["outcome"] = find_outcome(connection, outcome)
    if statistic is not None:
        conditions.append("statistic = $statistic")
        values["statistic"] = find_statistic(statistic)
    if at is not None:
        conditions.append(TIME_IS_SAME)
        values["months"] = _months(at)
    return fetch_reported_outcomes(connection, " AND ".join(conditions) or "true", values)


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
