"""Killed at chosen system calls, at random moments, or on a full disk: the old or the new, never a half.

With ``EVISYNTH_KILLS=all`` in the environment, as ``make fuzz`` sets it, all points and 30 moments are tried.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

KILLED = Path(__file__).with_name("killed.py")


@pytest.mark.skipif(os.name == "nt", reason="processes are forked")
def test_who_is_killed_leaves_nothing_half(answered: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(KILLED), str(answered), "20", os.environ.get("EVISYNTH_KILLS", "usual")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        timeout=1200,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [], done.stdout


@pytest.mark.skipif(
    not (sys.platform == "linux" and os.geteuid() == 0), reason="only root can mount a small file system"
)
def test_a_full_disk_leaves_the_old_answers(answered: Path, tmp_path: Path, run) -> None:  # type: ignore[no-untyped-def]
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"this root may not mount: {mounted.stderr.decode().strip()}")
    try:
        project = Path(shutil.copytree(answered, disk / "project"))
        results = project / "evidence" / "results"
        old = {path.name: path.read_bytes() for path in results.iterdir()}
        study = next((project / "studies").glob("net-liver-surgery-34.yaml"))
        study.write_text(study.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
        filler = disk / "filler"
        room = shutil.disk_usage(disk).free
        for left in (0, 4096, 65536, 1 << 20):
            filler.write_bytes(b"x" * max(0, room - left - 8192))
            status, _, said = run(project, "report")
            assert {path.name: path.read_bytes() for path in results.iterdir() if path.name in old} == old
            assert (status, len(said.splitlines())) == (1, 1), said
            filler.unlink()
            room = shutil.disk_usage(disk).free
        status, _, said = run(project, "report")
        assert status == 0, said
        assert {path.name for path in results.iterdir()} == set(old)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)
