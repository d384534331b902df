"""P-values of tests that abstracts print: the log-rank test read backwards, and those of a table of counts.

A p-value enters a recovery only together with the statistic that it was computed from: a log-rank p says
nothing about a ratio of medians.
"""

from __future__ import annotations

import math

from evisynth.arithmetic.distributions import two_sided_p_from_z, z_from_two_sided_p
from evisynth.arithmetic.expression import Term, root, square
from evisynth.errors import InvalidDataError


def z_from_chi_squared(statistic: float) -> float:
    """Return the absolute normal deviate of a chi-squared statistic on one degree of freedom."""
    if statistic < 0:
        raise InvalidDataError(f"a chi-squared statistic is not negative, not {statistic}")
    return math.sqrt(statistic)


def events_needed(log_hazard_ratio: float, p: float, index_size: float, reference_size: float) -> float:
    r"""Return the events that a log-rank test needs to give ``p`` for a log hazard ratio.

    .. math::
        D = \left(\frac{z_p}{\beta}\right)^2 \frac{(r_1 + r_0)^2}{r_1 r_0}

    A p-value that needs more events than there are patients does not belong to that ratio.

    Parameters
    ----------
    log_hazard_ratio : float
        :math:`\beta`, not zero.
    p : float
        Two-sided p-value.
    index_size, reference_size : float
        Patients in each arm, :math:`r_1` and :math:`r_0`.
    """
    if log_hazard_ratio == 0:
        raise InvalidDataError("a ratio of one never becomes significant: no number of events is enough")
    whole = index_size + reference_size
    return (z_from_two_sided_p(p) / log_hazard_ratio) ** 2 * whole**2 / (index_size * reference_size)


def log_rank_variance(events: Term, index_size: Term, reference_size: Term) -> Term:
    r"""Return :math:`V = D r_1 r_0/(r_1 + r_0)^2`, the variance of O - E by allocation; D/4 at 1:1.

    Parmar, Torri & Stewart 1998, Stat Med 17:2815-2834.
    """
    sizes = index_size, reference_size
    _require_above_zero("a log-rank variance needs events and patients in both arms", events, *sizes)
    return events * index_size * reference_size / square(index_size + reference_size)


def log_rank_variance_by_events(index_events: Term, reference_events: Term) -> Term:
    r"""Return :math:`V = d_1 d_0/D`, when the events of each arm are known."""
    _require_above_zero("a log-rank variance needs events in both arms", index_events, reference_events)
    return index_events * reference_events / (index_events + reference_events)


def _require_above_zero(otherwise: str, *numbers: object) -> None:
    if any(isinstance(number, float | int) and number <= 0 for number in numbers):
        raise InvalidDataError(otherwise)


def log_hazard_ratio_from_z(z: Term, variance: Term, *, favours_index: bool) -> Term:
    r"""Return :math:`\pm z_p/\sqrt{V}`, negative when the log-rank test favours the index arm.

    Its standard error is :math:`1/\sqrt{V}`. The deviate :math:`z_p` must be that of the two-sided p-value
    of an unadjusted log-rank test of exactly these two arms; with p an upper limit of the true p-value, this
    is the value closest to zero.
    """
    return (-z if favours_index else z) / root(variance)


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
