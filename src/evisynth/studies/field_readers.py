"""Reading the single entries of a block: texts, lists, choices, names, places.

Every reader takes a node and returns the value, or None after it has reported what is wrong; a file with
a finding never becomes a study, so a None that stands in for a mistake goes no further.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from itertools import islice
from typing import Any

from evisynth.errors import UnknownNameError, near_misses, suggestion_text
from evisynth.quantities import QuantityError, parse_duration
from evisynth.reading import FileFindings, Located, Mapping, Node, Scalar, Sequence
from evisynth.studies.place import PlaceError, parse_place
from evisynth.vocabulary import Outcome, TermKind, Vocabulary

NOT_REPORTED = "not reported"
#: A title or a note is shorter; what is longer was copied from the source.
LONGEST_TEXT = 2_000
#: Among more groups than these, near misses are not looked for.
MOST_SUGGESTED = 500
#: What people type for a gap; read as a text, two studies of the same "n/a" would seem to be of one centre.
_NO_TEXTS = frozenset(
    {"n/a", "na", "n.a.", "nd", "n.d.", "not stated", "not given", "not available", "?", "-"}
)
_NULLS = frozenset({"~", "null", "Null", "NULL"})


class FieldReader:
    """Reads entries of one file: knows where mistakes go, the vocabulary, and the ids of its groups.

    ``groups`` is None while, or because, the groups are not known; then every group is let pass.
    """

    __slots__ = ("findings", "groups", "vocabulary")

    def __init__(self, findings: FileFindings, vocabulary: Vocabulary) -> None:
        self.findings, self.vocabulary = findings, vocabulary
        self.groups: Collection[str] | None = None

    def refuse(self, place: Located, code: str, message: str, fix: str = "") -> None:
        """Report a mistake at a node."""
        self.findings.add(place, code, message, fix)

    def node(self, node: Node) -> Node:
        """Keep an entry for a reader that needs more than the entry itself."""
        return node

    def scalar(self, node: Node) -> str | None:
        """Read any text."""
        if not isinstance(node, Scalar):
            kind = "a list" if isinstance(node, Sequence) else "a block of names and values"
            self.refuse(
                node, "not-a-text", f"{kind} stands where one value belongs", "type a single text or number"
            )
            return None
        text = node.text.strip()
        if len(text) > LONGEST_TEXT:
            message = f"a text of {len(text):,} characters stands here"
            self.refuse(
                node, "too-long", message, "keep figures, terms and places; copy no text of the source"
            )
            return None
        if text in _NULLS and node.style is None:
            fix = "type not reported, quote it, or leave the key out"
            self.refuse(node, "not-a-value", f"'{text}' means nothing at all to an editor", fix)
            return None
        if not text:
            if node.style in (">", "|"):
                self.refuse(
                    node,
                    "block-scalar",
                    f"an unquoted '{node.style}' opens a block of text here",
                    f'put the value in quotes: "{node.style} ..."',
                )
            else:
                self.refuse(
                    node,
                    "empty-value",
                    "the value is missing",
                    "type it, type not reported, or leave the key out",
                )
            return None
        return text

    def text(self, node: Node) -> str | None:
        """Read a text; ``not reported`` is None."""
        text = self.scalar(node)
        if text is not None and text.lower() in ("nr", "n.r."):
            self.refuse(node, "nr-ambiguous", "'NR' is ambiguous", "type not reported")
        elif text is not None and text.lower() in _NO_TEXTS:
            self.refuse(
                node, "not-a-value", f"'{text}' says nothing", "type not reported, or leave the key out"
            )
        return None if text is None or text.lower() == NOT_REPORTED else text

    def items(self, node: Node) -> list[Node]:
        """Return the entries of a list."""
        if isinstance(node, Sequence):
            return node.items
        example = "begin each entry with a dash"
        if isinstance(node, Scalar):
            example = f"type [{node.text}]" if node.text else "type [first, second]"
        self.refuse(node, "not-a-list", "a list belongs here", example)
        return []

    def texts(self, node: Node) -> tuple[str, ...]:
        """Read a list of texts; ``not reported`` is the empty list."""
        if isinstance(node, Scalar) and node.text.lower() == NOT_REPORTED:
            return ()
        return tuple(text for item in self.items(node) if (text := self.scalar(item)) is not None)

    def block(
        self, node: Node, readers: dict[str, Callable[..., Any]], required: tuple[str, ...], name: Located
    ) -> dict[str, Any] | None:
        """Read a block of entries, each by the reader of its key; None when it is no block.

        Missing keys are reported at ``name``, the place where the block is named.
        """
        if not isinstance(node, Mapping):
            self.not_a_mapping(
                node, f"type {required[0] if required else next(iter(readers))}: and its value"
            )
            return None
        values: dict[str, Any] = {}
        for key, (key_node, value) in node.entries.items():
            if key not in readers:
                self.unknown_key(node, key_node, value, readers)
                key = self.meant_key(node, key, value, readers)
            if key in readers:
                values[key] = readers[key](self, value)
        for key in required:
            if key not in values:
                self.refuse(name, "missing-key", f"'{key}' is missing here", f"type {key}: and its value")
        return values

    def not_a_mapping(self, node: Node, fix: str) -> None:
        """Report a text or a list where names and values belong."""
        kind = "a list" if isinstance(node, Sequence) else "a text"
        if isinstance(node, Scalar) and not node.text.strip():
            kind = "nothing"
        self.refuse(node, "not-a-mapping", f"{kind} stands where names and values belong", fix)

    def unknown_key(self, block: Mapping, key: Scalar, value: Node, known: Collection[str]) -> None:
        """Report a key that nobody reads; in braces it may be the rest of a text with a comma."""
        if block.in_braces and isinstance(value, Scalar) and not value.text:
            first, _, rest = key.text.partition(" ")
            if rest and first in known and first not in block.entries:
                self.refuse(key, "missing-colon", f"'{key.text}' has no colon", f"type {first}: {rest}")
                return
            self.refuse(
                key,
                "flow-comma",
                f"a comma inside braces ends a value, so '{key.text}' stands alone",
                "put the text that holds the comma in quotes",
            )
            return
        from evisynth.studies.statistic_mistakes import belongs_elsewhere, known_as

        alias = known_as(key.text, known)
        fix = f"type {alias}:" if alias else suggestion_text(key.text, tuple(known))
        if not alias and not near_misses(key.text, known):
            fix = belongs_elsewhere(key.text) or fix
        self.refuse(key, "unknown-key", f"unknown key '{key.text}'", fix)

    def meant_key(self, block: Mapping, key: str, value: Node, known: Collection[str]) -> str:
        """Return the key that a misspelt one stands for, so that its value is still checked."""
        from evisynth.studies.statistic_mistakes import known_as

        alias = known_as(key, known)
        close = [alias] if alias else near_misses(key, known, most=1)
        is_leftover = block.in_braces and isinstance(value, Scalar) and not value.text
        return close[0] if close and close[0] not in block.entries and not is_leftover else ""

    def choice(self, node: Node, options: tuple[str, ...]) -> str | None:
        """Read one of a few words."""
        text = self.scalar(node)
        if text is None or text in options:
            return text
        close = near_misses(text, options)
        fix = f"did you mean '{close[0]}'?" if close else "type one of: " + ", ".join(options)
        self.refuse(node, "unknown-choice", f"'{text}' is not one of the words known here", fix)
        return None

    def outcome(self, node: Node) -> Outcome | None:
        """Read the name of an outcome."""
        text = self.scalar(node)
        if text is None:
            return None
        try:
            return self.vocabulary.outcome(text)
        except UnknownNameError as error:
            fix = _or_new(suggestion_text(text, error.known), "outcome")
            self.refuse(node, "unknown-outcome", f"unknown outcome '{text}'", fix)
            return None

    def term(self, node: Node, kind: TermKind) -> str | None:
        """Read the name of a tag and return its id."""
        text = self.text(node)
        if text is None:
            return None
        try:
            return self.vocabulary.term(kind, text).id
        except UnknownNameError as error:
            fix = _or_new(suggestion_text(text, error.known), "term")
            self.refuse(node, f"unknown-{kind}", f"unknown {kind} '{text}'", fix)
            return None

    def group(self, node: Node) -> str | None:
        """Read the id of a group of this study."""
        text = self.scalar(node)
        if text is None or self.groups is None or text in self.groups:
            return text
        fix = suggestion_text(text, tuple(islice(self.groups, MOST_SUGGESTED)))
        self.refuse(node, "unknown-group", f"unknown group '{text}'", fix)
        return None

    def group_list(self, node: Node) -> tuple[str, ...]:
        """Read a list of groups, each named once."""
        found: list[str] = []
        if isinstance(node, Scalar) and len(named := self._groups_said(node.text)) > 1:
            message = "a list of groups belongs here, the index group first"
            self.refuse(node, "not-a-list", message, f"type [{', '.join(named)}]")
            return tuple(named)
        for item in self.items(node):
            if isinstance(item, Scalar) and len(named := self._groups_said(item.text)) > 1:
                message = f"'{item.text}' stands in the place of one group"
                self.refuse(item, "unknown-group", message, f"type a comma between them: {', '.join(named)}")
                found += named
                continue
            group = self.group(item)
            if group is not None and group in found:
                self.refuse(
                    item, "duplicate-group", f"the group '{group}' is named twice", "name each group once"
                )
            elif group is not None:
                found.append(group)
        return tuple(found)

    def _groups_said(self, text: str) -> list[str]:
        """Return the groups that one text names: ``R0 vs R2``; none unless all are groups."""
        if self.groups is None or text in self.groups:
            return []
        named = re.split(r"\s*(?:,|;|/|\bvs\b\.?|\bversus\b|\band\b|\bagainst\b)\s*", text.strip())
        return named if all(name in self.groups for name in named) else []

    def place(self, node: Node) -> str | None:
        """Read a place in the source."""
        text = self.scalar(node)
        if text is None:
            return None
        try:
            parse_place(text)
        except PlaceError as error:
            self.refuse(node, "unreadable-place", error.message, error.fix)
        return text

    def places(self, node: Node) -> tuple[str, ...]:
        """Read a list of places in the source."""
        return tuple(place for item in self.items(node) if (place := self.place(item)) is not None)

    def time(self, node: Node) -> float | None:
        """Read a time such as ``5 years`` and return it in months."""
        text = self.scalar(node)
        if text is None:
            return None
        try:
            return parse_duration(text)
        except QuantityError as error:
            self.refuse(node, error.code, error.message, error.fix)
            return None

    def pattern(self, node: Node, pattern: re.Pattern[str], code: str, what: str, example: str) -> str | None:
        """Read a text of a fixed form; ``not reported`` is None."""
        text = self.text(node)
        if text is None or pattern.fullmatch(text):
            return text
        inside = {found.group() for found in pattern.finditer(text) if _stands_alone(text, *found.span())}
        fix = f"type {inside.pop()}" if len(inside) == 1 else f"type {example}"
        self.refuse(node, code, f"'{text}' is no {what}", fix)
        return None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a part of a text is no piece of a longer word."""
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def _or_new(suggestion: str, what: str) -> str:
    """Add to what is known how a new word gets in."""
    end = "" if suggestion.endswith("?") else "."
    return f"{suggestion}{end} A new {what} goes into the vocabulary first."
