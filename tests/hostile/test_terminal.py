"""What a terminal is shown: text and nothing else, in one line when a command is interrupted or at fault."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evisynth.cli.process import PlainText

CODE = "from evisynth.cli.process import run_process; run_process()"


def typed(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", CODE, "-C", str(folder), *words],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "utf-8"])
def test_a_terminal_of_any_encoding_is_written_to(five_studies, encoding: str) -> None:  # type: ignore[no-untyped-def]
    label = "select 'Łukasz √2 淋巴 ≥ 3' as label"
    done = typed(five_studies.folder, "query", "--sql", label, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    shown = done.stdout.decode(encoding)
    assert "ukasz" in shown
    assert ("√2" in shown) == (encoding == "utf-8")


@pytest.mark.parametrize(
    "steering", ["\x1b[2J", "\x1b]0;title\x07", "\x9b2J", "\u202e", "\u2066", "\r", "\b", "\0", "\u2028"]
)
def test_what_would_steer_a_terminal_is_shown_by_its_number(
    steering: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = PlainText(sys.stdout)
    print(f"a{steering}b\tc", file=stream)  # type: ignore[call-overload]
    shown = capsys.readouterr().out
    assert steering not in shown
    assert f"a\\u{ord(steering[0]):04x}" in shown and shown.endswith("b\tc\n")


def test_json_stays_json_with_such_characters(five_studies) -> None:  # type: ignore[no-untyped-def]
    done = typed(
        five_studies.folder, "query", "--sql", "select chr(155) || chr(8238) as x", "--format", "json"
    )
    assert json.loads(done.stdout) == [{"x": "\x9b\u202e"}]
    assert "\u202e".encode() not in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("seed", range(8))
def test_an_interrupted_command_ends_in_one_line(answered: Path, seed: int) -> None:
    moment = random.Random(seed)
    words = moment.choice([("report", "-o", str(answered / "page")), ("query",), ("check",), ("export",)])
    command = subprocess.Popen(
        [sys.executable, "-c", f"print(flush=True); {CODE}", "-C", str(answered), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert command.stdout is not None
    command.stdout.readline()  # Python itself has started
    time.sleep(moment.uniform(0.1, 1.5))
    command.send_signal(signal.SIGINT)
    _, said = command.communicate(timeout=60)
    assert (command.returncode, said) in [(130, b"evisynth: interrupted\n"), (0, said)]
    assert b"Traceback" not in said


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_endless_statement_ends_when_it_is_interrupted(five_studies) -> None:  # type: ignore[no-untyped-def]
    endless = "select count(*) from range(100000000) a, range(100000) b"
    words = ["-C", str(five_studies.folder), "query", "--sql", endless, "--timeout", "600"]
    command = subprocess.Popen([sys.executable, "-c", CODE, *words], stderr=subprocess.PIPE)
    time.sleep(3)  # whether it has begun by then or not, it ends
    command.send_signal(signal.SIGINT)
    _, said = command.communicate(timeout=60)  # a tenth of what it was given, and enough on a busy machine
    assert (command.returncode, said) == (130, b"evisynth: interrupted\n")


def test_a_fault_of_the_program_is_one_line_with_its_place(tmp_path: Path) -> None:
    code = (
        "import evisynth.cli.main as command, evisynth.cli.process as process\n"
        "import evisynth.near_names as names\n"
        "command.main = lambda: names.near_misses(None, ['a'])\n"
        "process.run_process()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "a fault of the program" in done.stderr and " in near_names.py:" in done.stderr
    assert "please report it" in done.stderr
