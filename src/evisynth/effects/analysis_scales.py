"""The scale on which each effect measure is pooled; everything else about a scale follows from its name."""

from __future__ import annotations

from collections.abc import Mapping

#: The measures of questions, then metafor's codes. What is not listed is pooled as it stands.
SCALE_OF_MEASURE: Mapping[str, str] = {
    "hazard_ratio": "log",
    "odds_ratio": "log",
    "risk_ratio": "log",
    "median": "log",
    "risk_difference": "identity",
    "survival": "log(-log)",
    "proportion": "logit",
    "HR": "log",
    "OR": "log",
    "PETO": "log",
    "RR": "log",
    "IRR": "log",
    "ROM": "log",
    "PLN": "log",
    "IRLN": "log",
    "PLO": "logit",
    "PAS": "arcsine",
    "ZCOR": "fisher z",
    "IRS": "square root",
}


def scale_of_measure(effect_measure: str | None) -> str:
    """Return the analysis scale of a measure; ``identity`` for one that nobody listed, or for none."""
    return SCALE_OF_MEASURE.get(effect_measure or "", "identity")
