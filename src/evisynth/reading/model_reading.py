"""Reading a file as a model: every mistake at once, at its place, in a clinician's words."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from evisynth.reading.blocks import TOP, not_a_list
from evisynth.reading.nodes import Located, Mapping, Scalar, Sequence
from evisynth.reading.yaml_nodes import YamlFile

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_Model = TypeVar("_Model")


def read_model(model: type[_Model], file: YamlFile, context: object) -> _Model:
    """Read a file as a model; ``context`` is what its types ask: the vocabulary, the groups.

    Raises
    ------
    FindingsError
        With every mistake of the file, those of its YAML too.
    """
    read, plain_type = None, cast(type, model)
    try:
        read = _validator(plain_type).validate_python(file.root, context=context)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            file.findings.add(*_told(one))
    file.findings.raise_if_any()
    return cast(_Model, read)


@cache
def _validator(model: type) -> Any:
    return TypeAdapter(model).validator


def _told(error: ErrorDetails) -> tuple[Located, str, str, str]:
    """Say in a clinician's words what Pydantic found, at the node that it looked at."""
    said, place = error.get("ctx", {}), error["input"]
    if "fix" in said:
        return said["place"] or place, error["type"], said["message"], said["fix"]
    if error["type"] == "missing":
        key = error["loc"][-1]
        return place, "missing-key", f"'{key}' is missing here", f"type {key}: and its value"
    if error["type"] in ("tuple_type", "list_type"):
        said = not_a_list(place).context or {}
        return place, "not-a-list", said["message"], said["fix"]
    where = ".".join(str(part) for part in error["loc"])
    located = place if isinstance(place, Scalar | Sequence | Mapping) else TOP
    return located, "invalid-study", f"{where}: {error['msg']}", "look at this entry again"
