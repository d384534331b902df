"""The median of a whole whose parts die at constant hazards of their own."""

from __future__ import annotations

from collections.abc import Sequence

from evisynth.errors import InvalidDataError

_STEPS = 200


def exponential_mixture_median(medians: Sequence[float], sizes: Sequence[float]) -> float:
    r"""Solve for the median of a mixture of exponential curves by bisection.

    .. math::
        \sum_i \frac{n_i}{\sum_j n_j} 2^{-m / m_i} = \frac{1}{2}

    Parameters
    ----------
    medians : shape (k,)
        Medians :math:`m_i` > 0 of the parts, in one unit of time.
    sizes : shape (k,)
        Patients :math:`n_i` > 0 of the parts.

    Returns
    -------
    float
        In the unit of the medians; between the least and the greatest of them.
    """
    if not medians or len(medians) != len(sizes) or min(*medians, *sizes) <= 0:
        raise InvalidDataError("a mixture needs a positive median and a positive size for every part")
    whole = sum(sizes)
    low, high = min(medians), max(medians)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if not low < middle < high:
            break  # no float lies between them
        if sum(n / whole * 2 ** (-middle / m) for m, n in zip(medians, sizes, strict=True)) > 0.5:
            low = middle
        else:
            high = middle
    return (low + high) / 2
