"""The groups of a study as a tree: who is part of whom, by which split, with which tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evisynth.database import TAG_KINDS
from evisynth.outcomes.question import GroupSelector

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class PrintedSize:
    """What a study file says about the number of patients of a group.

    ``value`` is patients or the share of the group it is part of, as ``unit`` says; ``count`` is the whole
    number where one is given.
    """

    as_reported: str
    state: str
    qualifier: str | None
    value: float | None
    unit: str | None
    half_unit: float | None
    count: int | None
    worked_out: str | None
    source_location: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group of patients; tags include inherited ones; ``order`` is its place in the study file."""

    name: str
    label: str
    role: str
    tags: Mapping[str, str]
    part_of: str | None
    split: str | None
    size: PrintedSize | None
    source_location: str
    file_location: str
    order: int

    def matches(self, selector: GroupSelector) -> bool:
        """Whether it carries the tags; a study's own patients are meant unless a role is named."""
        roles = selector.tags.get("role", ("own",))
        return self.role in roles and all(
            self.tags.get(kind) in terms for kind, terms in selector.tags.items() if kind != "role"
        )


@dataclass(frozen=True, slots=True)
class GroupTree:
    """All groups of one study, in the order of its file."""

    study: str
    groups: Mapping[str, Group]

    def roots(self) -> list[Group]:
        """Return the groups that are part of no other."""
        return [group for group in self.groups.values() if group.part_of is None]

    def splits(self, whole: Group) -> dict[str, list[Group]]:
        """Return the parts of a group, split by split."""
        parts: dict[str, list[Group]] = {}
        for group in self.groups.values():
            if group.part_of == whole.name and group.split is not None:
                parts.setdefault(group.split, []).append(group)
        return parts

    def lineage(self, group: Group) -> tuple[tuple[str, str | None], ...]:
        """Return the group and those that hold it, upwards, each with the split that made it a part."""
        return tuple((part.name, part.split) for part in self._upwards(group))

    def _upwards(self, group: Group) -> Iterator[Group]:
        part: Group | None = group
        while part is not None:
            yield part
            part = self.groups[part.part_of] if part.part_of is not None else None


_SIZE_COLUMNS = (
    "n_as_reported", "n_state", "n_qualifier", "n_value", "n_unit", "n_half_unit", "n_count", "n_worked_out",
    "coalesce(n_location, source_location, '')",
)  # fmt: skip
_COLUMNS = (
    "label", "role", "part_of", "split", "coalesce(source_location, '')", "file_location", "position",
)  # fmt: skip


def load_group_trees(connection: DuckDBPyConnection, outcome: str) -> list[GroupTree]:
    """Return the groups of every study that reports on an outcome, by study."""
    rows = connection.execute(
        f"""SELECT study, "group", {", ".join((*_COLUMNS, *TAG_KINDS, *_SIZE_COLUMNS))} FROM groups
        WHERE study IN (SELECT study_id FROM reported_figure WHERE outcome_id = ?)
        ORDER BY study, position""",
        [outcome],
    ).fetchall()
    trees: dict[str, dict[str, Group]] = {}
    for study, name, *columns in rows:
        trees.setdefault(study, {})[name] = _group(name, columns)
    return [GroupTree(study, groups) for study, groups in trees.items()]


def _group(name: str, columns: list[Any]) -> Group:
    label, role, part_of, split, source_location, file_location, order, *rest = columns
    tags, size = rest[: len(TAG_KINDS)], rest[len(TAG_KINDS) :]
    return Group(
        name=name,
        label=label,
        role=role,
        tags={kind: term for kind, term in zip(TAG_KINDS, tags, strict=True) if term is not None},
        part_of=part_of,
        split=split,
        size=None if size[0] is None else PrintedSize(*size),
        source_location=source_location,
        file_location=file_location,
        order=order,
    )
