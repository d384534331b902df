"""The smallest standard errors that patients, events and counts allow."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from evisynth.arithmetic import (
    Behind,
    Printed,
    PrintedInterval,
    binomial_variance,
    greatest_log_error,
    is_too_precise,
    least_error,
    least_error_log_median,
    least_error_of_mean,
    least_error_of_share,
    precision_of_share,
    wilson_interval,
)
from evisynth.measures import question_measure


def least(measure: str, behind: Behind, ratio: float | None = None) -> float | None:
    return least_error(question_measure(measure), behind, ratio)


PATIENTS = Behind(by_group=(60, 60))


@pytest.mark.parametrize(
    ("measure", "behind", "expected"),
    [
        # 2/sqrt(120), 2/sqrt(30) and sqrt(1/10 + 1/50)
        ("hazard_ratio", Behind(patients=120), 0.1825742),
        ("hazard_ratio", PATIENTS, 0.1825742),
        ("hazard_ratio", Behind(by_group=(60, 60), events=30), 0.3651484),
        # sqrt(1/6 + 1/194); 80 events of 6 and 194 patients are at most 6 and 74: sqrt(1/6 + 1/74)
        ("hazard_ratio", Behind(by_group=(6, 194)), 0.4145133),
        ("hazard_ratio", Behind(by_group=(194, 6), events=80), 0.4244764),
        ("hazard_ratio", Behind(by_group=(60, 60), events=60, events_by_group=(10, 50)), 0.3464102),
        # 4/sqrt(120), sqrt(1/14 + 1/56 + 1/4 + 1/46), sqrt(4/20 + 4/100)
        ("odds_ratio", Behind(patients=120), 0.3651484),
        ("odds_ratio", Behind(by_group=(70, 50), tables=((14, 56, 4, 46),)), 0.6008534),
        ("odds_ratio", Behind(by_group=(20, 100)), 0.4898979),
        ("risk_difference", Behind(tables=((14, 56, 4, 46),)), 0.0613002),
        # sqrt(1/14 - 1/70 + 1/4 - 1/50); of the difference sqrt(.2 .8/70 + .08 .92/50)
        ("risk_ratio", Behind(by_group=(70, 50), tables=((14, 56, 4, 46),)), 0.5358571),
    ],
)
def test_smallest_errors_by_hand(measure: str, behind: Behind, expected: float) -> None:
    assert least(measure, behind) == pytest.approx(expected, abs=1e-7)


def test_nothing_known_bounds_nothing() -> None:
    for measure in ("hazard_ratio", "odds_ratio", "risk_ratio"):
        assert least(measure, Behind()) is None
        assert not is_too_precise(1e-6, None)
    assert least("risk_ratio", PATIENTS) is None  # risks near 1 have a ratio near 1 without error
    assert least("survival", PATIENTS) is None


def test_an_empty_cell_leaves_the_sizes() -> None:
    behind = Behind(by_group=(70, 50), tables=((0, 70, 4, 46),))
    assert least("odds_ratio", behind) == pytest.approx(math.sqrt(4 / 70 + 4 / 50))


@pytest.mark.parametrize("ratio", [0.02, 0.5, 1.0, 3.0, 62.0])
@pytest.mark.parametrize(("n1", "n0"), [(70, 50), (9, 80)])
def test_no_risks_give_an_odds_ratio_more_precise(ratio: float, n1: int, n0: int) -> None:
    # every risk of the reference group in turn, with that of the index group that makes the odds ratio
    p0 = np.linspace(1e-5, 1 - 1e-5, 200_001)
    p1 = ratio * p0 / (1 - p0 + ratio * p0)
    errors = np.sqrt(1 / (n1 * p1 * (1 - p1)) + 1 / (n0 * p0 * (1 - p0)))
    assert least("odds_ratio", Behind(by_group=(n1, n0)), ratio) == pytest.approx(errors.min(), rel=1e-6)


@pytest.mark.parametrize("ratio", [0.1, 0.8, 2.0, 62.0])
def test_no_risks_give_a_risk_ratio_more_precise(ratio: float) -> None:
    n1, n0 = 70, 50
    p0 = np.linspace(1e-5, min(1, 1 / ratio), 200_001)
    p1 = np.minimum(1, ratio * p0)
    errors = np.sqrt((1 - p1) / (n1 * p1) + (1 - p0) / (n0 * p0))
    smallest = least("risk_ratio", Behind(by_group=(n1, n0)), ratio)
    assert smallest == pytest.approx(errors.min(), rel=1e-6)
    adjusted = least("risk_ratio", Behind(by_group=(n1, n0), adjusted=True), ratio)
    assert adjusted == pytest.approx((smallest or 0.0) / 2)


@pytest.mark.parametrize("difference", [-0.6, 0.1, 0.2, 0.9])
def test_no_risks_give_a_difference_more_precise(difference: float) -> None:
    n1, n0 = 70, 50
    p0 = np.linspace(max(0.0, -difference), min(1.0, 1 - difference), 200_001)
    p1 = p0 + difference
    errors = np.sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)
    assert least("risk_difference", Behind(by_group=(n1, n0)), difference) == pytest.approx(
        errors.min(), rel=1e-6
    )


def cox(order: tuple[int, ...]) -> tuple[float, float] | None:
    """Fit a Cox model of two groups to deaths in this order; None where the ratio has no finite estimate."""
    beta = 0.0
    for _ in range(60):
        score = information = 0.0
        at_risk = [order.count(0), order.count(1)]
        for group in order:
            p = math.exp(beta) * at_risk[1] / (math.exp(beta) * at_risk[1] + at_risk[0])
            score += group - p
            information += p * (1 - p)
            at_risk[group] -= 1
        if information < 1e-8:
            return None
        beta += max(-1.0, min(1.0, score / information))
    return (beta, 1 / math.sqrt(information)) if abs(score) < 1e-9 else None


def test_no_order_of_deaths_gives_a_cox_model_more_precise() -> None:
    tried, nearest = 0, math.inf
    for order in product((0, 1), repeat=11):
        n1, n0 = sum(order), 11 - sum(order)
        fitted = cox(order) if n1 and n0 else None
        if fitted is None:
            continue
        beta, error = fitted
        behind = Behind(by_group=(n1, n0), events=11, events_by_group=(n1, n0))
        smallest = least("hazard_ratio", behind, math.exp(beta)) or 0.0
        assert error >= smallest * (1 - 1e-9) > 0
        by_sizes = least("hazard_ratio", Behind(by_group=(n1, n0), adjusted=True)) or 0.0
        assert error >= by_sizes * (1 - 1e-9) > 0
        tried, nearest = tried + 1, min(nearest, error / smallest)
    assert tried > 1_900
    assert nearest < 1.1


def test_a_hazard_ratio_of_62_takes_more_than_120_patients() -> None:
    # 2 * 50/62 * (1 + 1/2 + ... + 1/70) = 2 * 0.806452 * 4.832837 = 7.794898, and 1/sqrt of that
    assert least("hazard_ratio", Behind(by_group=(70, 50)), 62) == pytest.approx(0.358174, abs=1e-6)
    adjusted = least("hazard_ratio", Behind(by_group=(70, 50), adjusted=True), 62)
    assert adjusted == pytest.approx(math.sqrt(1 / 70 + 1 / 50))


def interval(estimate: float, lower: float, upper: float, half: float | None = None) -> PrintedInterval:
    return PrintedInterval(*(Printed(number, half, 0.0, 1.0) for number in (estimate, lower, upper)))  # type: ignore[arg-type]


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.79, 0.95])
@pytest.mark.parametrize("size", [12, 40, 400])
def test_intervals_of_all_patients_are_let_pass(share: float, size: int) -> None:
    z, error = 1.959963984540054, math.sqrt(binomial_variance(share, size))
    assert least_error_of_share(share, size) == pytest.approx(error)
    wilson = wilson_interval(share, size)
    assert precision_of_share(interval(share, *wilson), size) >= 1 - 1e-9
    on_log = error / (share * abs(math.log(share)))
    log_log = [share ** math.exp(z * on_log), share ** math.exp(-z * on_log)]
    assert precision_of_share(interval(share, *log_log), size) >= 1 - 1e-9
    plain = max(0.0, share - z * error), min(1.0, share + z * error)
    assert precision_of_share(interval(share, *plain), size) >= 1 - 1e-9


def test_an_interval_of_more_patients_is_not() -> None:
    # 79 % of 80: 1.96 sqrt(.79 .21 / 80) = 8.9 points either way; 4 points take 400 patients.
    assert precision_of_share(interval(0.79, 0.75, 0.83, 0.005), 80) < 0.6
    assert precision_of_share(interval(0.79, 0.70, 0.88, 0.005), 80) > 1
    assert precision_of_share(interval(0.99, 0.98, 1.0, 0.005), 20) < 0.9


def test_medians_and_means() -> None:
    # 1/(4 ln 2 sqrt 70), and 1.1/sqrt(25)
    assert least_error_log_median(70) == pytest.approx(0.0431088, abs=1e-7)
    assert least_error_of_mean(1.1, 25) == pytest.approx(0.22)


def test_rounding_widens_what_is_printed() -> None:
    # log(0.945/0.405)/3.919928
    printed = PrintedInterval(*(Printed(number, 0.005) for number in (0.62, 0.41, 0.94)))  # type: ignore[arg-type]
    assert greatest_log_error(printed) == pytest.approx(0.2161514, abs=1e-7)
    open_below = PrintedInterval(Printed(0.1, 0.005), Printed(0.0, 0.005, 0.0), Printed(2.1, 0.005))
    assert greatest_log_error(open_below) == math.inf
