"""What is committed of an answer, and what its stamp rests on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from evisynth.answers import Answer, answer_as_json, effects_as_json
from evisynth.outcomes import Question
from evisynth.pipeline.recovered import Recovered
from evisynth.report import CommittedAnswer, render_effects, render_summary
from evisynth.vocabulary import Vocabulary

Row = dict[str, Any]


def committed_answer(recovered: Recovered, stamp: str) -> CommittedAnswer:
    """Write the three texts of an answer: summary, effects, forest plot."""
    from evisynth.figures import forest, svg_bytes

    answer = recovered.answer
    return CommittedAnswer(
        question=answer.question.id,
        summary_json=render_summary(answer_as_json(answer), stamp, studies_of(answer)),
        effects_csv=render_effects(effects_as_json(recovered.effects)),
        forest_svg=svg_bytes(forest(answer), stamp).decode(),
    )


def studies_of(answer: Answer) -> list[str]:
    """Name the studies that stand in an answer, pooled or not."""
    return sorted({row.effect.study for row in answer.rows})


def terms_used(question: Question, vocabulary: Vocabulary) -> list[Row]:
    """Return the vocabulary entries that a question speaks of, as plain values."""
    named = {
        (kind, term)
        for block in question.row_groups
        for selector in (block.index, block.reference)
        if selector is not None
        for kind, terms in selector.tags.items()
        if kind != "role"
        for term in terms
    }
    entries = [asdict(vocabulary.outcome(question.outcome))]
    return entries + [asdict(vocabulary.term(kind, term)) for kind, term in sorted(named)]
