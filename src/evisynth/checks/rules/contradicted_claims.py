"""Checks of what a source says twice: a claim against its own comparison, crude against adjusted answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Literal, NamedTuple

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.rules.claims_of_one_group import PAIR, claim_example, claim_found, outcome_name
from evisynth.checks.rules.difference_direction import more_events
from evisynth.checks.rules.favours import figure_worse_than
from evisynth.checks.rules.p_values import called, p_interval, p_text
from evisynth.checks.study_view import StudyView
from evisynth.printed_statistics import STATISTICS
from evisynth.studies import Claim, ComparisonBlock
from evisynth.wording import listed

Verdict = Literal["significant", "not significant"]


class _Answer(NamedTuple):
    """What a comparison of two groups says: who did better, if that is significant, and in what print."""

    comparison: ComparisonBlock
    winner: str | None
    verdict: Verdict | None
    printed: str


def answer_of(view: StudyView, comparison: ComparisonBlock) -> _Answer:
    """Return what a comparison says, by its favours:, its p-value and the interval of its ratio."""
    winner, printed = _believed_winner(view, comparison), []
    verdict: Verdict | None = None
    for one in comparison.figures:
        quantity = one.figure.quantity
        if one.statistic == "p_value" and (quantity.value is not None or called(quantity)):
            least, most = p_interval(quantity)
            verdict = "significant" if most <= _LEVEL else "not significant" if least >= _LEVEL else verdict
            printed.append(p_text(quantity))
        elif STATISTICS[one.statistic].is_effect and quantity.value is not None:
            winner = winner or _winner_by(view, comparison, more_events(comparison, one))
            null = 1.0 if STATISTICS[one.statistic].is_ratio else 0.0
            if verdict is None and quantity.ci_lower is not None and quantity.ci_upper is not None:
                inside = quantity.ci_lower <= null <= quantity.ci_upper
                verdict = "not significant" if inside else "significant"
            printed.insert(0, quantity.as_reported)
    return _Answer(comparison, winner, verdict, ", ".join(printed))


#: A split into those chosen by matching and the others.
_MATCHED = re.compile(r"\bmatch|propensity", re.IGNORECASE)
#: The level at which sources call a result significant.
_LEVEL = 0.05


def _believed_winner(view: StudyView, comparison: ComparisonBlock) -> str | None:
    """Return the side that a comparison is said to favour, unless the figures of both say otherwise.

    That is told by a check of its own.
    """
    winner, time = comparison.favours, comparison.time_months
    losers = [name for name in comparison.of if name != winner]
    if winner is None or not losers:
        return None
    worse = figure_worse_than(view, comparison.outcome, winner, losers[0], time)
    return winner if worse is None else None


def _winner_by(view: StudyView, comparison: ComparisonBlock, more: bool | None) -> str | None:
    """Return the group that a printed effect favours."""
    wanted = view.vocabulary.outcomes[comparison.outcome].speaks_of.wanted
    if wanted is None or more is None:
        return None
    return comparison.of[0] if more == wanted else comparison.of[1]


def _answers(view: StudyView, outcome: str) -> Iterator[_Answer]:
    for comparison in view.study.comparisons:
        if comparison.outcome == outcome and len(comparison.of) == 2 and comparison.per is None:
            yield answer_of(view, comparison)


def check_claim_against_comparison(view: StudyView) -> Outcomes:
    """Look for benefits claimed for the side that a comparison of the study says did worse."""
    for claim in view.study.claims:
        if claim.kind != "benefit" or claim.index is None or claim.reference is None:
            continue
        of_pair = [one for one in _answers(view, claim.outcome) if _is_of(view, claim, one.comparison)]
        told = [one for one in of_pair if one.winner is not None and one.verdict != "not significant"]
        against = [one for one in told if not view.is_part_of(one.winner or "", claim.index)]
        if figure_worse_than(view, claim.outcome, claim.index, claim.reference) is not None:
            continue  # told by the check of figures
        if not against:
            if of_pair:
                yield FINE
            continue
        said = listed(f"'{one.winner}' ({one.printed or 'no number'})" for one in against)
        message = (
            f"a benefit in {outcome_name(view, claim)} is claimed for '{claim.index}' against "
            f"'{claim.reference}', and the study's own comparison is in favour of {said}"
        )
        yield claim_found(claim, message, listed(one.printed or "favours" for one in against))


def _is_of(view: StudyView, claim: Claim, comparison: ComparisonBlock) -> bool:
    """Say whether a comparison sets the sides of a claim, or parts of both, against each other."""
    first, second = comparison.of
    return any(
        view.is_part_of(one, claim.index or "") and view.is_part_of(other, claim.reference or "")
        for one, other in ((first, second), (second, first))
    )


def check_crude_against_adjusted(view: StudyView) -> Outcomes:
    """Look for a crude and an adjusted or matched answer of one contrast that do not agree."""
    outcomes = dict.fromkeys(comparison.outcome for comparison in view.study.comparisons)
    for outcome in outcomes:
        for one, other in combinations(_answers(view, outcome), 2):
            crude, adjusted = sorted((one, other), key=lambda answer: _is_adjusted(view, answer.comparison))
            if _is_adjusted(view, crude.comparison) or not _is_adjusted(view, adjusted.comparison):
                continue
            if {_origin(view, name) for name in crude.comparison.of} != {
                _origin(view, name) for name in adjusted.comparison.of
            }:
                continue
            if not _contradict(view, crude, adjusted):
                yield FINE
                continue
            index, reference = (_origin(view, name) for name in crude.comparison.of)
            how = listed(adjusted.comparison.adjusted_for) or "matching"
            message = (
                f"{view.vocabulary.outcomes[outcome].label.lower()} of '{index}' and '{reference}' has two "
                f"answers: {_said(crude)} as they are, {_said(adjusted)} after adjustment for {how}"
            )
            block = adjusted.comparison
            about = f"{outcome} of {index}, {reference}: {crude.printed}; {adjusted.printed}"
            yield Found(block.line, block.column, message, about)


def _origin(view: StudyView, name: str) -> str:
    """Return the group that matched patients were chosen from; any other is itself."""
    group = view.group(name)
    if group.of is not None and _MATCHED.search(group.by or ""):
        return group.of
    return group.matched_from or name


def _is_adjusted(view: StudyView, comparison: ComparisonBlock) -> bool:
    return bool(comparison.adjusted_for) or any(_origin(view, name) != name for name in comparison.of)


def _contradict(view: StudyView, crude: _Answer, adjusted: _Answer) -> bool:
    if "not significant" in (crude.verdict, adjusted.verdict):
        return "significant" in (crude.verdict, adjusted.verdict)
    winners = [
        None if answer.winner is None else _origin(view, answer.winner) for answer in (crude, adjusted)
    ]
    return None not in winners and winners[0] != winners[1]


def _said(answer: _Answer) -> str:
    """Say an answer: 0.60, p = 0.01, in favour of 'resected'."""
    favour = "" if answer.winner is None else f"in favour of '{answer.winner}'"
    return ", ".join(part for part in (answer.printed, favour) if part) or "no number"


def _crude_and(adjusted: str) -> str:
    return claim_example(f"kind: benefit, {PAIR}", p="0.01, favours: yes").replace(
        "claims:\n",
        f"  - {{outcome: OS, of: [yes, no], {adjusted}, adjusted_for: [age], basis: stated, at: line 3}}\n"
        "claims:\n",
    )


CHECKS: tuple[Check, ...] = (
    Check(
        code="claim-against-comparison",
        level="warning",
        title="A benefit for the side that the study's own comparison says did worse",
        applies_when="a benefit is claimed for one of two groups that a comparison sets against each other",
        test="No comparison of the two is in favour of the other, by favours: or by its ratio, unless it is "
        "not significant.",
        fix="compare claim and comparison with the source; when it says both, leave it",
        failing=claim_example(f"kind: benefit, {PAIR}", yes="", no="", p="0.02, favours: no"),
        passing=claim_example(f"kind: benefit, {PAIR}", yes="", no="", p="0.02, favours: yes"),
        run=check_claim_against_comparison,
    ),
    Check(
        code="crude-against-adjusted",
        level="note",
        title="A crude and an adjusted answer that do not agree",
        applies_when="a comparison of two groups is printed crude, and adjusted or of patients matched",
        test="Both are significant or neither is, and both are in favour of the same side.",
        fix="nothing to mend; the adjusted one answers the question, and what it leaves of the crude one is "
        "what other differences explain",
        failing=_crude_and("p: not significant"),
        passing=_crude_and("p: 0.03, favours: yes"),
        run=check_crude_against_adjusted,
    ),
)
