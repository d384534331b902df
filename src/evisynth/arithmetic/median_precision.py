"""The standard error of a log median when nothing but a number of patients or events is known."""

from __future__ import annotations

import math

from evisynth.errors import InvalidDataError

#: Shares of the patients that may effectively stand behind a median when follow-up is not reported.
EFFECTIVE_SHARES: tuple[float, ...] = (1.0, 0.75, 0.5, 0.25)


def standard_error_log_median(effective_size: float) -> float:
    r"""Return the standard error of the log of a Kaplan-Meier median under an exponential curve.

    .. math::
        \mathrm{SE}(\log m) = \frac{1}{\ln 2 \, \sqrt{n}}

    which is S(1-S)/(n [m f(m)]²) at S = ½. It is 44 % larger than the textbook 1/sqrt(d), which belongs to
    the maximum-likelihood estimate; papers report the Kaplan-Meier quantile. A Weibull shape k divides it by
    k.

    Parameters
    ----------
    effective_size : float
        Effective number of patients, between n G(m) and n; or the events, for the conservative form.
    """
    if effective_size <= 0:
        raise InvalidDataError(f"the number of patients must be positive, not {effective_size:g}")
    return 1 / (math.log(2) * math.sqrt(effective_size))


def standard_error_log_median_exponential(events: float) -> float:
    """Return 1/sqrt(d), for a median computed from person-time; too small for a Kaplan-Meier median."""
    if events <= 0:
        raise InvalidDataError(f"the number of events must be positive, not {events:g}")
    return 1 / math.sqrt(events)
