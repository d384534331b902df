"""A survival rate with the number of patients at risk that is printed beside it: Peto's variance.

S²(1 - S)/r is an upper limit of Greenwood's variance: in simulated trials its intervals cover too much, not
too little. Where the number at risk is that of all who can be alive, everyone was observed, and the binomial
variance stands.
"""

from __future__ import annotations

from evisynth.arithmetic.rounding import Printed, rounding_interval
from evisynth.arithmetic.survival_transforms import binomial_variance, peto_variance
from evisynth.arithmetic.time_words import time_words
from evisynth.effects.arm_words import of_group
from evisynth.effects.at_risk import AtRisk
from evisynth.effects.follow_up import follow_up_at
from evisynth.effects.grounds import Grounds, assuming, downgraded
from evisynth.effects.landmark_rate import LandmarkRate
from evisynth.effects.patients import Patients
from evisynth.effects.rate_working import variance_by_number_at_risk, variance_by_patients
from evisynth.outcomes.comparison import Arm, Comparison


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
    variance, working = peto_variance(share, count), variance_by_number_at_risk(share, count, size)
    smallest = patients.smallest if patients is not None else None
    return LandmarkRate(
        arm, time, survival, variance, smallest, "C", grounds, "at risk", working, at_risk=count
    )


def _weight_words(
    comparison: Comparison, arm: Arm, time: float, printed: tuple[float, int, int | None]
) -> str:
    """Say between how many patients a rate weighs: S, the number at risk, and all patients where known."""
    share, count, size = printed
    told = f"{count} patients{of_group(comparison, arm)} were at risk at {time_words(time)}"
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
    at_risk_then = f"{count} patients{of} at risk at {time_words(time)}"
    if count > size * rounding_interval(lambda value: value, [survival])[1]:
        why = f"the source prints {at_risk_then}, more than {share:.0%} of {size}"
        grounds += downgraded("at_risk_and_rate_disagree", why)
    else:
        grounds += assuming(f"the {at_risk_then} are all that can be alive of {size}: everyone was observed")
    variance, working = binomial_variance(share, size), variance_by_patients(share, size)
    return LandmarkRate(arm, time, survival, variance, size, "C", grounds, "at risk", working)
