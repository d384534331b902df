"""Survival of one arm at one time, on the log(-log) scale, with the variance that the print allows.

A rate with its interval is grade B, with the number of patients, or of those at risk, grade C. 0% and 100%
give an exact interval instead of a point: their standard error would be zero and their weight infinite.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from evisynth.arithmetic import (
    FEWEST_AT_RISK,
    Printed,
    PrintedInterval,
    detect_scale,
    effective_sample_size,
    log_minus_log_or_infinite,
    recover_counts,
)
from evisynth.effects.build_effect import (
    Estimate,
    Limits,
    PrintedLimits,
    Stage,
    build_bound,
    build_point,
    build_refusal,
)
from evisynth.effects.counts import share_limits
from evisynth.effects.effect import Effect, Grounds, Subject, assuming, downgraded
from evisynth.effects.patient_numbers import Patients, follow_up_at, patients_behind, sensitivity
from evisynth.effects.possible_precision import error_of_share_too_precise, share_too_precise
from evisynth.effects.proportions import exact_interval, limits_as_printed
from evisynth.effects.rate_working import (
    single_rate,
    variance_by_error,
    variance_by_interval,
    variance_by_patients,
)
from evisynth.effects.readings import Reading, at_time, in_group, of_group, printed_as_point, readings_for
from evisynth.effects.survival_rates import (
    AtRisk,
    Basis,
    LandmarkRate,
    NoRate,
    at_risk_beside,
    rate_from_at_risk,
)
from evisynth.errors import InvalidDataError
from evisynth.outcomes import Arm, Comparison, ReportedOutcome
from evisynth.printed_statistics import STATISTICS
from evisynth.wording import percent_text, time_words

#: Flags a survival rate that is one minus a printed incidence; one that is printed itself stands before it.
COMPLEMENT_FLAG = "one_minus_incidence"


def read_landmark(comparison: Comparison, arm: Arm, reading: Reading) -> LandmarkRate | NoRate:
    """Return the rate behind a reading of survival, or of its complement."""
    figure, grounds = reading.figure, reading.grounds
    of = of_group(comparison, arm)
    time = figure.time_months
    if time is None:
        return NoRate(f"the survival rate{of} is printed without its time", grounds)
    if figure.value is None or not 0 <= figure.value <= 1:
        return NoRate(f"the survival rate{of} at {time_words(time)} is not a usable number", grounds)
    survival, at_risk = _survival(figure), at_risk_beside(comparison, arm, reading)
    if is_complement(figure):
        whole = STATISTICS[figure.statistic].words
        told = f"survival is taken as one minus the {whole}, without competing events"
        grounds += Grounds(assumptions=(told,), flags=(COMPLEMENT_FLAG,))
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

    The number at risk comes before the number of all patients. What is more precise than the patients allow
    is left out.
    """
    patients = patients_behind(comparison, arm, figure)
    time = figure.time_months if figure.time_months is not None else math.nan
    if figure.ci_lower is not None and figure.ci_upper is not None:
        found = _from_interval(comparison, arm, figure, survival, patients, grounds)
        printed = None if isinstance(found, NoRate) else found.printed
        impossible = share_too_precise(figure, printed, patients) if printed is not None else None
        if impossible is None:
            return found
        grounds += impossible
    elif figure.spread == "se" and figure.sd:
        impossible = error_of_share_too_precise(figure, survival, patients)
        if impossible is None:
            return _from_standard_error(comparison, arm, figure, survival, patients, grounds)
        grounds += impossible
    if at_risk is not None:
        return rate_from_at_risk(comparison, arm, time, survival, at_risk, patients, grounds)
    if patients is None:
        reason = f"the number of patients{in_group(comparison, arm)} is not printed, nor an interval"
        return NoRate(reason, grounds, survival)
    return _from_patients(comparison, arm, time, survival, patients, grounds)


def _survival(figure: ReportedOutcome) -> Printed:
    value = figure.value if figure.value is not None else math.nan
    return Printed(1 - value if is_complement(figure) else value, figure.half_unit, 0.0, 1.0)


def is_complement(figure: ReportedOutcome) -> bool:
    """Whether the print is of those with the event: one minus survival."""
    return STATISTICS[figure.statistic].complement_of == "survival"


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
    working = variance_by_patients(survival.value, size)
    return LandmarkRate(
        arm, time, survival, size, "C", grounds, "patients", working,
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
    level = percent_text(figure.level) if figure.level is not None else "95% (not stated)"
    limits = interval.lower.value, interval.upper.value
    working = variance_by_interval(found.scale, survival.value, limits, interval.level)
    weight = effective_sample_size(survival.value, working.value("V"))
    grounds += assuming(
        f"the interval{of_group(comparison, arm)} is read as {level}, symmetric on the {found.scale} scale; "
        f"it weighs like {weight:.0f} patients followed throughout"
    )
    if not found.symmetric:
        why = f"the interval {figure.as_reported} is symmetric on no scale"
        grounds += downgraded("asymmetric_interval", why)
    size = patients.smallest if patients is not None else None
    if size is not None:
        grounds += _few_at_risk(comparison, arm, time, size * survival.value)
    return LandmarkRate(arm, time, survival, size, "B", grounds, "interval", working, interval)


def _from_standard_error(
    comparison: Comparison,
    arm: Arm,
    figure: ReportedOutcome,
    survival: Printed,
    patients: Patients | None,
    grounds: Grounds,
) -> LandmarkRate:
    time = figure.time_months if figure.time_months is not None else math.nan
    size = patients.smallest if patients is not None else None
    if size is not None:
        grounds += _few_at_risk(comparison, arm, time, size * survival.value)
    grounds += assuming(f"the standard error{of_group(comparison, arm)} is the printed one")
    working = variance_by_error(survival.value, figure.sd or math.nan)
    return LandmarkRate(arm, time, survival, size, "B", grounds, "interval", working)


def _printed_interval(figure: ReportedOutcome, survival: Printed) -> PrintedInterval:
    limits = [
        Printed(limit if limit is not None else math.nan, half, 0.0, 1.0)
        for limit, half in (
            (figure.ci_lower, figure.ci_lower_half_unit),
            (figure.ci_upper, figure.ci_upper_half_unit),
        )
    ]
    if is_complement(figure):
        limits = [Printed(1 - limit.value, limit.half_unit, 0.0, 1.0) for limit in reversed(limits)]
    if not limits[0].value <= survival.value <= limits[1].value:
        raise InvalidDataError("the rate lies outside its own interval")
    return PrintedInterval(survival, limits[0], limits[1], figure.level or 0.95)


_RECOVERIES: Mapping[Basis, str] = {
    "interval": "survival_with_interval",
    "at risk": "survival_with_number_at_risk",
    "patients": "survival_with_patients",
}


def recover_survival(subject: Subject) -> list[Effect]:
    """Return survival at the time asked for, or at every time printed when none is asked for."""
    arm = subject.comparison.index
    found = readings_for(arm, "survival_rate")
    wanted = subject.wanted_time
    if wanted is not None:
        found = at_time(found, wanted)
    if not found:
        when = "" if wanted is None else f" at {time_words(wanted)}"
        reason = f"no survival rate{when} is reported"
        return [build_refusal(subject, "survival", reason, stage=Stage(wanted))]
    return [_recover(subject, reading) for reading in found]


def _recover(subject: Subject, reading: Reading) -> Effect:
    found = read_landmark(subject.comparison, subject.comparison.index, reading)
    if isinstance(found, NoRate):
        return _bound_or_refusal(subject, reading, found)
    working = single_rate(found.working)
    rounding = working.rounding({"S": found.survival})
    estimate = Estimate(working, rounding, printed=_limits_as_printed(found))
    grounds = found.grounds
    if found.assumes_full_follow_up:
        grounds += sensitivity(estimate.standard_error)
    stage = Stage(found.time_months, found.size)
    return build_point(subject, _RECOVERIES[found.basis], found.grade, estimate, grounds, stage)


def _limits_as_printed(found: LandmarkRate) -> PrintedLimits | None:
    """Return the printed limits on the log(-log) scale, which falls as survival rises; None without them."""
    if found.printed is None:
        return None
    lower, upper = (
        log_minus_log_or_infinite(limit.value) for limit in (found.printed.upper, found.printed.lower)
    )
    return PrintedLimits(lower, upper, found.printed.level)


def _bound_or_refusal(subject: Subject, reading: Reading, found: NoRate) -> Effect:
    figure, stage = reading.figure, Stage(reading.figure.time_months)
    if found.survival is None:
        return build_refusal(subject, "survival", found.reason, found.grounds, stage)
    if found.extreme and found.patients is not None:
        return _exact_interval(subject, found.survival, found, stage)
    printed = share_limits(found.survival, figure.qualifier, turned=is_complement(figure))
    if printed is None:
        return build_refusal(subject, "survival", found.reason, found.grounds, stage)
    limits = Limits(limits_as_printed("log(-log)", printed))
    return build_bound(subject, "survival_bound", limits, found.grounds, stage, found.reason)


def _exact_interval(subject: Subject, survival: Printed, found: NoRate, stage: Stage) -> Effect:
    """Return the exact interval of 0 or n survivors of n, at the weakest count that the print allows."""
    if found.patients is None:
        return build_refusal(subject, "survival", found.reason, found.grounds, stage)
    size, level = found.patients.smallest, subject.question.level
    counts = recover_counts(survival.value, survival.half_unit or 0.0, size).rounded
    grounds = found.grounds + found.patients.grounds
    grounds += assuming(
        f"all {size} patients were followed to {time_words(stage.time_months or 0.0)}",
        f"the limits are exact (Clopper and Pearson, {percent_text(level)}, two-sided)",
    )
    working = exact_interval("log(-log)", (counts[0], size), (counts[-1], size), level)
    limits = Limits(working, exact=True)
    stage = Stage(stage.time_months, size)
    return build_bound(subject, "survival_exact_interval", limits, grounds, stage, found.reason)
