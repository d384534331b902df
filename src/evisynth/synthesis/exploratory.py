"""What an exploratory question let stand that another would have refused, named one by one."""

from __future__ import annotations

from collections.abc import Sequence

from evisynth.outcomes.question import Question
from evisynth.synthesis.comparability import PooledRow
from evisynth.synthesis.eligibility import looks_non_proportional


def what_was_accepted(question: Question, rows: Sequence[PooledRow]) -> str:
    """Say in a sentence why an answer made from ``rows`` is exploratory.

    A question that accepts grade D makes its answer exploratory even where nothing in it needed that, since
    it was asked by weaker rules; the sentence then says so.
    """
    weak = sum(row.effect.grade == "D" for row in rows)
    # A caution of its own says in which rows, and what that means.
    crossing = any(looks_non_proportional(row.effect) for row in rows)
    studies = {study for row in rows for study in row.reports or (row.comparison.study,)}
    where = "every row" if weak == len(rows) else f"{weak} of {len(rows)} rows"
    accepted = [
        *([f"grade D in {where}"] if weak else []),
        *(["two rows"] if len(rows) == 2 and question.model != "bayesian" else []),
        *(["all rows from one study"] if len(studies) == 1 else []),
    ]
    if crossing and not accepted:
        accepted = ["hazards that do not look proportional"]
    if accepted:
        return f"Exploratory: {'; '.join(accepted)}."
    return "Exploratory, since the question accepts grade D, although none of its rows is of that grade."
