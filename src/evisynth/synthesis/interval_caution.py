"""What must be said of an interval: that it tells next to nothing, or is not the one that was named."""

from __future__ import annotations

import math

from evisynth.effects.analysis_scales import scale_of_measure
from evisynth.effects.effect import Scale
from evisynth.outcomes.question import Question
from evisynth.synthesis.natural_scale import to_natural_interval
from evisynth.synthesis.notebook import limits_words
from evisynth.synthesis.result import PooledResult

#: A share that may lie this far apart, or a ratio that may differ by this factor, is not known at all.
WIDEST_SHARE, WIDEST_RATIO = 0.8, 50.0
#: The interval of a question that names none; whether it was named all the same cannot be told.
USUAL_INTERVAL = "hksj"
SAYS_NOTHING = "the interval says next to nothing"


def caution_on_width(pooled: PooledResult, scale: Scale) -> str | None:
    """Say of an interval that it leaves nearly everything open; None when it does not."""
    if scale == "log":
        # The slack is for binary arithmetic at the limit itself.
        wide = pooled.ci_upper - pooled.ci_lower >= math.log(WIDEST_RATIO) - 1e-12
    else:
        lower, upper = to_natural_interval(pooled.ci_lower, pooled.ci_upper, scale)
        wide = lower is not None and upper is not None and upper - lower >= WIDEST_SHARE - 1e-12
    return SAYS_NOTHING if wide else None


def interval_not_taken(question: Question, pooled: PooledResult) -> str | None:
    """Say why the interval that a question names is not the one it got; None where it is, or names none."""
    named = question.interval
    if named in (pooled.interval, USUAL_INTERVAL):
        return None
    if pooled.method == "bayesian":
        why = "the Bayesian model has its own, the shortest that holds this much of the posterior"
    elif pooled.method == "common":
        why = "the common-effect model has a Wald interval"
    elif pooled.interval == "cr2":
        why = "rows that share patients have a cluster-robust one"
    else:
        why = "with two rows only Hartung-Knapp with q* = max(1, q) is defensible, and that one stands here"
    return f"Not the interval that the question names ({named}): {why}."


def disagreement_with(beside: PooledResult | None, pooled: PooledResult) -> str | None:
    """Say when one of two intervals for the same rows excludes no effect and the other does not.

    Only for contrasts, whose no effect is 0 on the analysis scale.
    """
    if beside is None or _excludes_zero(beside) == _excludes_zero(pooled):
        return None
    one, other = ("excludes", "includes") if _excludes_zero(pooled) else ("includes", "excludes")
    kind = "Hartung-Knapp" if pooled.interval.startswith("hksj") else pooled.interval.capitalize()
    limits = limits_words(beside.ci_lower, beside.ci_upper, scale_of_measure(pooled.effect_measure))
    return (
        f"The {kind} interval {one} no effect, and that of the Bayesian model of the same rows ({limits}) "
        f"{other} it: whether there is an effect hangs on the model."
    )


def _excludes_zero(pooled: PooledResult) -> bool:
    return pooled.ci_lower > 0 or pooled.ci_upper < 0
