"""What stands in a funnel plot beside its rows: Egger's line, imputed rows, and the words for all of it."""

from __future__ import annotations

from evisynth.errors import ConvergenceError, InvalidDataError
from evisynth.figures.chart.chart import LegendEntry, Tone
from evisynth.figures.diagnostics.subject import Subject, lower_first, plain_number
from evisynth.figures.number_text import fixed, p_value_text
from evisynth.synthesis.egger import EggerResult, assess_small_study_effects
from evisynth.synthesis.few_rows import FEWEST_ROWS
from evisynth.synthesis.tau_squared import TAU_SQUARED_ESTIMATORS
from evisynth.synthesis.trim_and_fill import TrimAndFillResult, trim_and_fill

_CONTOUR_WORDS: tuple[tuple[Tone, str], ...] = (
    ("white", "p > 0.10"),
    ("deep band", "p 0.05 to 0.10"),
    ("band", "p 0.01 to 0.05"),
    ("mist", "p < 0.01"),
)


def egger_line(subject: Subject) -> tuple[EggerResult | None, str]:
    """Fit Egger's line and tell its test, where there are rows enough and it can be."""
    if subject.row_count < FEWEST_ROWS:
        return None, ""
    method = subject.result.method if subject.result.method in TAU_SQUARED_ESTIMATORS else "REML"
    try:
        test = assess_small_study_effects(
            subject.result.y, subject.result.v, tau_squared=method, level=subject.result.level
        )
    except (InvalidDataError, ConvergenceError) as error:
        return None, f"No Egger's line: {error}."
    letter = "z" if test.df is None else "t"
    return test, (
        f"Egger's regression on the standard error: {letter} = {fixed(test.statistic, 2)}, "
        f"{p_value_text(test.p_value)}."
    )


def fill_rows(subject: Subject) -> tuple[TrimAndFillResult | None, str]:
    """Fill in what trim and fill finds lacking, and say what that does to the estimate, or why not."""
    if subject.row_count < FEWEST_ROWS:
        return None, (
            f"Trim and fill is not shown: it needs at least {FEWEST_ROWS} rows, and there are "
            f"{subject.row_count}."
        )
    result = subject.result
    method, interval = subject.estimator, subject.interval
    try:
        made = trim_and_fill(result.y, result.v, tau_squared=method, interval=interval, level=result.level)
    except (InvalidDataError, ConvergenceError) as error:
        return None, f"Trim and fill is not shown: {error}."
    if not made.filled_count:
        return made, f"Trim and fill adds no rows (looked for on the {_shown_side(made.side, subject)})."
    words = subject.interval_words(made.result.estimate, made.result.ci_lower, made.result.ci_upper)
    rows = "1 row" if made.filled_count == 1 else f"{made.filled_count} rows"
    them = "it" if made.filled_count == 1 else "them"
    return made, (
        f"Trim and fill adds {rows} on the {_shown_side(made.side, subject)}; with {them} the "
        f"estimate is {words}. "
        "This asks how far the estimate would move, and does not correct it."
    )


def _shown_side(side: str, subject: Subject) -> str:
    """Name the side as it is seen: the log(-log) scale runs against survival."""
    if subject.display.scale != "log(-log)":
        return side
    return "left" if side == "right" else "right"


def region_note(around_null: bool, wanted: bool, subject: Subject) -> str:
    """Say what the shades mean, and why they are not what was asked for."""
    if around_null:
        return (
            "Shades: two-sided p-value of an effect there, against no effect; above 0.10 in the middle, "
            "below 0.01 outside."
        )
    lacking = f"{subject.display.name} has no value of no effect to draw contours around. " if wanted else ""
    share = plain_number(100 * subject.result.level)
    return (
        f"{lacking}Shaded: where {share}% of rows would lie if they differed by chance alone and the pooled "
        "estimate were right."
    )


def funnel_legend(
    around_null: bool, line: EggerResult | None, filled: TrimAndFillResult | None
) -> tuple[LegendEntry, ...]:
    """Name the lines, the imputed rows and the shades."""
    entries = [LegendEntry("line", "Pooled estimate")]
    if line is not None:
        entries.append(LegendEntry("dashed", "Egger's line", tone="accent"))
    if filled is not None and filled.filled_count:
        entries.append(LegendEntry("circle", "Imputed row", filled=False))
        entries.append(LegendEntry("dotted", "Estimate with imputed rows"))
    if around_null:
        entries += [LegendEntry("area", words, tone=tone) for tone, words in _CONTOUR_WORDS]
    return tuple(entries)


def describe_funnel(subject: Subject, *more: str) -> str:
    """Say the plot in words, for those who hear it."""
    errors = subject.standard_errors
    said = (
        f"Funnel plot of {subject.row_count} effects against their standard errors, which run from "
        f"{plain_number(float(errors.min()))} to {plain_number(float(errors.max()))}. Pooled "
        f"{lower_first(subject.display.name)} {subject.pooled_words}."
    )
    return " ".join(part for part in (said, *more) if part)
