"""Made-up questions, comparisons and effects: one small builder each, with plain defaults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from evisynth.answers import Answer, answer_question
from evisynth.effects import Effect, Input
from evisynth.measures import question_measure
from evisynth.outcomes import Arm, Comparison, GroupSelector, GroupSize, Question, ReportedOutcome, RowGroup

RESECTED = GroupSelector({"intervention": ("resection",)})
NOT_RESECTED = GroupSelector({"intervention": ("no_resection",)})


@pytest.fixture
def ask() -> Callable[..., Question]:
    """Build a question; a contrast of resected against not resected unless told otherwise."""

    def build(**changes: Any) -> Question:
        plain = Question(
            id="made-up",
            title="A made-up question",
            why="To test the rules.",
            outcome="overall_survival",
            effect_measure="hazard_ratio",
            row_groups=(RowGroup("Resected against not", RESECTED, NOT_RESECTED),),
        )
        return replace(plain, **changes)

    return build


@pytest.fixture
def figure() -> Callable[..., ReportedOutcome]:
    """Build a reported figure; only what the rules of pooling look at can be told."""

    def build(study: str, group: str, **changes: Any) -> ReportedOutcome:
        plain = ReportedOutcome(
            study=study, group=group, group_label=group, n=50, outcome="overall_survival",
            statistic="hazard_ratio", time_months=None, value=0.6, ci_lower=0.4, ci_upper=0.9, level=0.95,
            qualifier="=", state="reported", unit="ratio", compared_with=("b",),
            as_reported="0.60 (95% CI 0.40 to 0.90)", source_location="table 2",
            file_location=f"studies/{study}.yaml:12", lower=None, upper=None, adjusted=None, role="own",
        )  # fmt: skip
        return replace(plain, **changes)

    return build


@pytest.fixture
def arm() -> Callable[..., Arm]:
    """Build an arm of 50 patients, one of two parts of all patients."""

    def build(study: str, group: str, **changes: Any) -> Arm:
        plain = Arm(
            study=study,
            group=group,
            label=f"Group {group}",
            size=GroupSize((50,), "printed", "50", "line 3"),
            tags={},
            role="own",
            figures=(),
            part_of="all",
            split="resection",
            lineage=((group, "resection"), ("all", None)),
        )
        return replace(plain, **changes)

    return build


@pytest.fixture
def compare(arm: Callable[..., Arm]) -> Callable[..., Comparison]:
    """Build a comparison of group a against group b of one study."""

    def build(
        study: str, index: str | Arm = "a", reference: str | Arm | None = "b", **changes: Any
    ) -> Comparison:
        as_arm = {
            place: arm(study, given) if isinstance(given, str) else given
            for place, given in (("index", index), ("reference", reference))
            if given is not None
        }
        plain = Comparison(
            study=study, row_group="Resected against not", outcome="overall_survival", **as_arm
        )
        return replace(plain, **changes)

    return build


@pytest.fixture
def point() -> Callable[..., Effect]:
    """Build the primary recovery of a comparison: a grade A point."""

    def build(comparison: Comparison, estimate: float, error: float = 0.25, **changes: Any) -> Effect:
        measure = changes.get("effect_measure", "hazard_ratio")
        plain = Effect(
            study=comparison.study,
            comparison=comparison.name,
            index_group=comparison.index.group,
            reference_group=None if comparison.reference is None else comparison.reference.group,
            row_group=comparison.row_group,
            effect_measure=measure,
            scale=question_measure(measure).scale,
            recovery="made_up",
            kind="point",
            grade="A",
            estimate=estimate,
            standard_error=error,
            primary=True,
            participants=100,
            inputs=(
                Input(
                    "hazard ratio",
                    "0.60 (95% CI 0.40 to 0.90)",
                    "table 2",
                    f"studies/{comparison.study}.yaml:12",
                ),
            ),
        )
        return replace(plain, **changes)

    return build


@pytest.fixture
def not_a_point(point: Callable[..., Effect]) -> Callable[..., Effect]:
    """Build a bound or a refusal of a comparison."""

    def build(comparison: Comparison, kind: str, **changes: Any) -> Effect:
        plain = point(comparison, 0.0, kind=kind, grade="X", primary=False)
        return replace(plain, **{"estimate": None, "standard_error": None, **changes})

    return build


@pytest.fixture
def answer_rows() -> Callable[..., Answer]:
    """Answer a question from (comparison, effect) pairs, a single recovery each."""

    def answer(question: Question, *rows: tuple[Comparison, Effect]) -> Answer:
        return answer_question(question, [row[0] for row in rows], [(row[1],) for row in rows])

    return answer


@pytest.fixture
def studies(compare: Callable[..., Comparison], point: Callable[..., Effect]) -> Callable[..., list[Any]]:
    """Build one row a study (s1, s2, ...) from estimates; changes apply to every effect."""

    def build(*estimates: float, error: float = 0.25, **changes: Any) -> list[tuple[Comparison, Effect]]:
        rows = [compare(f"s{number}") for number, _ in enumerate(estimates, start=1)]
        return [(row, point(row, y, error, **changes)) for row, y in zip(rows, estimates, strict=True)]

    return build
