"""The scale on which each effect measure is pooled; everything else about a scale follows from its name."""

from __future__ import annotations

from collections.abc import Mapping

from evisynth.effects.effect import Scale

#: The scale on which each measure of a question is recovered and pooled.
ANALYSIS_SCALES: Mapping[str, Scale] = {
    "hazard_ratio": "log",
    "odds_ratio": "log",
    "risk_ratio": "log",
    "median": "log",
    "risk_difference": "identity",
    "survival": "log(-log)",
    "proportion": "logit",
}

#: The same for metafor's codes; what is not listed is pooled as it stands.
CODE_SCALES: Mapping[str, str] = {
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
    name = effect_measure or ""
    return ANALYSIS_SCALES.get(name) or CODE_SCALES.get(name, "identity")
