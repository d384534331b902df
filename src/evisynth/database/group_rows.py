"""The groups of a study as rows: the tree, closed upwards, and the tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from evisynth.database.row import Row, Rows, location, row_of
from evisynth.database.table import TAG_KINDS

if TYPE_CHECKING:
    from evisynth.studies import Figure, Group

#: What the split is called when the study file does not say.
DEFAULT_SPLIT = "parts"


def group_rows(groups: Mapping[str, Group]) -> Rows:
    """Return the rows of the tables of groups."""
    rows: Rows = {
        "study_group": [
            row_of(group_id=name, position=place, label=group.label, role=group.role,
                 source_location=location(group.at, group.also_at), file_line=group.line, note=group.note)
            | _size_columns(group.n)
            for place, (name, group) in enumerate(groups.items(), 1)
        ],
        "group_part": [
            row_of(group_id=name, whole_id=group.of, split=group.by or DEFAULT_SPLIT)
            for name, group in groups.items()
            if group.of is not None
        ],
        "open_split": [
            row_of(group_id=name, split=split)
            for name, group in groups.items()
            for split in dict.fromkeys(group.not_exhaustive)
        ],
    }  # fmt: skip
    rows["group_ancestor"], rows["group_tag"] = [], []
    for name in groups:
        lineage = tuple(_lineage(name, groups))
        rows["group_ancestor"] += [
            row_of(group_id=name, ancestor_id=ancestor, depth=depth) for depth, ancestor in enumerate(lineage)
        ]
        for kind in TAG_KINDS:
            term = next((tag for part in lineage if (tag := getattr(groups[part], kind)) is not None), None)
            if term is not None:
                rows["group_tag"].append(row_of(group_id=name, kind=kind, term_id=term))
    return rows


def _lineage(name: str, groups: Mapping[str, Group]) -> Iterator[str]:
    seen: set[str] = set()
    part: str | None = name
    while part is not None and part not in seen:
        yield part
        seen.add(part)
        part = groups[part].of


def _size_columns(size: Figure | None) -> Row:
    if size is None:
        return {}
    quantity = size.quantity
    is_printed = quantity.qualifier == "=" and size.worked_out is None
    return row_of(
        n=quantity.count if is_printed else None,
        n_as_reported=quantity.as_reported,
        n_state=quantity.state,
        n_qualifier=quantity.qualifier,
        n_value=quantity.value,
        n_unit=quantity.unit,
        n_half_unit=quantity.half_unit,
        n_count=quantity.count,
        n_worked_out=size.worked_out,
        n_location=location(size.at, size.also_at),
    )
