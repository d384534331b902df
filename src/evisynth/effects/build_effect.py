"""The parts that every effect is put together from: its estimate or limits, its stage, and its downgrades.

:func:`alternatives` says what a standard error would be with fewer patients under observation: shown beside,
never pooled, and the start of the grid for rerunning a synthesis over every admissible choice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evisynth.arithmetic import EFFECTIVE_SHARES, letters, root
from evisynth.effects.effect import (
    CountedArms,
    Effect,
    Grounds,
    Subject,
    assuming,
    coarse_rounding,
    downgraded,
    lowered,
    source_contradiction,
)
from evisynth.effects.patient_numbers import FULL_FOLLOW_UP, SENSITIVITY_SHARES, standard_error_if_observed
from evisynth.effects.working import Equation, Working
from evisynth.outcomes import Grade
from evisynth.studies import is_clustered
from evisynth.wording import interval_with_article, percent_text


@dataclass(frozen=True, slots=True)
class Estimate:
    """A working that gives a value on the analysis scale and its standard error.

    ``rounding`` says how far rounding can move the value, ``reference_variance`` what the reference group
    brings to its variance. ``own_precision`` says that the source prints the precision of all that it rests
    on.
    """

    working: Working
    rounding: tuple[float, float]
    reference_variance: float | None = None
    printed: PrintedLimits | None = None
    own_precision: bool = False

    @property
    def value(self) -> float:
        """The value, on the analysis scale."""
        return float(self.working.value("estimate"))

    @property
    def standard_error(self) -> float:
        """Its standard error."""
        return float(self.working.value("standard_error"))


#: Recoveries whose standard error counts patients or events as if each stood for itself.
_BY_NUMBERS = (
    "with_patients", "with_number_at_risk", "with_events", "with_spread", "landmark", "median_contrast",
    "proportion_", "of_counts",
)  # fmt: skip
_SE, _D = letters("SE d")


def allow_for_clusters(subject: Subject, recovery: str, estimate: Estimate) -> tuple[Estimate, Grounds]:
    r"""Widen a standard error that takes patients of clusters for single ones.

    .. math:: \mathrm{SE}_d = \mathrm{SE} \sqrt{d}, \qquad d = 1 + (m - 1)\,\mathrm{ICC}

    (Cochrane Handbook 23.1.4). What the source prints with its own interval or p-value is left as it is, and
    so is a contrast of two figures that both have one; where one of them counts patients, all is widened.
    Without a design effect nothing is widened, and it costs a grade.
    """
    if estimate.printed is not None or estimate.own_precision:
        return estimate, Grounds()
    if recovery.startswith("log_rank") or not any(part in recovery for part in _BY_NUMBERS):
        return estimate, Grounds()
    effect = subject.comparison.design_effect
    if effect is None:
        return estimate, unknown_clusters(subject)
    if effect <= 1:
        return estimate, Grounds()
    widened = estimate.working + Working(
        "patients of one cluster are alike: the standard error is widened by the root of the design effect",
        (Equation("SE_d", _SE * root(_D), "standard_error"),),
        (("d", effect),),
        (("d", "design effect"),),
    )
    control = estimate.reference_variance
    told = assuming(f"the standard error is widened by the root of the design effect, {effect:g}")
    reference = None if control is None else control * effect
    return replace(estimate, working=widened, reference_variance=reference), told


def unknown_clusters(subject: Subject) -> Grounds:
    """Return what it costs to count patients of clusters one by one, where no design effect is given."""
    comparison = subject.comparison
    if comparison.design_effect is not None or not is_clustered(comparison.design):
        return Grounds()
    why = (
        "patients of clusters are counted one by one, since no design effect is given: the error is too small"
    )
    return downgraded("clusters_without_design_effect", why)


@dataclass(frozen=True, slots=True)
class PrintedLimits:
    """The limits that the source prints around an estimate, on the analysis scale, and their level."""

    lower: float
    upper: float
    level: float


@dataclass(frozen=True, slots=True)
class Stage:
    """Where and on whom an effect was measured: time, patients of each arm, events.

    Sizes left out are those of the arms, where the source gives them exactly; ``participants`` counts both
    arms where only their sum is known. ``events`` are those of both arms, ``index_events`` those of the index
    arm alone.
    """

    time_months: float | None = None
    index_size: int | None = None
    reference_size: int | None = None
    events: int | None = None
    participants: int | None = None
    index_events: int | None = None
    counted: CountedArms | None = None


def counted_arms(
    subject: Subject,
    grade: Grade,
    tables: Sequence[tuple[tuple[int, int], ...]],
    order: Callable[[tuple[tuple[int, int], ...]], float],
    grounds: Grounds,
) -> CountedArms:
    """Return the counts behind an effect, graded by what speaks against them.

    Parameters
    ----------
    subject
        The comparison and its question.
    grade
        That of the counts before any downgrade.
    tables
        All that the print allows, the one nearest to it first.
    order
        By what the least and the greatest of them are told.
    grounds
        Of the counts.
    """
    steps = len((grounds + source_contradiction(subject) + unknown_clusters(subject)).reasons)
    least, most = min(tables, key=order), max(tables, key=order)
    return CountedArms(tables[0], least, most, lowered(grade, steps), grade)


def build_point(
    subject: Subject, recovery: str, grade: Grade, estimate: Estimate, grounds: Grounds, stage: Stage
) -> Effect:
    """Return a point, graded after every downgrade that its grounds and its rounding call for.

    Its interval is the printed one where the source prints one at the question's level, so that the row shows
    what can be read in the source; else it is worked out from the standard error.
    """
    estimate, clusters = allow_for_clusters(subject, recovery, estimate)
    grounds += clusters
    value, standard_error = estimate.value, estimate.standard_error
    grounds += coarse_rounding(standard_error, estimate.rounding) + source_contradiction(subject)
    (ci_lower, ci_upper), told = _interval(subject, value, standard_error, estimate.printed)
    grounds += told
    return Effect(
        **_identity(subject, recovery, grounds, stage),
        kind="point",
        grade=lowered(grade, len(grounds.reasons)),
        estimate=value,
        standard_error=standard_error,
        rounding_lower=_finite(estimate.rounding[0]),
        rounding_upper=_finite(estimate.rounding[1]),
        ci_lower=ci_lower,
        ci_upper=ci_upper,
        reference_variance=estimate.reference_variance,
        basic_grade=grade,
        working=estimate.working,
    )


def _interval(
    subject: Subject, value: float, standard_error: float, printed: PrintedLimits | None
) -> tuple[tuple[float, float], Grounds]:
    """Return the interval that a row shows, and what is to be said about it."""
    reach = subject.z * standard_error
    worked_out = value - reach, value + reach
    if printed is None:
        return worked_out, Grounds()
    if not math.isclose(printed.level, subject.question.level):
        shown = interval_with_article(subject.question.level)
        return worked_out, assuming(f"the printed {percent_text(printed.level)} interval is shown as {shown}")
    limits = min(printed.lower, printed.upper), max(printed.lower, printed.upper)
    if not all(map(math.isfinite, limits)):
        told = "the printed interval ends where this scale does; the one shown is worked out from its width"
        return worked_out, assuming(told)
    return limits, Grounds()


@dataclass(frozen=True, slots=True)
class Limits:
    """A working that gives a bound on the analysis scale; ``exact`` limits are a confidence interval."""

    working: Working
    rounding: tuple[float, float] | None = None
    exact: bool = False

    @property
    def lower(self) -> float | None:
        """The lower limit, None where the bound is open on that side."""
        return float(self.working.value("lower")) if self.working.gives("lower") else None

    @property
    def upper(self) -> float | None:
        """The upper limit, None where the bound is open on that side."""
        return float(self.working.value("upper")) if self.working.gives("upper") else None


def build_bound(
    subject: Subject, recovery: str, limits: Limits, grounds: Grounds, stage: Stage, reason: str
) -> Effect:
    """Return a bound, which is shown and never pooled nor replaced by its limit; ``reason`` says why."""
    lower, upper = limits.lower, limits.upper
    rounding = limits.rounding or (math.nan, math.nan)
    return Effect(
        **_identity(subject, recovery, grounds, stage),
        kind="bound",
        grade="X",
        lower=lower,
        upper=upper,
        rounding_lower=_finite(rounding[0]),
        rounding_upper=_finite(rounding[1]),
        ci_lower=lower if limits.exact else None,
        ci_upper=upper if limits.exact else None,
        reason=reason,
        working=limits.working,
    )


def build_refusal(
    subject: Subject, recovery: str, reason: str, grounds: Grounds | None = None, stage: Stage | None = None
) -> Effect:
    """Return a refusal with its reason in plain words."""
    return Effect(
        **_identity(subject, recovery, grounds or Grounds(), stage or Stage()),
        kind="refused",
        grade="X",
        reason=reason,
    )


def _identity(subject: Subject, recovery: str, grounds: Grounds, stage: Stage) -> dict[str, Any]:
    comparison, question = subject.comparison, subject.question
    reference = comparison.reference
    sizes = [
        stated if stated is not None else (arm.size.shown if stage.participants is None else arm.size.exact)
        for arm, stated in zip(subject.arms, (stage.index_size, stage.reference_size), strict=False)
    ]
    known = [size for size in sizes if size is not None]
    return {
        "study": comparison.study,
        "comparison": comparison.name,
        "index_group": comparison.index.group,
        "reference_group": None if reference is None else reference.group,
        "row_group": comparison.row_group,
        "effect_measure": question.effect_measure,
        "scale": subject.scale,
        "recovery": recovery,
        "flags": (*grounds.all_flags, *dict.fromkeys(arm.role for arm in subject.arms if arm.role != "own")),
        "assumptions": grounds.assumptions,
        "downgrades": grounds.reasons,
        "inputs": grounds.inputs,
        "participants": sum(known) if len(known) == len(sizes) else stage.participants,
        "index_size": sizes[0],
        "reference_size": sizes[1] if reference is not None else None,
        "time_months": stage.time_months,
        "events": stage.events,
        "index_events": stage.index_events,
        "of_event": subject.of_event,
        # a model of counts takes patients one by one, which those of clusters are not
        "counted": stage.counted if subject.comparison.design_effect is None else None,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


_BY_PATIENTS = frozenset({"survival_with_patients", "landmark_contrast", "landmark_risk_contrast"})
_MEDIANS = frozenset({"median_with_patients", "median_contrast"})


@dataclass(frozen=True, slots=True)
class Alternative:
    """The same estimate when only ``share`` of the patients effectively stand behind it."""

    share: float
    estimate: float
    standard_error: float


def alternatives(effect: Effect) -> tuple[Alternative, ...]:
    """Return the sensitivity of a point to incomplete follow-up, empty where it does not depend on it.

    The standard errors are upper limits: SE/sqrt(G) for rates, SE/sqrt(share) for medians.
    """
    if effect.kind != "point" or effect.estimate is None or effect.standard_error is None:
        return ()
    if FULL_FOLLOW_UP not in effect.flags:
        return ()
    shares: tuple[float, ...] = ()
    if effect.recovery in _BY_PATIENTS:
        shares = SENSITIVITY_SHARES
    elif effect.recovery in _MEDIANS:
        shares = EFFECTIVE_SHARES[1:]
    return tuple(
        Alternative(share, effect.estimate, standard_error_if_observed(effect.standard_error, share))
        for share in shares
    )
