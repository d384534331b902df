"""Values of any stage taken apart: named parts as texts, numbers to the digits that are committed."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from pydantic import BaseModel

from evisynth.pipeline.changes.compare import Fact
from evisynth.quantities import Quantity
from evisynth.report.plain_values import plain_text
from evisynth.studies.study import Figure

#: Where something stands in a file, and the hash of the file: no part of what it says.
_PLACES = frozenset({"line", "column", "path"})


def hashable(value: Any) -> Hashable:
    """Give lists and mappings a form that can be compared and hashed, at any depth."""
    if isinstance(value, Mapping):
        return tuple((name, hashable(part)) for name, part in value.items())
    if isinstance(value, list | tuple):
        return tuple(hashable(part) for part in value)
    return value  # type: ignore[no-any-return]


def meaning(quantity: Quantity | None) -> Hashable:
    """Return what a printed number says, however its signs and spaces were typed."""
    if quantity is None:
        return None
    return replace(quantity, as_reported="")


def printed_fact(name: str, quantity: Quantity | None) -> Fact:
    """State a number as it was printed."""
    return Fact(name, meaning(quantity), "" if quantity is None else quantity.as_reported)


def text_fact(name: str, value: object) -> Fact:
    """State a word, a number or a list of words."""
    return Fact(name, hashable(value), plain_text(value))


def parts(value: Any, name: str = "") -> Iterator[Fact]:
    """Take a value apart into facts, one for each word or number that stands in it."""
    if isinstance(value, Figure):
        yield printed_fact(name, value.quantity)
        for part in ("source_location", "worked_out", "note"):
            if (told := getattr(value, part)) is not None:
                yield text_fact(_joined(name, part), told)
    elif isinstance(value, Quantity):
        yield printed_fact(name, value)
    elif (named := named_parts(value)) is not None:
        for key, part in named.items():
            # A block of a mapping stands under its own name, and need not say it again.
            own = key if isinstance(value, Mapping) and named_parts(part) is not None else None
            yield from (fact for fact in parts(part, _joined(name, key)) if fact.text != own)
    elif isinstance(value, list | tuple) and any(named_parts(part) is not None for part in value):
        yield Fact(name, hashable([_told(part) for part in value]), "; ".join(map(_as_words, value)))
    elif name.endswith("accrual") and isinstance(value, tuple):
        yield Fact(name, value, " to ".join(map(str, value)))
    elif value is not None and value != ():
        yield text_fact(name, value)


def named_parts(value: Any) -> Mapping[str, Any] | None:
    """Return the parts of a block or a mapping, None for a plain value."""
    if isinstance(value, BaseModel):
        names = list(type(value).model_fields)
    elif is_dataclass(value):
        names = [field.name for field in fields(value)]
    else:
        return value if isinstance(value, Mapping) else None
    return {name: getattr(value, name) for name in names if name not in _PLACES}


def _joined(name: str, part: str) -> str:
    return f"{name} {part.replace('_', ' ')}".strip()


def _told(value: Any) -> Hashable:
    return tuple((fact.name, fact.value) for fact in parts(value))


def _as_words(value: Any) -> str:
    return ", ".join(f"{fact.name} {fact.text}" for fact in parts(value) if fact.text)
