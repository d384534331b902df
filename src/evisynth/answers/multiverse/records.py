"""A multiverse as plain values: the curve, what each choice does to it, and its summary; natural scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evisynth.answers.multiverse.choices import WAY_WORDS, WAYS, Reading, RowChoices
from evisynth.answers.multiverse.grid import OUT
from evisynth.answers.multiverse.universes import Multiverse
from evisynth.arithmetic import to_natural_interval, to_natural_scale
from evisynth.measures import question_measure
from evisynth.outcomes import Question
from evisynth.wording import countable, number_text, span_text, term_words, time_words, whole_number

#: The columns of a curve before those of its rows, and of the table of choices.
CURVE_COLUMNS = ("block", "place", "estimate", "ci_lower", "ci_upper", "row_count", "own")
CHOICE_COLUMNS = ("block", "row", "choice", "combinations", "least", "median", "greatest")


def multiverse_as_json(multiverse: Multiverse, question: Question) -> dict[str, Any]:
    """Give a multiverse as values that JSON can hold.

    ``curve`` has an entry for each universe with an estimate, in rising order of it; its ``choices`` give for
    each of ``rows`` the place of the reading, None where the row is out, and its ``overlaps`` for each of
    ``overlap_sets`` how its studies are counted.
    """
    return {
        "question": question.id,
        "block": multiverse.label,
        "effect_measure": question.effect_measure,
        "scale": multiverse.scale,
        "combinations": countable(multiverse.combinations),
        "exact": multiverse.exact,
        "seed": None if multiverse.exact else multiverse.seed,
        "pooled": len(multiverse.estimate),
        "refused": dict(multiverse.refused),
        **_range_values(multiverse),
        "own": multiverse.own,
        **_null_values(multiverse, question),
        "rows": [_row_values(row) for row in multiverse.rows],
        "overlap_sets": [{"studies": list(one.studies)} for one in multiverse.sets],
        "curve": [
            {
                **_universe_values(multiverse, place),
                "choices": _places(multiverse.choices[place]),
                "overlaps": [WAY_WORDS[way] for way in multiverse.ways[place].tolist()],
            }
            for place in range(len(multiverse.estimate))
        ],
    }


def _range_values(multiverse: Multiverse) -> dict[str, float | None]:
    if not len(multiverse.estimate):
        return dict.fromkeys(("least", "median", "greatest"))
    return _spread(multiverse, multiverse.estimate)


def _spread(multiverse: Multiverse, estimates: NDArray[np.float64]) -> dict[str, float | None]:
    """Give the least, the middle and the greatest of estimates on the natural scale."""
    ends = to_natural_interval(float(estimates.min()), float(estimates.max()), multiverse.scale)
    middle = to_natural_scale(float(np.median(estimates)), multiverse.scale)
    return {"least": ends[0], "median": middle, "greatest": ends[1]}


def _null_values(multiverse: Multiverse, question: Question) -> dict[str, int | None]:
    """Count the estimates below no effect, and the intervals that exclude it; None for single groups."""
    if not question_measure(question.effect_measure).contrast:
        return {"below_no_effect": None, "interval_excludes_no_effect": None}
    excludes = (multiverse.ci_upper < 0) | (multiverse.ci_lower > 0)
    return {
        "below_no_effect": int((multiverse.estimate < 0).sum()),
        "interval_excludes_no_effect": int(excludes.sum()),
    }


def _row_values(row: RowChoices) -> dict[str, Any]:
    return {
        "study": row.comparison.study,
        "comparison": row.comparison.name,
        "row_group": row.comparison.row_group,
        "may_leave": row.may_leave,
        "readings": [_reading_values(reading) for reading in row.readings],
    }


def _reading_values(reading: Reading) -> dict[str, Any]:
    effect = reading.effect
    return {
        "recovery": effect.recovery,
        "time_months": effect.time_months,
        "grade": effect.grade,
        "share_observed": reading.share,
        "as_if": reading.as_if or None,
        "estimate": None if np.isnan(reading.estimate) else reading.estimate,
        "standard_error": None if np.isnan(reading.standard_error) else reading.standard_error,
    }


def _universe_values(multiverse: Multiverse, place: int) -> dict[str, Any]:
    lower, upper = to_natural_interval(
        float(multiverse.ci_lower[place]), float(multiverse.ci_upper[place]), multiverse.scale
    )
    return {
        "estimate": to_natural_scale(float(multiverse.estimate[place]), multiverse.scale),
        "ci_lower": lower,
        "ci_upper": upper,
        "row_count": int(multiverse.row_count[place]),
    }


def _places(choices: NDArray[np.int64]) -> list[int | None]:
    return [None if choice == OUT else choice for choice in choices.tolist()]


def curve_rows(multiverse: Multiverse) -> Iterator[dict[str, Any]]:
    """Yield a flat row for each universe with an estimate: its numbers, and what was chosen for each row."""
    for place in range(len(multiverse.estimate)):
        chosen = {
            row.name: choice_words(row, int(choice))
            for row, choice in zip(multiverse.rows, multiverse.choices[place], strict=True)
        }
        chosen |= {
            one.name: WAY_WORDS[way]
            for one, way in zip(multiverse.sets, multiverse.ways[place].tolist(), strict=True)
        }
        yield {
            "block": multiverse.label,
            "place": place + 1,
            **_universe_values(multiverse, place),
            "own": place == multiverse.own,
            **chosen,
        }


def choice_rows(multiverse: Multiverse) -> Iterator[dict[str, Any]]:
    """Yield for each choice of each row and overlap set where the estimates lie that were made with it."""
    for column, row in enumerate(multiverse.rows):
        for choice in range(OUT, len(row.readings)):
            inside = multiverse.choices[:, column] == choice
            yield from _choice_row(multiverse, row.name, choice_words(row, choice), inside)
    for column, one in enumerate(multiverse.sets):
        for way in WAYS:
            inside = multiverse.ways[:, column] == way
            yield from _choice_row(multiverse, one.name, WAY_WORDS[way], inside)


def _choice_row(
    multiverse: Multiverse, row: str, choice: str, inside: NDArray[np.bool_]
) -> Iterator[dict[str, Any]]:
    if inside.any():
        yield {
            "block": multiverse.label,
            "row": row,
            "choice": choice,
            "combinations": int(inside.sum()),
            **_spread(multiverse, multiverse.estimate[inside]),
        }


def choice_words(row: RowChoices, choice: int) -> str:
    """Say a choice: ``landmark contrast at 10 years, 75% observed``, or ``out``."""
    if choice == OUT:
        return "out"
    reading = row.readings[choice]
    effect = reading.effect
    words = term_words(effect.recovery)
    if effect.time_months is not None:
        words += f" at {time_words(effect.time_months)}"
    if reading.share != 1:
        words += f", {reading.share:.0%} observed"
    return f"{words}, {reading.as_if}" if reading.as_if else words


def headline(multiverse: Multiverse, question: Question) -> list[str]:
    """Say in a few lines how far the choices move the answer."""
    how = "all combined" if multiverse.exact else f"sampled with seed {multiverse.seed}"
    values = multiverse_summary(multiverse, question)
    pooled = values["pooled"]
    said = f"{whole_number(multiverse.combinations)} combinations of choices, {how}"
    if multiverse.combinations == 1:
        said = "one combination of choices"
    lines = [f"{multiverse.label}: {said}"]
    if pooled:
        lines += _range_lines(multiverse, values)
        lines.append(f"  {_own_words(multiverse, question)}")
    lines += [f"  not pooled: {count:,} ({reason})" for reason, count in multiverse.refused.items()]
    return lines


def _range_lines(multiverse: Multiverse, values: Mapping[str, Any]) -> list[str]:
    """Say where the estimates lie, and on which side of no effect; of a single one only what it is."""
    pooled, below = values["pooled"], values["below_no_effect"]
    excludes, null = values["interval_excludes_no_effect"], "0" if multiverse.scale == "identity" else "1"
    if pooled == 1:
        side = f"; its interval {'excludes' if excludes else 'includes'} {null}" if below is not None else ""
        return [f"  pooled estimate {number_text(values['least'], 4)}{side}"]
    span = span_text(values["least"], values["greatest"], 4)
    span += f", median {number_text(values['median'], 4)}"
    lines = [f"  pooled estimate {span}, over {pooled:,} combinations"]
    if below is not None:
        lines.append(f"  below {null} in {below:,} of them; the interval excludes {null} in {excludes:,}")
    return lines


def multiverse_summary(multiverse: Multiverse, question: Question) -> dict[str, Any]:
    """Give the numbers of a multiverse without its curve."""
    return {
        "combinations": countable(multiverse.combinations),
        "pooled": len(multiverse.estimate),
        **_range_values(multiverse),
        **_null_values(multiverse, question),
    }


def _own_words(multiverse: Multiverse, question: Question) -> str:
    if multiverse.own is None:
        robust = question.overlap is not None and question.overlap.choice == "robust"
        why = (
            ", whose rows stand side by side with robust errors, is none of these"
            if robust and multiverse.sets
            else " is not pooled"
        )
        return f"the question's own choice{why}"
    if len(multiverse.estimate) == 1:
        return "which is the question's own choice"
    own = to_natural_scale(float(multiverse.estimate[multiverse.own]), multiverse.scale)
    place = f"place {multiverse.own + 1:,} of {len(multiverse.estimate):,}"
    return f"the question's own choice gives {number_text(own, 4)}, {place}"


def all_rows(multiverses: Sequence[Multiverse]) -> list[str]:
    """Name every row and overlap set of several multiverses once, in order."""
    rows = [row.name for multiverse in multiverses for row in multiverse.rows]
    return list(dict.fromkeys([*rows, *(one.name for multiverse in multiverses for one in multiverse.sets)]))
