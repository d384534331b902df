"""What each study has to say on each comparison: the entries of an evidence map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evisynth.figures.evidence.contrasts import contrasts_of_studies
from evisynth.figures.evidence.patients import groups_with_figures, patients_of

if TYPE_CHECKING:
    from evisynth.studies.study import Study

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
            words = names.get(outcome, outcome.replace("_", " "))
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
            return family, f"{first_words} vs {_within_a_sentence(second_words)}"
    return PATIENTS, f"by {first.by or second.by or 'group'}"


def _words(term: str) -> str:
    return term.replace("_", " ").replace(" percent", "%")


def _within_a_sentence(words: str) -> str:
    """Begin with a small letter, unless the word is an abbreviation such as R1."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words
