"""An interval said in plain words: ``anything from a third to one and a half times the hazard of death``."""

from __future__ import annotations

import math

from evisynth.figures import NaturalInterval
from evisynth.measures import EffectMeasure
from evisynth.outcome_events import OutcomeEvent
from evisynth.wording import number_text

#: Parts and multiples that have a name, below and above the same.
_PARTS = (
    (0.1, "a tenth"),
    (1 / 8, "an eighth"),
    (1 / 6, "a sixth"),
    (0.2, "a fifth"),
    (0.25, "a quarter"),
    (1 / 3, "a third"),
    (0.4, "two fifths"),
    (0.5, "half"),
    (0.6, "three fifths"),
    (2 / 3, "two thirds"),
    (0.75, "three quarters"),
    (0.8, "four fifths"),
    (0.9, "nine tenths"),
)
_COUNTED = ("three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MULTIPLES = (
    (1.25, "one and a quarter times"),
    (4 / 3, "one and a third times"),
    (1.5, "one and a half times"),
    (5 / 3, "one and two thirds times"),
    (2.0, "twice"),
    (2.5, "two and a half times"),
    *zip(
        range(3, 11), (f"{n} times" for n in "three four five six seven eight nine ten".split()), strict=True
    ),
)
#: A name is taken for a ratio within so much of it; a ratio so near to 1 is the same.
_NEAR, _SAME = 0.07, 0.03
_LEAST, _MOST = 0.1, 10.0
#: Shares below are no whole patients of 100.
_FEW = 0.02


def size_words(interval: NaturalInterval, measure: EffectMeasure, event: OutcomeEvent) -> str:
    """Say between what sizes an effect lies; empty where the numbers say it as plainly.

    Parameters
    ----------
    interval
        On the natural scale. Without both limits nothing is said.
    measure
        Only ratios and shares of patients are put into words.
    event
        What there is more or less of.
    """
    lower, upper = interval.lower, interval.upper
    if lower is None or upper is None or math.isnan(lower) or math.isnan(upper):
        return ""
    if measure.axis == "ratio":
        return _ratio_words(lower, upper, _noun(measure, event))
    if measure.axis == "percent" and measure.id in ("proportion", "survival"):
        low, high = round(100 * lower), round(100 * upper)
        if upper < _FEW:
            return ""
        return f"{low} of 100 patients" if low == high else f"{low} to {high} of 100 patients"
    return ""


def _noun(measure: EffectMeasure, event: OutcomeEvent) -> str:
    before, _, _ = measure.words.partition(" ratio")
    what = before if before != measure.words else "amount"
    return f"the {what} of {event.words}" if event.text and measure.of_event else f"the {what}"


def _ratio_words(lower: float, upper: float, noun: str) -> str:
    low, high = times_words(lower), times_words(upper)
    below, above = lower < 1 - _SAME, upper > 1 + _SAME
    if low == high:
        return f"about {low} of {noun}" if below else f"about {low} {noun}"
    if below and above:
        return f"anything from {low} to {high} {noun}"
    if below:
        return (
            f"between {low} and {high} of {noun}"
            if high != "the same"
            else f"from {low} of {noun} to the same"
        )
    if low == "the same":
        return f"from the same to {high} {noun}"
    return f"between {low} and {high} {noun}"


def times_words(ratio: float) -> str:
    """Say a ratio: ``a third``, ``the same``, ``one and a half times``, ``0.71``, ``less than a tenth``."""
    if abs(ratio - 1) <= _SAME:
        return "the same"
    if ratio < _LEAST * (1 - _NEAR):
        return "less than a tenth"
    if ratio > _MOST * (1 + _NEAR):
        return "more than ten times"
    named = _PARTS if ratio < 1 else _MULTIPLES
    size, words = min(named, key=lambda one: abs(math.log(ratio / one[0])))
    if abs(math.log(ratio / size)) <= _NEAR:
        return words
    return number_text(ratio, 2) if ratio < 1 else f"{number_text(ratio, 2)} times"
