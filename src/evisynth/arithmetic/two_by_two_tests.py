"""The p-values that a two-by-two table can have been printed with."""

from __future__ import annotations

import math

from evisynth.arithmetic.p_values import two_sided_p_from_z
from evisynth.errors import InvalidDataError


def _margins(a: int, b: int, c: int, d: int) -> tuple[int, int, int, int, int]:
    if min(a, b, c, d) < 0:
        raise InvalidDataError(f"a table holds no negative counts: {a} {b} / {c} {d}")
    rows, columns = (a + b, c + d), (a + c, b + d)
    if 0 in rows or 0 in columns:
        raise InvalidDataError(f"an empty row or column leaves nothing to test: {a} {b} / {c} {d}")
    return *rows, *columns, a + b + c + d


def chi_squared_p(a: int, b: int, c: int, d: int, *, continuity_correction: bool = False) -> float:
    """Return Pearson's p-value of the table ``a b / c d``, with Yates' correction when asked for."""
    row1, row2, column1, column2, whole = _margins(a, b, c, d)
    distance = float(abs(a * d - b * c))
    if continuity_correction:
        distance = max(0.0, distance - whole / 2)
    return two_sided_p_from_z(distance * math.sqrt(whole / (row1 * row2 * column1 * column2)))


def fisher_exact_p(a: int, b: int, c: int, d: int) -> float:
    """Return Fisher's two-sided p-value: all tables with these margins that are no more probable."""
    row1, _, column1, _, whole = _margins(a, b, c, d)
    total = math.comb(whole, column1)

    def weight(x: int) -> int:
        return math.comb(row1, x) * math.comb(whole - row1, column1 - x)

    observed = weight(a)
    possible = range(max(0, row1 + column1 - whole), min(row1, column1) + 1)
    # Integer weights compare exactly, so that ties need no tolerance.
    return sum(found for x in possible if (found := weight(x)) <= observed) / total


def two_rate_z(index: tuple[float, float], reference: tuple[float, float], *, pooled: bool = False) -> float:
    """Return the z of the difference of two rates, each given as (rate, patients).

    ``pooled`` takes the variance under equal rates. For Kaplan-Meier rates it treats every patient as
    followed to that time, so it is at its most extreme.
    """
    (p1, n1), (p0, n0) = index, reference
    if min(n1, n0) <= 0:
        raise InvalidDataError("a rate needs a positive number of patients")
    if pooled:
        both = (p1 * n1 + p0 * n0) / (n1 + n0)
        variance = both * (1 - both) * (1 / n1 + 1 / n0)
    else:
        variance = p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0
    if variance == 0:
        raise InvalidDataError("two rates of 0 or 1 have no standard error")
    return (p1 - p0) / math.sqrt(variance)
