"""A question: which groups are looked at, for which outcome, how their effects are recovered and pooled.

Groups are chosen by vocabulary tags, never by study name, so that a new study file appears in every
plot it belongs to with no other edit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

EffectMeasure = Literal[
    "hazard_ratio", "odds_ratio", "risk_ratio", "risk_difference", "survival", "median", "proportion"
]
Grade = Literal["A", "B", "C", "D", "X"]
Model = Literal["common_effect", "random_effects", "bayesian"]
#: What is done with comparisons of one study that share their control group.
SharedControl = Literal["refuse", "one_comparison", "covariance"]
#: What is done with studies whose patients may be partly the same; without a choice they are refused.
OverlapHandling = Literal["one_report", "covariance", "robust"]
#: What is done with a two by two table that has an empty cell; the other way adds half a patient to each.
EmptyCells = Literal["refuse", "add_half"]


@dataclass(frozen=True, slots=True)
class GroupSelector:
    """Tags that a group must carry; a tag kind may list several terms, one of which must match.

    Keys are the tag kinds ``intervention``, ``extent``, ``site``, ``population`` and ``role``; values are
    vocabulary ids. Groups inherit the tags of the groups they are part of. Without ``role``, only a
    study's own groups match.
    """

    tags: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class RowGroup:
    """One block of rows of the plot: a contrast when ``reference`` is given, else single arms.

    In a contrast, index and reference are siblings: parts of the same whole by the same split.
    ``time_months`` overrides the question's time for this block (30-day and 90-day mortality).
    """

    label: str
    index: GroupSelector
    reference: GroupSelector | None = None
    time_months: float | None = None


@dataclass(frozen=True, slots=True)
class Departure:
    """A rule set aside by name, with the reason that plot and report show."""

    what: str
    because: str


@dataclass(frozen=True, slots=True)
class OverlapChoice:
    """How studies that share patients are pooled together, with the reason that plot and report show.

    ``keep`` names the studies that stand for their overlap sets under ``one_report``; of a set in which none
    is named, the report of most patients stands.
    """

    choice: OverlapHandling
    because: str
    keep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Baseline:
    """How many of the reference group live without the event to a time, and who says so.

    With it a hazard ratio is told as patients: ``survival`` is a share from 0 to 1, ``source`` where it
    is from.
    """

    survival: float
    time_months: float
    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the studies together are asked.

    ``empty_cells`` says what becomes of a row of counts with an empty cell; ``add_half`` adds half a patient
    to each of its four cells, which costs the row a grade.
    """

    id: str
    title: str
    why: str
    outcome: str
    effect_measure: EffectMeasure
    row_groups: tuple[RowGroup, ...]
    time_months: float | None = None
    minimum_grade: Grade = "C"
    model: Model = "random_effects"
    tau_squared: str = "REML"
    interval: str = "hksj"
    tau_prior: str | None = None
    level: float = 0.95
    summary: Literal["overall", "by_row_group"] = "overall"
    left_out: tuple[Departure, ...] = ()
    mixed: tuple[Departure, ...] = ()
    uses_inferred_p_values: str | None = None
    baseline: Baseline | None = None
    shared_control: SharedControl = "refuse"
    overlap: OverlapChoice | None = None
    empty_cells: EmptyCells = "refuse"

    @property
    def exploratory(self) -> bool:
        """Whether grade D is accepted, which makes the answer exploratory."""
        return self.minimum_grade == "D"

    @property
    def is_contrast(self) -> bool:
        """Whether the question compares two groups (else it describes single arms)."""
        return any(block.reference is not None for block in self.row_groups)
