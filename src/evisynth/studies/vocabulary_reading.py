"""Reading ``evidence/vocabulary.yaml`` into a vocabulary, with every mistake at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from evisynth.reading import (
    Block,
    Key,
    Mapping,
    Mistakes,
    Node,
    Scalar,
    Sequence,
    not_a_mapping,
    plain_text,
    read_model,
    read_source_text,
    read_yaml_file,
)
from evisynth.vocabulary import SECTIONS, Covariate, Outcome, Term, TermKind, Vocabulary, fold_name

if TYPE_CHECKING:
    from pydantic_core import CoreSchema
    from pydantic_core.core_schema import ValidationInfo


@dataclass(slots=True)
class _Reading:
    """The section that is being read: the kind of its terms, None for outcomes, and all their ids."""

    kind: TermKind | None = None
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Section:
    """Reads one section: entries under their ids, whose names must not find two of them."""

    kind: TermKind | None

    def __get_pydantic_core_schema__(self, source: object, handler: Any) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.with_info_wrap_validator_function(self._read, handler(source))

    def _read(self, node: object, handler: Callable[[Any], Any], info: ValidationInfo) -> Any:
        if not isinstance(node, Mapping):
            raise not_a_mapping(node, "type an id and its label, definition and synonyms")
        reading: Any = info.context
        reading.kind, reading.ids = self.kind, frozenset(node)
        mistakes = Mistakes()
        _check_rings(node, mistakes)
        _check_names(node, mistakes)
        entries = None
        try:
            entries = handler(node)
        except ValueError as error:
            mistakes.take(error)  # type: ignore[arg-type]
        mistakes.raise_if_any(VocabularyFile)
        return entries


@dataclass(frozen=True, slots=True)
class VocabularyFile(Block):
    """The sections of the file."""

    placed: ClassVar[Literal["block", "name", "file"]] = "file"

    outcomes: Annotated[
        dict[str, Outcome], _Section(None), Key("What is measured in patients, each under an id of its own.")
    ]
    interventions: Annotated[
        dict[str, Term],
        _Section("intervention"),
        Key("What was done to the metastases."),
    ] = field(default_factory=dict)
    extents: Annotated[dict[str, Term], _Section("extent"), Key("How much tumour was removed.")] = field(
        default_factory=dict
    )
    sites: Annotated[dict[str, Term], _Section("site"), Key("Where the metastases were.")] = field(
        default_factory=dict
    )
    populations: Annotated[
        dict[str, Term], _Section("population"), Key("Which tumours the patients had.")
    ] = field(default_factory=dict)
    primary_sites: Annotated[
        dict[str, Term], _Section("primary_site"), Key("Where the primary tumours were.")
    ] = field(default_factory=dict)
    grades: Annotated[dict[str, Term], _Section("grade"), Key("How fast the tumours grow.")] = field(
        default_factory=dict
    )
    covariates: Annotated[
        dict[str, Covariate],
        _Section(None),
        Key("What is known of a group as a whole, by which effects may differ."),
    ] = field(default_factory=dict)


def read_vocabulary(path: Path, file: str | None = None) -> Vocabulary:
    """Read a vocabulary file; ``file`` is its name as shown to people, folder and name unless given.

    Raises
    ------
    FindingsError
        With every mistake of the file.
    """
    path = Path(path)
    name = file or f"{path.parent.name}/{path.name}".lstrip("/")
    known = _READ.get(read_source_text(path, name).sha256)
    if known is not None:
        return known
    yaml_file = read_yaml_file(path, name)
    read = read_model(VocabularyFile, yaml_file, _Reading())
    terms = {kind: getattr(read, section) for kind, section in SECTIONS.items()}
    while len(_READ) >= _MOST_KEPT:
        del _READ[next(iter(_READ))]
    found = _READ[yaml_file.sha256] = Vocabulary(read.outcomes, terms, read.covariates)
    return found


#: Vocabularies without a mistake by the hash of their files: a command reads the same one again and again.
_READ: dict[str, Vocabulary] = {}
_MOST_KEPT = 4


def _check_rings(section: Mapping, mistakes: Mistakes) -> None:
    """Refuse terms that are broader than themselves."""
    broader = {
        entry: plain_text(block.get("broader"))
        for entry, block in section.items()
        if isinstance(block, Mapping)
    }
    for entry in broader:
        above, seen = broader[entry], 0
        while above in broader and above != entry and seen <= len(broader):
            above, seen = broader[above], seen + 1
        if above == entry:
            message = f"'{entry}' is broader than itself"
            mistakes.refuse(section.key(entry), "term-cycle", message, "take one 'broader' out")


def _check_names(section: Mapping, mistakes: Mistakes) -> None:
    """Refuse a name that two entries share, since it would find only one of them."""
    owner: dict[str, str] = {}
    for entry, block in section.named():
        for name in _names(entry, block):
            first = owner.setdefault(fold_name(name), entry)
            if first != entry:
                message = f"'{name}' is a name of both {first} and {entry}"
                mistakes.refuse(entry, "ambiguous-name", message, "keep it in one of them")


def _names(entry: Scalar, block: Node) -> Iterator[str]:
    yield str(entry)
    if isinstance(block, Mapping):
        synonyms = block.get("synonyms")
        listed = [block.get("label"), *(synonyms if isinstance(synonyms, Sequence) else ())]
        yield from filter(None, map(plain_text, listed))
