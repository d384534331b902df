"""The source archive holds what is committed, and works where it is unpacked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BUILD = "import sys; from setuptools import build_meta; build_meta.build_sdist(sys.argv[1])"
CHECK = "from evisynth.cli.main import main; raise SystemExit(main(['check']))"


def committed() -> list[str]:
    """Name the files that git knows and that are there."""
    if not (ROOT / ".git").exists():
        pytest.skip("only a clone knows what is committed")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def test_the_source_archive_holds_all_that_is_committed_and_works(tmp_path: Path) -> None:
    names, copy = committed(), tmp_path / "copy"
    for name in names:
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    # What a project leaves behind is no part of the archive.
    (copy / "build").mkdir()
    (copy / "build" / "evidence.duckdb").write_bytes(b"old")
    subprocess.run([sys.executable, "-c", BUILD, str(tmp_path)], cwd=copy, capture_output=True, check=True)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    held = {
        str(path.relative_to(unpacked).as_posix()): path.read_bytes()
        for path in unpacked.rglob("*")
        if path.is_file()
    }
    assert [name for name in names if held.get(name) != (ROOT / name).read_bytes()] == []
    made = {name for name in held if name in ("PKG-INFO", "setup.cfg") or ".egg-info/" in name}
    assert sorted(held.keys() - made - set(names)) == []
    done = subprocess.run(
        [sys.executable, "-c", CHECK],
        cwd=unpacked,
        env={**os.environ, "PYTHONPATH": str(unpacked / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    studies = sum(name.startswith("studies/") and name.endswith(".yaml") for name in names)
    assert f"{studies} studies" in done.stderr  # where the counts are told
