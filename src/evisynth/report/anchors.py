"""Ids of places on the page, so that an estimate can be followed to the figure that it rests on."""

from __future__ import annotations

import re

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


def question_anchor(question: str) -> str:
    """Name the place of a question."""
    return f"question-{_safe(question)}"


def study_anchor(study: str) -> str:
    """Name the place of a study."""
    return f"study-{_safe(study)}"


def figure_anchor(file_location: str) -> str:
    """Name the place of what one line of a study file reports: ``studies/x.yaml:12``."""
    return f"at-{_safe(file_location)}"


def _safe(text: str) -> str:
    return _UNSAFE.sub("-", text).strip("-")
