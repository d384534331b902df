"""Models that pool the counts of rows: which counts they take, and what these give.

Rows of nobody, of everybody, or with an empty cell count by their patients. Two groups of which nobody, or
everybody, had the outcome say nothing of a ratio, and are left out of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evisynth.answers.comparability import PooledRow
from evisynth.effects import CountedArms, Effect
from evisynth.errors import InvalidDataError
from evisynth.measures import question_measure
from evisynth.outcomes import Model, Question, row_labels
from evisynth.synthesis import CountMethod, CountsResult, pool_counts

_METHODS: dict[Model, CountMethod] = {
    "binomial_normal": "binomial-normal",
    "mantel_haenszel": "mantel-haenszel",
    "peto": "peto",
}
NO_EFFECT_OF_ITS_OWN = "no estimate with a standard error by itself; the model takes its counts"
NO_COUNT = "its count of patients is not known, and the model takes counts"


def with_counts(effects: Sequence[Effect]) -> Effect | None:
    """Pick the recovery that a model of counts goes by: the one that stands, else the first with counts."""
    counting = [effect for effect in effects if effect.counted is not None]
    return next((effect for effect in counting if effect.primary), counting[0] if counting else None)


def as_counted(effect: Effect) -> Effect:
    """Make a recovery stand by its counts: one without an estimate gets their grade, and says so."""
    counts = effect.counted
    if counts is None or effect.kind == "point":
        return replace(effect, primary=True)
    return replace(
        effect, primary=True, grade=counts.grade, basic_grade=counts.basic_grade, reason=NO_EFFECT_OF_ITS_OWN
    )


def says_nothing_of_a_ratio(question: Question, counts: CountedArms) -> str | None:
    """Say why two groups of none or all say nothing of a ratio; None for others, and for differences."""
    if len(counts.tables) != 2 or question_measure(question.effect_measure).risk_scale == "identity":
        return None
    (x1, n1), (x0, n0) = counts.tables
    if not ((x1 == 0 and x0 == 0) or (x1 == n1 and x0 == n0)):
        return None
    return f"{x1} of {n1} and {x0} of {n0}: alike in both groups, which says nothing of a ratio"


def pool_by_counts(question: Question, rows: Sequence[PooledRow], *, one_study: bool) -> CountsResult | str:
    """Pool the counts of rows by the model of a question, or say why they give no estimate.

    With two rows the interval of the binomial-normal model is that of t with one degree of freedom: Wald's
    would be far too narrow.
    """
    model = question.model
    assert model is not None
    tables = [
        [number for arm in row.effect.counted.tables for number in arm]
        for row in rows
        if row.effect.counted is not None
    ]
    try:
        return pool_counts(
            _METHODS[model],
            tables,
            question.effect_measure,
            one_study=one_study,
            interval="t" if question.interval == "t" or len(rows) == 2 else "wald",
            level=question.level,
            labels=row_labels([row.comparison for row in rows]),
        )
    except InvalidDataError as error:
        return str(error)
