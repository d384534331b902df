"""YAML as located data: texts, lists and mappings that know where in the file they stand.

They are plain data to whoever does not ask: a `Scalar` is a ``str``, a `Sequence` a ``list``, a `Mapping`
a ``dict`` under `Scalar` keys. So a model is validated against the nodes themselves, and whatever is refused
knows its line and column, counted from 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeAlias, cast


class Located(Protocol):
    """Anything that knows its place in the file, counted from 1."""

    @property
    def line(self) -> int:
        """The line."""

    @property
    def column(self) -> int:
        """The column."""


class Scalar(str):
    """A text; ``style`` is the quote or block sign it was written with, None when plain."""

    __slots__ = ("column", "line", "style")
    line: int
    column: int
    style: str | None


class Sequence(list["Node"]):
    """A list of nodes."""

    __slots__ = ("column", "line")
    line: int
    column: int


class Mapping(dict[str, "Node"]):
    """Named nodes; ``name`` is the key that the mapping itself stands under, None in a list."""

    __slots__ = ("column", "in_braces", "line", "name")
    line: int
    column: int
    in_braces: bool
    name: Scalar | None

    def named(self) -> Iterator[tuple[Scalar, Node]]:
        """Give every key as it stands in the file, with its value."""
        return iter(cast("list[tuple[Scalar, Node]]", list(self.items())))

    def key(self, key: str) -> Node:
        """Return a key where it stands, or the whole block where the key was misspelt or left out."""
        return next((name for name, _ in self.named() if name == key), self)

    def value(self, key: str) -> Node:
        """Return the value of a key, or the whole block where the key was misspelt or left out."""
        return self.get(key, self)


Node: TypeAlias = Scalar | Sequence | Mapping


def scalar(text: str, line: int = 1, column: int = 1, style: str | None = None) -> Scalar:
    """Return a text that stands at a line and column."""
    node = Scalar(text)
    node.line, node.column, node.style = line, column, style
    return node


def mapping(entries: dict[str, Node], like: Mapping) -> Mapping:
    """Return a mapping of other entries that stands where another does."""
    node = Mapping(entries)
    node.line, node.column, node.in_braces, node.name = like.line, like.column, like.in_braces, like.name
    return node


def plain_text(node: object) -> str:
    """Return the text of a node without blanks around it; empty for a list, a block, and nothing at all."""
    return node.strip() if isinstance(node, Scalar) else ""
