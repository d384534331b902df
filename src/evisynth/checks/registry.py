"""Every check there is, in the order in which people meet them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from evisynth.checks import (
    at_risk,
    claims,
    claims_of_one_group,
    cohort_checks,
    comparison_checks,
    contrasts,
    event_counts,
    external_figures,
    group_sums,
    intervals,
    measurements,
    medians,
    misprints,
    other_whole,
    outcome_order,
    outside_text,
    overlaps,
    p_against_counts,
    p_needs_events,
    p_value_checks,
    proportional_hazards,
    ratio_against_counts,
    ratio_direction,
    repeated_figures,
    reports,
    resected_site,
    risk_of_bias,
    shares,
    survival_rates,
    suspected_overlaps,
    tight_intervals,
)
from evisynth.checks.check import Check, Scope
from evisynth.errors import UnknownNameError

#: The checks that need nothing but the study files.
_OF_FILES: tuple[Check, ...] = (
    *group_sums.CHECKS,
    *resected_site.CHECKS,
    *shares.CHECKS,
    *other_whole.CHECKS,
    *measurements.CHECKS,
    *survival_rates.CHECKS,
    *at_risk.CHECKS,
    *medians.CHECKS,
    *event_counts.CHECKS,
    *outcome_order.CHECKS,
    *proportional_hazards.CHECKS,
    *intervals.CHECKS,
    *tight_intervals.CHECKS,
    *ratio_direction.CHECKS,
    *ratio_against_counts.CHECKS,
    *p_against_counts.CHECKS,
    *p_needs_events.CHECKS,
    *p_value_checks.CHECKS,
    *comparison_checks.CHECKS,
    *outside_text.CHECKS,
    *claims.CHECKS,
    *claims_of_one_group.CHECKS,
    *external_figures.CHECKS,
    *cohort_checks.CHECKS,
    *repeated_figures.CHECKS,
    *misprints.CHECKS,
    *contrasts.CHECKS,
    *overlaps.CHECKS,
    *suspected_overlaps.CHECKS,
    *reports.CHECKS,
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
