"""Two rates set against each other on a scale: as difference, ratio, odds ratio or ratio of hazards.

For survival rates the ratio and odds ratio of *death* are those of 1 - S; the ratio of survival is not its
inverse, and an odds ratio is not a hazard ratio.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evisynth.arithmetic.expression import (
    Term,
    arcsine_of_root,
    log_odds,
    log_of_minus_log,
    natural_log,
    root,
    square,
)


def contrast(scale: str, index: Term, reference: Term) -> Term:
    r"""Return the difference of two rates on a scale, :math:`g(p_1) - g(p_0)`.

    Parameters
    ----------
    scale : str
        ``identity`` gives the risk difference, ``log`` the log risk ratio, ``logit`` the log odds ratio,
        ``arcsine`` the arcsine difference. ``log(-log)`` of two survival rates gives the log hazard ratio
        when hazards are proportional up to that time, else the log ratio of the two cumulative hazards.
    index, reference : float, array or Expression
        The two rates; infinite where the scale has no value for one of 0 or 1.
    """
    difference: Term = _CONTRASTS[scale](index, reference)
    return difference


def variance_on_scale(scale: str, rate: Term, variance: Term) -> Term:
    r"""Return the variance of a rate on a scale by the delta method, :math:`V g'(p)^2`."""
    there: Term = _VARIANCES[scale](rate, variance)
    return there


def standard_error_of_contrast(scale: str, index: tuple[Term, Term], reference: tuple[Term, Term]) -> Term:
    """Return the root of the summed variances of two groups on a scale; each is (rate, variance)."""
    both = variance_on_scale(scale, *index) + variance_on_scale(scale, *reference)
    return root(both)


_CONTRASTS: Mapping[str, Callable[[Any, Any], Any]] = {
    "identity": lambda p1, p0: p1 - p0,
    # the difference of the logarithms, as the ratio that people read
    "log": lambda p1, p0: natural_log(p1 / p0),
    "logit": lambda p1, p0: log_odds(p1) - log_odds(p0),
    "log(-log)": lambda s1, s0: log_of_minus_log(s1) - log_of_minus_log(s0),
    "arcsine": lambda p1, p0: arcsine_of_root(p1) - arcsine_of_root(p0),
}
_VARIANCES: Mapping[str, Callable[[Any, Any], Any]] = {
    "identity": lambda _, variance: variance,
    "log": lambda p, variance: variance / square(p),
    "logit": lambda p, variance: variance / square(p * (1.0 - p)),
    "log(-log)": lambda s, variance: variance / square(s * natural_log(s)),
    "arcsine": lambda p, variance: 0.25 * variance / (p * (1.0 - p)),
}
