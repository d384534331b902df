"""Every recovery that gives a point, with each form of print it is tried on; evisynth does the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recovery_study import abstracts
from recovery_study.more_recoveries import (
    cluster_rows,
    measurement_rows,
    more_count_rows,
    more_survival_rows,
)
from recovery_study.printing import Columns
from recovery_study.rows import CONDITIONAL, HR, MEDIAN, OR, RATE, RD, RR, SHARE, RecoveryRow, row


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


def _hazard_ratio_rows() -> list[RecoveryRow]:
    interval, p_value = "hazard_ratio_with_interval", "hazard_ratio_with_p_value"
    log_rank = "log_rank_p_value_with_events"
    test = ("log_rank_p", "favours_index")
    return [
        row(interval, "95% interval", HR, abstracts.hazard_ratio, ("hr", "hr.lower", "hr.upper")),
        row(interval, "upper limit alone", HR, abstracts.hazard_ratio_with_upper_limit, ("hr", "hr.upper")),
        row(p_value, "Wald p", HR, abstracts.hazard_ratio_with_wald_p, ("hr", "wald_p")),
        row(p_value, "Wald p or < 0.001", HR, abstracts.hazard_ratio_with_floored_p, ("hr", "wald_p")),
        row(p_value, "log-rank p", HR, abstracts.hazard_ratio_with_log_rank_p, ("hr", "log_rank_p")),
        row(log_rank, "p and events", HR, abstracts.log_rank, (*test, "events")),
        row(log_rank, "p or < 0.001 and events", HR, abstracts.log_rank_floored, (*test, "events")),
        row(log_rank, "p and events of each arm", HR, abstracts.log_rank_by_arm, (*test, *_DEATHS)),
    ]


def _landmark_rows() -> list[RecoveryRow]:
    name, rates, at_risk = "landmark_contrast", abstracts.rates, abstracts.rates_with_numbers_at_risk
    errors = ("late.index", "late.index.se", "late.reference", "late.reference.se")
    return [
        row(
            name,
            "60 months with log(-log) intervals",
            HR,
            abstracts.rates_with_intervals,
            _intervals("late", "loglog"),
        ),
        row(
            name,
            "60 months with log intervals",
            HR,
            abstracts.rates_with_intervals,
            _intervals("late", "log"),
        ),
        row(name, "60 months with standard errors", HR, abstracts.rates_with_errors, errors),
        row(name, "60 months and numbers at risk", HR, at_risk, _AT_RISK),
        row(name, "60 months and patients", HR, rates, _LATE),
        row(name, "60 months and patients: SE at 75%", HR, rates, _LATE, share=0.75),
        row(name, "60 months and patients: SE at 50%", HR, rates, _LATE, share=0.5),
        row(name, "36 months and patients", HR, abstracts.early_rates, _EARLY),
        row(
            "conditional_landmark",
            "36 and 60 months and patients",
            CONDITIONAL,
            abstracts.rates_twice,
            (*_EARLY, *_LATE),
        ),
        row(
            "conditional_landmark",
            "36 and 60 months and numbers at risk",
            CONDITIONAL,
            abstracts.rates_twice_with_numbers_at_risk,
            _TWICE_AT_RISK,
        ),
        *(
            row("landmark_risk_contrast", f"60 months and {beside}: {words}", kind, write, columns)
            for beside, write, columns in (("patients", rates, _LATE), ("numbers at risk", at_risk, _AT_RISK))
            for words, kind in (("odds ratio", OR), ("risk ratio", RR), ("risk difference", RD))
        ),
    ]


def _median_rows() -> list[RecoveryRow]:
    name, both = "median_contrast", ("index", "reference")
    intervals = abstracts.medians_with_intervals
    with_events = abstracts.medians_with_events
    return [
        row(name, "both intervals", HR, intervals, _intervals("median")),
        row(name, "both symmetric intervals", HR, intervals, _intervals("median", "symmetric")),
        row(
            name,
            "an upper limit not reached",
            HR,
            intervals,
            _intervals("median"),
            may_miss=_UPPER_LIMITS,
            only=_open_limit(*both),
        ),
        row(name, "events of each arm", HR, with_events, (*_MEDIANS, *_DEATHS)),
        row(name, "patients", HR, abstracts.medians, _MEDIANS),
        *(
            row(name, f"patients: SE at {share:.0%}", HR, abstracts.medians, _MEDIANS, share=share)
            for share in (0.75, 0.5, 0.25)
        ),
    ]


def _single_arm_rows() -> list[RecoveryRow]:
    rate, interval = "survival_with_patients", "survival_with_interval"
    with_limits = abstracts.one_rate_with_interval
    median, median_limits = ("median.index",), ("median.index", "median.index.lower", "median.index.upper")
    symmetric = ("median.index", *_limits("median", "index", "symmetric"))
    return [
        row(
            interval,
            "60 months with log(-log) interval",
            RATE,
            with_limits,
            ("late.index", *_limits("late", "index", "loglog")),
        ),
        row(
            interval,
            "60 months with log interval",
            RATE,
            with_limits,
            ("late.index", *_limits("late", "index", "log")),
        ),
        row(
            interval,
            "60 months with standard error",
            RATE,
            abstracts.one_rate_with_error,
            ("late.index", "late.index.se"),
        ),
        row(
            "survival_with_number_at_risk",
            "60 months and number at risk",
            RATE,
            abstracts.one_rate_with_number_at_risk,
            ("late.index", "late.index.at_risk"),
        ),
        row(rate, "60 months and patients", RATE, abstracts.one_rate, ("late.index",)),
        row(rate, "60 months and patients: SE at 75%", RATE, abstracts.one_rate, ("late.index",), share=0.75),
        row(rate, "60 months and patients: SE at 50%", RATE, abstracts.one_rate, ("late.index",), share=0.5),
        row("median_with_interval", "interval", MEDIAN, abstracts.one_median_with_interval, median_limits),
        row(
            "median_with_interval",
            "symmetric interval",
            MEDIAN,
            abstracts.one_median_with_interval,
            symmetric,
        ),
        row(
            "median_with_lower_limit",
            "upper limit not reached",
            MEDIAN,
            abstracts.one_median_with_interval,
            median_limits,
            may_miss=_UPPER_LIMITS[:1],
            only=_open_limit("index"),
        ),
        row("median_with_patients", "patients", MEDIAN, abstracts.one_median, median),
        *(
            row(
                "median_with_patients",
                f"patients: SE at {share:.0%}",
                MEDIAN,
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
    measures = (("odds ratio", OR), ("risk ratio", RR), ("risk difference", RD))
    rows = [
        row(
            "odds_ratio_with_interval",
            "95% interval",
            OR,
            abstracts.odds_ratio,
            ("or", "or.lower", "or.upper"),
        ),
        row("odds_ratio_with_p_value", "Wald p", OR, abstracts.odds_ratio_with_p, ("or", "or.p")),
        row(
            "risk_ratio_with_interval",
            "95% interval",
            RR,
            abstracts.risk_ratio,
            ("rr", "rr.lower", "rr.upper"),
        ),
        row("risk_ratio_with_p_value", "Wald p", RR, abstracts.risk_ratio_with_p, ("rr", "rr.p")),
        *(row(of_counts, f"counts: {words}", kind, abstracts.counts, both) for words, kind in measures),
        *(
            row(of_counts, f"whole percents: {words}", kind, abstracts.percents, percents)
            for words, kind in measures
        ),
        row(exact, "count", SHARE, abstracts.one_count, ("count.index",)),
        row(exact, "whole percent", SHARE, abstracts.one_percent, ("percent.index",)),
        row(recovered, "whole percent", SHARE, abstracts.one_percent, ("percent.index",)),
        row(
            recovered,
            "percent cut off after a decimal",
            SHARE,
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
        *more_survival_rows(),
        *_count_rows(),
        *more_count_rows(),
        *measurement_rows(),
        *cluster_rows(),
    ]


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
