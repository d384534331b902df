"""A suspected misprint is told and never used; the other reading can be recovered beside it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from evisynth.effects import PERHAPS_MISPRINTED, Effect, as_if_misprinted
from evisynth.outcomes import Comparison

Only = Callable[..., Effect]

SUSPECTED = {
    "perhaps": 76.0,
    "perhaps_half_unit": 0.5,
    "perhaps_as_reported": "76 months",
    "perhaps_because": "it is the middle of the interval",
    "as_reported": "31 months (95% CI 15 to 137)",
}


@pytest.fixture
def comparison(printed: Any) -> Comparison:
    figure = replace(printed.median_with_interval(31, 15, 137), **SUSPECTED)
    return printed.comparison(printed.arm("A", 34, figure))


def test_the_printed_value_is_what_counts(printed: Any, only: Only, comparison: Comparison) -> None:
    effect = only(printed.recover("median", comparison), "median_with_interval")
    plain = printed.comparison(printed.arm("A", 34, printed.median_with_interval(31, 15, 137)))
    expected = only(printed.recover("median", plain), "median_with_interval")
    assert (effect.estimate, effect.standard_error) == (expected.estimate, expected.standard_error)
    # It is told, and costs no grade.
    assert (effect.grade, len(effect.downgrades)) == (expected.grade, len(expected.downgrades))
    assert PERHAPS_MISPRINTED in effect.flags and PERHAPS_MISPRINTED not in expected.flags
    told = (
        "median, A, is taken as printed (31 months (95% CI 15 to 137)); the reader suspects a misprint for "
        "76 months: it is the middle of the interval"
    )
    assert told in effect.assumptions


def test_the_other_reading_is_recovered_by_the_same_code(
    printed: Any, only: Only, comparison: Comparison
) -> None:
    ((words, other),) = as_if_misprinted(comparison)
    assert words == "median, A: 76 months instead of 31 months"
    effect = only(printed.recover("median", other), "median_with_interval")
    assert effect.estimate == pytest.approx(math.log(76))
    # METHODS TV-4: symmetric about 76, so that SE(m) = 31.123 is divided by the median.
    assert effect.standard_error == pytest.approx(31.123 / 76, abs=1e-5)
    assert PERHAPS_MISPRINTED not in effect.flags
    assert effect.inputs[0].as_reported == "76 months instead of the printed 31 months (95% CI 15 to 137)"
    assert as_if_misprinted(other) == ()


def test_one_reading_for_each_suspected_figure_wherever_it_is_repeated(printed: Any) -> None:
    suspected = printed.survival(
        60, 0.88, perhaps=0.8, perhaps_as_reported="80%", perhaps_because="x", as_reported="88%"
    )
    index = printed.arm("A", 80, suspected, suspected, printed.survival(120, 0.79))
    reference = printed.arm("B", 37, suspected)
    p_value = printed.p_value(
        0.04, perhaps=0.4, perhaps_as_reported="0.4", perhaps_because="x", as_reported="0.04", group="A"
    )
    found = dict(as_if_misprinted(printed.comparison(index, reference, figures=(p_value,))))
    assert list(found) == [
        "survival at 5 years, A: 80% instead of 88%",
        "survival at 5 years, B: 80% instead of 88%",
        "p value, A: 0.4 instead of 0.04",
    ]
    first = found["survival at 5 years, A: 80% instead of 88%"]
    assert [figure.value for figure in first.index.figures] == [0.8, 0.8, 0.79]
    assert first.reference is not None and first.reference.figures[0].value == 0.88
    assert found["p value, A: 0.4 instead of 0.04"].figures[0].value == 0.4


def test_nothing_suspected_gives_no_other_reading(printed: Any) -> None:
    assert as_if_misprinted(printed.comparison(printed.arm("A", 80, printed.survival(60, 0.88)))) == ()
