"""Reading a survival rate with the variance that the print allows: of its interval, or of patient numbers."""

from __future__ import annotations

import math

from evisynth.arithmetic.interval_symmetry import PrintedInterval, Symmetry, detect_scale
from evisynth.arithmetic.rounding import Printed
from evisynth.arithmetic.survival_transforms import binomial_variance, effective_sample_size
from evisynth.arithmetic.time_words import time_words
from evisynth.effects.arm_words import in_group, of_group
from evisynth.effects.at_risk import FEWEST_AT_RISK, AtRisk, at_risk_beside
from evisynth.effects.follow_up import follow_up_at
from evisynth.effects.grounds import Grounds, assuming, downgraded
from evisynth.effects.landmark_at_risk import rate_from_at_risk
from evisynth.effects.landmark_rate import LandmarkRate, NoRate
from evisynth.effects.patients import Patients, patients_behind
from evisynth.effects.rate_working import variance_by_error, variance_by_interval, variance_by_patients
from evisynth.effects.readings import Reading, printed_as_point
from evisynth.errors import InvalidDataError
from evisynth.outcomes.comparison import Arm, Comparison
from evisynth.outcomes.reported_outcome import ReportedOutcome


def read_landmark(comparison: Comparison, arm: Arm, reading: Reading) -> LandmarkRate | NoRate:
    """Return the rate behind a reading of statistic ``survival`` or ``cumulative_incidence``."""
    figure, grounds = reading.figure, reading.grounds
    of = of_group(comparison, arm)
    time = figure.time_months
    if time is None:
        return NoRate(f"the survival rate{of} is printed without its time", grounds)
    if figure.value is None or not 0 <= figure.value <= 1:
        return NoRate(f"the survival rate{of} at {time_words(time)} is not a usable number", grounds)
    survival, at_risk = _survival(figure), at_risk_beside(comparison, arm, reading)
    if figure.statistic == "cumulative_incidence":
        grounds += assuming(
            "survival is taken as one minus the cumulative incidence, without competing events"
        )
    if not printed_as_point(figure):
        reason = f"the rate{of} at {time_words(time)} is printed as a bound: {figure.as_reported}"
        return NoRate(reason, grounds, survival)
    if at_risk is not None and at_risk.too_few is not None:
        return NoRate(at_risk.too_few, grounds + at_risk.grounds, survival)
    if survival.value in (0.0, 1.0):
        reason = (
            f"survival of {survival.value:.0%}{in_group(comparison, arm)} at {time_words(time)} has no "
            "standard error on this scale"
        )
        grounds += Grounds(flags=("extreme_rate",))
        followed = _followed(patients_behind(comparison, arm, figure), at_risk)
        return NoRate(reason, grounds, survival, followed, extreme=True)
    return _with_variance(comparison, arm, figure, survival, at_risk, grounds)


def _followed(patients: Patients | None, at_risk: AtRisk | None) -> Patients | None:
    """Return the patients known to have been followed to the time: those at risk, where that is printed."""
    if at_risk is None or (patients is not None and patients.smallest <= at_risk.patients):
        return patients
    return Patients((at_risk.patients,), at_risk.grounds)


def _with_variance(
    comparison: Comparison,
    arm: Arm,
    figure: ReportedOutcome,
    survival: Printed,
    at_risk: AtRisk | None,
    grounds: Grounds,
) -> LandmarkRate | NoRate:
    """Take the variance from the printed interval or standard error, else from the number of patients.

    The number at risk comes before the number of all patients.
    """
    patients = patients_behind(comparison, arm, figure)
    time = figure.time_months if figure.time_months is not None else math.nan
    if figure.ci_lower is not None and figure.ci_upper is not None:
        return _from_interval(comparison, arm, figure, survival, patients, grounds)
    if figure.spread == "se" and figure.sd:
        return _from_standard_error(comparison, arm, figure, survival, patients, grounds)
    if at_risk is not None:
        return rate_from_at_risk(comparison, arm, time, survival, at_risk, patients, grounds)
    if patients is None:
        reason = f"the number of patients{in_group(comparison, arm)} is not printed, nor an interval"
        return NoRate(reason, grounds, survival)
    return _from_patients(comparison, arm, time, survival, patients, grounds)


def _survival(figure: ReportedOutcome) -> Printed:
    value = figure.value if figure.value is not None else math.nan
    turned = 1 - value if figure.statistic == "cumulative_incidence" else value
    return Printed(turned, figure.half_unit, 0.0, 1.0)


def _few_at_risk(comparison: Comparison, arm: Arm, time: float, expected: float) -> Grounds:
    if expected >= FEWEST_AT_RISK:
        return Grounds()
    alive = f"about {expected:.1f} patients{of_group(comparison, arm)} were alive at {time_words(time)}"
    why = f"{alive}, fewer than {FEWEST_AT_RISK}"
    return downgraded("few_at_risk", why)


def _from_patients(
    comparison: Comparison, arm: Arm, time: float, survival: Printed, patients: Patients, grounds: Grounds
) -> LandmarkRate:
    size, follow_up = patients.smallest, follow_up_at(comparison, time)
    grounds += patients.grounds + follow_up.grounds
    grounds += _few_at_risk(comparison, arm, time, size * survival.value)
    variance = binomial_variance(survival.value, size)
    working = variance_by_patients(survival.value, size)
    return LandmarkRate(
        arm, time, survival, variance, size, "C", grounds, "patients", working,
        assumes_full_follow_up=not follow_up.complete,
    )  # fmt: skip


def _from_interval(
    comparison: Comparison,
    arm: Arm,
    figure: ReportedOutcome,
    survival: Printed,
    patients: Patients | None,
    grounds: Grounds,
) -> LandmarkRate | NoRate:
    time = figure.time_months if figure.time_months is not None else math.nan
    try:
        interval = _printed_interval(figure, survival)
        found = detect_scale(interval, ("identity", "log", "log(-log)"))
    except InvalidDataError as error:
        return NoRate(
            f"the interval{of_group(comparison, arm)} at {time_words(time)} is not usable: {error}",
            grounds,
            survival,
        )
    level = f"{figure.level:.0%}" if figure.level is not None else "95 % (not stated)"
    variance = _variance_on_identity(found, survival.value)
    grounds += assuming(
        f"the interval{of_group(comparison, arm)} is read as {level}, symmetric on the {found.scale} scale; "
        f"it weighs like {effective_sample_size(survival.value, variance):.0f} patients followed throughout"
    )
    if not found.symmetric:
        why = f"the interval {figure.as_reported} is symmetric on no scale"
        grounds += downgraded("asymmetric_interval", why)
    size = patients.smallest if patients is not None else None
    if size is not None:
        grounds += _few_at_risk(comparison, arm, time, size * survival.value)
    limits = interval.lower.value, interval.upper.value
    working = variance_by_interval(found.scale, survival.value, limits, interval.level)
    return LandmarkRate(arm, time, survival, variance, size, "B", grounds, "interval", working, interval)


def _from_standard_error(
    comparison: Comparison,
    arm: Arm,
    figure: ReportedOutcome,
    survival: Printed,
    patients: Patients | None,
    grounds: Grounds,
) -> LandmarkRate:
    time = figure.time_months if figure.time_months is not None else math.nan
    variance = (figure.sd or math.nan) ** 2
    size = patients.smallest if patients is not None else None
    if size is not None:
        grounds += _few_at_risk(comparison, arm, time, size * survival.value)
    grounds += assuming(f"the standard error{of_group(comparison, arm)} is the printed one")
    working = variance_by_error(survival.value, figure.sd or math.nan)
    return LandmarkRate(arm, time, survival, variance, size, "B", grounds, "interval", working)


def _printed_interval(figure: ReportedOutcome, survival: Printed) -> PrintedInterval:
    limits = [
        Printed(limit if limit is not None else math.nan, half, 0.0, 1.0)
        for limit, half in (
            (figure.ci_lower, figure.ci_lower_half_unit),
            (figure.ci_upper, figure.ci_upper_half_unit),
        )
    ]
    if figure.statistic == "cumulative_incidence":
        limits = [Printed(1 - limit.value, limit.half_unit, 0.0, 1.0) for limit in reversed(limits)]
    if not limits[0].value <= survival.value <= limits[1].value:
        raise InvalidDataError("the rate lies outside its own interval")
    return PrintedInterval(survival, limits[0], limits[1], figure.level or 0.95)


def _variance_on_identity(found: Symmetry, survival: float) -> float:
    slope = {"identity": 1.0, "log": survival, "log(-log)": survival * abs(math.log(survival))}[found.scale]
    return (found.standard_error * slope) ** 2
