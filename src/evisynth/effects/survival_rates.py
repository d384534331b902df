"""One survival rate at one time with its variance, and Peto's variance from the number at risk beside it.

The number at risk says how many were still under observation: G(t) = r/(n S) of the patients, so that the
rate weighs like r/S to n patients followed throughout. Peto's variance, S²(1 - S)/r, takes r/S of them, the
fewest: an upper limit of Greenwood's, whose intervals cover too much in simulated trials, not too little.
Where the number at risk is that of all who can be alive, everyone was observed, and the binomial variance
stands. Fewer than five at risk make a rate too uncertain to use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evisynth.arithmetic import FEWEST_AT_RISK, Printed, PrintedInterval, rounding_interval
from evisynth.effects.effect import Grounds, Input, assuming, downgraded
from evisynth.effects.patient_numbers import Patients, follow_up_at
from evisynth.effects.rate_working import variance_by_number_at_risk, variance_by_patients
from evisynth.effects.readings import Reading, of_group
from evisynth.effects.working import Working
from evisynth.outcomes import Arm, Comparison, Grade, ReportedOutcome
from evisynth.wording import counted, plural, time_words

#: What the variance of a rate rests on.
Basis = Literal["interval", "at risk", "patients"]


@dataclass(frozen=True, slots=True)
class LandmarkRate:
    """S(t) inside 0 and 1, its variance, and what both rest on.

    ``assumes_full_follow_up`` tells that the variance is binomial, from a number of patients, and that how
    many of them were followed that long is not known. ``at_risk`` is the number at risk that the variance
    rests on. ``working`` says how the variance was had, ``printed`` is the interval it was read from.
    """

    arm: Arm
    time_months: float
    survival: Printed
    size: int | None
    grade: Grade
    grounds: Grounds
    basis: Basis
    working: Working
    printed: PrintedInterval | None = None
    assumes_full_follow_up: bool = False
    at_risk: int | None = None

    @property
    def variance(self) -> float:
        """The sampling variance of S, as worked out."""
        return float(self.working.value("V"))


@dataclass(frozen=True, slots=True)
class NoRate:
    """Why a printed rate gives no point. ``survival`` and ``size`` are kept for a bound."""

    reason: str
    grounds: Grounds
    survival: Printed | None = None
    patients: Patients | None = None
    extreme: bool = False


@dataclass(frozen=True, slots=True)
class AtRisk:
    """The smallest number at risk that the print allows; ``too_few`` says why the rate is not used."""

    patients: int
    grounds: Grounds
    too_few: str | None = None


def at_risk_beside(comparison: Comparison, arm: Arm, reading: Reading) -> AtRisk | None:
    """Return the number at risk printed beside a rate, the smallest where several are; None without one."""
    printed = [figure for figure in (reading.figure, *reading.repeats) if figure.at_risk is not None]
    if not printed:
        return None
    figure = min(printed, key=_smallest)
    patients, text = _smallest(figure), _as_printed(figure)
    exact = figure.at_risk_qualifier in (None, "=")
    grounds = Grounds(inputs=(_input(figure, text),))
    of, when = of_group(comparison, arm), f"at {time_words(figure.time_months or 0.0)}"
    if patients < FEWEST_AT_RISK:
        few = (
            f"only {text} {plural('patient', patients)}{of} {plural('was', patients)} at risk {when}, "
            f"fewer than {FEWEST_AT_RISK}"
        )
        if not exact:
            few = f"the number{of} at risk {when} is printed as '{text}', perhaps fewer than {FEWEST_AT_RISK}"
        return AtRisk(patients, grounds + Grounds(flags=("few_at_risk",)), few)
    if not exact:
        grounds += assuming(f"the number{of} at risk {when}, printed as '{text}', is taken as {patients}")
    return AtRisk(patients, grounds)


def _smallest(figure: ReportedOutcome) -> int:
    """Return the smallest number that the print allows; "about" is taken at its word."""
    number = figure.at_risk if figure.at_risk is not None else 0
    if figure.at_risk_qualifier in ("<", "<="):
        return 0
    return number + 1 if figure.at_risk_qualifier == ">" else number


def _as_printed(figure: ReportedOutcome) -> str:
    return figure.at_risk_as_reported or str(figure.at_risk)


def _input(figure: ReportedOutcome, text: str) -> Input:
    when = f" at {time_words(figure.time_months)}" if figure.time_months is not None else ""
    return Input(
        f"patients at risk{when}, {figure.group}",
        text,
        figure.at_risk_source_location or figure.source_location,
        figure.at_risk_file_location or figure.file_location,
    )


def rate_from_at_risk(
    comparison: Comparison,
    arm: Arm,
    time: float,
    survival: Printed,
    at_risk: AtRisk,
    patients: Patients | None,
    grounds: Grounds,
) -> LandmarkRate:
    """Take Peto's variance; the binomial one where the number at risk is all of those who can be alive."""
    share, count, size = survival.value, at_risk.patients, patients.exact if patients is not None else None
    grounds += at_risk.grounds
    if follow_up_at(comparison, time).beyond_median:
        grounds += Grounds(flags=("beyond_median_follow_up",))
    if patients is not None and size is not None:
        grounds += Grounds(inputs=patients.grounds.inputs)
        if count >= size * share:
            return _all_followed(comparison, arm, time, survival, at_risk, size, grounds)
    grounds += assuming(_weight_words(comparison, arm, time, (share, count, size)))
    working = variance_by_number_at_risk(share, count, size)
    smallest = patients.smallest if patients is not None else None
    return LandmarkRate(arm, time, survival, smallest, "C", grounds, "at risk", working, at_risk=count)


def _weight_words(
    comparison: Comparison, arm: Arm, time: float, printed: tuple[float, int, int | None]
) -> str:
    """Say between how many patients a rate weighs: S, the number at risk, and all patients where known."""
    share, count, size = printed
    told = (
        f"{counted(count, 'patient')}{of_group(comparison, arm)} {plural('was', count)} at risk "
        f"at {time_words(time)}"
    )
    if size is None:
        return (
            f"{told}: the rate weighs at least like {count / share:.0f} patients followed throughout, on "
            "which Peto's standard error rests"
        )
    return (
        f"{told}, {count / (size * share):.0%} of those alive by then: the rate weighs like "
        f"{count / share:.0f} to {size} patients followed throughout, and Peto's standard error takes the "
        "fewest"
    )


def _all_followed(
    comparison: Comparison,
    arm: Arm,
    time: float,
    survival: Printed,
    at_risk: AtRisk,
    size: int,
    grounds: Grounds,
) -> LandmarkRate:
    share, count, of = survival.value, at_risk.patients, of_group(comparison, arm)
    at_risk_then = f"{counted(count, 'patient')}{of} at risk at {time_words(time)}"
    if count > size * rounding_interval(lambda value: value, [survival])[1]:
        why = f"the source prints {at_risk_then}, more than {share:.0%} of {size}"
        grounds += downgraded("at_risk_and_rate_disagree", why)
    else:
        grounds += assuming(f"the {at_risk_then} are all that can be alive of {size}: everyone was observed")
    working = variance_by_patients(share, size)
    return LandmarkRate(arm, time, survival, size, "C", grounds, "at risk", working)
