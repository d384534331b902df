"""One command as a process of its own: its streams, what interrupts it, and how it ends.

Nothing but the standard library is imported before an interruption can be heard.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

if TYPE_CHECKING:
    from types import FrameType

INTERRUPTED = 130
FAILED = 1


class PlainText:
    """A stream that prints text as text: what would steer the terminal is shown by its number, as in JSON.

    A line may end and tabs may stand; a label that somebody else wrote may do nothing more.
    """

    def __init__(self, stream: TextIO) -> None:
        from evisynth.wording import STEERING, by_number

        self._stream = stream
        self._harmful = re.compile(f"(?![\t\n])[{re.escape(STEERING)}]")
        self._by_number = by_number

    def write(self, text: str) -> int:
        """Write a text; characters that the terminal's encoding lacks become question marks."""
        return self._stream.write(self._harmful.sub(self._by_number, text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Interruption:
    """Ctrl-C: the first ends what is under way and cleans up, the second ends the process at once."""

    def __init__(self) -> None:
        self.heard = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.heard:
            os._exit(INTERRUPTED)
        self.heard = True
        # Where an exception cannot be raised, in the middle of cleaning up, Python would speak of it.
        sys.unraisablehook = lambda _: None
        raise KeyboardInterrupt


def run_process() -> NoReturn:
    """Run the command that was typed: what ``evisynth`` on the command line starts."""
    interruption = _Interruption()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else the shell said to ignore it
        signal.signal(signal.SIGINT, interruption)
    try:
        _prepare_streams()
        status = _run_command()
        _flush()
    except BaseException as error:
        # Libraries turn an interruption into errors of their own.
        if not interruption.heard and isinstance(error, SystemExit):
            raise
        status = INTERRUPTED if interruption.heard else FAILED
        _say_last("interrupted" if interruption.heard else _fault(error))
    os._exit(status)


def _run_command() -> int:
    import gc

    # Most commands live for half a second. Looking for garbage on the way, and taking every imported library
    # apart at the end, would be a fifth of it. A forest plot makes 200,000 objects, nearly all to be kept.
    gc.set_threshold(300_000, 50, 50)
    # Matrices have as many lines as there are studies; a thread for each processor would only wait.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Pydantic would look through every installed package for plugins of its own: a tenth of `check`.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from evisynth.cli import main

    return main.main()


def _prepare_streams() -> None:
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None:  # it is None when the shell closed it
            stream.reconfigure(errors="replace")
            setattr(sys, name, PlainText(stream))


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def _say_last(text: str) -> None:
    try:
        print(f"evisynth: {text}", file=sys.stderr)
        _flush()
    except (OSError, ValueError):
        pass  # nobody is listening any more


def _fault(error: BaseException) -> str:
    """Say of a fault of this program where it happened, in one line."""
    place, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if f"{os.sep}evisynth{os.sep}" in code.co_filename:
            place = f" in {code.co_filename.rpartition(f'{os.sep}evisynth{os.sep}')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return f"a fault of the program, not of your files: {said}{place}; please report it"
