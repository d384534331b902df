"""The command as the operating system sees it: a process with an exit status."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points

import pytest

import evisynth


def typed(*words: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from evisynth.cli.main import run_process; sys.exit(run_process())"
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "status"), [(("--version",), 0), (("forest", "nothing-asked"), 2), (("unheard-of",), 2)]
)
def test_the_process_ends_with_the_status_of_the_command(words: tuple[str, ...], status: int) -> None:
    assert typed(*words).returncode == status


def test_results_go_to_standard_output_whole() -> None:
    assert typed("--version").stdout == f"evisynth {evisynth.__version__}\n"


def test_the_installed_command_is_that_process() -> None:
    commands = entry_points(group="console_scripts", name="evisynth")
    if not commands:
        pytest.skip("evisynth is run from its folder here, not installed")
    assert [command.value for command in commands] == ["evisynth.cli.main:run_process"]
