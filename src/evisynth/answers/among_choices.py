"""Where an estimate stands among its own admissible choices, and what must be said beside one at their edge.

Recoveries, rounding, follow-up, rows that may be left out: of all admissible combinations (see
:mod:`evisynth.answers.multiverse`) a question makes one. Where its estimate lies beyond the 10th or the 90th
percentile of the others, a reader of the number alone is misled, so that their median stands beside it,
where the two differ in the digits that are printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evisynth.answers.answer import AmongChoices, Answer, Summary
from evisynth.answers.multiverse.universes import Multiverse, multiverses
from evisynth.arithmetic import to_natural_scale
from evisynth.effects import Effect
from evisynth.measures import question_measure
from evisynth.outcomes import Comparison, Question
from evisynth.wording import fixed, number_text

#: An estimate beyond these percentiles of its choices stands at their edge.
EDGES = (0.1, 0.9)
#: Fewer choices than this have no tenth to be beyond.
FEWEST_CHOICES = 10
#: More combinations than this are sampled for an answer; fits by iteration are not done so often for one.
MOST_FOR_AN_ANSWER, MOST_FITS_FOR_AN_ANSWER = 5_000, 30


def with_choices(
    answer: Answer, comparisons: Sequence[Comparison], effects: Sequence[Sequence[Effect]]
) -> Answer:
    """Say of each estimate of an answer where it stands among its admissible choices.

    Parameters
    ----------
    answer
        Its summaries that have an estimate are looked at.
    comparisons, effects
        The rows to choose among and their recoveries, those of studies that overlap with the ones that the
        question leaves out included (:func:`evisynth.answers.reconsidered`).
    """
    if not answer.is_pooled:
        return answer
    question = answer.question
    fitted = question.model == "binomial_normal"
    found = multiverses(
        question, comparisons, effects, MOST_FITS_FOR_AN_ANSWER if fitted else MOST_FOR_AN_ANSWER
    )
    by_label = {one.label: one for one in found if one.exact or not fitted}
    told = {label: _standing(question, one) for label, one in by_label.items()}
    return replace(
        answer,
        overall=_told(answer.overall, told),
        by_row_group=tuple(_told(summary, told) for summary in answer.by_row_group),
    )


def _told(summary: Summary, told: dict[str, AmongChoices | None]) -> Summary:
    among = told.get(summary.label)
    if summary.pooled is None or among is None:
        return summary
    return replace(summary, among_choices=among)


def _standing(question: Question, multiverse: Multiverse) -> AmongChoices | None:
    if multiverse.own is None or not len(multiverse.estimate):
        return None
    estimates = multiverse.estimate
    own = float(estimates[multiverse.own])
    low, high = np.quantile(estimates, EDGES)
    # an estimate that only rounding tells from the percentile is not beyond it
    slack = 1e-9 * max(1.0, abs(own))
    beyond = len(estimates) >= FEWEST_CHOICES and not low - slack <= own <= high + slack
    falling = multiverse.scale == "log(-log)"
    less, more = float(np.mean(estimates < own - slack)), float(np.mean(estimates > own + slack))
    share_below, share_above = (more, less) if falling else (less, more)
    median = to_natural_scale(float(np.median(estimates)), multiverse.scale)
    among = AmongChoices(
        combinations=multiverse.combinations,
        pooled=len(estimates),
        median=median,
        share_below=share_below,
        share_above=share_above,
        words="",
        exact=multiverse.exact,
    )
    shown = _shown(question, median)
    if not beyond or shown == _shown(question, to_natural_scale(own, multiverse.scale)):
        return among
    return replace(among, words=_words(among, shown))


def _words(among: AmongChoices, median: str) -> str:
    """Say it as a clause that belongs beside the number."""
    below, above = among.share_below, among.share_above
    side, share = ("lower", above) if above > below else ("higher", below)
    return (
        f"this is {side} than {fixed(100 * share, 0)}% of {among.count} admissible choices, whose median is "
        f"{median}"
    )


def _shown(question: Question, value: float) -> str:
    """Write an estimate with the digits that people read: ``0.79``, ``12.5%``, ``41 months``."""
    measure = question_measure(question.effect_measure)
    if measure.axis == "percent":
        return f"{fixed(100 * value, 1)}%"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    shown = fixed(value, digits) if abs(value) >= 0.1 else number_text(value, 2)
    return shown + (measure.suffix if measure.axis == "months" else "")
