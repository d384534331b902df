"""The answer to a question in a sentence and a verdict, as the report opens with it and ``pool`` prints it.

=================  ==================================================================================
clear              an interval that excludes no effect, or is narrow for a single arm, of two studies or
                   more, without waived rules and without a caution beside it
uncertain          any other pooled estimate
one study          whatever one study alone says
cannot be pooled   several rows that count, which do not belong together
no usable result   no row counts
=================  ==================================================================================

A share is known narrowly when its limits are at most 20 percentage points apart, any other single arm when
they differ by at most a half of the lower one.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from evisynth.answers import AmongChoices, Answer, AnswerRow, Summary, difference_of, names_of, say_names
from evisynth.figures import (
    NaturalInterval,
    arm_names,
    as_sentence,
    difference_text,
    natural_interval,
    row_interval,
)
from evisynth.outcomes import Question
from evisynth.report.answer_view import EffectText, effect_text
from evisynth.report.plain_sizes import size_words
from evisynth.wording import counted, in_words, interval_name, listed, plural

VerdictKind = Literal["clear", "uncertain", "one study", "cannot be pooled", "no usable result"]

NARROW_SHARE, NARROW_RATIO = 0.2, 1.5
#: An estimate stands apart from its choices when it lies to one side of so many of them.
_APART = 0.75

#: What a grade says of how an effect follows from the print, in two words.
GRADE_IN_WORDS = {
    "A": "as printed",
    "B": "recalculated",
    "C": "recalculated, with assumptions",
    "D": "rough",
    "X": "limit only",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one estimate of a question, or the want of one, comes to.

    ``word`` is the verdict as it is printed, ``sentence`` what it rests on, both without markup; ``label`` is
    the block of rows that it speaks of, empty where there is one only. ``interval`` is what can be drawn, on
    the natural scale; ``certainty`` is how closely the effects follow from the print. ``because`` says why
    nothing is pooled, ``choices`` where the estimate stands among its defensible choices.
    """

    kind: VerdictKind
    label: str
    word: str
    sentence: str
    study_count: int
    patients: str
    interval: NaturalInterval | None
    certainty: str
    because: str = ""
    choices: str = ""
    among: AmongChoices | None = None

    @property
    def text(self) -> str:
        """Verdict, sentence and choices in one line."""
        label = f"{self.label}: " if self.label else ""
        return " ".join(filter(None, (f"{label}{self.word}.", self.sentence, self.choices)))


def verdicts_of(answer: Answer) -> tuple[Verdict, ...]:
    """Give the verdict on each summary of an answer: one, or one a block of rows."""
    texts = effect_text(answer)
    if not answer.by_row_group:
        return (_verdict(answer, answer.overall, answer.rows, texts),)
    several = len(answer.by_row_group) > 1
    return tuple(
        replace(
            _verdict(answer, summary, _rows_of(answer, summary.label), texts),
            label=summary.label if several else "",
        )
        for summary in answer.by_row_group
    )


def difference_sentence(answer: Answer) -> str:
    """Say how the blocks of an answer differ; empty where that is not looked at."""
    return say_names(difference_text(difference_of(answer)), names_of(answer))


def _rows_of(answer: Answer, label: str) -> tuple[AnswerRow, ...]:
    return tuple(row for row in answer.rows if row.effect.row_group == label)


def _verdict(answer: Answer, summary: Summary, rows: Sequence[AnswerRow], texts: EffectText) -> Verdict:
    included = [row for row in rows if row.included]
    if summary.pooled is not None:
        return _pooled(answer.question, summary, included, texts)
    if not included:
        return _nothing(summary, rows, texts)
    if len(included) == 1:
        return _single(answer.question, summary, included[0], texts)
    return _apart(summary, included, texts)


def _pooled(question: Question, summary: Summary, rows: Sequence[AnswerRow], texts: EffectText) -> Verdict:
    pooled = summary.pooled
    if pooled is None:
        raise ValueError(f"{summary.label} has no estimate")
    interval = natural_interval(texts.display.scale, pooled.estimate, pooled.ci_lower, pooled.ci_upper)
    firm = not (summary.exploratory or summary.beside)
    kind: VerdictKind = "one study" if summary.study_count == 1 else "uncertain"
    if firm and summary.study_count > 1 and is_settled(interval, texts):
        kind = "clear"
    results = counted(summary.row_count, "usable result")
    of = f"{results} of {counted(summary.study_count, 'study', one='one')}"
    return Verdict(
        kind=kind,
        label="",
        word=_word(question, interval, texts, kind),
        sentence=f"{of}, {_patients(summary)}: {_told(question, interval, texts)}{_explored(summary)}",
        study_count=summary.study_count,
        patients=_patients(summary),
        interval=interval,
        certainty=_certainty(rows),
        choices=_choices(summary.among_choices, interval, texts),
        among=summary.among_choices,
    )


def _single(question: Question, summary: Summary, row: AnswerRow, texts: EffectText) -> Verdict:
    interval = row_interval(row, texts.display.scale, texts.level)
    what = "comparison" if question.is_contrast else "series"
    size = "" if row.effect.participants is None else f", {counted(row.effect.participants, 'patient')}"
    base = Verdict(
        kind="one study",
        label="",
        word="Not known",
        sentence=f"One usable {what}{size}, without an estimate of its own.",
        study_count=summary.study_count,
        patients=_patients(summary),
        interval=interval,
        certainty=_certainty((row,)),
        because="one result only",
    )
    if interval is None:
        return base
    told = _told(question, interval, texts)
    word = _word(question, interval, texts, "one study")
    return replace(base, word=word, sentence=f"One usable {what}{size}: {told}")


def _apart(summary: Summary, rows: Sequence[AnswerRow], texts: EffectText) -> Verdict:
    reason = _reason(summary, rows)
    many = counted(len(rows), "usable result")
    of = f"{many} of {counted(summary.study_count, 'study', one='one')}"
    span = _span(rows, texts)
    each = f", each by itself {span}" if span else ""
    return Verdict(
        kind="cannot be pooled",
        label="",
        word="Cannot be pooled",
        sentence=f"{of}{each}. {as_sentence(f'not put together, because {reason}')}",
        study_count=summary.study_count,
        patients=_patients(summary),
        interval=None,
        certainty=_certainty(rows),
        because=reason,
    )


def _nothing(summary: Summary, rows: Sequence[AnswerRow], texts: EffectText) -> Verdict:
    reason = _uncounted(rows) or _reason(summary, rows)
    studies = len({row.effect.study for row in rows})
    shown = counted(studies, "study", one="One")
    span = _span(rows, texts)
    rough = f" What {'it prints' if studies == 1 else 'they print'} is {span}." if span else ""
    some = f"{shown} {plural('has', studies)} something to say, and nothing that can be counted.{rough} "
    return Verdict(
        kind="no usable result",
        label="",
        word="Not known",
        sentence=(some if rows else "") + as_sentence(reason),
        study_count=0,
        patients="no patients counted",
        interval=None,
        certainty=_certainty(rows),
        because=reason,
    )


def _reason(summary: Summary, rows: Sequence[AnswerRow]) -> str:
    """Say why nothing is pooled, studies by the names that figures give them."""
    reason = in_words(summary.refused or "").rstrip(".")
    for study, label in {row.effect.study: row.study_label for row in rows if row.study_label}.items():
        reason = label.join(re.split(rf"(?<![\w-]){re.escape(study)}(?![\w-])", reason))
    return reason


def _uncounted(rows: Sequence[AnswerRow]) -> str:
    """Count what cannot be counted by what it is; empty where rows have faults of other kinds."""
    kinds = Counter[str](row.effect.kind for row in rows)
    if not rows or (kinds["point"] and not all(_is_rough(row) for row in rows)):
        return ""
    if len(rows) == 1:
        return {"point": "it is too rough", "bound": "it is known only as a limit"}.get(
            rows[0].effect.kind, ""
        )
    said = {"point": "too rough", "bound": "known only as a limit", "refused": "not to be worked out"}
    return f"of {len(rows)} results " + listed(
        f"{kinds[kind]} {plural('is', kinds[kind])} {words}" for kind, words in said.items() if kinds[kind]
    )


def _is_rough(row: AnswerRow) -> bool:
    return row.effect.kind != "point" or (row.reason or "").startswith("grade ")


def is_settled(interval: NaturalInterval, texts: EffectText) -> bool:
    """Whether an interval excludes no effect, or of a single arm is narrow."""
    lower, upper, null = interval.lower, interval.upper, texts.display.null
    if lower is None or upper is None or not (math.isfinite(lower) and math.isfinite(upper)):
        return False
    if null is not None:
        return not lower <= null <= upper
    if texts.display.axis == "percent":
        return upper - lower <= NARROW_SHARE
    return lower > 0 and upper / lower <= NARROW_RATIO


def _word(question: Question, interval: NaturalInterval, texts: EffectText, kind: VerdictKind) -> str:
    null, settled = texts.display.null, is_settled(interval, texts)
    if null is None:
        estimate = NaturalInterval(interval.estimate, None, None)
        said = (
            f"{texts.bare(estimate)}{texts.unit}" if interval.estimate is not None else texts.bare(interval)
        )
        if kind == "one study":
            return f"{said} in one study"
        return f"About {said}" if kind == "clear" else f"About {said}, known only roughly"
    if not settled:
        return "Not known"
    where = interval.upper if interval.upper is not None else interval.estimate
    less, more = _sides(question)
    said = less if where is not None and where < null else more
    tail = {"clear": "", "one study": ", in one study", "uncertain": ", not settled"}[kind]
    return f"{said}{tail}"


def _sides(question: Question) -> tuple[str, str]:
    """Say less and more of the event with the group that the effect speaks of."""
    index, _ = arm_names(question)
    less, more = question.event.amounts()
    return f"{less} with {index or 'the first group'}", f"{more} with {index or 'the first group'}"


def _told(question: Question, interval: NaturalInterval, texts: EffectText) -> str:
    """Write the effect with its interval, and what that means."""
    if interval.estimate is None:
        effect = f"{texts.bare(interval)}{texts.unit}"
    else:
        effect = texts.with_unit(interval).replace(f"({interval_name(0.95)} ", "(")
    words = size_words(interval, texts.display, question.event)
    means = f", so {words}" if words else ""
    return f"{texts.display.words} {effect}{means}."


def _explored(summary: Summary) -> str:
    return " Rules were waived to have an estimate at all." if summary.exploratory else ""


def _patients(summary: Summary) -> str:
    if summary.participant_count is None:
        return "number of patients not stated"
    return counted(summary.participant_count, "patient")


def _span(rows: Sequence[AnswerRow], texts: EffectText) -> str:
    """Say between which values the estimates of rows lie, one by one."""
    shown = [row_interval(row, texts.display.scale, texts.level) for row in rows]
    values = [one.estimate for one in shown if one is not None and one.estimate is not None]
    if not values:
        return ""
    low, high = (f"{texts.bare(NaturalInterval(end(values), None, None))}" for end in (min, max))
    unit = texts.unit
    return f"{low}{unit}" if low == high else f"between {low}{unit if unit == '%' else ''} and {high}{unit}"


def _certainty(rows: Sequence[AnswerRow]) -> str:
    """Say how closely the effects of rows follow from the print: ``2 as printed, 1 rough``."""
    grades = Counter[str](row.effect.grade for row in rows)
    if len(rows) == 1:
        return GRADE_IN_WORDS[rows[0].effect.grade]
    return listed(f"{grades[grade]} {words}" for grade, words in GRADE_IN_WORDS.items() if grades[grade])


def _choices(among: AmongChoices | None, interval: NaturalInterval, texts: EffectText) -> str:
    """Say where an estimate stands among all defensible ways to reckon it."""
    if among is None or among.pooled < 2:
        return ""
    own, middle = (texts.bare(NaturalInterval(one, None, None)) for one in (interval.estimate, among.median))
    median = f"{middle}{texts.unit}"
    ways = f"{among.count} defensible ways to read the same studies"
    if own == middle:
        return f"Of {ways} the median is {median}, the same."
    share, side = max((among.share_above, "lower"), (among.share_below, "higher"))
    stands = f"this is {side} than {100 * share:.0f}%" if share >= _APART else "this stands in the middle"
    return f"Of {ways} {stands}; their median is {median}."
