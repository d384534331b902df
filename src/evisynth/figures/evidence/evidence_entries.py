"""The entries of an evidence map: each study on each comparison and outcome, with its patients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from evisynth.errors import InvalidDataError
from evisynth.outcomes import ReportedOutcome
from evisynth.vocabulary import SECTIONS
from evisynth.wording import term_words, type_words, within_sentence

if TYPE_CHECKING:
    from evisynth.studies import Group, Study

_TAGS = tuple(SECTIONS)


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


def patients_of(study: Study, groups: Iterable[str]) -> int | None:
    """Count the patients of some groups, None when that is not printed.

    A group inside another one of them adds nobody. The parts of one split are added up; of several splits of
    one group, which are the same patients several times, the one with most patients counts. Where several
    parts of a split have no number of their own, the group that they are part of stands for them.
    """
    asked = {name for name in groups if name in study.groups}
    leading = {above for name in asked for above in (name, *_above(study, name))}
    counts = [_count(study, name, asked, leading) for name in leading if study.groups[name].of not in leading]
    known = [count for count in counts if count is not None]
    return (sum(known) or None) if len(known) == len(counts) else None


def _above(study: Study, name: str) -> list[str]:
    """Return the groups that a group is part of, the nearest first."""
    found: list[str] = []
    of = study.groups[name].of
    while of is not None and of in study.groups and of not in found:
        found.append(of)
        of = study.groups[of].of
    return found


def _count(study: Study, name: str, asked: set[str], leading: set[str]) -> int | None:
    """Count the patients of a group that are in groups asked for; those that lead to one are ``leading``."""
    if name in asked:
        return _size(study, name)
    splits: dict[str | None, list[int | None]] = {}
    for part in leading:
        if study.groups[part].of == name:
            splits.setdefault(study.groups[part].by, []).append(_count(study, part, asked, leading))
    whole = _size(study, name)
    totals = [_sum_of_parts(counts, whole) for counts in splits.values()]
    return max((total for total in totals if total is not None), default=None)


def _sum_of_parts(counts: Sequence[int | None], whole: int | None) -> int | None:
    known = [count for count in counts if count is not None]
    if len(known) == len(counts):
        return sum(known)
    return whole if len(counts) > 1 else None


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


NO_COMPARISON = "no comparison"
#: Families of comparisons: of what was done, of groups of patients, of patients with a registry's.
TREATMENT, PATIENTS, REGISTRY = "Treatments compared", "Patients compared", "Compared with a registry"
#: Tags by which a comparison is named, with the family that a difference in them makes. Tumours are not among
#: them: whoever sets them side by side says by what, which is shorter and the same in every study.
_NAMING_TAGS = {"intervention": TREATMENT, "extent": TREATMENT, "site": PATIENTS}

#: Two terms that are compared, with the one that was met first before the other.
_Ways = dict[frozenset[str], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """One study on one outcome of one comparison; ``patients`` is None when their number is not printed.

    ``family`` names the kind of comparison, under which a map gathers it.
    """

    outcome: str
    comparison: str
    study: str
    patients: int | None
    family: str = ""


def evidence_entries(
    studies: Iterable[Study], labels: Mapping[str, str] | None = None
) -> list[EvidenceEntry]:
    """Read from study files who compares what: one entry a study, outcome and comparison.

    Parts of one split with figures of the same outcome are a comparison, named after the tags in which they
    differ, or after the split; so are a group and the registry figures beside it. Groups that stand in none
    are gathered as having no comparison.

    Parameters
    ----------
    studies
        The studies of a project.
    labels
        Words for the ids of outcomes and of the terms by which groups are tagged; an id without any is
        written with spaces.
    """
    names = labels or {}
    entries: list[EvidenceEntry] = []
    ways: _Ways = {}
    for study in studies:
        outcomes = [block.outcome for block in study.outcomes] + [c.outcome for c in study.comparisons]
        for outcome in dict.fromkeys(outcomes):
            words = names.get(outcome, term_words(outcome))
            for (family, comparison), groups in _compared(study, outcome, names, ways).items():
                patients = patients_of(study, groups)
                entries.append(EvidenceEntry(words, comparison, study.id, patients, family))
    return entries


def _compared(
    study: Study, outcome: str, names: Mapping[str, str], ways: _Ways
) -> dict[tuple[str, str], list[str]]:
    """Return the own groups behind each comparison of one outcome, under its family and name."""
    having = groups_with_figures(study, outcome)
    external = {
        name
        for block in study.outcomes
        if block.outcome == outcome
        for name in block.values
        if name in study.groups and study.groups[name].role == "external"
    }
    found: dict[tuple[str, str], list[str]] = {}
    for contrast in contrasts_of_studies([study]):
        own = [name for name in contrast.groups if name in having]
        if own and external.intersection(contrast.groups):
            found.setdefault((REGISTRY, "own patients vs registry"), []).extend(own)
        elif len(own) > 1:
            found.setdefault(_named(study, own, names, ways), []).extend(own)
    for comparison in study.comparisons:
        if comparison.outcome == outcome and comparison.by is not None and comparison.within in study.groups:
            found.setdefault((PATIENTS, f"by {comparison.by}"), []).append(str(comparison.within))
    used = {name for groups in found.values() for name in groups}
    for name in having:
        if name not in used:
            found.setdefault(("", NO_COMPARISON), []).append(name)
    return found


def _named(study: Study, parts: Sequence[str], names: Mapping[str, str], ways: _Ways) -> tuple[str, str]:
    """Name a comparison by the tags that tell its groups apart, or by what splits them, after its family.

    A comparison that another study wrote the other way round is the same, and keeps the name it has.
    """
    first, second = study.groups[parts[0]], study.groups[parts[1]]
    for kind, family in _NAMING_TAGS.items():
        tags = [getattr(study.groups[name], kind) for name in parts]
        if len(parts) == 2 and None not in tags and tags[0] != tags[1]:
            same_way = ways.setdefault(frozenset(tags), (tags[0], tags[1]))
            first_words, second_words = (names.get(tag) or _words(tag) for tag in same_way)
            return family, f"{first_words} vs {within_sentence(second_words)}"
    return PATIENTS, f"by {first.by or second.by or 'group'}"


def _words(term: str) -> str:
    return term.replace("_", " ").replace(" percent", "%")


Entry = TypeVar("Entry")


def checked_entries(entries: Iterable[Entry], kind: type[Entry], chart: str) -> list[Entry]:
    """Return the entries as a list.

    Raises
    ------
    InvalidDataError
        They are no list, or one of them is of another type.
    """
    listed = list(entries) if isinstance(entries, Iterable) else [entries]
    for entry in listed:
        if not isinstance(entry, kind):
            raise InvalidDataError(
                f"{chart} is drawn from a list of {kind.__name__}, not from {type_words(entry)}"
            )
    return listed
