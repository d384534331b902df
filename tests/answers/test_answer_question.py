"""The answer to a question: what counts as k, what each k gives, what is never pooled."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from evisynth.answers import answer_question
from evisynth.errors import InvalidDataError
from evisynth.outcomes import Departure, GroupSelector, RowGroup

# METHODS.md's vector of four log hazard ratios, computed with metafor 3.8-1 (REML, test="knha").
FOUR = ((-0.478036, 0.2117), (-0.223144, 0.3050), (-0.867501, 0.4020), (-0.105361, 0.1820))


def four_rows(compare, point):
    rows = [compare(f"s{place}") for place in range(4)]
    return [(row, point(row, y, se)) for row, (y, se) in zip(rows, FOUR, strict=True)]


def test_four_rows_are_pooled_by_reml_and_hksj(ask, compare, point, answer_rows) -> None:
    overall = answer_rows(ask(), *four_rows(compare, point)).overall
    assert overall.refused is None
    # The reference is printed to six decimals.
    assert overall.pooled.estimate == pytest.approx(-0.329271, abs=1e-6)
    assert overall.pooled.ci_lower == pytest.approx(-0.782043, abs=1e-6)
    assert overall.pooled.ci_upper == pytest.approx(0.123501, abs=1e-6)
    assert (overall.row_count, overall.study_count, overall.participant_count) == (4, 4, 400)


def test_weights_stand_beside_their_rows_and_sum_to_one(
    ask, compare, point, not_a_point, answer_rows
) -> None:
    rows = four_rows(compare, point)
    bound = compare("bounded")
    rows.insert(1, (bound, not_a_point(bound, "bound", lower=-1.0)))
    answer = answer_rows(ask(), *rows)
    assert answer.rows[1].weight is None
    weights = [row.weight for row in answer.rows if row.included]
    assert math.fsum(weights) == pytest.approx(1, abs=1e-12)  # shares, up to the last bit
    # The smallest standard error, last in the vector, weighs most.
    assert max(weights) == answer.rows[4].weight


def test_no_prediction_interval_below_five_rows(ask, studies, answer_rows) -> None:
    four = answer_rows(ask(), *studies(-0.5, -0.2, -0.9, -0.1)).overall.pooled
    five = answer_rows(ask(), *studies(-0.5, -0.2, -0.9, -0.1, -0.4)).overall.pooled
    assert (four.prediction_lower, four.prediction_upper) == (None, None)
    assert five.prediction_lower < five.ci_lower
    assert five.prediction_upper > five.ci_upper


def test_no_row_is_refused(ask, answer_rows) -> None:
    overall = answer_rows(ask()).overall
    assert overall.pooled is None
    assert overall.refused == "no study reports this for the groups that the question asks about"
    assert (overall.row_count, overall.study_count, overall.participant_count) == (0, 0, 0)


def test_one_row_keeps_its_own_interval(ask, studies, answer_rows) -> None:
    answer = answer_rows(ask(), *studies(-0.5))
    assert answer.overall.refused == "one row only, s1 a vs b, whose own interval stands"
    assert answer.overall.row_count == 1
    assert answer.rows[0].included
    assert answer.rows[0].weight is None


def test_two_rows_are_refused(ask, studies, answer_rows) -> None:
    answer = answer_rows(ask(), *studies(-0.5, -0.2))
    assert "cannot tell how much studies differ" in answer.overall.refused
    assert "Bayesian" in answer.overall.refused


def test_two_rows_of_a_common_effect_are_refused_too(ask, studies, answer_rows) -> None:
    overall = answer_rows(ask(model="common_effect"), *studies(-0.5, -0.2)).overall
    assert overall.pooled is None
    # That model does not estimate how much studies differ: it says that they do not.
    assert "takes for granted that studies do not differ" in overall.refused
    assert "how much" not in overall.refused


def test_two_exploratory_rows_of_a_common_effect_say_what_is_true_of_that_model(
    ask, studies, answer_rows
) -> None:
    overall = answer_rows(ask(model="common_effect", minimum_grade="D"), *studies(-0.5, -0.2)).overall
    # ± 1.96 * 0.25 / sqrt(2): not very wide.
    assert overall.pooled.ci_upper == pytest.approx(-0.35 + 1.959964 * 0.25 / math.sqrt(2), abs=1e-6)
    assert not any("very wide" in caution for caution in overall.cautions)
    (said,) = (caution for caution in overall.cautions if "common-effect" in caution)
    assert said.endswith("which two rows cannot tell: if they do, the interval is too narrow.")


@pytest.mark.parametrize("interval", ["wald", "t", "hksj-plain"])
def test_an_interval_that_two_rows_do_not_bear_is_told(ask, studies, answer_rows, interval) -> None:
    question = ask(minimum_grade="D", interval=interval)
    two = answer_rows(question, *studies(-0.5, -0.2)).overall
    assert two.pooled.interval == "hksj"
    (said,) = (caution for caution in two.cautions if "Not the interval" in caution)
    assert f"({interval})" in said and "two rows" in said
    three = answer_rows(question, *studies(-0.5, -0.2, -0.3)).overall
    assert three.pooled.interval == interval
    assert not any("Not the interval" in caution for caution in three.cautions)


@pytest.mark.parametrize(
    ("model", "interval", "why"),
    [
        ("bayesian", "wald", "the Bayesian model has its own"),
        ("common_effect", "t", "the common-effect model has a Wald interval"),
        ("common_effect", "wald", None),
        ("random_effects", "hksj", None),
    ],
)
def test_an_interval_that_a_model_does_not_have_is_told(
    ask, studies, answer_rows, model, interval, why
) -> None:
    overall = answer_rows(ask(model=model, interval=interval), *studies(-0.5, -0.2, -0.3)).overall
    said = [caution for caution in overall.cautions if "Not the interval" in caution]
    assert [why in caution for caution in said] == ([] if why is None else [True])


def test_two_exploratory_rows_are_pooled_with_q_star_whatever_interval_is_named(
    ask, studies, answer_rows
) -> None:
    question = ask(minimum_grade="D", interval="wald")
    overall = answer_rows(question, *studies(-0.5, -0.2, grade="D")).overall
    assert overall.exploratory
    # Equal standard errors and no spread beyond chance: tau squared is 0 and q* is 1, so that the interval
    # is the mean -0.35 ± t(1) * 0.25 / sqrt(2), t(1) at 97.5 % being 12.7062047.
    reach = 12.7062047 * 0.25 / math.sqrt(2)
    assert overall.pooled.estimate == pytest.approx(-0.35, abs=1e-9)
    assert overall.pooled.ci_upper == pytest.approx(-0.35 + reach, abs=1e-6)
    assert overall.pooled.interval == "hksj"


def test_two_rows_whose_intervals_do_not_touch_are_refused_even_when_exploratory(
    ask, studies, answer_rows
) -> None:
    # 1.96 * (0.25 + 0.25) = 0.98: the border between touching and not touching.
    apart = answer_rows(ask(minimum_grade="D"), *studies(-1.0, -0.01))
    touching = answer_rows(ask(minimum_grade="D"), *studies(-1.0, -0.03))
    assert "do not overlap" in apart.overall.refused
    assert touching.overall.refused is None


def test_a_grade_below_the_question_is_left_out(ask, studies, answer_rows) -> None:
    rows = [*studies(-0.5, -0.4, -0.3)]
    rows[1] = (rows[1][0], replace(rows[1][1], grade="D"))
    answer = answer_rows(ask(), *rows)
    assert not answer.rows[1].included
    assert answer.rows[1].reason == "grade D, and the question asks for C or better"
    assert answer.overall.row_count == 2


def test_grade_c_is_good_enough_unless_the_question_asks_for_more(ask, studies, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3, grade="C")
    assert answer_rows(ask(), *rows).overall.refused is None
    strict = answer_rows(ask(minimum_grade="B"), *rows).overall
    assert strict.refused == "every row: grade C, and the question asks for B or better"


def test_all_of_grade_d_is_refused_unless_exploratory(ask, studies, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3, grade="D")
    assert answer_rows(ask(), *rows).overall.refused == (
        "every row: grade D, and the question asks for C or better"
    )
    explored = answer_rows(ask(minimum_grade="D"), *rows).overall
    assert explored.refused is None
    assert "Exploratory: grade D in every row." in explored.cautions


def test_grade_x_is_never_pooled(ask, studies, answer_rows) -> None:
    answer = answer_rows(ask(minimum_grade="D"), *studies(-0.5, -0.4, -0.3, grade="X"))
    assert answer.overall.refused == "every row: grade X is never pooled"


def test_bounds_and_refusals_keep_their_reason(ask, compare, not_a_point, answer_rows) -> None:
    rows = [compare("s1"), compare("s2"), compare("s3")]
    answer = answer_rows(
        ask(),
        (rows[0], not_a_point(rows[0], "bound", reason="p < 0.001 only")),
        (rows[1], not_a_point(rows[1], "bound")),
        (rows[2], not_a_point(rows[2], "refused", reason="no n for the reference group")),
    )
    assert [row.reason for row in answer.rows] == [
        "p < 0.001 only",
        "only a bound, without a standard error",
        "no n for the reference group",
    ]
    assert answer.overall.refused == "no row can be pooled: 2 known only as a bound, 1 not recoverable"


def test_only_bounds_are_refused_as_such(ask, compare, not_a_point, answer_rows) -> None:
    row = compare("s1")
    assert "only bounds" in answer_rows(ask(), (row, not_a_point(row, "bound"))).overall.refused


@pytest.mark.parametrize("error", [0.0, -0.1, math.nan, math.inf, None])
def test_a_point_without_a_usable_standard_error_is_left_out(ask, studies, answer_rows, error) -> None:
    rows = studies(-0.5, -0.4, -0.3, -0.2)
    rows[0] = (rows[0][0], replace(rows[0][1], standard_error=error))
    answer = answer_rows(ask(), *rows)
    assert answer.rows[0].reason == "no standard error above zero"
    assert answer.overall.row_count == 3


def test_the_most_telling_recovery_stands_when_none_is_primary(ask, compare, not_a_point) -> None:
    row = compare("s1")
    refusal, bound = not_a_point(row, "refused"), not_a_point(row, "bound")
    shown = answer_question(ask(), [row], [(refusal, bound)]).rows[0]
    assert shown.effect is bound
    assert shown.alternatives == (refusal,)


def test_alternatives_are_shown_and_never_pooled(ask, compare, point) -> None:
    rows = [compare(f"s{place}") for place in range(3)]
    effects = [
        (point(row, -0.3), point(row, 5.0, primary=False, recovery="other")) for row in rows
    ]  # fmt: skip
    answer = answer_question(ask(), rows, effects)
    assert answer.overall.pooled.estimate == pytest.approx(-0.3, abs=1e-9)  # 5.0 would show at once
    assert [len(row.alternatives) for row in answer.rows] == [1, 1, 1]


def test_rows_of_one_study_are_pooled_only_in_an_exploratory_question(
    ask, compare, point, arm, answer_rows
) -> None:
    rows = []
    for site in ("liver", "bone", "both"):
        arms = [
            arm(
                "one",
                f"{site}-{part}",
                lineage=((f"{site}-{part}", "resection"), (site, "site"), ("all", None)),
            )
            for part in ("yes", "no")
        ]
        row = compare("one", *arms)
        rows.append((row, point(row, -0.4)))
    assert answer_rows(ask(), *rows).overall.refused == "all 3 rows come from one study (one)"
    assert answer_rows(ask(), *rows[:2]).overall.refused == "both rows come from one study (one)"
    explored = answer_rows(ask(minimum_grade="D"), *rows).overall
    assert explored.refused is None
    assert (explored.row_count, explored.study_count) == (3, 1)
    assert "Exploratory: all rows from one study." in explored.cautions


def test_a_common_effect_question_is_pooled_by_inverse_variance(ask, compare, point, answer_rows) -> None:
    # metafor: rma(yi, vi, method="FE") on the four rows; six decimals.
    pooled = answer_rows(ask(model="common_effect"), *four_rows(compare, point)).overall.pooled
    assert pooled.estimate == pytest.approx(-0.311261, abs=1e-6)
    assert pooled.standard_error == pytest.approx(0.120004, abs=1e-6)
    assert pooled.interval == "wald"
    assert pooled.tau_squared == 0


def test_blocks_are_answered_one_by_one(ask, compare, point, answer_rows) -> None:
    early = RowGroup("Early", GroupSelector({}), time_months=1)
    late = RowGroup("Late", GroupSelector({}), time_months=3)
    question = ask(
        effect_measure="proportion", row_groups=(early, late), summary="by_row_group", outcome="death"
    )
    rows = []
    for label, months, count in (("Late", 3, 1), ("Early", 1, 3)):
        for place in range(count):
            row = compare(f"s{place}", "a", None, row_group=label, time_months=months)
            rows.append((row, point(row, -3.0, effect_measure="proportion", participants=100)))
    answer = answer_rows(question, *rows)
    first, second = answer.by_row_group
    assert (first.label, second.label) == ("Early", "Late")
    assert first.refused is None
    assert first.row_count == 3
    assert second.refused == "one row only, s0 a, whose own interval stands"
    assert answer.overall.refused == "each block has its own summary"
    assert (answer.overall.row_count, answer.overall.study_count) == (4, 3)
    # The row stays where it was; its weight is its block's.
    assert [row.weight is None for row in answer.rows] == [True, False, False, False]


def test_a_study_is_left_out_by_name_with_its_reason(ask, studies, answer_rows) -> None:
    question = ask(left_out=(Departure("s2", "a later report of s1"),))
    answer = answer_rows(question, *studies(-0.5, -0.4, -0.3, -0.2))
    assert answer.rows[1].reason == "left out: a later report of s1"
    assert answer.overall.row_count == 3
    assert "Without s2: a later report of s1." in answer.overall.cautions


def test_a_study_can_be_left_out_by_the_caller_too(ask, studies) -> None:
    rows = studies(-0.5, -0.4, -0.3, -0.2)
    answer = answer_question(
        ask(), [row[0] for row in rows], [(row[1],) for row in rows], [Departure("s1", "to see what it does")]
    )
    assert not answer.rows[0].included
    assert answer.left_out == (Departure("s1", "to see what it does"),)


def test_participants_come_from_the_arms_when_the_effect_does_not_say(ask, studies, answer_rows) -> None:
    assert answer_rows(ask(), *studies(-0.5, -0.4, -0.3, participants=None)).overall.participant_count == 300


def test_participants_are_unknown_when_one_row_hides_its_size(ask, studies, arm, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3, participants=None)
    hidden = arm("s1", "a")
    hidden = replace(hidden, size=replace(hidden.size, candidates=(49, 50)))
    rows[0] = (replace(rows[0][0], index=hidden), rows[0][1])
    assert answer_rows(ask(), *rows).overall.participant_count is None


def test_a_comparison_without_recoveries_is_an_error(ask, compare) -> None:
    with pytest.raises(InvalidDataError, match="s1, a vs b: no recovery"):
        answer_question(ask(), [compare("s1")], [()])


def test_two_primary_recoveries_are_an_error(ask, compare, point) -> None:
    row = compare("s1")
    with pytest.raises(InvalidDataError, match="more than one primary"):
        answer_question(ask(), [row], [(point(row, -0.1), point(row, -0.2))])


def test_recoveries_must_match_the_comparisons(ask, compare) -> None:
    with pytest.raises(InvalidDataError, match="1 comparisons but recoveries for 0"):
        answer_question(ask(), [compare("s1")], [])


def test_the_order_of_rows_does_not_matter(ask, compare, point, answer_rows) -> None:
    rows = four_rows(compare, point)
    there, back = answer_rows(ask(), *rows).overall, answer_rows(ask(), *rows[::-1]).overall
    # 1e-12: sums in another order differ in the last bits only.
    assert back.pooled.estimate == pytest.approx(there.pooled.estimate, abs=1e-12)
    assert back.pooled.ci_lower == pytest.approx(there.pooled.ci_lower, abs=1e-12)


def test_swapping_the_arms_mirrors_the_answer(ask, compare, point, answer_rows) -> None:
    rows = four_rows(compare, point)
    mirrored = [(row, replace(effect, estimate=-effect.estimate)) for row, effect in rows]
    one, other = answer_rows(ask(), *rows).overall.pooled, answer_rows(ask(), *mirrored).overall.pooled
    assert other.estimate == pytest.approx(-one.estimate, abs=1e-12)  # last bits only
    assert other.ci_lower == pytest.approx(-one.ci_upper, abs=1e-12)
