"""Types of the keys of studies and questions: names of the vocabulary, places, times."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import islice
from typing import TYPE_CHECKING, Any

from evisynth.errors import UnknownNameError
from evisynth.near_names import suggestion_text
from evisynth.outcome_events import SpeaksOf
from evisynth.quantities import QuantityError, parse_duration
from evisynth.reading import (
    NOT_REPORTED,
    Mistakes,
    Scalar,
    Schema,
    Sequence,
    TextType,
    not_a_list,
    plain_text,
    refused,
    reported_text,
    text_of,
)
from evisynth.studies.place import PlaceError, parse_place
from evisynth.vocabulary import Outcome, TermKind, lines_to_add

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

#: An id of a study or a question, which is the name of its file too.
ID_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: Among more groups than these, near misses are not looked for.
MOST_SUGGESTED = 500


class OutcomeName(TextType):
    """An outcome by its id, label or any synonym, held by its id."""

    schema = {"definition": "outcome"}  # noqa: RUF012

    def read(self, node: Any, context: Any = None) -> str:
        """Return the id."""
        return self.find(node, context).id

    @staticmethod
    def find(node: Any, context: Any) -> Outcome:
        """Return the outcome."""
        text = text_of(node)
        try:
            outcome: Outcome = context.vocabulary.outcome(text)
        except UnknownNameError as error:
            fix = or_new(error.instead, "outcome", text)
            raise refused("unknown-outcome", f"unknown outcome '{text}'", fix) from None
        return outcome


class EventName(TextType):
    """The event that a figure speaks of: that of its outcome (``occurrence``) or its ``absence``."""

    def read(self, node: Any, context: Any = None) -> SpeaksOf | None:
        """Return which of the two; None where the outcome cannot be read, which is told at its own place."""
        text = text_of(node)
        if context.outcome is None:
            return None
        event = context.outcome.speaks_of
        found: SpeaksOf | None = event.read(text)
        if found is None:
            message = f"'{text}' is neither the event of {event.outcome} nor its absence"
            fix = f"type {event.words}, or {event.absence_words}"
            raise refused("unknown-event", message, fix)
        return found


class TermName(TextType):
    """A term of one kind by its id, label or any synonym, held by its id; it may be ``not reported``."""

    def __init__(self, kind: TermKind) -> None:
        self.kind = kind
        self.schema = {"definition": kind}

    def read(self, node: Any, context: Any = None) -> str | None:
        """Return the id, None for ``not reported``."""
        text = reported_text(node)
        if text is None:
            return None
        try:
            term: str = context.vocabulary.term(self.kind, text).id
        except UnknownNameError as error:
            fix = or_new(error.instead, self.kind, text)
            raise refused(f"unknown-{self.kind}", f"unknown {self.kind} '{text}'", fix) from None
        return term


def or_new(suggestion: str, kind: str, text: str) -> str:
    """Add to what is known how a new word gets in."""
    end = "" if suggestion.endswith("?") else "."
    return f"{suggestion}{end} When none fits, add {lines_to_add(kind, text[:60])}"


class PlaceOfOthers(TextType):
    """A place in the source that speaks of something else."""

    asks_context = False

    def read(self, node: Any, context: Any = None) -> str:
        """Return the text."""
        text = text_of(node)
        try:
            parse_place(text)
        except PlaceError as error:
            raise refused("unreadable-place", error.message, error.fix) from None
        return text


class PlaceText(PlaceOfOthers):
    """A place in the source, as it is typed; the reading keeps each that is cited."""

    asks_context = True

    def read(self, node: Any, context: Any = None) -> str:
        """Return the text."""
        text = super().read(node)
        context.cited.append(node)
        return text


class Time(TextType):
    """A time such as ``5 years``, held in months."""

    schema = {"type": "string"}  # noqa: RUF012

    asks_context = False

    def read(self, node: Any, context: Any = None) -> float:
        """Return the months."""
        try:
            return parse_duration(text_of(node))
        except QuantityError as error:
            raise refused(error.code, error.message, error.fix) from None


class StudyId(TextType):
    """The id of a study."""

    what, example = "a study", "mayo2011"
    schema = {"type": ["string", "integer"], "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}  # noqa: RUF012
    asks_context = False

    def read(self, node: Any, context: Any = None) -> str | None:
        """Return the id."""
        text = text_of(node)
        if ID_PATTERN.fullmatch(text):
            return text
        said = "" if text.lower() == NOT_REPORTED else text.lower()
        meant = re.sub(r"[^a-z0-9]+", "-", said).strip("-")
        fix = f"type {meant or self.example}: small letters, digits and hyphens"
        raise refused("unreadable-id", f"'{text}' is no id of {self.what}", fix)


class QuestionId(StudyId):
    """The id of a question."""

    what, example = "a question", "survival"


class StudyIdIfAny(StudyId):
    """The id of another study, or ``not reported``."""

    schema = TextType.schema

    def read(self, node: Any, context: Any = None) -> str | None:
        """Return the id, None for ``not reported``."""
        return None if plain_text(node).lower() == NOT_REPORTED else super().read(node)


class GroupId(TextType):
    """The id of a group of this study."""

    def read(self, node: Any, context: Any = None) -> str:
        """Return the id; while the groups are not known, any is let pass."""
        text = text_of(node)
        if context.groups is None or text in context.groups:
            return text
        fix = suggestion_text(text, tuple(islice(context.groups, MOST_SUGGESTED)))
        raise refused("unknown-group", f"unknown group '{text}'", fix)


class _GroupInList(GroupId):
    """A group in a list, where two in one text want a comma."""

    def read(self, node: Any, context: Any = None) -> str:
        """Return the id."""
        named = _groups_said(node, context.groups)
        if len(named) > 1:
            message = f"'{node}' stands in the place of one group"
            fix = f"type a comma between them: {', '.join(named)}"
            raise refused("unknown-group", message, fix)
        return super().read(node, context)


class SplitName(TextType):
    """What splits a group of this study into parts."""

    def read(self, node: Any, context: Any = None) -> str:
        """Return the name."""
        text = text_of(node)
        if text in context.splits:
            return text
        fix = suggestion_text(text, tuple(context.splits))
        raise refused("unknown-split", f"no group is part of another by '{text}'", fix)


class EachOnce(TextType):
    """A list of names, each given once."""

    def __init__(self, item: TextType, code: str, what: str) -> None:
        self.item, self.code, self.what = item, code, what

    def read(self, node: Any, context: Any = None) -> tuple[str, ...]:
        """Return the names."""
        if not isinstance(node, Sequence):
            raise not_a_list(node)
        mistakes, found = Mistakes(), []
        for item in node:
            named = mistakes.attempt(self.item.read, item, context)
            if named is not None and named in found:
                message = f"the {self.what} '{self.name(named, context)}' is named twice"
                mistakes.refuse(item, self.code, message, f"name each {self.what} once")
            elif named is not None:
                found += [named]
        mistakes.raise_if_any(type(self))
        return tuple(found)

    def name(self, found: str, context: Any) -> str:
        """Return how a message calls what was found."""
        return found

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: Any) -> Schema:
        return {"type": "array", "items": self.item.__get_pydantic_json_schema__(core, handler)}


class OutcomeNames(EachOnce):
    """Outcomes, each named once."""

    def __init__(self) -> None:
        super().__init__(OutcomeName(), "duplicate-outcome", "outcome")

    def name(self, found: str, context: Any) -> str:
        """Return the label of an outcome."""
        return str(context.vocabulary.outcomes[found].label)


class GroupIds(EachOnce):
    """Groups of this study, each named once."""

    def __init__(self) -> None:
        super().__init__(_GroupInList(), "duplicate-group", "group")

    def read(self, node: Any, context: Any = None) -> tuple[str, ...]:
        """Return the ids; groups that one text names are told how to be typed."""
        named = _groups_said(node, context.groups)
        if len(named) > 1:
            message = "a list of groups belongs here, the index group first"
            raise refused("not-a-list", message, f"type [{', '.join(named)}]")
        return super().read(node, context)


def _groups_said(node: object, groups: Collection[str] | None) -> list[str]:
    """Return the groups that one text names: ``R0 vs R2``; none unless all are groups."""
    if groups is None or not isinstance(node, Scalar) or node in groups:
        return []
    named = re.split(r"\s*(?:,|;|/|\bvs\b\.?|\bversus\b|\band\b|\bagainst\b)\s*", node.strip())
    return named if all(name in groups for name in named) else []
