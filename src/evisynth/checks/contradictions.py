"""Whether the figures that a source prints cannot all be true, for sources that nobody reviewed.

A reviewer would have asked; of a poster or a meeting abstract nobody did, and every number in it is
then worth less. Roundings, wording, and p-values that somebody else's reading ties to figures are no
contradictions: the checks that speak of those are not marked ``contradiction``.
"""

from __future__ import annotations

from functools import cache

from evisynth.checks.check import Check
from evisynth.studies.study import SourceKind, Study
from evisynth.vocabulary import Vocabulary

#: Kinds of sources that no reviewer has read.
UNREVIEWED: frozenset[SourceKind] = frozenset({"conference abstract", "conference poster", "web capture"})


@cache
def _contradicting() -> tuple[Check, ...]:
    from evisynth.checks.registry import checks_of  # where every source was reviewed, none is loaded

    return tuple(check for check in checks_of("study") if check.contradiction)


def internal_contradiction(study: Study, vocabulary: Vocabulary) -> str | None:
    """Say in short words which figures of an unreviewed source contradict each other.

    None for a source that was reviewed, for one whose figures go together, and where a person has looked at
    every such finding and lets it stand.
    """
    if study.source.kind not in UNREVIEWED:
        return None
    from evisynth.checks.study_view import StudyView

    view = StudyView(study, vocabulary, told=False)
    settled = {(entry.finding, entry.about) for entry in study.acknowledged}
    for check in _contradicting():
        for found in check.run(view):
            if found is None or found.doubtful:
                continue
            if (check.code, found.about) not in settled:
                return f"{check.code}: {found.about}"
    return None
