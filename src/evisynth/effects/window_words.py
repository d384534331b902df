"""Saying of a share of patients that it is for another time window than the one asked for, or for none."""

from __future__ import annotations

from collections.abc import Sequence

from evisynth.arithmetic.time_words import time_words
from evisynth.effects.arm_words import of_group
from evisynth.effects.readings import Reading
from evisynth.effects.subject import Subject
from evisynth.outcomes.comparison import Arm
from evisynth.outcomes.reported_outcome import ReportedOutcome


def no_window_fits(subject: Subject, arm: Arm, found: Sequence[Reading]) -> str:
    """Say of figures that are not for the window asked for which theirs is, or that none is printed."""
    of, asked = of_group(subject.comparison, arm), time_words(subject.wanted_time or 0.0)
    if all(reading.figure.time_months is None for reading in found):
        texts = dict.fromkeys(reading.figure.as_reported for reading in found)
        printed, are = " and ".join(texts), "is" if len(texts) == 1 else "are"
        return f"{printed}{of} {are} printed without a time window, and {asked} are asked for"
    # A count and the percentage beside it are one print: "22 (18.3%)" is said once.
    printed = " and ".join(dict.fromkeys(_with_window(reading.figure) for reading in found))
    return f"what is reported{of} ({printed}) is not for the {asked} that are asked for"


def _with_window(figure: ReportedOutcome) -> str:
    time = figure.time_months
    return f"{figure.as_reported} " + ("without a window" if time is None else f"within {time_words(time)}")
