"""How each effect measure is shown: its words, its analysis scale, its axis, its line of no effect.

Ratios stand on a log axis. What a patient is told as it is (survival, shares, months) stands on a plain
axis, so that distances are months or percentage points. It starts at 0, unless all shares are near 100%.
Such measures have no line of no effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

AxisKind = Literal["ratio", "percent", "months", "difference", "amount"]


@dataclass(frozen=True, slots=True)
class MeasureDisplay:
    """The words and the axis of an effect measure; ``null`` is the natural value of no effect."""

    name: str
    scale: str
    axis: AxisKind
    null: float | None = None

    @property
    def unit(self) -> str:
        """What follows the name in a heading."""
        return {"percent": ", %", "months": ", months"}.get(self.axis, "")


def _ratio(name: str) -> MeasureDisplay:
    return MeasureDisplay(name, "log", "ratio", null=1.0)


def _difference(name: str) -> MeasureDisplay:
    return MeasureDisplay(name, "identity", "difference", null=0.0)


#: The measures of questions, then metafor's codes.
MEASURES: Mapping[str, MeasureDisplay] = {
    "hazard_ratio": _ratio("Hazard ratio"),
    "odds_ratio": _ratio("Odds ratio"),
    "risk_ratio": _ratio("Risk ratio"),
    "risk_difference": _difference("Risk difference"),
    "survival": MeasureDisplay("Survival", "log(-log)", "percent"),
    "median": MeasureDisplay("Median", "log", "months"),
    "proportion": MeasureDisplay("Proportion", "logit", "percent"),
    "HR": _ratio("Hazard ratio"),
    "OR": _ratio("Odds ratio"),
    "PETO": _ratio("Peto odds ratio"),
    "RR": _ratio("Risk ratio"),
    "IRR": _ratio("Rate ratio"),
    "ROM": _ratio("Ratio of means"),
    "RD": _difference("Risk difference"),
    "MD": _difference("Mean difference"),
    "SMD": _difference("Standardised mean difference"),
    "SMDH": _difference("Standardised mean difference"),
    "AS": _difference("Arcsine difference"),
    "IRD": _difference("Rate difference"),
    "IRSD": _difference("Difference of root rates"),
    "COR": _difference("Correlation"),
    "ZCOR": MeasureDisplay("Correlation", "fisher z", "difference", null=0.0),
    "PR": MeasureDisplay("Proportion", "identity", "percent"),
    "PLN": MeasureDisplay("Proportion", "log", "percent"),
    "PLO": MeasureDisplay("Proportion", "logit", "percent"),
    "PAS": MeasureDisplay("Proportion", "arcsine", "percent"),
    "IR": MeasureDisplay("Rate", "identity", "amount"),
    "IRLN": MeasureDisplay("Rate", "log", "amount"),
    "IRS": MeasureDisplay("Rate", "square root", "amount"),
}

#: Shown when nobody said what the numbers are: they stand as they are, with 0 as the line of no effect.
UNNAMED = _difference("Estimate")


def measure_display(
    effect_measure: str | None, scale: str | None = None, time_months: float | None = None
) -> MeasureDisplay:
    """Find how a measure is shown.

    ``scale`` is the analysis scale when the caller knows it; ``time_months`` puts the time into the name
    of a survival rate. A measure nobody listed is shown under its own name, untransformed.
    """
    if effect_measure is None:
        display = UNNAMED
    else:
        words = effect_measure.replace("_", " ")
        display = MEASURES.get(effect_measure, _difference(words[:1].upper() + words[1:]))
    if time_months is not None and effect_measure == "survival":
        display = replace(display, name=f"{time_adjective(time_months)} survival")
    return display if scale is None else replace(display, scale=scale)


def time_adjective(time_months: float) -> str:
    """Say a time as an adjective: ``5-year``, ``18-month``, ``30-day``."""
    years = time_months / 12
    if years >= 1 and abs(years - round(years)) < 1e-6:
        return f"{round(years)}-year"
    if abs(time_months - round(time_months)) < 1e-6:
        return f"{round(time_months)}-month"
    days = time_months * 30.4375
    return f"{round(days)}-day" if abs(days - round(days)) < 1e-3 else f"{time_months:.3g}-month"
