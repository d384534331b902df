"""An absolute effect as plain values and as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evisynth.arithmetic.time_words import time_words
from evisynth.synthesis.absolute_effect import AbsoluteEffect


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
        "difference_per_1000": absolute.difference_per_1000,
        "difference_lower_per_1000": absolute.difference_lower_per_1000,
        "difference_upper_per_1000": absolute.difference_upper_per_1000,
    }


def absolute_words(values: Mapping[str, Any]) -> str:
    """Say an absolute effect, given as plain values, as a reader of a summary of findings knows it."""
    when = time_words(values["time_months"])
    without = (
        f"{_patients(values['baseline_survival'])} are without the event at {when} in the reference group"
    )
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
