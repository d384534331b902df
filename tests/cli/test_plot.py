"""``evisynth plot``: help that lists what there is, a file where it was asked for, errors in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from evisynth.figures import KINDS


def test_help_lists_every_kind(run, project: Path) -> None:
    status, out, _ = run(project, "plot", "--help")
    assert status == 0
    assert all(name in out and kind.shows in out for name, kind in KINDS.items())


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_a_plot_is_written_where_it_was_asked_for(run, project: Path, ending: str) -> None:
    path = project / f"plots/funnel.{ending}"
    status, out, _ = run(project, "plot", "funnel", "complete-cytoreduction", "-o", str(path))
    assert (status, out) == (0, f"{path}\n")
    assert path.stat().st_size > 1000


def test_without_a_name_it_goes_to_the_build_folder(run, project: Path) -> None:
    status, out, _ = run(project, "plot", "cohort-timeline")
    assert status == 0
    assert Path(out.strip()) == project / "build" / "cohort-timeline.svg"


def test_the_plot_of_a_question_carries_the_stamp_of_its_answer(run, project: Path) -> None:
    paths = {name: project / f"{name}.svg" for name in ("forest", "funnel", "baujat")}
    run(project, "forest", "complete-cytoreduction", "-o", str(paths["forest"]))
    for name in ("funnel", "baujat"):
        run(project, "plot", name, "complete-cytoreduction", "-o", str(paths[name]))
    stamps = {
        path.read_text(encoding="utf-8").split("<dc:identifier>")[1].split("<")[0] for path in paths.values()
    }
    assert len(stamps) == 1
    assert len(stamps.pop()) == 64


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("plot", "funnel"), 2, "belongs to a question"),
        (("plot", "funel", "complete-cytoreduction"), 2, "funnel"),
        (("plot", "funnel", "no-such-question"), 2, "no-such-question"),
        (("plot", "evidence-map", "complete-cytoreduction"), 2, "leave out the question"),
        (("plot", "funnel", "perioperative-mortality"), 1, "is not pooled"),
        (("plot", "cohort-timeline", "--outcome", "OS"), 2, "has no outcome"),
        (("plot", "survival-sketch", "--outcome", "major complications"), 1, "survival sketch needs"),
        (("plot", "survival-sketch", "--outcome", "happiness"), 2, "happiness"),
        (("plot", "cohort-timeline", "-o", "x.gif"), 2, ".gif"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_line(run, project, words, status, said) -> None:
    found, out, err = run(project, *words)
    assert (found, out) == (status, "")
    assert said in err
    assert err.count("\n") == 1
