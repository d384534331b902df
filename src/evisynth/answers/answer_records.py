"""Answers and recoveries as plain values with stable keys: the JSON of ``evisynth pool`` and ``effects``.

Estimates and limits of an answer are on the natural scale; standard errors and tau squared stay on the
analysis scale, and so do all numbers of recoveries.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evisynth.answers.absolute_effects import absolute_as_json, absolute_effect_of
from evisynth.answers.answer import AmongChoices, Answer, AnswerRow, Summary, own_interval
from evisynth.answers.moderation_words import moderation_as_json
from evisynth.answers.plots.bare_rows import Counts, bare_rows, bare_summary
from evisynth.answers.plots.subgroup_difference import Difference, difference_of
from evisynth.answers.strata import StratifiedDifference
from evisynth.arithmetic import to_natural_interval, to_natural_scale
from evisynth.effects import Effect
from evisynth.measures import measure_named, question_measure
from evisynth.outcomes import Question
from evisynth.synthesis import PooledResult
from evisynth.wording import countable


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """Give an answer as values that JSON can hold, with the keys of the stable interface."""
    question = answer.question
    return {
        "question": question.id,
        "effect_measure": question.effect_measure,
        "scale": answer.scale,
        "model": _model_name(question, answer),
        "interval": _interval_name(question, answer),
        "level": question.level,
        **_summary_values(answer.overall, answer),
        "rows": [_row_values(row, question.level) for row in answer.rows],
        "subgroups": [
            {"label": summary.label, **_summary_values(summary, answer)} for summary in answer.by_row_group
        ],
        "subgroup_difference": _difference_values(difference_of(answer)),
        "stratified_difference": _strata_values(answer.strata),
        **_curve_values(answer),
        "overlap": _overlap_values(question),
        "left_out": [{"study": left.what, "because": left.because} for left in answer.left_out],
    }


def result_as_json(
    result: PooledResult,
    names: Sequence[str],
    counts: Counts | None = None,
    cautions: Sequence[str] = (),
) -> dict[str, Any]:
    """Give a bare pooled result, one name for each effect, with the keys of `answer_as_json`."""
    measure = measure_named(result.effect_measure)
    rows = bare_rows(result, names, counts)
    summary = bare_summary("", result, rows)
    return {
        "question": None,
        "effect_measure": measure.id or measure.code,
        "scale": measure.scale,
        "model": "common_effect" if result.method == "common" else "random_effects",
        "interval": result.interval,
        "level": result.level,
        "row_count": summary.row_count,
        "study_count": summary.row_count,
        "participant_count": summary.participant_count,
        **_pooled_values(result, measure.scale, contrast=measure.contrast),
        "exploratory": False,
        "refused": None,
        "cautions": list(cautions),
        **dict.fromkeys(("interval_caution", "among_choices", "prior", "bayesian")),
        "rows": [_row_values(row, result.level) for row in rows],
        "subgroups": [],
        "subgroup_difference": None,
        "stratified_difference": None,
        "overlap": None,
        "left_out": [],
    }


def _curve_values(answer: Answer) -> dict[str, Any]:
    """Give the pooled curves, where the question names several times."""
    if not answer.curves:
        return {}
    from evisynth.answers.survival_curve import curve_as_json

    return {"curves": [curve_as_json(curve, answer.scale) for curve in answer.curves]}


def _strata_values(strata: StratifiedDifference | None) -> dict[str, Any] | None:
    """Give the difference of two blocks within the strata of one study, natural scale; None without one."""
    if strata is None:
        return None
    ci_lower, ci_upper = to_natural_interval(strata.ci_lower, strata.ci_upper, strata.scale)
    return {
        "study": strata.study,
        "blocks": [strata.first, strata.second],
        "strata": list(strata.strata),
        "left": list(strata.left),
        "scale": strata.scale,
        "method": strata.method,
        "estimate": to_natural_scale(strata.estimate, strata.scale),
        "ci_lower": ci_lower,
        "ci_upper": ci_upper,
        "standard_error": strata.standard_error,
        "p_value": strata.p_value,
        "q_statistic": strata.q_statistic,
        "exploratory": strata.exploratory,
    }


def _difference_values(
    difference: Difference | StratifiedDifference | str | None,
) -> dict[str, Any] | None:
    """Give the test between blocks, or in ``reason`` why there is none; None with nothing to compare."""
    if difference is None or isinstance(difference, StratifiedDifference):
        return None
    if isinstance(difference, str):
        return {**dict.fromkeys(("test", "statistic", "df", "residual_df", "p_value")), "reason": difference}
    return {
        "test": "chi_squared" if difference.residual_df is None else "F",
        "statistic": _finite(difference.q_between),
        "df": difference.df,
        "residual_df": difference.residual_df,
        "p_value": _finite(difference.p_value),
        "reason": None,
    }


def _overlap_values(question: Question) -> dict[str, Any] | None:
    """Give how the question pools studies that share patients; None when it does not say."""
    if (overlap := question.overlap) is None:
        return None
    return {"choice": overlap.choice, "because": overlap.because, "keep": list(overlap.keep)}


def _model_name(question: Question, answer: Answer) -> str | None:
    """Name the model: that of the estimates, where they are all of one, else the question's."""
    pooled = [s.pooled for s in (answer.overall, *answer.by_row_group) if s.pooled is not None]
    strata = bool(pooled) and all(result.method == "stratified" for result in pooled)
    return "common_effect" if strata else question.model


def _interval_name(question: Question, answer: Answer) -> str:
    for summary in (answer.overall, *answer.by_row_group):
        if summary.pooled is not None:
            return summary.pooled.interval
    if question.model == "bayesian":
        return "shortest"
    return "wald" if question.takes_counts or question.model == "common_effect" else question.interval


def _summary_values(summary: Summary, answer: Answer) -> dict[str, Any]:
    return {
        "row_count": summary.row_count,
        "study_count": summary.study_count,
        "participant_count": summary.participant_count,
        **_pooled_values(summary.pooled, answer.scale, contrast=_is_contrast(answer)),
        **_absolute_values(summary.pooled, answer.question),
        **_moderation_values(summary, answer),
        "exploratory": summary.exploratory,
        "refused": summary.refused,
        "cautions": list(summary.cautions),
        "interval_caution": summary.interval_caution,
        "among_choices": _choice_values(summary.among_choices),
        "prior": _prior(summary.pooled),
        "bayesian": _bayesian_values(summary.bayesian, answer),
    }


def _choice_values(among: AmongChoices | None) -> dict[str, Any] | None:
    """Give where an estimate stands among its choices; ``words`` where it stands at their edge."""
    if among is None:
        return None
    return {
        "combinations": countable(among.combinations),
        "pooled": among.pooled,
        "median": among.median,
        "share_below": among.share_below,
        "share_above": among.share_above,
        "words": among.words or None,
    }


def _prior(pooled: PooledResult | None) -> str | None:
    """Name the prior on tau of a Bayesian estimate."""
    prior = getattr(pooled, "prior", None)
    return None if prior is None else str(prior.tau)


def _bayesian_values(beside: PooledResult | None, answer: Answer) -> dict[str, Any] | None:
    """Give what the Bayesian model makes of the same rows, where it is shown beside the estimate."""
    if beside is None:
        return None
    values = _pooled_values(beside, answer.scale, contrast=_is_contrast(answer))
    names = ("estimate", "ci_lower", "ci_upper", "tau_squared", "prediction_lower", "prediction_upper")
    return {"prior": _prior(beside), **{name: values[name] for name in names}}


def _is_contrast(answer: Answer) -> bool:
    return question_measure(answer.question.effect_measure).contrast


def _pooled_values(pooled: PooledResult | None, scale: str, *, contrast: bool) -> dict[str, Any]:
    if pooled is None:
        return dict.fromkeys(_POOLED_KEYS)
    ci_lower, ci_upper = to_natural_interval(pooled.ci_lower, pooled.ci_upper, scale)
    prediction = to_natural_interval(pooled.prediction_lower, pooled.prediction_upper, scale)
    values: Mapping[str, float | None] = {
        "estimate": to_natural_scale(pooled.estimate, scale),
        "ci_lower": ci_lower,
        "ci_upper": ci_upper,
        "standard_error": pooled.standard_error,
        # For a single arm the null hypothesis would be a rate of 37 % or a median of one month.
        "p_value": pooled.p_value if contrast else None,
        "tau_squared": pooled.tau_squared,
        "i_squared": pooled.i_squared,
        "q_statistic": pooled.q_statistic,
        "prediction_lower": prediction[0],
        "prediction_upper": prediction[1],
    }
    return {key: _finite(values[key]) for key in _POOLED_KEYS}


def _absolute_values(pooled: PooledResult | None, question: Question) -> dict[str, Any]:
    """Give what the estimate means for 1,000 patients, where the question states a baseline."""
    if question.baseline is None:
        return {}
    limits = (None, None, None) if pooled is None else (pooled.estimate, pooled.ci_lower, pooled.ci_upper)
    return {"absolute": absolute_as_json(absolute_effect_of(question, *limits))}


def _moderation_values(summary: Summary, answer: Answer) -> dict[str, Any]:
    """Give the meta-regression of the rows, where the question names moderators."""
    if summary.moderation is None:
        return {}
    return {"moderation": moderation_as_json(summary.moderation, answer.scale)}


_POOLED_KEYS = (
    "estimate", "ci_lower", "ci_upper", "standard_error", "p_value", "tau_squared", "i_squared",
    "q_statistic", "prediction_lower", "prediction_upper",
)  # fmt: skip


def _row_values(row: AnswerRow, level: float) -> dict[str, Any]:
    effect = row.effect
    lower, upper = own_interval(effect, level)
    ci_lower, ci_upper = to_natural_interval(lower, upper, effect.scale)
    bound_lower, bound_upper = to_natural_interval(effect.lower, effect.upper, effect.scale)
    estimate = None if effect.estimate is None else to_natural_scale(effect.estimate, effect.scale)
    return {
        "study": effect.study,
        "comparison": effect.comparison,
        "row_group": effect.row_group,
        "n": effect.participants,
        "kind": effect.kind,
        "estimate": _finite(estimate),
        "standard_error": _finite(effect.standard_error),
        "ci_lower": _finite(ci_lower),
        "ci_upper": _finite(ci_upper),
        "lower": _finite(bound_lower),
        "upper": _finite(bound_upper),
        "weight": row.weight,
        "grade": effect.grade,
        "recovery": effect.recovery,
        "included": row.included,
        "reason": row.reason,
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def effects_as_json(effects: Iterable[Sequence[Effect]]) -> list[dict[str, Any]]:
    """Give every recovery of every comparison, an object each, on the analysis scale.

    Parameters
    ----------
    effects
        For each comparison all its recoveries, bounds and refusals included.
    """
    return [_effect_values(effect) for recoveries in effects for effect in recoveries]


def _effect_values(effect: Effect) -> dict[str, Any]:
    return {
        "study": effect.study,
        "comparison": effect.comparison,
        "index_group": effect.index_group,
        "reference_group": effect.reference_group,
        "row_group": effect.row_group,
        "effect_measure": effect.effect_measure,
        "of_event": effect.of_event,
        "scale": effect.scale,
        "recovery": effect.recovery,
        "kind": effect.kind,
        "time_months": effect.time_months,
        "estimate": _finite(effect.estimate),
        "standard_error": _finite(effect.standard_error),
        "ci_lower": _finite(effect.ci_lower),
        "ci_upper": _finite(effect.ci_upper),
        "lower": _finite(effect.lower),
        "upper": _finite(effect.upper),
        "rounding_lower": _finite(effect.rounding_lower),
        "rounding_upper": _finite(effect.rounding_upper),
        "participants": effect.participants,
        "grade": effect.grade,
        "primary": effect.primary,
        "flags": list(effect.flags),
        "assumptions": list(effect.assumptions),
        "downgrades": list(effect.downgrades),
        "inputs": [
            {
                "name": part.name,
                "as_reported": part.as_reported,
                "source_location": part.source_location,
                "file_location": part.file_location,
            }
            for part in effect.inputs
        ],
        "reason": effect.reason,
    }
