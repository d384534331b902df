"""The equations of medians: the standard error of their logarithm, one arm, and two set in contrast."""

from __future__ import annotations

from evisynth.arithmetic.p_values import critical_z
from evisynth.effects.expression import constant, letters
from evisynth.effects.formula_functions import natural_log, root, square
from evisynth.effects.rate_working import INDEX, REFERENCE
from evisynth.effects.working import Equation, Working

m, L, U, z, s, n, d = letters("m L U z s n d")
m1, m0, SE1, SE0 = letters("m1 m0 SE1 SE0")
_MEDIAN = ("m", "median in months")
LOG_2 = natural_log(constant(2.0))


def _error(equation: Equation, *numbers: tuple[str, float], letters: tuple[tuple[str, str], ...]) -> Working:
    return Working(equations=(equation,), numbers=numbers, letters=(_MEDIAN, *letters))


def error_by_symmetric_interval(median: float, lower: float, upper: float, level: float) -> Working:
    """Return the working of SE(log m) from an interval that is symmetric in months."""
    equation = Equation("SE", (U - L) / (2.0 * z * m), "standard_error")
    numbers = (("m", median), ("L", lower), ("U", upper), ("z", critical_z(level)))
    return _error(equation, *numbers, letters=_limits(level))


def error_by_log_interval(median: float, lower: float, upper: float, level: float) -> Working:
    """Return the working of SE(log m) from an interval read on the log scale."""
    equation = Equation("SE", (natural_log(U) - natural_log(L)) / (2.0 * z), "standard_error")
    numbers = (("m", median), ("L", lower), ("U", upper), ("z", critical_z(level)))
    return _error(equation, *numbers, letters=_limits(level))


def error_by_lower_limit(median: float, lower: float, level: float) -> Working:
    """Return the working of SE(log m) from the lower limit alone."""
    equation = Equation("SE", (natural_log(m) - natural_log(L)) / z, "standard_error")
    numbers = (("m", median), ("L", lower), ("z", critical_z(level)))
    return _error(equation, *numbers, letters=(_limits(level)[0], _limits(level)[2]))


def _limits(level: float) -> tuple[tuple[str, str], ...]:
    return ("L", "lower limit"), ("U", "upper limit"), ("z", f"deviate of a {level:.0%} interval")


def error_by_printed_error(median: float, standard_error: float) -> Working:
    """Return the working of SE(log m) from a printed standard error in months."""
    equation = Equation("SE", s / m, "standard_error")
    printed = (("s", "printed standard error in months"),)
    return _error(equation, ("m", median), ("s", standard_error), letters=printed)


def error_by_patients(median: float, size: int) -> Working:
    """Return the working of SE(log m) of an exponential curve, from the number of patients."""
    equation = Equation("SE", 1.0 / (LOG_2 * root(n)), "standard_error")
    return _error(equation, ("m", median), ("n", size), letters=(("n", "patients"),))


def error_by_events(median: float, events: int) -> Working:
    """Return the working of SE(log m) of an exponential curve, from the number of events."""
    equation = Equation("SE", 1.0 / (LOG_2 * root(d)), "standard_error")
    return _error(equation, ("m", median), ("d", events), letters=(("d", "events"),))


def single_median(error: Working) -> Working:
    """Return the working of one median on the log scale."""
    return (
        Working(
            "the logarithm of the median is taken, on which its uncertainty is nearly even on both sides",
            (Equation("log m", natural_log(m), "estimate"),),
        )
        + error
    )


def log_hazard_ratio_of_medians(index: Working, reference: Working) -> Working:
    """Return the working of log(m0/m1), with the standard errors of both medians."""
    return (
        _as_step(index).marked("1", INDEX)
        + _as_step(reference).marked("0", REFERENCE)
        + Working(
            "with exponential survival the hazard ratio is the inverse ratio of the medians",
            (
                Equation("log HR", natural_log(m0 / m1), "estimate"),
                Equation("SE", root(square(SE1) + square(SE0)), "standard_error"),
            ),
        )
    )


def _as_step(error: Working) -> Working:
    steps = tuple(Equation(equation.quantity, equation.formula) for equation in error.equations)
    return Working(error.words, steps, error.numbers, error.letters)
