"""Peto's common odds ratio: observed minus expected events, without a correction of zero cells."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from evisynth.errors import InvalidDataError
from evisynth.synthesis.common_effect import CommonEffect, checked_two_by_two, common_effect


def pool_peto(
    *,
    events1: ArrayLike,
    n1: ArrayLike,
    events2: ArrayLike,
    n2: ArrayLike,
    level: float = 0.95,
    labels: Sequence[str] | None = None,
) -> CommonEffect:
    r"""Pool two-by-two tables by Peto's one-step method.

    With events a of :math:`n_1`, c of :math:`n_2`, :math:`N = n_1 + n_2` and :math:`m = a + c`,

    .. math::
        \log OR = \frac{\sum (a - m n_1 / N)}{\sum V}, \qquad
        V = \frac{n_1 n_2 m (N - m)}{N^2 (N - 1)}, \qquad SE = 1 / \sqrt{\textstyle\sum V}

    Good for rare events, arms of similar size and effects near 1; biased elsewhere.

    Parameters
    ----------
    events1, n1, events2, n2 : shape (k,)
        Events and patients of each arm.
    level : float
        Of the interval.
    labels : sequence of k names, optional
        How errors name the rows.

    Returns
    -------
    CommonEffect
        The log odds ratio, arm 1 against arm 2.

    Raises
    ------
    InvalidDataError
        For impossible counts, or when no study has both events and non-events.

    References
    ----------
    Yusuf, Peto, Lewis, Collins & Sleight 1985, Progress in Cardiovascular Diseases 27:335-371.
    """
    a, size1, c, size2 = checked_two_by_two(events1, n1, events2, n2, labels)
    total, events = size1 + size2, a + c
    variance = float(np.sum(size1 * size2 * events * (total - events) / (total**2 * (total - 1))))
    if variance == 0:
        raise InvalidDataError("no study has both events and non-events: Peto's odds ratio is not defined")
    estimate = float(np.sum(a - events * size1 / total)) / variance
    return common_effect("OR", "peto", estimate, 1 / math.sqrt(variance), level, len(a))
