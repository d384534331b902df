"""Recoveries from standard errors, differences, measurements and clusters, as rows of the study."""

from __future__ import annotations

from dataclasses import replace

from recovery_study import abstracts, more_abstracts
from recovery_study.rows import HR, MEDIAN, OR, RD, RR, SHARE, RecoveryRow, row


def more_survival_rows() -> list[RecoveryRow]:
    """Return the rows of trials with curves."""
    name = "hazard_ratio_with_standard_error"
    with_log, plain = more_abstracts.hazard_ratio_with_log_error, more_abstracts.hazard_ratio_with_error
    with_events = more_abstracts.one_median_with_events
    return [
        row(name, "standard error of the logarithm", HR, with_log, ("hr", "hr.log_se")),
        row(name, "standard error of the ratio", HR, plain, ("hr", "hr.se")),
        row("median_with_events", "events", MEDIAN, with_events, ("median.index", "events.index")),
    ]


def more_count_rows() -> list[RecoveryRow]:
    """Return the rows of trials that count events."""
    rows = []
    for name, short, kind, with_log, plain in (
        ("odds", "or", OR, more_abstracts.odds_ratio_with_log_error, more_abstracts.odds_ratio_with_error),
        ("risk", "rr", RR, more_abstracts.risk_ratio_with_log_error, more_abstracts.risk_ratio_with_error),
    ):
        by = f"{name}_ratio_with_standard_error"
        rows += [
            row(by, "standard error of the logarithm", kind, with_log, (short, f"{short}.log_se")),
            row(by, "standard error of the ratio", kind, plain, (short, f"{short}.se")),
        ]
    by_error = "risk_difference_with_standard_error"
    difference, write = "risk_difference_with_interval", more_abstracts.difference_with_interval
    rows += [
        row(difference, "Wald interval", RD, write, ("rd", "rd.lower", "rd.upper")),
        row(difference, "Newcombe's interval", RD, write, ("rd", "rd.newcombe.lower", "rd.newcombe.upper")),
        row(by_error, "standard error", RD, more_abstracts.difference_with_error, ("rd", "rd.se")),
        row(
            "proportion_as_printed",
            "percent of nine tenths of the patients",
            SHARE,
            abstracts.one_tenth_of_percent,
            ("other_percent.index",),
        ),
    ]
    return [replace(one, family="counts") for one in rows]


def measurement_rows() -> list[RecoveryRow]:
    """Return the rows of medians of measurements."""
    name = "median_with_spread"
    quartiles, ends = ("median", "quartile.lower", "quartile.upper"), ("median", "least", "greatest")
    rows = [
        row(name, "quartiles", MEDIAN, more_abstracts.measured_with_quartiles, quartiles),
        row(name, "range", MEDIAN, more_abstracts.measured_with_range, ends),
    ]
    return [replace(one, family="measurements") for one in rows]


def cluster_rows() -> list[RecoveryRow]:
    """Return the rows of trials whose patients come in clusters."""
    contrast, both = "risk_contrast_of_counts", ("count.index", "count.reference")
    alone = more_abstracts.clusters_alone
    rows = []
    for words, kind in (("odds ratio", OR), ("risk ratio", RR), ("risk difference", RD)):
        rows += [
            row(
                contrast,
                f"counts and design effect: {words}",
                kind,
                more_abstracts.clustered_counts,
                (*both, "design_effect"),
            ),
            row(contrast, f"counts alone: {words}", kind, alone, both, of="cautioned"),
        ]
    one = more_abstracts.one_clustered_count
    rows.append(
        row("proportion_of_patients", "count and design effect", SHARE, one, ("count.index", "design_effect"))
    )
    return [replace(one, family="clusters") for one in rows]
