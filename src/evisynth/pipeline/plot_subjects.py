"""The subjects of a question's plots: pooled rows, a posterior, risks of both groups, a moderator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

# Faces only: what stands behind them is imported when it is first asked for.
from evisynth import answers, outcomes, synthesis
from evisynth.errors import ProjectError, UnknownNameError, UsageError
from evisynth.measures import question_measure
from evisynth.wording import with_article

if TYPE_CHECKING:
    from evisynth.answers import Answer, AnswerRow, Summary
    from evisynth.outcomes import Arm, Comparison
    from evisynth.pipeline.project import Recovered
    from evisynth.synthesis import PooledResult, RegressionResult


def pooled_answer(answer: Answer, block: str | None = None) -> Answer:
    """Return an answer whose overall estimate is the one to show: its own, or that of a block of rows.

    Raises
    ------
    ProjectError
        Nothing was pooled; the message says why.
    UsageError
        Several blocks were, and none was named.
    UnknownNameError
        No block has that name.
    """
    question = answer.question
    if block is not None:
        labels = [summary.label for summary in answer.by_row_group]
        if block not in labels:
            raise UnknownNameError(f"block of {question.id}", block, labels)
        chosen = answer.by_row_group[labels.index(block)]
        if chosen.pooled is None:
            raise ProjectError(f"{question.id}, {block}, is not pooled: {chosen.refused}")
        return _with_overall(answer, chosen)
    if answer.overall.pooled is not None:
        return answer
    pooled = [summary for summary in answer.by_row_group if summary.pooled is not None]
    if len(pooled) == 1:
        return _with_overall(answer, pooled[0])
    if pooled:
        names = ", ".join(f"'{summary.label}'" for summary in pooled)
        raise UsageError(
            f"{question.id} has an estimate for each block of rows; choose one with --block: {names}"
        )
    raise ProjectError(f"{question.id} is not pooled: {answer.overall.refused}")


def _with_overall(answer: Answer, summary: Summary) -> Answer:
    title = f"{answer.question.title}: {summary.label}"
    return replace(answer, overall=summary, question=replace(answer.question, title=title))


def estimate_of(answer: Answer) -> PooledResult:
    """Return the estimate of an answer that has one."""
    if answer.overall.pooled is None:
        raise ProjectError(f"{answer.question.id} is not pooled: {answer.overall.refused}")
    return answer.overall.pooled


def _check_effects(pooled: PooledResult) -> None:
    if pooled.of_counts:
        raise ProjectError(
            f"rows are pooled by their counts ({pooled.method}), and this plot takes effects with standard "
            "errors; name a model of effects in the question, such as model: random effects"
        )


def posterior_answer(answer: Answer) -> Answer:
    """Pool the same rows in the Bayesian model, unless the answer is Bayesian already."""
    found = estimate_of(answer)
    if isinstance(found, synthesis.BayesianResult):
        return answer
    _check_effects(found)
    beside = answer.overall.bayesian
    prior = answers.prior_of(answer.question)
    if beside is None and prior is None:
        measure = question_measure(answer.question.effect_measure).words
        raise ProjectError(
            f"{with_article(measure)} has no usual prior on tau; name one in the question: tau_prior"
        )
    result = beside or answers.bayesian_of(answer.question, found, str(prior))
    return replace(answer, overall=replace(answer.overall, pooled=result))


@dataclass(frozen=True, slots=True)
class Risks:
    """The risk of the event in both groups of each row, with their sizes and by when it was looked for.

    ``left_out`` names the rows of which one group, or both, report none.
    """

    index: tuple[float, ...]
    reference: tuple[float, ...]
    index_sizes: tuple[float, ...] | None
    reference_sizes: tuple[float, ...] | None
    names: tuple[str, ...]
    times: tuple[float | None, ...]
    left_out: tuple[str, ...] = ()


def risks_of(recovered: Recovered) -> Risks:
    """Find the rows whose two groups both report a share, or survival to the time of the row.

    Raises
    ------
    ProjectError
        No row does.
    """
    time_of_row = {
        (row.effect.study, row.effect.comparison, row.effect.row_group): row.effect.time_months
        for row in recovered.answer.rows
    }
    counted = question_measure(recovered.answer.question.effect_measure).risk_scale is not None
    left_out: list[Comparison] = []
    found: list[tuple[float, float, int | None, int | None, Comparison, float | None]] = []
    for comparison in recovered.comparisons:
        key = (comparison.study, comparison.name, comparison.row_group)
        time = time_of_row.get(key, comparison.time_months)
        if comparison.reference is None:
            continue
        arms = comparison.index, comparison.reference
        index, reference = (risk_of(arm, time, counted=counted) for arm in arms)
        if index is None or reference is None:
            left_out.append(comparison)
        else:
            sizes = comparison.index.size.shown, comparison.reference.size.shown
            found.append((index, reference, *sizes, comparison, time))
    if not found:
        raise ProjectError(
            f"no row of {recovered.answer.question.id} reports a risk, or survival at one time, of both arms"
        )
    index_risks, reference_risks, index_n, reference_n, comparisons, times = zip(*found, strict=True)
    sized = all(n is not None for n in (*index_n, *reference_n))
    return Risks(
        index_risks,
        reference_risks,
        tuple(float(n) for n in index_n if n) if sized else None,
        tuple(float(n) for n in reference_n if n) if sized else None,
        outcomes.row_labels(comparisons),
        times,
        outcomes.row_labels(left_out),
    )


def risk_of(arm: Arm, time_months: float | None, *, counted: bool = True) -> float | None:
    """Return the share of an arm with the event, by a time in months where survival is reported.

    ``counted`` says whether counts are of the event: those of a survival outcome may be of who is alive.
    An arm of no patients has no risk, whatever is printed of it.
    """
    if arm.size.exact == 0:
        return None
    for figure in arm.figures:
        if figure.value is None or figure.qualifier not in ("=", None):
            continue
        at_the_time = time_months is not None and figure.time_months == time_months
        if figure.statistic == "survival" and at_the_time:
            return 1 - figure.value
        if not (at_the_time or time_months is None or figure.time_months is None):
            continue
        if figure.statistic == "proportion":
            return figure.value
        if counted and figure.statistic == "count" and (whole := figure.denominator or arm.size.shown):
            return figure.value / whole
    return None


def _middle_year(comparison: Comparison, _: AnswerRow) -> float | None:
    years = [float(word) for word in (comparison.accrual or "").split() if word.isdigit()]
    return sum(years) / len(years) if len(years) == 2 else None


def _patients(_: Comparison, row: AnswerRow) -> float | None:
    sizes = [size for size in (row.effect.index_size, row.effect.reference_size) if size is not None]
    return float(row.effect.participants or sum(sizes)) or None


def _time(_: Comparison, row: AnswerRow) -> float | None:
    return row.effect.time_months


#: What effects can be set against, with how it is found for a row.
MODERATORS: Mapping[str, tuple[str, Callable[[Comparison, AnswerRow], float | None]]] = {
    "year": ("middle of the accrual years", _middle_year),
    "patients": ("number of patients", _patients),
    "time": ("time in months", _time),
}


def moderated(recovered: Recovered, answer: Answer, moderator: str) -> RegressionResult:
    """Regress the pooled rows of an answer on something known of each.

    Raises
    ------
    UnknownNameError
        The moderator is none of `MODERATORS`.
    ProjectError
        It is not known for every pooled row.
    """
    if moderator not in MODERATORS:
        raise UnknownNameError("moderator", moderator, list(MODERATORS))
    found = estimate_of(answer)
    _check_effects(found)
    words, value_of = MODERATORS[moderator]
    comparisons = {(c.study, c.name, c.row_group): c for c in recovered.comparisons}
    rows = [
        (comparisons[row.effect.study, row.effect.comparison, row.effect.row_group], row)
        for row in answer.rows
        if row.included
    ]
    values = [value for comparison, row in rows if (value := value_of(comparison, row)) is not None]
    if len(values) < len(rows):
        missing = next(row.effect.study for comparison, row in rows if value_of(comparison, row) is None)
        whole = [name for name, (_, of) in MODERATORS.items() if all(of(*row) is not None for row in rows)]
        instead = f"; every row has: {', '.join(whole)} (--moderator)" if whole else ""
        raise ProjectError(f"the {words} of {missing} is not reported, so there is no bubble plot{instead}")
    if len(values) != len(found.y):
        raise ProjectError(
            f"some rows of {answer.question.id} were put together before pooling; they have no one {words}"
        )
    if len(set(values)) == 1:
        raise ProjectError(f"the {words} is {values[0]:g} in every row, so nothing can be set against it")
    return synthesis.regress(found.y, found.v, {words: values}, labels=found.labels, level=found.level)
