"""What changed as values that JSON can hold: what ``evisynth diff --format json`` prints.

================  ====================================================================================
``old``, ``new``  names of the two states; ``commit`` is the hash of the old one, null outside of git
``studies``       an object a study: ``study``, ``state`` (``added``, ``removed``, ``changed``),
                  ``cited``, and ``groups``, ``figures`` and ``details`` as changes
``vocabulary``    changes of outcomes and tags
``questions``     an object a question that changed: ``question``, ``state``, ``title``, and ``asked``,
                  ``summaries`` (the estimate, or one a block) and ``rows`` as changes
``question_count``  how many questions were compared
================  ====================================================================================

Changes are an object of three arrays: ``added`` and ``removed`` hold the things themselves, ``changed``
holds objects with ``old``, ``new`` and the names of the ``facts`` that differ. A figure has the keys of
``evisynth query`` as far as the study file says them, a row and a summary those of ``evisynth pool``; all
numbers have six significant digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evisynth.pipeline.changes.compare import Changes
from evisynth.pipeline.changes.evidence_change import EvidenceChange


def change_as_json(change: EvidenceChange) -> dict[str, Any]:
    """Give a change as plain values with stable keys; nothing changed is empty arrays."""
    return {
        "old": change.old,
        "new": change.new,
        "commit": change.commit,
        "studies": [
            {
                "study": study.study,
                "state": study.state,
                "cited": study.cited,
                "groups": _changes(study.groups),
                "figures": _changes(study.figures),
                "details": _changes(study.details),
            }
            for study in change.studies
        ],
        "vocabulary": _changes(change.vocabulary),
        "questions": [
            {
                "question": question.question,
                "state": question.state,
                "title": question.title,
                "asked": _changes(question.asked),
                "summaries": _changes(question.summaries),
                "rows": _changes(question.rows),
            }
            for question in change.questions
        ],
        "question_count": change.question_count,
    }


def _changes(changes: Changes) -> dict[str, list[Mapping[str, Any]]]:
    return {
        "added": [entry.record for entry in changes.added],
        "removed": [entry.record for entry in changes.removed],
        "changed": [
            {"old": change.old.record, "new": change.new.record, "facts": list(change.names)}
            for change in changes.changed
        ],
    }
