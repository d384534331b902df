from __future__ import annotations

import pytest

from evisynth.figures import (
    IntervalWords,
    NaturalInterval,
    decimals_for,
    interval_text,
    measure_display,
    size_text,
)
from evisynth.wording import weight_text


def test_effects_are_printed_in_the_digits_of_their_measure() -> None:
    cases = {
        "hazard_ratio": (NaturalInterval(0.7219, 0.4113, 1.2666), "0.72 (0.41 to 1.27)"),
        "survival": (NaturalInterval(0.79, 0.6834, 0.8642), "79 (68 to 86)"),
        "proportion": (NaturalInterval(9 / 546, 0.0086, 0.0314), "1.6 (0.9 to 3.1)"),
        "median": (NaturalInterval(151.0, 110.1, 207.2), "151 (110 to 207)"),
        "risk_difference": (NaturalInterval(-0.4, -0.58, -0.22), "−0.40 (−0.58 to −0.22)"),
    }
    for measure, (interval, text) in cases.items():
        display = measure_display(measure)
        assert interval_text(interval, display, decimals_for(display, [interval])) == text


def test_short_medians_keep_a_decimal() -> None:
    display = measure_display("median")
    assert decimals_for(display, [NaturalInterval(3.2, None, None), NaturalInterval(17, None, None)]) == 1


def test_bounds_say_on_which_side_they_are_open() -> None:
    display = measure_display("hazard_ratio")
    assert interval_text(NaturalInterval(None, None, 0.5926), display, 2) == "≤ 0.59"
    assert interval_text(NaturalInterval(None, 60.0, None), measure_display("median"), 0) == "≥ 60"
    assert interval_text(NaturalInterval(None, 0.44, 2.34), display, 2) == "0.44 to 2.34"
    assert interval_text(NaturalInterval(None, None, None), display, 2) == ""
    assert interval_text(NaturalInterval(0.5, None, None), display, 2) == "0.50"


def test_sizes_and_weights() -> None:
    assert size_text((80, 37)) == "80 vs 37"
    assert size_text((80, None)) == "80 vs –"
    assert size_text((None, None)) == "–"
    assert size_text((546,)) == "546"
    assert weight_text(0.3456) == "34.6%"


@pytest.mark.parametrize(
    ("words", "lower", "upper", "text"),
    [
        (IntervalWords(), 0.41, 1.27, "0.72 (0.41 to 1.27)"),
        (IntervalWords("[", ", ", "]"), 0.41, 1.27, "0.72 [0.41, 1.27]"),
        (IntervalWords("(", "-", ")"), 0.41, 1.27, "0.72 (0.41-1.27)"),
    ],
)
def test_intervals_are_worded_as_a_journal_does(
    words: IntervalWords, lower: float, upper: float, text: str
) -> None:
    display = measure_display("hazard_ratio")
    assert interval_text(NaturalInterval(0.72, lower, upper), display, 2, words) == text


def test_a_hyphen_gives_way_beside_a_minus_sign_or_a_word() -> None:
    hyphen = IntervalWords("(", "-", ")")
    difference = NaturalInterval(-0.2, -0.5, 0.1)
    assert interval_text(difference, measure_display("RD"), 2, hyphen) == "−0.20 (−0.50 to 0.10)"
    median = NaturalInterval(39.0, 15.0, None)
    assert interval_text(median, measure_display("median"), 0, hyphen) == "39 (15 to not reached)"
    assert hyphen.enclose("0.41", "1.27") == "(0.41-1.27)"
