"""Kills a command before and after chosen system calls, or at random moments, and runs it again.

``killed.py PROJECT SEED [all]``: the project is answered, then one study changes. In a copy for each kill, a
child process is killed while it builds or reports; what is there then must be whole, old or new, and the next
run must end with the answers of a run that nobody killed. Children are forked before the engine has threads.
Without ``all``, some kills stand for the others, which take minutes.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import io
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from evisynth.cli.main import main

STUDY = "studies/net-liver-surgery-34.yaml"
#: Which calls a command is killed at: the command, the call, which of them, and whether before or after it.
POINTS = [
    ("build", "replace", 1, "before"),
    ("build", "replace", 1, "after"),
    ("build", "replace", 2, "before"),
    ("build", "replace", 2, "after"),
    ("build", "replace", 3, "before"),
    ("build", "fsync", 1, "before"),
    ("build", "fsync", 2, "after"),
    ("build", "open", 1, "after"),
    ("build", "write", 1, "after"),
    ("report", "replace", 4, "before"),
    ("report", "replace", 4, "after"),
    ("report", "replace", 6, "after"),
    ("report", "replace", 7, "before"),
    ("report", "write", 3, "after"),
    ("report", "write", 5, "before"),
]
#: Those that are tried in every run of the tests: half a cache, no stamp yet, half of an answer, no page.
USUAL = [POINTS[3], POINTS[5], POINTS[10], POINTS[12]]
RANDOM, USUAL_RANDOM = 30, 1


def in_child(work: Callable[[], object]) -> int:
    """Do something in a process of its own and return how that ended; below zero it was killed."""
    child = os.fork()
    if child == 0:
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                status = work()
            os._exit(int(status or 0))  # type: ignore[call-overload]
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_at(call: str, number: int, when: str) -> None:
    """Have this process kill itself at a call: os.replace, os.fsync, os.open; or opening a file to write."""
    module = builtins if call == "write" else os
    name = "open" if call == "write" else call
    original, count = getattr(module, name), 0

    def counting(*given: Any, **more: Any) -> Any:
        nonlocal count
        mode = str(given[1] if len(given) > 1 else more.get("mode", "r"))
        counted = call != "write" or any(letter in mode for letter in "wxa")
        count += counted
        here = counted and count == number
        if here and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = original(*given, **more)
        if here:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(module, name, counting)


def run(project: Path, *words: str) -> int:
    return main(["-C", str(project), *words])


def run_whole(project: Path, modules: Path) -> int:
    """Report without being killed, and write down which modules that took."""
    status = run(project, "report")
    modules.write_text("\n".join(name for name in sys.modules if name != "__main__"), encoding="utf-8")
    return status


def killed_at_moment(project: Path, after: float) -> int:
    """Kill a report so many seconds after it began."""
    child = os.fork()
    if child == 0:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            os._exit(run(project, "report"))
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def torn(project: Path) -> list[str]:
    """Name the files that are half written, under the names that people read."""
    files = [path for path in (project / "evidence").rglob("*") if path.suffix in (".json", ".svg")]
    files += list((project / "build").glob("report/*.html"))
    ends = {".json": "}", ".svg": "</svg>", ".html": "</html>"}
    return [
        str(path.relative_to(project))
        for path in files
        if not path.name.startswith(".")
        and not path.read_text(encoding="utf-8").rstrip().endswith(ends[path.suffix])
    ]


def answers(project: Path) -> dict[str, str]:
    """Return the committed answers, and whether nothing half written is left beside them."""
    found = {path.name: path.read_text(encoding="utf-8") for path in (project / "evidence/results").iterdir()}
    found["page"] = str((project / "build/report/index.html").read_text(encoding="utf-8").count("</section>"))
    found["left"] = str(sorted(path.name for path in (project / "build").iterdir()))
    return found


def faults(project: Path, seed: int, *, every: bool) -> list[str]:
    """Kill and run again, at every point and at random moments; return what was not as it must be."""
    found: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        changed = Path(shutil.copytree(project, folder / "changed"))
        study = changed / STUDY
        study.write_text(study.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
        whole = Path(shutil.copytree(changed, folder / "whole"))
        began = time.monotonic()
        assert in_child(lambda: run_whole(whole, folder / "modules")) == 0
        lasted, expected = time.monotonic() - began, answers(whole)
        for name in (folder / "modules").read_text(encoding="utf-8").split():
            with contextlib.suppress(ImportError):  # the children need not import them one by one
                importlib.import_module(name)
        moments = [random.Random(seed + number).uniform(0.02, lasted) for number in range(RANDOM)]
        kills = [*POINTS, *moments] if every else [*USUAL, *moments[:USUAL_RANDOM]]
        for kill in kills:
            copy = Path(shutil.copytree(changed, folder / "killed"))
            if isinstance(kill, float):
                killed_at_moment(copy, kill)
            else:
                command, *at = kill

                def die(command: str = command, at: Any = at, copy: Path = copy) -> int:
                    kill_at(*at)
                    return run(copy, command)

                if in_child(die) != -signal.SIGKILL:
                    found.append(f"{kill}: was not reached")
            if half := torn(copy):
                found.append(f"{kill}: half written: {half}")
            if (status := in_child(lambda copy=copy: run(copy, "report"))) != 0:
                found.append(f"{kill}: the next run ends with {status}")
            elif answers(copy) != expected:
                found.append(f"{kill}: the next run answers otherwise: {answers(copy)['left']}")
            shutil.rmtree(copy)
    return found


if __name__ == "__main__":
    print(json.dumps(faults(Path(sys.argv[1]), int(sys.argv[2]), every="all" in sys.argv[3:])))
