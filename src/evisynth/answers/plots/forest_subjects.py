"""From an answer or a bare pooled result to the subject of its forest plot, with all fits that it shows."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from evisynth.answers.answer import Answer, AnswerRow, Summary
from evisynth.answers.plots.bare_rows import Counts, bare_rows, bare_summary
from evisynth.answers.plots.forest_names import ForestKind, ModelName, Order
from evisynth.answers.plots.forest_subject import ForestBlock, ForestSubject
from evisynth.answers.plots.models_beside import models_of
from evisynth.answers.plots.subgroup_difference import Difference, difference_of, test_of
from evisynth.answers.shown_names import names_of, say_names
from evisynth.errors import InvalidDataError
from evisynth.measures import measure_named
from evisynth.synthesis import PooledResult


def subject_of_answer(
    answer: Answer,
    *,
    models: Sequence[ModelName] = (),
    kind: ForestKind = "forest",
    order: Order | None = None,
    labels: Mapping[str, str] | None = None,
) -> ForestSubject:
    """Take an answer apart into blocks, in the order of its question; blocks it does not name come last.

    Parameters
    ----------
    answer
        With its rows, pooled or not.
    models
        To fit beside that of the answer.
    kind
        Of a sequence each row is a pooled estimate, added in ``order``.
    order
        Of the rows of a cumulative plot.
    labels
        Names to show for studies, instead of their own.

    Raises
    ------
    InvalidDataError
        A model that cannot be fitted, or a sequence of rows that are not pooled, or cannot be put in order.
    """
    question = answer.question
    by_group = question.summary == "by_row_group"
    summaries = {summary.label: summary for summary in answer.by_row_group} if by_group else {}
    named = [block.label for block in question.row_groups]
    blocks = [
        ForestBlock(
            label,
            tuple(row for row in answer.rows if row.effect.row_group == label),
            summaries.get(label),
            models_of(summaries.get(label), models, question.effect_measure, kind),
        )
        for label in dict.fromkeys([*named, *(row.effect.row_group for row in answer.rows)])
    ]
    own = names_of(answer)
    compared = difference_of(answer) if by_group else None
    subject = ForestSubject(
        blocks=tuple(block for block in blocks if block.rows or block.summary is not None),
        overall=None if by_group else answer.overall,
        models=() if by_group else models_of(answer.overall, models, question.effect_measure, kind),
        difference=say_names(compared, own) if isinstance(compared, str) else compared,
        labels={**own, **(labels or {})},
    )
    return _of_kind(subject, kind, order, answer.scale)


def subject_of_result(
    result: PooledResult,
    names: Sequence[str],
    *,
    counts: Counts | None = None,
    models: Sequence[ModelName] = (),
    kind: ForestKind = "forest",
    groups: Sequence[Hashable] | None = None,
    order: Order | None = None,
    labels: Mapping[str, str] | None = None,
) -> ForestSubject:
    """Make rows of a bare pooled result, in the blocks that ``groups`` name, each pooled by itself.

    Parameters
    ----------
    result
        What was pooled.
    names
        One for each of its effects.
    counts
        Events and patients behind each effect, as columns of single arms or of two groups.
    models, kind, order, labels
        As in `subject_of_answer`.
    groups
        The block of each effect.

    Raises
    ------
    InvalidDataError
        Counts or groups that do not fit the effects, and all that `subject_of_answer` raises.
    """
    rows = bare_rows(result, names, counts)
    summary = bare_summary("", result, rows)
    blocks: tuple[ForestBlock, ...] = (ForestBlock("", rows),)
    difference: Difference | str | None = None
    places: tuple[int, ...] = ()
    if groups is not None:
        blocks, difference = _grouped(result, rows, groups, models, kind)
        places = tuple(i for name in dict.fromkeys(groups) for i, group in enumerate(groups) if group == name)
    subject = ForestSubject(
        blocks=blocks,
        overall=summary,
        models=models_of(summary, models, result.effect_measure, kind),
        difference=difference,
        labels=labels or {},
        places=places,
    )
    return _of_kind(subject, kind, order, measure_named(result.effect_measure).scale)


def _of_kind(subject: ForestSubject, kind: ForestKind, order: Order | None, scale: str) -> ForestSubject:
    if kind == "forest":
        return subject
    from evisynth.answers.plots.sequences import in_sequence

    return in_sequence(subject, kind, order, scale)


def _grouped(
    result: PooledResult,
    rows: Sequence[AnswerRow],
    groups: Sequence[Hashable],
    models: Sequence[ModelName],
    kind: ForestKind,
) -> tuple[tuple[ForestBlock, ...], Difference | str]:
    from evisynth.synthesis import pool_subgroups

    if result.method == "bayesian":
        raise InvalidDataError(
            "subgroups are compared by common-effect or random-effects models; draw what evisynth.pool gave"
        )
    found = pool_subgroups(
        result.y, result.v, groups, tau_squared=result.method, interval=result.interval, level=result.level
    )
    blocks = []
    for group, pooled in zip(found.groups, found.results, strict=True):
        members = tuple(row for row, name in zip(rows, groups, strict=True) if name == group)
        summary = bare_summary(str(group), pooled, members)
        if len(members) == 1:  # its diamond would only repeat the row above it
            summary = Summary(str(group), None, "one row; there is nothing to pool", 1, 0, None, False)
        shown = models_of(summary, models, result.effect_measure, kind)
        blocks.append(ForestBlock(str(group), members, summary, shown))
    return tuple(blocks), test_of(found)
