"""The influence plot: its panels against metafor's influence(), and its cut-offs against the marked rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from evisynth.errors import InvalidDataError
from evisynth.figures import Points, diagnostics_of, lay_out_influence, read_subject
from evisynth.synthesis import PooledResult, compute_influence, pool

MakeUp = Callable[..., PooledResult]
MarksOf = Callable[..., list[Any]]

# metafor: influence(rma(yi, vi, data=dat.bcg)), rows 1, 4 and 8, as printed
METAFOR = {
    "Studentised residual": (-0.2181, -1.4512, 1.4501),
    "DFFITS": (-0.0407, -0.5201, 0.4775),
    "Cook's distance": (0.0017, 0.2295, 0.1992),
    "Covariance ratio": (1.1164, 0.9651, 1.0011),
    "τ² without the row": (0.3362, 0.2628, 0.2732),
    "Q without the row": (151.5826, 96.5626, 67.9858),
    "Weight, %": (5.0595, 9.6987, 10.1894),
}


@pytest.mark.parametrize("title", METAFOR)
def test_panels_show_what_metafor_prints(bcg_pooled: PooledResult, title: str) -> None:
    chart = lay_out_influence(bcg_pooled)
    (panel,) = [panel for line in chart.panels for panel in line if panel.title == title]
    points = [mark for mark in panel.marks if isinstance(mark, Points)]
    by_row = {y: x for mark in points for x, y in zip(mark.xs, mark.ys, strict=True)}
    # printed with 4 decimals; the rows here have 7, which Q sums over
    assert [by_row[i] for i in (0, 3, 7)] == pytest.approx(METAFOR[title], abs=6e-5, rel=1e-5)


def test_every_panel_has_a_dot_a_row_and_the_first_of_a_line_the_names(bcg_pooled: PooledResult) -> None:
    chart = lay_out_influence(bcg_pooled)
    for line in chart.panels:
        assert [tick.label for tick in line[0].y_axis.ticks] == list(bcg_pooled.labels or ())
        for panel in line:
            assert sum(len(mark.xs) for mark in panel.marks if isinstance(mark, Points)) == 13
            assert panel.y_axis.place(0.0) > panel.y_axis.place(12.0)  # the first row at the top


@pytest.mark.parametrize("outlier", [0.0, 1.5, 4.0])
def test_a_row_is_filled_when_it_passes_a_cut_off(outlier: float) -> None:
    y, v = np.array([0.1, 0.2, 0.15, 0.05, 0.12 + outlier]), np.array([0.04, 0.05, 0.03, 0.06, 0.01])
    result = pool(y, v, effect_measure="MD")
    subject = read_subject(result, "a chart")
    found = compute_influence(y, v)
    passed = np.zeros(5, dtype=bool)
    for diagnostic in diagnostics_of(subject, found):
        if diagnostic.limits and diagnostic.title != "Studentised residual":
            # Cut-offs are symmetric where values may be negative.
            passed |= np.abs(diagnostic.values) > max(diagnostic.limits)
    assert passed.tolist() == found.influential.tolist()
    chart = lay_out_influence(result)
    filled = [m for p in chart.panels[0][:1] for m in p.marks if isinstance(m, Points) and m.fill == "mark"]
    rows = [int(y) for mark in filled for y in mark.ys]
    assert rows == np.flatnonzero(found.influential).tolist()


def test_hundreds_of_rows_have_no_names_and_end_somewhere(make_up: MakeUp) -> None:
    chart = lay_out_influence(make_up(150))
    assert chart.panels[0][0].y_axis.ticks == ()
    assert chart.panels[0][0].height <= 700
    assert "Rows stand in their order" in " ".join(chart.notes)


def test_two_rows_are_too_few(make_up: MakeUp) -> None:
    with pytest.raises(InvalidDataError, match="at least three"):
        lay_out_influence(make_up(2))


def test_a_few_rows_stand_further_apart(make_up: MakeUp) -> None:
    def room(count: int) -> float:
        return lay_out_influence(make_up(count)).panels[0][0].height / count

    assert room(3) == room(5) > room(9) > room(13) == room(40)


def test_many_rows_have_all_panels_in_one_line(make_up: MakeUp) -> None:
    few, many = (lay_out_influence(make_up(count)) for count in (29, 30))
    assert [len(line) for line in few.panels] == [4, 4]
    assert [len(line) for line in many.panels] == [8]
    assert [bool(panel.y_axis.ticks[0].label) for panel in many.panels[0]] == [True, *[False] * 7]
