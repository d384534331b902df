from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from evisynth.effects import Effect

Only = Callable[..., Effect]


def curve(printed: Any, name: str, size: int, *rates: tuple[float, float]) -> Any:
    return printed.arm(name, size, *(printed.survival(time, rate) for time, rate in rates))


def test_years_five_to_ten_of_the_liver_groups(printed: Any, only: Only) -> None:
    comparison = printed.comparison(
        curve(printed, "A", 80, (60, 0.88), (120, 0.79)), curve(printed, "B", 37, (60, 0.88), (120, 0.39))
    )
    effects = printed.recover("hazard_ratio", comparison)
    effect = only(effects, "conditional_landmark")
    # -2.020582, HR .1326.
    assert effect.estimate == pytest.approx(-2.020582, abs=6e-7)
    assert math.exp(effect.estimate or 0) == pytest.approx(0.1326, abs=6e-5)
    # Direct: of the n S(60) alive at 60 months, S(120)/S(60) were alive at 120.
    share1, share0 = 0.79 / 0.88, 0.39 / 0.88
    direct = sum((1 - c) / (n * 0.88 * c * math.log(c) ** 2) for c, n in ((share1, 80), (share0, 37)))
    assert effect.standard_error == pytest.approx(math.sqrt(direct))
    assert "other_estimand" in effect.flags
    assert not effect.primary


def test_it_never_stands_for_its_comparison(printed: Any) -> None:
    comparison = printed.comparison(
        curve(printed, "A", 80, (60, 0.88), (120, 0.79)), curve(printed, "B", 37, (60, 0.85), (120, 0.70))
    )
    effects = printed.recover("hazard_ratio", comparison)
    assert [effect.recovery for effect in effects if effect.primary] == ["landmark_contrast"]


def test_a_first_rate_of_all_is_refused(printed: Any, only: Only) -> None:
    comparison = printed.comparison(
        curve(printed, "A", 31, (60, 0.84), (120, 0.70)), curve(printed, "B", 6, (60, 1.0), (120, 0.67))
    )
    effect = only(printed.recover("hazard_ratio", comparison), "conditional_landmark")
    assert effect.kind == "refused"
    assert "from 5 years to 10 years" in (effect.reason or "")


def test_a_flat_curve_is_refused(printed: Any, only: Only) -> None:
    comparison = printed.comparison(
        curve(printed, "A", 80, (60, 0.88), (120, 0.88)), curve(printed, "B", 37, (60, 0.88), (120, 0.39))
    )
    effect = only(printed.recover("hazard_ratio", comparison), "conditional_landmark")
    assert "does not fall" in (effect.reason or "")
