"""Which results of an abstract stand outside its text: in a caption, or below the conclusions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.p_ranges import p_interval, p_text
from evisynth.checks.study_view import StudyView, compared
from evisynth.checks.words import listed, plural
from evisynth.studies.place import parse_place
from evisynth.studies.study import ComparisonBlock, StatisticFigure

_ABSTRACTS = ("journal abstract", "conference abstract")
_CAPTION = re.compile(r"\b(caption|figures?|footnote|legend)\b", re.IGNORECASE)


def check_outside_text(view: StudyView) -> Outcomes:
    """List the p-values of an abstract that its own text does not give."""
    if view.study.source.kind not in _ABSTRACTS:
        return
    end = _last_line_of_text(view)
    outside: list[tuple[ComparisonBlock, StatisticFigure]] = []
    for comparison, p in view.p_values():
        if _is_outside(p.figure.at, end):
            outside.append((comparison, p))
        else:
            yield FINE
    if not outside:
        return
    names = [
        f"{view.vocabulary.outcomes[block.outcome].label.lower()} of {compared(block)} "
        f"({p_text(p.figure.quantity)}, {p.figure.at})"
        for block, p in outside
    ]
    weak = sum(p_interval(p.figure.quantity)[1] > 0.05 for _, p in outside)
    stand = "stands" if len(outside) == 1 else "stand"
    message = (
        f"{plural(len(outside), 'p-value')} {stand} outside the text of the abstract, in a caption or below "
        f"the conclusions{f', {weak} of them not significant' if weak else ''}: {listed(names)}"
    )
    first = outside[0][1].figure
    about = "; ".join(f"{block.outcome} {p_text(p.figure.quantity)}" for block, p in outside)
    yield Found(first.line, first.column, message, about)


def _last_line_of_text(view: StudyView) -> int | None:
    """Return the line on which the conclusions end; None unless all figures of the study stand before."""
    claims = _line_ends(claim.at for claim in view.study.claims if claim.kind != "background")
    figures = _line_ends(one.figure.at for one in view.figures if view.is_own(one.group))
    return max(claims) if claims and figures and max(claims) >= max(figures) else None


def _line_ends(places: Iterable[str | None]) -> list[int]:
    return [last for place in places if place is not None for _, last in parse_place(place).lines]


def _is_outside(place: str | None, end: int | None) -> bool:
    if place is None:
        return False
    if _CAPTION.search(place):
        return True
    lines = parse_place(place).lines
    return end is not None and bool(lines) and all(first > end for first, _ in lines)


_EXAMPLE = """\
groups:
  all: {{label: All, n: 120, at: line 1}}
outcomes:
  - {{outcome: OS, starts: operation, at: line 4, values: {{all: {{median: 90 months}}}}}}
comparisons:
  - {{outcome: OS, within: all, by: extent, p: 0.06, basis: stated, at: {place}}}
claims:
  - {{kind: recommendation, outcome: OS, index: all, at: line 6}}
"""

CHECKS = (
    Check(
        code="result-outside-the-text",
        level="note",
        title="Results of an abstract that its text does not give",
        applies_when="an abstract was read, with p-values",
        test="Each stands in the text: not in the caption of a figure, nor on a line after the conclusions "
        "(told where claims are recorded and no figure of the study stands after them).",
        fix="nothing to mend",
        failing=_EXAMPLE.format(place="line 14"),
        passing=_EXAMPLE.format(place="line 4"),
        run=check_outside_text,
    ),
)
