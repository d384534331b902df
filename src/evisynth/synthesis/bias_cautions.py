"""What the judgements and designs of the studies say against an estimate; no number is changed by them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evisynth.outcomes.comparison import Comparison
from evisynth.synthesis.comparability import PooledRow

#: The judgement beyond which ROBINS-I keeps a result out of any synthesis (Sterne et al 2016, BMJ 355:i4919).
CRITICAL = "critical"
_DENIED = re.compile(r"\b(non|not|without|quasi)[- ]?random")
_CHANCE = re.compile("random")
_NO_CHANCE = re.compile(
    r"\b(retrospective|cohort|case[- ]series|case[- ]control|registry|observational|cross-sectional)\b"
)
#: What a tool says of the design of the studies it is made for, where the study file does not say it.
_RANDOMISED_BY_TOOL = {"RoB 2": True, "ROBINS-I": False}


def cautions_of_bias(rows: Sequence[PooledRow]) -> tuple[str, ...]:
    """Name the pooled rows that were judged at critical risk, and say when trials stand beside others."""
    return tuple(caution for caution in (_critical(rows), _mixed_designs(rows)) if caution)


def _critical(rows: Sequence[PooledRow]) -> str | None:
    judged = [
        f"{row.comparison.study} {row.comparison.name} ({assessment.tool})"
        for row in rows
        for assessment in row.comparison.risk_of_bias
        if (assessment.overall.judgement or "").casefold() == CRITICAL
    ]
    if not judged:
        return None
    return (
        f"Judged at critical risk of bias overall, and pooled all the same: {', '.join(judged)}. Results so "
        "judged are not for synthesis."
    )


def _mixed_designs(rows: Sequence[PooledRow]) -> str | None:
    found = {row.comparison.study: is_randomised(row.comparison) for row in rows}
    trials = [study for study, is_trial in found.items() if is_trial]
    others = [study for study, is_trial in found.items() if is_trial is False]
    if not trials or not others:
        return None
    return (
        f"Randomised studies ({', '.join(trials)}) are pooled with studies that are not randomised "
        f"({', '.join(others)}), which may differ for that alone."
    )


def is_randomised(comparison: Comparison) -> bool | None:
    """Whether chance allocated the patients, by the design stated or the tool used; None: not known."""
    design = comparison.design.casefold()
    if _DENIED.search(design):
        return False
    by_chance, otherwise = bool(_CHANCE.search(design)), bool(_NO_CHANCE.search(design))
    if by_chance or otherwise:
        # A retrospective analysis of a randomised trial may be either.
        return None if by_chance and otherwise else by_chance
    by_tool = {
        is_trial
        for assessment in comparison.risk_of_bias
        if (is_trial := _RANDOMISED_BY_TOOL.get(assessment.tool)) is not None
    }
    return by_tool.pop() if len(by_tool) == 1 else None
