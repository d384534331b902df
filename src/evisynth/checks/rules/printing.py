"""Checks of how a source prints its figures: outside the text, twice, or suspected to be misprinted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.rules.p_values import p_interval, p_text
from evisynth.checks.study_view import Reported, StudyView, compared, high, low
from evisynth.studies import ComparisonBlock, Figure, StatisticFigure, parse_place
from evisynth.wording import counted, listed, plural, term_words, time_words

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
    message = (
        f"{counted(len(outside), 'p-value')} {plural('stands', len(outside))} outside the text of the "
        "abstract, in a caption or below the conclusions"
        f"{f', {weak} of them not significant' if weak else ''}: {listed(names)}"
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


_EXAMPLE_OF_TEXT = """\
groups:
  all: {{label: All, n: 120, at: line 1}}
outcomes:
  - {{outcome: OS, starts: operation, at: line 4, values: {{all: {{median: 90 months}}}}}}
comparisons:
  - {{outcome: OS, within: all, by: extent, p: 0.06, basis: stated, at: {place}}}
claims:
  - {{kind: recommendation, outcome: OS, index: all, at: line 6}}
"""

_OUTSIDE_TEXT_CHECKS = (
    Check(
        code="result-outside-the-text",
        level="note",
        title="Results of an abstract that its text does not give",
        applies_when="an abstract was read, with p-values",
        test="Each stands in the text: not in the caption of a figure, nor on a line after the conclusions "
        "(told where claims are recorded and no figure of the study stands after them).",
        fix="nothing to mend",
        failing=_EXAMPLE_OF_TEXT.format(place="line 14"),
        passing=_EXAMPLE_OF_TEXT.format(place="line 4"),
        run=check_outside_text,
    ),
)


def check_repeated(view: StudyView) -> Outcomes:
    """Compare figures of one kind, of one group, that stand in two outcome blocks."""
    first: dict[tuple[str, str, str, float | None], Reported] = {}
    for one in view.figures:
        before = first.setdefault((one.outcome.id, one.group, one.statistic, one.time), one)
        if before is one or set(before.block.adjusted_for) != set(one.block.adjusted_for):
            continue
        if before.block.starts != one.block.starts:
            continue
        if _agree(before, one):
            yield FINE
            continue
        when = f" at {time_words(one.time)}" if one.time is not None else ""
        message = (
            f"{one.statistic} of {one.outcome.label.lower()}{when} in '{one.group}' is printed as "
            f"{before.quantity.as_reported} ({before.figure.source_location}) and as "
            f"{one.quantity.as_reported} ({one.figure.source_location})"
        )
        about = f"{before.about}, {one.quantity.as_reported}"
        doubtful = not _of_one_kind(before, one)
        yield Found(one.figure.line, one.figure.column, message, about, doubtful=doubtful)


def _of_one_kind(one: Reported, other: Reported) -> bool:
    """Say whether two figures bear one name, come from one method, and are of the same patients."""
    return (one.block.method, one.block.label, one.figure.n) == (
        other.block.method,
        other.block.label,
        other.figure.n,
    )


def _agree(one: Reported, other: Reported) -> bool:
    if one.quantity.state != other.quantity.state:
        return False
    return (
        low(one.quantity) <= high(other.quantity) + 1e-9 and low(other.quantity) <= high(one.quantity) + 1e-9
    )


_EXAMPLE_OF_REPEATS = """\
groups:
  all: {{label: All, n: 80, at: line 1}}
outcomes:
  - {{outcome: OS, starts: operation, at: line 2, values: {{all: {{median: 151 months}}}}}}
  - {{outcome: OS, starts: operation, at: table 1, values: {{all: {{median: {second}}}}}}}
"""

_REPEATED_FIGURES_CHECKS = (
    Check(
        code="printed-two-ways",
        level="warning",
        title="One figure printed in two ways",
        applies_when="a file gives the same figure of the same group in two outcome blocks",
        test="Both are the same number, within their rounding.",
        fix="compare both with the source; a figure of other patients belongs to another group",
        failing=_EXAMPLE_OF_REPEATS.format(second="115 months"),
        passing=_EXAMPLE_OF_REPEATS.format(second="12.6 years"),
        run=check_repeated,
        contradiction=True,
    ),
)


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
            yield f"{term_words(part.statistic)} of {compared(comparison)}", part.figure


_EXAMPLE_OF_MISPRINTS = """\
groups:
  all: {{label: All, n: 80, at: line 1}}
outcomes:
  - outcome: OS
    starts: operation
    at: line 2
    values:
      all: {{median: {median}}}
"""

_MISPRINTS_CHECKS = (
    Check(
        code="suspected-misprint",
        level="note",
        title="A value that the reader takes for a misprint",
        applies_when="a figure has perhaps: beside its value",
        test="Lists the printed and the suspected value. What is printed is used; the other is for "
        "sensitivity analyses.",
        fix="nothing to mend; ask the authors",
        failing=_EXAMPLE_OF_MISPRINTS.format(
            median="{value: 31 months, perhaps: 76 months, because: centre of its interval}"
        ),
        passing=_EXAMPLE_OF_MISPRINTS.format(median="31 months"),
        run=check_suspected_misprints,
    ),
)


CHECKS: tuple[Check, ...] = (*_OUTSIDE_TEXT_CHECKS, *_REPEATED_FIGURES_CHECKS, *_MISPRINTS_CHECKS)
