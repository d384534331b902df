"""Studies that share patients are pooled as the question says: one report, covariance, robust, or not."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from evisynth.answers import answer_as_json
from evisynth.outcomes import GroupSelector, GroupSize, OverlapChoice, RowGroup
from evisynth.synthesis import (
    EXTREME,
    IMPOSSIBLE,
    SetReadings,
    cluster_robust,
    pool,
    pool_correlated,
    set_covariance,
    weigh_set,
)

ONE_REPORT = OverlapChoice("one_report", "both come from one centre")
COVARIANCE = OverlapChoice("covariance", "both come from one centre")
ROBUST = OverlapChoice("robust", "both come from one centre")
# TV-E: five estimates, the first two from overlapping cohorts, r = sqrt(261/546).
Y5, S5 = (-0.40, -0.25, -0.10, -0.55, -0.30), (0.20, 0.28, 0.25, 0.35, 0.22)
SINGLE_ARMS = (RowGroup("After surgery", GroupSelector({"intervention": ("surgery",)})),)


def sized(row, index, reference=None):
    comparison, effect = row
    arms = {"index": replace(comparison.index, size=GroupSize((index,), "printed", str(index), "line 3"))}
    if reference is not None:
        size = GroupSize((reference,), "printed", str(reference), "line 3")
        arms["reference"] = replace(comparison.reference, size=size)
    people = index + (reference or 0)
    changed = replace(effect, participants=people, index_size=index, reference_size=reference)
    return replace(comparison, **arms), changed


def overlapping(row, other, extent="contained", **changes):
    return replace(row[0], overlaps={other: extent}, **changes), row[1]


@pytest.fixture
def single_arms(compare, point):
    """One group a study (s1, s2, ...), on the logit scale: estimate, standard error, patients."""

    def build(*numbers):
        rows = []
        for at, (y, error, patients) in enumerate(numbers, start=1):
            comparison = compare(f"s{at}", "a", None)
            effect = point(comparison, y, error, effect_measure="proportion", reference_group=None)
            rows.append(sized((comparison, effect), patients))
        return rows

    return build


@pytest.fixture
def worked_example(single_arms):
    """TV-E as rows of single groups, where patients alone decide the correlation: sqrt(261/546)."""
    rows = single_arms(*zip(Y5, S5, (546, 261, 100, 100, 100), strict=True))
    rows[1] = overlapping(rows[1], "s1")
    return rows


@pytest.fixture
def shares(ask):
    """A question about shares of single groups."""

    def build(**changes):
        return ask(effect_measure="proportion", row_groups=SINGLE_ARMS, **changes)

    return build


def test_without_a_choice_the_answer_says_what_to_write(shares, worked_example, answer_rows) -> None:
    refused = answer_rows(shares(), *worked_example).overall.refused
    assert refused.startswith("the cohorts of s1 and s2 overlap (contained)")
    assert "overlap: {choice: one report, because: ...}" in refused


def test_a_suspected_overlap_is_refused_with_both_names_and_what_to_write(
    shares, worked_example, answer_rows
) -> None:
    worked_example[1] = overlapping(
        worked_example[1], "s1", "suspected", suspicions={"s1": "the same registry (NCDB)"}
    )
    refused = answer_rows(shares(), *worked_example).overall.refused
    for words in ("s1 and s2 may rest on the same patients", "the same registry (NCDB)", "extent: none"):
        assert words in refused


def test_of_one_set_the_report_of_most_patients_stands(shares, worked_example, answer_rows) -> None:
    answer = answer_rows(shares(overlap=ONE_REPORT, interval="wald"), *worked_example)
    assert [row.included for row in answer.rows] == [True, False, True, True, True]
    assert answer.rows[1].reason == (
        "its patients may be counted in s1 already (contained), the larger report (546 patients, 261 here)"
    )
    # TV-E: choose-one (drop #2).
    assert answer.overall.pooled.estimate == pytest.approx(-0.319203, abs=5e-7)
    assert answer.overall.pooled.standard_error == pytest.approx(0.119673, abs=5e-7)
    assert answer.overall.participant_count == 546 + 300
    said = "Overlapping studies: one report stands for the patients of s1 and s2: both come from one centre."
    assert said in answer.overall.cautions


def test_the_question_may_name_who_stays(shares, worked_example, answer_rows) -> None:
    question = shares(overlap=replace(ONE_REPORT, keep=("s2",)))
    answer = answer_rows(question, *worked_example)
    assert [row.included for row in answer.rows] == [False, True, True, True, True]
    assert answer.rows[0].reason.endswith("in s2 already (contained), which the question keeps")


def test_a_kept_study_is_missed_only_where_no_block_has_it(shares, worked_example, answer_rows) -> None:
    first, second, *others = worked_example
    blocks = (*SINGLE_ARMS, RowGroup("Elsewhere", GroupSelector({"intervention": ("resection",)})))
    others = [(replace(comparison, row_group="Elsewhere"), effect) for comparison, effect in others]
    rows = [(replace(row[0], row_group="After surgery"), row[1]) for row in (first, second)]
    keep = replace(ONE_REPORT, keep=("s2", "s3", "s9"))
    question = replace(shares(overlap=keep), row_groups=blocks, summary="by_row_group")
    answer = answer_rows(question, *rows, *others)
    told = [caution for one in (answer.overall, *answer.by_row_group) for caution in one.cautions]
    assert [caution for caution in told if "would keep" in caution] == [
        "The question would keep s9, with no row here that can be pooled."
    ]


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        ({"accrual": "2000 to 2010"}, {"accrual": "2000 to 2012"}, "s2"),
        ({"accrual": "2000 to 2012"}, {"accrual": "2000 to 2010"}, "s1"),
        ({"publication_year": 2019}, {"publication_year": 2021}, "s2"),
        ({}, {}, "s1"),
    ],
)
def test_of_equal_reports_the_most_recent_stands(
    shares, single_arms, answer_rows, first, second, stands
) -> None:
    rows = single_arms(*((y, 0.2, 100) for y in (-0.4, -0.3, -0.2, -0.5)))
    rows[0] = replace(rows[0][0], **first), rows[0][1]
    rows[1] = overlapping(rows[1], "s1", **second)
    answer = answer_rows(shares(overlap=ONE_REPORT), *rows)
    assert [row.effect.study for row in answer.rows if row.included] == [stands, "s3", "s4"]


def test_studies_that_overlap_by_way_of_a_third_are_one_set(shares, single_arms, answer_rows) -> None:
    rows = single_arms(*((y, 0.2, n) for y, n in ((-0.4, 90), (-0.3, 120), (-0.2, 80), (-0.5, 50), (0, 50))))
    rows[0], rows[2] = overlapping(rows[0], "s2", "possible"), overlapping(rows[2], "s2", "possible")
    answer = answer_rows(shares(overlap=ONE_REPORT), *rows)
    assert [row.included for row in answer.rows] == [False, True, False, True, True]
    # Of the two at the ends, which share nobody, a question may keep both.
    both = answer_rows(shares(overlap=replace(ONE_REPORT, keep=("s1", "s3"))), *rows)
    assert [row.included for row in both.rows] == [True, False, True, True, True]


def test_by_covariance_the_worked_example_is_generalised_least_squares(
    shares, worked_example, answer_rows
) -> None:
    for model in ("common_effect", "random_effects"):
        question = shares(overlap=COVARIANCE, model=model, interval="wald")
        answer = answer_rows(question, *worked_example)
        pooled = answer.overall.pooled
        # TV-E: GLS, and rma.mv with both variances at zero.
        assert pooled.estimate == pytest.approx(-0.317550, abs=5e-7)
        assert pooled.standard_error == pytest.approx(0.119652, abs=5e-7)
        assert pooled.tau_squared == 0
        error = np.array(S5)
        v = np.diag(error**2)
        v[0, 1] = v[1, 0] = math.sqrt(261 / 546) * error[0] * error[1]
        whole = pool_correlated(Y5, v)
        assert [row.weight for row in answer.rows] == pytest.approx(list(whole.weights), abs=1e-12)
    assert (answer.overall.row_count, answer.overall.study_count) == (4, 5)
    # The smaller report is contained in the larger one, and counts once.
    assert answer.overall.participant_count == 546 + 300


def test_the_variance_between_sets_is_that_of_metafor(shares, single_arms, answer_rows) -> None:
    # metafor 3.8-1: rma.mv(y, V, random = ~ 1 | set), and ~ 1 | set/id, whose inner variance is zero here.
    y = (-0.40, -0.25, -0.90, 0.35, -0.30)
    rows = single_arms(*zip(y, S5, (546, 261, 100, 100, 100), strict=True))
    rows[1] = overlapping(rows[1], "s1")
    pooled = answer_rows(shares(overlap=COVARIANCE, interval="wald"), *rows).overall.pooled
    # Nine digits of its optimum were printed.
    assert pooled.estimate == pytest.approx(-0.3518445555, abs=5e-9)
    assert pooled.standard_error == pytest.approx(0.2257255272, abs=5e-9)
    assert pooled.tau_squared == pytest.approx(0.1398585566, abs=5e-9)


def test_an_unknown_overlap_is_taken_at_its_most_and_the_least_is_told(
    shares, worked_example, answer_rows
) -> None:
    known = answer_rows(shares(overlap=COVARIANCE, interval="wald"), *worked_example)
    worked_example[1] = overlapping(worked_example[1], "s1", "possible")
    answer = answer_rows(shares(overlap=COVARIANCE, interval="wald"), *worked_example)
    assert answer.overall.pooled.estimate == known.overall.pooled.estimate
    assert answer.overall.participant_count is None
    (told,) = [caution for caution in answer.overall.cautions if "is not known" in caution]
    # TV-E: ignoring overlap -.308514 SE .110043, as a share: 1 / (1 + exp(.308514)).
    apart = pool(Y5, np.array(S5) ** 2, interval="wald")
    assert apart.estimate == pytest.approx(-0.308514, abs=5e-7)
    assert f"{1 / (1 + math.exp(0.308514)):.4g} (" in told
    assert not [caution for caution in known.overall.cautions if "is not known" in caution]


def test_robust_is_the_working_model_with_cr2(shares, worked_example, answer_rows) -> None:
    question = shares(overlap=ROBUST, model="common_effect")
    answer = answer_rows(question, *worked_example)
    pooled = answer.overall.pooled
    # TV-E: CR2 SE .071013, df 2.58, CI -.565817 -.069284; it rounds r to .6914, which moves the sixth digit.
    assert (pooled.estimate, pooled.standard_error) == pytest.approx((-0.317550, 0.071013), abs=5e-7)
    assert (pooled.ci_lower, pooled.ci_upper) == pytest.approx((-0.565817, -0.069284), abs=3e-6)
    assert math.isnan(pooled.p_value)
    assert any(
        "2.58 degrees of freedom" in caution and "no p-value" in caution
        for caution in answer.overall.cautions
    )
    assert answer.overall.row_count == 4
    assert sum(row.weight for row in answer.rows) == pytest.approx(1)
    record = answer_as_json(answer)
    assert record["p_value"] is None
    assert record["interval"] == "cr2"
    assert record["overlap"] == {"choice": "robust", "because": "both come from one centre", "keep": []}


def test_robust_with_random_effects_fits_the_three_levels(shares, worked_example, answer_rows) -> None:
    answer = answer_rows(shares(overlap=ROBUST), *worked_example)
    fixed = answer_rows(shares(overlap=ROBUST, model="common_effect"), *worked_example)
    # Both variances of TV-E are zero; the search stops within 1e-8 of it.
    assert answer.overall.pooled.estimate == pytest.approx(fixed.overall.pooled.estimate, abs=1e-6)
    assert answer.overall.pooled.method == "REML"


def test_a_weight_below_zero_falls_back_to_one_report(shares, single_arms, answer_rows) -> None:
    # r = sqrt(200/220) = 0.95 is beyond the smaller over the larger standard error, 0.5.
    rows = single_arms((-0.4, 0.1, 220), (-0.35, 0.2, 200), (-0.2, 0.2, 90), (-0.5, 0.2, 90))
    rows[1] = overlapping(rows[1], "s1")
    answer = answer_rows(shares(overlap=COVARIANCE), *rows)
    assert [row.included for row in answer.rows] == [True, False, True, True]
    assert (
        f"One report stands for s1 and s2 after all, not their covariance: {EXTREME}."
        in answer.overall.cautions
    )


def test_identical_cohorts_fall_back_to_one_report(shares, single_arms, answer_rows) -> None:
    rows = single_arms((-0.4, 0.2, 100), (-0.4, 0.2, 100), (-0.2, 0.2, 90), (-0.5, 0.2, 90))
    rows[1] = overlapping(rows[1], "s1", "identical")
    answer = answer_rows(shares(overlap=COVARIANCE), *rows)
    assert answer.overall.row_count == 3
    assert any(IMPOSSIBLE in caution for caution in answer.overall.cautions)


def test_reports_of_one_set_alone_are_one_row(shares, worked_example, answer_rows) -> None:
    for choice in (COVARIANCE, ROBUST):
        refused = answer_rows(shares(overlap=choice), *worked_example[:2]).overall
        assert refused.refused == "s1 and s2 may report the same patients, who count as one row, the only one"
        assert refused.row_count == 1


def test_what_is_not_comparable_is_refused_whatever_the_choice(shares, worked_example, answer_rows) -> None:
    worked_example[1] = worked_example[1][0], replace(worked_example[1][1], time_months=3.0)
    for choice in (COVARIANCE, ROBUST):
        refused = answer_rows(shares(overlap=choice), *worked_example).overall.refused
        assert refused.startswith("rows differ in time window")


def test_contrasts_are_correlated_by_arm(ask, studies, answer_rows) -> None:
    rows = studies(-0.4, -0.3, -0.2, -0.5)
    rows = [sized(rows[0], 100, 200), sized(rows[1], 40, 60), *rows[2:]]
    rows[1] = overlapping(rows[1], "s1")
    answer = answer_rows(ask(overlap=COVARIANCE, model="common_effect"), *rows)
    v = 0.25**2
    # Without printed parts the variance is split as 1/n: the smaller arm brings the larger part.
    index, reference = (v * 200 / 300, v * 60 / 100), (v * 100 / 300, v * 40 / 100)
    covariance = math.sqrt(40 / 100 * index[0] * index[1]) + math.sqrt(60 / 200 * reference[0] * reference[1])
    matrix = np.diag([v] * 4)
    matrix[0, 1] = matrix[1, 0] = covariance
    whole = pool_correlated([-0.4, -0.3, -0.2, -0.5], matrix)
    assert answer.overall.pooled.estimate == pytest.approx(whole.estimate, abs=1e-12)
    assert answer.overall.pooled.standard_error == pytest.approx(whole.standard_error, abs=1e-12)


def test_unknown_sizes_fall_back_to_one_report(ask, studies, answer_rows) -> None:
    rows = studies(-0.4, -0.3, -0.2, participants=None)
    nobody = GroupSize((), "not printed", "not reported", "line 3")
    hidden = replace(rows[0][0], index=replace(rows[0][0].index, size=nobody), overlaps={"s2": "contained"})
    answer = answer_rows(ask(overlap=COVARIANCE), (hidden, rows[0][1]), *rows[1:])
    assert [row.included for row in answer.rows] == [False, True, True]
    assert any("is not known: " in c or "not known." in c for c in answer.overall.cautions)


patients = st.integers(5, 400)


@given(
    sizes=st.lists(st.tuples(st.integers(0, 2), patients, st.floats(0.05, 1.0)), min_size=2, max_size=6),
    shared=st.floats(0, 1),
)
def test_sharing_between_two_studies_is_always_possible(sizes, shared) -> None:
    # Spread evenly, shared patients never exceed a row, so that their covariance has no negative eigenvalue.
    sizes = [(study % 2, n, error) for study, n, error in sizes]
    n = np.array([[n for _, n, _ in sizes]], dtype=float)
    v = np.array([[error**2 for _, _, error in sizes]])
    rows = SetReadings(
        tuple(study for study, _, _ in sizes), np.zeros_like(v), v, n, np.ones_like(v), np.zeros_like(v)
    )
    matrix = set_covariance(rows, {(0, 1): shared})[0][0]
    # Rounding of eigenvalues grows with the matrix, whose variances are at most 1.
    assert np.linalg.eigvalsh(matrix)[0] >= -1e-12
    assert np.diag(matrix) == pytest.approx(v[0])


@given(
    y=st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
    errors=st.tuples(st.floats(0.1, 1), st.floats(0.1, 1)),
    sizes=st.tuples(patients, patients),
    shared=st.floats(0, 1),
)
def test_a_set_of_two_is_weighed_as_by_generalised_least_squares(y, errors, sizes, shared) -> None:
    n, v = np.array([sizes], dtype=float), np.array([errors]) ** 2
    rows = SetReadings((0, 1), np.array([y]), v, n, np.ones_like(v), np.zeros_like(v))
    weights = weigh_set(rows, {(0, 1): shared})
    if weights.reason[0]:
        return
    r = shared * min(sizes) / math.sqrt(sizes[0] * sizes[1])
    matrix = np.array([[v[0, 0], r * errors[0] * errors[1]], [r * errors[0] * errors[1], v[0, 1]]])
    whole = pool_correlated(y, matrix, negative_weights="allow")
    # Near r = smaller / larger error the matrix is solved with few digits less than double precision has.
    assert weights.estimate[0] == pytest.approx(whole.estimate, abs=1e-7)
    assert weights.variance[0] ** 0.5 == pytest.approx(whole.standard_error, rel=1e-7)


def test_the_robust_result_is_that_of_the_engine(shares, worked_example, answer_rows) -> None:
    error = np.array(S5)
    v = np.diag(error**2)
    v[0, 1] = v[1, 0] = math.sqrt(261 / 546) * error[0] * error[1]
    engine = cluster_robust(pool_correlated(Y5, v), list("aabcd"), level=0.9)
    answer = answer_rows(shares(overlap=ROBUST, model="common_effect", level=0.9), *worked_example)
    assert answer.overall.pooled.ci_upper == pytest.approx(engine.ci_upper[0], abs=1e-12)


def reasons_left(answer):
    return [row.reason for row in answer.rows if row.reason is not None]


@pytest.mark.parametrize(("years", "which"), [((2012, 2020), "more recent"), ((2020, 2020), "first by name")])
def test_of_two_reports_of_as_many_patients_it_is_said_why_one_stands(
    ask, studies, answer_rows, years, which
) -> None:
    rows = studies(-0.5, -0.3, -0.4, -0.2)
    rows[:2] = [
        (replace(row, overlaps={other: "possible"}, publication_year=year), effect)
        for (row, effect), other, year in zip(rows[:2], ("s2", "s1"), years, strict=True)
    ]
    (reason,) = reasons_left(answer_rows(ask(overlap=ONE_REPORT), *rows))
    stands = "s2" if which == "more recent" else "s1"
    assert reason == (
        f"its patients may be counted in {stands} already (possible), "
        f"the {which} of two reports of 100 patients"
    )


def test_studies_linked_only_through_a_third_are_not_said_to_share_patients(
    ask, studies, answer_rows
) -> None:
    first, middle, last, *others = studies(-0.5, -0.3, -0.4, -0.2, -0.6)
    rows = [
        overlapping(sized(first, 40, 40), "s2", "possible"),
        overlapping(sized(middle, 45, 45), "s3", "possible"),
        sized(last, 60, 60),
        *others,
    ]
    reasons = reasons_left(answer_rows(ask(overlap=ONE_REPORT), *rows))
    assert reasons == [
        "it is in one set of overlapping studies with s3, the larger report (120 patients, 80 here)",
        "its patients may be counted in s3 already (possible), the larger report (120 patients, 90 here)",
    ]
