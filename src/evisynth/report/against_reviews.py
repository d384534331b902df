"""The answers beside what published reviews found: the same direction, do intervals meet, whose patients.

Nothing of a review is pooled. What it prints is turned to the event of the outcome first, so that ratios of
deaths stand beside ratios of deaths; where an abstract alone cannot say something, that is what is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evisynth.answers import Answer, AnswerRow, Summary
from evisynth.figures import NaturalInterval, natural_interval, row_interval
from evisynth.outcomes import Review, ReviewResult
from evisynth.report.answer_view import EffectText, effect_text
from evisynth.wording import counted, listed, time_words

#: Above so many studies they are counted, not named.
_MOST_NAMED = 6
_NO_LIST = "not known"


@dataclass(frozen=True, slots=True)
class ReviewComparison:
    """One result of a review, or that it has none, beside the answer of a question that it shares."""

    question: str
    title: str
    review: str
    label: str
    found: str
    here: str
    direction: str
    intervals: str
    in_common: str
    why: str
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class _Here:
    """What stands here: an interval on the natural scale, or the reason for none; and the rows behind it."""

    interval: NaturalInterval | None
    refused: str
    rows: tuple[AnswerRow, ...]


def compare_with_reviews(
    answers: Sequence[Answer], reviews: Sequence[Review], studies: Mapping[str, tuple[str, int | None]]
) -> tuple[ReviewComparison, ...]:
    """Set every answer beside the reviews that share its question, by the order of questions.

    ``studies`` gives the label and the year of each study.
    """
    return tuple(
        row
        for answer in answers
        for review in reviews
        if answer.question.id in review.questions
        for row in _rows(answer, review, studies)
    )


def _rows(
    answer: Answer, review: Review, studies: Mapping[str, tuple[str, int | None]]
) -> Iterator[ReviewComparison]:
    results = [one for one in review.results if one.question == answer.question.id]
    shown: list[ReviewResult | None] = [*results] or [None]
    for result in shown:
        here, texts = _here(answer, result), effect_text(answer)
        block = f"{result.block}: " if result and result.block and len(answer.question.row_groups) > 1 else ""
        yield ReviewComparison(
            question=answer.question.id,
            title=answer.question.title,
            review=review.id,
            label=review.label,
            found=review.says or "nothing pooled" if result is None else result_words(result),
            here=block + _here_words(here, texts),
            direction="–" if result is None else _direction(answer, result, here),
            intervals="–" if result is None else _intervals(answer, result, here),
            in_common=_in_common(review, here, studies),
            why=_why(review, result),
            retracted=review.retracted is not None,
        )


def _here_words(here: _Here, texts: EffectText) -> str:
    if here.interval is not None:
        return texts.with_unit(here.interval)
    return f"no estimate: {here.refused}" if here.refused else "an answer for each of its blocks"


def _why(review: Review, result: ReviewResult | None) -> str:
    if review.retracted:
        return f"Retracted. {review.retracted}"
    return " ".join(filter(None, (result.note if result else None, review.note)))


def result_words(result: ReviewResult) -> str:
    """Write a result with its direction: ``odds ratio of death at 5 years 0.18 (...), surgery vs none``."""
    name = result.measure.words
    of = f" of {result.of_event}" if result.of_event else ""
    at = f" at {time_words(result.time_months)}" if result.time_months is not None else ""
    who = " against ".join(filter(None, (result.index, result.reference)))
    printed = result.estimate or f"{result.over_studies} over studies"
    return f"{name}{of}{at} {printed}, {who}"


def _here(answer: Answer, result: ReviewResult | None) -> _Here:
    summary, rows = _summary(answer, result), answer.rows
    if answer.by_row_group and summary is answer.overall:
        return _Here(None, "", rows)
    if answer.by_row_group:
        rows = tuple(row for row in rows if row.effect.row_group == summary.label)
    texts, included = effect_text(answer), [row for row in rows if row.included]
    interval: NaturalInterval | None = None
    if summary.pooled is not None:
        pooled = summary.pooled
        interval = natural_interval(texts.display.scale, pooled.estimate, pooled.ci_lower, pooled.ci_upper)
    elif len(included) == 1:
        interval = row_interval(included[0], texts.display.scale, texts.level)
    return _Here(interval, summary.refused or "", rows)


def _summary(answer: Answer, result: ReviewResult | None) -> Summary:
    blocks = {summary.label: summary for summary in answer.by_row_group}
    return blocks.get(result.block or "", answer.overall) if result else answer.overall


def found_there(result: ReviewResult) -> NaturalInterval:
    """Take the numbers of a result as they are of the event of its outcome, the lower limit first."""
    quantity, measure = result.quantity, result.measure
    if quantity.spread == "range":
        return NaturalInterval(None, quantity.lower, quantity.upper)
    numbers = (quantity.value, quantity.ci_lower, quantity.ci_upper)
    if result.speaks_of != "absence" or not measure.contrast:
        return NaturalInterval(*numbers)
    if not measure.turns_round:
        return NaturalInterval(None, None, None)
    value, lower, upper = (_turned(number, ratio=measure.null == 1) for number in numbers)
    return NaturalInterval(value, upper, lower)


def _turned(number: float | None, *, ratio: bool) -> float | None:
    if number is None:
        return None
    return 1 / number if ratio else -number


def _direction(answer: Answer, result: ReviewResult, here: _Here) -> str:
    null = result.measure.null
    if null is None or not answer.question.is_contrast:
        return "single groups have none"
    theirs = _side(found_there(result).estimate, null)
    if theirs == 0:
        return "none there"
    less, more = answer.question.event.amounts()
    amount = (less if theirs < 0 else more).lower()
    words = f"{amount} with {result.index}"
    if here.interval is not None and here.interval.estimate is not None:
        ours = _side(here.interval.estimate, effect_text(answer).display.null or 0.0)
        return f"yes: {words}" if ours == theirs else f"no: {words} there"
    sides = [side for row in here.rows if (side := _row_side(row)) is not None]
    if not sides:
        return f"not answered here; there {words}"
    same = sum(side == theirs for side in sides)
    return f"not answered here; {same} of {counted(len(sides), 'row')} with a direction point the same way"


def _side(value: float | None, null: float) -> int:
    return 0 if value is None or value == null else -1 if value < null else 1


def _row_side(row: AnswerRow) -> int | None:
    """Say on which side of no effect a row lies, be it a point or a bound; None where it may be either."""
    effect = row.effect
    if effect.estimate is not None:
        return _side(effect.estimate, 0.0)
    if effect.upper is not None and effect.upper < 0:
        return -1
    return 1 if effect.lower is not None and effect.lower > 0 else None


def _intervals(answer: Answer, result: ReviewResult, here: _Here) -> str:
    texts = effect_text(answer)
    if result.effect_measure != answer.question.effect_measure:
        return f"not comparable: {result.measure.words} there, {texts.display.words} here"
    if result.time_months is not None and result.time_months not in _times(answer, result):
        return f"not comparable: {time_words(result.time_months)} there"
    ours, theirs = here.interval, found_there(result)
    if ours is None or ours.lower is None or ours.upper is None:
        return "no interval here"
    if theirs.lower is not None and theirs.upper is not None:
        meet = ours.lower <= theirs.upper and theirs.lower <= ours.upper
        which = "its range over studies" if theirs.estimate is None else "its interval"
        return f"{'yes' if meet else 'no'}, {which}"
    if theirs.estimate is None:
        return "none there"
    inside = ours.lower <= theirs.estimate <= ours.upper
    return f"none there; its estimate lies {'within' if inside else 'outside'} ours"


def _times(answer: Answer, result: ReviewResult) -> list[float | None]:
    """Give the times that the question asks for, in the block that the result stands beside."""
    question = answer.question
    blocks = [block for block in question.row_groups if result.block in (None, block.label)]
    return [question.time_of(block) for block in blocks]


def _in_common(review: Review, here: _Here, studies: Mapping[str, tuple[str, int | None]]) -> str:
    """Name the studies in both; where no list was read, those of ours that its search could have found."""
    ours = dict.fromkeys(row.effect.study for row in here.rows)
    if review.includes:
        both = [studies[study][0] for study in ours if study in review.includes]
        return listed(both, most=_MOST_NAMED) if both else "none"
    last = review.searched_to or review.citation.year
    if not ours or last is None:
        return _NO_LIST
    years = {study: studies[study][1] for study in ours}
    early = [studies[study][0] for study, year in years.items() if year is None or year <= last]
    if not early:
        return f"none: all studies here appeared after {last}"
    return f"{_NO_LIST}; at most {listed(early, most=_MOST_NAMED)}"
