"""Checks of the patients that a figure is of: fewer, or more, than its group has."""

from __future__ import annotations

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import Reported, StudyView
from evisynth.wording import counted


def check_other_whole(view: StudyView) -> Outcomes:
    """Look for counts of fewer patients than the group has, without a word on who is left out."""
    for one in view.figures:
        whole, size = one.quantity.count_of, view.exact_size(one.group)
        if whole is None or size is None or one.statistic not in ("count", "proportion"):
            continue
        if whole >= size or _is_explained(one):
            yield FINE
            continue
        message = (
            f"{one.quantity.as_reported} is of {counted(whole, 'patient')}, and '{one.group}' has {size}: "
            f"which {size - whole} are left out is not said"
        )
        fix = f"compare both with the source; if it says so, type n: {whole}, and in a note: who they are"
        yield Found(one.figure.line, one.figure.column, message, f"{one.about}, n {size}", fix)


def check_whole_above_group(view: StudyView) -> Outcomes:
    """Look for figures of more patients than their group can have."""
    for one in view.figures:
        printed = one.figure.n.count if one.figure.n is not None else one.quantity.count_of
        size = view.size(one.group)
        if printed is None or size is None:
            continue
        if printed <= size.most:
            yield FINE
            continue
        message = (
            f"{one.quantity.as_reported} is of {counted(printed, 'patient')}, and '{one.group}' has no more "
            f"than {size.most}"
        )
        place = one.figure.line, one.figure.column
        yield Found(*place, message, f"{one.about}, n {printed} of {size.most}", unsettles=(place,))


def _is_explained(one: Reported) -> bool:
    """Say whether a window, a number of patients of its own, or a note stands beside a figure."""
    row = one.block.values[one.group]
    said = (one.figure.n, one.figure.note, one.figure.worked_out, row.note, one.block.note)
    return one.time is not None or any(each is not None for each in said)


_EXAMPLE = """\
groups:
  all: {{label: All, n: 70, at: line 1}}
outcomes:
  - outcome: major complications
    at: line 2
    values:
      all: {{{figure}}}
"""

_PART_EXAMPLE = """\
groups:
  all: {{label: All, n: 800, at: line 1}}
  some: {{label: Some, of: all, by: operation, at: line 1}}
outcomes:
  - outcome: major complications
    at: line 2
    values:
      some: {{{figure}}}
"""

CHECKS = (
    Check(
        code="whole-above-group",
        level="warning",
        title="A figure of more patients than the group has",
        applies_when="a figure says of how many patients it is, by n: or as 14/50, and the group's size is "
        "bounded",
        test="The group, as far as its size or that of the groups it is part of is known, has that many. "
        "The figure is not used before it is settled.",
        fix="compare both numbers with the source; lesions or operations need a group of their own",
        failing=_PART_EXAMPLE.format(figure="proportion: 14%, n: 1001"),
        passing=_PART_EXAMPLE.format(figure="proportion: 14%, n: 701"),
        run=check_whole_above_group,
        contradiction=True,
        unsettles=True,
    ),
    Check(
        code="whole-differs-from-n",
        level="note",
        title="A count of fewer patients than the group has",
        applies_when="a count is printed with its whole, 14/50, in a group of known size",
        test="The whole is the size of the group; or a window, n: or a note says whom it leaves out.",
        fix="compare both with the source; if it says so, type n: and in a note: who they are",
        failing=_EXAMPLE.format(figure="proportion: 14/50"),
        passing=_EXAMPLE.format(figure="proportion: 14/50, n: 50, note: those with symptoms before"),
        run=check_other_whole,
    ),
)
