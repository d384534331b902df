"""The log-rank test read backwards: from its p-value and the events to the log hazard ratio."""

from __future__ import annotations

import math

from evisynth.arithmetic.p_values import z_from_two_sided_p
from evisynth.errors import InvalidDataError


def log_rank_variance(events: float, index_size: float, reference_size: float) -> float:
    r"""Return :math:`V = D r_1 r_0/(r_1 + r_0)^2`, the variance of O - E by allocation; D/4 at 1:1.

    Parmar, Torri & Stewart 1998, Stat Med 17:2815-2834.
    """
    if events <= 0 or index_size <= 0 or reference_size <= 0:
        raise InvalidDataError("a log-rank variance needs events and patients in both arms")
    return events * index_size * reference_size / (index_size + reference_size) ** 2


def log_rank_variance_by_events(index_events: float, reference_events: float) -> float:
    r"""Return :math:`V = d_1 d_0/D`, when the events of each arm are known."""
    if index_events <= 0 or reference_events <= 0:
        raise InvalidDataError("a log-rank variance needs events in both arms")
    return index_events * reference_events / (index_events + reference_events)


def log_hazard_ratio_from_p(p: float, variance: float, *, favours_index: bool) -> float:
    r"""Return :math:`\pm z_p/\sqrt{V}`, negative when the test favours the index arm.

    Its standard error is :math:`1/\sqrt{V}`. The two-sided p-value must come from an unadjusted log-rank
    test of exactly these two arms; with p an upper limit of the true p-value, this is the value closest to
    zero.
    """
    size = z_from_two_sided_p(p) / math.sqrt(variance)
    return -size if favours_index else size
