"""Which printed values the reader suspects to be misprints, and of what."""

from __future__ import annotations

from collections.abc import Iterator

from evisynth.arithmetic.time_words import time_words
from evisynth.checks.check import Check, Found, Outcomes
from evisynth.checks.study_view import StudyView, compared
from evisynth.studies.study import Figure


def check_suspected_misprints(view: StudyView) -> Outcomes:
    """List every value beside which the file has another that the reader thinks was meant."""
    for what, figure in _figures(view):
        if figure.perhaps is None:
            continue
        printed, meant = figure.quantity.as_reported, figure.perhaps.as_reported
        because = f": {figure.because}" if figure.because else ""
        message = f"{what} is printed as {printed}, and the reader suspects {meant}{because}"
        yield Found(figure.line, figure.column, message, f"{what}: {printed}, perhaps {meant}")


def _figures(view: StudyView) -> Iterator[tuple[str, Figure]]:
    for one in view.figures:
        when = f" at {time_words(one.time)}" if one.time is not None else ""
        yield f"{one.statistic} of {one.outcome.label.lower()}{when} in '{one.group}'", one.figure
    for comparison in view.study.comparisons:
        for part in comparison.figures:
            yield f"{part.statistic.replace('_', ' ')} of {compared(comparison)}", part.figure


_EXAMPLE = """\
groups:
  all: {{label: All, n: 80, at: line 1}}
outcomes:
  - outcome: OS
    starts: operation
    at: line 2
    values:
      all: {{median: {median}}}
"""

CHECKS = (
    Check(
        code="suspected-misprint",
        level="note",
        title="A value that the reader takes for a misprint",
        applies_when="a figure has perhaps: beside its value",
        test="Lists the printed and the suspected value. What is printed is used; the other is for "
        "sensitivity analyses.",
        fix="nothing to mend; ask the authors",
        failing=_EXAMPLE.format(
            median="{value: 31 months, perhaps: 76 months, because: centre of its interval}"
        ),
        passing=_EXAMPLE.format(median="31 months"),
        run=check_suspected_misprints,
    ),
)
