"""Cautions: short sentences under a plot that a reader must know before trusting the diamond.

They come from the judgements and designs of the studies, and from an interval that tells next to nothing or
is not the one that was named. No number is changed by them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from evisynth.answers.comparability import (
    PooledRow,
    definitions,
    departure_for,
    differences,
    figures_used,
    only_study,
)
from evisynth.answers.eligibility import looks_non_proportional, what_was_accepted
from evisynth.answers.poolability import FEWEST_ROWS_FOR_PREDICTION, ONE_EFFECT_MODELS
from evisynth.arithmetic import to_natural_interval
from evisynth.effects import ONE_TIME_FLAG
from evisynth.measures import Scale, measure_named, question_measure
from evisynth.outcomes import Comparison, Departure, Model, Question, RowGroup
from evisynth.studies import is_clustered, is_crossover
from evisynth.synthesis import PooledResult, limits_words
from evisynth.wording import time_words


def cautions_for(
    question: Question,
    rows: Sequence[PooledRow],
    left_out: Sequence[Departure],
    pooled: bool,
    none_or_all: int = 0,
) -> tuple[str, ...]:
    """Say what speaks for care with the answer made from ``rows``.

    Parameters
    ----------
    question
        What it sets aside is told with its reason.
    rows
        The included rows.
    left_out
        Studies left out on purpose.
    pooled
        Whether there is an estimate. Without one, only what was left out is told.
    none_or_all
        How many rows were left out because the share is 0 or 100 %, which has no standard error.
    """
    leaving = [f"Without {departure.what}: {_sentence(departure.because)}" for departure in left_out]
    if not pooled:
        return tuple(leaving)
    return (
        *_cautions_of_grade(question, rows),
        *_cautions_of_number(question, rows),
        *_cautions_of_mixing(question, rows),
        *_cautions_of_clock(question, rows),
        *_cautions_of_landmarks(rows),
        *_cautions_of_one_time(rows),
        *_cautions_of_edges(none_or_all),
        *leaving,
    )


def _cautions_of_grade(question: Question, rows: Sequence[PooledRow]) -> list[str]:
    said = [what_was_accepted(question, rows)] if question.exploratory else []
    flagged = [row for row in rows if looks_non_proportional(row.effect)]
    if flagged:
        said.append(
            f"Hazards do not look proportional, so one ratio hides how the effect changes: {_named(flagged)}."
        )
    inferred = [row for row in rows if {"inferred_p_value", "inferred_comparison"} & set(row.effect.flags)]
    if inferred and question.uses_inferred_p_values:
        because = _sentence(question.uses_inferred_p_values)
        said.append(f"What is compared was inferred by the reader ({_named(inferred)}): {because}")
    return said


def _named(rows: Sequence[PooledRow]) -> str:
    return ", ".join(f"{row.comparison.study} {row.comparison.name}" for row in rows)


def _cautions_of_number(question: Question, rows: Sequence[PooledRow]) -> list[str]:
    said: list[str] = []
    model, study = question.model, only_study(rows)
    if study is not None:
        said.append(
            f"Strata of one study ({study}) are put together within it, by fixed effects: how much studies "
            "differ is no part of the interval."
        )
    elif len(rows) < FEWEST_ROWS_FOR_PREDICTION and model in ONE_EFFECT_MODELS:
        count = "two" if len(rows) == 2 else str(len(rows))
        said.append(
            f"{_named_model(model)} takes for granted that studies do not differ, which {count} rows "
            "cannot tell: if they do, the interval is too narrow."
        )
    elif len(rows) == 2 and model == "bayesian":
        said.append(
            "Two rows cannot tell how much studies differ: the prior on tau decides how wide this is."
        )
    elif 2 < len(rows) < FEWEST_ROWS_FOR_PREDICTION and model == "binomial_normal":
        said.append(
            f"With {len(rows)} rows the spread between studies is poorly known, and the Wald interval of the "
            "binomial-normal model covers less often than it says (three rows: about 91% at 95%)."
        )
    elif len(rows) == 2:
        said.append("Two rows cannot tell how much studies differ: the interval is honest and very wide.")
    elif len(rows) < FEWEST_ROWS_FOR_PREDICTION:
        said.append(f"With {len(rows)} rows the spread between studies is poorly known.")
    return said


def _named_model(model: Model | None) -> str:
    names: dict[Model | None, str] = {"mantel_haenszel": "Mantel and Haenszel's", "peto": "Peto's"}
    return f"{names.get(model, 'The common-effect')} model"


def _cautions_of_mixing(question: Question, rows: Sequence[PooledRow]) -> list[str]:
    said = []
    for difference in differences(question, rows):
        departure = departure_for(question, difference.what)
        because = f": {_sentence(departure.because)}" if departure else "."
        said.append(f"{_capitalised(str(difference))}{because}")
    naming = definitions(rows)
    if naming is not None:
        departure = departure_for(question, naming.what)
        because = f": {_sentence(departure.because)}" if departure else "."
        said.append(f"The outcome goes by different names ({'; '.join(naming.values)}){because}")
    blocks = _contributing_blocks(question, rows)
    if len({_contrast_kind(block) for block in blocks}) > 1:
        said.append(
            f"Contrasts of different kinds are put on one scale: {'; '.join(b.label for b in blocks)}."
        )
    return said


def _cautions_of_clock(question: Question, rows: Sequence[PooledRow]) -> list[str]:
    if not question_measure(question.effect_measure).has_clock:
        return []
    silent = sum(not any(figure.starts for figure in figures_used(row)) for row in rows)
    if not silent:
        return []
    which = "No row states" if silent == len(rows) else f"{silent} of {len(rows)} rows do not state"
    return [f"{which} when the clock starts."]


def _cautions_of_landmarks(rows: Sequence[PooledRow]) -> list[str]:
    """Say when contrasts of survival at different times stand for one ratio."""
    times = {row.effect.time_months for row in rows if row.effect.recovery == "landmark_contrast"}
    known = sorted(time for time in times if time is not None)
    if len(known) < 2:
        return []
    return [f"Rows rest on survival at different times: {', '.join(map(time_words, known))}."]


def _cautions_of_one_time(rows: Sequence[PooledRow]) -> list[str]:
    """Name the ratios of one time that stand among ratios of whole curves."""
    marked = [row for row in rows if ONE_TIME_FLAG in row.effect.flags]
    if not marked or len(marked) == len(rows):
        return []
    times = {time_words(row.effect.time_months) for row in marked if row.effect.time_months is not None}
    return [f"Printed for {', '.join(sorted(times))} alone, not for the whole curve: {_named(marked)}."]


def _cautions_of_edges(none_or_all: int) -> list[str]:
    if not none_or_all:
        return []
    which = (
        "a row of 0% or 100%, which has"
        if none_or_all == 1
        else f"{none_or_all} rows of 0% or 100%, which have"
    )
    return [
        f"Not in the estimate: {which} no standard error; with it the estimate would lie nearer to that end."
    ]


def _contributing_blocks(question: Question, rows: Sequence[PooledRow]) -> list[RowGroup]:
    labels = {row.comparison.row_group for row in rows}
    return [block for block in question.row_groups if block.label in labels]


def _contrast_kind(block: RowGroup) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Name what was done to the groups of a block; where and in whom may differ within one kind."""
    tags = {**block.index.tags}
    if block.reference is not None:
        tags |= {f"reference {kind}": terms for kind, terms in block.reference.tags.items()}
    return tuple(sorted((kind, terms) for kind, terms in tags.items() if kind.split()[-1] in _DONE))


_DONE = ("intervention", "extent")


def _sentence(text: str) -> str:
    plain = " ".join(text.split())
    return plain if plain.endswith((".", "!", "?")) else f"{plain}."


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


#: The judgement beyond which ROBINS-I keeps a result out of any synthesis (Sterne et al 2016, BMJ 355:i4919).
CRITICAL = "critical"
_DENIED = re.compile(r"\b(non|not|without|quasi)[- ]?random")
_CHANCE = re.compile("random")
_NO_CHANCE = re.compile(
    r"\b(retrospective|cohort|case[- ]series|case[- ]control|registry|observational|cross-sectional)\b"
)
#: What a tool says of the design of the studies it is made for, where the study file does not say it.
_RANDOMISED_BY_TOOL = {"RoB 2": True, "ROBINS-I": False}


def cautions_of_bias(rows: Sequence[PooledRow]) -> tuple[str, ...]:
    """Name pooled rows at critical risk, say when trials stand beside others, and whose design needs more."""
    found = (_critical(rows), _mixed_designs(rows), _clustered(rows), _crossed_over(rows))
    return tuple(caution for caution in found if caution)


def _clustered(rows: Sequence[PooledRow]) -> str | None:
    """Name the studies that allocated clusters and give no design effect."""
    plain = dict.fromkeys(
        row.comparison.study
        for row in rows
        if is_clustered(row.comparison.design) and row.comparison.design_effect is None
    )
    if not plain:
        return None
    return (
        f"Clusters of patients were allocated, and no design effect is given ({', '.join(plain)}): what is "
        "worked out from numbers of patients is too narrow."
    )


def _crossed_over(rows: Sequence[PooledRow]) -> str | None:
    """Name the studies in which patients had both treatments."""
    found = dict.fromkeys(row.comparison.study for row in rows if is_crossover(row.comparison.design))
    if not found:
        return None
    return (
        f"Patients crossed over from one treatment to the other ({', '.join(found)}): the two groups are "
        "taken as of different patients, and what the first treatment left may reach into the second."
    )


def _critical(rows: Sequence[PooledRow]) -> str | None:
    judged = [
        f"{row.comparison.study} {row.comparison.name} ({assessment.tool})"
        for row in rows
        for assessment in row.comparison.risk_of_bias
        if (assessment.overall.judgement or "").casefold() == CRITICAL
    ]
    if not judged:
        return None
    return (
        f"Judged at critical risk of bias overall, and pooled all the same: {', '.join(judged)}. Results so "
        "judged are not for synthesis."
    )


def _mixed_designs(rows: Sequence[PooledRow]) -> str | None:
    found = {row.comparison.study: is_randomised(row.comparison) for row in rows}
    trials = [study for study, is_trial in found.items() if is_trial]
    others = [study for study, is_trial in found.items() if is_trial is False]
    if not trials or not others:
        return None
    return (
        f"Randomised studies ({', '.join(trials)}) are pooled with studies that are not randomised "
        f"({', '.join(others)}), which may differ for that alone."
    )


def is_randomised(comparison: Comparison) -> bool | None:
    """Whether chance allocated the patients, by the design stated or the tool used; None: not known."""
    design = comparison.design.casefold()
    if _DENIED.search(design):
        return False
    by_chance, otherwise = bool(_CHANCE.search(design)), bool(_NO_CHANCE.search(design))
    if by_chance or otherwise:
        # A retrospective analysis of a randomised trial may be either.
        return None if by_chance and otherwise else by_chance
    by_tool = {
        is_trial
        for assessment in comparison.risk_of_bias
        if (is_trial := _RANDOMISED_BY_TOOL.get(assessment.tool)) is not None
    }
    return by_tool.pop() if len(by_tool) == 1 else None


#: A share that may lie this far apart, or a ratio that may differ by this factor, is not known at all.
WIDEST_SHARE, WIDEST_RATIO = 0.8, 50.0
#: The interval of a question that names none; whether it was named all the same cannot be told.
USUAL_INTERVAL = "hksj"
SAYS_NOTHING = "the interval says next to nothing"


def caution_on_width(pooled: PooledResult, scale: Scale) -> str | None:
    """Say of an interval that it leaves nearly everything open; None when it does not."""
    if scale == "log":
        # The slack is for binary arithmetic at the limit itself.
        wide = pooled.ci_upper - pooled.ci_lower >= math.log(WIDEST_RATIO) - 1e-12
    else:
        lower, upper = to_natural_interval(pooled.ci_lower, pooled.ci_upper, scale)
        wide = lower is not None and upper is not None and upper - lower >= WIDEST_SHARE - 1e-12
    return SAYS_NOTHING if wide else None


def interval_not_taken(question: Question, pooled: PooledResult) -> str | None:
    """Say why the interval that a question names is not the one it got; None where it is, or names none."""
    named = question.interval
    if named in (pooled.interval, USUAL_INTERVAL):
        return None
    if pooled.method == "bayesian":
        why = "the Bayesian model has its own, the shortest that holds this much of the posterior"
    elif pooled.method == "stratified":
        why = "strata of one study have a Wald interval"
    elif pooled.of_counts:
        why = "the model of counts has a Wald interval, and of two rows that of t"
    elif not pooled.has_tau_squared:
        why = "the common-effect model has a Wald interval"
    elif pooled.interval == "cr2":
        why = "rows that share patients have a cluster-robust one"
    else:
        why = "with two rows only Hartung-Knapp with q* = max(1, q) is defensible, and that one stands here"
    return f"Not the interval that the question names ({named}): {why}."


def disagreement_with(beside: PooledResult | None, pooled: PooledResult) -> str | None:
    """Say when one of two intervals for the same rows excludes no effect and the other does not.

    Only for contrasts, whose no effect is 0 on the analysis scale.
    """
    if beside is None or _excludes_zero(beside) == _excludes_zero(pooled):
        return None
    one, other = ("excludes", "includes") if _excludes_zero(pooled) else ("includes", "excludes")
    kind = "Hartung-Knapp" if pooled.interval.startswith("hksj") else pooled.interval.capitalize()
    limits = limits_words(beside.ci_lower, beside.ci_upper, measure_named(pooled.effect_measure).scale)
    return (
        f"The {kind} interval {one} no effect, and that of the Bayesian model of the same rows ({limits}) "
        f"{other} it: whether there is an effect hangs on the model."
    )


def _excludes_zero(pooled: PooledResult) -> bool:
    return pooled.ci_lower > 0 or pooled.ci_upper < 0
