"""What holds for every plot of what the studies say: same bytes twice, words for all, a light layout."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from matplotlib.figure import Figure

from evisynth.figures import (
    DescribedFigure,
    cohort_timeline,
    evidence_entries,
    evidence_map,
    recorded_overlaps,
    reporting_matrix,
    save_figure,
    specification_curve,
    survival_sketch,
    svg_bytes,
    timeline_cohorts,
)

KINDS = ("cohort_timeline", "evidence_map", "reporting_matrix", "specification_curve", "survival_sketch")


@pytest.fixture
def draw(printed, not_reached, studies, universes, two_rows) -> Callable[[str], Figure]:
    """Draw a plot of each kind."""
    rows = [
        printed("a", "g", 0.8, 60.0, n=40),
        printed("a", "h", 87.0, ci_lower=10.0, ci_upper=164.0),
        not_reached("b", "g"),
        printed("b", "h", 0.97, 24.0, qualifier=">="),
    ]
    multiverse, question = universes([i / 100 for i in range(-70, 20)], 0.4, two_rows, own=30)
    kinds: dict[str, Callable[[], Figure]] = {
        "cohort_timeline": lambda: cohort_timeline(timeline_cohorts(studies), recorded_overlaps(studies)),
        "evidence_map": lambda: evidence_map(evidence_entries(studies)),
        "reporting_matrix": lambda: reporting_matrix(rows),
        "specification_curve": lambda: specification_curve(multiverse, question),
        "survival_sketch": lambda: survival_sketch(rows),
    }
    return lambda kind: kinds[kind]()


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_figures_give_the_same_bytes(draw, kind) -> None:
    assert svg_bytes(draw(kind), None) == svg_bytes(draw(kind), None)


@pytest.mark.parametrize("kind", KINDS)
def test_every_plot_carries_a_title_and_a_description(draw, kind) -> None:
    figure = draw(kind)
    assert isinstance(figure, DescribedFigure)
    assert figure.title_text not in ("", "Chart")
    assert len(figure.description) > 40


@pytest.mark.parametrize("kind", KINDS)
def test_every_plot_is_readable(draw, unreadable, kind) -> None:
    assert unreadable(draw(kind)) == []


@pytest.mark.parametrize("ending", ["pdf", "png"])
def test_hatches_and_upright_names_can_be_saved(draw, tmp_path, ending) -> None:
    path = save_figure(draw("survival_sketch"), tmp_path / f"x.{ending}")
    assert path.stat().st_size > 1000


def test_layouts_need_no_matplotlib() -> None:
    imports = "; ".join(f"from evisynth.figures import lay_out_{kind}" for kind in KINDS)
    check = "import sys; assert not [name for name in sys.modules if name.startswith('matplotlib')]"
    done = subprocess.run(
        [sys.executable, "-c", f"{imports}; {check}"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
