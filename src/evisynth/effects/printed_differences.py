"""A difference of shares that the source prints itself, with its interval or its standard error (grade A).

A difference of those with the event; one of survivors has the opposite sign and is turned round. An interval
that is not symmetric, as those of Newcombe are not, costs a grade.
"""

from __future__ import annotations

import math

from evisynth.arithmetic import Printed, PrintedInterval, critical_z, letters, rounding_interval, symmetry_on
from evisynth.effects.build_effect import Estimate, PrintedLimits, Stage, build_point, build_refusal
from evisynth.effects.effect import Effect, Grounds, Subject, assuming, downgraded
from evisynth.effects.possible_precision import contrast_too_precise
from evisynth.effects.readings import (
    Reading,
    distinct,
    event_sign,
    printed_as_point,
    ratio_sign,
    unsettled,
)
from evisynth.effects.working import Equation, Working
from evisynth.outcomes import ReportedOutcome, is_same_time
from evisynth.printed_statistics import statistics_feeding
from evisynth.wording import Advised, interval_with_article, number_text, time_words

d, L, U, z, s = letters("d L U z s")


def recover_printed_difference(subject: Subject) -> list[Effect]:
    """Return a recovery, or a refusal, for every difference that the source prints between the two arms."""
    statistics = statistics_feeding("printed_difference")
    printed = [figure for figure in subject.comparison.figures if figure.statistic in statistics]
    return [_recover(subject, reading) for reading in distinct(printed)]


def _recover(subject: Subject, reading: Reading) -> Effect:
    figure, measure = reading.figure, subject.question.effect_measure
    grounds, stage = reading.grounds, Stage(figure.time_months)
    refused = (
        unsettled(reading) or _no_such_difference(subject, figure) or _refused_as_inferred(subject, figure)
    )
    sign, of_event = ratio_sign(subject.comparison, figure), event_sign(subject.measure, figure)
    if refused is None and (sign is None or of_event is None):
        refused = f"the source does not say of which of the two groups {figure.as_reported} is the surplus"
    if refused is not None or sign is None or of_event is None:
        return build_refusal(subject, measure, refused or "", grounds, stage)
    if sign < 0:
        grounds += assuming("the printed difference is reference less index and was turned round")
    if of_event < 0:
        of = subject.event.absence_words
        grounds += assuming(
            f"the printed difference is of {of}, and was turned round to that of {subject.of_event}"
        )
    value, turned = Printed(figure.value or 0.0, figure.half_unit), sign * of_event
    spread = _spread(figure, value)
    if isinstance(spread, str):
        return build_refusal(subject, measure, spread, grounds, stage)
    error, more = spread
    impossible = contrast_too_precise(subject, figure, _greatest_error(figure), min(map(abs, value.ends)))
    if impossible is not None:
        return build_refusal(subject, measure, impossible, grounds + more, stage)
    working = Working(
        "the printed difference is taken"
        + (
            ""
            if turned > 0
            else ", and its sign is changed, so that it is that of the event, index to reference"
        ),
        (Equation(subject.measure.symbol, d if turned > 0 else -d, "estimate"),),
        (("d", value.value),),
        (("d", "difference as printed"),),
    )
    rounding = rounding_interval(lambda difference: turned * difference, [value])
    limits = [turned * limit for limit in (figure.ci_lower, figure.ci_upper) if limit is not None]
    shown = PrintedLimits(min(limits), max(limits), figure.level or 0.95) if len(limits) == 2 else None
    estimate = Estimate(working + error, rounding, printed=shown)
    recovery = f"{measure}_with_{'standard_error' if figure.spread == 'se' and figure.sd else 'interval'}"
    return build_point(subject, recovery, "A", estimate, grounds + more, stage)


def _no_share(figure: ReportedOutcome) -> str:
    """Say that a difference is of something else than shares, or has no unit that says of what."""
    said = f"{figure.as_reported} is no difference of shares"
    if figure.unit:
        return said
    return Advised(f"{said}, as it has no percent sign", "type it in percent where it is one: 0.04 is 4%")


def _no_such_difference(subject: Subject, figure: ReportedOutcome) -> str | None:
    """Return why a printed difference is not the one that is asked for, None when it is."""
    if figure.unit != "proportion":
        return _no_share(figure)
    if not printed_as_point(figure) or figure.value is None or not -1 <= figure.value <= 1:
        return f"{figure.as_reported} is no difference of shares that has a value"
    wanted, time = subject.wanted_time, figure.time_months
    if wanted is not None and time is not None and not is_same_time(time, wanted):
        return f"{figure.as_reported} is for {time_words(time)}, not for {time_words(wanted)}"
    return None


def _refused_as_inferred(subject: Subject, figure: ReportedOutcome) -> str | None:
    if figure.basis == "unclear":
        return f"the source does not make clear what {figure.as_reported} compares"
    if figure.basis == "inferred" and not subject.question.uses_inferred_p_values:
        return (
            f"what {figure.as_reported} compares was inferred by the reader, not stated; it enters no "
            "recovery unless the question says so"
        )
    return None


def _greatest_error(figure: ReportedOutcome) -> float:
    """Return the standard error as printed, at the largest that rounding allows."""
    if figure.spread == "se" and figure.sd:
        return figure.sd + (figure.sd_half_unit or 0.0)
    halves = (figure.ci_lower_half_unit or 0.0) + (figure.ci_upper_half_unit or 0.0)
    width = (figure.ci_upper or 0.0) - (figure.ci_lower or 0.0) + halves
    return width / (2 * critical_z(figure.level or 0.95))


def _spread(figure: ReportedOutcome, value: Printed) -> tuple[Working, Grounds] | str:
    """Return the working of the standard error with what it rests on, or why there is none."""
    if figure.spread == "se" and figure.sd:
        return Working(
            equations=(Equation("SE", 1.0 * s, "standard_error"),),
            numbers=(("s", figure.sd),),
            letters=(("s", "standard error as printed"),),
        ), Grounds()
    lower, upper, level = figure.ci_lower, figure.ci_upper, figure.level or 0.95
    if lower is None or upper is None:
        return f"{figure.as_reported} is printed without an interval"
    if not lower <= value.value <= upper or math.isclose(lower, upper):
        return f"the difference in {figure.as_reported} lies outside its own interval, or that has no width"
    grounds = Grounds()
    if figure.level is None:
        grounds += assuming("the interval is taken as a 95 % interval")
    printed = PrintedInterval(
        value, Printed(lower, figure.ci_lower_half_unit), Printed(upper, figure.ci_upper_half_unit), level
    )
    if not symmetry_on("identity", printed).symmetric:
        why = (
            f"the interval of {figure.as_reported} is not symmetric: its centre is "
            f"{number_text((lower + upper) / 2, 3)}, more than rounding explains"
        )
        grounds += downgraded("asymmetric_interval", why)
    working = Working(
        equations=(Equation("SE", (U - L) / (2.0 * z), "standard_error"),),
        numbers=(("L", lower), ("U", upper), ("z", critical_z(level))),
        letters=(
            ("L", "lower limit"),
            ("U", "upper limit"),
            ("z", f"deviate of {interval_with_article(level)}"),
        ),
    )
    return working, grounds
