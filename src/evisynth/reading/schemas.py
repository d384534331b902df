"""The JSON Schema of a model for editors: what may be typed where, with a description for every key.

Editors read YAML with types (``n: 80`` is a number, ``p: 0.10`` too), so the types of text take a number
wherever a text may look like one. A schema accepts every file that reads without an error, and refuses the
commonest slips while they are typed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter

from evisynth.reading.text import Schema

#: Parts of a schema that hold schemas by name, and parts that hold one or several.
_NAMED = ("properties", "patternProperties", "definitions")
_NESTED = ("items", "additionalProperties", "anyOf", "allOf")


def model_schema(model: Any) -> Schema:
    """Return the schema of a model; ``{"definition": name}`` in it stands for one that is given beside it."""
    raw: Schema = TypeAdapter(model).json_schema(ref_template="#/definitions/{model}")
    definitions = raw.pop("$defs", {})
    tidy: Schema = _tidy({**raw, "definitions": definitions}, definitions)
    return tidy


def schema_text(model: Any, title: str, description: str, definitions: Mapping[str, Schema]) -> str:
    """Return the schema of a file as the text that stands beside the files."""
    schema = model_schema(model)
    own = schema.pop("definitions", {})
    used = {**own, **definitions}
    whole = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": title,
        "description": description,
        **schema,
        **({"definitions": used} if used else {}),
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def offered(names: Iterable[str]) -> Schema:
    """Offer names to the editor's completion; another spelling of them is accepted as well."""
    return {"anyOf": [{"enum": sorted(set(names), key=str.casefold)}, {"type": "string"}]}


def _tidy(schema: Any, definitions: Mapping[str, Schema]) -> Any:
    """Leave out what no editor needs: titles and defaults of keys, and ``null``, which is never typed."""
    if isinstance(schema, list):
        return [_tidy(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    tidy: Schema = {}
    for key, value in schema.items():
        if key in _NAMED:
            named = {name: _described(one, definitions) for name, one in value.items()}
            tidy[key] = {name: _tidy(one, definitions) for name, one in named.items()}
        elif key in _NESTED:
            tidy[key] = _tidy(value, definitions)
        elif key not in ("title", "default", "examples"):
            tidy[key] = value
    choices = [one for one in tidy.pop("anyOf", ()) if one != {"type": "null"}]
    if len(choices) == 1:
        tidy = {**choices[0], **tidy}
    elif choices:
        tidy["anyOf"] = choices
    name = tidy.pop("definition", None)
    reference = tidy.pop("$ref", None) if name is None else f"#/definitions/{name}"
    if reference is not None:
        # Beside a bare reference, editors would drop the description.
        tidy["allOf"] = [{"$ref": reference}]
    return tidy


def _described(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """Say of a key again what its definition says, which Pydantic leaves out as the same."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    said = definitions.get(name, {}).get("description")
    return schema if said is None else {"description": said, **schema}
