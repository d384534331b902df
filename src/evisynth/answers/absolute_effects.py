"""A hazard ratio told as patients: of 1,000, those without the event at a time, with treatment and without.

The survival of the reference group at that time, the baseline, is stated by the question; the hazard ratio
is applied to it as if hazards were proportional. A hazard ratio is not a ratio of risks: ratio times risk is
another, wrong number.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evisynth.arithmetic import letters, power
from evisynth.effects import Equation, Working
from evisynth.errors import InvalidDataError
from evisynth.measures import question_measure
from evisynth.outcomes import Baseline, Question
from evisynth.wording import time_words

_PER = 1000


@dataclass(frozen=True, slots=True)
class AbsoluteEffect:
    """Survival with the treatment at the time of the baseline, with the limits that those of the ratio give.

    ``difference_per_1000`` is with less without, positive when more survive.
    """

    baseline: Baseline
    survival: float
    survival_lower: float
    survival_upper: float
    working: Working

    @property
    def difference_per_1000(self) -> float:
        """How many more of 1,000 are without the event."""
        return _PER * (self.survival - self.baseline.survival)

    @property
    def difference_lower_per_1000(self) -> float:
        """The lower limit of the difference; the baseline is taken as known."""
        return _PER * (self.survival_lower - self.baseline.survival)

    @property
    def difference_upper_per_1000(self) -> float:
        """The upper limit of the difference; the baseline is taken as known."""
        return _PER * (self.survival_upper - self.baseline.survival)


def survival_with_treatment(baseline_survival: float, log_hazard_ratio: float) -> float:
    r"""Return the survival of the index group at the time of the baseline.

    .. math::
        S_1(t) = S_0(t)^{HR}

    Parameters
    ----------
    baseline_survival : float
        Survival of the reference group at t, between 0 and 1.
    log_hazard_ratio : float
        Index against reference; an infinite one gives 0 or 1.

    Raises
    ------
    InvalidDataError
        When the baseline is not between 0 and 1, both excluded.

    References
    ----------
    Skoetz et al 2020, doi:10.1016/j.jclinepi.2019.10.015.
    """
    if not 0 < baseline_survival < 1:
        raise InvalidDataError(
            f"a baseline survival of {baseline_survival:g} leaves nothing to change: give one between 0 and 1"
        )
    # exp overflows beyond 709; such a ratio leaves no survivor.
    ratio = math.exp(log_hazard_ratio) if log_hazard_ratio < 700 else math.inf
    return math.pow(baseline_survival, ratio)


def absolute_effect(
    baseline: Baseline, log_hazard_ratio: float, ci_lower: float, ci_upper: float
) -> AbsoluteEffect:
    """Apply a log hazard ratio and the limits of its interval to a baseline.

    The upper limit of the ratio gives the lower limit of survival.
    """
    s0, ratio = letters("S0 HR")
    return AbsoluteEffect(
        baseline=baseline,
        survival=survival_with_treatment(baseline.survival, log_hazard_ratio),
        survival_lower=survival_with_treatment(baseline.survival, ci_upper),
        survival_upper=survival_with_treatment(baseline.survival, ci_lower),
        working=Working(
            "survival without the treatment is raised to the power of the hazard ratio",
            (Equation("S1", power(s0, ratio), "estimate"),),
            (("S0", baseline.survival), ("HR", math.exp(min(log_hazard_ratio, 700.0)))),
            (("S0", "survival, reference group"), ("S1", "survival, index group"), ("HR", "hazard ratio")),
        ),
    )


def absolute_effect_of(
    question: Question, estimate: float | None, ci_lower: float | None, ci_upper: float | None
) -> AbsoluteEffect | None:
    """Tell an estimate of a question as patients, None when the question states no baseline."""
    if question.baseline is None or not question_measure(question.effect_measure).proportional_hazards:
        return None
    if estimate is None or ci_lower is None or ci_upper is None:
        return None
    return absolute_effect(question.baseline, estimate, ci_lower, ci_upper)


def absolute_as_json(absolute: AbsoluteEffect | None) -> dict[str, Any] | None:
    """Give an absolute effect as values that JSON can hold; shares are proportions, differences patients."""
    if absolute is None:
        return None
    return {
        "baseline_survival": absolute.baseline.survival,
        "time_months": absolute.baseline.time_months,
        "baseline_from": absolute.baseline.source,
        "survival": absolute.survival,
        "survival_lower": absolute.survival_lower,
        "survival_upper": absolute.survival_upper,
        "are": absolute.baseline.event.state_without,
        "difference_per_1000": absolute.difference_per_1000,
        "difference_lower_per_1000": absolute.difference_lower_per_1000,
        "difference_upper_per_1000": absolute.difference_upper_per_1000,
    }


def absolute_words(values: Mapping[str, Any]) -> str:
    """Say an absolute effect, given as plain values, as a reader of a summary of findings knows it."""
    when = time_words(values["time_months"])
    without = f"{_patients(values['baseline_survival'])} are {values['are']} at {when} in the reference group"
    span = f"{_patients(values['survival_lower'])} to {_patients(values['survival_upper'])}"
    more, *limits = (_more(values[f"difference{limit}_per_1000"]) for limit in ("", "_lower", "_upper"))
    return (
        f"of 1,000 patients, {without} ({values['baseline_from']}) and {_patients(values['survival'])} "
        f"({span}) in the index group: {more} ({' to '.join(limits)})"
    )


def _patients(share: float) -> str:
    return f"{1000 * share:,.0f}"


def _more(difference: float) -> str:
    count = round(abs(difference))
    if not count:
        return "no difference"
    return f"{count:,} {'more' if difference > 0 else 'fewer'}"
