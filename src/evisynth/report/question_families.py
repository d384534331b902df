"""Questions about one thing told together: one contrast however adjusted, one outcome at several times.

Which belong together follows from what each question asks. Contrasts of the same two kinds of group are one
family, and so are questions that describe just these two by themselves; other single groups are one family an
outcome and kind of group. The first term of a tag stands for the rest, which the vocabulary counts under it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evisynth.measures import question_measure
from evisynth.outcomes import GroupSelector, Question
from evisynth.wording import capitalised, term_words, time_words

if TYPE_CHECKING:
    from evisynth.report.page_views import QuestionView, VerdictLine

#: Kinds of tag that say what was done; the others say to whom.
_DONE = ("intervention", "extent", "role")


@dataclass(frozen=True, slots=True)
class FamilyCell:
    """What one question says of one kind of group."""

    question: QuestionView
    line: VerdictLine


@dataclass(frozen=True, slots=True)
class FamilyTable:
    """Answers on single groups, a row a kind of group and a column a time or measure; no cell where none."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[FamilyCell | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class QuestionFamily:
    """Questions in their order under one heading; the heading of a question alone is its title."""

    heading: str
    anchor: str
    questions: tuple[QuestionView, ...]
    table: FamilyTable | None = None

    @property
    def several(self) -> bool:
        """Whether more than one question is told here."""
        return len(self.questions) > 1


def family_key(question: Question) -> tuple[str, ...]:
    """Give what questions of one family have in common."""
    first = question.row_groups[0]
    if first.reference is not None:
        return ("contrast", _done(first.index), _done(first.reference))
    return ("groups", question.outcome, _done(first.index))


def families_of(views: Sequence[QuestionView], outcomes: dict[str, str]) -> tuple[QuestionFamily, ...]:
    """Gather questions into families, each at the place of its first question."""
    keys = {view.id: family_key(view.content.answer.question) for view in views}
    contrasts = {key[1:] for key in keys.values() if key[0] == "contrast"}
    families: dict[tuple[str, ...], list[QuestionView]] = {}
    for view in views:
        question, key = view.content.answer.question, keys[view.id]
        sides = tuple(_done(block.index) for block in question.row_groups)
        if key[0] == "groups" and sides in contrasts:
            key = ("contrast", *sides)
        families.setdefault(key, []).append(view)
    shared = [key[1] for key, few in families.items() if key[0] == "groups" and len(few) > 1]
    return tuple(
        QuestionFamily(
            _heading(key, few, outcomes, shared),
            f"family-{few[0].anchor}",
            tuple(few),
            _table(few) if key[0] == "groups" and len(few) > 1 else None,
        )
        for key, few in families.items()
    )


def _done(selector: GroupSelector) -> str:
    """Name what was done to a group, by the first term of each tag that says so."""
    return "+".join(terms[0] for kind, terms in selector.tags.items() if kind in _DONE and terms)


def _heading(
    key: tuple[str, ...], few: Sequence[QuestionView], outcomes: dict[str, str], shared: Sequence[str]
) -> str:
    first = few[0].content.answer.question
    if len(few) == 1:
        return first.title
    block = first.row_groups[0]
    if block.reference is not None:
        if "role" in block.reference.tags:
            return block.label  # a role says whose figures they are, not what was done
        return capitalised(f"{_words(block.index)} against {_words(block.reference)}")
    outcome = outcomes.get(first.outcome, term_words(first.outcome))
    return outcome if shared.count(key[1]) < 2 else f"{outcome}: {_words(block.index)}"


def _words(selector: GroupSelector) -> str:
    """Say what was done to a group; to whom, where no tag says what was done."""
    kinds = [kind for kind in selector.tags if kind in _DONE] or list(selector.tags)
    terms = [selector.tags[kind][0] for kind in kinds if selector.tags[kind]]
    words = " and ".join(term_words(term, selector.labels.get(term, "")) for term in terms)
    return re.sub(r"(\d) percent\b", r"\1%", words)


def _table(few: Sequence[QuestionView]) -> FamilyTable:
    columns: dict[tuple[float, str], str] = {}
    cells: dict[tuple[str, str], FamilyCell] = {}
    rows: dict[str, None] = {}
    for view in few:
        question = view.content.answer.question
        for line in view.lines:
            time = next((block.time_months for block in question.row_groups
                         if block.label == line.verdict.label), None) or question.time_months  # fmt: skip
            measure = question_measure(question.effect_measure).words
            column = measure if time is None else f"{measure}, {time_words(time)}"
            label = line.verdict.label or _only_label(question) or view.title
            if (label, column) in cells:
                label = f"{label} ({view.title})"
            rows[label] = None
            columns[(float("inf") if time is None else time, measure)] = capitalised(column)
            cells[label, capitalised(column)] = FamilyCell(view, line)
    heads = tuple(columns[place] for place in sorted(columns))
    return FamilyTable(heads, tuple((row, tuple(cells.get((row, head)) for head in heads)) for row in rows))


def _only_label(question: Question) -> str:
    return question.row_groups[0].label if len(question.row_groups) == 1 else ""
