"""The command as the operating system sees it: a process with an exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import entry_points

import pytest
from five_studies import FIVE_ANSWERED, FIVE_STUDIES

import evisynth


def typed(*words: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from evisynth.cli.process import run_process; sys.exit(run_process())"
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "status"), [(("--version",), 0), (("forest", "nothing-asked"), 2), (("unheard-of",), 2)]
)
def test_the_process_ends_with_the_status_of_the_command(words: tuple[str, ...], status: int) -> None:
    assert typed(*words).returncode == status


@pytest.mark.parametrize(
    "words",
    [("query", "--outcome", "OS"), ("pool", "complete-cytoreduction"), ("query", "--sql", "nonsense")],
)
def test_no_library_has_the_last_word(words: tuple[str, ...]) -> None:
    done = typed("-C", str(FIVE_STUDIES), *words)
    assert done.stderr.count("\n") == (1 if "nonsense" in words else 0), done.stderr


def test_what_is_printed_arrives_whole_in_a_pipe() -> None:
    rows = typed("-C", str(FIVE_STUDIES), "query", "--format", "json").stdout
    assert len(json.loads(rows)) == len(FIVE_ANSWERED.reported_outcomes())


def test_results_go_to_standard_output_whole() -> None:
    assert typed("--version").stdout == f"evisynth {evisynth.__version__}\n"


def test_the_installed_command_is_that_process() -> None:
    commands = entry_points(group="console_scripts", name="evisynth")
    if not commands:
        pytest.skip("evisynth is run from its folder here, not installed")
    assert [command.value for command in commands] == ["evisynth.cli.process:run_process"]


@pytest.mark.parametrize(("set_before", "found"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")])
def test_matrices_take_one_thread_unless_the_user_says_otherwise(
    set_before: dict[str, str], found: str
) -> None:
    code = (
        "import os, evisynth.cli.main as command, evisynth.cli.process as process\n"
        "command.main = lambda: print(os.environ['OPENBLAS_NUM_THREADS']) or 0\n"
        "process.run_process()"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment | set_before
    )
    assert done.stdout.strip() == found
