"""What stands right beside an interval: that it says next to nothing, or may be too narrow."""

from __future__ import annotations

import math
from typing import Any

import pytest

from evisynth.answers import SAYS_NOTHING, answer_as_json, caution_on_width
from evisynth.outcomes import OverlapChoice
from evisynth.synthesis import pool


def pooled_between(lower: float, upper: float) -> Any:
    """Two rows whose common-effect interval has these limits."""
    middle, error = (lower + upper) / 2, (upper - lower) / 2 / 1.959963984540054
    return pool([middle, middle], [2 * error**2] * 2, tau_squared="common", interval="wald")


def logit(share: float) -> float:
    return math.log(share / (1 - share))


@pytest.mark.parametrize(
    ("scale", "lower", "upper", "nothing"),
    [
        # A hazard ratio from 0.14 to 7.1 or wider: a factor of 50.
        ("log", math.log(0.14), math.log(0.14 * 50.01), True),
        ("log", math.log(0.14), math.log(0.14 * 49.99), False),
        ("log", math.log(1.2), math.log(90), True),
        # A share that may be 9% as well as 90%.
        ("logit", logit(0.09), logit(0.895), True),
        ("logit", logit(0.09), logit(0.885), False),
        ("log(-log)", math.log(-math.log(0.95)), math.log(-math.log(0.1)), True),
        ("identity", -0.45, 0.4, True),
        ("identity", -0.05, 0.1, False),
    ],
)
def test_an_interval_that_leaves_nearly_everything_open(
    scale: Any, lower: float, upper: float, nothing: bool
) -> None:
    result = pooled_between(lower, upper)
    # The made-up interval is the one asked for, up to the last digits.
    assert (result.ci_lower, result.ci_upper) == pytest.approx((lower, upper), abs=1e-9)
    assert caution_on_width(result, scale) == (SAYS_NOTHING if nothing else None)


def test_two_rows_by_hartung_and_knapp_say_so_beside_their_interval(
    ask: Any, studies: Any, answer_rows: Any
) -> None:
    two = answer_rows(ask(minimum_grade="D"), *studies(-0.6, -0.2))
    assert two.overall.interval_caution == SAYS_NOTHING
    assert answer_as_json(two)["interval_caution"] == SAYS_NOTHING
    assert SAYS_NOTHING in two._repr_html_()
    four = answer_rows(ask(), *studies(-0.5, -0.2, -0.9, -0.1))
    assert four.overall.interval_caution is None
    refused = answer_rows(ask(), *studies(-0.5))
    assert (refused.overall.pooled, refused.overall.interval_caution) == (None, None)


@pytest.mark.parametrize(("sets", "told"), [(4, True), (12, False)])
def test_robust_errors_with_few_degrees_of_freedom_say_so_beside_the_interval(
    ask: Any, compare: Any, point: Any, answer_rows: Any, sets: int, told: bool
) -> None:
    overlap = {"s0": {"s1": "possible"}, "s1": {"s0": "possible"}}
    rows = []
    for place in range(sets + 1):
        comparison = compare(f"s{place}", overlaps=overlap.get(f"s{place}", {}))
        rows.append((comparison, point(comparison, -0.4 + 0.1 * (place % 3), 0.25)))
    summary = answer_rows(ask(overlap=OverlapChoice("robust", "One centre.")), *rows).overall
    assert summary.pooled is not None and summary.pooled.interval == "cr2"
    assert (summary.interval_caution is not None) == told
    if told:
        assert summary.interval_caution.startswith("the interval may be too narrow: ")
        assert summary.interval_caution.endswith(" degrees of freedom, and it takes 4")
        assert math.isnan(summary.pooled.p_value)
