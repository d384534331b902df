"""Events in person-time: IR, IRLN, IRS for one group, IRR, IRD, IRSD for two.

x events in person-time t; events are Poisson. Source: Rothman, Greenland & Lash, Modern Epidemiology, and for
the square roots Freeman & Tukey 1950, Annals of Mathematical Statistics 21:607-611.
"""

from __future__ import annotations

import numpy as np

from evisynth.effects.continuity_correction import continuity_correction
from evisynth.effects.data_checks import check_not_negative, check_positive
from evisynth.effects.measure import Column, Columns, Estimates, Measure, Settings

ONE_GROUP = ("events", "time")
TWO_GROUPS = ("events1", "time1", "events2", "time2")


def incidence_rate(events: Column, time: Column) -> Estimates:
    r"""Return the rate :math:`x / t`, with variance :math:`x / t^2`.

    Parameters
    ----------
    events, time : shape (k,)
        Events and the person-time in which they happened.

    Returns
    -------
    tuple of arrays of shape (k,)
        Rates per unit of person-time and their sampling variances.
    """
    return events / time, events / time**2


def log_incidence_rate(events: Column, time: Column) -> Estimates:
    r"""Return :math:`\log(x / t)`, with variance :math:`1 / x`; parameters as in :func:`incidence_rate`."""
    return np.log(events / time), 1 / events


def root_incidence_rate(events: Column, time: Column) -> Estimates:
    r"""Return :math:`\sqrt{x / t}`, with variance :math:`1/(4t)`; parameters as in :func:`incidence_rate`."""
    return np.sqrt(events / time), 1 / (4 * time)


def log_rate_ratio(events1: Column, time1: Column, events2: Column, time2: Column) -> Estimates:
    r"""Return the log rate ratio, :math:`\log(x_1/t_1) - \log(x_2/t_2)`, with variance :math:`1/x_1 + 1/x_2`.

    Parameters
    ----------
    events1, time1, events2, time2 : shape (k,)
        Events and person-time, index group (1) and reference group (2).

    Returns
    -------
    tuple of arrays of shape (k,)
        Log rate ratios and their sampling variances.
    """
    return np.log(events1 / time1) - np.log(events2 / time2), 1 / events1 + 1 / events2


def rate_difference(events1: Column, time1: Column, events2: Column, time2: Column) -> Estimates:
    r"""Return :math:`x_1/t_1 - x_2/t_2`, with variance :math:`x_1/t_1^2 + x_2/t_2^2`.

    Parameters as in :func:`log_rate_ratio`.
    """
    return events1 / time1 - events2 / time2, events1 / time1**2 + events2 / time2**2


def root_rate_difference(events1: Column, time1: Column, events2: Column, time2: Column) -> Estimates:
    r"""Return :math:`\sqrt{x_1/t_1} - \sqrt{x_2/t_2}`, with variance :math:`1/(4 t_1) + 1/(4 t_2)`.

    Parameters as in :func:`log_rate_ratio`.
    """
    y = np.sqrt(events1 / time1) - np.sqrt(events2 / time2)
    return y, 1 / (4 * time1) + 1 / (4 * time2)


def _check(columns: Columns, settings: Settings) -> Columns:
    check_not_negative(columns, (name for name in columns if name.startswith("events")))
    check_positive(columns, (name for name in columns if name.startswith("time")))
    return columns


def _check_and_correct(columns: Columns, settings: Settings) -> Columns:
    """Correct the events only: person-time stays as it is."""
    _check(columns, settings)
    events = {name: column for name, column in columns.items() if name.startswith("events")}
    gain = continuity_correction(np.any([column == 0 for column in events.values()], axis=0), settings)
    return {**columns, **{name: column + gain for name, column in events.items()}}


_CORRECTION = ("to", "add")
MEASURES = (
    Measure("IR", ONE_GROUP, _check_and_correct, incidence_rate, _CORRECTION),
    Measure("IRLN", ONE_GROUP, _check_and_correct, log_incidence_rate, _CORRECTION),
    Measure("IRS", ONE_GROUP, _check_and_correct, root_incidence_rate, _CORRECTION, add=0.0),
    Measure("IRR", TWO_GROUPS, _check_and_correct, log_rate_ratio, _CORRECTION),
    Measure("IRD", TWO_GROUPS, _check_and_correct, rate_difference, _CORRECTION),
    Measure("IRSD", TWO_GROUPS, _check_and_correct, root_rate_difference, _CORRECTION, add=0.0),
)
