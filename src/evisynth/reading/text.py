"""Types of the keys of a file that hold text: models are annotated with them.

Every type reads a node and gives the value, or refuses it with a code, what is wrong, and what to type
instead; each has a JSON Schema for editors. Pydantic is loaded when a model is first used, not before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from evisynth.near_names import near_misses
from evisynth.reading.nodes import Scalar, Sequence, plain_text

if TYPE_CHECKING:
    from pydantic_core import CoreSchema, PydanticCustomError
    from pydantic_core.core_schema import ValidationInfo

    from evisynth.reading.nodes import Located

Schema = dict[str, Any]

NOT_REPORTED = "not reported"
#: A title or a note is shorter; what is longer was copied from the source.
LONGEST_TEXT = 2_000
#: What people type for a gap; read as a text, two studies of the same "n/a" would seem to be of one centre.
_NO_TEXTS = frozenset(
    {"n/a", "na", "n.a.", "nd", "n.d.", "not stated", "not given", "not available", "?", "-"}
)
_NULLS = frozenset({"~", "null", "Null", "NULL"})
_LONGEST_NULL = max(map(len, _NULLS))
#: How editors see a text: ``80`` is a number to them, ``true`` a truth.
TEXT: Schema = {"type": ["string", "number", "boolean"]}
SAID_NOT_REPORTED: Schema = {
    "type": "string",
    "pattern": "^[Nn][Oo][Tt] [Rr][Ee][Pp][Oo][Rr][Tt][Ee][Dd]$",
}


def refused(code: str, message: str, fix: str = "", place: Located | None = None) -> PydanticCustomError:
    """Make the error that refuses a node, or another ``place``; ``fix`` says what to type instead."""
    from pydantic_core import PydanticCustomError

    return PydanticCustomError(code, "{message}", {"message": message, "fix": fix, "place": place})


def text_of(node: object) -> str:
    """Return the text of a node, which must have one."""
    if not isinstance(node, Scalar):
        kind = "a list" if isinstance(node, Sequence) else "a block of names and values"
        message = f"{kind} stands where one value belongs"
        raise refused("not-a-text", message, "type a single text or number")
    text = node.strip()
    if _LONGEST_NULL < len(text) <= LONGEST_TEXT:
        return text
    if len(text) > LONGEST_TEXT:
        message = f"a text of {len(text):,} characters stands here"
        raise refused("too-long", message, "keep figures, terms and places; copy no text of the source")
    if text in _NULLS and node.style is None:
        fix = "type not reported, quote it, or leave the key out"
        raise refused("not-a-value", f"'{text}' means nothing at all to an editor", fix)
    if not text:
        if node.style in (">", "|"):
            raise opened_block(node.style)
        fix = "type it, type not reported, or leave the key out"
        raise refused("empty-value", "the value is missing", fix)
    return text


def opened_block(sign: str) -> PydanticCustomError:
    """Refuse a value whose first sign opens a block of text to YAML."""
    message = f"an unquoted '{sign}' opens a block of text here"
    return refused("block-scalar", message, f'put the value in quotes: "{sign} ..."')


def reported_text(node: object) -> str | None:
    """Return the text of a node, None when it is ``not reported``."""
    text = text_of(node)
    lowered = text.lower()
    if lowered == NOT_REPORTED:
        return None
    if lowered in ("nr", "n.r."):
        raise refused("nr-ambiguous", "'NR' is ambiguous", "type not reported")
    if lowered in _NO_TEXTS:
        raise refused("not-a-value", f"'{text}' says nothing", "type not reported, or leave the key out")
    return text


@dataclass(frozen=True, slots=True)
class Key:
    """What is said of a key, to editors and on the page of keys; ``other_names`` are slips for it.

    Stands in the annotation of a field, after the type that reads it.
    """

    description: str
    example: str = ""
    other_names: tuple[str, ...] = ()

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: Any) -> Schema:
        return {**handler(core), "description": self.description}


class Filled:
    """Marks, as a class, a field that nobody types: its place, its name, what the file is."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: Any) -> Schema:
        from pydantic_core import PydanticOmit

        raise PydanticOmit


class TextType:
    """A type that reads one node; ``context`` is what the file is read with."""

    schema: Schema = TEXT
    #: Whether it asks what the file is read with; one that does not is called without.
    asks_context: ClassVar[bool] = True

    def read(self, node: Any, context: Any = None) -> Any:
        """Return the value of a node, or refuse it."""
        raise NotImplementedError

    def __get_pydantic_core_schema__(self, source: object, handler: Any) -> CoreSchema:
        from pydantic_core import core_schema

        if self.asks_context:
            return core_schema.with_info_plain_validator_function(self._validate)
        return core_schema.no_info_plain_validator_function(self.read)

    def _validate(self, node: object, info: ValidationInfo) -> Any:
        return self.read(node, info.context)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: Any) -> Schema:
        return dict(self.schema)


class AnyText(TextType):
    """Any text at all, which must be there."""

    asks_context = False

    def read(self, node: Any, context: Any = None) -> str:
        """Return the text."""
        return text_of(node)


class ReportedText(TextType):
    """A text that the source may not give."""

    asks_context = False

    def read(self, node: Any, context: Any = None) -> str | None:
        """Return the text, None for ``not reported``."""
        return reported_text(node)


class Choice(TextType):
    """One of a few words, as they are typed; a mapping says what each stands for.

    A function that gives the words is asked at every reading, so that one more record is one more word.
    """

    asks_context = False

    def __init__(self, words: Iterable[str] | Callable[[], Iterable[str]]) -> None:
        known = words if callable(words) or isinstance(words, Mapping) else tuple(words)
        self._words = known if callable(known) else lambda: known

    @property
    def options(self) -> Mapping[str, object]:
        """What each word stands for."""
        words = self._words()
        return words if isinstance(words, Mapping) else {word: word for word in words}

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: Any) -> Schema:
        return {"enum": list(self.options)}

    def read(self, node: Any, context: Any = None) -> Any:
        """Return what the word stands for."""
        text = text_of(node)
        found = self.find(text)
        if found is not None:
            return found
        close = near_misses(text, self.options)
        fix = f"did you mean '{close[0]}'?" if close else "type one of: " + ", ".join(self.options)
        raise refused("unknown-choice", f"'{text}' is not one of the words known here", fix)

    def find(self, text: str) -> Any:
        """Return what a word stands for, None where it is unknown."""
        return self.options.get(text)


class Words(Choice):
    """One of a few names, typed as words: in any case, with spaces, hyphens or underscores."""

    @property
    def options(self) -> Mapping[str, object]:
        """The name that each spelling in words stands for."""
        return {name.replace("_", " "): name for name in self._words()}

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: Any) -> Schema:
        return _spellings(self.options)

    def find(self, text: str) -> Any:
        """Return the name that the words spell, None where it is unknown."""
        folded = {folded_words(words): name for words, name in self.options.items()}
        return folded.get(folded_words(text))


def folded_words(text: str) -> str:
    """Return what the spellings of a name in words have in common."""
    return " ".join(text.replace("_", " ").replace("-", " ").split()).casefold()


def _spellings(options: Iterable[str]) -> Schema:
    """Offer words to the editor, and let it accept them in any case, with underscores and hyphens too."""
    signs = dict.fromkeys(" -", "[ _-]+")
    patterns = (
        "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else signs.get(c, re.escape(c)) for c in option)
        for option in options
    )
    return {"anyOf": [{"enum": list(options)}, {"type": "string", "pattern": f"^({'|'.join(patterns)})$"}]}


class Pattern(TextType):
    """A text of a fixed form, or ``not reported``; ``what`` and ``example`` tell it to people."""

    asks_context = False

    def __init__(self, pattern: str, code: str, what: str, example: str, schema: Schema = TEXT) -> None:
        self.pattern, self.code, self.what, self.example = re.compile(pattern), code, what, example
        self.schema = schema

    def read(self, node: Any, context: Any = None) -> str | None:
        """Return the text; where the form stands inside a longer text, that is what to type."""
        text = reported_text(node)
        if text is None or self.pattern.fullmatch(text):
            return text
        found = self.pattern.finditer(text)
        inside = {match.group() for match in found if _stands_alone(text, *match.span())}
        fix = f"type {inside.pop()}" if len(inside) == 1 else f"type {self.example}"
        raise refused(self.code, f"'{text}' is no {self.what}", fix)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a part of a text is no piece of a longer word."""
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


class OrNotReported:
    """Lets ``not reported`` stand for the empty list."""

    def __get_pydantic_core_schema__(self, source: object, handler: Any) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(self._read, handler(source))

    @staticmethod
    def _read(node: object) -> object:
        return () if plain_text(node).lower() == NOT_REPORTED else node

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: Any) -> Schema:
        return {"anyOf": [handler(core), SAID_NOT_REPORTED]}


#: A text that must be there; one that may be ``not reported``; a list of texts.
Required = Annotated[str, AnyText()]
Text = Annotated[str | None, ReportedText()]
Texts = Annotated[tuple[Required, ...], OrNotReported()]
