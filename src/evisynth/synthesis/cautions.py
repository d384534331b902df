"""Short sentences that stand under a plot: what a reader must know before trusting the diamond."""

from __future__ import annotations

from collections.abc import Sequence

from evisynth.arithmetic.time_words import time_words
from evisynth.outcomes.question import Departure, Model, Question, RowGroup
from evisynth.synthesis.comparability import (
    PooledRow,
    definitions,
    departure_for,
    differences,
    figures_used,
)
from evisynth.synthesis.eligibility import looks_non_proportional
from evisynth.synthesis.exploratory import what_was_accepted
from evisynth.synthesis.poolability import FEWEST_ROWS_FOR_PREDICTION

#: Measures of a time to an event, whose clock must start somewhere.
TIMED_MEASURES = frozenset({"hazard_ratio", "survival", "median"})


def cautions_for(
    question: Question,
    rows: Sequence[PooledRow],
    left_out: Sequence[Departure],
    pooled: bool,
    none_or_all: int = 0,
) -> tuple[str, ...]:
    """Say what speaks for care with the answer made from ``rows``.

    Parameters
    ----------
    question
        What it sets aside is told with its reason.
    rows
        The included rows.
    left_out
        Studies left out on purpose.
    pooled
        Whether there is an estimate. Without one, only what was left out is told.
    none_or_all
        How many rows were left out because the share is 0 or 100 %, which has no standard error.
    """
    leaving = [f"Without {departure.what}: {_sentence(departure.because)}" for departure in left_out]
    if not pooled:
        return tuple(leaving)
    return (
        *_cautions_of_grade(question, rows),
        *_cautions_of_number(rows, question.model),
        *_cautions_of_mixing(question, rows),
        *_cautions_of_clock(question, rows),
        *_cautions_of_landmarks(rows),
        *_cautions_of_edges(none_or_all),
        *leaving,
    )


def _cautions_of_grade(question: Question, rows: Sequence[PooledRow]) -> list[str]:
    said = [what_was_accepted(question, rows)] if question.exploratory else []
    flagged = [row for row in rows if looks_non_proportional(row.effect)]
    if flagged:
        said.append(
            f"Hazards do not look proportional, so one ratio hides how the effect changes: {_named(flagged)}."
        )
    inferred = [row for row in rows if {"inferred_p_value", "inferred_comparison"} & set(row.effect.flags)]
    if inferred and question.uses_inferred_p_values:
        because = _sentence(question.uses_inferred_p_values)
        said.append(f"What is compared was inferred by the reader ({_named(inferred)}): {because}")
    return said


def _named(rows: Sequence[PooledRow]) -> str:
    return ", ".join(f"{row.comparison.study} {row.comparison.name}" for row in rows)


def _cautions_of_number(rows: Sequence[PooledRow], model: Model) -> list[str]:
    said = []
    if len(rows) < FEWEST_ROWS_FOR_PREDICTION and model == "common_effect":
        count = "two" if len(rows) == 2 else str(len(rows))
        said.append(
            f"The common-effect model takes for granted that studies do not differ, which {count} rows "
            "cannot tell: if they do, the interval is too narrow."
        )
    elif len(rows) == 2 and model == "bayesian":
        said.append(
            "Two rows cannot tell how much studies differ: the prior on tau decides how wide this is."
        )
    elif len(rows) == 2:
        said.append("Two rows cannot tell how much studies differ: the interval is honest and very wide.")
    elif len(rows) < FEWEST_ROWS_FOR_PREDICTION:
        said.append(f"With {len(rows)} rows the spread between studies is poorly known.")
    return said


def _cautions_of_mixing(question: Question, rows: Sequence[PooledRow]) -> list[str]:
    said = []
    for difference in differences(question, rows):
        departure = departure_for(question, difference.what)
        because = f": {_sentence(departure.because)}" if departure else "."
        said.append(f"{_capitalised(str(difference))}{because}")
    naming = definitions(rows)
    if naming is not None:
        departure = departure_for(question, naming.what)
        because = f": {_sentence(departure.because)}" if departure else "."
        said.append(f"The outcome goes by different names ({'; '.join(naming.values)}){because}")
    blocks = _contributing_blocks(question, rows)
    if len({_contrast_kind(block) for block in blocks}) > 1:
        said.append(
            f"Contrasts of different kinds are put on one scale: {'; '.join(b.label for b in blocks)}."
        )
    return said


def _cautions_of_clock(question: Question, rows: Sequence[PooledRow]) -> list[str]:
    if question.effect_measure not in TIMED_MEASURES:
        return []
    silent = sum(not any(figure.starts for figure in figures_used(row)) for row in rows)
    if not silent:
        return []
    which = "No row states" if silent == len(rows) else f"{silent} of {len(rows)} rows do not state"
    return [f"{which} when the clock starts."]


def _cautions_of_landmarks(rows: Sequence[PooledRow]) -> list[str]:
    """Say when contrasts of survival at different times stand for one ratio."""
    times = {row.effect.time_months for row in rows if row.effect.recovery == "landmark_contrast"}
    known = sorted(time for time in times if time is not None)
    if len(known) < 2:
        return []
    return [f"Rows rest on survival at different times: {', '.join(map(time_words, known))}."]


def _cautions_of_edges(none_or_all: int) -> list[str]:
    if not none_or_all:
        return []
    which = (
        "a row of 0% or 100%, which has"
        if none_or_all == 1
        else f"{none_or_all} rows of 0% or 100%, which have"
    )
    return [
        f"Not in the estimate: {which} no standard error; with it the estimate would lie nearer to that end."
    ]


def _contributing_blocks(question: Question, rows: Sequence[PooledRow]) -> list[RowGroup]:
    labels = {row.comparison.row_group for row in rows}
    return [block for block in question.row_groups if block.label in labels]


def _contrast_kind(block: RowGroup) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Name what was done to the groups of a block; where and in whom may differ within one kind."""
    tags = {**block.index.tags}
    if block.reference is not None:
        tags |= {f"reference {kind}": terms for kind, terms in block.reference.tags.items()}
    return tuple(sorted((kind, terms) for kind, terms in tags.items() if kind.split()[-1] in _DONE))


_DONE = ("intervention", "extent")


def _sentence(text: str) -> str:
    plain = " ".join(text.split())
    return plain if plain.endswith((".", "!", "?")) else f"{plain}."


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
