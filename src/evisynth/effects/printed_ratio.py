"""A ratio as the source prints it: what kind of ratio is meant, and which of the two groups it speaks of."""

from __future__ import annotations

import math
from dataclasses import dataclass

from evisynth.arithmetic.rounding import Printed, rounding_interval
from evisynth.arithmetic.time_words import time_words
from evisynth.effects.grounds import Grounds, assuming
from evisynth.effects.median import log_or_infinite
from evisynth.effects.orientation import ratio_sign
from evisynth.effects.readings import Reading, printed_as_point
from evisynth.effects.subject import Subject
from evisynth.outcomes.reported_outcome import ReportedOutcome
from evisynth.outcomes.same_time import is_same_time


@dataclass(frozen=True, slots=True)
class PrintedRatio:
    """A printed ratio above zero, its direction, and what it rests on."""

    figure: ReportedOutcome
    value: Printed
    sign: int
    grounds: Grounds

    @property
    def log(self) -> float:
        """The log ratio, index against reference."""
        return self.sign * math.log(self.value.value)

    @property
    def rounding(self) -> tuple[float, float]:
        """The log ratio at the ends of its rounding interval."""
        return rounding_interval(lambda ratio: self.sign * log_or_infinite(ratio), [self.value])


def read_ratio(subject: Subject, reading: Reading) -> PrintedRatio | str:
    """Return the ratio with its direction, or the reason why it is none."""
    figure, measure = reading.figure, subject.question.effect_measure
    meant = figure.read_as or figure.statistic
    printed, wanted = meant.replace("_", " "), measure.replace("_", " ")
    if meant != measure:
        return f"{figure.as_reported} is read as {_article(printed)}, which is not {_article(wanted)}"
    if not printed_as_point(figure) or figure.value is None or figure.value <= 0:
        return f"{figure.as_reported} is not a ratio that has a logarithm"
    wanted_time, time = subject.wanted_time, figure.time_months
    if (
        measure != "hazard_ratio"
        and wanted_time is not None
        and time is not None
        and not is_same_time(time, wanted_time)
    ):
        return f"{figure.as_reported} is for {time_words(time)}, not for {time_words(wanted_time)}"
    inferred = _refused_as_inferred(subject, figure)
    if inferred is not None:
        return inferred
    sign = ratio_sign(subject.comparison, figure)
    if sign is None:
        return f"the source does not say which of the two groups {figure.as_reported} is the ratio of"
    grounds = reading.grounds
    if figure.basis == "inferred":
        grounds += Grounds(flags=("inferred_comparison",)) + assuming(
            f"{figure.as_reported} is taken to compare these two groups, as inferred by the reader: "
            f"{subject.question.uses_inferred_p_values}"
        )
    if figure.read_as is not None and figure.read_as != figure.statistic:
        told = f"printed as {figure.label or figure.statistic.replace('_', ' ')}, read as {_article(printed)}"
        grounds += Grounds(assumptions=(told,), flags=("label_differs_from_meaning",))
    if sign < 0:
        grounds += assuming("the printed ratio is reference against index and was inverted")
    return PrintedRatio(figure, Printed(figure.value, figure.half_unit, least=0.0), sign, grounds)


def _refused_as_inferred(subject: Subject, figure: ReportedOutcome) -> str | None:
    """Return why a ratio of groups that the source does not name enters no recovery, as with p-values."""
    if figure.basis == "unclear":
        return f"the source does not make clear what {figure.as_reported} compares"
    if figure.basis == "inferred" and not subject.question.uses_inferred_p_values:
        return (
            f"what {figure.as_reported} compares was inferred by the reader, not stated; it enters no "
            "recovery unless the question says so"
        )
    return None


def _article(term: str) -> str:
    return f"{'an' if term[0] in 'aeiou' else 'a'} {term}"
