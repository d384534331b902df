"""A moderator of a meta-regression along which its fitted effects are shown, the others held still."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evisynth.errors import InvalidDataError, UnknownNameError
from evisynth.synthesis import (
    Coding,
    RegressionPrediction,
    RegressionResult,
    assess_moderators,
    coding_columns,
    predict_regression,
    settings_along,
)

Array = NDArray[np.float64]
_PLACES = 61


@dataclass(frozen=True, slots=True, eq=False)
class ModeratorFit:
    """The fitted effects along a moderator, and where the rows stand on it.

    ``rows`` and ``places`` are values of the moderator; of one with levels, how many levels come before.
    ``p_value`` is that of the moderator, all its columns together.
    """

    coding: Coding
    rows: Array
    places: Array
    fit: RegressionPrediction
    p_value: float


def fit_along(result: RegressionResult, moderator: str | None = None) -> ModeratorFit:
    """Fit the effects along a moderator; it need not be named when there is one.

    Numbers get a line of places from the least to the greatest, levels a place each. Other moderators are
    held at their mean, or at their reference level.

    Raises
    ------
    UnknownNameError
        The model has no such moderator.
    InvalidDataError
        The model has several moderators and none is named, or has none.
    """
    coding = _chosen(result, moderator)
    columns = coding_columns(result, coding)
    p_value = assess_moderators(result, [coding.name]).p_value
    if coding.levels is None:
        rows = columns[:, 0]
        places = np.linspace(float(rows.min()), float(rows.max()), _PLACES)
        fit = predict_regression(result, settings_along(result, coding.name, places.tolist()))
        return ModeratorFit(coding, rows, places, fit, p_value)
    levels = coding.levels
    coded = [levels.index(level) for level in coding.coded_levels]
    # Rows of the reference level have 0 in every column.
    of_row = np.where(columns.any(axis=1), np.array(coded)[columns.argmax(axis=1)], 0)
    fit = predict_regression(result, settings_along(result, coding.name, list(levels)))
    return ModeratorFit(
        coding, of_row.astype(np.float64), np.arange(len(levels), dtype=np.float64), fit, p_value
    )


def _chosen(result: RegressionResult, moderator: str | None) -> Coding:
    known = {coding.name: coding for coding in result.codings}
    if moderator is not None:
        if moderator not in known:
            raise UnknownNameError("moderator", moderator, list(known))
        return known[moderator]
    if len(known) != 1:
        said = f"name one of {', '.join(known)}" if known else "there is none in this model"
        raise InvalidDataError(f"a bubble plot shows effects against one moderator; {said}")
    return next(iter(known.values()))
