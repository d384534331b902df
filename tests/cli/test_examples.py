"""What the help of every command ends in can be typed as it stands, in the project of the five studies."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from five_studies import FIVE_STUDIES

from evisynth.cli import main
from evisynth.figures import KINDS

EXAMPLES = {
    "": main.EXAMPLES,
    **{name: import_module(f"evisynth.cli.{name}").EXAMPLES for name in main.COMMANDS},
}
#: A question at several times, which the five studies are not asked.
CURVE = "liver-surgery-survival-curve"
#: A made-up study of both times.
MADE_UP = """id: made-up
source: {kind: journal abstract}
cohort: {design: retrospective, accrual: 1985 to 2009, disease: made up}
groups:
  all:
    label: All operated
    n: 120
    intervention: surgery
    site: liver
    population: neuroendocrine metastases
    at: section results
outcomes:
  - outcome: overall survival
    starts: not reported
    at: section results
    values:
      all: {survival at 5 years: 71%, survival at 10 years: 48%}
"""
#: Figures of five made-up trials, for the commands that take a table.
EFFECTS = """study,estimate,ci_lower,ci_upper
First,0.62,0.41,0.94
Second,0.71,0.50,1.01
Third,0.55,0.30,1.02
Fourth,0.80,0.61,1.05
Fifth,0.66,0.39,1.11
"""


@pytest.fixture(scope="module")
def typed_in(tmp_path_factory: pytest.TempPathFactory, five_studies) -> Iterator[Path]:
    """The five studies under git, with a table of effects beside them."""
    folder = tmp_path_factory.mktemp("examples")
    shutil.copytree(FIVE_STUDIES, folder, dirs_exist_ok=True)
    (folder / "effects.csv").write_text(EFFECTS, encoding="utf-8")
    questions = folder / "evidence" / "questions"
    curve = (questions / "survival-5-years.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("id: survival-5-years", f"id: {CURVE}"),
        ("time: 5 years", "time: [5 years, 10 years]"),
    ):
        curve = curve.replace(old, new)
    (folder / "studies" / "made-up.yaml").write_text(MADE_UP, encoding="utf-8")
    (questions / f"{CURVE}.yaml").write_text(curve, encoding="utf-8")
    for words in ("init", "add studies evidence", "-c user.name=A -c user.email=a@example.org commit -m all"):
        subprocess.run(["git", *words.split()], cwd=folder, check=True, capture_output=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder


@pytest.mark.parametrize("command", EXAMPLES)
def test_the_help_of_every_command_ends_in_its_examples(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main.main([*command.split(), "--help"])
    told = capsys.readouterr().out
    assert EXAMPLES[command]
    assert told.rstrip().endswith("\n".join(f"  {example}" for example in EXAMPLES[command]))
    assert "\nexample" in told


def test_every_kind_of_plot_has_an_example() -> None:
    assert {shlex.split(example)[2] for example in EXAMPLES["plot"]} == set(KINDS)


@pytest.mark.parametrize("example", [one for examples in EXAMPLES.values() for one in examples])
def test_every_example_can_be_typed(example: str, typed_in: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program, *words = shlex.split(example)
    assert program == "evisynth"
    status = main.main(words)
    printed = capsys.readouterr()
    assert status == 0, printed.err
    assert printed.out.strip()
