"""What a hazard ratio means for 1,000 patients: S1 = S0^HR, and never ratio times risk."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from evisynth.answers import (
    absolute_as_json,
    absolute_effect,
    absolute_effect_of,
    absolute_words,
    answer_as_json,
    survival_with_treatment,
)
from evisynth.errors import InvalidDataError
from evisynth.outcome_events import OutcomeEvent
from evisynth.outcomes import Baseline

HALF = Baseline(0.5, 60.0, "a registry")

shares = st.floats(0.01, 0.99)
log_ratios = st.floats(-3, 3)


def test_tv_f_of_the_summary_of_findings() -> None:
    # METHODS' vector F: S0 .50, HR .72 (.52 to .99); printed to four decimals and whole patients.
    found = absolute_effect(HALF, math.log(0.72), math.log(0.52), math.log(0.99))
    survival = found.survival, found.survival_lower, found.survival_upper
    assert survival == pytest.approx((0.6071, 0.5035, 0.6974), abs=5e-5)
    per_1000 = (
        found.difference_per_1000, found.difference_lower_per_1000, found.difference_upper_per_1000,
    )  # fmt: skip
    assert [round(each) for each in per_1000] == [107, 3, 197]
    (line,) = found.working.written()
    assert (line.formula, line.with_numbers) == ("S0^HR", "0.5^0.72 = 0.607")
    assert line.value == pytest.approx(found.survival, rel=1e-12)


def test_it_is_said_as_patients_and_not_as_ratio_times_risk() -> None:
    found = absolute_effect(HALF, math.log(0.72), math.log(0.52), math.log(0.99))
    assert absolute_words(absolute_as_json(found)) == (
        "of 1,000 patients, 500 are without the event at 5 years in the reference group (a registry) and "
        "607 (503 to 697) in the index group: 107 more (3 more to 197 more)"
    )
    of_death = replace(HALF, event=OutcomeEvent("Overall survival", "death from any cause", wanted=False))
    found = absolute_effect(of_death, math.log(0.72), math.log(0.52), math.log(0.99))
    assert "500 are alive at 5 years in the reference group" in absolute_words(absolute_as_json(found))
    assert found.survival != pytest.approx(1 - 0.72 * 0.5, abs=0.01)


@given(baseline=shares, log_ratio=log_ratios)
def test_no_effect_leaves_the_baseline_and_swapping_arms_goes_back(baseline: float, log_ratio: float) -> None:
    # Powers of shares keep 13 digits or more here.
    assert survival_with_treatment(baseline, 0.0) == pytest.approx(baseline, rel=1e-12)
    treated = survival_with_treatment(baseline, log_ratio)
    if 1e-12 < treated < 1 - 1e-12:
        assert survival_with_treatment(treated, -log_ratio) == pytest.approx(baseline, rel=1e-6)


@given(baseline=shares, one=log_ratios, other=log_ratios)
def test_a_greater_ratio_leaves_fewer_survivors(baseline: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert survival_with_treatment(baseline, low) >= survival_with_treatment(baseline, high)


def test_the_ends() -> None:
    assert survival_with_treatment(0.5, math.inf) == 0
    assert survival_with_treatment(0.5, 1000.0) == 0
    assert survival_with_treatment(0.5, -math.inf) == 1
    for wrong in (0.0, 1.0, -0.1, 1.2, math.nan):
        with pytest.raises(InvalidDataError, match="between 0 and 1"):
            survival_with_treatment(wrong, 0.1)


def test_only_a_question_with_a_baseline_has_it(ask) -> None:
    assert absolute_effect_of(ask(), -0.3, -0.6, 0.0) is None
    assert absolute_effect_of(ask(baseline=HALF), -0.3, -0.6, 0.0) is not None
    assert absolute_effect_of(ask(baseline=HALF), None, None, None) is None


def test_an_answer_tells_it_beside_the_ratio(ask, studies, answer_rows) -> None:
    plain = answer_as_json(answer_rows(ask(), *studies(-0.5, -0.2, -0.9)))
    assert "absolute" not in plain
    with_baseline = answer_as_json(answer_rows(ask(baseline=HALF), *studies(-0.5, -0.2, -0.9)))
    absolute = with_baseline.pop("absolute")
    assert with_baseline == plain
    assert absolute["survival"] == pytest.approx(0.5 ** plain["estimate"], rel=1e-12)
    assert absolute["survival_lower"] == pytest.approx(0.5 ** plain["ci_upper"], rel=1e-12)
    assert absolute["time_months"] == 60
    refused = answer_as_json(answer_rows(ask(baseline=HALF), *studies(-0.5)))
    assert refused["absolute"] is None
