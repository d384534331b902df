"""What an explanation of an answer holds, row by row: texts and numbers, free of any format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExplainedGroup:
    """A group of patients of a row: who they are, how many, and why the question chose them."""

    side: str
    group: str
    label: str
    patients: str
    chosen_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExplainedFigure:
    """A printed figure that entered a recovery, with its places in the source and in the study file."""

    name: str
    as_reported: str
    source_location: str
    file_location: str


@dataclass(frozen=True, slots=True)
class ExplainedEquation:
    """``quantity = formula = with_numbers``; the last of the numbers is the value, rounded."""

    quantity: str
    formula: str
    with_numbers: str
    value: float


@dataclass(frozen=True, slots=True)
class ExplainedSensitivity:
    """What the row would be if only a share of the patients had been followed that long."""

    followed: str
    standard_error: float
    effect: str


@dataclass(frozen=True, slots=True)
class ExplainedRecovery:
    """One way from the print to an effect: ``effect`` on the natural scale, numbers on the analysis scale."""

    recovery: str
    derived: str
    kind: str
    effect: str
    back: str | None
    estimate: float | None
    standard_error: float | None
    lower: float | None
    upper: float | None
    rounding: str | None
    inputs: tuple[ExplainedFigure, ...]
    words: str
    equations: tuple[ExplainedEquation, ...]
    letters: tuple[tuple[str, str], ...]
    assumptions: tuple[str, ...]
    grade: str
    basic_grade: str | None
    downgrades: tuple[str, ...]
    reason: str | None
    not_standing: str | None
    sensitivity: tuple[ExplainedSensitivity, ...]


@dataclass(frozen=True, slots=True)
class ExplainedAbsolute:
    """What a hazard ratio means for 1,000 patients, with the formula."""

    words: str
    formula: str


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """One row of the plot, walked back to the print."""

    study: str
    comparison: str
    row_group: str
    groups: tuple[ExplainedGroup, ...]
    division: str | None
    standing: ExplainedRecovery
    others: tuple[ExplainedRecovery, ...]
    included: bool
    reason: str | None
    weight: float | None
    verdict: str
    absolute: ExplainedAbsolute | None
    risk_of_bias: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedResult:
    """What the rows add up to: an estimate, or why there is none, with how it was had."""

    label: str
    result: str
    weighted_mean: str | None
    absolute: ExplainedAbsolute | None
    method: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The walk from the rows of a plot back to what was printed, and on to the answer."""

    question: str
    title: str
    why: str
    asked: tuple[str, ...]
    rows: tuple[ExplainedRow, ...]
    left_out: tuple[str, ...]
    results: tuple[ExplainedResult, ...]
