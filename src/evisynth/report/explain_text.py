"""An explanation as text for a terminal or as Markdown: the same words in both."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from evisynth.report.explained_rows import (
    ExplainedAbsolute,
    ExplainedFigure,
    ExplainedRecovery,
    ExplainedRow,
    Explanation,
    formula_lines,
    letters_text,
)
from evisynth.wording import HARD_SPACE

_WIDTH = 100
_RULES = {1: "=", 2: "-"}


@dataclass(frozen=True, slots=True)
class Block:
    """A heading of a level, a paragraph, an item of a list, or lines that are shown as they are."""

    kind: Literal["heading", "paragraph", "item", "formula"]
    text: str
    level: int = 0


def render_explanation(explanation: Explanation, style: str) -> str:
    """Write an explanation as ``text`` or ``markdown``."""
    write = _markdown if style == "markdown" else _plain
    lines: list[str] = []
    before: Block | None = None
    for block in explanation_blocks(explanation):
        together = before is not None and before.kind == block.kind and block.kind in ("item", "formula")
        if before is not None and not together:
            lines.append("")
        lines += write(block)
        before = block
    return "\n".join(lines)


def _plain(block: Block) -> list[str]:
    if block.kind == "heading":
        rule = _RULES.get(block.level)
        return [block.text, *([rule * len(block.text)] if rule else [])]
    text, first, rest = block.text, "", ""
    if block.kind == "item":
        first, rest = "  - ", "    "
    if block.kind == "formula":
        # A formula may break only where it says "equals" again.
        text = text.replace(" ", HARD_SPACE).replace(f"{HARD_SPACE}={HARD_SPACE}", f" ={HARD_SPACE}")
        first, rest = "    ", "        "
    wrapped = textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(HARD_SPACE, " ") for line in wrapped]


def _markdown(block: Block) -> list[str]:
    if block.kind == "heading":
        return [f"{'#' * block.level} {_escaped(block.text)}"]
    if block.kind == "formula":
        return [f"    {block.text}"]
    return [f"- {_escaped(block.text)}" if block.kind == "item" else _escaped(block.text)]


def _escaped(text: str) -> str:
    for sign in "\\`*_<>|":
        text = text.replace(sign, f"\\{sign}")
    return text


def explanation_blocks(explanation: Explanation) -> Iterator[Block]:
    """Put an explanation into the order in which it is read."""
    yield Block("heading", explanation.title, 1)
    yield Block("paragraph", explanation.why)
    for sentence in explanation.asked:
        yield Block("item", sentence)
    # The answer first: the rows behind it are many pages.
    yield from _results(explanation)
    for place, row in enumerate(explanation.rows, 1):
        yield from _row(row, f"Row {place}")
    yield from _listed("Left out of the question", explanation.left_out, level=2)


def _results(explanation: Explanation) -> Iterator[Block]:
    yield Block("heading", "What it adds up to", 2)
    for result in explanation.results:
        label = f"{result.label}: " if len(explanation.results) > 1 else ""
        yield Block("paragraph", f"{label}{result.result}")
        if result.weighted_mean:
            yield Block(
                "paragraph", "On the scale of the analysis it is the mean of the rows, by their weights:"
            )
            yield Block("formula", result.weighted_mean)
        yield from _absolute(result.absolute)
        for sentence in (*result.method, *result.cautions):
            yield Block("item", sentence)
    if explanation.difference:
        yield Block("paragraph", explanation.difference)


def _row(row: ExplainedRow, name: str) -> Iterator[Block]:
    yield Block("heading", f"{name}. {row.study}: {row.comparison} ({row.row_group})", 2)
    yield Block("paragraph", row.verdict)
    yield Block("heading", "Who is looked at", 3)
    for group in row.groups:
        chosen = f" Chosen for {', '.join(group.chosen_for)}." if group.chosen_for else ""
        yield Block("item", f"{group.side} {group.group} ({group.label}): {group.patients}.{chosen}")
    if row.division:
        yield Block("paragraph", row.division)
    for judged in row.risk_of_bias:
        yield Block("paragraph", judged)
    yield from _recovery(row.standing)
    yield from _absolute(row.absolute)
    if row.others:
        yield Block("heading", "Other ways to the same patients", 3)
        yield Block(
            "paragraph",
            "One of them stands for the comparison. They are never averaged: they are the same patients.",
        )
        for other in row.others:
            yield Block("item", _in_short(other, row.standing.inputs))


def _absolute(absolute: ExplainedAbsolute | None) -> Iterator[Block]:
    if absolute is not None:
        yield Block("paragraph", absolute.words)
        yield Block("formula", absolute.formula)


def _recovery(recovery: ExplainedRecovery) -> Iterator[Block]:
    yield Block("heading", "What is printed", 3)
    for figure in recovery.inputs:
        yield Block("item", _printed(figure))
    if not recovery.inputs:
        yield Block("paragraph", "Nothing that could be used.")
    yield Block("heading", "How the effect follows from it", 3)
    yield Block("paragraph", f"Recovered from: {recovery.derived}. {recovery.words}".strip())
    for line in formula_lines(recovery):
        yield Block("formula", line)
    if recovery.letters:
        yield Block("paragraph", letters_text(recovery))
    if recovery.reason:
        yield Block("paragraph", recovery.reason)
    if recovery.rounding:
        yield Block("paragraph", f"The rounding of the print alone leaves the effect at {recovery.rounding}.")
    yield from _listed("What was assumed", recovery.assumptions)
    if recovery.sensitivity:
        yield Block(
            "paragraph", "If fewer patients had been followed that long, the interval would be wider:"
        )
        for other in recovery.sensitivity:
            yield Block("item", f"{other.followed}: {other.effect}, SE {other.standard_error:.3f}")
    yield Block("heading", f"Grade {recovery.grade}", 3)
    yield Block("paragraph", grade_text(recovery))
    for why in recovery.downgrades:
        yield Block("item", why)


def grade_text(recovery: ExplainedRecovery) -> str:
    """Say with which grade a kind of recovery begins, and whether anything lowers it."""
    if recovery.basic_grade is None:
        return "There is no estimate with a standard error, so nothing of it is pooled."
    begun = f"This kind of recovery begins at grade {recovery.basic_grade}"
    if not recovery.downgrades:
        return f"{begun}, and nothing speaks against it."
    return f"{begun}. Each of these lowers it by one, down to D:"


def _in_short(recovery: ExplainedRecovery, shown: Sequence[ExplainedFigure]) -> str:
    """Say one alternative in a few lines; what is ``shown`` already is not printed twice."""
    text = recovery.derived[:1].upper() + recovery.derived[1:]
    if recovery.effect:
        text += f": {recovery.effect}, grade {recovery.grade}"
    final = next((e for e in reversed(recovery.equations) if e.quantity.startswith("log")), None)
    if final is not None:
        text += f" ({final.quantity} = {final.with_numbers})"
    # A refusal says itself why it stands for nothing.
    why = "" if recovery.kind == "refused" else recovery.not_standing or ""
    printed = "; ".join(_printed(figure) for figure in recovery.inputs if figure not in shown)
    parts = [text + ".", recovery.reason or "", why, f"Printed: {printed}." if printed else ""]
    return " ".join(part for part in parts if part)


def _printed(figure: ExplainedFigure) -> str:
    places = "; ".join(place for place in (figure.source_location, figure.file_location) if place)
    return f"{figure.name}: {figure.as_reported} [{places}]"


def _listed(heading: str, sentences: Sequence[str], level: int = 3) -> Iterator[Block]:
    if sentences:
        yield Block("heading", heading, level)
    for sentence in sentences:
        yield Block("item", sentence)
