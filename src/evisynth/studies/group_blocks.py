"""The tree of groups: parents, splits, sizes, and the tags that parts take over from wholes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field

from evisynth.near_names import suggestion_text
from evisynth.quantities import Kind, Quantity, QuantityError, parse_quantity
from evisynth.reading import (
    DEEPEST_NESTING,
    NOT_REPORTED,
    Choice,
    Key,
    Mapping,
    Mistakes,
    Node,
    Required,
    Schema,
    Sequence,
    Texts,
    TextType,
    mapping,
    not_a_mapping,
    plain_text,
    refused,
    scalar,
)
from evisynth.studies.covariate_figures import CovariateFigures
from evisynth.studies.field_types import GroupId, TermName
from evisynth.studies.printed_figures import Figure, FigureOf, PlainFigure
from evisynth.studies.study_block import (
    AlsoAt,
    At,
    Note,
    StudyBlock,
    StudyReading,
)
from evisynth.vocabulary import SECTIONS

if TYPE_CHECKING:
    from pydantic_core import CoreSchema
    from pydantic_core.core_schema import ValidationInfo

Role = Literal["own", "external", "background"]
#: What the split is called when the file does not say.
DEFAULT_SPLIT = "parts"
#: What divides a group into the patients that were matched and the others.
MATCHED_SPLIT = "matching"
#: Parts of one split; a table of single patients is no abstract.
MOST_PARTS = 200
#: What a part takes over from the nearest whole that has it.
_INHERITED = (*SECTIONS, "role")
_EXAMPLE = "type all: {label: All patients, n: 34, at: line 5}"
_GROUP_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_COUNT = re.compile(r"[^%/]*\d[^%/]*")


class _Size(TextType):
    """The size of a group: a count of patients, or a share of the whole."""

    schema = FigureOf("count", PlainFigure).schema
    kinds: ClassVar[dict[Kind, FigureOf]] = {kind: FigureOf(kind, PlainFigure) for kind in ("count", "share")}

    def read(self, node: Any, context: Any = None) -> Figure:
        """Return the size, of the kind that it looks like."""
        return self.kinds[_size_kind(node)].read(node, context)


class Group(StudyBlock):
    """A group of patients; part of another by a named split, or a whole.

    Tags and role are inherited from the group it is part of unless it has its own.
    """

    placed: ClassVar[Literal["block", "name", "file"]] = "name"

    label: Annotated[
        Required, Key("The group as a plot should name it.", '"Liver only, resected"', ("name",))
    ]
    n: Annotated[
        Figure | None,
        _Size(),
        Key(
            "Patients: 80, or a share of the group it is part of (78%), or: not reported.",
            "80",
            ("size", "patients", "number"),
        ),
    ] = None
    of: Annotated[
        str | None,
        GroupId(),
        Key(
            "Id of the group this is part of.", "all", ("group", "part_of", "parent", "subgroup_of", "groups")
        ),
    ] = None
    by: Annotated[
        Required | None, Key("What splits that group into parts: resection, margin, age.", "resection")
    ] = None
    not_exhaustive: Annotated[
        Texts, Key("Splits of this group whose parts do not cover it.", "[primary site]")
    ] = ()
    matched_from: Annotated[
        str | None,
        GroupId(),
        Key("Id of the group that these patients were chosen from by matching.", "resected", ("matched",)),
    ] = None
    matched_by: Annotated[
        Required | None, Key("How they were matched: propensity score, age and grade.", "propensity score")
    ] = None
    intervention: Annotated[
        str | None,
        TermName("intervention"),
        Key("Intervention, a term of the vocabulary.", "resection"),
    ] = None
    extent: Annotated[
        str | None,
        TermName("extent"),
        Key("How much tumour was removed, a term of the vocabulary.", "complete"),
    ] = None
    site: Annotated[
        str | None, TermName("site"), Key("Where the metastases were, a term of the vocabulary.", "liver")
    ] = None
    population: Annotated[
        str | None, TermName("population"), Key("Which tumours, a term of the vocabulary.", "midgut NET")
    ] = None
    primary_site: Annotated[
        str | None,
        TermName("primary_site"),
        Key("Where the primary tumours were, a term of the vocabulary.", "pancreas", ("primary",)),
    ] = None
    grade: Annotated[
        str | None, TermName("grade"), Key("Grade of the tumours, a term of the vocabulary.", "G2")
    ] = None
    covariates: Annotated[
        dict[str, Figure],
        CovariateFigures(),
        Key(
            "What is known of the group as a whole: median age, share of women, as the vocabulary names it.",
            "{median age: 58 years, women: 45%}",
            ("characteristics", "baseline"),
        ),
    ] = Field(default_factory=dict)
    role: Annotated[
        Role,
        Choice(get_args(Role)),
        Key("own, external (registry figures) or background (quoted).", "external"),
    ] = "own"
    at: At = None
    also_at: AlsoAt = None
    note: Note = None

    @classmethod
    def check(cls, node: Mapping, context: StudyReading, mistakes: Mistakes) -> None:
        """Refuse a split of nothing, and a share of nothing."""
        name = node.name or node
        if "of" in node:
            return
        if "by" in node:
            message = "'by' says how a whole is split, but the whole is missing"
            mistakes.refuse(name, "by-without-of", message, "type of: and the whole")
        size = node.get("n")
        quantity = _quantity(size)
        if (
            size is not None
            and quantity is not None
            and _size_kind(size) == "share"
            and quantity.count is None
        ):
            message = "a share needs the group it is part of"
            mistakes.refuse(size, "share-of-nothing", message, "type of: and that group")


class GroupName(TextType):
    """The id of a group where it is defined."""

    schema: Schema = {"type": "string"}  # noqa: RUF012

    asks_context = False

    def read(self, node: Any, context: Any = None) -> str:
        """Return the id."""
        if not _GROUP_ID.fullmatch(node):
            raise refused(
                "unreadable-id", f"'{node}' cannot be the id of a group", "use letters, digits, - and _"
            )
        return str(node)


class GroupTree:
    """Reads the groups as the tree that they are: parts know their wholes, and have what those have."""

    def __get_pydantic_core_schema__(self, source: object, handler: Any) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.with_info_wrap_validator_function(self._read, handler(source))

    def _read(self, node: Any, handler: Callable[[Any], Any], info: ValidationInfo) -> Any:
        if not isinstance(node, Mapping):
            raise not_a_mapping(node, _EXAMPLE)
        node = _with_matched(node)
        reading: Any = info.context
        mistakes = Mistakes()
        if not node:
            mistakes.refuse(node, "missing-group", "no group of patients is defined", _EXAMPLE)
        blocks = {group: block for group, block in node.items() if isinstance(block, Mapping)}
        cut = Mistakes()
        wholes = _wholes(blocks, cut)
        splits = {group: _split(block) for group, block in blocks.items() if plain_text(block.get("of"))}
        _check_parts(blocks, splits, cut)
        groups = None
        try:
            groups = handler(_with_inherited(node, blocks, wholes))
        except ValueError as error:
            mistakes.take(error)  # type: ignore[arg-type]
        mistakes.details += cut.details
        if not mistakes.details:
            _check_splits(blocks, wholes, splits, mistakes)
        reading.splits = dict.fromkeys(splits.values())
        reading.sizes = dict(_check_sizes(blocks, wholes, mistakes))
        mistakes.raise_if_any(Group)
        return groups

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: Any) -> Schema:
        return {**handler(core), "minProperties": 1}


def _check_parts(blocks: dict[str, Mapping], splits: dict[str, str], mistakes: Mistakes) -> None:
    """Refuse a split of more parts than anybody compares: each is compared with each."""
    parts: Counter[tuple[str, str]] = Counter()
    for group, split in splits.items():
        whole = plain_text(blocks[group].get("of"))
        parts[whole, split] += 1
        if parts[whole, split] == MOST_PARTS + 1:
            message = f"'{whole}' has more than {MOST_PARTS} parts by {split}"
            fix = "leave out parts that carry no figure, or give each kind of them a by: of its own"
            mistakes.refuse(blocks[group]["of"], "too-many-parts", message, fix)


def _with_matched(node: Mapping) -> Mapping:
    """Return the groups with matched ones as the parts that they are: some of a group, and not all of it."""
    entries: dict[str, Node] = dict(node)
    for name, block in node.items():
        whole = block.get("matched_from") if isinstance(block, Mapping) else None
        if not isinstance(block, Mapping) or whole is None or "of" in block:
            continue
        entries[name] = mapping({**block, "of": whole, "by": scalar(MATCHED_SPLIT)}, block)
        around = entries.get(plain_text(whole))
        if isinstance(around, Mapping):
            said = around.get("not_exhaustive")
            splits = Sequence([*(said if isinstance(said, Sequence) else ()), scalar(MATCHED_SPLIT)])
            splits.line, splits.column = block.line, block.column
            entries[plain_text(whole)] = mapping({**around, "not_exhaustive": splits}, around)
    return mapping(entries, node)


def _split(block: Mapping) -> str:
    return plain_text(block.get("by")) or DEFAULT_SPLIT


def _wholes(blocks: dict[str, Mapping], mistakes: Mistakes) -> dict[str, str]:
    """Return of which group each is a part; a ring of parts and a part of too many wholes are cut."""
    wholes = {group: plain_text(block["of"]) for group, block in blocks.items() if "of" in block}
    wholes = {group: whole for group, whole in wholes.items() if whole in blocks}
    depths: dict[str, int] = {}
    for start in blocks:
        path: dict[str, None] = {}
        group: str | None = start
        while group is not None and group not in depths and group not in path:
            path[group] = None
            group = wholes.get(group)
        if group is not None and group in path:
            ring = list(path)[list(path).index(group) :]
            message = f"groups are parts of each other: {' of '.join([*ring[:DEEPEST_NESTING], ring[0]])}"
            fix = "name the whole after of:, not a part"
            mistakes.refuse(blocks[ring[0]]["of"], "group-cycle", message, fix)
            del wholes[ring[0]]
        for part in reversed(path):
            depths[part] = depths.get(wholes.get(part, ""), 0) + 1
            if depths[part] > DEEPEST_NESTING:
                message = f"'{part}' is part of more than {DEEPEST_NESTING} groups"
                mistakes.refuse(blocks[part]["of"], "too-deep", message, "make the tree of groups flatter")
                del wholes[part]
                depths[part] = 1
    return wholes


def _above(group: str, wholes: dict[str, str]) -> Iterator[str]:
    """Give the groups above one, the nearest first."""
    whole = wholes.get(group)
    while whole is not None:
        yield whole
        whole = wholes.get(whole)


def _with_inherited(node: Mapping, blocks: dict[str, Mapping], wholes: dict[str, str]) -> Mapping:
    """Return the groups with the tags and the role that they leave to the nearest whole that has them."""
    known: dict[str, dict[str, Node]] = {}

    def tags(group: str) -> dict[str, Node]:
        if group not in known:
            block = blocks[group]
            own = {key: block[key] for key in _INHERITED if _says(block.get(key))}
            known[group] = {**tags(wholes[group]), **own} if group in wholes else own
        return known[group]

    filled: dict[str, Node] = dict(node)
    for group, block in blocks.items():
        if "of" in block:
            filled[group] = mapping({"by": scalar(DEFAULT_SPLIT), **block, **tags(group)}, block)
    return mapping(filled, node)


def _says(node: Node | None) -> bool:
    return node is not None and plain_text(node).lower() != NOT_REPORTED


def _check_splits(
    blocks: dict[str, Mapping], wholes: dict[str, str], splits: dict[str, str], mistakes: Mistakes
) -> None:
    """Refuse splits called not exhaustive by which nothing is split."""
    known: dict[str, list[str]] = {}
    for part, whole in wholes.items():
        known.setdefault(whole, []).append(splits[part])
    for group, block in blocks.items():
        listed = block.get("not_exhaustive")
        for item in listed if isinstance(listed, Sequence) else ():
            if plain_text(item) not in known.get(group, ()):
                message = f"no group is part of '{group}' by '{item}'"
                fix = suggestion_text(plain_text(item), tuple(dict.fromkeys(known.get(group, ()))))
                mistakes.refuse(item, "unknown-split", message, fix)


def _value(size: Node | None) -> Node | None:
    return size.get("value") if isinstance(size, Mapping) else size


def _size_kind(size: Node | None) -> Kind:
    """Tell a count of patients from a share of the whole by its looks."""
    text = plain_text(_value(size))
    is_count = text.lower() == NOT_REPORTED or (_COUNT.fullmatch(text) and " of " not in text)
    return "count" if is_count or _is_in_words(text) else "share"


def _is_in_words(text: str) -> bool:
    """Whether a text is a number in words: it is refused, as the count that it is."""
    if any(character in "0123456789%/" for character in text):
        return False
    from evisynth.studies.value_mistakes import digits_for_words

    return digits_for_words(text).isdigit()


def _quantity(size: Node | None) -> Quantity | None:
    """Return the number that a size is, None where it cannot be read."""
    try:
        return parse_quantity(plain_text(_value(size)), _size_kind(size))
    except QuantityError:
        return None


def _check_sizes(
    blocks: dict[str, Mapping], wholes: dict[str, str], mistakes: Mistakes
) -> Iterator[tuple[str, int]]:
    """Give the number of patients of each group that prints one; a part has no more than a whole above it."""
    quantities = {group: _quantity(block.get("n")) for group, block in blocks.items() if "n" in block}
    sizes = {
        group: one.count for group, one in quantities.items() if one is not None and one.qualifier == "="
    }
    for group, size in sizes.items():
        if size is None:
            continue
        yield group, size
        for whole in _above(group, wholes):
            limit = sizes.get(whole)
            if limit is not None and size > limit:
                message = f"{size} patients are more than the {limit} of '{whole}'"
                fix = "look at both numbers again, and at of:"
                place = _value(blocks[group]["n"])
                mistakes.refuse(place or blocks[group], "count-above-whole", message, fix)
                break
