"""Risk of bias behind a row, as judged: by which tool, domain by domain, and overall.

Nothing is computed from it. Every tool known here judges a comparison, so a single arm has no assessment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BiasJudgement:
    """One domain, or ``overall``; ``judgement`` is None where nobody judged it."""

    domain: str
    judgement: str | None
    because: str | None = None
    source_location: str | None = None
    file_location: str | None = None


@dataclass(frozen=True, slots=True)
class BiasAssessment:
    """The judgements of one study by one tool, every domain of the tool in its order.

    ``outcome`` is None for an assessment of every outcome; ``compared_by`` names the split of groups whose
    parts it is about, None for any comparison.
    """

    study: str
    tool: str
    outcome: str | None
    compared_by: str | None
    overall: BiasJudgement
    domains: tuple[BiasJudgement, ...]


def assessments_of_contrast(
    assessments: Sequence[BiasAssessment], split: str | None
) -> tuple[BiasAssessment, ...]:
    """Choose what was judged of a contrast, one assessment a tool.

    Parameters
    ----------
    assessments
        Those of the study that speak of the outcome.
    split
        What parts the two groups of their whole; None when they are not parts of one whole.

    Returns
    -------
    tuple
        The most specific of each tool: one of the outcome before one of every outcome, then one of this
        split before one of any comparison.
    """
    chosen: dict[str, BiasAssessment] = {}
    for one in assessments:
        if one.compared_by is not None and one.compared_by != split:
            continue
        other = chosen.get(one.tool)
        if other is None or _specific(one) > _specific(other):
            chosen[one.tool] = one
    return tuple(chosen.values())


def _specific(assessment: BiasAssessment) -> tuple[bool, bool]:
    return assessment.outcome is not None, assessment.compared_by is not None
