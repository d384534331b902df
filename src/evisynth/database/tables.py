"""The tables: what is stored once, with its keys and checks, and what each column means.

Durations are months (days / 30.4375), shares are proportions from 0 to 1, ``*_half_unit`` is half of the
last printed digit in the unit of its value. What a source does not say is NULL. A figure that is printed
twice in one place (``91 (84.2%)``) is two rows, a count and a proportion.
"""

from __future__ import annotations

from collections.abc import Iterator

from evisynth.database.bias_tables import BIAS
from evisynth.database.figure_tables import FIGURES
from evisynth.database.group_tables import GROUPS
from evisynth.database.study_tables import STUDIES, VOCABULARY
from evisynth.database.table import Table, comment_statements

#: Every table, those that others refer to first.
TABLES: tuple[Table, ...] = (*VOCABULARY, *STUDIES, *GROUPS, *FIGURES, *BIAS)


def table_statements() -> Iterator[str]:
    """Give the SQL that makes every table, with its comments."""
    for table in TABLES:
        lines = [column.definition for column in table.columns]
        yield f"CREATE TABLE {table.name} ({', '.join([*lines, *table.keys])})"
        comments = {column.name: column.comment for column in table.columns}
        yield from comment_statements("TABLE", table.name, table.comment, comments)
