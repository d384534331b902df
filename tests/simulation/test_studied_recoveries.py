"""The study is whole, and it is our own code that it studies."""

from __future__ import annotations

import numpy as np
import pytest
from recovery_study import abstracts
from recovery_study.abstracts import Sizes
from recovery_study.recoveries import NO_POINTS, NOT_STUDIED, all_rows
from recovery_study.rows import POINTS, RecoveryRow, recovered
from recovery_study.scenarios import scenario_named
from recovery_study.shortcuts import all_shortcuts
from recovery_study.study import print_trials

from evisynth.effects import RECOVERIES, recover
from evisynth.report import worded_recoveries

#: Family of rows -> a scenario whose prints they are tried on.
TRIED = {
    "survival": "PH; HR 0.7; shape 1; 30% censored; 100 v 100",
    "counts": "counts; odds ratio 0.7; risk 30%; 93 v 93",
    "measurements": "measurements; log-normal; 50",
    "clusters": "clusters; ICC 0.1; odds ratio 0.5; 20 of 12 an arm",
}
IDS = {recovery for ids in POINTS.values() for recovery in ids}


def test_every_recovery_that_measures_list_is_known() -> None:
    assert set(POINTS) == set(RECOVERIES), (
        "list the recovery in recovery_study/recoveries.py and run make simulation"
    )


def test_every_recovery_that_gives_points_is_studied_or_says_why_not() -> None:
    studied = {row.recovery for row in all_rows()}
    assert studied | set(NOT_STUDIED) == IDS
    assert not studied & set(NOT_STUDIED)
    assert all(NOT_STUDIED.values())


def test_every_recovery_that_has_words_is_known_here() -> None:
    assert set(worded_recoveries()) == IDS | set(NO_POINTS)


def test_rows_have_distinct_names() -> None:
    names = [(row.recovery, row.printed) for row in all_rows()]
    names += [(shortcut.name, shortcut.printed) for shortcut in all_shortcuts()]
    assert len(set(names)) == len(names)


def test_methods_vectors_come_back_through_the_rows() -> None:
    """What the study applies is the code whose test vectors are known (METHODS TV-1, 9, 11, 14 and 15)."""
    row = {(row.recovery, row.printed): row for row in all_rows()}
    ratio = row["hazard_ratio_with_interval", "95% interval"].effect(Sizes(50, 50), (0.62, 0.41, 0.94))
    log_rank = row["log_rank_p_value_with_events", "p and events"].effect(Sizes(80, 37), (0.04, 1.0, 60.0))
    rates = row["landmark_contrast", "60 months and patients"].effect(Sizes(80, 37), (0.79, 0.39))
    medians = row["median_contrast", "patients"].effect(Sizes(80, 37), (151.0, 109.0))
    rate = row["survival_with_number_at_risk", "60 months and number at risk"].effect(
        Sizes(80, 37), (0.79, 40.0)
    )
    assert rate is not None and rate.standard_error is not None
    # SE(S) .057241 over S |log S|.
    assert rate.standard_error * 0.79 * -np.log(0.79) == pytest.approx(0.057241, abs=1e-6)
    expected = [(-0.478036, 0.211668), (-0.570180, 0.277629), (-1.384935, 0.327839), (-0.325932, 0.286828)]
    for effect, (value, error) in zip((ratio, log_rank, rates, medians), expected, strict=True):
        assert effect is not None
        assert (effect.estimate, effect.standard_error) == pytest.approx((value, error), abs=1e-6)


def test_a_figure_that_is_not_printed_gives_no_point() -> None:
    row = next(row for row in all_rows() if row.printed == "60 months and patients")
    columns = {"late.index": np.array([0.5, np.nan, 1.0]), "late.reference": np.array([0.4, 0.4, 0.4])}
    found = row.apply(Sizes(50, 50), columns, {})
    assert np.isfinite(found.estimate).tolist() == [True, False, False]
    assert found.grade.tolist() == [2, -1, -1]


def test_a_smaller_share_of_patients_widens_the_standard_error() -> None:
    whole, half = (
        next(row for row in all_rows() if row.recovery == "landmark_contrast" and row.printed == printed)
        for printed in ("60 months and patients", "60 months and patients: SE at 50%")
    )
    columns = {"late.index": np.array([0.5]), "late.reference": np.array([0.4])}
    errors = [row.apply(Sizes(50, 50), columns, {}).standard_error[0] for row in (whole, half)]
    assert errors[1] == pytest.approx(errors[0] * np.sqrt(2), abs=1e-12)


@pytest.mark.parametrize(
    ("value", "half_unit"), [(0.046, 0.0005), (0.5, 0.005), (0.00012, 5e-6), (1.0, 0.05), (0.1, 0.005)]
)
def test_a_p_value_carries_the_half_of_its_last_digit(value: float, half_unit: float) -> None:
    assert abstracts.p_value(value, True, "Wald").half_unit == pytest.approx(half_unit)


@pytest.mark.parametrize("row", all_rows(), ids=lambda row: f"{row.recovery}: {row.printed}")
def test_one_recovery_alone_gives_what_all_of_them_give(row: RecoveryRow) -> None:
    """The study asks the recovery of a row alone, for speed; of a whole comparison it says the same."""
    place, scenario = scenario_named(TRIED[row.family])
    printed = print_trials(scenario, 6, np.random.default_rng([5, place]))
    sizes, asked = Sizes(scenario.index_size, scenario.reference_size), abstracts.question(row.measure)
    for trial in range(6):
        figures = [float(printed[column][trial]) for column in row.columns]
        if not np.all(np.isfinite(figures)):
            continue
        comparison = row.write(sizes, *figures)
        whole = [one for one in recover(comparison, asked) if one.recovery == row.recovery]
        alone = [one for one in recovered(comparison, asked, row.recovery) if one.recovery == row.recovery]
        compared = [
            [(one.kind, one.estimate, one.standard_error, one.grade) for one in of] for of in (whole, alone)
        ]
        assert compared[0] == compared[1]
