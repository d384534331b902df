"""Reported numbers in words: units, qualifiers, states, intervals and spans."""

from __future__ import annotations

import pytest

from evisynth.report import statistic_text, value_text

PLAIN = {"ci_lower": None, "ci_upper": None, "level": None}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"value": 138.0, "unit": "months"}, "138 months"),
        ({"value": 11.2 * 12, "unit": "months"}, "134.4 months"),
        ({"value": 0.97, "unit": "proportion", "qualifier": ">="}, "≥ 97%"),
        ({"value": 0.842, "unit": "proportion"}, "84.2%"),
        (
            {"value": 2 / 3, "unit": "proportion", "qualifier": "~", "as_reported": "about two-thirds"},
            "about two-thirds",
        ),
        ({"value": 0.0001, "unit": "probability", "qualifier": "<"}, "< 0.0001"),
        ({"value": 91.0, "unit": "patients"}, "91 patients"),
        ({"value": 91.0, "unit": "patients", "denominator": 108}, "91 of 108 patients"),
        ({"value": None, "unit": "months", "state": "not_reached"}, "not reached"),
        (
            {"value": 31.0, "unit": "months", "perhaps": 76.0, "perhaps_as_reported": "76 months"},
            "31 months; perhaps a misprint for 76 months",
        ),
        (
            {"value": 6.0, "unit": "lesions", "lower": 0.0, "upper": 36.0, "spread": "range"},
            "6 lesions (range 0 to 36)",
        ),
        (
            {"value": 6.0, "unit": "lesions", "lower": 2.0, "upper": 9.0, "spread": "iqr"},
            "6 lesions (IQR 2 to 9)",
        ),
        ({"value": None, "unit": "years", "lower": 20.0, "upper": 80.0}, "20 to 80 years"),
    ],
)
def test_values(figure, changes, text) -> None:
    assert value_text(figure(**PLAIN, **changes)) == text


def test_an_interval_stands_behind_its_value(figure) -> None:
    median = figure(value=87.0, unit="months", ci_lower=10.0, ci_upper=164.0, level=0.95)
    assert value_text(median) == "87 months (95% CI 10 to 164)"


def test_an_upper_limit_that_was_not_reached(figure) -> None:
    median = figure(value=87.0, unit="months", ci_lower=10.0, ci_upper=None, ci_upper_state="not_reached")
    assert value_text(median) == "87 months (95% CI 10 to not reached)"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"statistic": "survival", "time_months": 60.0}, "survival at 5 years"),
        ({"statistic": "proportion", "time_months": 30 / 30.4375}, "proportion within 30 days"),
        ({"statistic": "p_value", "read_as": "hazard_ratio"}, "p-value"),
        ({"statistic": "odds_ratio", "read_as": "hazard_ratio"}, "odds ratio, read as hazard ratio"),
        ({"statistic": "median"}, "median"),
        ({"statistic": "at_risk", "time_months": 60.0}, "patients at risk at 5 years"),
    ],
)
def test_statistics(figure, changes, text) -> None:
    assert statistic_text(figure(**changes)) == text
