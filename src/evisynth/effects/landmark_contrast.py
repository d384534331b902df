"""Two survival rates at one time, as a log hazard ratio (grade C; B when both come with their interval).

log(-log S1) - log(-log S0) is the log hazard ratio only when hazards are proportional up to that time; else
it is the log ratio of the two cumulative hazards. Equal rounded rates give an interval around zero, not
zero.
"""

from __future__ import annotations

from evisynth.arithmetic.risk_contrasts import log_cumulative_hazard_ratio
from evisynth.arithmetic.rounding import rounding_interval
from evisynth.arithmetic.survival_transforms import standard_error_log_minus_log
from evisynth.arithmetic.time_words import time_words
from evisynth.effects.build import Estimate, Stage, build_point, build_refusal
from evisynth.effects.effect import Effect
from evisynth.effects.follow_up import sensitivity
from evisynth.effects.grades import grade_rank
from evisynth.effects.grounds import Grounds, assuming
from evisynth.effects.landmark import SURVIVAL_STATISTICS, log_minus_log_or_infinite
from evisynth.effects.landmark_pairs import LandmarkPair, landmark_pairs
from evisynth.effects.landmark_rate import LandmarkRate, NoRate
from evisynth.effects.rate_working import log_hazard_ratio_of_rates
from evisynth.effects.readings import readings
from evisynth.effects.subject import Subject

RECOVERY = "landmark_contrast"


def recover_landmark_contrasts(subject: Subject) -> list[Effect]:
    """Return the contrast at every time that both arms report; a refusal when they share none."""
    pairs = landmark_pairs(subject)
    if pairs:
        return [_recover(subject, pair) for pair in pairs]
    reported = [arm for arm in subject.arms if readings(arm, *SURVIVAL_STATISTICS)]
    if not reported:
        return []
    reason = "the two groups report no survival rate at a common time"
    grounds = sum((reading.grounds for reading in readings(reported[0], *SURVIVAL_STATISTICS)), Grounds())
    return [build_refusal(subject, RECOVERY, reason, Grounds(grounds.inputs))]


def _recover(subject: Subject, pair: LandmarkPair) -> Effect:
    rates = pair.rates
    if rates is None:
        return refuse_pair(subject, RECOVERY, pair)
    index, reference = rates
    value, standard_error = log_cumulative_hazard_ratio(index.rate, reference.rate)
    rounding = rounding_interval(
        lambda s1, s0: log_minus_log_or_infinite(s1) - log_minus_log_or_infinite(s0),
        [index.survival, reference.survival],
    )
    grounds = pair_grounds(index, reference) + assuming(
        f"hazards are proportional up to {time_words(pair.time_months)}"
    )
    grounds += follow_up_sensitivity(rates, standard_error)
    grade = max(index.grade, reference.grade, key=grade_rank)
    working = log_hazard_ratio_of_rates(index.working, reference.working)
    control = standard_error_log_minus_log(reference.survival.value, reference.variance) ** 2
    estimate = Estimate(value, standard_error, rounding, working, control)
    return build_point(subject, RECOVERY, grade, estimate, grounds, pair_stage(pair, rates))


def refuse_pair(subject: Subject, recovery: str, pair: LandmarkPair) -> Effect:
    """Return the refusal of a contrast, with the reason of each arm that gives no rate."""
    reason = "; ".join(failure.reason for failure in pair.failures)
    grounds = sum((_grounds(found) for found in (pair.index, pair.reference)), Grounds())
    return build_refusal(
        subject, recovery, reason, Grounds(grounds.inputs, (), grounds.flags), Stage(pair.time_months)
    )


def _grounds(found: LandmarkRate | NoRate) -> Grounds:
    return found.grounds


def pair_grounds(index: LandmarkRate, reference: LandmarkRate) -> Grounds:
    """Return the grounds of both rates together."""
    return index.grounds + reference.grounds


def pair_stage(pair: LandmarkPair, rates: tuple[LandmarkRate, LandmarkRate]) -> Stage:
    """Return the time and the patients of a contrast."""
    return Stage(pair.time_months, rates[0].size, rates[1].size)


def follow_up_sensitivity(rates: tuple[LandmarkRate, LandmarkRate], standard_error: float) -> Grounds:
    """Say what incomplete follow-up would do to the standard error, where it rests on patient numbers."""
    if all(rate.assumes_full_follow_up for rate in rates):
        return sensitivity(standard_error)
    return Grounds()
