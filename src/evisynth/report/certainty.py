"""How far an answer can be relied on, as one plain word with its reasons, reckoned from the answer itself.

Each reason takes a step down from "high": moderate, low, very low. It goes the way of GRADE (Guyatt et al
2008, BMJ 336:924-926) and is no judgement by it: nobody weighed how indirect the patients are, or what was
not published.

=================  ================================================================================
design             groups are compared, and not every study says that they were allotted by chance
number             one study alone
precision          the interval does not settle the question, as the verdict has it
rough effects      a result rests on assumptions or worse, grade C or D
disagreement       I squared is at least 50% and Q is beyond chance (p < 0.1)
risk of bias       serious, or high, by the reader's own assessment
=================  ================================================================================
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from evisynth.answers import Answer, AnswerRow, Summary

_STEPS = ("high", "moderate", "low", "very low")
NOTHING = "none"
_ASSUMED = ("C", "D")
_GRAVE = ("serious", "critical", "high")
_DISAGREEING, _BEYOND_CHANCE = 0.5, 0.1


@dataclass(frozen=True, slots=True)
class Certainty:
    """A word, and what takes it down; ``none`` where nothing can be counted."""

    word: str
    because: tuple[str, ...]

    @property
    def text(self) -> str:
        """Word and reasons in a line: ``very low: one study alone, ...``."""
        return f"{self.word}: {', '.join(self.because)}" if self.because else self.word


def certainty_of(
    answer: Answer, summary: Summary, *, settled: bool, randomised: Collection[str] = ()
) -> Certainty:
    """Weigh one estimate of an answer, or the one row that counts.

    Parameters
    ----------
    answer
        Whose rows are looked at.
    summary
        The estimate, of all rows or of a block.
    settled
        Whether the interval excludes no effect, or of single groups is narrow.
    randomised
        Studies whose groups were allotted by chance.
    """
    rows = [
        row
        for row in answer.rows
        if row.included and (not answer.by_row_group or row.effect.row_group == summary.label)
    ]
    if not rows:
        return Certainty(NOTHING, ("no result can be counted",))
    if summary.pooled is None and len(rows) > 1:
        return Certainty(NOTHING, ("the results are not put together",))
    because = tuple(_reasons(answer, summary, rows, settled, randomised))
    return Certainty(_STEPS[min(len(because), len(_STEPS) - 1)], because)


def _reasons(
    answer: Answer, summary: Summary, rows: Sequence[AnswerRow], settled: bool, randomised: Collection[str]
) -> Iterator[str]:
    studies = {row.effect.study for row in rows}
    if answer.question.is_contrast and not studies <= set(randomised):
        yield "patients were chosen for their treatment, not allotted by chance"
    if len(studies) == 1:
        yield "one study alone"
    if not settled:
        yield "the interval is too wide to settle it"
    if any(row.effect.grade in _ASSUMED for row in rows):
        yield "results are worked out on assumptions"
    pooled = summary.pooled
    if pooled is not None and pooled.i_squared >= _DISAGREEING and pooled.q_p_value < _BEYOND_CHANCE:
        yield "studies differ more than chance explains"
    if any(judged.overall.judgement in _GRAVE for row in rows for judged in row.risk_of_bias):
        yield "the risk of bias is serious"
