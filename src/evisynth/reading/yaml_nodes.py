"""YAML as located text: every scalar is a string, and every node knows its line and column.

The file is read once, event by event, with libyaml's C parser (the pure Python parser does the same,
slowly, where libyaml is missing). Nothing recurses, so no depth of nesting can exhaust the stack, and
nothing is resolved, so ``no`` stays a word and ``0.10`` keeps its zero.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml
from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from evisynth.errors import FindingsError
from evisynth.reading.nodes import Mapping, Node, Scalar, Sequence, scalar
from evisynth.reading.source_text import FileFindings, read_source_text, refuse_file
from evisynth.reading.yaml_mistakes import explain_syntax_error
from evisynth.wording import STEERING

#: Study files need seven levels; deeper input is a mistake or an attack.
DEEPEST_NESTING = 50
#: Syntax mistakes that are mended for the moment, to find those behind them.
MOST_MENDS = 40
#: Each mend composes the text again; past this many characters only the first mistakes are mended.
LARGE_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A file as located text, with the findings so far and the hash of its bytes."""

    root: Mapping
    findings: FileFindings
    sha256: str


def read_yaml_file(path: Path, file: str) -> YamlFile:
    """Read a YAML file whose top level is a mapping; ``file`` is its name as shown to people.

    Mistakes that leave the rest readable are in ``findings``.

    Raises
    ------
    FindingsError
        When nothing of the file can be used.
    """
    source = read_source_text(path, file)
    if not source.text or source.text.isspace():
        raise _empty_file(file)
    findings = FileFindings(file, source.lines)
    text = _without_tabs(source.text, findings) if "\t" in source.text else source.text
    root = _compose_mending(text, findings)
    if root is None:
        raise _empty_file(file)
    if not isinstance(root, Mapping):
        findings.add(
            root, "not-a-mapping", "the file is not made of names and values", "type id: and source: first"
        )
        raise FindingsError(findings.findings)
    return YamlFile(root, findings, source.sha256)


def _empty_file(file: str) -> FindingsError:
    return refuse_file(file, "empty-file", "the file is empty", "fill it in, or delete it")


def _without_tabs(text: str, findings: FileFindings) -> str:
    """Report every tab; an indentation made of tabs is taken to be that of the line before."""
    lines = []
    indentation = 0
    for number, line in enumerate(findings.lines, 1):
        stripped = line.lstrip(" \t")
        if "\t" in line:
            findings.add_at(number, line.index("\t") + 1, "tab", "a tab stands here", "use spaces")
            if "\t" in line[: len(line) - len(stripped)]:
                line = " " * indentation + stripped
                findings.spoil(number)
            line = line.replace("\t", " ")
        if stripped and not stripped.startswith("#"):
            indentation = len(line) - len(line.lstrip(" "))
            indentation += 2 if stripped.rstrip().endswith(":") or stripped.startswith("- ") else 0
        lines.append(line)
    return "\n".join(lines)


def _compose_mending(text: str, findings: FileFindings) -> Node | None:
    """Compose the text; after a syntax error, mend its line for the moment and go on."""
    for _ in range(MOST_MENDS if len(text) <= LARGE_TEXT else 3):
        count, spoiled = len(findings.findings), set(findings.spoiled)
        try:
            return _compose(text, findings)
        except MarkedYAMLError as error:
            findings.forget_after(count)
            findings.spoiled = spoiled
            lines = re.split(r"\r\n|\r|\n", text)
            mistake = explain_syntax_error(error, lines)
            number = mistake.line
            findings.add_at(number, mistake.column, mistake.code, mistake.message, mistake.fix)
            mended = "" if number in spoiled else mistake.mended_line
            if number > len(lines) or lines[number - 1] == mended:
                break
            lines[number - 1] = mended
            if mistake.spoils_line:
                findings.spoil(number)
            text = "\n".join(lines)
    raise FindingsError(findings.findings)


class _Composer:
    """The node under construction and the open collections above it."""

    def __init__(self, findings: FileFindings) -> None:
        self.findings = findings
        self.root: Node | None = None
        self.open: list[Sequence | Mapping] = []
        self.names: list[Scalar | None] = []

    def add(self, node: Node) -> None:
        """Hang a finished or just opened node where it belongs."""
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        if isinstance(parent, Sequence):
            parent.append(node)
            return
        name = self.names[-1]
        if name is None:
            self.names[-1] = self.name(node)
            return
        self.names[-1] = None
        if isinstance(node, Mapping):
            node.name = name
        if name in parent:
            message = f"'{name}' is given twice; it stands on line {parent.key(name).line} already"
            self.findings.add(name, "duplicate-key", message, "keep one of them")
        else:
            parent[name] = node

    def name(self, node: Node) -> Scalar:
        if isinstance(node, Scalar):
            return node
        message, fix = "a name must be a text", "quote the text if it holds brackets"
        self.findings.add(node, "key-not-text", message, fix)
        return scalar("", node.line, node.column)

    def leave(self) -> None:
        left = self.open.pop()
        self.names.pop()
        if left.__class__ is Mapping and left.in_braces and any(map(_may_be_cut_off, left)):
            from evisynth.reading.decimal_commas import mend_decimal_commas

            mend_decimal_commas(left, self.findings)

    def open_collection(self, event: Any, kind: type) -> None:
        """Turn the event that opens a mapping or a list into a node."""
        mark = event.start_mark
        node: Mapping | Sequence
        if kind is MappingStartEvent:
            node = Mapping()
            node.in_braces, node.name = bool(event.flow_style), None
        else:
            node = Sequence()
        node.line, node.column = mark.line + 1, mark.column + 1
        if event.anchor is not None or event.tag is not None:
            self.refuse_extras(event, node.line, node.column)
        self.add(node)
        self.open.append(node)
        self.names.append(None)
        if len(self.open) > DEEPEST_NESTING:
            self.refuse_depth(node.line, node.column)

    def refuse_depth(self, line: int, column: int) -> NoReturn:
        """Refuse what is nested too deep; nothing else in such a file is worth telling."""
        self.findings.forget_after(0)
        message = f"more than {DEEPEST_NESTING} levels are nested here"
        self.findings.add_at(line, column, "too-deep", message, "close brackets, or flatten it")
        raise FindingsError(self.findings.findings)

    def refuse_brackets(self, text: str, line: int) -> NoReturn:
        """Refuse a line of brackets at the first of them that is too deep."""
        written = re.split(r"\r\n|\r|\n", text)[line]
        brackets = [place for place, letter in enumerate(written, 1) if letter in "[{"]
        deep = DEEPEST_NESTING - len(self.open)
        self.refuse_depth(line + 1, brackets[min(deep, len(brackets) - 1)] if brackets else 1)

    def take_scalar(self, event: Any) -> None:
        """Turn the event of a text into a node: most events are one, and most of them a name or its value."""
        mark = event.start_mark
        node = Scalar(event.value)
        node.line, node.column, node.style = mark.line + 1, mark.column + 1, event.style or None
        if event.anchor is not None or event.tag is not None:
            self.refuse_extras(event, node.line, node.column)
        if not node.isprintable():
            self.refuse_steering(node)
        names = self.names
        if names and names[-1] is None and self.open[-1].__class__ is Mapping:
            names[-1] = node
        else:
            self.add(node)

    def refuse_steering(self, node: Scalar) -> None:
        """Refuse characters that would steer a terminal or turn the reading direction of what follows."""
        found = (_STEERING if node.style == '"' else _STEERING_BUT_LINES).search(node)
        if found is not None:
            message = f"the control character U+{ord(found[0]):04X} stands in this text"
            self.findings.add(node, "control-character", message, "take it out, and type the text anew")

    def refuse_alias(self, event: Any) -> None:
        """Refuse an alias; what it stands for is not missed on its line."""
        place = scalar("", event.start_mark.line + 1, event.start_mark.column + 1)
        fix = "write the text out; quote it if it begins with '*'"
        self.findings.add(place, "alias", f"'*{event.anchor}' is an alias", fix)
        self.findings.spoil(place.line)
        self.add(place)

    def refuse_extras(self, event: Any, line: int, column: int) -> None:
        """Refuse anchors and tags."""
        if event.anchor is not None:
            fix = "write the text out; quote it if it begins with '&'"
            self.findings.add_at(line, column, "anchor", f"'&{event.anchor}' is an anchor", fix)
        if event.tag is not None:
            fix = "leave it out; quote the text if it begins with '!'"
            self.findings.add_at(line, column, "tag", f"'{event.tag}' is a tag", fix)


#: Controls, line and paragraph separators, and marks that turn the reading direction.
_STEERING = re.compile(f"[{re.escape(STEERING)}]")
#: A text over several lines has ends of lines; between double quotes a line end can only be typed.
_STEERING_BUT_LINES = re.compile(f"(?!\n)[{re.escape(STEERING)}]")


def _may_be_cut_off(key: str) -> bool:
    """Whether a name looks like the rest of a value that a comma ended: 5 years, NR)."""
    return key[:1].isdigit() or key[-1:] == ")"


def _compose(text: str, findings: FileFindings) -> Node | None:
    """Build the tree of nodes of the one document in ``text``."""
    composer = _Composer(findings)
    try:
        return _compose_events(text, composer)
    except MarkedYAMLError as error:
        # The parser looks ahead over brackets, and counts their levels up to a limit of its own.
        if "nesting depth" in (error.problem or "") and error.problem_mark is not None:
            composer.refuse_brackets(text, error.problem_mark.line)
        raise


def _compose_events(text: str, composer: _Composer) -> Node | None:
    next_event = _parser(text).get_event
    take_scalar = composer.take_scalar
    documents = 0
    while True:
        event = next_event()
        kind = event.__class__
        if kind is ScalarEvent:
            take_scalar(event)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            composer.open_collection(event, kind)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            composer.leave()
        elif kind is AliasEvent:
            composer.refuse_alias(event)
        elif kind is StreamEndEvent:
            root = composer.root
            return None if isinstance(root, Scalar) and not root else root
        elif kind is DocumentStartEvent:
            documents += 1
            if documents > 1:
                place = scalar("", event.start_mark.line + 1, event.start_mark.column + 1)
                fix = "one study a file; quote a text that begins with ---"
                composer.findings.add(place, "two-documents", "a second document begins here", fix)
                return composer.root


def _parser(text: str) -> Any:
    """Return a parser of events; a loader of the pure Python kind is one too."""
    return yaml.CBaseLoader(text) if yaml.__with_libyaml__ else yaml.BaseLoader(text)
