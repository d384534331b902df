"""The share of patients of one arm, on the logit scale; exact intervals and printed limits.

A count, or a percentage that only one count can have given, is grade A; several possible counts or a
truncated percentage is grade B; one that no count gives stands as it is printed, grade C. Nobody and
everybody give an exact interval, never an estimate with half a patient added.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from evisynth.arithmetic import (
    Expression,
    Number,
    clopper_pearson,
    exact_lower_limit,
    exact_upper_limit,
    letters,
    log_odds,
    log_of_minus_log,
    natural_log,
    root,
    score_lower_limit,
    score_upper_limit,
    square,
)
from evisynth.effects.build_effect import (
    Estimate,
    Limits,
    Stage,
    build_bound,
    build_point,
    build_refusal,
    counted_arms,
)
from evisynth.effects.counts import Counted, NotCounted, Table, read_counts
from evisynth.effects.effect import Effect, Grounds, Subject, assuming
from evisynth.effects.working import Equation, Role, Working
from evisynth.wording import percent_text, time_words

x, n, c, lower, upper = letters("x n c l u")

_SCALES: Mapping[str, tuple[str, Callable[[Expression], Expression], tuple[float, float]]] = {
    "logit": ("logit", log_odds, (0.0, 1.0)),
    "log(-log)": ("log(-log)", log_of_minus_log, (0.0, 1.0)),
    "log": ("log", natural_log, (0.0, math.inf)),
}


def share_of_patients(count: Number, size: Number) -> Working:
    """Return the working of x of n on the logit scale."""
    return Working(
        "the share is taken to the logit scale, on which its interval cannot leave 0 to 100%",
        (
            Equation("logit p", log_odds(x / n), "estimate"),
            Equation("SE", root(1.0 / x + 1.0 / (n - x)), "standard_error"),
        ),
        (("x", count), ("n", size)),
        (("x", "patients with the outcome"), ("n", "all patients"), ("p", "x/n")),
    )


def exact_interval(scale: str, fewest: tuple[int, int], most: tuple[int, int], level: float) -> Working:
    """Return the working of the exact interval: its lower end from ``fewest``, its upper from ``most``."""
    x_l, n_l, x_u, n_u = letters("x_l n_l x_u n_u")
    steps = (
        Equation("l", exact_lower_limit(x_l, n_l, c)),
        Equation("u", exact_upper_limit(x_u, n_u, c)),
    )
    counted = (("x_l", fewest[0]), ("n_l", fewest[1]), ("x_u", most[0]), ("n_u", most[1]), ("c", level))
    known = {step.quantity: step.formula.value(dict(counted)) for step in steps}
    return Working(
        "every share that would give such a count with a fair chance lies between two exact limits",
        (*steps, *_on_scale(scale, (known["l"], known["u"]))),
        counted,
        (
            ("x, n", "patients with the outcome, of all"),
            ("c", "level"),
            ("l, u", "exact limits of the share"),
        ),
    )


def limits_as_printed(scale: str, limits: tuple[float, float]) -> Working:
    """Return the working of a limit as printed; without words to add where it excludes nothing."""
    equations = _on_scale(scale, limits)
    said = "the printed limit is taken to the scale of the analysis, without sampling error"
    if not equations:
        said = "what is printed excludes no value, so no number follows"
    return Working(
        said,
        equations,
        tuple(
            (name, limit)
            for name, limit in zip(("l", "u"), limits, strict=True)
            if any(name == _letter_of(equation) for equation in equations)
        ),
        (("l, u", "lower and upper limit as printed"),) if equations else (),
    )


def _letter_of(equation: Equation) -> str:
    return equation.quantity.rsplit(" ", 1)[1]


def _on_scale(scale: str, limits: tuple[float, float]) -> tuple[Equation, ...]:
    """Take both limits to the analysis scale; an end of the natural scale is infinite there and left out."""
    name, function, ends = _SCALES[scale]
    falling = scale == "log(-log)"
    roles: tuple[Role, Role] = ("upper", "lower") if falling else ("lower", "upper")
    return tuple(
        Equation(f"{name} {symbol.text()}", function(symbol), role)
        for symbol, limit, role in zip((lower, upper), limits, roles, strict=True)
        if limit not in ends
    )


def score_interval_of_difference(
    tables: tuple[tuple[Table, Table], tuple[Table, Table]],
    level: float,
) -> Working:
    """Return the working of Newcombe's interval; ``tables`` give its lower end and its upper end."""
    equations: list[Equation] = []
    numbers: list[tuple[str, float]] = [("c", level)]
    for end, ((x1, n1), (x0, n0)) in zip(("l", "u"), tables, strict=True):
        numbers += [(f"x1{end}", x1), (f"n1{end}", n1), (f"x0{end}", x0), (f"n0{end}", n0)]
        equations += _end_of_difference(end)
    return Working(
        "the score limits of both shares are put together by Newcombe's method",
        tuple(equations),
        tuple(numbers),
        (
            ("x1, n1", "patients with the outcome, of all, index group"),
            ("x0, n0", "the same, reference group"),
            ("w", "score limits of the shares"),
            ("c", "level"),
        ),
    )


def _end_of_difference(end: str) -> tuple[Equation, ...]:
    """Return the equations of one end: below the difference the outer limits are l1 and u0."""
    x1, n1, x0, n0, w1, w0 = letters(f"x1{end} n1{end} x0{end} n0{end} w1{end} w0{end}")
    below = end == "l"
    one, other = (score_lower_limit, score_upper_limit) if below else (score_upper_limit, score_lower_limit)
    reach = root(square(x1 / n1 - w1) + square(w0 - x0 / n0))
    difference = x1 / n1 - x0 / n0
    role: Role = "lower" if below else "upper"
    return (
        Equation(f"w1{end}", one(x1, n1, c)),
        Equation(f"w0{end}", other(x0, n0, c)),
        Equation(f"RD {role} limit", difference - reach if below else difference + reach, role),
    )


def recover_proportion(subject: Subject) -> list[Effect]:
    """Return the share of patients for each time window that answers the question."""
    return [_recover(subject, found) for found in read_counts(subject, subject.comparison.index)]


def _recover(subject: Subject, found: Counted | NotCounted) -> Effect:
    if isinstance(found, NotCounted):
        return _bound_or_refusal(subject, found)
    grounds = found.grounds + window_grounds(subject, found.time_months)
    stage = _stage(subject, found, grounds)
    if found.all_or_none:
        return _exact_interval(subject, found, grounds, stage)
    working = share_of_patients(*found.table)
    ends = [float(working.value("estimate", {"x": x, "n": n})) for x, n in found.tables]
    estimate = Estimate(working, (min(ends), max(ends)))
    recovery = "proportion_of_patients" if found.grade == "A" else "proportion_of_recovered_count"
    if found.as_printed:
        recovery = "proportion_as_printed"
    return build_point(subject, recovery, found.grade, estimate, grounds, stage)


def _stage(subject: Subject, found: Counted, grounds: Grounds) -> Stage:
    stage = Stage(found.time_months, found.table[1], events=found.exact_count)
    if found.as_printed:  # which count it is of is not known
        return stage
    tables = [(table,) for table in dict.fromkeys(_whole((found.table, *found.tables)))]
    counted = counted_arms(subject, found.grade, tables, lambda arms: arms[0][0] / arms[0][1], grounds)
    return replace(stage, counted=counted)


def window_grounds(subject: Subject, time_months: float | None) -> Grounds:
    """Name the time window of a figure that the question did not ask for."""
    if subject.wanted_time is not None or time_months is None:
        return Grounds()
    return Grounds(
        assumptions=(f"counted up to {time_words(time_months)}",), flags=("time_window_not_asked",)
    )


def _exact_interval(subject: Subject, found: Counted, grounds: Grounds, stage: Stage) -> Effect:
    level = subject.question.level
    limits = {table: clopper_pearson(*table, level) for table in _whole(found.tables)}
    fewest = min(limits, key=lambda table: limits[table][0])
    most = max(limits, key=lambda table: limits[table][1])
    ((count, size),) = _whole((found.table,))
    grounds += assuming(
        f"the limits are exact (Clopper and Pearson, {percent_text(level)}, two-sided)",
        "the chance of the event is the same in every patient",
    )
    reason = f"{count} of {size} patients has no standard error; half a patient is not added in silence"
    working = exact_interval("logit", fewest, most, level)
    bound = Limits(working, exact=True)
    return build_bound(subject, "proportion_exact_interval", bound, grounds, stage, reason)


def _whole(tables: Iterable[Table]) -> list[tuple[int, int]]:
    """Return tables of counts as whole numbers."""
    return [(round(count), size) for count, size in tables]


def _bound_or_refusal(subject: Subject, found: NotCounted) -> Effect:
    stage = Stage(found.time_months)
    grounds = found.grounds + window_grounds(subject, found.time_months)
    if found.limits is None:
        return build_refusal(subject, "proportion", found.reason, grounds, stage)
    grounds += assuming("the limits are those of the share as printed, without sampling error")
    limits = Limits(limits_as_printed("logit", found.limits))
    return build_bound(subject, "proportion_bound", limits, grounds, stage, found.reason)
