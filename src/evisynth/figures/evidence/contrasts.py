"""Which groups of a study belong side by side: parts of one whole, registry figures for the same tumours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evisynth.outcomes.reported_outcome import ReportedOutcome

if TYPE_CHECKING:
    from evisynth.studies.study import Group, Study

_TAGS = ("intervention", "extent", "site", "population")


@dataclass(frozen=True, slots=True)
class Contrast:
    """Groups of one study that are shown beside each other."""

    study: str
    groups: tuple[str, ...]


def contrasts_of_studies(studies: Iterable[Study]) -> list[Contrast]:
    """Find the contrasts that the groups of study files offer, study by study.

    An external comparator stands beside the study's own groups that have all its tags; the parts of one split
    stand beside each other.
    """
    found: list[Contrast] = []
    for study in studies:
        external = [name for name, group in study.groups.items() if group.role == "external"]
        for name in external:
            own = _own_like(study.groups, study.groups[name])
            found += [Contrast(study.id, (*own, name))] if own else []
        splits: dict[tuple[str, str], list[str]] = {}
        for name, group in study.groups.items():
            if group.of is not None and group.by is not None:
                splits.setdefault((group.of, group.by), []).append(name)
        found += [Contrast(study.id, tuple(parts)) for parts in splits.values() if len(parts) > 1]
    return found


def _own_like(groups: Mapping[str, Group], external: Group) -> list[str]:
    """Return the own groups that have every tag of an external one; none for one without tags."""
    tags = {kind: getattr(external, kind) for kind in _TAGS if getattr(external, kind) is not None}
    return [
        name
        for name, group in groups.items()
        if tags and group.role == "own" and all(getattr(group, kind) == tag for kind, tag in tags.items())
    ]


def printed_contrasts(reported: Sequence[ReportedOutcome]) -> list[Contrast]:
    """Return the groups that printed p-values, ratios and differences compare."""
    found = [Contrast(row.study, (row.group, *row.compared_with)) for row in reported if row.compared_with]
    return list(dict.fromkeys(found))
