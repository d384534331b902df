"""What the keys of studies and questions hold beside plain text: names of the vocabulary, places, times."""

from __future__ import annotations

from typing import Any

from evisynth.errors import UnknownNameError, suggestion_text
from evisynth.quantities import QuantityError, parse_duration
from evisynth.reading import TextType, refused, reported_text, text_of
from evisynth.studies.place import PlaceError, parse_place
from evisynth.vocabulary import Outcome, TermKind


class OutcomeName(TextType):
    """An outcome by its id, label or any synonym, held by its id."""

    schema = {"definition": "outcome"}  # noqa: RUF012

    def read(self, node: Any, context: Any) -> str:
        """Return the id."""
        return self.find(node, context).id

    @staticmethod
    def find(node: Any, context: Any) -> Outcome:
        """Return the outcome."""
        text = text_of(node)
        try:
            outcome: Outcome = context.vocabulary.outcome(text)
        except UnknownNameError as error:
            fix = _or_new(suggestion_text(text, error.known), "outcome")
            raise refused("unknown-outcome", f"unknown outcome '{text}'", fix) from None
        return outcome


class TermName(TextType):
    """A term of one kind by its id, label or any synonym, held by its id; it may be ``not reported``."""

    def __init__(self, kind: TermKind) -> None:
        self.kind = kind
        self.schema = {"definition": kind}

    def read(self, node: Any, context: Any) -> str | None:
        """Return the id, None for ``not reported``."""
        text = reported_text(node)
        if text is None:
            return None
        try:
            term: str = context.vocabulary.term(self.kind, text).id
        except UnknownNameError as error:
            fix = _or_new(suggestion_text(text, error.known), "term")
            raise refused(f"unknown-{self.kind}", f"unknown {self.kind} '{text}'", fix) from None
        return term


def _or_new(suggestion: str, what: str) -> str:
    """Add to what is known how a new word gets in."""
    end = "" if suggestion.endswith("?") else "."
    return f"{suggestion}{end} A new {what} goes into the vocabulary first."


class PlaceText(TextType):
    """A place in the source, as it is typed."""

    def read(self, node: Any, context: Any) -> str:
        """Return the text."""
        text = text_of(node)
        try:
            parse_place(text)
        except PlaceError as error:
            raise refused("unreadable-place", error.message, error.fix) from None
        return text


class Time(TextType):
    """A time such as ``5 years``, held in months."""

    schema = {"type": "string"}  # noqa: RUF012

    def read(self, node: Any, context: Any) -> float:
        """Return the months."""
        try:
            return parse_duration(text_of(node))
        except QuantityError as error:
            raise refused(error.code, error.message, error.fix) from None
