"""The model behind a pooled estimate, in one sentence, and the caution that few rows ask for."""

from __future__ import annotations

from collections.abc import Iterable

from evisynth.figures.chart.effect_axis import EffectAxis
from evisynth.figures.diagnostics.subject import Subject, rows_text
from evisynth.figures.forest.words import model_text
from evisynth.figures.number_text import HARD_SPACE
from evisynth.synthesis.few_rows import FEWEST_ROWS
from evisynth.synthesis.tau_squared import TAU_SQUARED_ESTIMATORS


def model_note(subject: Subject) -> str:
    """Name the model of the pooled estimate and say the estimate."""
    result = subject.result
    if result.method == "bayesian":
        model = "Bayesian random-effects model: posterior median with shortest interval."
    elif result.method in TAU_SQUARED_ESTIMATORS:
        model = model_text(result)
    else:
        model = f"Method: {result.method}."
    return f"Pooled estimate {subject.pooled_words}. {model}".replace(
        "q* ≥ 1", f"q*{HARD_SPACE}≥{HARD_SPACE}1"
    )


def asymmetry_note(row_count: int) -> str:
    """Say what asymmetry may mean, or that so few rows cannot show any."""
    if row_count < FEWEST_ROWS:
        return (
            f"With fewer than {FEWEST_ROWS} rows, asymmetry can hardly be told from chance; "
            "no test of it is shown."
        )
    return "Small studies may differ for reasons other than missing publications."


def beyond_note(effects: Iterable[float], x: EffectAxis) -> str:
    """Say how many rows an axis cannot show; empty when it shows them all."""
    beyond = sum(not x.lower - 1e-9 <= effect <= x.upper + 1e-9 for effect in effects)
    return f"{rows_text(beyond)} beyond the axis." if beyond else ""
