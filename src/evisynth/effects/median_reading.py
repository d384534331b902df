"""One median with the standard error of its logarithm, shared by the single arm and the contrast."""

from __future__ import annotations

import math
from dataclasses import dataclass

from evisynth.arithmetic.interval_symmetry import (
    LOG_ASYMMETRY_LIMIT,
    PrintedInterval,
    detect_scale,
    log_asymmetry,
)
from evisynth.arithmetic.median_precision import EFFECTIVE_SHARES, standard_error_log_median
from evisynth.arithmetic.p_values import critical_z
from evisynth.arithmetic.rounding import Printed
from evisynth.effects.arm_words import in_group, of_group
from evisynth.effects.follow_up import FULL_FOLLOW_UP
from evisynth.effects.grounds import Grounds, assuming, downgraded
from evisynth.effects.median_working import (
    error_by_log_interval,
    error_by_lower_limit,
    error_by_patients,
    error_by_printed_error,
    error_by_symmetric_interval,
)
from evisynth.effects.patients import Patients, patients_behind
from evisynth.effects.readings import Reading, printed_as_point
from evisynth.effects.working import Working
from evisynth.errors import InvalidDataError
from evisynth.outcomes.comparison import Arm, Comparison
from evisynth.outcomes.question import Grade
from evisynth.outcomes.reported_outcome import ReportedOutcome

#: With fewer patients a median says nothing about its own precision.
FEWEST_PATIENTS = 10


@dataclass(frozen=True, slots=True)
class MedianReading:
    """A median in months, the SE of its logarithm, its ``basis`` and ``working``, and what both rest on.

    ``printed`` is the interval that the standard error was read from.
    """

    arm: Arm
    median: Printed
    standard_error: float
    basis: str
    grade: Grade
    size: int | None
    grounds: Grounds
    working: Working
    printed: PrintedInterval | None = None


@dataclass(frozen=True, slots=True)
class NoMedian:
    """Why a printed median gives no point."""

    reason: str
    grounds: Grounds
    not_reached: bool = False


def read_median(comparison: Comparison, arm: Arm, reading: Reading) -> MedianReading | NoMedian:
    """Return the median behind a reading: with its interval, with its lower limit, or with patients only."""
    figure, grounds = reading.figure, reading.grounds
    of = of_group(comparison, arm)
    if figure.state == "not_reached":
        return NoMedian(f"the median{of} was not reached", grounds, not_reached=True)
    if not printed_as_point(figure) or figure.value is None:
        return NoMedian(f"the median{of} is printed as a bound: {figure.as_reported}", grounds)
    if figure.value <= 0:
        return NoMedian(
            f"a median of {figure.value:g} months{in_group(comparison, arm)} has no logarithm", grounds
        )
    median = Printed(figure.value, figure.half_unit, least=0.0)
    patients = patients_behind(comparison, arm, figure)
    if figure.ci_lower is not None and figure.ci_upper is not None:
        return _from_interval(comparison, arm, figure, median, patients, grounds)
    if figure.ci_lower is not None and figure.ci_upper_state == "not_reached":
        return _from_lower_limit(comparison, arm, figure, median, patients, grounds)
    if figure.spread == "se" and figure.sd:
        grounds += assuming(f"the printed standard error{of} is divided by the median")
        error, working = figure.sd / figure.value, error_by_printed_error(figure.value, figure.sd)
        return MedianReading(arm, median, error, "interval", "B", _size(patients), grounds, working)
    return _from_patients(comparison, arm, figure, median, patients, grounds)


def _size(patients: Patients | None) -> int | None:
    return patients.smallest if patients is not None else None


def _from_interval(
    comparison: Comparison,
    arm: Arm,
    figure: ReportedOutcome,
    median: Printed,
    patients: Patients | None,
    grounds: Grounds,
) -> MedianReading | NoMedian:
    lower, upper, of = figure.ci_lower or 0.0, figure.ci_upper or 0.0, of_group(comparison, arm)
    if not 0 < lower <= median.value <= upper or lower == upper:
        return NoMedian(
            f"the interval of {figure.as_reported} does not enclose its median above zero", grounds
        )
    interval = PrintedInterval(
        median,
        Printed(lower, figure.ci_lower_half_unit, least=0.0),
        Printed(upper, figure.ci_upper_half_unit, least=0.0),
        figure.level or 0.95,
    )
    try:
        found = detect_scale(interval, ("identity", "log"))
    except InvalidDataError as error:
        return NoMedian(f"the interval of {figure.as_reported} is not usable: {error}", grounds)
    z = critical_z(interval.level)
    printed = median.value, lower, upper, interval.level
    if found.symmetric and found.scale == "identity":
        # Covers 89.4 % in the typical simulated scenario (tests/reference/simulation): no B.
        grade: Grade = "C"
        standard_error = found.standard_error / median.value
        working = error_by_symmetric_interval(*printed)
        told = f"the interval{of} is symmetric in months; its standard error is divided by the median"
    else:
        grade = "B"
        standard_error = (math.log(upper) - math.log(lower)) / (2 * z)
        working = error_by_log_interval(*printed)
        told = f"the interval{of} comes from its Kaplan-Meier curve and is read on the log scale"
    grounds += assuming(told)
    if figure.level is None:
        grounds += assuming(f"the interval{of} is taken as a 95 % interval")
    grounds += Grounds() if found.symmetric else _asymmetry(figure, interval)
    return MedianReading(
        arm, median, standard_error, "interval", grade, _size(patients), grounds, working, interval
    )


def _asymmetry(figure: ReportedOutcome, interval: PrintedInterval) -> Grounds:
    ratio = log_asymmetry(interval)
    if 1 / LOG_ASYMMETRY_LIMIT <= ratio <= LOG_ASYMMETRY_LIMIT:
        return Grounds()
    why = (
        f"the interval of {figure.as_reported} fits neither scale: on the log scale its upper part is "
        f"{ratio:.2g} times the lower"
    )
    return downgraded("asymmetric_interval", why)


def _from_lower_limit(
    comparison: Comparison,
    arm: Arm,
    figure: ReportedOutcome,
    median: Printed,
    patients: Patients | None,
    grounds: Grounds,
) -> MedianReading | NoMedian:
    lower = figure.ci_lower or 0.0
    if not 0 < lower < median.value:
        return NoMedian(f"the lower limit of {figure.as_reported} is not below its median", grounds)
    level = figure.level or 0.95
    standard_error = (math.log(median.value) - math.log(lower)) / critical_z(level)
    working = error_by_lower_limit(median.value, lower, level)
    grounds += assuming(
        f"the upper limit{of_group(comparison, arm)} was not reached; its lower limit is taken for both sides"
    )
    return MedianReading(arm, median, standard_error, "lower limit", "D", _size(patients), grounds, working)


def _from_patients(
    comparison: Comparison,
    arm: Arm,
    figure: ReportedOutcome,
    median: Printed,
    patients: Patients | None,
    grounds: Grounds,
) -> MedianReading | NoMedian:
    if patients is None:
        printed = f"{figure.as_reported}{in_group(comparison, arm)}"
        reason = f"a median of {printed} is printed without an interval or the number of patients"
        return NoMedian(reason, grounds)
    size = patients.smallest
    if size < FEWEST_PATIENTS:
        few = f"{size} patients{in_group(comparison, arm)} (fewer than {FEWEST_PATIENTS})"
        reason = f"a median of {few} has no known precision"
        return NoMedian(reason, grounds + patients.grounds)
    grounds += patients.grounds + assuming(
        f"survival{in_group(comparison, arm)} is exponential",
        f"all {size} patients{of_group(comparison, arm)} count in full, which gives the smallest standard "
        "error",
    )
    error, working = standard_error_log_median(size), error_by_patients(median.value, size)
    return MedianReading(arm, median, error, "patients", "D", size, grounds, working)


def median_sensitivity(standard_error: float) -> Grounds:
    """Say what the standard error would be if fewer patients stood behind the median."""
    shares = ", ".join(
        f"{standard_error / math.sqrt(share):.3f} with {share:.0%}" for share in EFFECTIVE_SHARES[1:]
    )
    told = f"the standard error of {standard_error:.3f} would be {shares} of the patients"
    return Grounds(assumptions=(told,), flags=(FULL_FOLLOW_UP,))
