"""How many different patients stand behind some groups of a study: nobody is counted twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evisynth.studies.study import Study


def patients_of(study: Study, groups: Iterable[str]) -> int | None:
    """Count the patients of some groups, None when that is not printed.

    A group inside another one of them adds nobody. Of two splits of one group the first counts. Where several
    parts of a split have no number of their own, the group that they are part of stands for them.
    """
    asked = {name for name in groups if name in study.groups}
    outer = [name for name in asked if not any(above in asked for above in _above(study, name))]
    return _count(study, sorted(outer, key=list(study.groups).index))


def _above(study: Study, name: str) -> list[str]:
    """Return the groups that a group is part of, the nearest first."""
    found: list[str] = []
    of = study.groups[name].of
    while of is not None and of in study.groups and of not in found:
        found.append(of)
        of = study.groups[of].of
    return found


def _count(study: Study, groups: list[str]) -> int | None:
    total = 0
    by_whole: dict[str | None, list[str]] = {}
    for name in groups:
        by_whole.setdefault(study.groups[name].of, []).append(name)
    for whole, parts in by_whole.items():
        split = study.groups[parts[0]].by
        sizes = [_size(study, name) for name in parts if whole is None or study.groups[name].by == split]
        known = [size for size in sizes if size is not None]
        if len(known) == len(sizes):
            total += sum(known)
        elif len(sizes) > 1 and whole is not None and (size := _size(study, whole)) is not None:
            total += size
        else:
            return None
    return total or None


def _size(study: Study, name: str) -> int | None:
    """Return the printed number of patients of a group; a share or a bound is no number."""
    figure = study.groups[name].n
    quantity = None if figure is None else figure.quantity
    if quantity is None or quantity.value is None or quantity.unit != "patients":
        return None
    return round(quantity.value) if quantity.qualifier in (None, "=") else None


def groups_with_figures(study: Study, outcome: str | None = None) -> list[str]:
    """Name the study's own groups for which it gives a figure, of one outcome or of any."""
    found: dict[str, None] = {}
    for block in study.outcomes:
        if outcome is None or block.outcome == outcome:
            found |= {
                name: None
                for name, row in block.values.items()
                if any(one.figure.quantity.state != "not_reported" for one in row.figures)
            }
    for comparison in study.comparisons:
        if outcome is None or comparison.outcome == outcome:
            found |= dict.fromkeys(comparison.of)
    return [name for name in found if name in study.groups and study.groups[name].role == "own"]
