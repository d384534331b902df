"""One printed median with the standard error of its logarithm, and the equations of medians.

The single arm and the contrast of two arms both start from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from evisynth.arithmetic import (
    EFFECTIVE_SHARES,
    LOG_ASYMMETRY_LIMIT,
    Printed,
    PrintedInterval,
    critical_z,
    detect_scale,
    letters,
    log_asymmetry,
    natural_log,
    root,
    square,
    standard_error_log_median,
)
from evisynth.effects.effect import Grounds, assuming, downgraded
from evisynth.effects.measured_medians import read_measured_spread
from evisynth.effects.patient_numbers import FULL_FOLLOW_UP, Patients, arm_events, patients_behind
from evisynth.effects.possible_precision import median_too_precise
from evisynth.effects.rate_working import INDEX, REFERENCE
from evisynth.effects.readings import Reading, in_group, of_group, printed_as_point
from evisynth.effects.working import Equation, Working
from evisynth.errors import InvalidDataError
from evisynth.outcomes import Arm, Comparison, Grade, ReportedOutcome
from evisynth.wording import counted, interval_with_article

m, L, U, z, s, n, d = letters("m L U z s n d")
m1, m0, SE1, SE0 = letters("m1 m0 SE1 SE0")
_MEDIAN = ("m", "median in months")


def _error(equation: Equation, *numbers: tuple[str, float], letters: tuple[tuple[str, str], ...]) -> Working:
    return Working(equations=(equation,), numbers=numbers, letters=(_MEDIAN, *letters))


def error_by_symmetric_interval(median: float, lower: float, upper: float, level: float) -> Working:
    """Return the working of SE(log m) from an interval that is symmetric in months."""
    equation = Equation("SE", (U - L) / (2.0 * z * m), "standard_error")
    numbers = (("m", median), ("L", lower), ("U", upper), ("z", critical_z(level)))
    return _error(equation, *numbers, letters=_limits(level))


def error_by_log_interval(median: float, lower: float, upper: float, level: float) -> Working:
    """Return the working of SE(log m) from an interval read on the log scale."""
    equation = Equation("SE", (natural_log(U) - natural_log(L)) / (2.0 * z), "standard_error")
    numbers = (("m", median), ("L", lower), ("U", upper), ("z", critical_z(level)))
    return _error(equation, *numbers, letters=_limits(level))


def error_by_lower_limit(median: float, lower: float, level: float) -> Working:
    """Return the working of SE(log m) from the lower limit alone."""
    equation = Equation("SE", (natural_log(m) - natural_log(L)) / z, "standard_error")
    numbers = (("m", median), ("L", lower), ("z", critical_z(level)))
    return _error(equation, *numbers, letters=(_limits(level)[0], _limits(level)[2]))


def _limits(level: float) -> tuple[tuple[str, str], ...]:
    return (
        ("L", "lower limit"),
        ("U", "upper limit"),
        ("z", f"deviate of {interval_with_article(level)}"),
    )


def error_by_printed_error(median: float, standard_error: float) -> Working:
    """Return the working of SE(log m) from a printed standard error in months."""
    equation = Equation("SE", s / m, "standard_error")
    printed = (("s", "printed standard error in months"),)
    return _error(equation, ("m", median), ("s", standard_error), letters=printed)


def error_by_patients(median: float, size: int) -> Working:
    """Return the working of SE(log m) of an exponential curve, from the number of patients."""
    equation = Equation("SE", standard_error_log_median(n), "standard_error")
    return _error(equation, ("m", median), ("n", size), letters=(("n", "patients"),))


def error_by_events(median: float, events: int) -> Working:
    """Return the working of SE(log m) of an exponential curve, from the number of events."""
    equation = Equation("SE", standard_error_log_median(d), "standard_error")
    return _error(equation, ("m", median), ("d", events), letters=(("d", "events"),))


def single_median(error: Working) -> Working:
    """Return the working of one median on the log scale."""
    return (
        Working(
            "the logarithm of the median is taken, on which its uncertainty is nearly even on both sides",
            (Equation("log m", natural_log(m), "estimate"),),
        )
        + error
    )


def log_hazard_ratio_of_medians(index: Working, reference: Working) -> Working:
    """Return the working of log(m0/m1), with the standard errors of both medians."""
    return (
        _as_step(index).marked("1", INDEX)
        + _as_step(reference).marked("0", REFERENCE)
        + Working(
            "with exponential survival the hazard ratio is the inverse ratio of the medians",
            (
                Equation("log HR", natural_log(m0 / m1), "estimate"),
                Equation("SE", root(square(SE1) + square(SE0)), "standard_error"),
            ),
        )
    )


def _as_step(error: Working) -> Working:
    steps = tuple(Equation(equation.quantity, equation.formula) for equation in error.equations)
    return Working(error.words, steps, error.numbers, error.letters)


#: With fewer patients a median says nothing about its own precision.
FEWEST_PATIENTS = 10


@dataclass(frozen=True, slots=True)
class MedianReading:
    """A median in months, the SE of its logarithm, its ``basis`` and ``working``, and what both rest on.

    ``printed`` is the interval that the standard error was read from.
    """

    arm: Arm
    median: Printed
    basis: str
    grade: Grade
    size: int | None
    grounds: Grounds
    working: Working
    printed: PrintedInterval | None = None

    @property
    def standard_error(self) -> float:
        """The standard error of the logarithm, as worked out."""
        return float(self.working.value("standard_error"))


@dataclass(frozen=True, slots=True)
class NoMedian:
    """Why a printed median gives no point."""

    reason: str
    grounds: Grounds
    not_reached: bool = False


def read_median(comparison: Comparison, arm: Arm, reading: Reading) -> MedianReading | NoMedian:
    """Return the median behind a reading: with its interval, its lower limit, its spread, events or patients.

    Events and patients give a precision through an exponential curve, which only times to an event have.
    """
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
    of_times = comparison.outcome_type == "time_to_event"
    impossible = median_too_precise(figure, _greatest_error(figure, median), patients) if of_times else None
    if impossible is not None:
        grounds += impossible
    elif figure.ci_lower is not None and figure.ci_upper is not None:
        return _from_interval(comparison, arm, figure, median, patients, grounds)
    elif figure.ci_lower is not None and figure.ci_upper_state == "not_reached":
        return _from_lower_limit(comparison, arm, figure, median, patients, grounds)
    elif figure.spread == "se" and figure.sd:
        grounds += assuming(f"the printed standard error{of} is divided by the median")
        working = error_by_printed_error(figure.value, figure.sd)
        return MedianReading(arm, median, "interval", "B", _size(patients), grounds, working)
    if of_times:
        events = arm_events(arm)
        if events is not None:
            return _from_events(comparison, arm, median, events, _size(patients), grounds)
        return _from_patients(comparison, arm, figure, median, patients, grounds)
    return _from_spread(comparison, arm, figure, median, patients, grounds)


def _greatest_error(figure: ReportedOutcome, median: Printed) -> float:
    """Return the standard error of the log median as printed, at its largest; infinite where none is."""
    z, least = critical_z(figure.level or 0.95), median.ends[0]
    lower = (figure.ci_lower or 0.0) - (figure.ci_lower_half_unit or 0.0)
    if figure.ci_upper is not None and lower > 0:
        return math.log((figure.ci_upper + (figure.ci_upper_half_unit or 0.0)) / lower) / (2 * z)
    if figure.ci_upper_state == "not_reached" and lower > 0:
        return math.log(median.ends[-1] / lower) / z
    if figure.ci_lower is None and figure.spread == "se" and figure.sd and least > 0:
        return (figure.sd + (figure.sd_half_unit or 0.0)) / least
    return math.inf


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
    printed = median.value, lower, upper, interval.level
    if found.symmetric and found.scale == "identity":
        # Covers 89.4 % in the typical simulated scenario (tests/reference/simulation): no B.
        grade: Grade = "C"
        working = error_by_symmetric_interval(*printed)
        told = f"the interval{of} is symmetric in months; its standard error is divided by the median"
    else:
        grade = "B"
        working = error_by_log_interval(*printed)
        told = f"the interval{of} comes from its Kaplan-Meier curve and is read on the log scale"
    grounds += assuming(told)
    if figure.level is None:
        grounds += assuming(f"the interval{of} is taken as a 95 % interval")
    grounds += Grounds() if found.symmetric else _asymmetry(figure, interval)
    return MedianReading(arm, median, "interval", grade, _size(patients), grounds, working, interval)


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
    working = error_by_lower_limit(median.value, lower, level)
    grounds += assuming(
        f"the upper limit{of_group(comparison, arm)} was not reached; its lower limit is taken for both sides"
    )
    return MedianReading(arm, median, "lower limit", "D", _size(patients), grounds, working)


def _from_events(
    comparison: Comparison,
    arm: Arm,
    median: Printed,
    events: tuple[int, Grounds],
    size: int | None,
    grounds: Grounds,
) -> MedianReading:
    count, rests_on = events
    grounds += rests_on + assuming(
        f"survival{in_group(comparison, arm)} is exponential",
        f"the standard error rests on the {counted(count, 'event')}{of_group(comparison, arm)}, the "
        "conservative form",
    )
    return MedianReading(arm, median, "events", "D", size, grounds, error_by_events(median.value, count))


def _from_spread(
    comparison: Comparison,
    arm: Arm,
    figure: ReportedOutcome,
    median: Printed,
    patients: Patients | None,
    grounds: Grounds,
) -> MedianReading | NoMedian:
    found = _enough(comparison, arm, figure, patients, grounds)
    if isinstance(found, NoMedian):
        return found
    spread = read_measured_spread(arm, figure, found.smallest)
    if isinstance(spread, str):
        return NoMedian(spread, grounds + found.grounds)
    grounds += found.grounds + spread.grounds
    return MedianReading(arm, median, "spread", spread.grade, found.smallest, grounds, spread.working)


def _enough(
    comparison: Comparison,
    arm: Arm,
    figure: ReportedOutcome,
    patients: Patients | None,
    grounds: Grounds,
) -> Patients | NoMedian:
    """Return the patients behind a median, or why they are too few or unknown."""
    if patients is None:
        printed = f"{figure.as_reported}{in_group(comparison, arm)}"
        reason = f"a median of {printed} is printed without an interval or the number of patients"
        return NoMedian(reason, grounds)
    if patients.smallest < FEWEST_PATIENTS:
        few = f"{counted(patients.smallest, 'patient')}{in_group(comparison, arm)}"
        reason = f"a median of {few} (fewer than {FEWEST_PATIENTS}) has no known precision"
        return NoMedian(reason, grounds + patients.grounds)
    return patients


def _from_patients(
    comparison: Comparison,
    arm: Arm,
    figure: ReportedOutcome,
    median: Printed,
    patients: Patients | None,
    grounds: Grounds,
) -> MedianReading | NoMedian:
    found = _enough(comparison, arm, figure, patients, grounds)
    if isinstance(found, NoMedian):
        return found
    size = found.smallest
    grounds += found.grounds + assuming(
        f"survival{in_group(comparison, arm)} is exponential",
        f"all {size} patients{of_group(comparison, arm)} count in full, which gives the smallest standard "
        "error",
    )
    working = error_by_patients(median.value, size)
    return MedianReading(arm, median, "patients", "D", size, grounds, working)


def median_sensitivity(standard_error: float) -> Grounds:
    """Say what the standard error would be if fewer patients stood behind the median."""
    shares = ", ".join(
        f"{standard_error / math.sqrt(share):.3f} with {share:.0%}" for share in EFFECTIVE_SHARES[1:]
    )
    told = f"the standard error of {standard_error:.3f} would be {shares} of the patients"
    return Grounds(assumptions=(told,), flags=(FULL_FOLLOW_UP,))
