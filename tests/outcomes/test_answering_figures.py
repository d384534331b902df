from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from evisynth.outcomes import Selection

SelectFrom = Callable[..., Selection]

WINDOWS = """\
outcome: perioperative mortality
effect_measure: proportion
summary: by row group
rows:
  - {label: 30 days, index: {intervention: surgery}, time: 30 days}
  - {label: 90 days, index: {intervention: surgery}, time: 90 days}
"""
DEATHS = """\
cohort: {institution: not reported, accrual: not reported}
groups:
  all: {label: All, n: 120, intervention: surgery, at: line 2}
  old: {label: Old, n: 60, of: all, by: age, at: line 2}
  young: {label: Young, n: 60, of: all, by: age, at: line 2}
outcomes:
  - outcome: perioperative mortality
    at: line 3
    values:
"""
THIRTY, NINETY = "30 days", "90 days"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        # Without a window, or with one that nobody asks for: shown in every block, for the effects to refuse.
        ("all: {proportion: 2.5%}", [(THIRTY, "all"), (NINETY, "all")]),
        ("all: {count: 3}", [(THIRTY, "all"), (NINETY, "all")]),
        ("all: {proportion within 60 days: 2.5%}", [(THIRTY, "all"), (NINETY, "all")]),
        # With a window that another block asks for: that block's alone.
        ("all: {proportion within 30 days: 2.5%}", [(THIRTY, "all")]),
        # Beside an answer of the same patients nothing is missing from its block.
        ("all: {proportion: 2.5%, proportion within 30 days: 2.5%}", [(THIRTY, "all"), (NINETY, "all")]),
        # An answer of a part says nothing of the others.
        (
            "all: {proportion: 2.5%}\nold: {proportion within 30 days: 5%}",
            [(THIRTY, "all"), (THIRTY, "old"), (NINETY, "all")],
        ),
        # An answer of the whole speaks for its parts.
        (
            "all: {proportion within 30 days: 2.5%}\nold: {proportion: 5%}",
            [(THIRTY, "all"), (NINETY, "old")],
        ),
        ("all: {proportion: not reported}", []),
    ],
)
def test_a_share_of_no_window_that_is_asked_for_is_not_lost(
    select_from: SelectFrom, printed: str, expected: list[tuple[str, str]]
) -> None:
    selection = select_from(WINDOWS, one=DEATHS + textwrap.indent(printed, " " * 6) + "\n")
    assert [(row.row_group, row.name) for row in selection.comparisons] == expected


def test_a_rate_for_another_time_answers_another_question(select_from: SelectFrom) -> None:
    question = WINDOWS.replace("perioperative mortality", "OS").replace("proportion", "survival")
    study = DEATHS.replace("perioperative mortality", "OS") + "      all: {survival at 90 days: 97%}\n"
    assert [row.row_group for row in select_from(question, one=study).comparisons] == [NINETY]
