"""The documented views: one row a reported number, a comparison, a group, a study, a judgement.

Each is a file of SQL in ``sql/``, to be read there: its first line says what one row is, and what stands
after ``--`` in the line of a column says what the column holds. ``{figures}`` stands for a column for each
statistic that compares groups, ``{statistics}`` for their names. ``evisynth query --sql`` is meant for the
views; their columns keep their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evisynth.database.table import comment_statements
from evisynth.printed_statistics import statistics_of

_FOLDER = Path(__file__).with_name("sql")
_NAMES = ("reported_outcomes", "comparisons", "groups", "studies", "risk_of_bias")
#: The line in which the expression of a column ends: its name, and what it holds.
_COLUMN = re.compile(r'^ +\S.*?"?(\w+)"?,  -- (.+)$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class View:
    """A view: the statement that makes it, what one row is, and what each column holds."""

    name: str
    comment: str
    statement: str
    columns: dict[str, str]


def _read_view(name: str) -> View:
    compared = statistics_of("comparison")
    figures = [f"f.{one.id},  -- {one.words[:1].upper()}{one.words[1:]} as written." for one in compared]
    named = ", ".join(f"'{one.id}'" for one in compared)
    text = (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    statement = text.replace("{figures}", "\n    ".join(figures)).replace("{statistics}", named)
    comment = statement.partition("\n")[0].removeprefix("-- ")
    return View(name, comment, statement, dict(_COLUMN.findall(statement)))


def documented_views() -> tuple[View, ...]:
    """Return every view, that of reported numbers first."""
    return tuple(map(_read_view, _NAMES))


def view_statements() -> Iterator[str]:
    """Give the SQL that makes every view, with its comments."""
    for view in documented_views():
        yield view.statement
        yield from comment_statements("VIEW", view.name, view.comment, view.columns)
