"""What changed since the answers were last other than they are: what the page "What changed" shows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from evisynth.answers import Answer, names_of, say_names
from evisynth.figures import NaturalInterval, measure_display
from evisynth.report.answer_view import EffectText, effect_text
from evisynth.wording import counted, listed

Record = Mapping[str, Any]
#: What to write in a question file, behind a reason.
_ADVICE = re.compile(r"\s*\([a-z_]+: [\w-]+\)")


@dataclass(frozen=True, slots=True)
class EstimateSince:
    """An estimate, or the reason for none, before and after; ``label`` is its block of rows, if several."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class AnswerSince:
    """A question whose answer is not what it was; ``rows`` say which results came, went or changed."""

    question: str
    title: str
    state: str
    estimates: tuple[EstimateSince, ...] = ()
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StudySince:
    """A study that came, went or says something else; ``changed`` counts what of it changed."""

    study: str
    name: str
    state: str
    changed: str = ""


@dataclass(frozen=True, slots=True)
class SinceLastTime:
    """What changed since a commit; ``reason`` says why nothing is compared, and is empty where something is.

    ``day`` is that of the commit. ``notes`` are sentences about the comparison itself; ``program`` and
    ``evidence`` say of which version this report is.
    """

    program: str
    evidence: str
    reason: str = ""
    commit: str = ""
    day: str = ""
    subject: str = ""
    answers: tuple[AnswerSince, ...] = ()
    studies: tuple[StudySince, ...] = ()
    terms: tuple[str, ...] = ()
    compared: int = 0
    notes: tuple[str, ...] = ()

    @property
    def day_words(self) -> str:
        """Write the day as people do: ``29 November 2026``."""
        found = date.fromisoformat(self.day)
        return f"{found.day} {found:%B %Y}"

    @property
    def headline(self) -> str:
        """Say in a sentence what changed."""
        if self.reason:
            return self.reason
        states = Counter(one.state for one in self.answers)
        told = [f"{states['changed'] or 'none'} of {counted(self.compared, 'answer')} changed"]
        if states["added"]:
            told.append(f"{counted(states['added'], 'question')} came")
        if states["removed"]:
            told.append(f"{counted(states['removed'], 'question')} went")
        for state, words in (("added", "came"), ("removed", "went"), ("changed", "changed")):
            if count := sum(study.state == state for study in self.studies):
                told.append(f"{counted(count, 'study')} {words}")
        if self.terms:
            told.append(f"{counted(len(self.terms), 'word')} of the vocabulary changed")
        return f"Since {self.day_words}: {listed(told)}."


def estimates_since(old: Record | None, new: Record, answer: Answer) -> tuple[EstimateSince, ...]:
    """Set the estimates of two committed answers to one question side by side, where they differ.

    Parameters
    ----------
    old, new
        Each as ``evisynth pool --format json`` writes it; no old one of a question that was not asked.
    answer
        The answer of today, which says how its effects are written.
    """
    texts, names = effect_text(answer), names_of(answer)
    before = texts
    if old is not None and (old["effect_measure"], old["scale"]) != (new["effect_measure"], new["scale"]):
        before = EffectText(
            measure_display(old["effect_measure"], old["scale"]), texts.decimals, old["level"]
        )
    olds, news = map(_summaries, (old, new))
    found = []
    for label in dict.fromkeys([*news, *olds]):
        words = [
            say_names(_estimate_words(side.get(label), text), names)
            for side, text in ((olds, before), (news, texts))
        ]
        if words[0] != words[1]:
            found.append(EstimateSince(label, *words))
    return tuple(found)


def _summaries(record: Record | None) -> dict[str, Record]:
    return {} if record is None else {one.get("label", ""): one for one in record["subgroups"] or [record]}


def row_words(record: Record, answer: Answer) -> str:
    """Name a row of a committed answer by its study, and say its effect."""
    study = record["study"]
    of = next((row for row in answer.rows if _is_row(row.effect, record)), None)
    groups = "" if of is None else " against ".join(filter(None, (of.index_label, of.reference_label)))
    name = say_names(study, names_of(answer))
    effect = effect_text(answer).with_unit(_interval(record))
    return f"{name}{f', {groups}' if groups else ''}{f': {effect}' if effect else ''}"


def _is_row(effect: Any, record: Record) -> bool:
    keys = ("study", "comparison", "row_group")
    return all(getattr(effect, key) == record[key] for key in keys)


def _interval(record: Record) -> NaturalInterval:
    if record["estimate"] is None:
        return NaturalInterval(None, record.get("lower"), record.get("upper"))
    return NaturalInterval(record["estimate"], record["ci_lower"], record["ci_upper"])


def _estimate_words(summary: Record | None, texts: EffectText) -> str:
    if summary is None:
        return "not asked"
    if summary["refused"] is not None:
        return f"Cannot be pooled: {_ADVICE.sub('', summary['refused']).rstrip('.')}"
    counts = [counted(summary["row_count"], "result"), counted(summary["study_count"], "study")]
    if summary["participant_count"] is not None:
        counts.append(counted(summary["participant_count"], "patient"))
    return f"{texts.with_unit(_interval(summary))}; {', '.join(counts)}"


def states_words(changes: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    """Write what became of rows: ``came``, ``went``, or what they said before and say now."""
    words = {"added": "Came", "removed": "Went", "changed": "Changed"}
    return tuple(
        f"{words[state]}: {old} → {new}." if old and new and old != new else f"{words[state]}: {new or old}."
        for state, old, new in changes
    )
