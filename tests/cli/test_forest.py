"""``evisynth forest`` with its choices: layouts, columns, kinds, models, ghosts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from evisynth.answers import FOREST_KINDS as KINDS, MODELS, ORDERS
from evisynth.figures import COLUMNS, LAYOUTS

ROOT = Path(__file__).parents[2]
QUESTION = "surgery-extent-overall-survival"


def test_help_lists_layouts_columns_and_kinds(project, run) -> None:
    status, shown, _ = run(project, "forest", "--help")
    assert status == 0
    for name in (*LAYOUTS, *COLUMNS, *KINDS, *MODELS, *ORDERS):
        assert f"  {name} " in shown


def test_the_names_are_read_without_anything_heavy() -> None:
    code = "import sys, evisynth.cli.forest; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=os.environ, check=True
    )
    assert not {"numpy", "matplotlib", "scipy", "pandas", "duckdb"} & set(done.stdout.split())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_drawn(layout: str, project, run, tmp_path) -> None:
    target = tmp_path / f"{layout}.svg"
    status, out, _ = run(project, "forest", QUESTION, "--layout", layout, "-o", str(target))
    assert (status, out.strip()) == (0, str(target))
    assert "midgut-debulking" in target.read_text(encoding="utf-8")


def test_columns_kinds_models_and_ghosts_are_drawn(project, run, tmp_path) -> None:
    target = tmp_path / "plot.svg"
    chosen = ("--columns", "study,printed,plot,effect", "--models", "common_effect,bayesian", "--ghosts")
    assert run(project, "forest", QUESTION, *chosen, "-o", str(target))[0] == 0
    svg = target.read_text(encoding="utf-8")
    assert "As printed" in svg and "Bayesian" in svg and "Common effect" in svg
    assert "other recoveries of the same patients" in svg and ">Grade<" not in svg
    assert run(project, "forest", QUESTION, "--kind", "leave-one-out", "-o", str(target))[0] == 0
    assert "Without net-liver-surgery-34" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message", "expected"),
    [
        (("--layout", "lancet"), "unknown layout 'lancet'; known: bmj, compact, default, jama, revman", 2),
        (("--columns", "study,wight"), "unknown column 'wight'; did you mean 'weight'?", 2),
        (("--columns", "risk_of_bias"), "name at least one column before it, such as 'study'", 2),
        (("--models", "fixed"), "unknown model 'fixed'", 2),
        (("--kind", "funnel"), "unknown kind of forest plot 'funnel'", 2),
        (("--kind", "leave_one_out", "--order", "year"), "keeps the order of its rows", 2),
    ],
)
def test_a_wrong_name_is_a_plain_line(
    words: tuple[str, ...], message: str, expected: int, project, run
) -> None:
    status, out, err = run(project, "forest", QUESTION, *words)
    assert status == expected and not out
    assert err.startswith("evisynth: ") and message in err and len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("symptom-relief",), "these rows are no comparisons of two groups; leave it out"),
        (
            ("surgery-against-registry-overall-survival",),
            "add risk_of_bias: with - {tool: ROBINS-I, overall: serious}",
        ),
        ((QUESTION, "--kind", "cumulative"), "each row is a pooled estimate, and only studies are judged"),
    ],
)
def test_risk_of_bias_is_not_made_up(words: tuple[str, ...], message: str, project, run) -> None:
    status, out, err = run(project, "forest", *words, "--columns", "study,plot,risk_of_bias")
    assert status == 2 and not out
    assert "column 'risk_of_bias' has nothing to show: " in err and message in err
    assert len(err.splitlines()) == 1


def test_risk_of_bias_stands_beside_the_plot(project, run, tmp_path) -> None:
    target = tmp_path / "plot.svg"
    assert run(project, "forest", QUESTION, "--layout", "revman", "-o", str(target))[0] == 0
    assert "Risk of bias, ROBINS-I" in target.read_text(encoding="utf-8")
    assert run(project, "forest", QUESTION, "-o", str(target))[0] == 0
    assert "Risk of bias" not in target.read_text(encoding="utf-8"), "elsewhere only when named"


def test_a_sequence_of_what_is_not_pooled_says_why(project, run) -> None:
    status, _, err = run(project, "forest", "median-overall-survival", "--kind", "cumulative")
    assert status == 1
    assert "there is none: no row can be pooled" in err


@pytest.mark.parametrize("order", ["year", "Year"])
def test_a_study_without_a_year_cannot_be_ordered_by_year(project, run, order) -> None:
    status, _, err = run(project, "forest", QUESTION, "--kind", "cumulative", "--order", order)
    assert status == 1
    assert "the year of 'midgut-debulking' is not known; write year: below source: in its study file" in err


def test_what_no_font_has_is_said_once(project, run, tmp_path, monkeypatch) -> None:
    from evisynth.figures import pen

    monkeypatch.setattr(pen, "missing_glyphs_note", lambda texts: ("no installed font has X",))
    status, _, err = run(project, "forest", QUESTION, "-o", str(tmp_path / "plot.svg"))
    assert (status, err.strip()) == (0, "evisynth: no installed font has X")
