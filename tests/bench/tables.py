"""The tables of this folder's README, from what was measured."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from peers import QUANTITIES
from synthesis import GOALS, METAFOR, SPARSE

README = Path(__file__).with_name("README.md")


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out a table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float) -> str:
    """Write a number to three digits, without an exponent."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def conditions(measured: Mapping[str, Any]) -> str:
    """Say when and with what it was measured."""
    programs = {name: found["version"] for name, found in _programs(measured).items()}
    programs.pop(SPARSE, None)
    versions = ", ".join(f"{name} {value}" for name, value in (measured["versions"] | programs).items())
    return f"Measured on {datetime.date.today()} with {os.cpu_count()} cores: {versions}."


def _programs(measured: Mapping[str, Any]) -> dict[str, Any]:
    return {name: found for name, found in measured.items() if name != "versions"}


def synthesis_table(measured: Mapping[str, Any]) -> str:
    """Milliseconds of everybody, and in brackets how many times ours that is."""
    programs = _programs(measured)
    ours = programs.pop("evisynth")["times"]
    rows = []
    for what, goal in GOALS.items():
        if what not in ours:
            continue
        cells = [f"{number(ours[what])} ms", f"{number(goal)} ms"]
        for found in programs.values():
            time = found["times"].get(what)
            cells.append("" if time is None else f"{number(time)} ms ({number(time / ours[what])})")
        rows.append([what, *cells])
    return markdown(["REML fits", "here", "goal", *programs], rows)


def difference_table(measured: Mapping[str, Any]) -> str:
    """How far everybody's answer on five rows is from ours, and what they compute that is not the same."""
    programs = _programs(measured)
    ours = programs.pop("evisynth")["answer"]
    rows = []
    for name, found in programs.items():
        apart = [abs(theirs - own) for theirs, own in zip(found["answer"], ours, strict=False)]
        furthest = QUANTITIES[apart.index(max(apart))].replace("_", " ") if apart else ""
        shown = f"{max(apart):.1g} ({furthest})" if apart else "not compared"
        rows.append([name, shown, found["differs"]])
    return markdown(["program", "furthest from ours, k = 5", "what is different"], rows)


def command_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Seconds of each command, its goal, and the multiple of what it cannot do without."""
    head = ["cold process", "seconds", "goal", "times the bare imports, or the reading of the files"]
    return markdown(
        head,
        [[row["what"], f"{row['seconds']:.2f}", f"{row['goal']:g}", f"{row['ratio']:.1f}"] for row in rows],
    )


def forest_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Seconds to a finished forest plot."""
    head = [
        "forest plot",
        "`evisynth forest QUESTION`",
        "`evisynth.forest`, from rows",
        f"{METAFOR}, from rows",
    ]
    timed = [
        [f"{row[name]:.2f}" if row[name] else "" for name in ("command", "rows", "metafor")] for row in rows
    ]
    return markdown(head, [[row["what"], *times] for row, times in zip(rows, timed, strict=True)])


def write_readme(tables: Mapping[str, str], path: Path = README) -> None:
    """Put each table between its markers, ``<!-- NAME -->`` and ``<!-- end of NAME -->``."""
    text = path.read_text(encoding="utf-8")
    for name, table in tables.items():
        start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        text, found = re.subn(
            f"{re.escape(start)}.*?{re.escape(end)}",
            lambda _, t=f"{start}\n\n{table}\n\n{end}": t,
            text,
            flags=re.DOTALL,
        )
        if not found:
            raise ValueError(f"{path} has no place for {name}")
    path.write_text(text, encoding="utf-8")
