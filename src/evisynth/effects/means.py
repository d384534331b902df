"""Means: of one group, and of two as a difference, a standardised difference or a ratio.

Printed means with their deviation, error or interval give grade A; means worked out from medians give that of
their conversion (`mean_readings`).

References
----------
Hedges 1981, Journal of Educational Statistics 6:107-128 (standardised); Hedges, Gurevitch & Curtis 1999,
Ecology 80:1150-1156 (ratio). Both variances are metafor's (``SMD`` with ``vtype = "LS"``, ``ROM``).
"""

from __future__ import annotations

from itertools import product

from evisynth.arithmetic import constant, hedges_factor, letters, natural_log, root, square
from evisynth.effects.build_effect import Estimate, Stage, build_point, build_refusal
from evisynth.effects.effect import Effect, Subject, grade_rank
from evisynth.effects.mean_readings import MeanReading, NoMean, read_means
from evisynth.effects.rate_working import INDEX, REFERENCE
from evisynth.effects.readings import of_group
from evisynth.effects.working import Equation, Working
from evisynth.wording import listed

m1, m0, SE1, SE0, SD1, SD0, n1, n0 = letters("m1 m0 SE1 SE0 SD1 SD0 n1 n0")
m, SE, s_p, g, SE_0 = letters("m SE s_p g SE_0")


def recover_mean(subject: Subject) -> list[Effect]:
    """Return the mean of the group, from each print that gives one."""
    found = read_means(subject, subject.comparison.index)
    if not found:
        return [build_refusal(subject, "mean", "no mean is reported")]
    return [_recover(subject, one) for one in found]


def _recover(subject: Subject, found: MeanReading | NoMean) -> Effect:
    if isinstance(found, NoMean):
        return build_refusal(subject, "mean", found.reason, found.grounds)
    recovery = "mean_as_printed" if found.basis == "mean" else "mean_of_five_numbers"
    words = (
        "the mean is taken as printed" if found.basis == "mean" else "the mean is worked out from the median"
    )
    working = found.working + Working(
        f"the mean is {words}",
        (Equation("mean", 1.0 * m, "estimate"), Equation("SE of the mean", 1.0 * SE, "standard_error")),
    )
    estimate = Estimate(working, working.rounding(dict(found.printed)))
    stage = Stage(index_size=found.size)
    return build_point(subject, recovery, found.grade, estimate, found.grounds, stage)


def recover_contrasts_of_means(subject: Subject) -> list[Effect]:
    """Return the contrast of every two means, nothing where neither arm prints one or a median for it."""
    comparison = subject.comparison
    if comparison.reference is None:
        return []
    index, reference = (read_means(subject, arm) for arm in (comparison.index, comparison.reference))
    if not index and not reference:
        return []
    if not index or not reference:
        silent = comparison.reference if index else comparison.index
        reason = f"no mean{of_group(comparison, silent)} is reported"
        return [build_refusal(subject, _RECOVERY, reason, (index or reference)[0].grounds)]
    return [_contrast(subject, one, other) for one, other in product(index, reference)]


_RECOVERY = "contrast_of_means"


def _contrast(subject: Subject, one: MeanReading | NoMean, other: MeanReading | NoMean) -> Effect:
    grounds = one.grounds + other.grounds
    if isinstance(one, NoMean) or isinstance(other, NoMean):
        reasons = dict.fromkeys(found.reason for found in (one, other) if isinstance(found, NoMean))
        return build_refusal(subject, _RECOVERY, "; ".join(reasons), grounds)
    refused = _cannot_be_set(subject, one, other)
    if refused is not None:
        return build_refusal(subject, _RECOVERY, refused, grounds)
    working = (
        one.working.marked("1", INDEX) + other.working.marked("0", REFERENCE) + _CONTRASTS[_kind(subject)]
    )
    printed = {f"{letter}1": number for letter, number in one.printed}
    printed |= {f"{letter}0": number for letter, number in other.printed}
    recovery = _RECOVERY if one.basis == other.basis == "mean" else "contrast_of_means_and_medians"
    control = working.value("SE_0") ** 2
    estimate = Estimate(working, working.rounding(printed), control, own_precision=_RECOVERY == recovery)
    stage = Stage(index_size=one.size, reference_size=other.size)
    grade = max(one.grade, other.grade, key=grade_rank)
    return build_point(subject, recovery, grade, estimate, grounds, stage)


def _kind(subject: Subject) -> str:
    """Return what is made of two means: by the scale, and by whether it has the unit of the outcome."""
    if subject.scale == "log":
        return "ratio"
    return "difference" if subject.measure.in_outcome_unit else "standardised"


def _cannot_be_set(subject: Subject, one: MeanReading, other: MeanReading) -> str | None:
    """Return why two means cannot be set against each other in the way that is asked for."""
    if one.unit != other.unit:
        return f"the means are in different units: {listed((one.unit or 'none', other.unit or 'none'))}"
    kind = _kind(subject)
    if kind == "ratio" and min(one.mean, other.mean) <= 0:
        return "a ratio takes two means above 0"
    if kind != "standardised":
        return None
    if one.size is None or other.size is None:
        return "a standardised difference takes the number of patients of both groups"
    if one.size + other.size <= 3:
        return "a standardised difference takes more than three patients"
    return None


_DIFFERENCE = Working(
    "the means are subtracted",
    (
        Equation("MD", m1 - m0, "estimate"),
        Equation("SE", root(square(SE1) + square(SE0)), "standard_error"),
        Equation("SE_0", 1.0 * SE0),
    ),
)
df = letters("df")[0]
_STANDARDISED = Working(
    "the difference of the means is divided by the standard deviation that both groups have in common, and "
    "corrected for small samples (Hedges)",
    (
        Equation("df", n1 + n0 - constant(2.0)),
        Equation(
            "s_p",
            root(((n1 - constant(1.0)) * square(SD1) + (n0 - constant(1.0)) * square(SD0)) / df),
        ),
        Equation("g", hedges_factor(df) * ((m1 - m0) / s_p), "estimate"),
        Equation("SE", root(1.0 / n1 + 1.0 / n0 + square(g) / (2.0 * (n1 + n0))), "standard_error"),
        Equation("SE_0", root(1.0 / n0)),
    ),
)
_RATIO = Working(
    "the logarithm of the ratio of the means is taken",
    (
        Equation("log RoM", natural_log(m1 / m0), "estimate"),
        Equation("SE", root(square(SE1 / m1) + square(SE0 / m0)), "standard_error"),
        Equation("SE_0", SE0 / m0),
    ),
)
_CONTRASTS = {"difference": _DIFFERENCE, "standardised": _STANDARDISED, "ratio": _RATIO}
