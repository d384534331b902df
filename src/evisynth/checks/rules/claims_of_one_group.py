"""Checks of claims about one group: a risk, a frequency, a recommendation, and what they rest on."""

from __future__ import annotations

import re

from evisynth.checks.check import FINE, Check, Found, Outcomes, about_words
from evisynth.checks.study_view import StudyView, is_point
from evisynth.printed_statistics import STATISTICS
from evisynth.studies import Claim, ComparisonBlock
from evisynth.wording import counted, listed

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


#: A share of patients harmed that nobody would call low without saying compared with what.
_NOT_LOW = 0.10


def check_benefit_alone(view: StudyView) -> Outcomes:
    """Look for benefits claimed without anything to compare with."""
    for claim in view.study.claims:
        if claim.kind != "benefit":
            continue
        if claim.comparator != "none":
            yield FINE
            continue
        message = (
            f"a benefit in {outcome_name(view, claim)} is claimed for '{claim.index}' without a comparator"
        )
        yield claim_found(claim, message)


def check_recommendation(view: StudyView) -> Outcomes:
    """Look for recommendations that rest on groups that were not allocated by chance."""
    design = (view.study.cohort.design or "").lower()
    for claim in view.study.claims:
        if claim.kind != "recommendation":
            continue
        if "random" in design and "non-random" not in design and "nonrandom" not in design:
            yield FINE
            continue
        evidence = f"observational evidence of {outcome_name(view, claim)}"
        message = f"treatment of '{claim.index}' is recommended on {evidence}"
        yield claim_found(claim, message)


def check_low_risk(view: StudyView) -> Outcomes:
    """Compare a risk that is called low with the figure printed for it."""
    for claim in view.study.claims:
        if claim.kind != "low risk":
            continue
        shares = [
            one
            for one in view.figures_of(claim.outcome, claim.index or "")
            if one.statistic in ("proportion", "cumulative_incidence") and is_point(one.quantity)
        ]
        high = [one for one in shares if (one.quantity.value or 0.0) >= _NOT_LOW]
        if not high:
            yield FINE
            continue
        printed = high[0].quantity.as_reported
        message = f"the risk of {outcome_name(view, claim)} in '{claim.index}' is called low, at {printed}"
        yield claim_found(claim, message, printed)


def check_frequency(view: StudyView) -> Outcomes:
    """Look for frequencies said in words that no figure backs."""
    for claim in view.study.claims:
        if claim.kind != "frequency":
            continue
        if has_figures(view, claim, claim.index):
            yield FINE
            continue
        said = f"'{claim.wording}'" if claim.wording else "said to be frequent or rare"
        message = f"{outcome_name(view, claim)} of '{claim.index}' is {said}, and no figure is printed for it"
        yield claim_found(claim, message)


def check_threshold(view: StudyView) -> Outcomes:
    """Look for thresholds that are both what was done and what is credited."""
    for claim in view.study.claims:
        if claim.kind != "threshold is exposure and outcome":
            continue
        message = (
            f"the threshold that defines '{claim.index}' is the aim of treatment, its result, and the "
            "group whose "
            f"{outcome_name(view, claim)} is compared: those who reach it differ in more than treatment"
        )
        yield claim_found(claim, message)


def _is_of_factor(view: StudyView, claim: Claim, block: ComparisonBlock) -> bool:
    """Say whether a comparison is of a factor named, by its split and by what its groups do not share."""
    groups = [view.group(name) for name in block.of]
    labels = [_words(group.label) for group in groups]
    shared = set.intersection(*labels) if len(labels) > 1 else set()
    said = [block.by, block.per, *(group.by for group in groups)]
    words = _words(" ".join(filter(None, said))) | set().union(*labels) - shared
    return bool(_words(" ".join(claim.factors)) & words)


def _words(text: str) -> set[str]:
    """Return the words of a text by their first letters: resected is resection, Ki-67 is one word."""
    found = re.findall(r"[^\W_]{3,}", text.lower().replace("-", ""))
    return {word[:5] for word in found} - {"not", "the", "and", "with", "than", "more", "less"}


def check_risk_factors(view: StudyView) -> Outcomes:
    """Look for risk factors named where no ratio of the outcome is printed, or fewer than factors."""
    for claim in view.study.claims:
        if claim.kind != "risk factor":
            continue
        given = [
            one
            for block in view.study.comparisons
            if block.outcome == claim.outcome and _is_of_factor(view, claim, block)
            for one in block.figures
            if STATISTICS[one.statistic].is_ratio and one.figure.quantity.state == "reported"
        ]
        if len(given) >= len(claim.factors):
            yield FINE
            continue
        message = (
            f"{counted(len(claim.factors), 'factor')} of {outcome_name(view, claim)} named "
            f"({listed(claim.factors)}), "
            f"{counted(len(given), 'ratio')} printed"
        )
        numbers = about_words(one.figure.quantity.as_reported for one in given) or "no ratio"
        yield Found(claim.line, claim.column, message, f"{about_words(claim.factors)}: {numbers}")


CHECKS = (
    Check(
        code="benefit-without-comparator",
        level="warning",
        title="A benefit without a comparator",
        applies_when="a benefit is claimed",
        test="The claim compares with something.",
        fix="nothing to mend",
        failing=claim_example("kind: benefit, outcome: OS, index: all, comparator: none"),
        passing=claim_example(f"kind: benefit, {PAIR}, comparator: concurrent", p="0.01"),
        run=check_benefit_alone,
    ),
    Check(
        code="recommendation-from-observation",
        level="note",
        title="A recommendation from selected patients",
        applies_when="a treatment is recommended",
        test="Patients were allocated by chance.",
        fix="nothing to mend; say cohort: design: when it was a randomised trial",
        failing=claim_example("kind: recommendation, outcome: OS, index: yes", design="retrospective"),
        passing=claim_example("kind: recommendation, outcome: OS, index: yes", design=TRIAL),
        run=check_recommendation,
    ),
    Check(
        code="low-risk-against-figure",
        level="note",
        title="A risk called low that is not",
        applies_when="a risk is called low and a share is printed for it",
        test="The share is below 10%.",
        fix="nothing to mend",
        failing=claim_example("kind: low risk, outcome: major complications, index: all").replace(
            "outcomes:\n",
            "outcomes:\n  - {outcome: major complications, at: line 2, values: {all: {proportion: 20%}}}\n",
        ),
        passing=claim_example("kind: low risk, outcome: major complications, index: all").replace(
            "outcomes:\n",
            "outcomes:\n  - {outcome: major complications, at: line 2, values: {all: {proportion: 2.5%}}}\n",
        ),
        run=check_low_risk,
    ),
    Check(
        code="frequency-without-figure",
        level="note",
        title="A frequency in words only",
        applies_when="a frequency is said in words",
        test="A figure of that outcome is printed for the group.",
        fix="type the figure if the source prints it; else nothing to mend",
        failing=claim_example("kind: frequency, outcome: recurrence, index: all, wording: nearly universal"),
        passing=claim_example("kind: frequency, outcome: OS, index: all, wording: long"),
        run=check_frequency,
    ),
    Check(
        code="threshold-is-exposure-and-outcome",
        level="note",
        title="A threshold that is both exposure and outcome",
        applies_when="the file says that a threshold is what was aimed at, what was reached, and what is "
        "compared",
        test="Tells it: such a comparison carries immortal time, and favours those who could be treated.",
        fix="nothing to mend",
        failing=claim_example("kind: threshold is exposure and outcome, outcome: OS, index: yes"),
        passing=claim_example(f"kind: benefit, {PAIR}", p="0.01"),
        run=check_threshold,
    ),
    Check(
        code="factors-without-ratios",
        level="note",
        title="Risk factors named without their ratios",
        applies_when="risk factors are named",
        test="At least as many ratios of the outcome are printed as factors are named.",
        fix="type the ratios if the source prints them; else nothing to mend",
        failing=claim_example("kind: risk factor, outcome: OS, factors: [age, site]"),
        passing=claim_example("kind: risk factor, outcome: OS, factors: [resection]", p="0.01").replace(
            "p: 0.01", "hazard_ratio: 0.62, p: 0.01"
        ),
        run=check_risk_factors,
    ),
)
