"""A control group shared by comparisons of one study is counted once, in the way the question says."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from evisynth.answers import answer_question, inverse_covariance_sums, shared_controls
from evisynth.effects import recover
from evisynth.outcomes import Departure, GroupSize
from evisynth.synthesis import pool_correlated


@pytest.fixture
def against_one(compare, point):
    """Comparisons of one study against its group b."""

    def build(study, *estimates, **changes):
        rows = [compare(study, index, "b") for index, _ in estimates]
        return [
            (row, point(row, y, 0.3, reference_variance=0.04, index_size=50, reference_size=50, **changes))
            for row, (_, y) in zip(rows, estimates, strict=True)
        ]

    return build


def test_it_is_refused_unless_the_question_says_how(ask, against_one, studies, answer_rows) -> None:
    answer = answer_rows(ask(), *against_one("s9", ("a", -0.5), ("c", -0.3)), *studies(-0.2, -0.4))
    assert "may share patients" in answer.overall.refused


def test_one_comparison_of_most_patients_stands(ask, against_one, studies, answer_rows) -> None:
    small, large = against_one("s9", ("a", -0.5), ("c", -0.3))
    large = large[0], against_one("s9", ("c", -0.3), participants=140)[0][1]
    question = ask(shared_control="one_comparison")
    answer = answer_rows(question, small, large, *studies(-0.2, -0.4))
    assert [row.included for row in answer.rows] == [False, True, True, True]
    assert answer.rows[0].reason == (
        "its control group stands in c vs b already, and the question keeps one comparison"
    )
    assert answer.overall.row_count == 3
    assert answer.overall.pooled is not None


def test_by_covariance_it_is_generalised_least_squares(ask, against_one, studies, answer_rows) -> None:
    question = ask(shared_control="covariance", model="common_effect")
    rows = [*against_one("s9", ("a", -0.5), ("c", -0.3)), *studies(-0.2, -0.4, -0.9)]
    answer = answer_rows(question, *rows)
    y = [effect.estimate for _, effect in rows]
    v = np.diag([effect.standard_error**2 for _, effect in rows])
    v[0, 1] = v[1, 0] = 0.04
    whole = pool_correlated(y, v)
    # The same estimate by one large matrix; only rounding differs.
    assert answer.overall.pooled.estimate == pytest.approx(whole.estimate, rel=1e-12)
    assert answer.overall.pooled.standard_error == pytest.approx(whole.standard_error, rel=1e-12)
    assert [row.weight for row in answer.rows] == pytest.approx(list(whole.weights), rel=1e-12)
    assert math.fsum(row.weight for row in answer.rows) == pytest.approx(1, abs=1e-12)


def test_rows_of_disjoint_patients_are_counted_and_patients_once(
    ask, against_one, studies, answer_rows
) -> None:
    rows = [*against_one("s9", ("a", -0.5), ("c", -0.3)), *studies(-0.2, -0.4)]
    overall = answer_rows(ask(shared_control="covariance"), *rows).overall
    assert (overall.row_count, overall.study_count) == (3, 3)
    # 50 + 50 index patients and 50 controls of s9, 100 of each of the others.
    assert overall.participant_count == 350
    assert overall.pooled.labels[0] == "s9", "its contrasts share a control and are one row"
    assert any("control group b stands in 2 comparisons" in caution for caution in overall.cautions)


def test_ignoring_the_shared_control_would_be_too_sure(
    ask, against_one, studies, answer_rows, compare
) -> None:
    shared = [*against_one("s9", ("a", -0.5), ("c", -0.3)), *studies(-0.2, -0.4)]
    apart = [*against_one("s8", ("a", -0.5)), *against_one("s9", ("c", -0.3)), *studies(-0.2, -0.4)]
    common = {"model": "common_effect"}
    counted_once = answer_rows(ask(shared_control="covariance", **common), *shared).overall.pooled
    counted_twice = answer_rows(ask(**common), *apart).overall.pooled
    assert counted_once.standard_error > counted_twice.standard_error


@pytest.mark.parametrize(
    ("control", "said"),
    [
        (0.09, "no larger than the part of it that its control group alone would have (0.09)"),
        (0.12, "(0.09) is no larger than the part of it that its control group alone would have (0.12)"),
    ],
)
def test_a_covariance_that_cannot_be_is_refused_as_what_it_is(
    ask, compare, point, studies, answer_rows, control: float, said: str
) -> None:
    rows = [
        (row := compare("s9", index, "b"), point(row, y, 0.3, reference_variance=control))
        for index, y in (("a", -0.5), ("c", -0.3))
    ]
    overall = answer_rows(ask(shared_control="covariance"), *rows, *studies(-0.2, -0.4)).overall
    assert overall.refused.startswith("s9: a vs b and c vs b may share patients, those of b, and are not put")
    assert said in overall.refused
    assert overall.participant_count is None


def test_a_weight_below_zero_is_told(ask, compare, point, studies, answer_rows) -> None:
    """V = [[.09, .174], [.174, .40]]: a row of its inverse adds up to (.09 - .174)/.0056, below 0."""
    rows = [
        (row := compare("s9", index, "b"), point(row, y, se, reference_variance=part))
        for index, y, se, part in (("a", -0.5, 0.3, 0.08), ("c", -0.3, 0.6325, 0.38))
    ]
    overall = answer_rows(ask(shared_control="covariance"), *rows, *studies(-0.2, -0.4)).overall
    assert "one would weigh less than nothing" in overall.refused


def test_alone_in_the_question_it_is_one_row(ask, against_one, answer_rows) -> None:
    overall = answer_rows(
        ask(shared_control="covariance"), *against_one("s9", ("a", -0.5), ("c", -0.3))
    ).overall
    assert overall.row_count == 1
    assert "one row only" in overall.refused


def test_without_a_recovered_part_the_sizes_give_the_controls_share(
    ask, compare, point, studies, answer_rows
) -> None:
    rows = [
        (row := compare("s9", index, "b"), point(row, y, 0.3, index_size=60, reference_size=40))
        for index, y in (("a", -0.5), ("c", -0.3))
    ]
    answer = answer_rows(ask(shared_control="covariance", model="common_effect"), *rows, *studies(-0.2, -0.4))
    v = np.diag([0.09, 0.09, 0.0625, 0.0625])
    v[0, 1] = v[1, 0] = 0.09 * 60 / 100
    assert answer.overall.pooled.estimate == pytest.approx(
        pool_correlated([-0.5, -0.3, -0.2, -0.4], v).estimate, rel=1e-12
    )
    assert any("is taken from the sizes of the groups" in caution for caution in answer.overall.cautions)


def test_rows_that_differ_are_not_put_together(ask, against_one, figure, studies, answer_rows) -> None:
    (one, first), (other, second) = against_one("s9", ("a", -0.5), ("c", -0.3))
    other = replace(other, figures=(figure("s9", "c", adjusted="age"),))
    one = replace(one, figures=(figure("s9", "a"),))
    rows = [(one, first), (other, second), *studies(-0.2, -0.4)]
    question = ask(shared_control="covariance")
    assert "may share patients" in answer_rows(question, *rows).overall.refused
    mixed = ask(shared_control="covariance", mixed=(Departure("adjustment", "to see"),))
    assert answer_rows(mixed, *rows).overall.pooled is not None


def test_groups_that_may_overlap_share_more_than_a_control(compare, arm) -> None:
    by_age = arm("s1", "old", split="age", lineage=(("old", "age"), ("all", None)))
    assert shared_controls([compare("s1", "a", "b"), compare("s1", by_age, "b")]) == ()
    assert shared_controls([compare("s1", "a", "b"), compare("s1", "c", "b")]) == ((0, 1),)
    assert shared_controls([compare("s1", "a", "b"), compare("s2", "c", "b")]) == ()
    with_part = [compare("s1", "a", "b"), compare("s1", "c", "b"), compare("s1", "c", "d")]
    assert shared_controls(with_part) == ()


def test_an_unknown_size_leaves_the_patients_unknown(ask, compare, point, arm, studies, answer_rows) -> None:
    unknown = arm("s9", "c", size=GroupSize((), "not reported", "", ""))
    rows = [
        (row := compare("s9", index, "b"), point(row, y, 0.3, reference_variance=0.04, participants=None))
        for index, y in (("a", -0.5), (unknown, -0.3))
    ]
    overall = answer_rows(ask(shared_control="covariance"), *rows, *studies(-0.2, -0.4)).overall
    assert overall.pooled is not None
    assert overall.participant_count is None


def test_the_recovered_part_of_two_rates_is_that_of_the_control(ask, arm, compare, figure) -> None:
    def rate(group, value):
        return figure(
            "s1", group, statistic="survival", value=value, time_months=120.0, unit="proportion", n=None,
            ci_lower=None, ci_upper=None, compared_with=None, half_unit=0.005, as_reported=f"{value:.0%}",
        )  # fmt: skip

    def size(n):
        return GroupSize((n,), "printed", str(n), "line 1")

    control = arm("s1", "b", figures=(rate("b", 0.39),), size=size(37))
    rows = [
        compare("s1", arm("s1", name, figures=(rate(name, s),), size=size(n)), control)
        for name, s, n in (("a", 0.79, 80), ("c", 0.64, 60))
    ]
    question = ask(shared_control="covariance", minimum_grade="D")
    effects = [recover(row, question) for row in rows]
    primary = [next(effect for effect in found if effect.primary) for found in effects]
    # METHODS' vector of the control arm: log(-log S) SE .218354 for .39 of 37.
    for effect in primary:
        assert math.sqrt(effect.reference_variance) == pytest.approx(0.218354, abs=1e-6)
    answer = answer_question(question, rows, effects)
    assert answer.overall.row_count == 1


@given(
    own=st.lists(st.floats(0.01, 4), min_size=2, max_size=5),
    control=st.lists(st.floats(0.001, 2), min_size=5, max_size=5),
)
def test_the_closed_form_is_the_inverse_of_the_matrix(own: list[float], control: list[float]) -> None:
    parts = np.array(control[: len(own)])
    variances = np.array(own) + parts
    matrix = np.sqrt(np.outer(parts, parts))
    np.fill_diagonal(matrix, variances)
    expected = np.linalg.solve(matrix, np.ones(len(own)))
    # The condition of the matrix is below 1e4 here, so that 1e-9 leaves room.
    assert inverse_covariance_sums(list(variances), list(parts)) == pytest.approx(
        list(expected), rel=1e-9, abs=1e-9
    )
