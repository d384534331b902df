"""Checks of comparisons that no question can ask for, as questions choose groups by their tags."""

from __future__ import annotations

from itertools import combinations

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import StudyView
from evisynth.studies import ComparisonBlock
from evisynth.vocabulary import SECTIONS
from evisynth.wording import counted, listed


def check_compared_without_tags(view: StudyView) -> Outcomes:
    """Look for comparisons whose groups have the same tags, so that no question can tell them apart."""
    alike: list[ComparisonBlock] = []
    for comparison in view.study.comparisons:
        if len(comparison.of) < 2 or comparison.per is not None:
            continue
        if any(_differ(view, *pair) for pair in combinations(comparison.of, 2)):
            yield FINE
        else:
            alike.append(comparison)
    if alike:
        groups = list(dict.fromkeys(listed(f"'{name}'" for name in one.of) for one in alike))
        message = (
            f"{counted(len(alike), 'comparison')} of groups with the same tags ({'; '.join(groups)}): no "
            "question can set one group against the other, so that they stand in no plot"
        )
        yield Found(alike[0].line, alike[0].column, message, "; ".join(groups))


def _differ(view: StudyView, one: str, other: str) -> bool:
    first, second = view.group(one), view.group(other)
    kinds = ("role", *SECTIONS)
    return any(getattr(first, kind) != getattr(second, kind) for kind in kinds)


def check_two_splits(view: StudyView) -> Outcomes:
    """Look for comparisons of more than two groups, of which two may be the same patients."""
    for comparison in view.study.comparisons:
        if len(comparison.of) < 3:
            continue
        pairs = [pair for pair in combinations(comparison.of, 2) if _of_two_splits(view, *pair)]
        if not pairs:
            yield FINE
            continue
        one, other = pairs[0]
        whole = view.group(one).of
        message = (
            f"'{one}' and '{other}' are parts of '{whole}' by two splits, and may be the same patients: "
            f"'{comparison.outcome}' sets them against each other in no row"
        )
        yield Found(comparison.line, comparison.column, message, f"{one}, {other}")


def _of_two_splits(view: StudyView, one: str, other: str) -> bool:
    first, second = view.group(one), view.group(other)
    return first.of is not None and first.of == second.of and first.by != second.by


_TREE = """\
groups:
  all: {label: All, n: 120, at: line 1}
  young: {label: Young, n: 60, of: all, by: age, at: line 1}
  old: {label: Old, n: 60, of: all, by: age, at: line 1}
  yes: {label: Resected, n: 70, of: all, by: operation, intervention: resection, at: line 1}
  no: {label: Not resected, n: 50, of: all, by: operation, intervention: no resection, at: line 1}
comparisons:
  - {outcome: OS, of: [%s], p: 0.02, basis: stated, at: line 2}
"""

CHECKS = (
    Check(
        code="compared-without-tags",
        level="note",
        title="Groups compared that no question can tell apart",
        applies_when="two or more groups are compared",
        test="They differ in a tag (intervention, extent, site, population, primary site, grade), by which "
        "questions choose the groups of a row.",
        fix="nothing to mend, unless the vocabulary has, or needs, the tag in which they differ",
        failing=_TREE % "young, old",
        passing=_TREE % "yes, no",
        run=check_compared_without_tags,
    ),
    Check(
        code="compared-across-splits",
        level="note",
        title="Groups of two splits compared together",
        applies_when="more than two groups are compared",
        test="No two of them are parts of one whole by different splits, who may be the same patients.",
        fix="nothing to mend if the source compares them so; else type the comparison of each split",
        failing=_TREE % "yes, no, young",
        passing=_TREE % "yes, no",
        run=check_two_splits,
    ),
)
