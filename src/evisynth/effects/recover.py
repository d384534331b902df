"""Every recovery of one comparison: points, bounds and refusals, one of the points marked primary.

Where to look for a formula: ``arithmetic`` holds the closed forms; the modules named here read what was
printed, decide what it allows, and say what was assumed. What is built on top of recoveries (a synthesis
rerun over every admissible choice, absolute effects, a walk from a row back to the print) takes the tuple
that :func:`recover` returns and :func:`evisynth.effects.alternatives.alternatives`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evisynth.effects.build import build_refusal
from evisynth.effects.conditional_landmark import recover_conditional_landmarks
from evisynth.effects.effect import Effect
from evisynth.effects.landmark import recover_survival
from evisynth.effects.landmark_contrast import recover_landmark_contrasts
from evisynth.effects.log_rank_p_value import recover_log_rank
from evisynth.effects.median import recover_median
from evisynth.effects.median_contrast import recover_median_contrast
from evisynth.effects.non_proportionality import flag_non_proportionality
from evisynth.effects.primary import mark_primary
from evisynth.effects.proportion import recover_proportion
from evisynth.effects.reported_ratio import recover_reported_ratio
from evisynth.effects.risk_contrast import recover_risk_contrasts
from evisynth.effects.subject import CONTRASTS, Subject
from evisynth.outcomes.comparison import Comparison
from evisynth.outcomes.question import Question

Recovery = Callable[[Subject], list[Effect]]

#: The recoveries of each effect measure, the most direct first.
RECOVERIES: Mapping[str, tuple[Recovery, ...]] = {
    "survival": (recover_survival,),
    "median": (recover_median,),
    "proportion": (recover_proportion,),
    "hazard_ratio": (
        recover_reported_ratio,
        recover_log_rank,
        recover_landmark_contrasts,
        recover_conditional_landmarks,
        recover_median_contrast,
    ),
    "odds_ratio": (recover_reported_ratio, recover_risk_contrasts),
    "risk_ratio": (recover_reported_ratio, recover_risk_contrasts),
    "risk_difference": (recover_risk_contrasts,),
}


def recover(comparison: Comparison, question: Question) -> tuple[Effect, ...]:
    """Return every recovery of a comparison on the question's analysis scale.

    Parameters
    ----------
    comparison : Comparison
        The arms with all that they reported on the question's outcome.
    question : Question
        Names the effect measure, the time, the level of intervals, and whether inferred p-values count.

    Returns
    -------
    tuple of Effect
        At least one. Exactly one is primary when any point may stand for the comparison, else none.
    """
    subject = Subject(comparison, question)
    refused = _refused_as_a_whole(subject)
    if refused is not None:
        return (refused,)
    effects = [effect for recovery in RECOVERIES[question.effect_measure] for effect in recovery(subject)]
    if not effects:
        return (build_refusal(subject, question.effect_measure, _nothing_reported(subject)),)
    if question.effect_measure == "hazard_ratio":
        effects = flag_non_proportionality(effects)
    return tuple(mark_primary(effects, subject.wanted_time))


def _refused_as_a_whole(subject: Subject) -> Effect | None:
    """Refuse what no figure can mend: an arm from elsewhere, or a measure that does not fit the row."""
    measure = subject.question.effect_measure
    contrast = measure in CONTRASTS
    if contrast and subject.comparison.reference is None:
        reason = f"a {measure.replace('_', ' ')} needs a group to compare with"
        return build_refusal(subject, measure, reason)
    if not contrast and subject.comparison.reference is not None:
        reason = f"{measure} describes one group; set two against each other with a ratio or a difference"
        return build_refusal(subject, measure, reason)
    foreign = [arm for arm in subject.arms if arm.role != "own"]
    if contrast and foreign:
        named = " and ".join(f"{arm.label} ({arm.role})" for arm in foreign)
        reason = (
            f"{named} is not a group of this study: patients from elsewhere, chosen and followed in another "
            "way, are no comparator"
        )
        return build_refusal(subject, "external_comparator", reason)
    return None


def _nothing_reported(subject: Subject) -> str:
    measure = subject.question.effect_measure.replace("_", " ")
    article = "an" if measure[0] in "aeiou" else "a"
    return f"nothing is reported from which {article} {measure} could be worked out"
