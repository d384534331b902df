"""Printed figures, studies, cohorts and multiverses made by hand, ordinary and hostile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from five_studies import FIVE_STUDIES

from evisynth.answers import Multiverse, Reading, RowChoices
from evisynth.effects import Effect
from evisynth.figures import Chart
from evisynth.figures.chart.chart import Mark
from evisynth.outcomes import Arm, Comparison, GroupSelector, GroupSize, Question, ReportedOutcome, RowGroup
from evisynth.studies import Study, read_study, read_vocabulary

#: Labels that broke figures before: long, of one word, of other scripts, empty.
HOSTILE_LABELS = (
    "Liver and peritoneum, incomplete (more than 90% of the liver disease removed and/or Lyon score 1 to 2)",
    "Pneumonoultramicroscopicsilicovolcanoconiosis" * 2,
    "肝转移灶切除与未切除患者的总生存期比较研究",
    "πρωτοπαθής όγκος, метастазы печени",
    "",
    "50% $x^2$ <b>&amp;</b>\nsecond line\t\x07",
)


@pytest.fixture(scope="session")
def hostile_labels() -> tuple[str, ...]:
    return HOSTILE_LABELS


@pytest.fixture(scope="session")
def printed() -> Callable[..., ReportedOutcome]:
    """Build a printed figure: a rate when it is given ``months``, else a median in months."""

    def build(study: str, group: str, value: float | None, months: float | None = None, **changes: Any):
        plain = ReportedOutcome(
            study=study, group=group, group_label=f"Group {group}", n=50, outcome="overall_survival",
            statistic="median" if months is None else "survival", time_months=months, value=value,
            ci_lower=None, ci_upper=None, level=None, qualifier="=", state="reported",
            unit="months" if months is None else "proportion", compared_with=None, as_reported="",
            source_location="line 1", file_location=f"studies/{study}.yaml:1", lower=None, upper=None,
            adjusted=None, role="own", half_unit=0.5 if months is None else 0.005,
        )  # fmt: skip
        return replace(plain, **changes)

    return build


@pytest.fixture(scope="session")
def not_reached(printed: Callable[..., ReportedOutcome]) -> Callable[..., ReportedOutcome]:
    """Build a median that was not reached."""

    def build(study: str, group: str, **changes: Any) -> ReportedOutcome:
        return printed(study, group, None, state="not_reached", qualifier=None, half_unit=None, **changes)

    return build


@pytest.fixture
def study_of(tmp_path: Path) -> Callable[..., Study]:
    """Read a study from what its file says beside the source."""
    vocabulary = read_vocabulary(FIVE_STUDIES / "evidence" / "vocabulary.yaml")

    def read(study: str, text: str, year: int = 2020, cohort: str = "{}") -> Study:
        path = tmp_path / f"{study}.yaml"
        source = f"source: {{kind: journal abstract, year: {year}}}\n"
        placed = text.replace("{label:", "{at: line 1, label:").replace(
            "- outcome:", "- at: line 1\n    outcome:"
        )
        path.write_text(f"id: {study}\n{source}cohort: {cohort}\n{placed}", encoding="utf-8")
        return read_study(path, vocabulary)

    return read


@pytest.fixture(scope="session")
def studies() -> list[Study]:
    """The five abstracts."""
    vocabulary = read_vocabulary(FIVE_STUDIES / "evidence" / "vocabulary.yaml")
    return [read_study(path, vocabulary) for path in sorted((FIVE_STUDIES / "studies").glob("*.yaml"))]


@pytest.fixture(scope="session")
def marks_of() -> Callable[[Chart, type], list[Any]]:
    """Return all marks of a kind, panel after panel."""

    def find(chart: Chart, kind: type[Mark]) -> list[Any]:
        panels = [panel for row in chart.panels for panel in row]
        return [mark for panel in panels for mark in panel.marks if isinstance(mark, kind)]

    return find


def asked(**changes: Any) -> Question:
    index = GroupSelector({"intervention": ("resection",)})
    reference = GroupSelector({"intervention": ("no_resection",)})
    plain = Question(
        id="made-up",
        title="Resection against no resection",
        why="",
        outcome="overall_survival",
        effect_measure="hazard_ratio",
        row_groups=(RowGroup("Overall", index, reference),),
    )
    return replace(plain, **changes)


def row_choices(study: str, recoveries: list[tuple[str, float]], label: str = "Resected") -> RowChoices:
    """Make a row that may be left out; each reading is a recovery with the share observed."""
    size = GroupSize((40,), "printed", "40", "line 1")
    arms = [
        Arm(
            study=study, group=group, label=f"{label} {group}", size=size, tags={}, role="own", figures=(),
            part_of="all", split="resection", lineage=((group, "resection"),),
        )
        for group in ("a", "b")
    ]  # fmt: skip
    comparison = Comparison(study, "Overall", "overall_survival", *arms, ())
    effects = [
        Effect(study=study, comparison="a vs b", index_group="a", reference_group="b", row_group="Overall",
               effect_measure="hazard_ratio", scale="log", recovery=recovery, kind="point", estimate=-0.3,
               standard_error=0.2, grade="C")
        for recovery, _ in recoveries
    ]  # fmt: skip
    readings = tuple(
        Reading(effect, share, -0.3, 0.2, None)
        for effect, (_, share) in zip(effects, recoveries, strict=True)
    )
    return RowChoices(comparison, readings, may_leave=True, stands=True)


@pytest.fixture(scope="session")
def universes() -> Callable[..., tuple[Multiverse, Question]]:
    """Make a multiverse of log hazard ratios in rising order, with its question.

    ``reaches`` is half the length of each interval; choices run through the readings of each row in turn.
    """

    def build(
        estimates: list[float],
        reaches: float | list[float] = 0.4,
        rows: tuple[RowChoices, ...] = (),
        own: int | None = 0,
        refused: dict[str, int] | None = None,
        **question: Any,
    ) -> tuple[Multiverse, Question]:
        y = np.array(estimates, dtype=np.float64)
        reach = np.broadcast_to(np.array(reaches, dtype=np.float64), y.shape)
        counts = [len(row.readings) + 1 for row in rows]
        place = np.arange(len(y))
        columns = [place // (i + 1) % count - 1 for i, count in enumerate(counts)]
        choices = np.stack(columns, axis=1) if columns else np.empty((len(y), 0), dtype=np.int64)
        multiverse = Multiverse(
            label="Overall", rows=rows, combinations=len(y), exact=True, seed=1, choices=choices,
            ways=np.empty((len(y), 0), dtype=np.int64), estimate=y, standard_error=reach / 1.96,
            ci_lower=y - reach, ci_upper=y + reach, tau_squared=np.zeros(len(y)),
            row_count=np.full(len(y), 3), own=own, refused=refused or {}, scale="log",
        )  # fmt: skip
        return multiverse, asked(**question)

    return build


@pytest.fixture(scope="session")
def two_rows() -> tuple[RowChoices, ...]:
    """Two rows of a multiverse: one of three readings, one of a single reading; either may be out."""
    return (
        row_choices("first-2001", [("landmark", 1.0), ("landmark", 0.5), ("median", 1.0)]),
        row_choices("second-2002", [("printed", 1.0)]),
    )


@pytest.fixture(scope="session")
def many_rows() -> Callable[[int, int], tuple[RowChoices, ...]]:
    """Make rows of several recoveries, each with and without all patients observed."""

    def build(count: int, recoveries: int) -> tuple[RowChoices, ...]:
        ways = [(f"way_{i}", share) for i in range(recoveries) for share in (1.0, 0.5)]
        return tuple(row_choices(f"study-{i}", ways) for i in range(count))

    return build
