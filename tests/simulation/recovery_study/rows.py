"""One row of the study: a recovery, and the form of print it is tried on; evisynth does the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evisynth.effects import RECOVERIES, Effect, Subject, alternatives
from evisynth.outcomes import Comparison, EffectMeasure, Question
from recovery_study import abstracts
from recovery_study.abstracts import Sizes
from recovery_study.hazards import Array
from recovery_study.printing import Columns

Write = Callable[..., Comparison]

#: Recoveries that measures list -> the ids that they give to their points. A test holds this against the
#: recoveries that there are, so that none can be added without being studied.
POINTS: Mapping[str, tuple[str, ...]] = {
    "printed_ratio": tuple(
        f"{measure}_{by}"
        for measure in ("hazard_ratio", "odds_ratio", "risk_ratio")
        for by in ("with_interval", "with_p_value", "with_standard_error")
    ),
    "printed_difference": ("risk_difference_with_interval", "risk_difference_with_standard_error"),
    "log_rank_p_value": ("log_rank_p_value_with_events",),
    "rates_of_two_groups": ("landmark_contrast",),
    "rates_between_two_times": ("conditional_landmark",),
    "medians_of_two_groups": ("median_contrast",),
    "survival_rate": ("survival_with_interval", "survival_with_number_at_risk", "survival_with_patients"),
    "median": (
        "median_with_interval",
        "median_with_lower_limit",
        "median_with_events",
        "median_with_patients",
        "median_with_spread",
    ),
    "share_of_patients": ("proportion_of_patients", "proportion_of_recovered_count", "proportion_as_printed"),
    "risks_of_two_groups": ("risk_contrast_of_counts", "landmark_risk_contrast"),
}

GRADES = ("A", "B", "C", "D")
WITHOUT_GRADE = -1


@dataclass(frozen=True)
class Recovered:
    """What was made of every trial: NaN where nothing was. ``grade`` counts from A = 0."""

    estimate: Array
    standard_error: Array
    grade: NDArray[np.int_]


@dataclass(frozen=True)
class RecoveryRow:
    """One recovery from one form of print.

    ``recovery`` is the id that evisynth gives to the point, ``columns`` the printed figures that ``write``
    takes, in its order. ``only`` restricts the row to trials that print it so; ``may_miss`` names columns
    that may be absent (a limit not reached). ``share`` asks for the alternative in which only that share of
    the patients effectively stand behind the figure, instead of the primary standard error. ``of`` is the
    kind of the row: what is pooled with a caution only ("cautioned") is no reason for a grade.
    """

    recovery: str
    printed: str
    measure: EffectMeasure
    truth: str
    write: Write
    columns: tuple[str, ...]
    family: str = "survival"
    months: float | None = None
    only: Callable[[Columns], NDArray[np.bool_]] | None = None
    may_miss: tuple[str, ...] = ()
    share: float | None = None
    of: str = "recovery"

    @property
    def key(self) -> tuple[str, str, str]:
        """What names its row of the tables: recovery, form of print, kind."""
        return self.recovery, self.printed, self.of

    def apply(
        self, sizes: Sizes, printed: Columns, known: dict[tuple[object, ...], Effect | None]
    ) -> Recovered:
        """Recover every trial, each distinct print once; ``known`` holds those seen already."""
        admitted = np.ones(len(printed[self.columns[0]]), dtype=bool)
        for column in self.columns:
            if column not in self.may_miss:
                admitted &= np.isfinite(printed[column])
        if self.only is not None:
            admitted &= self.only(printed)
        estimate, error = np.full(len(admitted), np.nan), np.full(len(admitted), np.nan)
        grade = np.full(len(admitted), WITHOUT_GRADE)
        places = np.flatnonzero(admitted)
        values = zip(*(_or_none(printed[column][places]) for column in self.columns), strict=True)
        for place, figures in zip(places.tolist(), values, strict=True):
            effect = self._recover(sizes, figures, known)
            if effect is None or effect.estimate is None or effect.standard_error is None:
                continue
            estimate[place], error[place] = effect.estimate, self._error(effect)
            grade[place] = GRADES.index(effect.grade)
        return Recovered(estimate, error, grade)

    def _recover(
        self, sizes: Sizes, figures: tuple[float | None, ...], known: dict[tuple[object, ...], Effect | None]
    ) -> Effect | None:
        key = (self.write.__name__, self.recovery, self.measure, sizes, figures)
        if key not in known:
            found = self.effect(sizes, figures)
            # Its words would fill the memory of a small machine in the long form.
            known[key] = found and replace(found, inputs=(), assumptions=(), downgrades=(), working=None)
        return known[key]

    def effect(self, sizes: Sizes, figures: tuple[float | None, ...]) -> Effect | None:
        """Return the point that evisynth makes of one print, None when it makes none by this recovery."""
        of_comparison = recovered(
            self.write(sizes, *figures), abstracts.question(self.measure), self.recovery
        )
        found = [one for one in of_comparison if one.kind == "point" and one.recovery == self.recovery]
        assert len(found) <= 1, f"{self.recovery} gave {len(found)} points from one print"
        return found[0] if found else None

    def _error(self, effect: Effect) -> float:
        assert effect.standard_error is not None
        if self.share is None:
            return effect.standard_error
        return next(other.standard_error for other in alternatives(effect) if other.share == self.share)


def recovered(comparison: Comparison, question: Question, recovery: str) -> list[Effect]:
    """Return what one recovery makes of a comparison: as ``recover`` does, without trying all the others."""
    name = next(name for name, ids in POINTS.items() if recovery in ids)
    return RECOVERIES[name](Subject(comparison, question))


def _or_none(values: Array) -> list[float | None]:
    return [value if value == value else None for value in values.tolist()]


HR: Mapping[str, str] = {"measure": "hazard_ratio", "truth": "log hazard ratio"}
CONDITIONAL: Mapping[str, str] = {"measure": "hazard_ratio", "truth": "conditional log hazard ratio"}
RATE: Mapping[str, str] = {"measure": "survival", "truth": "survival"}
MEDIAN: Mapping[str, str] = {"measure": "median", "truth": "log median"}
OR: Mapping[str, str] = {"measure": "odds_ratio", "truth": "log odds ratio"}
RR: Mapping[str, str] = {"measure": "risk_ratio", "truth": "log risk ratio"}
RD: Mapping[str, str] = {"measure": "risk_difference", "truth": "risk difference"}
SHARE: Mapping[str, str] = {"measure": "proportion", "truth": "share"}


def row(
    recovery: str,
    printed: str,
    kind: Mapping[str, str],
    write: Write,
    columns: tuple[str, ...],
    **more: object,
) -> RecoveryRow:
    """Return a row; ``kind`` says of which measure it is, and what it is held against."""
    return RecoveryRow(recovery, printed, write=write, columns=columns, **kind, **more)  # type: ignore[arg-type]
