"""The registry of checks, in the order in which people meet them, and those that prove a contradiction.

Figures of a journal article went past a reviewer, who would have asked. Those of a poster or a meeting
abstract did not: where they cannot all be true, every number there is worth less. Roundings, wording, and
p-values that somebody else's reading ties to figures are no contradictions: the checks that speak of those
are not marked ``contradiction``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby
from operator import itemgetter

from evisynth.checks import suspected_overlaps
from evisynth.checks.check import Check, Found, Scope
from evisynth.checks.rules import (
    across_studies,
    at_risk,
    bounds_from_p,
    claims,
    claims_of_one_group,
    cohort,
    compared_in_no_row,
    comparisons,
    contradicted_claims,
    crossing_curves,
    deaths_behind_curves,
    designs,
    difference_direction,
    effect_direction,
    external_figures,
    favours,
    groups,
    groups_formed_later,
    implausible_ratios,
    intervals,
    medians,
    outcome_order,
    p_value_agreement,
    p_value_of_counts,
    p_value_of_means,
    possible_precision,
    printing,
    ratio_triangles,
    ratios,
    risk_of_bias,
    several_ratios,
    shares,
    shares_of_event,
    shares_of_parts,
    survival_rates,
    wholes,
    wide_intervals,
)
from evisynth.errors import UnknownNameError
from evisynth.studies import SourceKind, Study
from evisynth.vocabulary import Vocabulary

#: The checks that need nothing but the study files.
_OF_FILES: tuple[Check, ...] = (
    *groups.CHECKS,
    *wholes.CHECKS,
    *shares.CHECKS,
    *shares_of_parts.CHECKS,
    *survival_rates.CHECKS,
    *at_risk.CHECKS,
    *medians.CHECKS,
    *outcome_order.CHECKS,
    *crossing_curves.CHECKS,
    *deaths_behind_curves.CHECKS,
    *intervals.CHECKS,
    *effect_direction.CHECKS,
    *difference_direction.CHECKS,
    *possible_precision.CHECKS,
    *wide_intervals.CHECKS,
    *implausible_ratios.CHECKS,
    *ratios.CHECKS,
    *several_ratios.CHECKS,
    *ratio_triangles.CHECKS,
    *p_value_of_counts.CHECKS,
    *p_value_agreement.CHECKS,
    *p_value_of_means.CHECKS,
    *comparisons.CHECKS,
    *bounds_from_p.CHECKS,
    *compared_in_no_row.CHECKS,
    *favours.CHECKS,
    *shares_of_event.CHECKS,
    *printing.CHECKS,
    *claims.CHECKS,
    *claims_of_one_group.CHECKS,
    *contradicted_claims.CHECKS,
    *external_figures.CHECKS,
    *cohort.CHECKS,
    *designs.CHECKS,
    *groups_formed_later.CHECKS,
    *across_studies.CHECKS,
    *suspected_overlaps.CHECKS,
    *risk_of_bias.CHECKS,
)


@cache
def every_check() -> tuple[Check, ...]:
    """Return every check; those of source texts are imported only when they are asked for."""
    from evisynth.checks import sources

    return (*_OF_FILES, *sources.CHECKS)


@cache
def by_code() -> Mapping[str, Check]:
    """Return every check under its code."""
    return {check.code: check for check in every_check()}


@cache
def checks_of(scope: Scope) -> tuple[Check, ...]:
    """Return the checks that look at one study, at all of them, or at source texts."""
    known = every_check() if scope == "source" else _OF_FILES
    return tuple(check for check in known if check.scope == scope)


def find_check(code: str) -> Check:
    """Return the check of that code; UnknownNameError suggests near misses."""
    check = by_code().get(code)
    if check is None:
        raise UnknownNameError("check", code, tuple(by_code()))
    return check


#: Kinds of sources that no reviewer has read.
UNREVIEWED: frozenset[SourceKind] = frozenset({"conference abstract", "conference poster", "web capture"})


@cache
def _contradicting() -> tuple[Check, ...]:
    from evisynth.checks.registry import checks_of

    return tuple(check for check in checks_of("study") if check.contradiction)


def percentages_cut_off(study: Study, vocabulary: Vocabulary) -> int:
    """Return how many percentages of a study were cut off instead of rounded, as far as counts tell."""
    from evisynth.checks.study_view import StudyView

    return shares.percentages_cut_off(StudyView(study, vocabulary, told=False))


def internal_contradiction(study: Study, vocabulary: Vocabulary) -> str | None:
    """Say in short words which figures of an unreviewed source contradict each other.

    None for a source that was reviewed, for one whose figures go together, and where a person has looked at
    every such finding and lets it stand.
    """
    if study.source.kind not in UNREVIEWED:
        return None
    found = _found(study, vocabulary, _contradicting(), told=False)
    for check, together in groupby(((check, one) for check, one in found if not one.doubtful), itemgetter(0)):
        # In whatever order the file has them, the same one is named.
        return f"{check.code}: {min(one.about for _, one in together)}"
    return None


def unsettled_figures(study: Study, vocabulary: Vocabulary) -> dict[tuple[int, int], tuple[str, str]]:
    """Return why figures are not used before the reader settles them, and how, by line and column.

    They are those of the findings that name figures which others of the study contradict, but for what a
    person has looked at and lets stand.
    """
    reasons: dict[tuple[int, int], tuple[str, str]] = {}
    unsettling = tuple(check for check in checks_of("study") if check.unsettles)
    for check, found in _found(study, vocabulary, unsettling, told=True):
        for place in found.unsettles:
            reasons.setdefault(place, (found.message, found.fix or check.fix))
    return reasons


def _found(
    study: Study, vocabulary: Vocabulary, checks: tuple[Check, ...], *, told: bool
) -> Iterator[tuple[Check, Found]]:
    """Give what some checks find, but for what the study file acknowledges."""
    from evisynth.checks.study_view import StudyView

    view = StudyView(study, vocabulary, told=told)
    settled = {(entry.finding, entry.about) for entry in study.acknowledged}
    for check in checks:
        for found in check.run(view):
            if found is not None and (check.code, found.about) not in settled:
                yield check, found
