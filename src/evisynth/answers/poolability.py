"""The rules of pooling: when rows that count are put together, and what the refusal says when not.

k counts the included rows, which are of disjoint patients.

===============  =====================================================================================
k = 0            refused, with what the rows are instead
k = 1            refused: the study's own interval stands
k = 2            refused, because two rows cannot tell how much studies differ (nor, for the common-effect
                 model, that they do not), unless the question asks for the Bayesian model; an exploratory
                 question pools them by HKSJ with q*, or by the common-effect model it names; neither does
                 when their intervals do not even touch
k = 3 or 4       random effects by REML, interval by HKSJ with q* = max(1, q), no prediction interval;
                 the Bayesian model beside it
k >= 5           the same, with a prediction interval
===============  =====================================================================================

The models of counts by Mantel-Haenszel and Peto take one effect for all studies, as the common-effect model
does; the binomial-normal model estimates how they differ. Rows of one study are put together within it,
without a variance between them (:mod:`evisynth.answers.pooling`).

Before k is looked at, patients that may be counted twice, cohorts that overlap and rows that are not
comparable are refused. Rows that all come from one study are pooled only in an exploratory question.

A row whose hazards do not look proportional is left out of a question that is not exploratory. When such a
row carries at least its even share (1/k) of the inverse-variance weight it dominates, and nothing is
pooled: an answer that silently lost its weightiest study for what that study found would mislead.
"""

from __future__ import annotations

from collections.abc import Sequence

from evisynth.answers.comparability import (
    PooledRow,
    differences,
    only_study,
    overlapping_cohorts,
    reasons_for_suspicion,
    sharing_pair,
    unexplained,
)
from evisynth.answers.shared_control_groups import shared_controls, why_not_together
from evisynth.arithmetic import critical_z
from evisynth.effects import Effect
from evisynth.outcomes import SUSPECTED, Question
from evisynth.wording import Advised, listed

#: From this number of rows on a prediction interval is shown.
FEWEST_ROWS_FOR_PREDICTION = 5


TWO_ROWS_REASON = Advised(
    "two rows cannot tell how much studies differ; that takes a Bayesian model with a stated prior",
    "(model: bayesian)",
    " ",
)
TWO_ROWS_OF_ONE_EFFECT_REASON = Advised(
    "the common-effect model takes for granted that studies do not differ, which two rows cannot tell; "
    "what they can tell takes a Bayesian model with a stated prior",
    "(model: bayesian)",
    " ",
)
#: Models that take one effect for all studies.
ONE_EFFECT_MODELS = ("common_effect", "mantel_haenszel", "peto")
OWN_SUMMARIES_REASON = "each block has its own summary"


def reason_to_refuse(
    question: Question,
    rows: Sequence[PooledRow],
    non_proportional: Sequence[PooledRow],
    disjoint_rows: int | None = None,
) -> str | None:
    """Say why ``rows``, each of which may be pooled, are not pooled together; None when they are.

    Parameters
    ----------
    question
        Its grade, its model, and the differences that it sets aside.
    rows
        The included rows. There is at least one.
    non_proportional
        Rows left out for nothing but hazards that do not look proportional.
    disjoint_rows
        k where rows of overlapping studies stand side by side and count as one; else all rows are disjoint.
    """
    k = len(rows) if disjoint_rows is None else disjoint_rows
    return (
        _refused_for_hazards(rows, non_proportional)
        or _refused_for_one_row(rows, k)
        or _refused_for_patients(question, rows)
        or _refused_for_overlap(question, rows)
        or _refused_for_differences(question, rows)
        or _refused_for_one_study(question, rows)
        or _refused_for_two_rows(question, rows, k)
    )


def reason_for_no_row(excluded: Sequence[tuple[Effect, str]]) -> str:
    """Say why no row at all can be pooled, from the rows there are and why each is left out."""
    if not excluded:
        return "no study reports this for the groups that the question asks about"
    reasons = {reason for _, reason in excluded}
    kinds = {effect.kind for effect, _ in excluded}
    if kinds == {"point"}:
        return _reason_for_points(excluded, reasons)
    if kinds == {"bound"}:
        return "only bounds can be had from what is printed, and a bound is not pooled"
    if kinds == {"refused"} and len(reasons) == 1:
        return reasons.pop()
    if kinds == {"refused"}:
        return "no effect can be recovered from what is printed"
    return f"no row can be pooled: {_counted_kinds(excluded)}"


def _reason_for_points(excluded: Sequence[tuple[Effect, str]], reasons: set[str]) -> str:
    if len(reasons) == 1:
        only = next(iter(reasons))
        return f"every row: {only}" if len(excluded) > 1 else only
    if all(reason.startswith("grade ") for reason in reasons):
        grades = sorted({effect.grade for effect, _ in excluded})
        return f"every row is of grade {' or '.join(grades)}, below what the question asks for"
    return f"no row can be pooled: {'; '.join(sorted(reasons))}"


def _counted_kinds(excluded: Sequence[tuple[Effect, str]]) -> str:
    counts: dict[str, int] = {}
    for effect, reason in excluded:
        if effect.kind == "point":
            name = f"of grade {effect.grade}" if reason.startswith("grade ") else "estimated but not poolable"
        else:
            name = "known only as a bound" if effect.kind == "bound" else "not recoverable"
        counts[name] = counts.get(name, 0) + 1
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _refused_for_hazards(rows: Sequence[PooledRow], non_proportional: Sequence[PooledRow]) -> str | None:
    if not non_proportional:
        return None
    precisions = [_precision(row) for row in (*rows, *non_proportional)]
    even_share = sum(precisions) / len(precisions)
    for row in non_proportional:
        # The small slack lets a share that is even but for rounding count as even.
        if _precision(row) >= even_share * (1 - 1e-9):
            return f"the hazards of a dominant row do not look proportional ({_row_name(row)})"
    return None


def _refused_for_one_row(rows: Sequence[PooledRow], k: int) -> str | None:
    if k > 1:
        return None
    studies = list(rows[0].reports or dict.fromkeys(row.comparison.study for row in rows))
    if len(studies) > 1:
        return (
            f"{listed(studies, most=None)} may report the same patients, who count as one row, the only one"
        )
    if rows[0].effect.kind == "refused":
        return f"one row only, {_row_name(rows[0])}, which has no estimate of its own"
    return f"one row only, {_row_name(rows[0])}, whose own interval stands"


def _refused_for_patients(question: Question, rows: Sequence[PooledRow]) -> str | None:
    comparisons = [row.comparison for row in rows]
    pair = sharing_pair(comparisons)
    if pair is None:
        return None
    one, other = pair
    for places in shared_controls(comparisons):
        if one.reference is not None and any(comparisons[place] is one for place in places):
            return _refused_for_control(question, [rows[place] for place in places])
    return (
        f"{one.study}: {one.name} and {other.name} may share patients; "
        "choose the groups of the question so that each patient stands in one row"
    )


def _refused_for_control(question: Question, rows: Sequence[PooledRow]) -> str:
    """Say why comparisons with one control group do not stand together."""
    first = rows[0].comparison
    control = first.reference.group if first.reference is not None else ""
    names = listed(row.comparison.name for row in rows)
    why = why_not_together(question, rows) if question.shared_control == "covariance" else None
    if why is not None:
        return (
            f"{first.study}: {names} may share patients, those of {control}, and are not put together: {why}"
        )
    return Advised(
        f"{first.study}: {names} may share patients, those of {control}",
        "let the question say how that is handled (shared_control: covariance, or one comparison), or "
        "choose the groups of the question so that each patient stands in one row",
    )


def _refused_for_overlap(question: Question, rows: Sequence[PooledRow]) -> str | None:
    pair = None if question.overlap is not None else overlapping_cohorts([row.comparison for row in rows])
    if pair is None:
        return None
    one, other, extent = pair
    if extent == SUSPECTED:
        return _refused_for_suspicion(rows, one, other)
    return Advised(
        f"the cohorts of {one} and {other} overlap ({extent}), so that patients would count twice",
        "the question must say how that is handled (overlap: {choice: one report, because: ...}, or "
        "covariance, or robust), or leave one of the two out, with a reason",
    )


def _refused_for_suspicion(rows: Sequence[PooledRow], one: str, other: str) -> str:
    reasons = reasons_for_suspicion([row.comparison for row in rows], one, other)
    because = f" ({reasons})" if reasons else ""
    return Advised(
        f"{one} and {other} may rest on the same patients{because}, and neither file says whether they do",
        f"write under cohort: of {one} overlaps: [{{with: {other}, extent: none, because: ...}}], or how far "
        "they do, or let the question say how overlapping studies are handled (overlap: ...)",
    )


def _refused_for_differences(question: Question, rows: Sequence[PooledRow]) -> str | None:
    found = unexplained(question, differences(question, rows))
    return "; ".join(str(difference) for difference in found) or None


def _refused_for_one_study(question: Question, rows: Sequence[PooledRow]) -> str | None:
    study = only_study(rows)
    if study is None or question.exploratory:
        return None
    together = "both" if len(rows) == 2 else f"all {len(rows)}"
    return f"{together} rows come from one study ({study})"


def _refused_for_two_rows(question: Question, rows: Sequence[PooledRow], k: int) -> str | None:
    if k != 2:
        return None
    if len(rows) == 2 and _are_disjoint(question, rows):
        return "the intervals of the two rows do not overlap: their average would describe neither"
    if question.exploratory or question.model == "bayesian":
        return None
    return TWO_ROWS_OF_ONE_EFFECT_REASON if question.model in ONE_EFFECT_MODELS else TWO_ROWS_REASON


def _are_disjoint(question: Question, rows: Sequence[PooledRow]) -> bool:
    if any(row.effect.kind != "point" for row in rows):
        return False
    z = critical_z(question.level)
    (one, one_error), (other, other_error) = (_numbers(row) for row in rows)
    return abs(one - other) > z * (one_error + other_error)


def _numbers(row: PooledRow) -> tuple[float, float]:
    estimate, error = row.effect.estimate, row.effect.standard_error
    if estimate is None or error is None:
        raise ValueError(f"{_row_name(row)} is no point")  # eligibility lets only points through
    return estimate, error


def _precision(row: PooledRow) -> float:
    return 1 / _numbers(row)[1] ** 2


def _row_name(row: PooledRow) -> str:
    return f"{row.comparison.study} {row.comparison.name}"
