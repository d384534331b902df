"""Every recovery that gives a point, with each form of print it is tried on; evisynth does the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evisynth.effects import Effect, alternatives, recover
from evisynth.outcomes import Comparison, EffectMeasure
from recovery_study import abstracts
from recovery_study.abstracts import Sizes
from recovery_study.hazards import Array
from recovery_study.printing import Columns

Write = Callable[..., Comparison]

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
    the patients effectively stand behind the figure, instead of the primary standard error.
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
        found = [
            effect
            for effect in recover(self.write(sizes, *figures), abstracts.question(self.measure))
            if effect.kind == "point" and effect.recovery == self.recovery
        ]
        assert len(found) <= 1, f"{self.recovery} gave {len(found)} points from one print"
        return found[0] if found else None

    def _error(self, effect: Effect) -> float:
        assert effect.standard_error is not None
        if self.share is None:
            return effect.standard_error
        return next(other.standard_error for other in alternatives(effect) if other.share == self.share)


def _or_none(values: Array) -> list[float | None]:
    return [value if value == value else None for value in values.tolist()]


def _both_limits(*arms: str) -> Callable[[Columns], NDArray[np.bool_]]:
    return lambda printed: np.all([np.isfinite(printed[f"median.{arm}.upper"]) for arm in arms], axis=0)


def _open_limit(*arms: str) -> Callable[[Columns], NDArray[np.bool_]]:
    return lambda printed: np.any([np.isnan(printed[f"median.{arm}.upper"]) for arm in arms], axis=0)


def _intervals(name: str, scale: str = "") -> tuple[str, ...]:
    """Return the columns of a figure of both arms with its interval, index arm first."""
    return tuple(
        column for arm in ("index", "reference") for column in (f"{name}.{arm}", *_limits(name, arm, scale))
    )


def _limits(name: str, arm: str, scale: str) -> tuple[str, ...]:
    inner = f"{name}.{arm}.{scale}" if scale else f"{name}.{arm}"
    return f"{inner}.lower", f"{inner}.upper"


_LATE, _EARLY = ("late.index", "late.reference"), ("early.index", "early.reference")
_AT_RISK = ("late.index", "late.index.at_risk", "late.reference", "late.reference.at_risk")
_TWICE_AT_RISK = tuple(
    f"{time}.{arm}{what}"
    for arm in ("index", "reference")
    for time in ("early", "late")
    for what in ("", ".at_risk")
)
_MEDIANS = ("median.index", "median.reference")
_UPPER_LIMITS = ("median.index.upper", "median.reference.upper")
_DEATHS = ("events.index", "events.reference")
_HR: Mapping[str, str] = {"measure": "hazard_ratio", "truth": "log hazard ratio"}
_CONDITIONAL: Mapping[str, str] = {"measure": "hazard_ratio", "truth": "conditional log hazard ratio"}
_RATE: Mapping[str, str] = {"measure": "survival", "truth": "survival"}
_MEDIAN: Mapping[str, str] = {"measure": "median", "truth": "log median"}
_OR: Mapping[str, str] = {"measure": "odds_ratio", "truth": "log odds ratio"}
_RR: Mapping[str, str] = {"measure": "risk_ratio", "truth": "log risk ratio"}
_RD: Mapping[str, str] = {"measure": "risk_difference", "truth": "risk difference"}
_SHARE: Mapping[str, str] = {"measure": "proportion", "truth": "share"}


def _row(
    recovery: str,
    printed: str,
    kind: Mapping[str, str],
    write: Write,
    columns: tuple[str, ...],
    **more: object,
) -> RecoveryRow:
    return RecoveryRow(recovery, printed, write=write, columns=columns, **kind, **more)  # type: ignore[arg-type]


def _hazard_ratio_rows() -> list[RecoveryRow]:
    interval, p_value = "hazard_ratio_with_interval", "hazard_ratio_with_p_value"
    log_rank = "log_rank_p_value_with_events"
    test = ("log_rank_p", "favours_index")
    return [
        _row(interval, "95% interval", _HR, abstracts.hazard_ratio, ("hr", "hr.lower", "hr.upper")),
        _row(interval, "upper limit alone", _HR, abstracts.hazard_ratio_with_upper_limit, ("hr", "hr.upper")),
        _row(p_value, "Wald p", _HR, abstracts.hazard_ratio_with_wald_p, ("hr", "wald_p")),
        _row(p_value, "Wald p or < 0.001", _HR, abstracts.hazard_ratio_with_floored_p, ("hr", "wald_p")),
        _row(p_value, "log-rank p", _HR, abstracts.hazard_ratio_with_log_rank_p, ("hr", "log_rank_p")),
        _row(log_rank, "p and events", _HR, abstracts.log_rank, (*test, "events")),
        _row(log_rank, "p or < 0.001 and events", _HR, abstracts.log_rank_floored, (*test, "events")),
        _row(log_rank, "p and events of each arm", _HR, abstracts.log_rank_by_arm, (*test, *_DEATHS)),
    ]


def _landmark_rows() -> list[RecoveryRow]:
    name, rates, at_risk = "landmark_contrast", abstracts.rates, abstracts.rates_with_numbers_at_risk
    errors = ("late.index", "late.index.se", "late.reference", "late.reference.se")
    return [
        _row(
            name,
            "60 months with log(-log) intervals",
            _HR,
            abstracts.rates_with_intervals,
            _intervals("late", "loglog"),
        ),
        _row(
            name,
            "60 months with log intervals",
            _HR,
            abstracts.rates_with_intervals,
            _intervals("late", "log"),
        ),
        _row(name, "60 months with standard errors", _HR, abstracts.rates_with_errors, errors),
        _row(name, "60 months and numbers at risk", _HR, at_risk, _AT_RISK),
        _row(name, "60 months and patients", _HR, rates, _LATE),
        _row(name, "60 months and patients: SE at 75%", _HR, rates, _LATE, share=0.75),
        _row(name, "60 months and patients: SE at 50%", _HR, rates, _LATE, share=0.5),
        _row(name, "36 months and patients", _HR, abstracts.early_rates, _EARLY),
        _row(
            "conditional_landmark",
            "36 and 60 months and patients",
            _CONDITIONAL,
            abstracts.rates_twice,
            (*_EARLY, *_LATE),
        ),
        _row(
            "conditional_landmark",
            "36 and 60 months and numbers at risk",
            _CONDITIONAL,
            abstracts.rates_twice_with_numbers_at_risk,
            _TWICE_AT_RISK,
        ),
        *(
            _row("landmark_risk_contrast", f"60 months and {beside}: {words}", kind, write, columns)
            for beside, write, columns in (("patients", rates, _LATE), ("numbers at risk", at_risk, _AT_RISK))
            for words, kind in (("odds ratio", _OR), ("risk ratio", _RR), ("risk difference", _RD))
        ),
    ]


def _median_rows() -> list[RecoveryRow]:
    name, both = "median_contrast", ("index", "reference")
    intervals = abstracts.medians_with_intervals
    with_events = abstracts.medians_with_events
    return [
        _row(name, "both intervals", _HR, intervals, _intervals("median")),
        _row(name, "both symmetric intervals", _HR, intervals, _intervals("median", "symmetric")),
        _row(
            name,
            "an upper limit not reached",
            _HR,
            intervals,
            _intervals("median"),
            may_miss=_UPPER_LIMITS,
            only=_open_limit(*both),
        ),
        _row(name, "events of each arm", _HR, with_events, (*_MEDIANS, *_DEATHS)),
        _row(name, "patients", _HR, abstracts.medians, _MEDIANS),
        *(
            _row(name, f"patients: SE at {share:.0%}", _HR, abstracts.medians, _MEDIANS, share=share)
            for share in (0.75, 0.5, 0.25)
        ),
    ]


def _single_arm_rows() -> list[RecoveryRow]:
    rate, interval = "survival_with_patients", "survival_with_interval"
    with_limits = abstracts.one_rate_with_interval
    median, median_limits = ("median.index",), ("median.index", "median.index.lower", "median.index.upper")
    symmetric = ("median.index", *_limits("median", "index", "symmetric"))
    return [
        _row(
            interval,
            "60 months with log(-log) interval",
            _RATE,
            with_limits,
            ("late.index", *_limits("late", "index", "loglog")),
        ),
        _row(
            interval,
            "60 months with log interval",
            _RATE,
            with_limits,
            ("late.index", *_limits("late", "index", "log")),
        ),
        _row(
            interval,
            "60 months with standard error",
            _RATE,
            abstracts.one_rate_with_error,
            ("late.index", "late.index.se"),
        ),
        _row(
            "survival_with_number_at_risk",
            "60 months and number at risk",
            _RATE,
            abstracts.one_rate_with_number_at_risk,
            ("late.index", "late.index.at_risk"),
        ),
        _row(rate, "60 months and patients", _RATE, abstracts.one_rate, ("late.index",)),
        _row(
            rate, "60 months and patients: SE at 75%", _RATE, abstracts.one_rate, ("late.index",), share=0.75
        ),
        _row(
            rate, "60 months and patients: SE at 50%", _RATE, abstracts.one_rate, ("late.index",), share=0.5
        ),
        _row("median_with_interval", "interval", _MEDIAN, abstracts.one_median_with_interval, median_limits),
        _row(
            "median_with_interval",
            "symmetric interval",
            _MEDIAN,
            abstracts.one_median_with_interval,
            symmetric,
        ),
        _row(
            "median_with_lower_limit",
            "upper limit not reached",
            _MEDIAN,
            abstracts.one_median_with_interval,
            median_limits,
            may_miss=_UPPER_LIMITS[:1],
            only=_open_limit("index"),
        ),
        _row("median_with_patients", "patients", _MEDIAN, abstracts.one_median, median),
        *(
            _row(
                "median_with_patients",
                f"patients: SE at {share:.0%}",
                _MEDIAN,
                abstracts.one_median,
                median,
                share=share,
            )
            for share in (0.75, 0.5, 0.25)
        ),
    ]


def _count_rows() -> list[RecoveryRow]:
    of_counts, both, percents = (
        "risk_contrast_of_counts",
        ("count.index", "count.reference"),
        ("percent.index", "percent.reference"),
    )
    exact, recovered = "proportion_of_patients", "proportion_of_recovered_count"
    measures = (("odds ratio", _OR), ("risk ratio", _RR), ("risk difference", _RD))
    rows = [
        _row(
            "odds_ratio_with_interval",
            "95% interval",
            _OR,
            abstracts.odds_ratio,
            ("or", "or.lower", "or.upper"),
        ),
        _row("odds_ratio_with_p_value", "Wald p", _OR, abstracts.odds_ratio_with_p, ("or", "or.p")),
        _row(
            "risk_ratio_with_interval",
            "95% interval",
            _RR,
            abstracts.risk_ratio,
            ("rr", "rr.lower", "rr.upper"),
        ),
        _row("risk_ratio_with_p_value", "Wald p", _RR, abstracts.risk_ratio_with_p, ("rr", "rr.p")),
        *(_row(of_counts, f"counts: {words}", kind, abstracts.counts, both) for words, kind in measures),
        *(
            _row(of_counts, f"whole percents: {words}", kind, abstracts.percents, percents)
            for words, kind in measures
        ),
        _row(exact, "count", _SHARE, abstracts.one_count, ("count.index",)),
        _row(exact, "whole percent", _SHARE, abstracts.one_percent, ("percent.index",)),
        _row(recovered, "whole percent", _SHARE, abstracts.one_percent, ("percent.index",)),
        _row(
            recovered,
            "percent cut off after a decimal",
            _SHARE,
            abstracts.one_cut_percent,
            ("cut_percent.index",),
        ),
    ]
    return [replace(row, family="counts") for row in rows]


def all_rows() -> list[RecoveryRow]:
    """Return every row of the study, in the order of its table."""
    return [
        *_hazard_ratio_rows(),
        *_landmark_rows(),
        *_median_rows(),
        *_single_arm_rows(),
        *_count_rows(),
    ]


#: Recoveries that measures list -> the ids that they give to their points. A test holds this against the
#: recoveries that there are, so that none can be added without being studied.
POINTS: Mapping[str, tuple[str, ...]] = {
    "printed_ratio": tuple(
        f"{measure}_{by}"
        for measure in ("hazard_ratio", "odds_ratio", "risk_ratio")
        for by in ("with_interval", "with_p_value")
    ),
    "log_rank_p_value": ("log_rank_p_value_with_events",),
    "rates_of_two_groups": ("landmark_contrast",),
    "rates_between_two_times": ("conditional_landmark",),
    "medians_of_two_groups": ("median_contrast",),
    "survival_rate": ("survival_with_interval", "survival_with_number_at_risk", "survival_with_patients"),
    "median": ("median_with_interval", "median_with_lower_limit", "median_with_patients"),
    "share_of_patients": ("proportion_of_patients", "proportion_of_recovered_count"),
    "risks_of_two_groups": ("risk_contrast_of_counts", "landmark_risk_contrast"),
}

#: Recoveries that give points and are not simulated -> why.
NOT_STUDIED: Mapping[str, str] = {}

#: Ids of bounds and refusals: they have no standard error, so nothing that could cover.
NO_POINTS = frozenset(
    {
        *(f"{measure}_with_p_inequality" for measure in ("hazard_ratio", "odds_ratio", "risk_ratio")),
        "log_rank_p_value",
        "p_value_bound",
        "risk_difference_score_interval",
        "survival",
        "survival_exact_interval",
        "survival_bound",
        "median_not_reached",
        "median_bound",
        "proportion",
        "proportion_exact_interval",
        "proportion_bound",
    }
)
