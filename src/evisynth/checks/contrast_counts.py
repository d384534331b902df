"""How many comparisons of survival a study prints, and how many with their precision."""

from __future__ import annotations

from typing import NamedTuple

from evisynth.checks.study_view import StudyView
from evisynth.studies.study import ComparisonBlock


class Contrasts(NamedTuple):
    """How many comparisons of survival between two own groups a study prints, and how many precisely."""

    printed: int
    precise: int


def count_contrasts(view: StudyView) -> Contrasts:
    """Count the comparisons of survival between two groups of the study."""
    own = [
        block
        for block in view.study.comparisons
        if view.vocabulary.outcomes[block.outcome].type == "time_to_event"
        and len(block.of) == 2
        and all(view.is_own(group) for group in block.of)
    ]
    return Contrasts(len(own), sum(_is_precise(view, block) for block in own))


def _is_precise(view: StudyView, block: ComparisonBlock) -> bool:
    """Say whether an effect with a standard error follows without knowing the curves."""
    exact_p = False
    hazard_ratio = False
    for one in block.figures:
        quantity = one.figure.quantity
        if quantity.value is None or quantity.qualifier != "=":
            continue
        if one.statistic == "p_value":
            exact_p = 0 < quantity.value < 1
        elif "hazard_ratio" in (one.statistic, block.read_as):
            hazard_ratio = True
            if quantity.ci_lower is not None and quantity.ci_upper is not None:
                return True
    deaths = all(view.find(block.outcome, group, "count") is not None for group in block.of)
    return exact_p and (hazard_ratio or deaths)
