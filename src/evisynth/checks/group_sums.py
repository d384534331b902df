"""Whether the parts of a group add up to the whole.

Only splits whose every part has a printed or worked-out number are checked, and not those that the study
file says do not cover the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evisynth.errors import Finding
from evisynth.studies.study import Group, Study


def check_group_sums(study: Study) -> Iterator[Finding]:
    """Yield a warning for each split whose parts exceed, or fall short of, their whole."""
    for (whole_id, split), parts in _splits(study).items():
        whole = study.groups[whole_id]
        total, size = _sum(parts), _size(whole)
        if total is None or size is None or total == size:
            continue
        if total < size and split in whole.not_exhaustive:
            continue
        how = "more than" if total > size else "less than"
        yield Finding(
            file=study.path,
            line=whole.line,
            column=whole.column,
            code="group-sum",
            level="warning",
            message=f"the parts of '{whole_id}' by {split} add up to {total}, {how} its {size}",
            fix=f"compare with the source; where parts do not cover the whole: 'not_exhaustive: [{split}]'",
        )


def _splits(study: Study) -> dict[tuple[str, str], list[Group]]:
    splits: dict[tuple[str, str], list[Group]] = {}
    for group in study.groups.values():
        if group.of is not None:
            splits.setdefault((group.of, group.by), []).append(group)
    return splits


def _sum(parts: Iterable[Group]) -> int | None:
    sizes = [_size(part) for part in parts]
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


def _size(group: Group) -> int | None:
    if group.n is None or group.n.quantity.unit != "patients" or group.n.quantity.value is None:
        return None
    return int(group.n.quantity.value)
