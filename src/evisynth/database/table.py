"""What a table is made of: columns with types and comments, keys, and the words they may hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

STATES = ("reported", "not_reached", "not_reported")
QUALIFIERS = ("=", "<", "<=", ">", ">=", "~")
TAG_KINDS = ("intervention", "extent", "site", "population")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its SQL type, what it holds, and what its values must satisfy.

    ``words`` gives the words that it may hold where records elsewhere say them.
    """

    name: str
    type: str
    comment: str
    constraint: str = ""
    words: Callable[[], Iterable[str]] | None = None

    @property
    def definition(self) -> str:
        """The column in SQL; its words are asked for when the table is made."""
        words = "" if self.words is None else one_of(self.name, tuple(self.words()), empty=False)
        return " ".join(filter(None, (f'"{self.name}"', self.type, self.constraint, words)))


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns, its keys, and what one row is."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]


def text(name: str, comment: str, constraint: str = "") -> Column:
    """Make a column of text."""
    return Column(name, "VARCHAR", comment, constraint)


def whole(name: str, comment: str, constraint: str = "") -> Column:
    """Make a column of whole numbers."""
    return Column(name, "INTEGER", comment, constraint)


def real(name: str, comment: str, constraint: str = "") -> Column:
    """Make a column of numbers."""
    return Column(name, "DOUBLE", comment, constraint)


def one_of(name: str, values: tuple[str, ...], empty: bool = True) -> str:
    """Make the constraint that a column holds one of a few words, or NULL where ``empty``."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"CHECK ({name} IN ({listed}))" if empty else f"NOT NULL CHECK ({name} IN ({listed}))"


STUDY = text("study_id", "Study.", "NOT NULL")
PLACE = text("source_location", "Place in the source: lines, table, figure or section.")
LINE = whole("file_line", "Line of the study file.", "NOT NULL")
NOTE = text("note", "Remark of the person who read.")
OF_STUDY = "FOREIGN KEY (study_id) REFERENCES study (study_id)"
OF_OUTCOME = "FOREIGN KEY (outcome_id) REFERENCES outcome (outcome_id)"
OF_GROUP = "FOREIGN KEY (study_id, group_id) REFERENCES study_group (study_id, group_id)"


def comment_statements(kind: str, name: str, comment: str, columns: Mapping[str, str]) -> Iterator[str]:
    """Give the SQL that documents a table or a view and each of its columns."""
    yield f"COMMENT ON {kind} {name} IS '{_quoted(comment)}'"
    for column, text in columns.items():
        yield f"COMMENT ON COLUMN {name}.\"{column}\" IS '{_quoted(text)}'"


def _quoted(text: str) -> str:
    return text.replace("'", "''")
