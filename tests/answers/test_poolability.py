"""What keeps rows apart: shared patients, overlapping cohorts, differences, crossing hazards."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from evisynth.answers import relation_of_arms
from evisynth.effects import FLAG as NON_PROPORTIONAL_FLAG
from evisynth.outcomes import Departure, GroupSelector, RowGroup


@pytest.mark.parametrize("declared_by", [0, 1])
@pytest.mark.parametrize("extent", ["possible", "probably contained", "contained", "identical"])
def test_overlapping_cohorts_are_refused_by_name(ask, studies, answer_rows, declared_by, extent) -> None:
    rows = studies(-0.5, -0.4, -0.3)
    other = rows[1 - declared_by][0].study
    rows[declared_by] = (replace(rows[declared_by][0], overlaps={other: extent}), rows[declared_by][1])
    refused = answer_rows(ask(minimum_grade="D"), *rows).overall.refused
    assert refused.startswith(f"the cohorts of s1 and s2 overlap ({extent})")
    assert "leave one of the two out, with a reason" in refused


def test_cohorts_declared_apart_are_pooled(ask, studies, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3)
    rows[0] = (replace(rows[0][0], overlaps={"s2": "none"}), rows[0][1])
    assert answer_rows(ask(), *rows).overall.refused is None


def test_an_overlap_does_not_matter_when_one_of_the_two_is_left_out(ask, studies, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3, -0.2)
    rows[0] = (replace(rows[0][0], overlaps={"s2": "contained"}), rows[0][1])
    question = ask(left_out=(Departure("s2", "its patients are in s1"),))
    assert answer_rows(question, *rows).overall.refused is None


def test_an_overlap_does_not_matter_when_one_of_the_two_has_no_point(
    ask, studies, not_a_point, answer_rows
) -> None:
    rows = studies(-0.5, -0.4, -0.3, -0.2)
    rows[0] = (replace(rows[0][0], overlaps={"s2": "contained"}), rows[0][1])
    rows[1] = (rows[1][0], not_a_point(rows[1][0], "bound"))
    assert answer_rows(ask(), *rows).overall.refused is None


def test_a_row_within_another_row_is_left_out(ask, studies, compare, point, arm, answer_rows) -> None:
    inner = compare(
        "s1",
        arm("s1", "a1", lineage=(("a1", "margin"), ("a", "resection"), ("all", None))),
        arm("s1", "a2", lineage=(("a2", "margin"), ("a", "resection"), ("all", None))),
    )
    answer = answer_rows(ask(), (inner, point(inner, 2.0)), *studies(-0.5, -0.4, -0.3))
    assert answer.rows[0].reason == "its patients are counted in a vs b already"
    assert answer.overall.refused is None
    assert answer.overall.row_count == 3


def test_the_same_patients_twice_count_once(ask, studies, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3)
    answer = answer_rows(ask(), *rows, rows[0])
    assert [row.included for row in answer.rows] == [True, True, True, False]


def test_a_shared_comparator_is_refused(ask, studies, compare, point, answer_rows) -> None:
    second = compare("s1", "c", "b")
    refused = answer_rows(
        ask(minimum_grade="D"), *studies(-0.5, -0.4), (second, point(second, -0.3))
    ).overall.refused
    assert refused.startswith("s1: a vs b and c vs b may share patients")


def test_parts_of_two_splits_may_share_patients(ask, studies, compare, point, arm, answer_rows) -> None:
    by_age = compare(
        "s1", *(arm("s1", part, lineage=((part, "age"), ("all", None))) for part in ("old", "young"))
    )
    refused = answer_rows(ask(), *studies(-0.5, -0.4), (by_age, point(by_age, -0.3))).overall.refused
    assert "may share patients" in refused


def test_cousins_of_one_split_are_disjoint(arm) -> None:
    one = arm("s", "a1", lineage=(("a1", "resection"), ("a", "site"), ("all", None)))
    other = arm("s", "b1", lineage=(("b1", "margin"), ("b", "site"), ("all", None)))
    assert relation_of_arms(one, other) == "disjoint"


def test_cousins_of_two_splits_may_share(arm) -> None:
    one = arm("s", "a1", lineage=(("a1", "resection"), ("a", "site"), ("all", None)))
    other = arm("s", "b1", lineage=(("b1", "resection"), ("b", "age"), ("all", None)))
    assert relation_of_arms(one, other) == "may share"


def test_within_and_around_are_mirror_images(arm) -> None:
    whole = arm("s", "all", lineage=(("all", None),))
    part = arm("s", "a")
    assert relation_of_arms(part, whole) == "within"
    assert relation_of_arms(whole, part) == "around"
    assert relation_of_arms(part, part) == "same"


def test_groups_without_a_common_whole_are_disjoint(arm) -> None:
    one, other = arm("s", "a", lineage=(("a", None),)), arm("s", "b", lineage=(("b", None),))
    assert relation_of_arms(one, other) == "disjoint"


def test_a_registry_shares_no_patients_with_the_study(arm) -> None:
    assert relation_of_arms(arm("s", "a"), arm("s", "SEER", role="external")) == "disjoint"


def test_without_a_lineage_only_siblings_are_known_to_be_disjoint(arm) -> None:
    one = arm("s", "a", lineage=(), part_of="x", split="resection")
    sibling = arm("s", "b", lineage=(), part_of="x", split="resection")
    cousin = arm("s", "c", lineage=(), part_of="y", split="resection")
    assert relation_of_arms(one, sibling) == "disjoint"
    assert relation_of_arms(one, cousin) == "may share"


def with_figure(rows, place, figure, **changes):
    comparison, effect = rows[place]
    rows[place] = (replace(comparison, figures=(figure(comparison.study, "a", **changes),)), effect)


def test_adjusted_and_crude_are_refused(ask, studies, figure, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3)
    with_figure(rows, 1, figure, adjusted="age, sex")
    assert answer_rows(ask(), *rows).overall.refused == "rows differ in adjustment (not adjusted; adjusted)"


def test_adjusted_and_crude_are_mixed_with_a_reason_that_is_shown(ask, studies, figure, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3)
    with_figure(rows, 1, figure, adjusted="age, sex")
    question = ask(mixed=(Departure("Adjustment", "the covariates hardly matter here"),))
    overall = answer_rows(question, *rows).overall
    assert overall.refused is None
    assert (
        "Rows differ in adjustment (not adjusted; adjusted): the covariates hardly matter here."
        in overall.cautions
    )


def test_an_adjusted_figure_that_did_not_enter_does_not_count(ask, studies, figure, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3)
    comparison, effect = rows[1]
    used = figure("s2", "a")
    unused = figure("s2", "a", adjusted="age", as_reported="0.030", file_location="studies/s2.yaml:40")
    rows[1] = (replace(comparison, figures=(used, unused)), effect)
    assert answer_rows(ask(), *rows).overall.refused is None


def test_clock_starts_that_are_stated_and_differ_are_refused(ask, studies, figure, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3)
    with_figure(rows, 0, figure, starts="operation")
    with_figure(rows, 1, figure, starts="diagnosis")
    assert answer_rows(ask(), *rows).overall.refused == "rows differ in clock start (operation; diagnosis)"


def test_a_clock_start_that_is_not_stated_is_a_caution(ask, studies, figure, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3)
    with_figure(rows, 0, figure, starts="operation")
    with_figure(rows, 1, figure, starts="Operation")
    overall = answer_rows(ask(), *rows).overall
    assert overall.refused is None
    assert "1 of 3 rows do not state when the clock starts." in overall.cautions


def shares(compare, point, *windows):
    rows = [compare(f"s{place}", "a", None, time_months=None) for place, _ in enumerate(windows)]
    return [
        (row, point(row, -1.5, effect_measure="proportion", time_months=months))
        for row, months in zip(rows, windows, strict=True)
    ]


def test_time_windows_that_differ_are_refused(ask, compare, point, answer_rows) -> None:
    rows = shares(compare, point, 30 / 30.4375, None, 90 / 30.4375)
    refused = answer_rows(ask(effect_measure="proportion"), *rows).overall.refused
    assert refused == "rows differ in time window (30 days; not stated; 90 days)"


def test_one_month_and_thirty_days_are_one_window(ask, compare, point, answer_rows) -> None:
    rows = shares(compare, point, 30 / 30.4375, 1.0, 1.0)
    assert answer_rows(ask(effect_measure="proportion"), *rows).overall.refused is None


def test_time_windows_are_mixed_with_a_reason(ask, compare, point, answer_rows) -> None:
    question = ask(effect_measure="proportion", mixed=(Departure("time window", "most show early"),))
    overall = answer_rows(question, *shares(compare, point, 30 / 30.4375, None, None)).overall
    assert overall.refused is None
    assert "Rows differ in time window (30 days; not stated): most show early." in overall.cautions


def test_the_time_of_a_landmark_does_not_keep_hazard_ratios_apart(ask, studies, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3)
    rows[0] = (rows[0][0], replace(rows[0][1], time_months=60.0))
    rows[1] = (rows[1][0], replace(rows[1][1], time_months=120.0))
    assert answer_rows(ask(), *rows).overall.refused is None


def test_single_arms_of_different_roles_are_refused(ask, compare, point, arm, answer_rows) -> None:
    rows = []
    for study, role in (("s1", "own"), ("s2", "own"), ("s3", "external")):
        row = compare(study, arm(study, "a", role=role), None)
        rows.append((row, point(row, 4.5, effect_measure="median")))
    assert (
        answer_rows(ask(effect_measure="median"), *rows).overall.refused
        == "rows differ in role (own; external)"
    )


def test_a_registry_is_no_comparator(ask, studies, arm, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3, -0.2)
    rows[0] = (replace(rows[0][0], reference=arm("s1", "SEER", role="external")), rows[0][1])
    answer = answer_rows(ask(minimum_grade="D"), *rows)
    assert answer.rows[0].reason == "the comparator is not from the study's own patients"


@pytest.mark.parametrize("what", ["outcome", "scale"])
def test_outcome_and_scale_are_never_mixed(ask, studies, answer_rows, what) -> None:
    rows = studies(-0.5, -0.4, -0.3)
    if what == "outcome":
        rows[0] = (replace(rows[0][0], outcome="progression_free_survival"), rows[0][1])
    else:
        rows[0] = (rows[0][0], replace(rows[0][1], scale="identity"))
    question = ask(minimum_grade="D", mixed=(Departure(what, "because I want to"),))
    assert answer_rows(question, *rows).overall.refused.startswith(f"rows differ in {what}")


def test_another_effect_measure_is_left_out(ask, studies, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3, -0.2)
    rows[0] = (rows[0][0], replace(rows[0][1], effect_measure="odds_ratio"))
    assert (
        answer_rows(ask(), *rows).rows[0].reason
        == "recovered as odds ratio, and the question asks for hazard ratio"
    )


def test_an_unclear_direction_is_left_out_even_when_exploratory(ask, studies, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3, -0.2)
    rows[0] = (rows[0][0], replace(rows[0][1], flags=("direction_unclear",)))
    assert answer_rows(ask(minimum_grade="D"), *rows).rows[0].reason == "which arm fared better is not clear"


def flagged(rows, place, error):
    comparison, effect = rows[place]
    rows[place] = (comparison, replace(effect, flags=(NON_PROPORTIONAL_FLAG,), standard_error=error))
    return rows


def test_a_dominant_row_with_crossing_hazards_stops_the_pooling(ask, studies, answer_rows) -> None:
    answer = answer_rows(ask(), *flagged(studies(-0.5, -0.4, -0.3, -0.2), 0, 0.25))
    assert answer.overall.refused == "the hazards of a dominant row do not look proportional (s1 a vs b)"
    assert not answer.rows[0].included


def test_a_light_row_with_crossing_hazards_is_left_out(ask, studies, answer_rows) -> None:
    answer = answer_rows(ask(), *flagged(studies(-0.5, -0.4, -0.3, -0.2), 0, 0.26))
    assert answer.overall.refused is None
    assert answer.overall.row_count == 3
    assert "proportional" in answer.rows[0].reason


def test_crossing_hazards_are_waived_and_cautioned_in_an_exploratory_question(
    ask, studies, answer_rows
) -> None:
    overall = answer_rows(ask(minimum_grade="D"), *flagged(studies(-0.5, -0.4, -0.3, -0.2), 0, 0.1)).overall
    assert overall.row_count == 4
    assert any("s1 a vs b" in caution and "proportional" in caution for caution in overall.cautions)


def test_inferred_p_values_are_told_with_the_reason_for_using_them(ask, studies, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3)
    rows[1] = (rows[1][0], replace(rows[1][1], flags=("inferred_p_value",)))
    question = ask(uses_inferred_p_values="the caption leaves little doubt")
    assert (
        "What is compared was inferred by the reader (s2 a vs b): the caption leaves little doubt."
        in answer_rows(question, *rows).overall.cautions
    )


def test_names_of_the_outcome_that_differ_are_a_caution(ask, studies, figure, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3)
    with_figure(rows, 0, figure, label="R0/R1 resection")
    with_figure(rows, 1, figure, label="complete cytoreduction")
    overall = answer_rows(ask(), *rows).overall
    assert overall.refused is None
    assert (
        "The outcome goes by different names (R0/R1 resection; complete cytoreduction)." in overall.cautions
    )


def test_contrasts_of_different_kinds_are_a_caution(ask, studies, answer_rows) -> None:
    resection = RowGroup(
        "Resected",
        GroupSelector({"intervention": ("resection",)}),
        GroupSelector({"intervention": ("none",)}),
    )
    extent = RowGroup(
        "Complete", GroupSelector({"extent": ("complete",)}), GroupSelector({"extent": ("incomplete",)})
    )
    rows = [
        (replace(comparison, row_group=label), effect)
        for (comparison, effect), label in zip(
            studies(-0.5, -0.4, -0.3), ("Resected", "Resected", "Complete"), strict=True
        )
    ]
    overall = answer_rows(ask(row_groups=(resection, extent)), *rows).overall
    assert "Contrasts of different kinds are put on one scale: Resected; Complete." in overall.cautions


KINDS = st.tuples(st.sampled_from("ABCDX"), st.sampled_from(["point", "bound", "refused"]), st.booleans())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=st.lists(KINDS, max_size=7), exploratory=st.booleans())
def test_what_always_holds(ask, compare, point, not_a_point, answer_rows, kinds, exploratory) -> None:
    question = ask(minimum_grade="D") if exploratory else ask()
    rows = []
    for place, (grade, kind, crossing) in enumerate(kinds):
        row = compare(f"s{place}")
        flags = (NON_PROPORTIONAL_FLAG,) if crossing else ()
        effect = (
            point(row, -0.1 * place, grade=grade, flags=flags) if kind == "point" else not_a_point(row, kind)
        )
        rows.append((row, effect))
    answer = answer_rows(question, *rows)
    overall, included = answer.overall, [row for row in answer.rows if row.included]
    assert (overall.pooled is None) == (overall.refused is not None)
    assert overall.row_count == len(included)
    assert all((row.reason is None) == row.included for row in answer.rows)
    assert all(row.effect.kind == "point" and row.effect.grade != "X" for row in included)
    if overall.pooled is None:
        assert all(row.weight is None for row in answer.rows)
    else:
        assert len(included) >= (2 if exploratory else 3)
        assert sum(row.weight for row in included) == pytest.approx(1)
        assert exploratory or not any(row.effect.grade == "D" for row in included)
