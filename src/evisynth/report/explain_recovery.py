"""Explaining one recovery: its figures, its equations with the numbers put in, and what it leaves open."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from evisynth.arithmetic.p_values import critical_z
from evisynth.effects.alternatives import alternatives
from evisynth.effects.effect import Effect
from evisynth.effects.expression import worked_out_text
from evisynth.effects.primary import precedence_of
from evisynth.figures.forest.rows import row_interval
from evisynth.figures.natural_interval import natural_interval
from evisynth.report.answer_view import EffectText
from evisynth.report.explain_content import (
    ExplainedEquation,
    ExplainedFigure,
    ExplainedRecovery,
    ExplainedSensitivity,
)
from evisynth.report.recovery_words import recovery_words
from evisynth.synthesis.answer import Answer, AnswerRow

#: How a value of each analysis scale is taken back to the natural one.
_BACK: Mapping[str, Callable[[str], str]] = {
    "log": lambda value: f"exp({value})",
    "log(-log)": lambda value: f"exp(-exp({value}))",
    "logit": lambda value: f"1/(1 + exp(-({value})))",
    "identity": lambda value: value,
}

#: What an effect measure is called in a formula, on the natural scale.
_NATURAL: Mapping[str, str] = {
    "hazard_ratio": "HR",
    "odds_ratio": "OR",
    "risk_ratio": "RR",
    "risk_difference": "RD",
    "survival": "S",
    "median": "m",
    "proportion": "p",
}


def sentence(text: str) -> str:
    """Make a sentence of a text; the p of a p-value stays small."""
    text = text.strip().rstrip(".")
    if not text:
        return ""
    begin = text[0] if text.startswith("p ") else text[0].upper()
    return f"{begin}{text[1:]}."


@dataclass(frozen=True, slots=True)
class RecoveryExplainer:
    """Explains the recoveries of one comparison; ``wanted_time`` is the time asked for, in months."""

    answer: Answer
    texts: EffectText
    wanted_time: float | None

    def explain(self, effect: Effect, standing: Effect | None = None) -> ExplainedRecovery:
        """Explain a recovery; with ``standing``, also why that one stands for the comparison instead."""
        working = effect.working
        return ExplainedRecovery(
            recovery=effect.recovery,
            derived=recovery_words(effect.recovery, effect.time_months),
            kind=effect.kind,
            effect=self._natural(effect),
            back=self._back(effect),
            estimate=effect.estimate,
            standard_error=effect.standard_error,
            lower=effect.lower if effect.kind == "bound" else effect.ci_lower,
            upper=effect.upper if effect.kind == "bound" else effect.ci_upper,
            rounding=self._rounding(effect),
            inputs=tuple(
                ExplainedFigure(part.name, part.as_reported, part.source_location, part.file_location)
                for part in effect.inputs
            ),
            words="" if working is None else sentence(working.words),
            equations=()
            if working is None
            else tuple(
                ExplainedEquation(line.quantity, line.formula, line.with_numbers, line.value)
                for line in working.written()
            ),
            letters=() if working is None else working.letters,
            assumptions=tuple(self._assumptions(effect)),
            grade=effect.grade,
            basic_grade=effect.basic_grade,
            downgrades=tuple(sentence(why) for why in effect.downgrades),
            reason=None if effect.reason is None else sentence(effect.reason),
            not_standing=None if standing is None else self._not_standing(effect, standing),
            sensitivity=tuple(self._sensitivity(effect)),
        )

    def _not_standing(self, effect: Effect, standing: Effect) -> str:
        return sentence(precedence_of(standing, effect, self.wanted_time))

    def _natural(self, effect: Effect) -> str:
        bare = AnswerRow(effect, (), False, None, None, "", None)
        interval = row_interval(bare, self.answer.scale, self.answer.question.level)
        return self.texts.with_unit(interval) if interval is not None else ""

    def _back(self, effect: Effect) -> str | None:
        """Write the way back to the scale people read, with the numbers put in."""
        natural = self._natural(effect)
        if not natural:
            return None
        if effect.kind != "point" or effect.estimate is None or effect.standard_error is None:
            return f"on the scale people read: {natural}"
        centre, error = worked_out_text(effect.estimate), worked_out_text(effect.standard_error)
        z = critical_z(self.answer.question.level)
        back = _BACK[effect.scale]
        name = _NATURAL[effect.effect_measure]
        if effect.ci_upper is not None and not math.isclose(
            effect.ci_upper - effect.estimate, z * effect.standard_error, rel_tol=1e-9
        ):
            return f"{name} = {back(centre)} = {natural}, with the interval as printed"
        return f"{name} = {back(f'{centre} ± {z:.2f} × {error}')} = {natural}"

    def _rounding(self, effect: Effect) -> str | None:
        """Say how far the rounding of the print can move an estimate, None where it moves nothing shown."""
        lower, upper = effect.rounding_lower, effect.rounding_upper
        if effect.kind != "point" or (lower is None and upper is None):
            return None
        interval = natural_interval(self.answer.scale, None, lower, upper)
        text = replace(self.texts, decimals=self.texts.decimals + 1).bare(interval)
        low, _, high = text.partition(" to ")
        return None if low == high else text

    def _assumptions(self, effect: Effect) -> list[str]:
        """Say what was assumed; what fewer patients would do to the error is shown as intervals instead."""
        shown_as_intervals = bool(alternatives(effect))
        return [
            sentence(told)
            for told in effect.assumptions
            if not (shown_as_intervals and told.startswith("the standard error of "))
        ]

    def _sensitivity(self, effect: Effect) -> list[ExplainedSensitivity]:
        """Say what the interval would be with fewer patients under observation."""
        z = critical_z(self.answer.question.level)
        shown = []
        for other in alternatives(effect):
            reach = z * other.standard_error
            moved = replace(
                effect,
                standard_error=other.standard_error,
                ci_lower=other.estimate - reach,
                ci_upper=other.estimate + reach,
            )
            followed = f"{other.share:.0%} of the patients"
            shown.append(ExplainedSensitivity(followed, other.standard_error, self._natural(moved)))
        return shown
