"""Reading ``evidence/vocabulary.yaml`` into a vocabulary, with every mistake at its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

from evisynth.studies.field_readers import FieldReader
from evisynth.studies.yaml_nodes import Mapping, Node, Scalar, read_yaml_file
from evisynth.vocabulary import SECTIONS, Outcome, OutcomeType, Term, Vocabulary, fold_name, names_of

_YES_OR_NO = {"yes": True, "no": False}


def _yes_or_no(reader: FieldReader, node: Node) -> bool | None:
    return _YES_OR_NO.get(reader.choice(node, tuple(_YES_OR_NO)) or "")


_OUTCOME_KEYS: dict[str, Callable[..., Any]] = {
    "label": FieldReader.scalar,
    "definition": FieldReader.scalar,
    "synonyms": FieldReader.texts,
    "type": lambda reader, node: reader.choice(node, get_args(OutcomeType)),
    "event": FieldReader.scalar,
    "more_is_better": _yes_or_no,
    "unit": FieldReader.scalar,
}
_TERM_KEYS: dict[str, Callable[..., Any]] = {
    "label": FieldReader.scalar,
    "definition": FieldReader.scalar,
    "synonyms": FieldReader.texts,
    "broader": FieldReader.node,
}


def read_vocabulary(path: Path, file: str | None = None) -> Vocabulary:
    """Read a vocabulary file; ``file`` is its name as shown to people, folder and name unless given.

    Raises
    ------
    FindingsError
        With every mistake of the file.
    """
    path = Path(path)
    yaml_file = read_yaml_file(path, file or f"{path.parent.name}/{path.name}".lstrip("/"))
    reader = FieldReader(yaml_file.findings, Vocabulary({}, {}))
    root = yaml_file.root
    sections = {"outcomes": FieldReader.node, **dict.fromkeys(SECTIONS.values(), FieldReader.node)}
    nodes = reader.block(root, sections, ("outcomes",), Scalar("", 1, 1)) or {}
    outcomes = {
        entry: Outcome(id=entry, **values)
        for entry, _, values in _entries(reader, nodes.get("outcomes"), _OUTCOME_KEYS, ("type",))
    }
    terms: dict[Any, dict[str, Term]] = {}
    for kind, section in SECTIONS.items():
        entries = _entries(reader, nodes.get(section), _TERM_KEYS, ())
        ids = {entry for entry, _, _ in entries}
        terms[kind] = {
            entry: Term(kind=kind, id=entry, **_with_broader(reader, values, ids))
            for entry, _, values in entries
        }
        _check_rings(reader, nodes.get(section), terms[kind])
        _check_names(reader, nodes.get(section), terms[kind])
    _check_names(reader, nodes.get("outcomes"), outcomes)
    reader.findings.raise_if_any()
    return Vocabulary(outcomes, terms)


def _entries(
    reader: FieldReader, section: Node | None, keys: dict[str, Callable[..., Any]], required: tuple[str, ...]
) -> list[tuple[str, Scalar, dict[str, Any]]]:
    """Read the entries of one section that can be used, each with its id and the place of its name."""
    if section is None:
        return []
    if not isinstance(section, Mapping):
        reader.not_a_mapping(section, "type an id and its label, definition and synonyms")
        return []
    required = ("label", "definition", *required)
    entries = []
    for entry, (name, node) in section.entries.items():
        values = reader.block(node, keys, required, name)
        if values is not None and all(values.get(key) is not None for key in required):
            entries.append((entry, name, values))
    return entries


def _with_broader(reader: FieldReader, values: dict[str, Any], ids: set[str]) -> dict[str, Any]:
    if "broader" not in values:
        return values
    node = values["broader"]
    broader = reader.scalar(node)
    if broader is not None and broader not in ids:
        fix = "type the id of a term of the same section"
        reader.refuse(node, "unknown-term", f"unknown term '{broader}'", fix)
    return {**values, "broader": broader}


def _check_rings(reader: FieldReader, section: Node | None, terms: dict[str, Term]) -> None:
    """Report terms that are broader than themselves."""
    for term in terms.values():
        above, seen = term.broader, 0
        while above in terms and above != term.id and seen <= len(terms):
            above, seen = terms[above].broader, seen + 1
        if above == term.id and isinstance(section, Mapping):
            message = f"'{term.id}' is broader than itself"
            reader.refuse(section.entries[term.id][0], "term-cycle", message, "take one 'broader' out")


def _check_names(reader: FieldReader, section: Node | None, entries: dict[str, Any]) -> None:
    """Report a name that two entries share, since it would find only one of them."""
    owner: dict[str, str] = {}
    for entry in entries.values():
        for name in names_of(entry):
            first = owner.setdefault(fold_name(name), entry.id)
            if first != entry.id and isinstance(section, Mapping):
                message = f"'{name}' is a name of both {first} and {entry.id}"
                place = section.entries[entry.id][0]
                reader.refuse(place, "ambiguous-name", message, "keep it in one of them")
