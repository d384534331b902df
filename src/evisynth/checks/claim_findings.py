"""What the checks of claims share: how a claim is named in a finding, and a small study that makes one."""

from __future__ import annotations

from evisynth.checks.check import Found
from evisynth.checks.study_view import StudyView
from evisynth.studies.study import Claim

SAID = {"benefit": "a benefit", "little effect": "little effect", "no difference": "no difference"}


def outcome_name(view: StudyView, claim: Claim) -> str:
    """Name the outcome of a claim."""
    return view.vocabulary.outcomes[claim.outcome].label.lower()


def claim_found(claim: Claim, message: str, numbers: str = "") -> Found:
    """Tell something of a claim, with the groups and numbers it speaks of."""
    groups = ", ".join(filter(None, (claim.index, claim.reference, *claim.order)))
    about = f"{claim.kind} in {claim.outcome} of {groups}" + (f": {numbers}" if numbers else "")
    return Found(claim.line, claim.column, message, about)


def has_figures(view: StudyView, claim: Claim, group: str | None) -> bool:
    """Say whether a group, or a part of it, has figures of the outcome claimed."""
    return group is not None and any(
        view.figures_of(claim.outcome, name) and view.is_part_of(name, group) for name in view.study.groups
    )


def claim_example(
    claim: str, yes: str = "median: 90 months", no: str = "median: 60 months", p: str = "", design: str = ""
) -> str:
    """Write a small study of two groups with one claim."""
    cohort = f"cohort: {{design: {design}}}\n" if design else ""
    rows = "".join(f"      {name}: {{{figure}}}\n" for name, figure in (("yes", yes), ("no", no)) if figure)
    outcomes = (
        "outcomes:\n  - outcome: OS\n    starts: operation\n    at: line 2\n    values:\n" + rows
        if rows
        else ""
    )
    compare = (
        f"comparisons:\n  - {{outcome: OS, of: [yes, no], p: {p}, basis: stated, at: line 3}}\n" if p else ""
    )
    return (
        f"{cohort}groups:\n  all: {{label: All, n: 120, at: line 1}}\n"
        "  yes: {label: Resected, n: 60, of: all, by: resection, at: line 1}\n"
        "  no: {label: Not resected, n: 60, of: all, by: resection, at: line 1}\n"
        f"{outcomes}{compare}claims:\n  - {{{claim}, at: line 4}}\n"
    )


PAIR = "outcome: OS, index: yes, reference: no"


TRIAL = "randomised trial"
