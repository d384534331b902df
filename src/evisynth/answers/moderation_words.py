"""A meta-regression in lines of text, and as plain values."""

from __future__ import annotations

import math
from typing import Any

from evisynth.answers.moderation import Moderation, Predicted
from evisynth.arithmetic import to_natural_interval, to_natural_scale
from evisynth.measures import Scale, question_measure
from evisynth.outcomes import Moderator, Question
from evisynth.synthesis import Coding, RegressionResult
from evisynth.wording import counted, interval_name, listed, p_value_text, plain_number, rounded_percent

#: What a difference on a scale multiplies, once it is taken back to ratios.
_MULTIPLIED = {"log": "the {measure}", "log(-log)": "the hazard of the event", "logit": "the odds"}


def moderation_lines(moderation: Moderation | None, question: Question, scale: Scale) -> list[str]:
    """Tell a meta-regression: each coefficient, what it explains, what is left, predictions, who misses."""
    if moderation is None:
        return []
    words = listed([one.words for one in moderation.moderators], most=None)
    without = [f"without it: {label} ({missing})" for label, missing in moderation.without]
    result = moderation.result
    if result is None:
        return [f"meta-regression on {words}: none, {moderation.refused}", *without]
    lines = [f"meta-regression on {words}: {counted(result.row_count, 'row')}"]
    for one, coding in zip(moderation.moderators, result.codings, strict=True):
        lines += _coefficient_lines(one, coding, result, question, scale)
    lines.append(_fit_line(result))
    for predicted in moderation.predicted:
        lines += _prediction_lines(predicted, question, scale)
    return [*lines, *without, *(f"caution: {caution}" for caution in moderation.cautions)]


def _coefficient_lines(
    one: Moderator, coding: Coding, result: RegressionResult, question: Question, scale: Scale
) -> list[str]:
    what = _MULTIPLIED.get(scale, "").format(measure=question_measure(question.effect_measure).words)
    lines = []
    for level, column in zip(coding.coded_levels or ("",), coding.columns, strict=True):
        at = result.names.index(column)
        step = 1.0 if level else one.step
        numbers = [step * float(x[at]) for x in (result.estimate, result.ci_lower, result.ci_upper)]
        shown = [plain_number(math.exp(number) if what else number) for number in numbers]
        change = f"{what} is multiplied by" if what else f"the {_measure(question)} changes by"
        interval = (
            f"{interval_name(result.level)} {shown[1]} to {shown[2]}, {p_value_text(result.p_value[at])}"
        )
        if level:
            against = one.text((coding.levels or ("",))[0])
            lines.append(f"{one.text(level)} against {against}: {change} {shown[0]} ({interval})")
        else:
            lines.append(f"for {one.step_text} more of {one.words} {change} {shown[0]} ({interval})")
    return lines


def _measure(question: Question) -> str:
    return question_measure(question.effect_measure).words


def _fit_line(result: RegressionResult) -> str:
    test = result.moderator_test
    parts = []
    if test is not None and test.residual_df is not None:
        parts.append(
            f"F {plain_number(test.statistic)} with {test.df} and {test.residual_df} degrees of freedom, "
            f"{p_value_text(test.p_value)}"
        )
    elif test is not None:
        parts.append(
            f"chi-squared {plain_number(test.statistic)} with {counted(test.df, 'degree')} of freedom, "
            f"{p_value_text(test.p_value)}"
        )
    if result.r_squared is not None:
        parts.append(
            f"explains {rounded_percent(result.r_squared, 0)} of the variance between rows (R squared)"
        )
    left = f"left over: tau squared {plain_number(result.tau_squared)}, Q {plain_number(result.q_residual)}"
    parts.append(
        f"{left} with {result.residual_df} degrees of freedom, {p_value_text(result.q_residual_p_value)}"
    )
    return "; ".join(parts)


def _prediction_lines(predicted: Predicted, question: Question, scale: Scale) -> list[str]:
    lines = []
    in_percent = question_measure(question.effect_measure).axis == "percent"
    for at, value in enumerate(predicted.values):
        record = _predicted(predicted, at, scale)
        numbers = {
            key: rounded_percent(number, 0) if in_percent else plain_number(number)
            for key, number in record.items()
            if number is not None
        }
        new = ""
        if "prediction_lower" in numbers:
            new = f"; a new study {numbers['prediction_lower']} to {numbers['prediction_upper']}"
        lines.append(
            f"at {predicted.moderator.words} {predicted.moderator.text(value)}: {numbers['estimate']} "
            f"({interval_name(question.level)} {numbers['ci_lower']} to {numbers['ci_upper']}{new})"
        )
    return lines


def _predicted(predicted: Predicted, at: int, scale: Scale) -> dict[str, float | None]:
    fit = predicted.fit
    ci = to_natural_interval(float(fit.ci_lower[at]), float(fit.ci_upper[at]), scale)
    new: tuple[float | None, float | None] = (None, None)
    if fit.prediction_lower is not None and fit.prediction_upper is not None:
        new = to_natural_interval(float(fit.prediction_lower[at]), float(fit.prediction_upper[at]), scale)
    return {
        "estimate": to_natural_scale(float(fit.estimate[at]), scale),
        "ci_lower": ci[0],
        "ci_upper": ci[1],
        "prediction_lower": new[0],
        "prediction_upper": new[1],
    }


def moderation_as_json(moderation: Moderation, scale: Scale) -> dict[str, Any]:
    """Give a meta-regression as plain values: coefficients on the analysis scale, predictions natural."""
    result = moderation.result
    record: dict[str, Any] = {
        "moderators": [one.id for one in moderation.moderators],
        "refused": moderation.refused,
        "without": [{"row": label, "missing": missing} for label, missing in moderation.without],
    }
    if result is None:
        return record
    test = result.moderator_test
    names = ("estimate", "standard_error", "ci_lower", "ci_upper", "p_value")
    columns = [getattr(result, name).tolist() for name in names]
    record |= {
        "row_count": result.row_count,
        "residual_df": result.residual_df,
        "coefficients": [
            {"name": name, **dict(zip(names, numbers, strict=True))}
            for name, *numbers in zip(result.names, *columns, strict=True)
        ],
        "test_statistic": None if test is None else test.statistic,
        "test_df": None if test is None else test.df,
        "test_p_value": None if test is None else test.p_value,
        "tau_squared": result.tau_squared,
        "r_squared": result.r_squared,
        "i_squared": result.i_squared,
        "q_residual": result.q_residual,
        "q_residual_p_value": result.q_residual_p_value,
        "predictions": [
            {"moderator": one.moderator.id, "at": value, **_predicted(one, at, scale)}
            for one in moderation.predicted
            for at, value in enumerate(one.values)
        ],
    }
    return record
