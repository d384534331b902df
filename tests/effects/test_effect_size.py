"""Effect sizes against metafor's escalc(), against hand-worked survival figures, and at their borders."""

from __future__ import annotations

import json
import math
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from evisynth.effects import MEASURES, effect_size, hedges_correction
from evisynth.errors import InvalidDataError, UnknownNameError

REFERENCE = Path(__file__).parents[1] / "reference" / "metafor_effect_sizes"
DOUBLE_ARCSINE = "freeman-tukey-double-arcsine"
OURS_ALONE = {"HR", "log(-log)", "logit"}


def _reference_results() -> list[Any]:
    cases = []
    for path in sorted(REFERENCE.glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8")):
            for result in case["results"]:
                name = f"{result['measure']}-{case['dataset']}-{result['to']}-{result.get('add')}"
                cases.append(pytest.param(case["data"], result, id=name))
    return cases


RESULTS = _reference_results()


def _unusable_rows(data: dict[str, Any], result: dict[str, Any]) -> list[int]:
    size = len(next(iter(data.values())))
    return [row for row in range(1, size + 1) if row not in result["usable"]]


def _compute(measure: str, data: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    if measure != "PFT":
        return effect_size(measure, **data)
    with pytest.warns(UserWarning, match="double arcsine"):
        return effect_size(DOUBLE_ARCSINE, **data)


def _rows(data: dict[str, Any], result: dict[str, Any], rows: list[int]) -> dict[str, Any]:
    chosen: dict[str, Any] = {name: [values[row - 1] for row in rows] for name, values in data.items()}
    if result["to"] is not None:
        chosen["to"] = result["to"]
    if "add" in result:
        chosen["add"] = result["add"]
    return chosen


@pytest.mark.parametrize(("data", "result"), RESULTS)
def test_matches_metafor(data: dict[str, Any], result: dict[str, Any]) -> None:
    y, v = _compute(result["measure"], _rows(data, result, result["usable"]))
    # 15 digits are printed; a difference of two roots or logs loses one or two more
    np.testing.assert_allclose(y, result["yi"], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(v, result["vi"], rtol=1e-12)


@pytest.mark.parametrize(("data", "result"), [case for case in RESULTS if _unusable_rows(*case.values)])
def test_rows_without_an_answer_are_refused(data: dict[str, Any], result: dict[str, Any]) -> None:
    for row in _unusable_rows(data, result):
        with pytest.raises(InvalidDataError, match="row 1: "):
            _compute(result["measure"], _rows(data, result, [row]))


def test_every_measure_is_compared_with_something() -> None:
    compared = {case.values[1]["measure"] for case in RESULTS}
    compared = compared - {"PFT"} | {DOUBLE_ARCSINE}
    assert {measure.code for measure in MEASURES} == compared | OURS_ALONE


def test_every_family_has_rows_that_metafor_refuses() -> None:
    refused = {case.values[1]["measure"] for case in RESULTS if _unusable_rows(*case.values)}
    assert refused >= {"RR", "OR", "RD", "PETO", "PR", "PLN", "PLO", "IR", "IRLN", "IRR"}


@pytest.mark.parametrize("measure", ["AS", "PAS", "IRS", "IRSD", DOUBLE_ARCSINE])
def test_a_measure_that_needs_no_correction_has_one_only_by_name(measure: str) -> None:
    (form,) = (form for form in MEASURES if form.code == measure)
    figures = {"n": [10.0, 12.0], "t": [10.0, 12.0], "e": [0.0, 3.0]}
    data = {name: [x + ("2" in name) for x in figures[name[0]]] for name in form.columns}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        plain, everywhere = effect_size(measure, **data), effect_size(measure, **data, to="all")
        added = effect_size(measure, **data, to="all", add=0.5)
        by_hand = effect_size(measure, **_half_added(data))
    np.testing.assert_array_equal(plain, everywhere)
    np.testing.assert_array_equal(added, by_hand)
    assert not np.allclose(plain[0][1], added[0][1])


def _half_added(data: dict[str, list[float]]) -> dict[str, list[float]]:
    gains = {"e": 0.5, "n": 1.0, "t": 0.0}  # events, patients, person-time
    return {name: [value + gains[name[0]] for value in values] for name, values in data.items()}


HEDGES = REFERENCE.parent / "hedges_correction" / "figures.json"


def test_hedges_correction_keeps_its_digits_at_any_size() -> None:
    figures = json.loads(HEDGES.read_text(encoding="utf-8"))
    m = np.array([figure["degrees_of_freedom"] for figure in figures], dtype=float)
    exact = np.array([float(figure["correction"]) for figure in figures])
    found = hedges_correction(m)
    # below 64 two log gammas of up to 80 are subtracted, above a series is summed: the last digit is rounded
    np.testing.assert_allclose(found[m < 64], exact[m < 64], rtol=2e-14)
    np.testing.assert_allclose(found[m >= 64], exact[m >= 64], rtol=2.3e-16)
    assert sum(m >= 64) > 8 and max(m) == 1e12


def test_hedges_g_of_two_hundred_thousand_patients_a_group() -> None:
    # J(399998) of figures.json; two log gammas alone would give 0.99999812478
    y, _ = effect_size("SMD", mean1=[1], sd1=[1], n1=[200_000], mean2=[0], sd2=[1], n2=[200_000])
    assert y[0] == pytest.approx(0.99999812498925775085, rel=1e-15)


def test_hazard_ratio_from_its_interval() -> None:
    # HR 0.62 (0.41 to 0.94): log and half width of the log interval over 1.959964
    y, v = effect_size("HR", hazard_ratio=[0.62], ci_lower=[0.41], ci_upper=[0.94])
    assert y[0] == pytest.approx(-0.478036, abs=5e-7)
    assert np.sqrt(v[0]) == pytest.approx(0.211668, abs=5e-7)


def test_the_level_of_the_printed_interval_counts() -> None:
    _, v95 = effect_size("HR", hazard_ratio=[0.62], ci_lower=[0.41], ci_upper=[0.94])
    _, v90 = effect_size("HR", hazard_ratio=[0.62], ci_lower=[0.41], ci_upper=[0.94], level=0.90)
    # normal quantiles 1.9599640 and 1.6448536
    assert np.sqrt(v90[0] / v95[0]) == pytest.approx(1.959963985 / 1.644853627, rel=1e-9)


def test_hazard_ratio_from_its_p_value() -> None:
    y, v = effect_size("HR", hazard_ratio=[1.90], p_value=[0.018])
    assert y[0] == pytest.approx(0.641854, abs=5e-7)
    assert np.sqrt(v[0]) == pytest.approx(0.271326, abs=5e-7)


def test_hazard_ratio_p_value_and_interval_agree() -> None:
    from scipy.special import ndtr, ndtri

    y, v = effect_size(
        "HR", hazard_ratio=[0.7, 1.4], ci_lower=[0.5, 1.1], ci_upper=[0.98, 1.7818181818181817]
    )
    p_values = 2 * ndtr(-np.abs(y) / np.sqrt(v))
    assert ndtri(0.975) == pytest.approx(1.959964, abs=5e-7)
    y2, v2 = effect_size("HR", hazard_ratio=[0.7, 1.4], p_value=p_values)
    np.testing.assert_allclose(y2, y, rtol=1e-15)
    np.testing.assert_allclose(v2, v, rtol=1e-10)


# S, n, logit, its standard error, log(-log), its standard error: worked from the delta method, six decimals
SURVIVAL = [
    (0.79, 80, 1.324925, 0.274493, -1.445101, 0.244540),
    (0.39, 37, -0.447312, 0.337056, -0.060166, 0.218354),
    (0.88, 80, 1.992430, 0.344051, -2.057028, 0.322968),
    (0.82, 147, 1.516347, 0.214683, -1.617213, 0.194723),
    (0.55, 18, 0.200671, 0.473779, -0.514437, 0.356620),
    (0.67, 6, 0.708185, 0.868220, -0.915098, 0.715428),
]


def test_survival_with_its_number_of_patients() -> None:
    survival, n, logit, logit_error, log_log, log_log_error = np.array(SURVIVAL).T
    y, v = effect_size("logit", survival=survival, n=n)
    np.testing.assert_allclose(y, logit, atol=5e-7)
    np.testing.assert_allclose(np.sqrt(v), logit_error, atol=5e-7)
    y, v = effect_size("log(-log)", survival=survival, n=n)
    np.testing.assert_allclose(y, log_log, atol=5e-7)
    np.testing.assert_allclose(np.sqrt(v), log_log_error, atol=5e-7)


@pytest.mark.parametrize("scale", ["logit", "log(-log)"])
def test_survival_with_its_binomial_error_is_survival_with_its_number(scale: str) -> None:
    survival, n = np.array([0.79, 0.39]), np.array([80, 37])
    error = np.sqrt(survival * (1 - survival) / n)
    by_number = effect_size(scale, survival=survival, n=n)
    by_error = effect_size(scale, survival=survival, standard_error=error)
    np.testing.assert_allclose(by_error, by_number, rtol=1e-13)


def test_survival_with_an_interval_symmetric_on_the_log_log_scale() -> None:
    _, v = effect_size("log(-log)", survival=[0.61], ci_lower=[0.46], ci_upper=[0.73])
    assert np.sqrt(v[0]) == pytest.approx(0.230407, abs=5e-7)


def test_survival_with_an_interval_symmetric_on_the_logit_scale() -> None:
    logit = np.array([-1.5, -0.5, 0.5])
    lower, middle, upper = 1 / (1 + np.exp(-logit))
    y, v = effect_size("logit", survival=[middle], ci_lower=[lower], ci_upper=[upper])
    assert y[0] == pytest.approx(-0.5, abs=1e-14)
    assert np.sqrt(v[0]) == pytest.approx(1 / 1.959963984540054, rel=1e-12)


counts = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(index=counts, reference=counts, measure=st.sampled_from(["RR", "OR", "RD", "AS"]))
def test_swapping_the_groups_turns_the_sign(
    index: tuple[int, int], reference: tuple[int, int], measure: str
) -> None:
    x1, n1, x2, n2 = *index, *reference
    y, v = effect_size(measure, events1=[x1], n1=[n1], events2=[x2], n2=[n2])
    y_swapped, v_swapped = effect_size(measure, events1=[x2], n1=[n2], events2=[x1], n2=[n1])
    # exact but for the order of a sum
    np.testing.assert_allclose(y_swapped, -y, rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(v_swapped, v, rtol=1e-13)


@given(index=counts, reference=counts, measure=st.sampled_from(["OR", "PETO"]))
def test_counting_those_without_the_event_turns_the_sign(
    index: tuple[int, int], reference: tuple[int, int], measure: str
) -> None:
    x1, n1, x2, n2 = *index, *reference
    y, v = effect_size(measure, events1=[x1], n1=[n1], events2=[x2], n2=[n2])
    y_other, v_other = effect_size(measure, events1=[n1 - x1], n1=[n1], events2=[n2 - x2], n2=[n2])
    # observed minus expected of up to 500 cancels to about 1e-13
    np.testing.assert_allclose(y_other, -y, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(v_other, v, rtol=1e-11)


@given(rows=st.lists(counts, min_size=1, max_size=6), measure=st.sampled_from(["PR", "PLN", "PLO", "PAS"]))
def test_each_row_stands_alone(rows: list[tuple[int, int]], measure: str) -> None:
    events, n = zip(*rows, strict=True)
    y, v = effect_size(measure, events=events, n=n)
    for row, (x, size) in enumerate(rows):
        alone = effect_size(measure, events=x, n=size)
        assert (y[row], v[row]) == (alone[0][0], alone[1][0])


@given(factor=st.floats(1e-4, 1e4), measure=st.sampled_from(["SMD", "SMDH", "ROM"]))
def test_standardised_means_do_not_depend_on_the_unit(factor: float, measure: str) -> None:
    means = {"mean1": [5.0], "sd1": [2.0], "mean2": [4.0], "sd2": [3.0]}
    scaled = {name: [factor * values[0]] for name, values in means.items()}
    expected = effect_size(measure, **means, n1=[10], n2=[7])
    np.testing.assert_allclose(effect_size(measure, **scaled, n1=[10], n2=[7]), expected, rtol=1e-12)


def test_what_is_added_can_be_chosen() -> None:
    y, _ = effect_size("PLO", events=[0], n=[9], add=0.25)
    assert y[0] == pytest.approx(np.log(0.25 / 9.25), rel=1e-15)


def test_the_double_arcsine_is_refused_with_what_to_use_instead() -> None:
    with pytest.raises(InvalidDataError, match=r"harmonic mean.*'PLO'.*freeman-tukey-double-arcsine"):
        effect_size("PFT", events=[3], n=[10])


def test_missing_values_are_named_by_row() -> None:
    with pytest.raises(InvalidDataError, match="row 2: events = nan"):
        effect_size("PLO", events=[1, None], n=[5, 10])
    with pytest.raises(InvalidDataError, match="row 2: events = nan"):
        effect_size("PLO", events=np.ma.array([1, 2], mask=[False, True]), n=[5, 10])
    with pytest.raises(InvalidDataError, match="row 1: n = inf"):
        effect_size("PLO", events=[1], n=[np.inf])


IMPOSSIBLE: list[tuple[str, dict[str, Any], str]] = [
    ("PLO", {"events": [1, 12], "n": [5, 10]}, "row 2: events = 12, n = 10: events must not exceed n"),
    ("PLO", {"events": [-1], "n": [5]}, "row 1: events = -1: events must not be negative"),
    ("PLO", {"events": [0, 0], "n": [5, 0]}, "row 2: n = 0: n must be above 0"),
    ("PLO", {"events": [1, 2, 3], "n": [5, 10]}, "differ in length: events has 3, n has 2"),
    ("PLO", {"events": [], "n": []}, "events is empty"),
    ("PLO", {"events": [[1]], "n": [[3]]}, "events has 2 dimensions"),
    ("PLO", {"events": ["a"], "n": [3]}, "events is not a column of numbers"),
    ("PLO", {"events": [1j], "n": [3]}, "events is not a column of numbers: complex"),
    ("PLO", {"events": [10**400], "n": [3]}, "events is not a column of numbers"),
    ("PLO", {"events": [1]}, "'PLO' lacks n"),
    ("PLO", {"events": [1], "n": [3], "add": -1}, "must not be negative"),
    ("PLO", {"events": [1], "n": [3], "add": "half"}, "give one finite number"),
    ("RR", {"events1": [1], "n1": [4], "events2": [5], "n2": [4]}, "events2 must not exceed n2"),
    ("IRR", {"events1": [1], "time1": [0], "events2": [5], "time2": [4]}, "time1 must be above 0"),
    ("IRR", {"events1": [1], "time1": [1], "events2": [-5], "time2": [4]}, "events2 must not be negative"),
    ("COR", {"r": [0.1, 1], "n": [9, 9]}, "row 2: r = 1"),
    ("ZCOR", {"r": [0.1], "n": [3]}, "n must be above 3"),
    ("HR", {"hazard_ratio": [0], "ci_lower": [0.1], "ci_upper": [2]}, "hazard_ratio must be above 0"),
    ("HR", {"hazard_ratio": [1.9], "ci_lower": [2], "ci_upper": [3]}, "must lie inside an interval"),
    ("HR", {"hazard_ratio": [2], "ci_lower": [2], "ci_upper": [2]}, "must lie inside an interval"),
    ("HR", {"hazard_ratio": [4.64], "ci_lower": [1.33], "ci_upper": [6.16]}, "row 1: .* no rounding centres"),
    (
        "HR",
        {"hazard_ratio": [0.6, 0.48], "ci_lower": [0.4, 0.06], "ci_upper": [0.9, 0.89]},
        "row 2: ",
    ),
    ("HR", {"hazard_ratio": [1], "p_value": [0.2]}, "a ratio of 1 leaves no standard error"),
    ("HR", {"hazard_ratio": [2], "p_value": [0]}, "p_value must lie between 0 and 1"),
    ("HR", {"hazard_ratio": [2]}, "ci_lower, ci_upper.* or .*p_value"),
    ("HR", {"hazard_ratio": [2], "ci_lower": [1], "ci_upper": [4], "level": 95}, "between 0 and 1"),
    ("logit", {"survival": [1.0], "n": [80]}, "survival must lie between 0 and 1"),
    ("logit", {"survival": [0.5], "n": [0]}, "n must be above 0"),
    ("log(-log)", {"survival": [0.5], "ci_lower": [0.6], "ci_upper": [0.7]}, "survival must lie inside"),
]


@pytest.mark.parametrize(("measure", "data", "message"), IMPOSSIBLE)
def test_impossible_figures_are_named(measure: str, data: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidDataError, match=message):
        effect_size(measure, **data)


MEANS: dict[str, Any] = {"mean1": [5], "sd1": [2], "n1": [10], "mean2": [4], "sd2": [3], "n2": [7]}


@pytest.mark.parametrize(
    ("measure", "changed", "message"),
    [
        ("MD", {"sd1": [-2]}, "sd1 must not be negative"),
        ("MD", {"sd1": [0], "sd2": [0]}, "variance above 0"),
        ("SMD", {"sd1": [0], "sd2": [0]}, "one standard deviation must be above 0"),
        ("SMD", {"n1": [1]}, "n1 must be above 1"),
        ("ROM", {"mean1": [-5]}, "two means of the same sign"),
        ("ROM", {"mean2": [0]}, "two means of the same sign"),
    ],
)
def test_impossible_means_are_named(measure: str, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidDataError, match=message):
        effect_size(measure, **{**MEANS, **changed})


@pytest.mark.parametrize(
    ("measure", "data", "message"),
    [
        ("SMDD", {}, "did you mean 'SMD'"),
        ("PLO", {"event": [1], "n": [3]}, "did you mean 'events'"),
        ("PLO", {"events": [1], "n": [3], "to": "only1"}, "did you mean 'only0'"),
        ("SMD", {**MEANS, "to": "all"}, "unknown column or setting of 'SMD'"),
    ],
)
def test_unknown_names_are_errors_that_suggest(measure: str, data: dict[str, Any], message: str) -> None:
    with pytest.raises(UnknownNameError, match=message):
        effect_size(measure, **data)


def test_the_columns_given_are_not_changed() -> None:
    events, n, r = np.array([0.0, 4.0]), np.array([9.0, 9.0]), np.array([0.5, 0.25])
    effect_size("PLO", events=events, n=n)
    assert events.tolist() == [0.0, 4.0]
    y, _ = effect_size("COR", r=r, n=n)
    y[0] = 9
    assert r.tolist() == [0.5, 0.25]


def test_an_interval_off_the_centre_of_its_ratio_is_warned_of() -> None:
    # log 0.90/0.62 = 0.373 and log 0.62/0.30 = 0.726: 1.95 times as long, 1.82 at the best rounding.
    with pytest.warns(UserWarning, match="row 2: the interval is off the centre"):
        y, v = effect_size("HR", hazard_ratio=[0.6, 0.62], ci_lower=[0.4, 0.30], ci_upper=[0.9, 0.90])
    assert (math.exp(y[1]), v[1]) == pytest.approx((0.62, (math.log(3) / (2 * 1.959964)) ** 2), rel=1e-6)
    # 0.03 (0.01 to 0.08): log 3 and log 2.67 as printed; coarse print explains more: 0.02 (0.01 to 0.07)
    effect_size("HR", hazard_ratio=[0.02], ci_lower=[0.01], ci_upper=[0.07])
