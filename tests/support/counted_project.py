"""A made-up project of five studies that count deaths in two groups, zeros among them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from five_studies import FIVE_STUDIES

#: Deaths and patients with resection, then without it: nobody in both, one empty cell on each side.
TABLES = ((0, 44, 0, 49), (4, 50, 9, 55), (2, 60, 0, 58), (0, 30, 3, 33), (7, 90, 12, 88))

_STUDY = """\
id: {id}
source: {{kind: journal abstract, year: {year}}}
cohort: {{design: made up, institution: Hospital {number}, accrual: {year} to {year}, at: section methods}}
groups:
  all: {{label: Everyone, n: {everyone}, population: neuroendocrine metastases, site: liver, at: line 1}}
  r: {{label: Resected, n: {n1}, of: all, by: operation, intervention: resection, at: line 1}}
  c: {{label: Not resected, n: {n2}, of: all, by: operation, intervention: no resection, at: line 1}}
outcomes:
  - outcome: perioperative mortality
    at: line 2
    values:
      r: {{count within 30 days: {x1}}}
      c: {{count within 30 days: {x2}}}
"""
_QUESTION = """\
id: {id}
title: Made-up question
why: To see the whole journey.
outcome: perioperative mortality
effect_measure: {measure}
time: 30 days
{keys}rows:
  - label: Resected
    index: {{intervention: resection}}
"""


def counted_project(folder: Path, tables: Sequence[tuple[int, int, int, int]] = TABLES) -> Path:
    """Write the studies, one for each table, into a folder with the vocabulary of the five abstracts."""
    (folder / "studies").mkdir(parents=True)
    (folder / "evidence" / "questions").mkdir(parents=True)
    shutil.copy(FIVE_STUDIES / "evidence" / "vocabulary.yaml", folder / "evidence")
    for number, (x1, n1, x2, n2) in enumerate(tables, start=1):
        name = f"made-up-{number}"
        numbers = {"x1": x1, "n1": n1, "x2": x2, "n2": n2, "everyone": n1 + n2}
        text = _STUDY.format(id=name, number=number, year=2000 + number, **numbers)
        (folder / "studies" / f"{name}.yaml").write_text(text)
    return folder


def ask(folder: Path, name: str, measure: str, *keys: str) -> None:
    """Write a question; one of two groups where its measure compares them."""
    text = _QUESTION.format(id=name, measure=measure, keys="".join(f"{key}\n" for key in keys))
    if measure != "proportion":
        text += "    reference: {intervention: no resection}\n"
    (folder / "evidence" / "questions" / f"{name}.yaml").write_text(text)
