"""The functions that the formulas of recoveries are written with; each computes by ``arithmetic``."""

from __future__ import annotations

import math

from evisynth.arithmetic.exact_binomial import clopper_pearson, wilson_interval
from evisynth.arithmetic.p_values import z_from_two_sided_p
from evisynth.arithmetic.survival_transforms import log_minus_log, logit
from evisynth.effects.expression import Function

_ENCLOSED = 4

natural_log = Function(math.log, "log {0}")
log_of_minus_log = Function(log_minus_log, "log(-log {0})", _ENCLOSED)
log_odds = Function(logit, "logit {0}")
root = Function(math.sqrt, "√{0}")
square = Function(lambda value: value**2, "{0}²")
power = Function(pow, "{0}^{1}")
magnitude = Function(abs, "|{0}|", _ENCLOSED, loose=True)

#: The normal deviate of a two-sided p-value.
deviate_of_p = Function(z_from_two_sided_p, "z({0})", _ENCLOSED, loose=True)

#: Limits of a share of which x of n is observed: exact (Clopper and Pearson), and Wilson's score limits.
exact_lower_limit = Function(
    lambda count, size, level: clopper_pearson(round(count), round(size), level)[0],
    "exact lower limit of {0} of {1} at level {2}",
    loose=True,
)
exact_upper_limit = Function(
    lambda count, size, level: clopper_pearson(round(count), round(size), level)[1],
    "exact upper limit of {0} of {1} at level {2}",
    loose=True,
)
score_lower_limit = Function(
    lambda count, size, level: wilson_interval(count / size, size, level)[0],
    "score lower limit of {0} of {1} at level {2}",
    loose=True,
)
score_upper_limit = Function(
    lambda count, size, level: wilson_interval(count / size, size, level)[1],
    "score upper limit of {0} of {1} at level {2}",
    loose=True,
)
