"""Made-up projects: one study of two groups for each text that is given, and one question about them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from five_studies import FIVE_STUDIES

_STUDY = """\
id: {id}
source: {{kind: journal abstract, year: 2020}}
cohort: {{design: made up, accrual: {years}, at: section methods}}
groups:
  all: {{label: Everyone, n: {whole}, at: line 1}}
  r: {{label: Resected, n: {index}, of: all, by: operation, intervention: resection, at: line 1}}
  c: {{label: Not resected, n: {reference}, of: all, by: operation, intervention: no resection, at: line 1}}
"""
_VALUES = """\
outcomes:
  - outcome: {outcome}
    starts: operation
    {more}at: line 2
    values:
      r: {{{index}}}
      c: {{{reference}}}
"""
_QUESTION = """\
id: asked
title: Made-up question
why: To see what a figure means.
outcome: {outcome}
effect_measure: {measure}
{more}rows:
  - label: Resected
    index: {{intervention: resection}}
    reference: {{intervention: no resection}}
"""


def study_of(
    index: str = "",
    reference: str = "",
    comparison: str = "",
    *,
    outcome: str = "overall survival",
    more: str = "",
    sizes: tuple[int, int] = (70, 50),
) -> tuple[str, tuple[int, int]]:
    """Write what a study prints of its resected and its other patients, and of both compared."""
    text = ""
    if index:
        text += _VALUES.format(
            outcome=outcome, index=index, reference=reference, more=more and f"{more}\n    "
        )
    if comparison:
        text += (
            f"comparisons:\n  - {{outcome: {outcome}, of: [r, c], {comparison}, basis: stated, at: line 3}}\n"
        )
    return text, sizes


def make_project(
    folder: Path,
    studies: Sequence[tuple[str, tuple[int, int]]],
    measure: str = "hazard ratio",
    *,
    outcome: str = "overall survival",
    more: str = "",
    vocabulary: str = "",
) -> Path:
    """Write a project: studies of other years each, the question, and outcomes added to the vocabulary."""
    (folder / "studies").mkdir(parents=True)
    (folder / "evidence" / "questions").mkdir(parents=True)
    shutil.copy(FIVE_STUDIES / "evidence" / "vocabulary.yaml", folder / "evidence")
    words = folder / "evidence" / "vocabulary.yaml"
    words.write_text(words.read_text("utf-8").replace("outcomes:\n", f"outcomes:\n{vocabulary}", 1), "utf-8")
    for number, (text, (index, reference)) in enumerate(studies):
        name = f"study-{'abcdefghij'[number]}"
        first = 1960 + 4 * number
        head = _STUDY.format(
            id=name,
            years=f"{first} to {first + 2}",
            whole=index + reference,
            index=index,
            reference=reference,
        )
        (folder / "studies" / f"{name}.yaml").write_text(head + text, "utf-8")
    question = _QUESTION.format(outcome=outcome, measure=measure, more=more and f"{more}\n")
    (folder / "evidence" / "questions" / "asked.yaml").write_text(question, "utf-8")
    return folder
