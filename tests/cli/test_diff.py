"""``evisynth diff`` as a user types it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

STUDY = "studies/midgut-debulking.yaml"
QUESTION = ("--question", "survival-5-years")

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None, reason="git is not installed, and evisynth diff asks it for revisions"
)


def git(folder: Path, *words: str) -> None:
    settings = ("user.name=A Reviewer", "user.email=reviewer@example.org", "commit.gpgsign=false")
    options = [option for setting in settings for option in ("-c", setting)]
    # Inside of a hook the repository of the hook would be meant, whatever the folder.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "-C", str(folder), *options, *words]
    subprocess.run(command, check=True, capture_output=True, env=environment)


@pytest.fixture
def repository(project: Path) -> Path:
    (project / ".gitignore").write_text("build/\n", encoding="utf-8")
    git(project, "init", "--quiet")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message=first")
    git(project, "tag", "v1.0")
    return project


@pytest.fixture
def edited(repository: Path) -> Path:
    path = repository / STUDY
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("{value: 88%, also_at", "{value: 80%, also_at", 1), encoding="utf-8")
    return repository


def test_no_difference_says_so_in_one_line(repository, run) -> None:
    status, out, err = run(repository, "diff")
    assert (status, err) == (0, "")
    assert out.startswith("No difference between HEAD (")
    assert out.count("\n") == 1


def test_what_is_not_yet_committed_reads_like_a_changelog(edited, run) -> None:
    status, out, err = run(edited, "diff", *QUESTION)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].endswith("to the project as it stands: 1 study changed; 1 of 1 answer changed.")
    line = next(number for number, text in enumerate((edited / STUDY).read_text().splitlines(), 1)
                if "{value: 80%" in text)  # fmt: skip
    (figure,) = [text for text in lines if "88% -> 80%" in text]
    assert figure.startswith("- changed: overall survival, survival at 5 years, M1LR: ")
    assert figure.endswith(f"{STUDY}:{line}]")
    # two blocks of one abstract are set against each other within its strata
    (told,) = [text for text in lines if "stratified difference" in text]
    assert told.startswith("- changed: After surgery: stratified difference: 0 (") and "-> -0.0" in told
    git(edited, "commit", "--all", "--quiet", "--message=second")
    assert run(edited, "diff")[1].startswith("No difference")
    assert run(edited, "diff", "v1.0", *QUESTION)[1].splitlines()[1:] == lines[1:]


def test_json_and_markdown_tell_the_same(edited, run) -> None:
    record = json.loads(run(edited, "diff", *QUESTION, "--format", "json")[1])
    (change,) = record["studies"][0]["figures"]["changed"]
    assert change["facts"] == ["as_reported"]
    assert (change["old"]["value"], change["new"]["value"]) == (0.88, 0.8)
    assert record["question_count"] == 1
    page = run(edited, "diff", *QUESTION, "--format", "markdown")[1]
    assert "| 88% | 80% |" in page
    difference = record["questions"][0]["summaries"]["changed"][0]["new"]["stratified_difference"]
    assert f"{difference['estimate']:.4g} (" in page.replace("−", "-")
    numbers = [part for part in json.dumps(record).replace(",", " ").split() if part.startswith("0.")]
    assert numbers
    assert all(len(number.rstrip("}]").lstrip("0.")) <= 6 for number in numbers if "e" not in number)


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("v1.1",), 2, "did you mean 'v1.0'?"),
        (("HEAD", "--question", "survival-5-year"), 2, "did you mean 'survival-5-years'"),
        (("./nowhere",), 1, "there is no folder ./nowhere"),
        (("HEAD", "--format", "csv"), 2, "invalid choice"),
    ],
)
def test_what_cannot_be_compared_is_told(words, status: int, told: str, repository, run) -> None:
    found, out, err = run(repository, "diff", *words)
    assert (found, out) == (status, "")
    assert told in err
    assert "Traceback" not in err


def test_the_same_folder_is_wrong_usage(repository, run) -> None:
    status, out, err = run(repository, "diff", str(repository))
    assert (status, out) == (2, "")
    assert "is the project itself" in err


def test_outside_of_git_another_folder_can_be_named(project, run, tmp_path_factory) -> None:
    status, out, err = run(project, "diff")
    assert (status, out) == (1, "")
    assert "evisynth diff FOLDER" in err
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(project / "studies", other / "studies")
    shutil.copytree(project / "evidence", other / "evidence")
    assert run(project, "diff", str(other))[1].startswith(f"No difference between {other}")


def test_a_broken_past_is_named_with_its_findings(repository, run) -> None:
    path = repository / STUDY
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  design:", "  desing:", 1), encoding="utf-8")
    git(repository, "commit", "--all", "--quiet", "--message=broken")
    path.write_text(text, encoding="utf-8")
    status, out, err = run(repository, "diff")
    assert (status, out) == (1, "")
    first, second = err.splitlines()
    assert first.startswith("evisynth: nothing is compared, for mistakes in HEAD (")
    assert second.startswith(f"HEAD:{STUDY}:")
    assert "'desing'" in second


def test_nothing_heavy_is_imported_before_anything_is_compared(repository) -> None:
    code = (
        "import sys; from evisynth.cli.main import main; main(['-C', sys.argv[1], 'diff']); "
        "print('\\n'.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(repository)], capture_output=True, text=True, check=True
    )
    assert "No difference" in done.stdout
    assert not {"pandas", "scipy", "matplotlib", "duckdb", "numpy"} & set(done.stdout.split())
