"""One mean of a group with its standard error and deviation: as printed, or from a median with its quartiles.

==========================  ==============================================================  =====
printed beside the mean     standard error                                                  grade
==========================  ==============================================================  =====
SD and patients             SD/sqrt(n)                                                      A
SE                          as printed                                                      A
interval                    its width over twice the t deviate on n - 1 degrees of freedom  A
nothing; a median with      the mean by Luo 2018, the SD by Wan 2014 or Shi 2020 over       C
quartiles                   sqrt(n); refused where the skewness test of Shi 2023 fails
the same with a range only                                                                  D
==========================  ==============================================================  =====

An interval without a number of patients is read with the normal deviate, and costs a grade. So does a mean of
times to an event, which says nothing of those still waiting for it; its median is never turned into a mean.
"""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.arithmetic import (
    FiveNumbers,
    Printed,
    PrintedInterval,
    critical_z,
    deviation_of,
    letters,
    mean_of,
    root,
    skewness,
    student_t_quantile,
    symmetry_on,
)
from evisynth.effects.effect import Grounds, Subject, assuming, downgraded, from_figures
from evisynth.effects.patient_numbers import Patients, patients_behind
from evisynth.effects.readings import Reading, in_group, of_group, printed_as_point, readings
from evisynth.effects.working import Equation, Working
from evisynth.outcomes import Arm, Grade, ReportedOutcome
from evisynth.wording import counted, interval_with_article, number_text

s, e, L, U, t, n, SD = letters("s e L U t n SD")
#: Fewer values show neither a spread nor whether they are skewed.
_FEWEST = 5
_N = ("n", "patients")


@dataclass(frozen=True, slots=True)
class MeanReading:
    """A mean, the working of its ``SE`` (and ``SD``, where patients are counted), and what it rests on.

    ``printed`` are the numbers that rounding moves, by their letters.
    """

    arm: Arm
    basis: str
    grade: Grade
    working: Working
    printed: tuple[tuple[str, Printed], ...]
    grounds: Grounds
    unit: str
    size: int | None

    @property
    def mean(self) -> float:
        """The mean, in its unit."""
        return float(self.working.value("m"))

    @property
    def standard_error(self) -> float:
        """Its standard error."""
        return float(self.working.value("SE"))


@dataclass(frozen=True, slots=True)
class NoMean:
    """Why what is printed gives no mean with its precision."""

    reason: str
    grounds: Grounds


def read_means(subject: Subject, arm: Arm) -> tuple[MeanReading | NoMean, ...]:
    """Return every mean of an arm; a median with its spread stands in where none is usable."""
    means = [_read_mean(subject, arm, reading) for reading in readings(arm, "mean")]
    if any(isinstance(found, MeanReading) for found in means):
        return tuple(means)
    medians = [_from_median(subject, arm, reading) for reading in readings(arm, "median")]
    usable = [found for found in medians if isinstance(found, MeanReading)]
    return tuple(usable or (*means, *medians))


def _read_mean(subject: Subject, arm: Arm, reading: Reading) -> MeanReading | NoMean:
    figure, comparison = reading.figure, subject.comparison
    grounds, of = reading.grounds, of_group(comparison, arm)
    if not printed_as_point(figure) or figure.value is None:
        return NoMean(f"the mean{of} is printed as a bound: {figure.as_reported}", grounds)
    if (other := _other_unit(subject, figure)) is not None:
        return NoMean(other, grounds)
    patients = patients_behind(comparison, arm, figure)
    grounds += patients.grounds if patients is not None else Grounds()
    size = patients.smallest if patients is not None else None
    found = _precision(figure, size, of)
    if isinstance(found, str):
        return NoMean(found, grounds)
    grade, working, printed, more = found
    value = Printed(figure.value, figure.half_unit)
    numbers = (("m", figure.value), *((("n", float(size)),) if size is not None else ()))
    working = (
        Working(numbers=numbers, letters=(("m", "mean"), *((_N,) if size is not None else ()))) + working
    )
    return MeanReading(
        *(arm, "mean", grade, working, (("m", value), *printed)),
        grounds + more + _of_times(subject, of),
        figure.unit,
        size,
    )


def _of_times(subject: Subject, of: str) -> Grounds:
    """Return the downgrade of a mean of times to an event, which not everybody has reached."""
    if subject.comparison.outcome_type != "time_to_event":
        return Grounds()
    why = (
        f"a mean time{of} depends on how long patients were followed: those without the event yet count as "
        "if they had reached it, or not at all"
    )
    return downgraded("mean_of_censored_times", why)


def _other_unit(subject: Subject, figure: ReportedOutcome) -> str | None:
    wanted = subject.event.unit
    if not wanted or figure.unit in ("", wanted):
        return None
    return f"{figure.as_reported} is in {figure.unit}, and the outcome is measured in {wanted}"


_Found = tuple[Grade, Working, tuple[tuple[str, Printed], ...], Grounds]


def _precision(figure: ReportedOutcome, size: int | None, of: str) -> _Found | str:
    """Return the grade, the working of SE and SD, and what they rest on; or why there is none."""
    printed = figure.as_reported
    if figure.spread == "sd" and figure.sd:
        if size is None or size < 2:
            return f"the mean{of} of {printed} is printed without the number of patients"
        equations = (Equation("SD", 1.0 * s), Equation("SE", SD / root(n)))
        numbers, meaning = (("s", figure.sd),), (("s", "standard deviation as printed"),)
        return "A", Working("", equations, numbers, meaning), _printed_spread(figure), Grounds()
    if figure.spread == "se" and figure.sd:
        errors = (Equation("SE", 1.0 * e), *_deviation(size))
        numbers, meaning = (("e", figure.sd),), (("e", "standard error as printed"),)
        return "A", Working("", errors, numbers, meaning), (), Grounds()
    if figure.ci_lower is not None and figure.ci_upper is not None:
        return _from_interval(figure, size, of)
    if figure.spread == "sd" or figure.spread == "se":
        return f"the spread of {printed}{of} is 0"
    return (
        f"the mean{of} of {printed} is printed without a standard deviation, a standard error or an interval"
    )


def _printed_spread(figure: ReportedOutcome) -> tuple[tuple[str, Printed], ...]:
    return (("s", Printed(figure.sd or 0.0, figure.sd_half_unit, least=(figure.sd or 0.0) / 2)),)


def _deviation(size: int | None) -> tuple[Equation, ...]:
    """Return the standard deviation behind a standard error, where the patients are counted."""
    SE = letters("SE")[0]
    return () if size is None else (Equation("SD", SE * root(n)),)


def _from_interval(figure: ReportedOutcome, size: int | None, of: str) -> _Found | str:
    lower, upper, level = figure.ci_lower or 0.0, figure.ci_upper or 0.0, figure.level or 0.95
    if lower >= upper:
        return f"the interval of {figure.as_reported}{of} has no width"
    grounds = Grounds()
    if figure.level is None:
        grounds += assuming(f"the interval{of} is taken as a 95 % interval")
    if size is not None and size > 1:
        deviate = student_t_quantile((1 + level) / 2, size - 1)
        words = f"deviate of {interval_with_article(level)}, of Student's t with n - 1 degrees of freedom"
    else:
        deviate, words = critical_z(level), f"deviate of {interval_with_article(level)}"
        why = f"the number of patients{of} is not known: the interval is read with the normal deviate"
        grounds += downgraded("patients_not_exact", why)
    printed = PrintedInterval(
        Printed(figure.value or 0.0, figure.half_unit),
        Printed(lower, figure.ci_lower_half_unit),
        Printed(upper, figure.ci_upper_half_unit),
        level,
    )
    if not symmetry_on("identity", printed).symmetric:
        middle = number_text((lower + upper) / 2, 3)
        why = f"the interval of {figure.as_reported} is not symmetric: its centre is {middle}"
        grounds += downgraded("asymmetric_interval", why)
    working = Working(
        "",
        (Equation("SE", (U - L) / (2.0 * t)), *_deviation(size)),
        (("L", lower), ("U", upper), ("t", deviate)),
        (("L", "lower limit"), ("U", "upper limit"), ("t", words)),
    )
    return "A", working, (), grounds


#: Quartiles stand on half of the patients, a range on the two most unusual ones.
_GRADES: dict[str, Grade] = {"quartiles": "C", "range": "D", "quartiles and range": "C"}


def _from_median(subject: Subject, arm: Arm, reading: Reading) -> MeanReading | NoMean:
    figure, comparison = reading.figure, subject.comparison
    grounds, of, inside = reading.grounds, of_group(comparison, arm), in_group(comparison, arm)
    if comparison.outcome_type == "time_to_event":
        reason = f"a median of times to an event{inside} gives no mean: a curve is not known beyond its end"
        return NoMean(reason, grounds)
    if not printed_as_point(figure) or figure.value is None:
        return NoMean(f"the median{of} is printed as a bound: {figure.as_reported}", grounds)
    if (other := _other_unit(subject, figure)) is not None:
        return NoMean(other, grounds)
    patients = patients_behind(comparison, arm, figure)
    if patients is None:
        return NoMean(f"the patients behind the median{of} of {figure.as_reported} are not known", grounds)
    quartiles, ends = (_spread(arm, figure, name) for name in ("iqr", "range"))
    if quartiles is None and ends is None:
        reason = f"the median{of} of {figure.as_reported} is printed without quartiles or a range"
        return NoMean(reason, grounds)
    return _converted(subject, arm, figure, patients, (quartiles, ends), grounds + patients.grounds)


def _spread(arm: Arm, median: ReportedOutcome, name: str) -> ReportedOutcome | None:
    """Return the figure that prints the spread: the median itself, or one of its own beside it."""
    if median.spread == name:
        return median
    beside = [found.figure for found in readings(arm, name) if found.figure.time_months == median.time_months]
    return beside[0] if len(beside) == 1 and beside[0].lower is not None else None


def _converted(
    subject: Subject,
    arm: Arm,
    median: ReportedOutcome,
    patients: Patients,
    spreads: tuple[ReportedOutcome | None, ReportedOutcome | None],
    grounds: Grounds,
) -> MeanReading | NoMean:
    """Turn a median with its spread into a mean, unless so many normal values were never so skewed."""
    size, inside = patients.smallest, in_group(subject.comparison, arm)
    if size < _FEWEST:
        reason = f"a median of {counted(size, 'patient')}{inside} (fewer than {_FEWEST}) gives no mean"
        return NoMean(reason, grounds)
    quartiles, ends = (None if one is None else (one.lower or 0.0, one.upper or 0.0) for one in spreads)
    five = FiveNumbers(median.value or 0.0, size, range=ends, quartiles=quartiles)
    name = " and ".join(w for w, one in (("quartiles", quartiles), ("range", ends)) if one is not None)
    if not five.in_order:
        reason = f"median, {name}{inside} do not rise in this order, or do not spread: {median.as_reported}"
        return NoMean(reason, grounds)
    found = skewness(five)
    if found.found:
        reason = (
            f"the values{inside} are skewed: the median of {median.as_reported} lies "
            f"{number_text(found.statistic, 2)} of the width from the middle of its {name}, and {size} "
            f"normal values allow {number_text(found.most, 2)} (test of Shi 2023), so that they give no mean"
        )
        return NoMean(reason, grounds)
    grounds += from_figures(*dict.fromkeys(one for one in spreads if one is not None)) + assuming(
        f"the values{inside} are normal, as their {name} do not deny: the mean is Luo's (2018), and the "
        "standard deviation follows from the printed width (Wan 2014)"
    )
    working = Working(
        "",
        (Equation("m", mean_of(five)), Equation("SD", deviation_of(five)), Equation("SE", SD / root(n))),
        (*five.numbers, ("n", float(size))),
        (("M", "median"), (_LETTERS[name], f"ends of the {name}"), _N),
    )
    return MeanReading(*(arm, "median", _GRADES[name], working, ()), grounds, median.unit, size)


_LETTERS = {"quartiles": "q1, q3", "range": "a, b", "quartiles and range": "a, q1, q3, b"}
