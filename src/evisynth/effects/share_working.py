"""The equations of shares of patients, of exact intervals, and of limits as printed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from evisynth.effects.expression import Expression, letters
from evisynth.effects.formula_functions import (
    exact_lower_limit,
    exact_upper_limit,
    log_odds,
    log_of_minus_log,
    natural_log,
    root,
    score_lower_limit,
    score_upper_limit,
    square,
)
from evisynth.effects.working import Equation, Role, Working

x, n, c, lower, upper = letters("x n c l u")

_SCALES: Mapping[str, tuple[str, Callable[[Expression], Expression], tuple[float, float]]] = {
    "logit": ("logit", log_odds, (0.0, 1.0)),
    "log(-log)": ("log(-log)", log_of_minus_log, (0.0, 1.0)),
    "log": ("log", natural_log, (0.0, math.inf)),
}


def share_of_patients(count: int, size: int) -> Working:
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
    tables: tuple[tuple[tuple[int, int], tuple[int, int]], tuple[tuple[int, int], tuple[int, int]]],
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
