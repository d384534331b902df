"""The precision of a median of measurements, or of a time that everybody reaches, from its printed spread.

An exponential curve has nothing to say of a marker in blood or of days in hospital. Their quartiles or their
range give a standard deviation (Wan et al. 2014, BMC Med Res Methodol 14:135), on the plain or the log scale,
whichever they are nearer to symmetric on; a median then has sqrt(pi/2) times the standard error of a mean (as
in McGrath et al. 2020, Stat Med 39:1941-1963). Without either there is no precision.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from evisynth.arithmetic import (
    Printed,
    PrintedInterval,
    detect_scale,
    expected_spread,
    letters,
    natural_log,
    root,
)
from evisynth.effects.effect import Grounds, assuming, from_figures
from evisynth.effects.readings import readings
from evisynth.effects.working import Equation, Working
from evisynth.outcomes import Arm, Grade, ReportedOutcome

m, L, U, w, c, n = letters("m L U w c n")

#: How many times as uncertain as its mean the median of a normal sample is.
_MEDIAN_OVER_MEAN = math.sqrt(math.pi / 2)
_NAMES = {"iqr": "quartiles", "range": "range"}
#: Quartiles stand on half of the patients, a range on the two most unusual ones.
_GRADES: dict[str, Grade] = {"iqr": "C", "range": "D"}


@dataclass(frozen=True, slots=True)
class MeasuredSpread:
    """The working of SE(log m) from a printed spread, the grade it deserves, and what it rests on."""

    working: Working
    grade: Grade
    grounds: Grounds


def read_measured_spread(arm: Arm, median: ReportedOutcome, size: int) -> MeasuredSpread | str:
    """Return the precision that quartiles, or else a range, give a median; the reason where none does."""
    for name in ("iqr", "range"):
        figure = _spread_of(arm, median, name)
        if figure is None or figure.lower is None or figure.upper is None:
            continue
        if not figure.lower <= (median.value or 0.0) <= figure.upper or figure.lower == figure.upper:
            return f"the {_NAMES[name]} of {figure.as_reported} do not enclose the median {median.value:g}"
        return _from_spread(name, figure, median, size)
    return (
        f"a median of measurements ({median.as_reported}) is printed without an interval, quartiles or a "
        "range: the number of patients alone gives it no precision, as no exponential curve stands behind it"
    )


def _spread_of(arm: Arm, median: ReportedOutcome, name: str) -> ReportedOutcome | None:
    """Return the figure that prints the spread: the median itself, or one of its own beside it."""
    if median.spread == name:
        return median
    beside = [found.figure for found in readings(arm, name) if found.figure.time_months == median.time_months]
    return beside[0] if len(beside) == 1 else None


def _from_spread(name: str, figure: ReportedOutcome, median: ReportedOutcome, size: int) -> MeasuredSpread:
    lower, upper, value = figure.lower or 0.0, figure.upper or 0.0, median.value or 0.0
    on_log = _on_log_scale(value, lower, upper)
    width = expected_spread(name, size)
    error = c * (natural_log(U) - natural_log(L) if on_log else (U - L) / m) / (w * root(n))
    numbers = (("m", value), ("L", lower), ("U", upper), ("w", width), ("n", size), ("c", _MEDIAN_OVER_MEAN))
    meaning = (
        ("m", "median"),
        ("L, U", f"ends of the {_NAMES[name]}"),
        ("w", f"how many standard deviations the {_NAMES[name]} of n values are expected to span"),
        ("c", "root of pi/2, the error of a median over that of a mean"),
        ("n", "patients"),
    )
    working = Working("", (Equation("SE", error, "standard_error"),), numbers, meaning)
    scale = "log-normal" if on_log else "normal"
    told = assuming(
        f"the standard deviation follows from the printed {_NAMES[name]} (Wan 2014), with {scale} values"
    )
    return MeasuredSpread(working, _GRADES[name], from_figures(figure) + told)


def _on_log_scale(value: float, lower: float, upper: float) -> bool:
    """Whether a spread is nearer to symmetric about its median on the log scale than on the plain one."""
    if not 0 < lower < value < upper:
        return False
    spread = PrintedInterval(Printed(value), Printed(lower), Printed(upper))
    return detect_scale(spread, ("identity", "log")).scale == "log"
