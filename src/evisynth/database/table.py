"""A table of the database: columns with types and comments, keys, and the words they may hold.

A column that holds what a person types says what the model of the study file, or of the vocabulary, says of
that key, and a row takes its value from there. One that a documented view shows under the same name says what
the view says. Only what is left is described with the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from evisynth.reading import keys_of

MUST = "NOT NULL"
NOT_NEGATIVE = "CHECK ({0} >= 0)"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its SQL type, what it holds, and what its values must satisfy.

    ``words`` are those that it may hold, asked for when the table is made. ``model`` and ``attribute`` say
    where a row takes its value from, when it is taken as it is.
    """

    name: str
    sql_type: str
    comment: str = ""
    constraint: str = ""
    model: type | None = None
    attribute: str = ""
    words: Iterable[str] = ()

    @property
    def definition(self) -> str:
        """The column in SQL."""
        words = f"CHECK ({self.name} IN ({listed(self.words)}))" if self.words else ""
        constraint = self.constraint.replace("{0}", self.name)
        return " ".join(filter(None, (f'"{self.name}"', self.sql_type, constraint, words)))


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns, its keys, and what one row is."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]

    def described(self, shown: Mapping[str, str]) -> Table:
        """Return the table, with what a view over it says of the columns that are not described."""
        columns = (replace(one, comment=one.comment or shown[one.name]) for one in self.columns)
        return replace(self, columns=tuple(columns))

    def statements(self) -> Iterator[str]:
        """Give the SQL that makes the table, with its comments."""
        lines = [column.definition for column in self.columns]
        yield f"CREATE TABLE {self.name} ({', '.join([*lines, *self.keys])})"
        comments = {column.name: column.comment for column in self.columns}
        yield from comment_statements("TABLE", self.name, self.comment, comments)


def column(kind: str, name: str, said: str | type = "", constraint: str = "", key: str = "") -> Column:
    """Make a column that is described here, or by the model and the key that it takes its values from."""
    if isinstance(said, str):
        return Column(name, kind, said, constraint)
    key = key or name
    typed = keys_of(said).get(key)
    attribute = f"{key}_study" if key == "with" else key  # no field of Python may be called so
    return Column(name, kind, typed.description if typed else "", constraint, said, attribute)


def text(
    name: str, said: str | type = "", constraint: str = "", *, key: str = "", words: Iterable[str] = ()
) -> Column:
    """Make a column of text, or of one of a few words."""
    return replace(column("VARCHAR", name, said, constraint, key), words=words)


def texts(name: str, said: str | type = "", *, key: str = "") -> Column:
    """Make a column of lists of texts."""
    return column("VARCHAR[]", name, said, "", key)


def whole(name: str, said: str | type = "", constraint: str = "", *, key: str = "") -> Column:
    """Make a column of whole numbers."""
    return column("INTEGER", name, said, constraint, key)


def real(name: str, said: str | type = "", constraint: str = "", *, key: str = "") -> Column:
    """Make a column of numbers."""
    return column("DOUBLE", name, said, constraint, key)


def truth(name: str, said: str | type = "", constraint: str = "") -> Column:
    """Make a column of truth values."""
    return column("BOOLEAN", name, said, constraint)


def each(kind: Callable[[str, type], Column], model: type, *names: str) -> Iterator[Column]:
    """Make columns of one kind that take the keys of a model under their own names."""
    return (kind(name, model) for name in names)


def listed(words: Iterable[str]) -> str:
    """Write words as SQL lists them."""
    return ", ".join(f"'{word}'" for word in words)


def refers(table: str, *columns: str, to: Iterable[str] = ()) -> str:
    """Make the constraint that columns name a row of a table, whose own columns are called so unless said."""
    return f"FOREIGN KEY ({', '.join(columns)}) REFERENCES {table} ({', '.join(to or columns)})"


def comment_statements(kind: str, name: str, comment: str, columns: Mapping[str, str]) -> Iterator[str]:
    """Give the SQL that documents a table or a view and each of its columns."""
    yield f"COMMENT ON {kind} {name} IS '{_quoted(comment)}'"
    for column_name, told in columns.items():
        yield f"COMMENT ON COLUMN {name}.\"{column_name}\" IS '{_quoted(told)}'"


def _quoted(told: str) -> str:
    return told.replace("'", "''")
