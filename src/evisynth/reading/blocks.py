"""Blocks of names and values: the keys that a model knows, slips in them, and rules between them.

A model is a class with annotated fields that derives from `Block`: a Pydantic model, or a frozen dataclass,
which Pydantic validates against the nodes of a file all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar, get_args, get_origin, get_type_hints

from evisynth.near_names import near_misses, suggestion_text
from evisynth.reading.nodes import Located, Mapping, Node, Scalar, Sequence, mapping, scalar
from evisynth.reading.text import Choice, Filled, Key, refused

if TYPE_CHECKING:
    from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, ValidationError
    from pydantic_core.core_schema import ValidationInfo

#: Where a mistake of a whole file is told.
TOP = scalar("")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class ModelKey:
    """A key of a model: what is said of it, whether it must be there, its words, and its blocks.

    ``of`` says what of the blocks there may be: one, a list of them, or one under each name.
    """

    description: str
    example: str = ""
    other_names: tuple[str, ...] = ()
    required: bool = False
    words: tuple[str, ...] = ()
    block: type[Block] | None = None
    of: Literal["one", "list", "names"] = "one"


Keys = dict[str, ModelKey]


_KEYS: dict[type, Keys] = {}


def keys_of(model: type) -> Keys:
    """Return the keys that are typed for a model, in their order, under the names that a file has."""
    if model not in _KEYS:
        _KEYS[model] = {
            key: _model_key(annotation, notes, required)
            for key, annotation, notes, required in _fields(model)
            if Filled not in notes
        }
    return _KEYS[model]


def _fields(model: type) -> list[tuple[str, Any, tuple[Any, ...], bool]]:
    """Give each field its key in the file, its type, what is noted beside the type, and if it is required."""
    if is_dataclass(model):
        hints = get_type_hints(model, include_extras=True)
        return [
            (field.metadata.get("alias", field.name), hints[field.name],
             getattr(hints[field.name], "__metadata__", ()),
             field.default is MISSING and field.default_factory is MISSING)
            for field in fields(model)
        ]  # fmt: skip
    model_fields: dict[str, Any] = getattr(model, "model_fields")  # noqa: B009
    return [
        (field.alias or name, field.annotation, tuple(field.metadata), field.is_required())
        for name, field in model_fields.items()
    ]


def _model_key(annotation: Any, notes: tuple[Any, ...], required: bool) -> ModelKey:
    said = next((note for note in notes if isinstance(note, Key)), Key(""))
    words = next((tuple(note.options) for note in notes if isinstance(note, Choice)), ())
    typed_as = next((note.block for note in notes if isinstance(note, TypedAs)), None)
    parts = list(_parts(annotation))
    block = typed_as or next(
        (part for part in parts if isinstance(part, type) and issubclass(part, Block)), None
    )
    of: Literal["one", "list", "names"] = "list" if tuple in parts else "names" if dict in parts else "one"
    return ModelKey(said.description, said.example, said.other_names, required, words, block, of)


def _parts(annotation: Any) -> Iterator[Any]:
    """Give the types that a type is made of, and what reads them."""
    for part in (annotation, get_origin(annotation), *getattr(annotation, "__metadata__", ())):
        yield part.block if isinstance(part, TypedAs) else part
    for part in get_args(annotation):
        yield from _parts(part)


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
            detail: InitErrorDetails = {"type": one["type"], "loc": one["loc"], "input": one["input"]}
            if "fix" in said:
                detail["type"] = refused(one["type"], said["message"], said["fix"], said["place"])
            else:
                detail["ctx"] = said
            self.details.append(detail)

    def attempt(self, read: Callable[[Any, Any], _Value], node: Node, context: object) -> _Value | None:
        """Read a node; None after taking what is wrong with it."""
        try:
            return read(node, context)
        except ValueError as error:
            self.take_any(error, node)
        return None

    def take_any(self, error: ValueError, node: Node) -> None:
        """Take what Pydantic raises where a node is read: the refusal of a type, or mistakes of a block."""
        from pydantic_core import PydanticCustomError, ValidationError

        if isinstance(error, ValidationError):
            self.take(error)
        elif isinstance(error, PydanticCustomError):
            self.details.append({"type": error, "input": node})
        else:
            raise error

    def raise_if_any(self, block: type) -> None:
        """Raise what was gathered as one error of Pydantic, which puts it with those of other blocks."""
        if self.details:
            from pydantic_core import ValidationError

            raise ValidationError.from_exception_data(block.__name__, self.details)


class Block:
    """A model of names and values; a subclass may fill in fields, and refuse what does not go together."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
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
        if not cls.is_known(node, info.context):
            node = cls._with_known_keys(node, cls.known_keys(), mistakes)
        block = None
        try:
            block = cls.validated(handler, node, info.context, mistakes)
        except ValueError as error:
            mistakes.take_any(error, node)
        cls.check(node, info.context, mistakes)
        if mistakes.details:
            mistakes.raise_if_any(cls)
        return block

    @classmethod
    def known_keys(cls) -> Keys:
        """Return the keys that may be typed."""
        return keys_of(cls)

    @classmethod
    def is_known(cls, node: Mapping, context: Any) -> bool:
        """Whether every key of a block is known."""
        return node.keys() <= keys_of(cls).keys()

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
        data = mapping(node, node)
        if cls.placed != "block":
            place = TOP if cls.placed == "file" else node.name or node
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
    def said_otherwise(cls, key: str) -> tuple[str, str] | None:
        """Return the key that one means which says more than a name, and what to type instead."""
        return None

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
        said = cls.said_otherwise(key)
        if said is not None:
            mistakes.refuse(key, "unknown-key", f"unknown key '{key}'", said[1])
            return said[0]
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


def not_a_list(node: object) -> PydanticCustomError:
    """Refuse a text or a block where a list belongs."""
    example = "begin each entry with a dash"
    if isinstance(node, Scalar):
        example = f"type [{node}]" if node else "type [first, second]"
    return refused("not-a-list", "a list belongs here", example)


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
