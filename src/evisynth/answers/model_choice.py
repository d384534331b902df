"""The model that a question takes where it names none.

That is random effects. A question on proportions takes the binomial-normal model instead where a row counts
nobody or everybody, or where fewer than five events, or patients without one, are expected in a row at the
proportion of all together: there a logit is far from normal, and inverse variance drops the rows of nobody,
so that its estimate is that of the others (Stijnen et al 2010, Statistics in Medicine 29:3046-3067). Every
row that would be pooled must have a count for that; and studies that overlap are not counted by covariance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evisynth.answers.count_models import NO_COUNT
from evisynth.answers.eligibility import (
    Candidate,
    candidate_row,
    counted,
    one_of_each_cohort,
    one_of_each_report,
    reason_not_pooled,
    without_nested,
)
from evisynth.effects import Effect
from evisynth.measures import question_measure
from evisynth.outcomes import Comparison, Departure, Question
from evisynth.synthesis import few_events


def with_model(
    question: Question,
    comparisons: Sequence[Comparison],
    effects: Sequence[tuple[Effect, ...]],
    left_out: Sequence[Departure] = (),
) -> Question:
    """Return the question with the model that it takes, named or by its rows.

    Parameters
    ----------
    question, comparisons
        The question with its rows.
    effects
        For each row all its recoveries.
    left_out
        Studies that are left out.
    """
    if question.model is not None:
        return question
    by_counts = replace(question, model="binomial_normal")
    by_effects = replace(question, model="random_effects")
    handled = None if question.overlap is None else question.overlap.choice
    models = question_measure(question.effect_measure).count_models
    if "binomial_normal" not in models or handled in ("covariance", "robust"):
        return by_effects
    blocks: dict[str, list[Candidate]] = {}
    for comparison, recoveries in zip(comparisons, effects, strict=True):
        candidate = candidate_row(by_counts, comparison, recoveries, left_out)
        if candidate.reason == NO_COUNT and not reason_not_pooled(by_effects, comparison, candidate.effect):
            return by_effects
        label = "" if question.summary == "overall" else comparison.row_group
        blocks.setdefault(label, []).append(candidate)
    few = any(_has_few(by_counts, block) for block in blocks.values())
    return by_counts if few else by_effects


def _has_few(question: Question, block: Sequence[Candidate]) -> bool:
    once = one_of_each_cohort(question, without_nested(block))[0]
    rows = counted(one_of_each_report(question, once)[0])
    tables = [row.effect.counted.tables[0] for row in rows if row.effect.counted is not None]
    return bool(tables) and few_events([x for x, _ in tables], [n for _, n in tables])
