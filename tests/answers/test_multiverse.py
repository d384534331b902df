"""The specification curve: every admissible choice and no other, each pooled as ``pool`` does it."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from five_studies import FIVE_ANSWERED

from evisynth.answers import (
    ALL_SHARED,
    APART,
    DIFFERENT,
    NONE_SHARED,
    NOT_TOUCHING,
    ONE_ROW,
    OUT,
    SHARED,
    TORN,
    all_rows,
    answer_question,
    build_grid,
    choice_rows,
    curve_rows,
    headline,
    lay_out_plans,
    multiverse_as_json,
    multiverses,
    overlap_choices,
    overlap_set_choices,
    reconsidered,
    row_choices,
)
from evisynth.effects import FULL_FOLLOW_UP, recover
from evisynth.errors import InvalidDataError
from evisynth.outcomes import Departure, OverlapChoice
from evisynth.synthesis import pool, pool_bayesian, pool_correlated


@pytest.fixture
def several(compare, point):
    """Rows of several recoveries each: the first stands, the others are less direct readings."""

    def build(study, *estimates, grade="C", **changes):
        comparison = compare(study, **changes)
        effects = [
            replace(point(comparison, y, error), grade=grade, primary=place == 0, recovery=f"way_{place}")
            for place, (y, error) in enumerate(estimates)
        ]
        return comparison, tuple(effects)

    return build


@cache
def of_the_abstracts(name):
    return FIVE_ANSWERED.multiverse(name, 2_000)


def run(question, *rows, **limits):
    (found,) = multiverses(question, [row for row, _ in rows], [effects for _, effects in rows], **limits)
    return found


def test_every_combination_is_pooled_as_pool_does(ask, several) -> None:
    rows = (
        several("s1", (-0.5, 0.2), (-0.1, 0.3)),
        several("s2", (-0.2, 0.25), (0.3, 0.2), (-0.9, 0.4)),
        several("s3", (-0.4, 0.3)),
    )
    found = run(ask(), *rows)
    expected = sorted(
        pool([e.estimate for e in effects], [e.standard_error**2 for e in effects]).estimate
        for effects in itertools.product(*(effects for _, effects in rows))
    )
    assert (found.combinations, found.exact, found.refused) == (6, True, {})
    # Both are at the optimum; the tolerance for tau squared is 1e-9.
    assert found.estimate == pytest.approx(expected, abs=1e-9)
    assert found.range == pytest.approx((expected[0], expected[-1]), abs=1e-9)
    for place, choice in enumerate(found.choices):
        picked = [row.readings[c].effect for row, c in zip(found.rows, choice, strict=True)]
        alone = pool([e.estimate for e in picked], [e.standard_error**2 for e in picked])
        assert (found.ci_lower[place], found.ci_upper[place]) == pytest.approx(
            (alone.ci_lower, alone.ci_upper), abs=1e-8
        )


def test_the_questions_own_choice_has_its_own_answer() -> None:
    evidence = FIVE_ANSWERED
    pooled = 0
    for name in evidence.question_ids():
        answer = evidence.answer(name)
        _, found = of_the_abstracts(name)
        for multiverse, summary in zip(found, answer.by_row_group or (answer.overall,), strict=True):
            if summary.pooled is None:
                continue
            pooled += 1
            own = multiverse.estimate[multiverse.own]
            assert own == pytest.approx(summary.pooled.estimate, abs=1e-9)
            assert multiverse.range[0] <= own <= multiverse.range[1]
            assert multiverse.row_count[multiverse.own] == summary.row_count
    assert pooled >= 3


def test_fewer_patients_under_observation_are_a_choice(ask, several) -> None:
    comparison, (effect,) = several("s1", (-1.384935, 0.327839))
    followed = replace(effect, recovery="landmark_contrast", flags=(FULL_FOLLOW_UP,))
    readings = row_choices(ask(), comparison, (followed,)).readings
    assert [reading.share for reading in readings] == [1.0, 0.75, 0.5]
    # METHODS' vector of SE at G = 0.5.
    assert readings[2].standard_error == pytest.approx(0.463634, abs=1e-6)


def test_only_an_exploratory_row_may_leave(ask, several) -> None:
    solid, weak = several("s1", (-0.5, 0.2)), several("s2", (-0.2, 0.2), grade="D")
    assert not row_choices(ask(), *solid).may_leave
    assert row_choices(ask(), *solid).stands
    assert row_choices(ask(), *weak).may_leave
    assert not row_choices(ask(), *weak).stands
    assert row_choices(ask(minimum_grade="D"), *weak).stands
    below = row_choices(ask(minimum_grade="B"), *solid)
    assert (below.may_leave, below.stands) == (True, False)
    found = run(ask(), solid, several("s3", (-0.1, 0.2)), weak)
    assert found.combinations == 2
    assert sorted(found.row_count) == [2, 3]


def test_what_is_no_reading_of_the_comparison_is_no_choice(ask, several, compare, not_a_point) -> None:
    comparison, (first, second) = several("s1", (-0.5, 0.2), (-2.0, 0.4))
    survivors = replace(second, flags=("other_estimand",))
    assert len(row_choices(ask(), comparison, (first, survivors)).readings) == 1
    bound = compare("s2")
    assert row_choices(ask(), bound, (not_a_point(bound, "bound", lower=-1.0),)) is None


@pytest.fixture
def overlapping(several):
    """Four studies, of which the first two overlap as far as ``extent`` says; s2 is the smaller report."""

    def build(extent="possible", sizes=(50, 20)):
        rows = [
            several("s1", (-0.5, 0.2), (-0.1, 0.3), overlaps={"s2": extent}),
            several("s2", (-0.2, 0.25)),
            several("s3", (-0.4, 0.3)),
            several("s4", (-0.4, 0.3)),
        ]
        for place, size in enumerate(sizes):
            comparison, effects = rows[place]
            sized = [replace(e, index_size=size, reference_size=size, participants=2 * size) for e in effects]
            rows[place] = comparison, tuple(sized)
        return rows

    return build


def test_of_two_overlapping_studies_one_stays_or_both_by_covariance(ask, overlapping) -> None:
    rows = overlapping()
    assert overlap_choices([row for row, _ in rows]) == (
        frozenset({"s1", "s3", "s4"}),
        frozenset({"s2", "s3", "s4"}),
    )
    found = run(ask(), *rows)
    # s1 by either reading, s2, and both readings of s1 beside s2 at either end of what they may share.
    assert found.combinations == 3 + 2 * 2
    assert len(found.estimate) == 7
    both = (found.choices[:, 0] != OUT) & (found.choices[:, 1] != OUT)
    assert sorted(found.ways[both, 0]) == [NONE_SHARED] * 2 + [ALL_SHARED] * 2
    assert (found.ways[~both, 0] == APART).all()
    assert found.row_count.tolist() == [3] * 7
    assert found.own is None
    for choice, way, estimate in zip(found.choices, found.ways[:, 0], found.estimate, strict=True):
        picked = [row.readings[c] if c != OUT else None for row, c in zip(found.rows, choice, strict=True)]
        if picked[0] is None or picked[1] is None:
            continue
        errors = np.array([picked[0].standard_error, picked[1].standard_error])
        r = math.sqrt(20 / 50) if way == ALL_SHARED else 0.0
        v = np.diag(errors**2)
        v[0, 1] = v[1, 0] = r * errors.prod()
        together = pool_correlated([picked[0].estimate, picked[1].estimate], v)
        alone = pool([together.estimate, -0.4, -0.4], [together.standard_error**2, 0.09, 0.09])
        # Two searches for the same tau squared, each to 1e-9.
        assert estimate == pytest.approx(alone.estimate, abs=1e-8)


def test_what_is_known_to_be_shared_is_no_choice(ask, overlapping) -> None:
    found = run(ask(), *overlapping("contained"))
    assert found.combinations == 3 + 2
    assert NONE_SHARED not in found.ways


def test_studies_that_cannot_be_put_together_give_no_estimate(ask, overlapping) -> None:
    found = run(ask(), *overlapping("contained", sizes=(50, 50)))
    assert found.refused == {TORN: 2}


@pytest.mark.parametrize("choice", ["one_report", "covariance", "robust"])
@pytest.mark.parametrize("keep", [(), ("s2",)])
def test_the_questions_own_choice_for_overlapping_studies_has_its_own_answer(
    ask, overlapping, choice, keep
) -> None:
    question = ask(overlap=OverlapChoice(choice, "one centre", keep if choice == "one_report" else ()))
    rows = overlapping()
    found = run(question, *rows)
    if choice == "robust":
        assert found.own is None
        assert any("robust errors, is none of these" in line for line in headline(found, question))
        return
    answer = answer_question(question, [row for row, _ in rows], [effects for _, effects in rows])
    assert found.estimate[found.own] == pytest.approx(answer.overall.pooled.estimate, abs=1e-9)
    assert found.row_count[found.own] == answer.overall.row_count


def test_a_fallback_to_one_report_is_the_questions_own_choice(ask, overlapping) -> None:
    question = ask(overlap=OverlapChoice("covariance", "one centre"))
    rows = overlapping("identical", sizes=(50, 50))
    answer = answer_question(question, [row for row, _ in rows], [effects for _, effects in rows])
    found = run(question, *rows)
    assert found.estimate[found.own] == pytest.approx(answer.overall.pooled.estimate, abs=1e-9)


def test_the_choices_for_overlapping_studies_are_said_in_words(ask, overlapping) -> None:
    question = ask()
    found = run(question, *overlapping())
    name = "overlap of s1 and s2"
    said = [row["choice"] for row in choice_rows(found) if row["row"] == name]
    assert said == [
        "one report",
        "all, by covariance, sharing no patients",
        "all, by covariance, sharing as many patients as possible",
    ]
    assert {row[name] for row in curve_rows(found)} == set(said)
    assert name in all_rows([found])
    values = multiverse_as_json(found, question)
    assert values["overlap_sets"] == [{"studies": ["s1", "s2"]}]
    assert {tuple(universe["overlaps"]) for universe in values["curve"]} == {(words,) for words in said}


def test_a_study_left_out_for_its_overlap_is_a_choice_again(ask, overlapping) -> None:
    rows = overlapping()
    question = ask(left_out=(Departure("s2", "it overlaps with s1"), Departure("s4", "another outcome")))
    kept = reconsidered(question, [row for row, _ in rows])
    assert [row.study for row in kept] == ["s1", "s2", "s3"]
    found = run(question, *rows[:3])
    assert found.choices[found.own].tolist() == [0, OUT, 0]
    assert found.ways[found.own].tolist() == [APART]
    assert len(found.estimate) == 7


def test_a_set_of_three_has_every_way_of_staying_apart(ask, several) -> None:
    # s1 - s2 - s3 is a chain: s2 stays alone, or the two at its ends do.
    rows = (
        several("s1", (-0.5, 0.2), overlaps={"s2": "possible"}),
        several("s2", (-0.2, 0.25)),
        several("s3", (-0.4, 0.3), overlaps={"s2": "possible"}),
        several("s4", (-0.4, 0.3)),
    )
    found = run(ask(), *rows)
    apart = found.choices[found.ways[:, 0] == APART]
    assert sorted(map(tuple, (apart != OUT).tolist())) == [
        (False, True, False, True),
        (True, False, True, True),
    ]


def test_very_many_overlap_sets_are_sampled_without_being_counted_out(ask, several) -> None:
    rows = []
    for pair in range(10):
        one, other = f"a{pair}", f"b{pair}"
        rows.append(several(one, (-0.5 + pair / 20, 0.2), overlaps={other: "possible"}))
        rows.append(several(other, (-0.4 + pair / 20, 0.3)))
    found = run(ask(model="common_effect"), *rows, most=500)
    # Each pair: either one, or both by two ways; every row has one reading.
    assert (found.combinations, found.exact) == (4**10, False)
    again = run(ask(model="common_effect"), *rows, most=500)
    assert np.array_equal(found.estimate, again.estimate)
    assert set(found.ways.ravel()) == {APART, NONE_SHARED}
    # Sharing all of two reports of the same size cannot be put together: torn in 1 - (3/4)^10 of the draws.
    assert found.refused[TORN] / 500 == pytest.approx(1 - 0.75**10, abs=0.05)


def test_the_draws_of_plans_have_the_same_chances_as_counting_them(ask, several) -> None:
    rows = [
        row_choices(ask(), *row)
        for row in (
            several("s1", (-0.5, 0.2), (-0.1, 0.3), (0.2, 0.3), overlaps={"s2": "possible"}),
            several("s2", (-0.2, 0.25)),
            several("s3", (-0.4, 0.3)),
        )
    ]
    sets = overlap_set_choices([row.row for row in rows])
    counted = lay_out_plans(rows, sets, [set()], 100, np.random.default_rng(1))
    assert (counted.exact, counted.combinations, sum(counted.counts)) == (True, 3 + 1 + 3 + 3, 10)
    # Fewer draws than plans, so that they are drawn; many times over for their shares.
    totals: dict[object, int] = {}
    for seed in range(2000):
        drawn = lay_out_plans(rows, sets, [set()], 3, np.random.default_rng(seed))
        assert (drawn.exact, drawn.combinations, sum(drawn.counts)) == (False, 10, 3)
        for plan, count in zip(drawn.plans, drawn.counts, strict=True):
            totals[plan] = totals.get(plan, 0) + count
    for plan, count in zip(counted.plans, counted.counts, strict=True):
        # Four standard errors of a share of 6,000 draws.
        assert totals[plan] / 6000 == pytest.approx(count / 10, abs=4 * math.sqrt(0.25 / 6000))


def test_of_very_many_studies_in_a_set_each_stays_once(several) -> None:
    rows = [several(f"s{at:02}", (-0.5, 0.2), overlaps={f"s{at + 1:02}": "possible"})[0] for at in range(20)]
    ways = overlap_choices(rows)
    assert set().union(*ways) == {row.study for row in rows}
    for way in ways:
        assert not any({f"s{at:02}", f"s{at + 1:02}"} <= way for at in range(20))


def test_rounding_is_a_choice_where_it_moves_the_estimate(ask, several) -> None:
    comparison, (effect,) = several("s1", (-0.5, 0.2))
    moved = replace(effect, rounding_lower=-0.56, rounding_upper=-0.45)
    readings = row_choices(ask(), comparison, (moved,)).readings
    assert [(reading.estimate, reading.as_if) for reading in readings] == [
        (-0.5, ""),
        (-0.56, "lower end of its rounding"),
        (-0.45, "upper end of its rounding"),
    ]
    assert {reading.standard_error for reading in readings} == {0.2}
    still = replace(effect, rounding_lower=-0.5005, rounding_upper=-0.4995)
    assert len(row_choices(ask(), comparison, (still,)).readings) == 1
    assert len(row_choices(ask(), comparison, (effect,)).readings) == 1


def test_a_suspected_misprint_is_a_choice_told_in_words(ask, arm, compare, figure) -> None:
    def rate(study, group, value, **changes):
        return figure(
            study, group, statistic="survival", time_months=60.0, value=value, half_unit=0.005,
            unit="proportion", as_reported=f"{value:.0%}", ci_lower=None, ci_upper=None,
            compared_with=None, **changes,
        )  # fmt: skip

    comparisons = []
    for study, suspected in (("s1", {"perhaps": 0.7, "perhaps_as_reported": "70%"}), ("s2", {}), ("s3", {})):
        arms = (
            arm(study, "a", figures=(rate(study, "a", 0.6, **suspected),)),
            arm(study, "b", figures=(rate(study, "b", 0.5),)),
        )
        comparisons.append(compare(study, *arms))
    question = ask()
    effects = [recover(comparison, question) for comparison in comparisons]
    (found,) = multiverses(question, comparisons, effects)
    other = [reading for reading in found.rows[0].readings if "misprint" in reading.as_if]
    # METHODS 1B.5: log(-log .7) - log(-log .5).
    assert [reading.estimate for reading in other] == [
        pytest.approx(math.log(-math.log(0.7)) - math.log(-math.log(0.5)), abs=1e-9)
    ]
    assert "70%" in other[0].as_if and "60%" in other[0].as_if
    assert any(row["choice"].endswith(f", {other[0].as_if}") for row in choice_rows(found))
    readings = multiverse_as_json(found, question)["rows"][0]["readings"]
    assert [reading["as_if"] for reading in readings if reading["as_if"] == other[0].as_if]
    assert not any("misprint" in reading.as_if for row in found.rows[1:] for reading in row.readings)


def test_rows_that_must_not_stand_together_give_no_estimate(ask, several, arm) -> None:
    other = arm("s1", "c", split="margin", lineage=(("c", "margin"), ("all", None)))
    more = arm("s1", "d", split="margin", lineage=(("d", "margin"), ("all", None)))
    found = run(
        ask(),
        several("s1", (-0.5, 0.2)),
        several("s1", (-0.4, 0.2), grade="D", index=other, reference=more),
        several("s2", (-0.2, 0.2)),
    )
    assert found.refused == {SHARED: 1}
    assert found.choices.tolist() == [[0, OUT, 0]]


def test_rows_that_are_not_comparable_give_no_estimate(ask, several, figure) -> None:
    crude, adjusted = several("s1", (-0.5, 0.2), figures=(figure("s1", "a"),)), several(
        "s2", (-0.5, 0.2), figures=(figure("s2", "a", adjusted="age"),)
    )  # fmt: skip
    assert run(ask(), crude, adjusted).refused == {DIFFERENT: 1}
    mixed = ask(mixed=(Departure("adjustment", "to see"),))
    assert len(run(mixed, crude, adjusted).estimate) == 1


def test_two_rows_are_pooled_unless_they_lie_apart(ask, several) -> None:
    found = run(ask(), several("s1", (-2.0, 0.2), (-0.3, 0.2)), several("s2", (0.2, 0.2)))
    assert found.refused == {NOT_TOUCHING: 1}
    # HKSJ with q*: t(1) = 12.706 times at least the common standard error.
    assert found.ci_upper[0] - found.estimate[0] >= 12.7 * 0.2 / math.sqrt(2)
    assert run(ask(), several("s1", (-2.0, 0.2))).refused == {ONE_ROW: 1}


def test_a_large_grid_is_sampled_and_the_sample_is_fixed(ask, several) -> None:
    rows = [several(f"s{i}", *((-0.1 * j, 0.2 + 0.01 * i) for j in range(4)), grade="D") for i in range(6)]
    exact, sampled = run(ask(), *rows), run(ask(), *rows, most=500)
    assert exact.exact
    assert exact.combinations == sampled.combinations == 5**6
    assert not sampled.exact
    assert 400 < len(sampled.estimate) <= 501
    assert np.array_equal(sampled.choices, run(ask(), *rows, most=500).choices)
    assert not np.array_equal(sampled.choices, run(ask(), *rows, most=500, seed=2).choices)
    every = {tuple(choice) for choice in exact.choices.tolist()}
    assert {tuple(choice) for choice in sampled.choices.tolist()} <= every
    assert exact.range[0] <= sampled.range[0] <= sampled.range[1] <= exact.range[1]


def test_the_own_choice_is_in_every_sample(ask, several) -> None:
    rows = [several(f"s{i}", *((-0.1 * j, 0.2) for j in range(4))) for i in range(9)]
    found = run(ask(), *rows, most=50)
    assert found.combinations == 4**9
    assert found.choices[found.own].tolist() == [0] * 9


def test_a_part_is_dropped_where_its_whole_is_in(ask, several, arm) -> None:
    part = arm(
        "s1", "a1", part_of="a", split="site", lineage=(("a1", "site"), ("a", "resection"), ("all", None))
    )
    rest = arm(
        "s1", "b1", part_of="b", split="site", lineage=(("b1", "site"), ("b", "resection"), ("all", None))
    )
    choices = [
        row_choices(ask(), *row)
        for row in (
            several("s1", (-0.5, 0.2), grade="D"),
            several("s1", (-0.4, 0.2), (-0.3, 0.2), index=part, reference=rest),
        )
    ]
    grid = build_grid(ask(), choices)
    assert {tuple(universe) for universe in grid.universes.tolist()} == {(0, OUT), (OUT, 0), (OUT, 1)}
    assert grid.combinations == 4


def test_the_curve_rises_on_the_scale_that_people_read() -> None:
    asked = FIVE_ANSWERED.recover("survival-10-years")
    first = asked.answer.question.row_groups[0]  # two blocks of one study are set against each other instead
    question = replace(asked.answer.question, row_groups=(first,))
    rows = [
        (comparison, effects)
        for comparison, effects in zip(asked.comparisons, asked.effects, strict=True)
        if comparison.row_group == first.label
    ]
    survival = question, multiverses(question, *zip(*rows, strict=True))
    for question, found in (of_the_abstracts("surgery-extent-overall-survival"), survival):
        for multiverse in found:
            values = multiverse_as_json(multiverse, question)
            curve = [universe["estimate"] for universe in values["curve"]]
            assert curve == sorted(curve)
            assert (values["least"], values["greatest"]) == (curve[0], curve[-1])
            assert [row["estimate"] for row in curve_rows(multiverse)] == curve
            assert sum(row["own"] for row in curve_rows(multiverse)) == 1
            assert "the question's own choice gives" in "\n".join(headline(multiverse, question))


def test_what_a_choice_does_is_told_over_all_that_share_it(ask, several) -> None:
    rows = several("s1", (-0.5, 0.2), (-0.1, 0.3)), several("s2", (-0.2, 0.25)), several("s3", (-0.4, 0.3))
    found = run(ask(), *rows)
    told = {(row["row"], row["choice"]): row for row in choice_rows(found)}
    assert told["s1, a vs b", "way 0"]["combinations"] == 1
    assert told["s2, a vs b", "way 0"]["combinations"] == 2
    assert told["s2, a vs b", "way 0"]["least"] == pytest.approx(math.exp(found.range[0]))


def test_recovered_alternatives_of_the_abstracts_are_all_there() -> None:
    evidence = FIVE_ANSWERED
    recovered = evidence.recover("resection-overall-survival")
    _, (found,) = of_the_abstracts("resection-overall-survival")
    liver = next(row for row in found.rows if row.comparison.name == "M1LR vs M1LNr")
    ways = {
        (reading.effect.recovery, reading.effect.time_months, reading.share) for reading in liver.readings
    }
    rates = {("landmark_contrast", time, share) for time in (60.0, 120.0) for share in (1.0, 0.75, 0.5)}
    assert ways == rates | {("median_contrast", None, share) for share in (1.0, 0.75, 0.5, 0.25)}
    assert recover(liver.comparison, recovered.answer.question)[0].study == "midgut-debulking"


@pytest.fixture
def shared(compare, point, several):
    """Two comparisons against one control group b of s9, of two readings each, and two more studies."""

    def build():
        rows = []
        for index, first in (("a", -0.5), ("c", -0.3)):
            comparison = compare("s9", index, "b")
            effects = tuple(
                replace(
                    point(comparison, first + shift, 0.3, reference_variance=0.04),
                    primary=shift == 0,
                    recovery=f"way_{shift}",
                    participants=100 if index == "a" else 120,
                )
                for shift in (0, 0.2)
            )
            rows.append((comparison, effects))
        return [*rows, several("s1", (-0.2, 0.25)), several("s2", (-0.4, 0.25))]

    return build


def test_a_shared_control_is_counted_once_in_every_universe(ask, shared) -> None:
    question, rows = ask(shared_control="covariance"), shared()
    found = run(question, *rows)
    answer = answer_question(question, [row for row, _ in rows], [effects for _, effects in rows])
    assert (found.combinations, found.refused) == (4, {})
    assert set(found.row_count.tolist()) == {3}
    assert found.estimate[found.own] == pytest.approx(answer.overall.pooled.estimate, abs=1e-9)
    assert found.ci_upper[found.own] == pytest.approx(answer.overall.pooled.ci_upper, abs=1e-8)
    assert run(ask(), *rows).refused == {SHARED: 4}


def test_which_comparison_of_a_shared_control_stays_is_a_choice(ask, shared) -> None:
    question, rows = ask(shared_control="one_comparison"), shared()
    found = run(question, *rows)
    answer = answer_question(question, [row for row, _ in rows], [effects for _, effects in rows])
    assert found.combinations == 4
    assert ((found.choices[:, 0] == OUT) != (found.choices[:, 1] == OUT)).all()
    assert found.choices[found.own].tolist() == [OUT, 0, 0, 0]
    assert found.estimate[found.own] == pytest.approx(answer.overall.pooled.estimate, abs=1e-9)


@pytest.mark.parametrize("prior", [None, "half-cauchy(0.25)"])
def test_a_bayesian_question_is_rerun_in_its_own_model(ask, several, prior: str | None) -> None:
    rows = (
        several("s1", (-0.5, 0.2), (-0.1, 0.3)),
        several("s2", (-0.2, 0.25), (0.3, 0.2)),
        several("s3", (-0.4, 0.3)),
    )
    question = ask(model="bayesian", tau_prior=prior)
    found = run(question, *rows)
    own = answer_question(question, [row for row, _ in rows], [effects for _, effects in rows]).overall.pooled
    assert own is not None and found.own is not None and found.combinations == 4
    # The integrals of one synthesis and of many settle below a part in 1e8 of the interval.
    at = found.own
    pooled = found.estimate[at], found.ci_lower[at], found.ci_upper[at], found.standard_error[at]
    assert pooled == pytest.approx((own.estimate, own.ci_lower, own.ci_upper, own.standard_error), abs=1e-7)
    expected = sorted(
        pool_bayesian(
            [e.estimate for e in effects],
            [e.standard_error**2 for e in effects],
            tau_prior=prior or "half-normal(0.5)",
        ).estimate
        for effects in itertools.product(*(effects for _, effects in rows))
    )
    assert found.estimate == pytest.approx(expected, abs=1e-7)
    assert np.isnan(found.tau_squared).all()
    assert f"the question's own choice gives {math.exp(own.estimate):.4g}" in "\n".join(
        headline(found, question)
    )


def test_two_rows_of_a_bayesian_question_are_pooled_by_its_prior(ask, several) -> None:
    # Two comparisons of one poster at ten years; worked with a midpoint rule, printed to six decimals.
    rows = several("s1", (-1.384935, 0.327839)), several("s2", (-0.292356, 0.382610))
    found = run(ask(model="bayesian"), *rows)
    pooled = found.estimate[0], found.ci_lower[0], found.ci_upper[0]
    assert pooled == pytest.approx((-0.883599, -1.824824, 0.097471), abs=1e-6)


def test_a_measure_without_a_usual_prior_is_not_rerun_without_one(ask, several) -> None:
    rows = [several(study, (-0.1, 0.05)) for study in ("s1", "s2", "s3")]
    with pytest.raises(InvalidDataError, match="no usual prior on tau"):
        run(ask(model="bayesian", effect_measure="risk_difference"), *rows)
