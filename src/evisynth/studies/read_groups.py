"""Reading the tree of groups: parents, splits, sizes, and the tags that parts take over from wholes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, get_args

from evisynth.errors import suggestion_text
from evisynth.quantities import Kind
from evisynth.reading import DEEPEST_NESTING, Mapping, Node, Scalar, Sequence
from evisynth.studies.field_readers import FieldReader
from evisynth.studies.figure_reader import Expected, Surroundings, read_figure
from evisynth.studies.study import Figure, Role
from evisynth.vocabulary import SECTIONS

DEFAULT_SPLIT = "parts"
_EXAMPLE = "type all: {label: All patients, n: 34, at: line 5}"
_GROUP_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_COUNT = re.compile(r"[^%/]*\d[^%/]*")


def _tag(kind: str) -> Callable[..., Any]:
    return lambda reader, node: reader.term(node, kind)


GROUP_KEYS: dict[str, Callable[..., Any]] = {
    "label": FieldReader.scalar,
    "n": FieldReader.node,
    "of": FieldReader.node,
    "by": FieldReader.scalar,
    "not_exhaustive": FieldReader.node,
    **{kind: _tag(kind) for kind in SECTIONS},
    "role": lambda reader, node: reader.choice(node, get_args(Role)),
    "at": FieldReader.place,
    "also_at": FieldReader.place,
    "note": FieldReader.text,
}


def read_groups(reader: FieldReader, node: Node) -> dict[str, dict[str, Any]]:
    """Read the ``groups`` block; parts have the tags and the role of their wholes filled in."""
    if not isinstance(node, Mapping):
        reader.not_a_mapping(node, _EXAMPLE)
        return {}
    if not node.entries:
        reader.refuse(node, "missing-group", "no group of patients is defined", _EXAMPLE)
    mistakes = len(reader.findings.findings)
    groups: dict[str, dict[str, Any]] = {}
    nodes: dict[str, dict[str, Any]] = {}
    for group, (name, block) in node.entries.items():
        if not _GROUP_ID.fullmatch(group):
            reader.refuse(
                name,
                "unreadable-id",
                f"'{group}' cannot be the id of a group",
                "use letters, digits, - and _",
            )
        values = reader.block(block, GROUP_KEYS, ("label",), name)
        if values is not None:
            nodes[group] = {key: values.pop(key) for key in ("n", "of", "not_exhaustive") if key in values}
            groups[group] = _read_group(reader, values, nodes[group], name)
    _check_cycles(reader, groups, nodes)
    if len(reader.findings.findings) == mistakes:
        _check_splits(reader, groups, nodes)
    for group in groups:
        _inherit(groups, group)
    for group in groups:
        _check_size(reader, groups, group)
    return groups


def _read_group(
    reader: FieldReader, values: dict[str, Any], nodes: dict[str, Any], name: Scalar
) -> dict[str, Any]:
    values["line"], values["column"] = name.line, name.column
    if "of" in nodes:
        values["of"] = reader.group(nodes["of"])
        values.setdefault("by", DEFAULT_SPLIT)
    elif "by" in values:
        reader.refuse(
            name,
            "by-without-of",
            "'by' says how a whole is split, but the whole is missing",
            "type of: and the whole",
        )
    if "not_exhaustive" in nodes:
        values["not_exhaustive"] = reader.texts(nodes["not_exhaustive"])
    if "n" in nodes:
        kind = _size_kind(nodes["n"])
        values["n"] = read_figure(reader, nodes["n"], Expected(kind), Surroundings().inside(values))
        if (
            kind == "share"
            and values["n"] is not None
            and "of" not in nodes
            and values["n"].quantity.count is None
        ):
            reader.refuse(
                nodes["n"],
                "share-of-nothing",
                "a share needs the group it is part of",
                "type of: and that group",
            )
    return values


def _size_kind(node: Node) -> Kind:
    """Tell a count of patients from a share of the whole by its looks."""
    if isinstance(node, Mapping) and "value" in node.entries:
        node = node.entries["value"][1]
    text = node.text if isinstance(node, Scalar) else ""
    is_count = text.strip().lower() == "not reported" or (_COUNT.fullmatch(text) and " of " not in text)
    return "count" if is_count or _is_in_words(text) else "share"


def _is_in_words(text: str) -> bool:
    """Whether a text is a number in words: it is refused, as the count that it is."""
    if any(character in "0123456789%/" for character in text):
        return False
    from evisynth.studies.value_mistakes import digits_for_words

    return digits_for_words(text.strip()).isdigit()


def _check_cycles(
    reader: FieldReader, groups: dict[str, dict[str, Any]], nodes: dict[str, dict[str, Any]]
) -> None:
    """Report each ring of groups that are parts of each other, and each part of too many wholes; cut both."""
    depths: dict[str, int] = {}
    for start in groups:
        path: dict[str, None] = {}
        group: str | None = start
        while group is not None and group in groups and group not in depths and group not in path:
            path[group] = None
            group = groups[group].get("of")
        if group is not None and group in path:
            ring = list(path)[list(path).index(group) :]
            place, text = nodes[ring[0]]["of"], " of ".join([*ring[:DEEPEST_NESTING], ring[0]])
            fix = "name the whole after of:, not a part"
            reader.refuse(place, "group-cycle", f"groups are parts of each other: {text}", fix)
            groups[ring[0]]["of"] = None
        for part in reversed(path):
            depths[part] = depths.get(groups[part].get("of") or "", 0) + 1
            if depths[part] > DEEPEST_NESTING:
                message = f"'{part}' is part of more than {DEEPEST_NESTING} groups"
                reader.refuse(nodes[part]["of"], "too-deep", message, "make the tree of groups flatter")
                groups[part]["of"], depths[part] = None, 1


def _check_splits(
    reader: FieldReader, groups: dict[str, dict[str, Any]], nodes: dict[str, dict[str, Any]]
) -> None:
    """Report splits called not exhaustive by which nothing is split."""
    splits: dict[str, set[str]] = {}
    for values in groups.values():
        if values.get("of"):
            splits.setdefault(values["of"], set()).add(values["by"])
    for group, values in groups.items():
        known = splits.get(group, set())
        if not set(values.get("not_exhaustive", ())) <= known:
            listed = nodes[group]["not_exhaustive"]
            for item in listed.items if isinstance(listed, Sequence) else ():
                if isinstance(item, Scalar) and item.text not in known:
                    reader.refuse(
                        item,
                        "unknown-split",
                        f"no group is part of '{group}' by '{item.text}'",
                        suggestion_text(item.text, tuple(known)),
                    )


def _inherit(groups: dict[str, dict[str, Any]], group: str) -> None:
    """Fill in tags and role from the nearest whole that has them."""
    values = groups[group]
    for kind in (*SECTIONS, "role"):
        whole = values.get("of")
        while values.get(kind) is None and whole in groups:
            if groups[whole].get(kind) is not None:
                values[kind] = groups[whole][kind]
            whole = groups[whole].get("of")
    if values.get("role") is None:
        values["role"] = "own"


def printed_size(figure: Figure | None) -> int | None:
    """Return the number of patients when it is a plain count."""
    if figure is None or figure.quantity.qualifier != "=":
        return None
    return figure.quantity.count


def _check_size(reader: FieldReader, groups: dict[str, dict[str, Any]], group: str) -> None:
    """Report a part that has more patients than a whole above it."""
    figure: Figure | None = groups[group].get("n")
    size = printed_size(figure)
    whole = groups[group].get("of")
    while size is not None and figure is not None and whole in groups:
        whole_size = printed_size(groups[whole].get("n"))
        if whole_size is not None and size > whole_size:
            reader.refuse(
                figure,
                "count-above-whole",
                f"{size} patients are more than the {whole_size} of '{whole}'",
                "look at both numbers again, and at of:",
            )
            return
        whole = groups[whole].get("of")
