"""The covariance that is handed on gives back the estimate: by one matrix instead of step by step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evisynth.answers import PooledRow, row_covariance
from evisynth.outcomes import GroupSelector, GroupSize, OverlapChoice, RowGroup
from evisynth.synthesis import cluster_robust, pool_correlated, pool_multilevel

BECAUSE = "both come from one centre"
ARMS = (RowGroup("After surgery", GroupSelector({"intervention": ("surgery",)})),)


@pytest.fixture
def arms(compare, point):
    """One group a study; the second study reports some patients of the first."""

    def build(extent="contained", second=-0.25):
        rows = []
        numbers = ((-0.4, 0.2, 546), (second, 0.28, 261), (-0.1, 0.25, 100), (-0.55, 0.35, 100))
        for at, (y, error, patients) in enumerate(numbers, 1):
            comparison = compare(f"s{at}", "a", None, overlaps={"s1": extent} if at == 2 else None)
            size = GroupSize((patients,), "printed", str(patients), "line 3")
            comparison = replace(comparison, index=replace(comparison.index, size=size))
            effect = point(comparison, y, error, effect_measure="proportion", participants=patients)
            rows.append((comparison, replace(effect, reference_group=None, index_size=patients)))
        return rows

    return build


def of(question, answer, rows):
    kept = [PooledRow(*row) for row, shown in zip(rows, answer.rows, strict=True) if shown.included]
    return row_covariance(question, kept)


def numbers(rows):
    return np.array([effect.estimate for _, effect in rows])


def test_independent_rows_are_independent(ask, studies, answer_rows) -> None:
    rows = studies(-0.2, -0.4, -0.9, error=0.5)
    found = of(ask(), answer_rows(ask(), *rows), rows)
    assert found.independent
    assert found.sets == (0, 1, 2)
    assert found.covariance.tolist() == np.diag([0.25, 0.25, 0.25]).tolist()
    assert found.shared() == []


def test_a_shared_control(ask, compare, point, studies, answer_rows) -> None:
    question = ask(shared_control="covariance", model="common_effect")
    against_one = [
        (row, point(row, y, 0.3, reference_variance=0.04))
        for row, y in ((compare("s9", "a", "b"), -0.5), (compare("s9", "c", "b"), -0.3))
    ]
    rows = [studies(-0.2)[0], *against_one, *studies(0.0, -0.4)[1:]]
    answer = answer_rows(question, *rows)
    found = of(question, answer, rows)
    assert found.sets == (0, 1, 1, 3)
    assert found.shared() == [(1, 2, pytest.approx(0.04, rel=1e-15))]
    whole = pool_correlated(numbers(rows), found.covariance)
    assert answer.overall.pooled.estimate == pytest.approx(whole.estimate, rel=1e-12)
    assert answer.overall.pooled.standard_error == pytest.approx(whole.standard_error, rel=1e-12)


def test_overlapping_studies_by_covariance(ask, arms, answer_rows) -> None:
    question = ask(
        effect_measure="proportion", row_groups=ARMS, model="common_effect",
        overlap=OverlapChoice("covariance", BECAUSE),
    )  # fmt: skip
    answer = answer_rows(question, *arms())
    found = of(question, answer, arms())
    assert found.sets == (0, 0, 2, 3)
    # r = n12 / sqrt(n1 n2), all of the smaller report in the larger one.
    assert found.covariance[0, 1] == pytest.approx((261 / 546) ** 0.5 * 0.2 * 0.28, rel=1e-12)
    whole = pool_correlated(numbers(arms()), found.covariance)
    assert answer.overall.pooled.estimate == pytest.approx(whole.estimate, rel=1e-12)


def test_one_report_leaves_rows_that_are_independent(ask, arms, answer_rows) -> None:
    overlap = OverlapChoice("one_report", BECAUSE)
    question = ask(effect_measure="proportion", row_groups=ARMS, overlap=overlap)
    found = of(question, answer_rows(question, *arms()), arms())
    assert (found.independent, len(found.sets)) == (True, 3)


@pytest.mark.parametrize(("second", "correlated"), [(-0.25, True), (-3.0, False)])
def test_robustly_every_set_is_a_cluster(ask, arms, answer_rows, second: float, correlated: bool) -> None:
    question = ask(effect_measure="proportion", row_groups=ARMS, overlap=OverlapChoice("robust", BECAUSE))
    rows = arms(second=second)
    answer = answer_rows(question, *rows)
    found = of(question, answer, rows)
    # Reports that differ by more than chance are clusters all the same, taken as independent.
    assert found.sets == (0, 0, 2, 3)
    assert bool(found.shared()) == correlated
    robust = cluster_robust(pool_multilevel(numbers(rows), found.covariance, found.sets), found.sets)
    assert answer.overall.pooled.estimate == pytest.approx(float(robust.estimate[0]), rel=1e-9)
    assert answer.overall.pooled.standard_error == pytest.approx(float(robust.standard_error[0]), rel=1e-9)


def test_robustly_all_rows_of_a_study_are_a_cluster(ask, arms, compare, point, answer_rows) -> None:
    question = ask(effect_measure="proportion", row_groups=ARMS, overlap=OverlapChoice("robust", BECAUSE))
    other = compare("s4", "c", None)
    apart = point(other, -0.9, 0.3, effect_measure="proportion", reference_group=None)
    rows = [*arms(), (other, apart)]
    answer = answer_rows(question, *rows)
    found = of(question, answer, rows)
    assert found.sets == (0, 0, 2, 3, 3)
    assert found.shared() == [(0, 1, pytest.approx(0.03872, abs=1e-5))]
    robust = cluster_robust(pool_multilevel(numbers(rows), found.covariance, found.sets), found.sets)
    assert answer.overall.pooled.standard_error == pytest.approx(float(robust.standard_error[0]), rel=1e-9)


@pytest.mark.parametrize("choice", ["covariance", "robust"])
def test_rows_put_together_twice_have_none(ask, compare, point, studies, answer_rows, choice: str) -> None:
    question = ask(shared_control="covariance", overlap=OverlapChoice(choice, BECAUSE))
    shared = [
        (row, point(row, y, 0.3, reference_variance=0.04, index_size=50, reference_size=50))
        for row, y in ((compare("s9", "a", "b"), -0.5), (compare("s9", "c", "b"), -0.3))
    ]
    first, *others = studies(-0.4, -0.2, -0.5, error=0.4)
    report = (
        replace(first[0], overlaps={"s9": "possible"}),
        replace(first[1], index_size=20, reference_size=20),
    )
    rows = [*shared, report, *others]
    answer = answer_rows(question, *rows)
    assert answer.overall.pooled is not None
    assert [row.included for row in answer.rows] == [True] * 5
    assert of(question, answer, rows) is None
