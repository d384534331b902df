"""The axis is set by rows that weigh enough; what lies far beyond it is an arrow with its whole numbers."""

from __future__ import annotations

import math
from typing import Any

import pytest

import evisynth
from evisynth.figures import forest_rows, lay_out_forest, source_of_result

Y, V = [-0.4, -0.2, -0.5, -0.1], [0.02, 0.03, 0.04, 0.03]


def laid_out(*hostile: tuple[float, float], measure: str = "OR") -> Any:
    y, v = [*Y, *(y for y, _ in hostile)], [*V, *(v for _, v in hostile)]
    return lay_out_forest(source_of_result(evisynth.pool(y, v, effect_measure=measure), None))


def decades(layout: Any) -> float:
    scale = layout.axis.scale
    return math.log10(scale.upper / scale.lower)


@pytest.mark.parametrize("hostile", [((9.0, 9.0),), ((-14.0, 30.0),), ((9.0, 9.0), (-7.0, 12.0))])
def test_a_row_of_next_to_no_weight_sets_no_axis(hostile: Any) -> None:
    plain, layout = laid_out(), laid_out(*hostile)
    assert decades(layout) < decades(plain) + 0.3
    for line in layout.rows[len(Y) :]:
        assert line.mark.estimate is None  # no square at an edge where no estimate lies
        assert line.mark.lower_arrow or line.mark.upper_arrow
        assert "(" in line.cells["effect"] and line.cells["weight"] in ("0.1%", "<0.1%", "0.0%")
    for line in layout.rows[: len(Y)]:
        assert line.mark.estimate is not None and not (line.mark.lower_arrow or line.mark.upper_arrow)
    assert any("without square: its estimate lies beyond" in note.text for note in layout.footnotes)


def test_an_arrow_points_to_where_the_row_lies() -> None:
    right, left = laid_out((9.0, 0.5), (-9.0, 0.5)).rows[-2:]
    if right.mark.estimate is None:
        assert (right.mark.lower, right.mark.upper, right.mark.upper_arrow) == (1.0, 1.0, True)
        assert not right.mark.lower_arrow
    if left.mark.estimate is None:
        assert (left.mark.lower, left.mark.upper, left.mark.lower_arrow) == (0.0, 0.0, True)


def test_a_light_row_near_the_others_is_seen_whole() -> None:
    row = laid_out((0.9, 4.0)).rows[-1]
    assert row.mark.estimate is not None


def test_a_row_of_weight_is_seen_wherever_it_lies() -> None:
    row = laid_out((3.0, 0.02)).rows[-1]
    assert row.mark.estimate is not None and not row.mark.upper_arrow


@pytest.mark.parametrize("measure", ["MD", "SMD"])
def test_differences_have_the_same_rule(measure: str) -> None:
    plain, layout = laid_out(measure=measure), laid_out((4000.0, 4e6), measure=measure)
    width = [one.axis.scale.upper - one.axis.scale.lower for one in (plain, layout)]
    assert width[1] <= 3 * width[0]
    assert layout.rows[-1].mark.estimate is None and layout.rows[-1].mark.upper_arrow


def test_where_nothing_is_pooled_a_row_that_says_nothing_sets_no_axis(answers: Any) -> None:
    plain = forest_rows(answers["clipped"]())
    assert decades(plain) < 5
