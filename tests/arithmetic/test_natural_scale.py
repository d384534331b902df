"""Back from the analysis scale: the direction of each scale, its ends, and the way there and back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from evisynth.arithmetic import to_natural_interval, to_natural_scale

SCALES = ("log", "log(-log)", "logit", "identity")


@pytest.mark.parametrize(
    ("value", "scale", "natural"),
    [
        (0.0, "log", 1.0),
        (math.log(0.5), "log", 0.5),
        (math.log(-math.log(0.79)), "log(-log)", 0.79),
        (-1.445101, "log(-log)", 0.79),
        (1.324925, "logit", 0.79),
        (-0.4, "identity", -0.4),
    ],
)
def test_known_values(value, scale, natural) -> None:
    assert to_natural_scale(value, scale) == pytest.approx(natural, abs=1e-6)  # six printed decimals


def test_the_limits_of_survival_change_places() -> None:
    # 79 % of 80 patients: -1.445101 ± 1.959964 * 0.244540, printed as 68.34 to 86.42 %.
    reach = 1.959964 * 0.244540
    lower, upper = to_natural_interval(-1.445101 - reach, -1.445101 + reach, "log(-log)")
    assert (lower, upper) == (pytest.approx(0.6834, abs=5e-5), pytest.approx(0.8642, abs=5e-5))


def test_an_open_end_stays_open_and_changes_side_with_survival() -> None:
    assert to_natural_interval(None, 0.0, "log") == (None, 1.0)
    assert to_natural_interval(None, 0.0, "log(-log)") == (pytest.approx(math.exp(-1)), None)
    assert to_natural_interval(None, None, "logit") == (None, None)


@pytest.mark.parametrize("scale", SCALES)
@given(values=st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)))
def test_intervals_stay_ordered_and_nothing_overflows(scale, values) -> None:
    lower, upper = to_natural_interval(min(values), max(values), scale)
    assert lower <= upper
    if scale in ("log(-log)", "logit"):
        assert 0 <= lower <= upper <= 1


@given(share=st.floats(1e-6, 1 - 1e-6))
def test_shares_come_back(share) -> None:
    # 1e-9: near the ends one ulp of 1 - share is 1e-10 of the logit.
    assert to_natural_scale(math.log(share / (1 - share)), "logit") == pytest.approx(share, rel=1e-9)
    assert to_natural_scale(math.log(-math.log(share)), "log(-log)") == pytest.approx(share, rel=1e-9)
