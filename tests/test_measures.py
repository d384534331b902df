"""The records of effect measures agree with each other, and say which side is better."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evisynth.effects.effect_sizes import MEASURES as EFFECT_SIZES
from evisynth.errors import UnknownNameError
from evisynth.measures import MEASURES, measure_named, question_measure, question_measures


@pytest.mark.parametrize("name", question_measures())
def test_what_a_question_asks_for_has_all_that_an_answer_needs(name: str) -> None:
    measure = question_measure(name)
    assert measure.recoveries and measure.symbol
    assert measure.contrast == (measure.null is not None)
    assert measure.words.replace(" ", "_") == name


@pytest.mark.parametrize("name", MEASURES)
def test_the_line_of_no_effect_is_zero_on_the_analysis_scale(name: str) -> None:
    measure = MEASURES[name]
    assert measure.null == {"ratio": 1.0, "difference": 0.0}.get(measure.axis)
    assert (measure.scale == "log") == (measure.axis == "ratio") or measure.null is None


@pytest.mark.parametrize("name", MEASURES)
def test_only_what_is_of_risks_is_set_on_a_scale_of_risks(name: str) -> None:
    measure = MEASURES[name]
    if measure.risk_scale is not None:
        assert measure.contrast and measure.of_event is not None
        assert not measure.proportional_hazards


def test_fewer_events_are_better_and_more_survivors_are() -> None:
    assert question_measure("hazard_ratio").better == "lower"
    assert question_measure("survival").better == "higher"
    # Whether a share is good, its outcome says; a median is of no event.
    assert question_measure("proportion").better is None
    assert question_measure("odds_ratio").better is None
    assert question_measure("median").better is None


def test_a_measure_goes_by_its_id_and_by_its_code() -> None:
    assert measure_named("risk_ratio") is measure_named("RR")
    assert measure_named("PETO").words == "Peto odds ratio"
    assert measure_named("RR").words == "risk ratio"


def test_every_effect_size_of_metafor_s_has_a_record() -> None:
    # The others are named after their scale, or are refused under metafor's code.
    computed = {form.code for form in EFFECT_SIZES if form.code.isupper()}
    assert computed <= set(MEASURES)


def test_numbers_of_which_nobody_said_what_they_are_stand_as_they_are() -> None:
    unknown, unnamed = measure_named("wall_thickness"), measure_named(None)
    assert (unknown.name, unknown.scale, unknown.null) == ("Wall thickness", "identity", 0.0)
    assert (unnamed.name, unnamed.scale, unnamed.null) == ("Estimate", "identity", 0.0)


def test_a_code_is_no_measure_of_a_question() -> None:
    with pytest.raises(UnknownNameError, match="hazard_ratio"):
        question_measure("hazard ratios")
    with pytest.raises(UnknownNameError):
        question_measure("PETO")


def test_one_more_record_is_a_measure_of_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    record = replace(MEASURES["hazard_ratio"], id="rate_ratio", name="Rate ratio", code=None)
    monkeypatch.setitem(MEASURES, "rate_ratio", record)
    assert question_measure("rate_ratio").recoveries == record.recoveries
    assert "rate_ratio" in question_measures()


def test_units_stand_where_people_look_for_them() -> None:
    assert question_measure("survival").heading == "Survival, %"
    assert question_measure("median").heading == "Median, months"
    assert question_measure("hazard_ratio").heading == "Hazard ratio"
    assert [question_measure(name).suffix for name in ("survival", "median", "odds_ratio")] == [
        "%",
        " months",
        "",
    ]


def test_usual_priors_are_those_of_the_literature() -> None:
    # Röver et al. 2021: half-normal(0.5) for log ratios; none where the unit decides.
    assert str(question_measure("risk_ratio").usual_prior) == "half-normal(0.5)"
    assert str(question_measure("median").usual_prior) == "half-normal(1)"
    assert question_measure("risk_difference").usual_prior is None
    assert measure_named("MD").usual_prior is None
