"""Checks of ratios among three groups: those from the first to the second to the third multiply."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import StudyView, high, is_point, low
from evisynth.printed_statistics import STATISTICS
from evisynth.studies import ComparisonBlock, StatisticFigure
from evisynth.wording import listed, short_number

#: Three models of two groups each agree less than exactly; one of all three groups agrees within rounding.
_SLACK = math.log(1.05)


class _Edge(NamedTuple):
    """A printed ratio of the first group against the second, and the log ratios that round to it."""

    pair: tuple[str, str]
    least: float
    most: float
    one: StatisticFigure

    def turned(self) -> _Edge:
        """Return the ratio of the second group against the first."""
        return _Edge(self.pair[::-1], -self.most, -self.least, self.one)


def check_ratio_triangles(view: StudyView) -> Outcomes:
    """Compare the ratio of two groups with what their ratios against a third give."""
    for edges in _edges(view).values():
        for corners in combinations(sorted({group for pair in edges for group in pair}), 3):
            a, b, c = corners
            if all(side in edges for side in ((a, b), (b, c), (a, c))):
                yield _around(edges[a, b], edges[b, c], edges[a, c])


def _edges(view: StudyView) -> dict[tuple[object, ...], dict[tuple[str, str], _Edge]]:
    """Return the printed ratios between two groups, each both ways, by what they have to have in common."""
    found: dict[tuple[object, ...], dict[tuple[str, str], _Edge]] = {}
    for block in view.study.comparisons:
        for one in _ratios(block):
            read = block.read_as or one.statistic
            common = block.outcome, read, block.time_months, tuple(sorted(block.adjusted_for)), block.starts
            quantity = one.figure.quantity
            edge = _Edge((block.of[0], block.of[1]), math.log(low(quantity)), math.log(high(quantity)), one)
            for way in (edge, edge.turned()):
                found.setdefault(common, {}).setdefault(way.pair, way)
    return found


def _ratios(block: ComparisonBlock) -> Iterator[StatisticFigure]:
    if len(block.of) != 2 or block.per is not None:
        return
    for one in block.figures:
        quantity = one.figure.quantity
        if STATISTICS[one.statistic].is_ratio and is_point(quantity) and low(quantity) > 0:
            yield one


def _around(first: _Edge, second: _Edge, direct: _Edge) -> Found | None:
    least, most = first.least + second.least, first.most + second.most
    if least - _SLACK <= direct.most and most + _SLACK >= direct.least:
        return FINE
    implied = math.exp((least + most) / 2)
    (a, b), (_, c) = first.pair, second.pair
    printed = [edge.one.figure.quantity.as_reported for edge in (first, second, direct)]
    last = max((first, second, direct), key=lambda edge: edge.one.figure.line).one.figure
    message = (
        f"the ratios of '{a}', '{b}' and '{c}' do not go together: by {listed(printed[:2])} that of '{a}' "
        f"against '{c}' would be {short_number(implied)}, and {printed[2]} gives "
        f"{short_number(math.exp((direct.least + direct.most) / 2))}"
    )
    about = f"{a}, {b}, {c}: {listed(printed)}"
    return Found(last.line, last.column, message, about)


_EXAMPLE = """\
groups:
  all: {{label: All, n: 90, at: line 1}}
  a: {{label: A, n: 30, of: all, by: extent, at: line 1}}
  b: {{label: B, n: 30, of: all, by: extent, at: line 1}}
  c: {{label: C, n: 30, of: all, by: extent, at: line 1}}
comparisons:
  - {{outcome: OS, of: [a, b], hazard_ratio: 0.50, basis: stated, at: line 2}}
  - {{outcome: OS, of: [b, c], hazard_ratio: 0.60, basis: stated, at: line 2}}
  - {{outcome: OS, of: [a, c], hazard_ratio: {direct}, basis: stated, at: line 2}}
"""

CHECKS = (
    Check(
        code="ratio-triangle",
        level="warning",
        title="Three ratios of three groups that do not go together",
        applies_when="the same ratio is printed between each two of three groups, with the same adjustment",
        test="The first against the second times the second against the third is the first against the "
        "third, within rounding and five percent.",
        formula="log R_ac = log R_ab + log R_bc",
        fix="compare the three ratios, their groups and which way round each stands with the source",
        failing=_EXAMPLE.format(direct="0.80"),
        passing=_EXAMPLE.format(direct="0.31"),
        run=check_ratio_triangles,
    ),
)
