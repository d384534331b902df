"""Names of the rows of a plot: the study, and of its groups what tells them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evisynth.outcomes.comparison import Comparison


@dataclass(frozen=True, slots=True)
class _Contrast:
    """The labels of two groups, taken apart: what both begin with, and where they differ."""

    shared: str
    index: str
    reference: str

    @property
    def words(self) -> str:
        """Say the contrast, what is shared only once."""
        sides = " vs ".join(side for side in (self.index, self.reference) if side)
        return ", ".join(part for part in (self.shared, sides) if part)


def row_labels(comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    """Name each row by its study, and where a study has several rows by what tells them apart.

    Rows of one study that differ only in whom they look at (``Liver only, resected`` against ``Liver only,
    not resected``, and the same for others) are named by that: ``Liver only``. Labels that cannot tell rows
    apart give way to the ids of their groups.
    """
    of_studies: dict[str, list[int]] = {}
    for place, comparison in enumerate(comparisons):
        of_studies.setdefault(comparison.study, []).append(place)
    called = study_names((comparison.study, comparison.study_label) for comparison in comparisons)
    found: dict[int, str] = {}
    for study, places in of_studies.items():
        names = [""] if len(places) == 1 else _told_apart([comparisons[i] for i in places])
        for i, name in zip(places, names, strict=True):
            found[i] = f"{called[study]}, {name}" if name else called[study]
    return tuple(found[i] for i in range(len(comparisons)))


def study_names(studies: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Name studies for a figure, given their ids and labels: by the label, unless two share it."""
    labels = dict(studies)
    counts = Counter(label for label in labels.values() if label.strip())
    return {
        study: f"{label} ({study})" if counts[label] > 1 else label if label.strip() else study
        for study, label in labels.items()
    }


def _told_apart(rows: Sequence[Comparison]) -> list[str]:
    contrasts = [_contrast(row) for row in rows]
    ids = [row.name for row in rows]
    whom = [contrast.shared for contrast in contrasts]
    sides = {(contrast.index, contrast.reference) for contrast in contrasts}
    for names in (whom if len(sides) == 1 else [], [contrast.words for contrast in contrasts], ids):
        if names and all(name.strip() for name in names) and len(set(names)) == len(names):
            return list(names)
    return [f"{name} ({number})" for number, name in enumerate(ids, start=1)]


def _contrast(row: Comparison) -> _Contrast:
    if row.reference is None:
        return _Contrast("", row.index.label, "")
    index, reference = row.index.label.split(", "), row.reference.label.split(", ")
    same = 0
    while same < min(len(index), len(reference)) - 1 and index[same] == reference[same]:
        same += 1
    return _Contrast(", ".join(index[:same]), ", ".join(index[same:]), ", ".join(reference[same:]))
