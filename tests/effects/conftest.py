"""Builders of what an abstract printed, for the recoveries under test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from evisynth.effects import Effect, recover
from evisynth.outcomes import Arm, Comparison, GroupSelector, GroupSize, Question, ReportedOutcome, RowGroup

_BLANK = ReportedOutcome(
    study="made-up",
    group="A",
    group_label="A",
    n=None,
    outcome="overall_survival",
    statistic="survival",
    time_months=None,
    value=None,
    ci_lower=None,
    ci_upper=None,
    level=None,
    qualifier="=",
    state="reported",
    unit="proportion",
    compared_with=None,
    as_reported="",
    source_location="results",
    file_location="made-up.yaml:1",
    lower=None,
    upper=None,
    adjusted=None,
    role="own",
)


class Print:
    """Writes figures, arms and comparisons as short as a table cell."""

    def figure(self, statistic: str, value: float | None = None, /, **fields: Any) -> ReportedOutcome:
        printed = fields.pop("as_reported", f"{statistic} {value:g}" if value is not None else statistic)
        return replace(_BLANK, statistic=statistic, value=value, as_reported=printed, **fields)

    def survival(
        self, months: float, value: float, half_unit: float = 0.005, **fields: Any
    ) -> ReportedOutcome:
        return self.figure("survival", value, time_months=months, half_unit=half_unit, **fields)

    def median(self, months: float | None, half_unit: float = 0.5, **fields: Any) -> ReportedOutcome:
        return self.figure("median", months, half_unit=half_unit, unit="months", **fields)

    def median_with_interval(self, months: float, lower: float, upper: float) -> ReportedOutcome:
        return self.median(
            months,
            ci_lower=lower,
            ci_upper=upper,
            level=0.95,
            ci_lower_half_unit=0.5,
            ci_upper_half_unit=0.5,
        )

    def not_reached(self) -> ReportedOutcome:
        return self.figure("median", None, state="not_reached", unit="months", qualifier=None)

    def percent(self, value: float, half_unit: float = 0.005, **fields: Any) -> ReportedOutcome:
        return self.figure("proportion", value, half_unit=half_unit, **fields)

    def count(self, value: int, denominator: int | None = None, **fields: Any) -> ReportedOutcome:
        fields.setdefault("unit", "patients")
        return self.figure("count", value, denominator=denominator, **fields)

    def ratio(
        self, value: float, lower: float | None = None, upper: float | None = None, **fields: Any
    ) -> ReportedOutcome:
        statistic = fields.pop("statistic", "hazard_ratio")
        fields.setdefault("compared_with", ("B",))
        fields.setdefault("level", 0.95)
        return self.figure(
            statistic,
            value,
            ci_lower=lower,
            ci_upper=upper,
            half_unit=0.005,
            ci_lower_half_unit=0.005,
            ci_upper_half_unit=0.005,
            unit="ratio",
            **fields,
        )

    def p_value(
        self, value: float | None, half_unit: float | None = 0.0005, **fields: Any
    ) -> ReportedOutcome:
        fields.setdefault("compared_with", ("B",))
        fields.setdefault("basis", "stated")
        return self.figure("p_value", value, half_unit=half_unit, unit="probability", **fields)

    def arm(self, group: str, size: int | Sequence[int], *figures: ReportedOutcome, role: str = "own") -> Arm:
        candidates = (size,) if isinstance(size, int) else tuple(size)
        return Arm(
            study="made-up",
            group=group,
            label=group,
            size=GroupSize(candidates, "printed", f"n = {size}", "results"),
            tags={},
            role=role,
            figures=tuple(replace(figure, group=group, group_label=group) for figure in figures),
        )

    def comparison(self, index: Arm, reference: Arm | None = None, **fields: Any) -> Comparison:
        return Comparison("made-up", "all", "overall_survival", index, reference, **fields)

    def question(self, measure: str, **fields: Any) -> Question:
        block = RowGroup("all", GroupSelector({}))
        return Question("q", "Q", "why", "overall_survival", measure, (block,), **fields)  # type: ignore[arg-type]

    def recover(self, measure: str, comparison: Comparison, **fields: Any) -> tuple[Effect, ...]:
        return recover(comparison, self.question(measure, **fields))


@pytest.fixture
def printed() -> Print:
    return Print()


@pytest.fixture
def only() -> Callable[..., Effect]:
    """Pick the one effect of a recovery (and time) out of all."""

    def pick(effects: Sequence[Effect], recovery: str, months: float | None = None) -> Effect:
        found = [
            effect
            for effect in effects
            if effect.recovery == recovery and (months is None or effect.time_months == months)
        ]
        assert len(found) == 1, [effect.recovery for effect in effects]
        return found[0]

    return pick
