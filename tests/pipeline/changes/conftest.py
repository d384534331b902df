"""A project under git, and a way to edit its files."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Git = Callable[..., str]


@pytest.fixture
def git() -> Git:
    """Run git in a folder, as a user of its own whose settings are nobody's."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed, and evisynth diff asks it for revisions")

    def run(folder: Path, *words: str) -> str:
        settings = ("user.name=A Reviewer", "user.email=reviewer@example.org", "commit.gpgsign=false")
        options = [option for setting in settings for option in ("-c", setting)]
        # Inside of a hook the repository of the hook would be meant, whatever the folder.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        command = ["git", "-C", str(folder), *options, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        return done.stdout.strip()

    return run


@pytest.fixture
def repository(project: Path, git: Git) -> Path:
    """The real evidence, committed once and tagged v1.0."""
    (project / ".gitignore").write_text("build/\n", encoding="utf-8")
    git(project, "init", "--quiet", "--initial-branch=main")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message=first")
    git(project, "tag", "v1.0")
    return project


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace a text that stands in a file, the first time it does."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace
