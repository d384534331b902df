"""An answer as pictures and pages speak of it: studies by the names that figures call them by, not by ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from evisynth.answers.answer import Answer, AnswerRow, Summary
from evisynth.outcomes import Departure, study_names
from evisynth.wording import Advised

_Say = Callable[[str], str]


def with_shown_names(answer: Answer, names: Mapping[str, str]) -> Answer:
    """Put names in the place of ids in every sentence of an answer.

    Parameters
    ----------
    answer
        As it is computed and committed, in ids.
    names
        The shown name of each study, by its id: that of `study_names`.
    """
    say = _speaker(names)
    if say is None:
        return answer
    question = replace(answer.question, left_out=_named(answer.question.left_out, say))
    strata = answer.strata and replace(answer.strata, study=say(answer.strata.study))
    return replace(
        answer,
        question=question,
        rows=tuple(_row(row, say) for row in answer.rows),
        overall=_summary(answer.overall, say),
        by_row_group=tuple(_summary(summary, say) for summary in answer.by_row_group),
        left_out=_named(answer.left_out, say),
        strata=strata,
    )


def names_of(answer: Answer) -> dict[str, str]:
    """Return the shown names of the studies that have rows in an answer, by id."""
    return study_names((row.effect.study, row.study_label) for row in answer.rows)


def say_names(text: str, names: Mapping[str, str]) -> str:
    """Put shown names in the place of ids in one sentence."""
    say = _speaker(names)
    return text if say is None else say(text)


def _speaker(names: Mapping[str, str]) -> _Say | None:
    """Return what puts names for ids: whole ids alone, the longer ones first."""
    others = {study: name for study, name in names.items() if name != study}
    if not others:
        return None
    known = "|".join(re.escape(study) for study in sorted(others, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w/-])(?:{known})(?![\w-]|\.yaml)")

    def put(text: str) -> str:
        return pattern.sub(lambda found: others[found.group()], text)

    def say(text: str) -> str:
        if isinstance(text, Advised):
            return Advised(put(text.words), put(text[len(text.words) :]), joined_by="")
        return put(text)

    return say


def _named(departures: tuple[Departure, ...], say: _Say) -> tuple[Departure, ...]:
    return tuple(Departure(say(one.what), say(one.because)) for one in departures)


def _row(row: AnswerRow, say: _Say) -> AnswerRow:
    effect = row.effect
    if effect.reason is not None:
        effect = replace(effect, reason=say(effect.reason))
    return replace(row, effect=effect, reason=None if row.reason is None else say(row.reason))


def _summary(summary: Summary, say: _Say) -> Summary:
    return replace(
        summary,
        refused=None if summary.refused is None else say(summary.refused),
        cautions=tuple(say(caution) for caution in summary.cautions),
        interval_caution=None if summary.interval_caution is None else say(summary.interval_caution),
    )
