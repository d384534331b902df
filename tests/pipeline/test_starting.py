"""A project begun by ``evisynth init``: what it holds, what it keeps, and that the wheel is enough."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from five_studies import REPOSITORY

from evisynth.checks.rules import crossing_curves, deaths_behind_curves, outcome_order
from evisynth.cli.main import COMMANDS
from evisynth.errors import ProjectError
from evisynth.pipeline import Evidence, start_project, starting
from evisynth.studies import read_study, read_vocabulary, study_template

STARTING = starting.TEMPLATES / "evidence" / "vocabulary.yaml"
#: A word for each thing that a command must be given.
WORDS = {
    "new": ["a"],
    "effects": ["a"],
    "pool": ["a"],
    "explain": ["a"],
    "multiverse": ["a"],
    "forest": ["a"],
}


def test_a_new_project_has_nothing_to_mend_and_answers_at_once(tmp_path: Path, run) -> None:
    folder = tmp_path / "statins"
    status, out, err = run(tmp_path, "init", "statins")
    assert status == 0
    assert {str(folder / "studies" / "example-ferry.yaml"), str(folder / ".gitignore")} <= set(
        out.splitlines()
    )
    assert "not empty" not in err
    assert f"cd '{folder}'; evisynth check; evisynth pool example" in err
    assert run(folder, "check", "--strict")[0] == 0
    answer = json.loads(run(folder, "pool", "example", "--format", "json")[1])
    assert (answer["refused"], answer["study_count"]) == (None, 3)
    assert answer["ci_upper"] < 1


def test_the_example_says_that_it_is_made_up(tmp_path: Path) -> None:
    start_project(tmp_path)
    examples = [*tmp_path.rglob("example*.yaml")]
    assert len(examples) == 4
    assert all("made up" in path.read_text(encoding="utf-8").casefold() for path in examples)


def test_nothing_is_overwritten_and_what_is_kept_is_named(tmp_path: Path, run) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    (tmp_path / "evidence").mkdir()
    own = STARTING.read_text(encoding="utf-8").replace("ginger_tea", "statin").replace("Ginger tea", "Statin")
    (tmp_path / "evidence" / "vocabulary.yaml").write_text(own)
    status, out, err = run(tmp_path, "init")
    assert status == 0
    assert "was not empty" in err
    assert "kept as it was: .gitignore" in err
    assert "kept as it was: evidence/vocabulary.yaml" in err
    assert (tmp_path / ".gitignore").read_text() == "mine\n"
    assert "example" not in out  # it would use words that this vocabulary lacks
    assert "Statin" in (tmp_path / "evidence" / "study.schema.json").read_text(encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    again = run(tmp_path, "init")
    assert again[1] == ""
    assert {path: path.read_bytes() for path in before} == before


def test_no_example_comes_among_ones_own_studies(tmp_path: Path) -> None:
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "mine.yaml").write_text("id: mine\n")
    assert not start_project(tmp_path).has_example
    assert not [*tmp_path.rglob("example*")]


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "project"
    outside.mkdir()
    folder.mkdir()
    (folder / ".vscode").symlink_to(outside)
    with pytest.raises(ProjectError, match="is a link"):
        start_project(folder)
    assert not [*outside.iterdir()]


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path, run) -> None:
    (tmp_path / "taken").write_text("")
    status, _, err = run(tmp_path, "init", "taken")
    assert status == 1
    assert "name another folder" in err


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "init"])
def test_every_command_outside_a_project_names_init(command: str, tmp_path: Path, run) -> None:
    words = {**WORDS, "plot": ["evidence-map"]}.get(command, [])
    status, out, err = run(tmp_path, command, *words)
    assert (status, out) == (1, "")
    assert "evisynth init" in err


# the words to begin with


def test_the_starting_vocabulary_has_every_outcome_that_checks_and_plots_know_by_name() -> None:
    known = read_vocabulary(STARTING).outcomes
    source = "".join(Path(str(m.__file__)).read_text() for m in (crossing_curves, deaths_behind_curves))
    named = {"overall_survival", *re.findall(r'median\("(\w+)"', source), deaths_behind_curves._SURVIVAL}
    assert named <= set(known)
    assert {"progression_free_survival", "disease_free_survival", "event_free_survival"} <= set(known)
    assert set(known) & {*outcome_order._NO_LATER_THAN} and set(known) & {*outcome_order._EXCLUDED_BY}


def test_outcomes_that_both_vocabularies_have_are_the_same_thing() -> None:
    start = read_vocabulary(STARTING).outcomes
    field = read_vocabulary(REPOSITORY / "evidence" / "vocabulary.yaml").outcomes
    both = start.keys() & field.keys()
    assert len(both) > 10
    for name in both - {"disease_specific_survival", "symptom_relief"}:  # of the tumour, of hormonal excess
        one, other = start[name], field[name]
        assert (one.type, one.event, one.more_is_better, one.unit) == (
            other.type, other.event, other.more_is_better, other.unit,
        ), name  # fmt: skip


def test_a_study_file_that_is_started_speaks_the_words_of_its_project(tmp_path: Path) -> None:
    vocabulary = read_vocabulary(STARTING)
    text = study_template("mine", vocabulary)
    opened = re.sub(r"(?m)^( *)# (?!yaml-language-server)", r"\1", text)
    for number, read in enumerate((text, opened)):
        path = tmp_path / str(number) / "mine.yaml"
        path.parent.mkdir()
        path.write_text(read, encoding="utf-8")
        assert read_study(path, vocabulary).id == "mine"
    assert "intervention: ginger tea" in text
    assert "resect" not in text


# editor, hook and workflow


def test_editors_find_a_schema_for_every_kind_of_file(tmp_path: Path) -> None:
    start_project(tmp_path)
    schemas = json.loads((tmp_path / ".vscode" / "settings.json").read_text())["yaml.schemas"]
    for schema, files in schemas.items():
        assert (tmp_path / schema).is_file()
        assert files.endswith("reviews.yaml") or [*tmp_path.glob(files.lstrip("/"))]
    for path in (*tmp_path.glob("studies/*.yaml"), *tmp_path.glob("evidence/**/*.yaml")):
        named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text(encoding="utf-8"))
        assert named and (path.parent / named[1]).resolve().is_file(), path


def test_hook_and_workflow_hold_the_answers_fresh(tmp_path: Path, run) -> None:
    start_project(tmp_path)
    (hook,) = yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    steps = yaml.safe_load((tmp_path / ".github/workflows/evidence.yml").read_text())["jobs"]["check"][
        "steps"
    ]
    for line in (hook["entry"], steps[-1]["run"]):
        words = line.split()[1:]
        status, out, _ = run(tmp_path, *words)
        assert status == 1, line
        assert "evidence/results/example.json" in out
        assert "evisynth report" in out
    assert run(tmp_path, "report")[0] == 0
    assert run(tmp_path, *words)[0] == 0
    study = tmp_path / "studies" / "example-ferry.yaml"
    study.write_text(study.read_text(encoding="utf-8").replace("77/318", "79/318"), encoding="utf-8")
    assert run(tmp_path, *words)[0] == 1
    (tmp_path / "evidence" / "questions" / "example.yaml").rename(tmp_path / "evidence/questions/other.yaml")
    assert Evidence(tmp_path).question_ids() == ["other"]


def test_the_workflow_installs_what_the_project_was_begun_with(tmp_path: Path) -> None:
    start_project(tmp_path)
    last = (tmp_path / "requirements.txt").read_text().splitlines()[-1]
    assert last == starting.requirement()
    assert re.match(r"evisynth(==[\d.]+| @ (git\+)?https://)", last)


# from the wheel alone


def test_the_installed_wheel_needs_no_clone(tmp_path: Path) -> None:
    source, site = tmp_path / "source", tmp_path / "site"
    kept = ("pyproject.toml", "README.md", "LICENSE", "CITATION.cff")
    shutil.copytree(
        REPOSITORY / "src", source / "src", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__")
    )
    for name in kept:
        if (REPOSITORY / name).exists():
            shutil.copy(REPOSITORY / name, source)
    environment = {**os.environ, "MPLCONFIGDIR": str(tmp_path / "mpl")}
    environment.pop("PYTHONPATH", None)

    def start(*words: str, **more: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=tmp_path,
            env={**environment, **more},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    start("-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(source))
    (wheel,) = tmp_path.glob("*.whl")
    install = ("-m", "pip", "install", "-q", "--no-deps", "--no-index", "--no-compile")
    start(*install, "--target", str(site), str(wheel))

    def evisynth(*words: str) -> str:
        command = "from evisynth.cli.process import run_process; run_process()"
        return start("-c", command, "-C", "fresh", *words, PYTHONPATH=str(site))

    start("-c", f"import evisynth; assert evisynth.__file__.startswith({str(site)!r})", PYTHONPATH=str(site))
    evisynth("init")
    evisynth("check", "--strict")
    assert "pooled estimate" in evisynth("pool", "example")
    plot = Path(tmp_path / evisynth("forest", "example").strip())
    assert "Ginger" in plot.read_text(encoding="utf-8")
    page = Path(tmp_path / evisynth("report").strip())
    assert "Nausea" in page.read_text(encoding="utf-8")
    evisynth("check", "--answers")
