"""Blocks of names and values: the keys that a model knows, slips in them, and rules between them.

A model is a class with annotated fields that derives from `Block`: a Pydantic model, or a frozen dataclass,
which Pydantic validates against the nodes of a file all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_type_hints

from evisynth.errors import near_misses, suggestion_text
from evisynth.reading.nodes import Mapping, Node, Scalar, Sequence, mapping, scalar
from evisynth.reading.source_text import Located
from evisynth.reading.text import Filled, Key, refused

if TYPE_CHECKING:
    from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, ValidationError
    from pydantic_core.core_schema import ValidationInfo

#: Where a mistake of a whole file is told.
TOP = scalar("")


@dataclass(frozen=True, slots=True)
class ModelKey:
    """A key of a model: the field that holds it, what is said of it, and whether it must be there."""

    field: str
    description: str
    example: str
    other_names: tuple[str, ...]
    required: bool


Keys = dict[str, ModelKey]


def keys_of(model: type) -> Keys:
    """Return the keys that are typed for a model, in their order, under the names that a file has."""
    return _keys_of(model)


@cache
def _keys_of(model: type) -> Keys:
    found: Keys = {}
    for name, key, notes, required in _fields(model):
        if Filled not in notes:
            said = next((note for note in notes if isinstance(note, Key)), Key(""))
            found[key] = ModelKey(name, said.description, said.example, said.other_names, required)
    return found


def _fields(model: type) -> list[tuple[str, str, tuple[Any, ...], bool]]:
    """Give each field its name, its key in the file, its annotations, and whether it is required."""
    if is_dataclass(model):
        hints = get_type_hints(model, include_extras=True)
        return [
            (field.name, field.metadata.get("alias", field.name),
             getattr(hints[field.name], "__metadata__", ()),
             field.default is MISSING and field.default_factory is MISSING)
            for field in fields(model)
        ]  # fmt: skip
    model_fields: dict[str, Any] = getattr(model, "model_fields")  # noqa: B009
    return [
        (name, field.alias or name, tuple(field.metadata), field.is_required())
        for name, field in model_fields.items()
    ]


class Mistakes:
    """The mistakes of one block, gathered so that none of them hides another."""

    def __init__(self) -> None:
        self.details: list[InitErrorDetails] = []

    def refuse(self, place: Located, code: str, message: str, fix: str = "") -> None:
        """Take a mistake at a node."""
        self.details.append({"type": refused(code, message, fix), "input": place})

    def take(self, error: ValidationError) -> None:
        """Take the mistakes that Pydantic found in the fields."""
        for one in error.errors(include_url=False):
            said = one.get("ctx", {})
            kind = refused(one["type"], said["message"], said["fix"]) if "fix" in said else one["type"]
            detail: InitErrorDetails = {"type": kind, "loc": one["loc"], "input": one["input"]}
            self.details.append(detail if "fix" in said else {**detail, "ctx": said})

    def raise_if_any(self, block: type) -> None:
        """Raise what was gathered as one error of Pydantic, which puts it with those of other blocks."""
        if self.details:
            from pydantic_core import ValidationError

            raise ValidationError.from_exception_data(block.__name__, self.details)


class Block:
    """A model of names and values; a subclass may fill in fields, and refuse what does not go together."""

    __slots__ = ()
    #: Where a missing key is told: where the block begins, at the name it stands under, or atop the file.
    placed: ClassVar[Literal["block", "name", "file"]] = "block"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type, handler: Any) -> CoreSchema:
        from pydantic_core import core_schema

        inner: Any = dict(handler.resolve_ref_schema(handler(source)))
        # The reference by which other models use this one leads to the whole, not to its fields alone.
        ref = inner.pop("ref", None)
        return core_schema.with_info_wrap_validator_function(cls._read, inner, ref=ref)

    @classmethod
    def _read(cls, node: Any, handler: Callable[[Any], Any], info: ValidationInfo) -> Any:
        if not isinstance(node, Mapping):
            raise cls.not_a_block(node)
        mistakes = Mistakes()
        known = cls.known_keys()
        if not node.keys() <= known.keys():
            node = cls._with_known_keys(node, known, mistakes)
        block = None
        try:
            block = cls.validated(handler, node, info.context, mistakes)
        except ValueError as error:  # always Pydantic's ValidationError, which is one
            mistakes.take(error)  # type: ignore[arg-type]
        cls.check(node, info.context, mistakes)
        mistakes.raise_if_any(cls)
        return block

    @classmethod
    def known_keys(cls) -> Keys:
        """Return the keys that may be typed."""
        return keys_of(cls)

    @classmethod
    def not_a_block(cls, node: object) -> PydanticCustomError:
        """Refuse what stands in the place of the block."""
        keys = keys_of(cls)
        first = next((key for key, known in keys.items() if known.required), next(iter(keys)))
        return not_a_mapping(node, f"type {first}: and its value")

    @classmethod
    def validated(cls, handler: Callable[[Any], Any], node: Mapping, context: Any, mistakes: Mistakes) -> Any:
        """Validate the fields of a block of known keys."""
        return handler(cls.with_filled(node, context))

    @classmethod
    def with_filled(cls, node: Mapping, context: Any) -> Mapping:
        """Return the block with the fields that nobody types, at the place where a missing key is told."""
        place = {"block": node, "name": node.name or node, "file": TOP}[cls.placed]
        data = mapping(node, node)
        data.line, data.column = place.line, place.column
        return data

    @classmethod
    def check(cls, node: Mapping, context: Any, mistakes: Mistakes) -> None:
        """Refuse what does not go together in a block, be its fields right or wrong."""

    @classmethod
    def elsewhere(cls, key: str) -> str | None:
        """Say where something belongs that stands here under a name nobody knows; None: nobody can tell."""
        return None

    @classmethod
    def _with_known_keys(cls, node: Mapping, known: Keys, mistakes: Mistakes) -> Mapping:
        """Report keys that nobody reads; a misspelt one stands for the one that it means."""
        entries: dict[str, Node] = {}
        for key, value in node.named():
            if key in known:
                entries[key] = value
                continue
            meant = cls.refuse_key(node, key, value, known, mistakes)
            if meant not in node:
                entries[scalar(meant, key.line, key.column)] = value
        return mapping({key: value for key, value in entries.items() if key}, node)

    @classmethod
    def refuse_key(cls, node: Mapping, key: Scalar, value: Node, known: Keys, mistakes: Mistakes) -> str:
        """Report a key that nobody reads, and return the one that it means, empty when nobody can tell.

        In braces it may be the rest of a text with a comma.
        """
        if node.in_braces and isinstance(value, Scalar) and not value:
            first, _, rest = key.partition(" ")
            if rest and first in known and first not in node:
                mistakes.refuse(key, "missing-colon", f"'{key}' has no colon", f"type {first}: {rest}")
            else:
                message = f"a comma inside braces ends a value, so '{key}' stands alone"
                mistakes.refuse(key, "flow-comma", message, "put the text that holds the comma in quotes")
            return ""
        plain = key.casefold().replace(" ", "_").replace("-", "_")
        alias = next((name for name, one in known.items() if plain in one.other_names), "")
        close = near_misses(key, known, most=1)
        fix = f"type {alias}:" if alias else suggestion_text(key, tuple(known))
        if not alias and not close:
            fix = cls.elsewhere(key) or fix
        mistakes.refuse(key, "unknown-key", f"unknown key '{key}'", fix)
        return alias or next(iter(close), "")


def not_a_mapping(node: object, fix: str) -> PydanticCustomError:
    """Refuse a text or a list where names and values belong."""
    kind = "a list" if isinstance(node, Sequence) else "a text"
    if isinstance(node, Scalar) and not node.strip():
        kind = "nothing"
    return refused("not-a-mapping", f"{kind} stands where names and values belong", fix)


@dataclass(frozen=True, slots=True)
class Entries:
    """Says of a mapping of named entries what to type where something else stands in its place."""

    example: str

    def __get_pydantic_core_schema__(self, source: object, handler: Any) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(self._read, handler(source))

    def _read(self, node: object) -> object:
        if not isinstance(node, Mapping):
            raise not_a_mapping(node, self.example)
        return node


@dataclass(frozen=True, slots=True)
class TypedAs:
    """Says that a field is typed as a block, whose reading gives what the field holds."""

    block: type[Block]

    def __get_pydantic_core_schema__(self, source: object, handler: Any) -> CoreSchema:
        schema: CoreSchema = handler.generate_schema(self.block)
        return schema
