"""Whether the studies agree on which of them share patients.

An overlap is symmetric: writing it in one file suffices. Two files that say different things, or one
that names a study nobody wrote, are mistakes of the files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evisynth.errors import Finding, suggestion_text
from evisynth.studies.study import Study


def check_overlaps(studies: Sequence[Study]) -> Iterator[Finding]:
    """Yield an error for each overlap with an unknown study, and for each pair that disagrees."""
    by_id = {study.id: study for study in studies}
    said = {(study.id, overlap.with_study): overlap for study in studies for overlap in study.cohort.overlaps}
    for (study_id, other_id), overlap in said.items():
        path = by_id[study_id].path
        if other_id not in by_id:
            yield Finding(
                file=path,
                line=overlap.line,
                column=overlap.column,
                code="overlap-unknown-study",
                level="error",
                message=f"overlap with '{other_id}', which is no study here",
                fix=suggestion_text(other_id, [name for name in by_id if name != study_id]),
            )
            continue
        answer = said.get((other_id, study_id))
        if answer is not None and answer.extent != overlap.extent and study_id < other_id:
            yield Finding(
                file=path,
                line=overlap.line,
                column=overlap.column,
                code="overlap-disagrees",
                level="error",
                message=f"'{study_id}' says {overlap.extent} overlap, '{other_id}' says {answer.extent}",
                fix="write it in one file only, or the same in both",
            )
