"""The parts of the study by another route: loops over one patient at a time, optimisers, large samples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from recovery_study.hazards import CROSSING, DIMINISHING, LATE, Curves, HazardRelation, proportional
from recovery_study.printing import print_survival, two_figures
from recovery_study.scenarios import SurvivalScenario, all_scenarios, truths
from recovery_study.trials import (
    Patients,
    Z,
    compare,
    draw,
    kaplan_meier,
    log_limits,
    log_minus_log_limits,
)
from scipy.optimize import minimize_scalar

RELATIONS = {"late": LATE, "cross": CROSSING, "dimin": DIMINISHING}


def scenario(
    relation: HazardRelation, size: int, censored: float = 0.3, shape: float = 1.0
) -> SurvivalScenario:
    return SurvivalScenario("test", "test", relation, shape, censored, size, size)


@pytest.fixture(scope="module")
def arms() -> tuple[Patients, Patients]:
    return draw(scenario(proportional(0.6), 30), 12, np.random.default_rng(7))


def curve_of_one(patients: Patients, trial: int) -> list[tuple[float, float, float, int]]:
    """Time, survival, Greenwood's variance and number at risk at each death, by hand."""
    order = np.argsort(patients.time[trial])
    survival, summed, steps = 1.0, 0.0, []
    for place, patient in enumerate(order):
        at_risk = len(order) - place
        if patients.died[trial, patient]:
            survival *= 1 - 1 / at_risk
            summed += 1 / (at_risk * (at_risk - 1)) if at_risk > 1 else math.inf
            variance = survival**2 * summed if survival > 0 else 0.0
            steps.append((float(patients.time[trial, patient]), survival, variance, at_risk))
    return steps


def test_survival_its_standard_error_and_the_number_at_risk(arms: tuple[Patients, Patients]) -> None:
    survival, spread, at_risk = kaplan_meier(arms[0]).at(60.0)
    for trial in range(len(survival)):
        before = [step for step in curve_of_one(arms[0], trial) if step[0] <= 60]
        expected = before[-1] if before else (0.0, 1.0, 0.0, 0)
        assert survival[trial] == pytest.approx(expected[1], abs=1e-12)
        assert spread[trial] == pytest.approx(math.sqrt(expected[2]), abs=1e-12)
        assert at_risk[trial] == (arms[0].time[trial] > 60).sum()


def test_a_curve_that_ended_before_a_time_has_no_survival_there() -> None:
    patients = Patients(np.array([[10.0, 20.0, 30.0]]), np.array([[True, True, False]]))
    assert np.isnan(kaplan_meier(patients).at(60.0)[0])
    assert kaplan_meier(patients).at(30.0)[0] != kaplan_meier(patients).at(5.0)[0]


def test_median_and_its_limits_by_brookmeyer_and_crowley(arms: tuple[Patients, Patients]) -> None:
    curve = kaplan_meier(arms[1])
    lower, upper = curve.median_interval
    for trial, median in enumerate(curve.median):
        steps = curve_of_one(arms[1], trial)
        assert median == next((time for time, survival, *_ in steps if survival <= 0.5 + 1e-12), np.nan)
        # The limits are the ends of the times at which S = 1/2 is not rejected on the log(-log) scale.
        kept = []
        for time, survival, variance, _ in steps:
            if 0 < survival < 1:
                reach = Z * math.sqrt(variance) / (survival * abs(math.log(survival)))
                distance = math.log(-math.log(survival)) - math.log(math.log(2))
                kept.append((time, abs(distance) <= reach + 1e-12, distance > reach))
        assert lower[trial] == next(time for time, inside, _ in kept if inside)
        rejected = [time for time, _, above in kept if above]
        assert upper[trial] == pytest.approx(rejected[0] if rejected else np.nan, nan_ok=True)


def test_the_standard_error_of_a_median_agrees_with_its_spread() -> None:
    # Exponential, uncensored: SE(log m) = 1/(ln 2 sqrt n). 5 %: the slope is estimated, 1,000 trials.
    size, random = 400, np.random.default_rng(3)
    time = random.exponential(60 / math.log(2), (1000, size))
    curve = kaplan_meier(Patients(time, np.ones_like(time, dtype=bool)))
    expected = 60 / (math.log(2) * math.sqrt(size))
    assert np.median(curve.median_standard_error) == pytest.approx(expected, rel=0.05)
    assert np.std(curve.median) == pytest.approx(expected, rel=0.08)


def test_limits_of_survival() -> None:
    lower, upper = log_minus_log_limits(np.array([0.61]), np.array([0.0694726]))
    # METHODS TV-2: 0.61 (0.46-0.73) has SE(S) 0.0695 on this scale; printed with two decimals.
    assert (lower[0], upper[0]) == (pytest.approx(0.46, abs=0.005), pytest.approx(0.73, abs=0.005))
    assert np.isnan(log_minus_log_limits(np.array([0.0]), np.array([0.0]))[1][0])
    assert log_limits(np.array([0.9]), np.array([0.2]))[1][0] == 1.0


def test_cox_model_by_an_optimiser(arms: tuple[Patients, Patients]) -> None:
    fit = compare(*arms)
    for trial in range(len(fit.log_hazard_ratio)):
        time = np.concatenate([arms[0].time[trial], arms[1].time[trial]])
        died = np.concatenate([arms[0].died[trial], arms[1].died[trial]])
        in_index = np.arange(len(time)) < arms[0].time.shape[1]

        def minus_log_likelihood(beta: float, time=time, died=died, in_index=in_index) -> float:
            risk = np.exp(beta * in_index)
            return -sum(
                beta * in_index[who] - math.log(risk[time >= time[who]].sum()) for who in np.flatnonzero(died)
            )

        found = minimize_scalar(minus_log_likelihood, bracket=(-1, 1), tol=1e-10)
        assert fit.log_hazard_ratio[trial] == pytest.approx(found.x, abs=1e-5)  # flat at its optimum
        step = 1e-3
        curvature = (
            minus_log_likelihood(found.x + step)
            + minus_log_likelihood(found.x - step)
            - 2 * minus_log_likelihood(found.x)
        ) / step**2
        assert fit.standard_error[trial] == pytest.approx(1 / math.sqrt(curvature), rel=1e-4)


def test_log_rank_by_hand(arms: tuple[Patients, Patients]) -> None:
    fit = compare(*arms)
    for trial in range(len(fit.log_rank_z)):
        difference, variance = 0.0, 0.0
        one, two = (arm.time[trial] for arm in arms)
        for arm, in_index in ((arms[0], 1), (arms[1], 0)):
            for time in arm.time[trial][arm.died[trial]]:
                share = (one >= time).sum() / ((one >= time).sum() + (two >= time).sum())
                difference, variance = difference + in_index - share, variance + share * (1 - share)
        assert fit.log_rank_z[trial] == pytest.approx(difference / math.sqrt(variance), abs=1e-10)


def test_events_in_one_arm_only_give_no_hazard_ratio() -> None:
    index = Patients(np.array([[20.0, 30.0]]), np.array([[False, False]]))
    reference = Patients(np.array([[5.0, 10.0]]), np.array([[True, True]]))
    assert np.isnan(compare(index, reference).log_hazard_ratio[0])


@pytest.mark.parametrize("censored", [0.3, 0.6])
@pytest.mark.parametrize("relation", [proportional(0.5), *RELATIONS.values()])
def test_patients_follow_their_curves(relation: HazardRelation, censored: float) -> None:
    one = scenario(relation, 60_000, censored, shape=1.5)
    index, reference = draw(one, 1, np.random.default_rng(11))
    # 120,000 patients: the share censored is known to 0.0014, survival to 0.004; three of each.
    assert 1 - np.mean([index.died, reference.died]) == pytest.approx(censored, abs=0.0045)
    for patients, survival in (
        (index, one.curves.index_survival),
        (reference, one.curves.reference_survival),
    ):
        assert kaplan_meier(patients).at(50.0)[0][0] == pytest.approx(float(survival(50.0)), abs=0.012)


@pytest.mark.parametrize("relation", RELATIONS.values(), ids=RELATIONS.keys())
def test_the_limit_of_a_cox_model_is_what_a_large_trial_finds(relation: HazardRelation) -> None:
    one = scenario(relation, 100_000)
    fit = compare(*draw(one, 1, np.random.default_rng(13)))
    # Four standard errors of about 2/sqrt(140,000 deaths).
    assert one.curves.cox_limit == pytest.approx(fit.log_hazard_ratio[0], abs=0.022)


def test_the_limit_under_proportional_hazards_is_the_log_hazard_ratio() -> None:
    for shape in (0.7, 1.5):
        curves = Curves(proportional(0.5), shape, 0.6, 0.8)
        assert curves.cox_limit == pytest.approx(math.log(0.5), abs=1e-9)


def test_truths_agree_with_each_other() -> None:
    for one in all_scenarios():
        if one.family == "PH":
            truth = truths(one)
            assert truth["conditional log hazard ratio"] == pytest.approx(truth["log hazard ratio"], abs=1e-6)


def test_scenarios_have_distinct_names() -> None:
    names = [one.name for one in all_scenarios()]
    assert len(set(names)) == len(names) == 168


def test_p_values_are_printed_with_two_figures() -> None:
    printed = two_figures(np.array([0.0456, 0.5, 0.000123, 0.996]))
    assert printed == pytest.approx([0.046, 0.5, 0.00012, 1.0])


def test_figures_are_rounded_as_in_print() -> None:
    printed = print_survival(scenario(proportional(0.7), 40), 50, np.random.default_rng(5))
    for name, digits in (("late.index", 2), ("median.index", 1), ("hr", 2), ("hr.lower", 2)):
        values = printed[name][np.isfinite(printed[name])]
        assert len(values) > 20
        assert values == pytest.approx(np.round(values, digits), abs=1e-12)
    reached = np.isfinite(printed["median.index.upper"])
    assert np.all(printed["median.index"][reached] <= printed["median.index.upper"][reached])
