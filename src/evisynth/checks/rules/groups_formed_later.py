"""Checks of groups that are formed by what happened after the start of the clock."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import StudyView
from evisynth.studies import ComparisonBlock
from evisynth.wording import listed

#: Splits by something that is only known some time after treatment.
_LATER = re.compile(
    r"\b(recurr\w*|relaps\w*|progression|respon[sd]\w*|complet\w*|complication\w*|reoperation|discontinu\w*|"
    r"downstag\w*|surviv\w*)\b",
    re.IGNORECASE,
)
#: What is done or measured at the operation itself, for all that its name says.
_AT_ONCE = re.compile(
    r"\bcomplete(ness)?\b.*\b(resection|cytoreduction|debulking)|\bcompleteness\b|\bextent\b", re.IGNORECASE
)


def check_groups_formed_later(view: StudyView) -> Outcomes:
    """Look for survival of groups that a recurrence, a response or a completion forms."""
    told: dict[tuple[str, str], dict[str, None]] = {}
    labels: dict[tuple[str, str], dict[str, None]] = {}
    for outcome, name, starts in dict.fromkeys(_followed(view)):
        formed = None if starts is not None and _LATER.search(starts) else _formed_later(view, name)
        if formed is None:
            yield FINE
            continue
        group = view.group(formed)
        key = group.of or "", group.by or ""
        told.setdefault(key, {})[formed] = None
        labels.setdefault(key, {})[view.vocabulary.outcomes[outcome].label.lower()] = None
    for key, names in told.items():
        first = view.group(next(name for name in view.study.groups if name in names))
        quoted = listed(f"'{name}'" for name in names)
        message = (
            f"{listed(labels[key])} of {quoted}: formed by {key[1]}, known only later; whoever is in such a "
            "group lived until then, and if the clock starts before, that time holds no death (immortal time)"
        )
        yield Found(first.line, first.column, message, f"{listed(names)} by {key[1]}")


def _followed(view: StudyView) -> Iterator[tuple[str, str, str | None]]:
    """Yield outcome, group and start of the clock of each survival, and of each comparison of it."""
    for one in view.figures:
        if one.outcome.type == "time_to_event" and one.statistic in ("survival", "median"):
            yield one.outcome.id, one.group, one.block.starts
    for block in view.study.comparisons:
        if view.vocabulary.outcomes[block.outcome].type == "time_to_event":
            starts = block.starts or _start(view, block)
            yield from ((block.outcome, group, starts) for group in block.of)


def _start(view: StudyView, block: ComparisonBlock) -> str | None:
    """Return when the clock of a comparison starts by the figures of its groups."""
    figures = (one for group in block.of for one in view.figures_of(block.outcome, group))
    return next((one.block.starts for one in figures if one.block.starts is not None), None)


def _formed_later(view: StudyView, group: str) -> str | None:
    """Return the nearest group, of one and those around it, that something later than treatment forms."""
    for name in view.within(group):
        split = view.group(name).by or ""
        if view.is_own(name) and _LATER.search(split) and not _AT_ONCE.search(split):
            return name
    return None


def _example(split: str, starts: str = "operation") -> str:
    return (
        "groups:\n  all: {label: All, n: 120, at: line 1}\n"
        f"  yes: {{label: First, n: 60, of: all, by: {split}, at: line 1}}\n"
        f"  no: {{label: Second, n: 60, of: all, by: {split}, at: line 1}}\n"
        f"outcomes:\n  - outcome: OS\n    starts: {starts}\n    at: line 2\n    values:\n"
        "      yes: {survival at 10 years: 45%}\n      no: {survival at 10 years: 76%}\n"
    )


CHECKS: tuple[Check, ...] = (
    Check(
        code="group-formed-later",
        level="note",
        title="Survival of a group that is formed after the clock starts",
        applies_when="a time to an event is given for groups that a recurrence, a response, a complication "
        "or a completion forms, by the name of their split",
        test="The clock starts at that event: starts:",
        source="Anderson, Cain & Gelber 1983, J Clin Oncol 1:710-719",
        fix="nothing to mend; say starts: if the source counts from that event, as in a landmark analysis",
        failing=_example("time of recurrence"),
        passing=_example("margin"),
        run=check_groups_formed_later,
    ),
)
