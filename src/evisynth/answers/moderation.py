"""Meta-regression of the rows of an estimate on what the question names, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evisynth.answers.comparability import PooledRow
from evisynth.errors import EvidenceError
from evisynth.outcomes import Moderator, Question
from evisynth.synthesis import (
    PooledResult,
    RegressionPrediction,
    RegressionResult,
    predict_regression,
    regress,
    settings_along,
)
from evisynth.wording import counted, listed

#: Fewer rows leave next to no degrees of freedom for F; so does a model with fewer to spare than the next.
FEWEST_ROWS_FOR_REGRESSION = 4
FEWEST_RESIDUAL_DF = 2
#: Below so many rows for each moderator what looks like a trend may be chance.
ENOUGH_ROWS_PER_MODERATOR = 10

Value = float | str


@dataclass(frozen=True, slots=True, eq=False)
class Predicted:
    """The fitted effects at stated values of one moderator, the others held at their mean or reference."""

    moderator: Moderator
    values: tuple[Value, ...]
    fit: RegressionPrediction


@dataclass(frozen=True, slots=True, eq=False)
class Moderation:
    """A meta-regression of the rows of an estimate.

    ``result`` is None where ``refused`` says why. ``places`` are the pooled rows that entered, from 0, with
    their ``values``, one for each moderator; ``without`` names the others with what is not known of them.
    """

    moderators: tuple[Moderator, ...]
    result: RegressionResult | None
    refused: str | None
    places: tuple[int, ...] = ()
    values: tuple[tuple[Value, ...], ...] = ()
    without: tuple[tuple[str, str], ...] = ()
    predicted: tuple[Predicted, ...] = ()

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to know of the fit."""
        if self.result is None:
            return ()
        said = ["It compares studies, not patients: what differs between studies for other reasons is in it."]
        if self.result.row_count < ENOUGH_ROWS_PER_MODERATOR * len(self.moderators):
            said.append(
                f"Fewer than {ENOUGH_ROWS_PER_MODERATOR} rows for each moderator: what looks like a trend "
                "may be chance."
            )
        return tuple(said)


def moderate(
    question: Question,
    rows: Sequence[PooledRow],
    members: Sequence[Sequence[PooledRow]],
    pooled: PooledResult | None,
    refused: str | None,
) -> Moderation | None:
    """Regress the rows of an estimate on the moderators of the question; None where it names none.

    Parameters
    ----------
    question
        Its moderators and settings.
    rows
        Those that were pooled.
    members
        For each of them the rows of the answer that it was made of.
    pooled, refused
        What came of pooling them.
    """
    moderators = question.moderators
    if not moderators:
        return None
    if pooled is None or refused is not None:
        return Moderation(moderators, None, refused or "nothing is pooled")
    if pooled.of_counts or len(rows) != len(pooled.y):
        reason = "rows are pooled by their counts, and it takes effects with standard errors"
        return Moderation(moderators, None, f"{reason}; type model: random effects")
    if pooled.interval == "cr2":
        return Moderation(moderators, None, "rows share patients, and are pooled with robust standard errors")
    values: dict[int, tuple[Value, ...]] = {}
    without = []
    for place, made_of in enumerate(members):
        found, missing = _values_of(moderators, made_of)
        if missing:
            label = pooled.labels[place] if pooled.labels else made_of[0].comparison.study
            without.append((label, missing))
        else:
            values[place] = found
    return _fitted(question, pooled, values, tuple(without))


def _values_of(moderators: Sequence[Moderator], rows: Sequence[PooledRow]) -> tuple[tuple[Value, ...], str]:
    """Give the values of a pooled row, and what is not known of it; rows put together must agree."""
    found, missing = [], []
    for one in moderators:
        known = {one.value_of(row.comparison) for row in rows}
        value = known.pop() if len(known) == 1 else None
        if value is None:
            missing.append(f"{one.words} {'differs among its rows' if known else 'not reported'}")
        else:
            found.append(value)
    return tuple(found), ", ".join(missing)


def _fitted(
    question: Question,
    pooled: PooledResult,
    values: dict[int, tuple[Value, ...]],
    without: tuple[tuple[str, str], ...],
) -> Moderation:
    moderators, places = question.moderators, tuple(values)
    kept = dict(places=places, values=tuple(values.values()), without=without)
    if (reason := _too_few(moderators, list(values.values()))) is not None:
        return Moderation(moderators, None, reason, **kept)  # type: ignore[arg-type]
    columns = {one.words: [row[at] for row in values.values()] for at, one in enumerate(moderators)}
    common = question.model == "common_effect"
    try:
        result = regress(
            [float(pooled.y[place]) for place in places],
            [float(pooled.v[place]) for place in places],
            columns,  # type: ignore[arg-type]
            reference={one.words: one.reference for one in moderators if one.reference is not None},
            tau_squared="common" if common else question.tau_squared,
            interval="wald" if common else question.interval,
            level=question.level,
            labels=None if pooled.labels is None else [pooled.labels[place] for place in places],
        )
        predicted = tuple(
            Predicted(one, one.at, predict_regression(result, _settings(result, one)))
            for one in moderators
            if one.at
        )
    except EvidenceError as error:
        return Moderation(moderators, None, str(error), **kept)  # type: ignore[arg-type]
    return Moderation(moderators, result, None, predicted=predicted, **kept)  # type: ignore[arg-type]


def _settings(result: RegressionResult, moderator: Moderator) -> dict[str, Any]:
    at: Any = moderator.at
    return dict(settings_along(result, moderator.words, at))


def _too_few(moderators: Sequence[Moderator], values: Sequence[Sequence[Value]]) -> str | None:
    """Say why so few rows carry no regression, or that a moderator is the same in all of them."""
    rows = len(values)
    known = (
        f"{listed([one.words for one in moderators], most=None)} {'is' if len(moderators) == 1 else 'are'}"
    )
    if rows < FEWEST_ROWS_FOR_REGRESSION:
        return f"{known} known of {counted(rows, 'row')}, and {FEWEST_ROWS_FOR_REGRESSION} are the fewest"
    coefficients = 1
    for at, one in enumerate(moderators):
        levels = {row[at] for row in values}
        if len(levels) == 1:
            return f"{one.words} is {one.text(levels.pop())} in every row, so that nothing can follow from it"
        coefficients += 1 if one.numeric else len(levels) - 1
    if rows - coefficients < FEWEST_RESIDUAL_DF:
        need = coefficients + FEWEST_RESIDUAL_DF
        return f"{rows} rows cannot carry {coefficients} coefficients; {need} are the fewest"
    return None
