r"""Two medians set against each other: as a ratio, or as a difference.

Each brings the standard error of its logarithm, as it does by itself (`median_readings`): from its interval,
its quartiles or range, or, of a time to an event, from events or patients by an exponential curve (grade D).

.. math::
    \log R = \log(m_1/m_0), \quad SE^2 = SE_1^2 + SE_0^2, \qquad
    D = m_1 - m_0, \quad SE^2 = (m_1 SE_1)^2 + (m_0 SE_0)^2
"""

from __future__ import annotations

from itertools import product

from evisynth.arithmetic import letters, natural_log, root, square
from evisynth.effects.build_effect import Estimate, Stage, build_point, build_refusal
from evisynth.effects.effect import Effect, Grounds, Subject, grade_rank
from evisynth.effects.median_readings import MedianReading, NoMedian, median_sensitivity, read_median
from evisynth.effects.patient_numbers import median_beyond_follow_up
from evisynth.effects.rate_working import INDEX, REFERENCE
from evisynth.effects.readings import Reading, different_clocks, of_group, readings, rivals
from evisynth.effects.working import Equation, Working

RECOVERY = "contrast_of_medians"
m1, m0, SE1, SE0 = letters("m1 m0 SE1 SE0")


def recover_contrasts_of_medians(subject: Subject) -> list[Effect]:
    """Return the contrast of every two medians, nothing when neither arm prints one."""
    comparison = subject.comparison
    if comparison.reference is None:
        return []
    index, reference = readings(comparison.index, "median"), readings(comparison.reference, "median")
    if index and reference:
        return [_contrast(subject, one, two) for one, two in product(rivals(index), rivals(reference))]
    if not index and not reference:
        return []
    silent = comparison.reference if index else comparison.index
    reason = f"no median{of_group(comparison, silent)} is reported"
    return [build_refusal(subject, RECOVERY, reason, (index or reference)[0].grounds)]


def _contrast(subject: Subject, index: Reading, reference: Reading) -> Effect:
    comparison, both = subject.comparison, index.grounds + reference.grounds
    assert comparison.reference is not None  # established by the caller
    if different_clocks(index, reference):
        reason = f"the medians are counted from {index.figure.starts} and from {reference.figure.starts}"
        return build_refusal(subject, RECOVERY, reason, both)
    if index.figure.unit != reference.figure.unit:
        reason = f"the medians are in different units: {index.figure.unit} and {reference.figure.unit}"
        return build_refusal(subject, RECOVERY, reason, both)
    one = read_median(comparison, comparison.index, index)
    two = read_median(comparison, comparison.reference, reference)
    if isinstance(one, NoMedian) or isinstance(two, NoMedian):
        reason = "; ".join(found.reason for found in (one, two) if isinstance(found, NoMedian))
        return build_refusal(subject, RECOVERY, reason, both)
    working = _working(subject, one, two)
    grounds = one.grounds + two.grounds + _told(subject, one, two, working)
    printed = {"m1": one.median, "m0": two.median}
    control = working.value("SE0") * (1.0 if subject.scale == "log" else two.median.value)
    own = one.basis == two.basis == "interval"
    estimate = Estimate(working, working.rounding(printed), control**2, own_precision=own)
    grade = max(one.grade, two.grade, key=grade_rank)
    return build_point(subject, RECOVERY, grade, estimate, grounds, Stage(None, one.size, two.size))


def _told(subject: Subject, one: MedianReading, two: MedianReading, working: Working) -> Grounds:
    told = Grounds()
    if subject.comparison.outcome_type == "time_to_event":
        for found in (one, two):
            told += median_beyond_follow_up(subject.comparison, found.median.value)
        if one.basis == two.basis == "patients":
            told += median_sensitivity(working.value("standard_error"))
    return told


def _working(subject: Subject, one: MedianReading, two: MedianReading) -> Working:
    steps = _steps(one.working).marked("1", INDEX) + _steps(two.working).marked("0", REFERENCE)
    if subject.scale == "log":
        return steps + Working(
            "the logarithm of the ratio of the medians is taken",
            (
                Equation("log R", natural_log(m1 / m0), "estimate"),
                Equation("SE", root(square(SE1) + square(SE0)), "standard_error"),
            ),
        )
    return steps + Working(
        "the medians are subtracted",
        (
            Equation("D", m1 - m0, "estimate"),
            Equation("SE", root(square(m1 * SE1) + square(m0 * SE0)), "standard_error"),
        ),
    )


def _steps(error: Working) -> Working:
    steps = tuple(Equation(equation.quantity, equation.formula) for equation in error.equations)
    return Working(error.words, steps, error.numbers, error.letters)
