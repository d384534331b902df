"""The specification curve: every admissible choice and no other, each pooled as ``pool`` does it."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evisynth.effects.follow_up import FULL_FOLLOW_UP
from evisynth.effects.recover import recover
from evisynth.outcomes.question import Departure
from evisynth.pipeline import Evidence
from evisynth.synthesis.answer_question import answer_question
from evisynth.synthesis.multiverse import APART, DIFFERENT, ONE_ROW, SHARED, multiverses
from evisynth.synthesis.multiverse_choices import overlap_choices, reconsidered, row_choices
from evisynth.synthesis.multiverse_grid import OUT, build_grid
from evisynth.synthesis.multiverse_record import choice_rows, curve_rows, headline, multiverse_as_json
from evisynth.synthesis.pool import pool

ROOT = Path(__file__).parents[2]


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
    evidence = Evidence(ROOT)
    pooled = 0
    for name in evidence.question_ids():
        answer = evidence.answer(name)
        _, found = evidence.multiverse(name, 20_000)
        for multiverse, summary in zip(found, answer.by_row_group or (answer.overall,), strict=True):
            if summary.pooled is None:
                continue
            pooled += 1
            own = multiverse.estimate[multiverse.own]
            assert own == pytest.approx(summary.pooled.estimate, abs=1e-9)
            assert multiverse.range[0] <= own <= multiverse.range[1]
            assert multiverse.row_count[multiverse.own] == summary.row_count
    assert pooled >= 5


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


def test_of_two_overlapping_studies_one_stays(ask, several) -> None:
    overlap = {"overlaps": {"s2": "partial"}}
    rows = (
        several("s1", (-0.5, 0.2), (-0.1, 0.3), **overlap),
        several("s2", (-0.2, 0.25)),
        several("s3", (-0.4, 0.3)),
        several("s4", (-0.4, 0.3)),
    )
    assert overlap_choices([row for row, _ in rows]) == (
        frozenset({"s1", "s3", "s4"}),
        frozenset({"s2", "s3", "s4"}),
    )
    found = run(ask(), *rows)
    assert found.combinations == 3
    assert not ((found.choices[:, 0] != OUT) & (found.choices[:, 1] != OUT)).any()
    assert len(found.estimate) == 3


def test_a_study_left_out_for_its_overlap_is_a_choice_again(ask, several) -> None:
    rows = (
        several("s1", (-0.5, 0.2), overlaps={"s2": "partial"}),
        several("s2", (-0.2, 0.25)),
        several("s3", (-0.4, 0.3)),
        several("s4", (-0.9, 0.3)),
    )
    question = ask(left_out=(Departure("s2", "it overlaps with s1"), Departure("s4", "another outcome")))
    kept = reconsidered(question, [row for row, _ in rows])
    assert [row.study for row in kept] == ["s1", "s2", "s3"]
    found = run(question, *rows[:3])
    assert found.choices[found.own].tolist() == [0, OUT, 0]
    assert len(found.estimate) == 2


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
    assert found.refused == {APART: 1}
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
    grid = build_grid(choices)
    assert {tuple(universe) for universe in grid.universes.tolist()} == {(0, OUT), (OUT, 0), (OUT, 1)}
    assert grid.combinations == 4


def test_the_curve_rises_on_the_scale_that_people_read() -> None:
    for name in ("surgery-extent-overall-survival", "survival-10-years"):
        question, found = Evidence(ROOT).multiverse(name, 20_000)
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
    assert told["s1, a vs b", "way 0"]["universes"] == 1
    assert told["s2, a vs b", "way 0"]["universes"] == 2
    assert told["s2, a vs b", "way 0"]["least"] == pytest.approx(math.exp(found.range[0]))


def test_recovered_alternatives_of_the_abstracts_are_all_there() -> None:
    evidence = Evidence(ROOT)
    recovered = evidence.recover("resection-overall-survival")
    _, (found,) = evidence.multiverse("resection-overall-survival", 20_000)
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
