"""Checks of claims that compare groups: a benefit, a ranking, no difference, against the printed figures."""

from __future__ import annotations

import math
from itertools import pairwise

from evisynth.arithmetic import log_rank_variance, z_from_two_sided_p
from evisynth.checks.check import FINE, Check, Outcomes
from evisynth.checks.rules.claims_of_one_group import (
    PAIR,
    SAID,
    TRIAL,
    claim_example,
    claim_found,
    has_figures,
    outcome_name,
)
from evisynth.checks.rules.favours import figure_worse_than
from evisynth.checks.rules.p_values import p_interval, p_text
from evisynth.checks.study_view import Reported, StudyView
from evisynth.quantities import Quantity
from evisynth.studies import Claim, ComparisonBlock, Figure
from evisynth.wording import counted, listed


def check_ranking(view: StudyView) -> Outcomes:
    """Compare a ranking in words with the figures of the groups ranked."""
    for claim in view.study.claims:
        if claim.kind != "ranking":
            continue
        more_is_better = view.vocabulary.outcomes[claim.outcome].higher_is_better("absence")
        if more_is_better is None:
            continue
        medians = [view.median(claim.outcome, group) for group in claim.order]
        ranked = [one for one in medians if one is not None]
        if len(ranked) == len(claim.order):
            wrong = [
                (better, worse)
                for better, worse in pairwise(ranked)
                if ((better.quantity.value or 0.0) < (worse.quantity.value or 0.0)) == more_is_better
                and better.quantity.value != worse.quantity.value
            ]
        else:
            pairs = [figure_worse_than(view, claim.outcome, *two) for two in pairwise(claim.order)]
            wrong = [pair for pair in pairs if pair is not None]
            ranked = list(wrong[0]) if wrong else []
        if not wrong:
            yield FINE
            continue
        better, worse = wrong[0]
        message = (
            f"'{better.group}' is ranked above '{worse.group}' in {outcome_name(view, claim)}, but has "
            f"{better.quantity.as_reported} against {worse.quantity.as_reported}{_if_centred(better, worse)}"
        )
        numbers = ", ".join(one.quantity.as_reported for one in ranked)
        yield claim_found(claim, message, numbers)


def _if_centred(better: Reported, worse: Reported) -> str:
    """Say when the ranking would hold with a value at the centre of its own interval."""
    lower, upper = better.quantity.ci_lower, better.quantity.ci_upper
    if lower is None or upper is None or (lower + upper) / 2 <= (worse.quantity.value or 0.0):
        return ""
    return f"; it would hold with {(lower + upper) / 2:g}, the centre of the interval of '{better.group}'"


def _tests(view: StudyView, claim: Claim) -> list[tuple[ComparisonBlock, Figure]]:
    """Return the p-values that compare what a claim sets side by side, else those of parts of both."""
    if claim.index is None or claim.reference is None:
        return []
    index, reference = claim.index, claim.reference
    found = []
    for comparison, p in view.p_verdicts():
        if comparison.outcome != claim.outcome or len(comparison.of) != 2:
            continue
        first, second = comparison.of
        for one, other in ((first, second), (second, first)):
            if view.is_part_of(one, index) and view.is_part_of(other, reference):
                found.append((comparison, p.figure))
                break
    # Where the very two are compared, their parts, such as matched patients, are another question.
    own = [test for test in found if set(test[0].of) == {index, reference}]
    return own or found


def check_no_difference(view: StudyView) -> Outcomes:
    """Look for non-significant results that are read as sameness."""
    for claim in view.study.claims:
        if claim.kind not in ("no difference", "little effect"):
            continue
        tests = [(block, p.quantity) for block, p in _tests(view, claim) if _may_be_chance(p.quantity)]
        if not tests:
            yield FINE
            continue
        printed = [p_text(p) for _, p in tests]
        message = (
            f"{SAID[claim.kind]} in {outcome_name(view, claim)} between '{claim.index}' and "
            f"'{claim.reference}' rests on "
            f"{listed(printed)}: not significant is not the same{_still_possible(view, *tests[0])}"
        )
        yield claim_found(claim, message, " and ".join(printed))


def _may_be_chance(p: Quantity) -> bool:
    return p.state == "not_significant" or (p.value is not None and p_interval(p)[1] > 0.05)


def _still_possible(view: StudyView, comparison: ComparisonBlock, p: Quantity) -> str:
    """Say which hazard ratio a p-value comes from when every patient had the event."""
    sizes = [view.size(group) for group in comparison.of]
    most = [size.most for size in sizes if size is not None and size.known]
    if len(most) < 2 or min(most) <= 0 or not p.value or p.value >= 1 or comparison.adjusted_for:
        return ""
    if view.vocabulary.outcomes[comparison.outcome].type != "time_to_event":
        return ""
    patients = view.most_together(*comparison.of) or sum(most)
    ratio = math.exp(z_from_two_sided_p(p.value) / math.sqrt(log_rank_variance(patients, *most)))
    parts = f" ({listed(most)})" if sum(most) == patients else ""
    return (
        f"; with {counted(patients, 'patient')}{parts} {p_text(p)} is what a "
        "hazard ratio of "
        f"{ratio:.2f} gives if all died, a larger one if fewer did"
    )


def check_claim_untested(view: StudyView) -> Outcomes:
    """Look for claims about two groups that nothing printed compares."""
    for claim in view.study.claims:
        if claim.kind not in SAID or claim.index is None or claim.reference is None:
            continue
        if _tests(view, claim) or _has_ratio(view, claim):
            yield FINE
            continue
        if has_figures(view, claim, claim.index) and has_figures(view, claim, claim.reference):
            yield FINE
            continue
        message = (
            f"{SAID[claim.kind]} in {outcome_name(view, claim)} between '{claim.index}' and "
            f"'{claim.reference}' is claimed, "
            f"but nothing printed compares them{_tested_instead(view, claim)}"
        )
        yield claim_found(claim, message)


def _has_ratio(view: StudyView, claim: Claim) -> bool:
    return any(
        block.outcome == claim.outcome and {claim.index, claim.reference} <= set(block.of)
        for block in view.study.comparisons
    )


def _tested_instead(view: StudyView, claim: Claim) -> str:
    others = [
        f"{view.vocabulary.outcomes[block.outcome].label.lower()} ({p_text(p.figure.quantity)})"
        for block, p in view.p_values()
        if {claim.index, claim.reference} <= set(block.of) and block.outcome != claim.outcome
    ]
    return f"; only {listed(others)} does" if others else ""


def check_claim_without_test(view: StudyView) -> Outcomes:
    """Look for claims about two groups whose figures are printed and never tested."""
    for claim in view.study.claims:
        if claim.kind not in SAID or claim.index is None or claim.reference is None:
            continue
        if _tests(view, claim) or _has_ratio(view, claim):
            yield FINE
            continue
        if has_figures(view, claim, claim.index) and has_figures(view, claim, claim.reference):
            message = (
                f"{SAID[claim.kind]} in {outcome_name(view, claim)} between '{claim.index}' and "
                f"'{claim.reference}' is read "
                "off the figures: no p-value or interval is printed for it"
            )
            yield claim_found(claim, message)


def check_claim_against_p(view: StudyView) -> Outcomes:
    """Look for claims that the p-value of the very comparison contradicts."""
    for claim in view.study.claims:
        if claim.kind not in SAID:
            continue
        for comparison, figure in _tests(view, claim):
            lower, upper = p_interval(figure.quantity)
            contradicted = lower >= 0.05 if claim.kind == "benefit" else _is_below(figure.quantity, upper)
            if not contradicted:
                yield FINE
                continue
            between = listed(f"'{group}'" for group in comparison.of)
            if {claim.index, claim.reference} == set(comparison.of):
                between = "the two"
            message = (
                f"{SAID[claim.kind]} in {outcome_name(view, claim)} is claimed for '{claim.index}' against "
                f"'{claim.reference}', with {p_text(figure.quantity)} between {between}"
            )
            yield claim_found(claim, message, p_text(figure.quantity))


def _is_below(p: Quantity, upper: float) -> bool:
    return upper < 0.05 or p.state == "significant"


def check_claim_against_figures(view: StudyView) -> Outcomes:
    """Look for benefits claimed for the group with the worse figures."""
    for claim in view.study.claims:
        if claim.kind != "benefit" or claim.index is None or claim.reference is None:
            continue
        worse = figure_worse_than(view, claim.outcome, claim.index, claim.reference)
        if worse is None:
            yield FINE
            continue
        one, other = worse
        message = (
            f"a benefit in {outcome_name(view, claim)} is claimed for '{claim.index}', whose "
            f"{one.statistic} is "
            f"{one.quantity.as_reported} against {other.quantity.as_reported} in '{claim.reference}'"
        )
        yield claim_found(claim, message, f"{one.quantity.as_reported} and {other.quantity.as_reported}")


def check_observational_benefit(view: StudyView) -> Outcomes:
    """Look for effects claimed from groups that were not allocated by chance."""
    design = (view.study.cohort.design or "").lower()
    for claim in view.study.claims:
        if claim.kind not in ("benefit", "little effect") or claim.comparator != "concurrent":
            continue
        if "random" in design and "non-random" not in design and "nonrandom" not in design:
            yield FINE
            continue
        reference = "other patients of the study" if claim.reference is None else f"'{claim.reference}'"
        message = (
            f"{SAID[claim.kind]} in {outcome_name(view, claim)} is claimed for '{claim.index}' against "
            f"{reference}: patients were not allocated by chance, so whatever else sets them apart "
            "is part of it"
        )
        yield claim_found(claim, message)


CHECKS = (
    Check(
        code="ranking-against-figures",
        level="warning",
        title="A ranking that the figures do not follow",
        applies_when="groups are ranked in words and have medians, or other like figures",
        test="Each group's median is no worse than that of the next; where one is missing, rates and shares "
        "are compared, rounding allowed for.",
        fix="compare the ranking and every figure with the source",
        failing=claim_example("kind: ranking, outcome: OS, order: [no, yes]"),
        passing=claim_example("kind: ranking, outcome: OS, order: [yes, no]"),
        run=check_ranking,
    ),
    Check(
        code="not-significant-is-not-equal",
        level="note",
        title="A result that is not significant, read as sameness",
        applies_when="no difference, or little effect, is claimed between two groups",
        test="It does not rest on a p-value above 0.05, which shows too few patients as easily as no effect.",
        formula="|log HR| = z_p / sqrt(D r1 r0/N^2) with D = N",
        fix="nothing to mend",
        failing=claim_example(f"kind: no difference, {PAIR}, comparator: concurrent", p="0.10"),
        passing=claim_example(f"kind: benefit, {PAIR}, comparator: concurrent", p="0.01", design=TRIAL),
        run=check_no_difference,
    ),
    Check(
        code="claim-without-comparison",
        level="warning",
        title="A claim about groups that nothing compares",
        applies_when="a benefit, little effect or no difference is claimed between two groups",
        test="A test, a ratio, or figures of both groups (or of parts of both) stand behind it.",
        fix="type the comparison if the source prints it; else nothing to mend",
        failing=claim_example(f"kind: no difference, {PAIR}", yes="median: 90 months", no=""),
        passing=claim_example(f"kind: benefit, {PAIR}", p="0.01"),
        run=check_claim_untested,
    ),
    Check(
        code="claim-without-test",
        level="note",
        title="A claim read off two figures",
        applies_when="a benefit, little effect or no difference is claimed between two groups with figures",
        test="A p-value or a ratio is printed for it.",
        fix="type the comparison if the source prints it; else nothing to mend",
        failing=claim_example(f"kind: benefit, {PAIR}"),
        passing=claim_example(f"kind: benefit, {PAIR}", p="0.01"),
        run=check_claim_without_test,
    ),
    Check(
        code="claim-against-p",
        level="warning",
        title="A claim that its own p-value contradicts",
        applies_when="a benefit, little effect or no difference is claimed between groups with a p-value",
        test="A benefit goes with p below 0.05, no difference with p above.",
        fix="look at the claim, its groups and the p-value again",
        failing=claim_example(f"kind: benefit, {PAIR}", p="0.30"),
        passing=claim_example(f"kind: benefit, {PAIR}", p="0.01"),
        run=check_claim_against_p,
    ),
    Check(
        code="claim-against-figures",
        level="warning",
        title="A benefit for the group that did worse",
        applies_when="a benefit is claimed for one of two groups with figures",
        test="Some figure of that group is better than the other's, or none is worse.",
        fix="look at index: and reference: again",
        failing=claim_example("kind: benefit, outcome: OS, index: no, reference: yes", p="0.01"),
        passing=claim_example(f"kind: benefit, {PAIR}", p="0.01"),
        run=check_claim_against_figures,
    ),
    Check(
        code="observational-effect",
        level="note",
        title="An effect claimed from selected patients",
        applies_when="an effect is claimed from concurrent groups",
        test="Patients were allocated by chance; else selection and the time lived until treatment are "
        "part of it.",
        fix="nothing to mend; say cohort: design: when it was a randomised trial",
        failing=claim_example(
            f"kind: benefit, {PAIR}, comparator: concurrent", p="0.01", design="retrospective"
        ),
        passing=claim_example(f"kind: benefit, {PAIR}, comparator: concurrent", p="0.01", design=TRIAL),
        run=check_observational_benefit,
    ),
)
