from __future__ import annotations

from evisynth.arithmetic import TRANSFORMATIONS
from evisynth.figures import measure_display
from evisynth.measures import MEASURES


def test_every_measure_has_a_scale_that_comes_back() -> None:
    assert {display.scale for display in MEASURES.values()} <= set(TRANSFORMATIONS)


def test_only_contrasts_have_a_line_of_no_effect() -> None:
    assert measure_display("hazard_ratio").null == 1.0
    assert measure_display("RD").null == 0.0
    for single_arm in ("survival", "median", "proportion", "PLO", "IR"):
        assert measure_display(single_arm).null is None


def test_survival_names_its_time() -> None:
    assert measure_display("survival", time_months=120.0).name == "10-year survival"


def test_a_measure_nobody_listed_is_shown_as_it_is() -> None:
    display = measure_display("restricted_mean_difference")
    assert (display.name, display.scale) == ("Restricted mean difference", "identity")
    assert measure_display(None).name == "Estimate"


def test_the_scale_of_an_answer_wins() -> None:
    assert measure_display("proportion", "identity").scale == "identity"
