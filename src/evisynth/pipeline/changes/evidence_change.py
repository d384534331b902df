"""What changed in the evidence, from the studies to the answers: the type that is told and printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evisynth.pipeline.changes.compare import Changes

State = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class StudyChange:
    """What changed of a study; one that came or went has all of its entries in ``added`` or ``removed``."""

    study: str
    state: State
    cited: str
    groups: Changes
    figures: Changes
    details: Changes


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """What changed of a question and of its answer."""

    question: str
    state: State
    title: str
    asked: Changes
    summaries: Changes
    rows: Changes

    @property
    def answer_changed(self) -> bool:
        """Whether anything but the words of the question differs."""
        return bool(self.summaries or self.rows)


@dataclass(frozen=True, slots=True)
class EvidenceChange:
    """All that is different between two states of the evidence.

    ``old`` and ``new`` name the states in a sentence, ``commit`` is that of the old one, where it is in
    git. ``questions`` holds those that changed, of ``question_count`` that were compared.
    """

    old: str
    new: str
    commit: str | None
    vocabulary: Changes
    studies: tuple[StudyChange, ...]
    questions: tuple[QuestionChange, ...]
    question_count: int

    def __bool__(self) -> bool:
        return bool(self.vocabulary or self.studies or self.questions)
