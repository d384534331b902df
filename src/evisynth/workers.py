"""Worker processes: many files divided among several Pythons, which are started plainly.

A worker is a ``python -m`` of this module that is told on standard input what to call, and answers on
standard output. So a script that calls the package needs no guard of its main part, as `multiprocessing`
would ask of it, and no thread of this process is copied in the middle of its work.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, TypeVar

#: Fewer files than this are read sooner than another process has started.
_WORTH_A_PROCESS = 150

Result = TypeVar("Result")


def process_count(files: int) -> int:
    """Return among how many processes, this one included, so many files are best divided."""
    return min(os.cpu_count() or 1, 1 + files // _WORTH_A_PROCESS)


class Worker(Generic[Result]):
    """A call that another process makes meanwhile.

    Parameters
    ----------
    work
        A function of a module, found there by its name.
    arguments
        What it is called with; they and its result can be pickled.
    """

    def __init__(self, work: Callable[..., Result], *arguments: Any) -> None:
        import pickle  # who needs no second process pays for neither
        import subprocess

        self._work, self._arguments = work, arguments
        search_path = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, search_path))},
        )
        # A worker that could not start is told by its status; its pipe is broken then.
        with suppress(BrokenPipeError), self._process.stdin as pipe:  # type: ignore[union-attr]
            pipe.write(pickle.dumps((work, arguments)))
        self._process.stdin = None

    def result(self) -> Result:
        """Wait for what the call returns; if the process was ended from outside, the call is made here."""
        import pickle

        output, _ = self._process.communicate()
        if self._process.returncode != 0:
            return self._work(*self._arguments)
        found: Result = pickle.loads(output)
        return found


def _answer() -> None:
    """Make the call that is told on standard input, and hand out its result on standard output."""
    import pickle

    # What is read is kept to the end: walking through it again and again would find no garbage.
    gc.disable()
    work, arguments = pickle.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(pickle.dumps(work(*arguments)))


if __name__ == "__main__":
    _answer()
