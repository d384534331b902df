"""The sentence and the verdict of an answer: right for refusals, limits, one row, blocks and every scale."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from evisynth.answers import AmongChoices, Answer
from evisynth.figures import NaturalInterval
from evisynth.measures import measure_named
from evisynth.outcome_events import OutcomeEvent
from evisynth.outcomes import GroupSelector, Question, RowGroup
from evisynth.report import size_words, times_words, verdicts_of
from evisynth.synthesis import pool, pool_bayesian

Build = Callable[..., Answer]


def only(answer: Answer) -> Any:
    (verdict,) = verdicts_of(answer)
    return verdict


def one_arm(question: Question, measure: str, **changes: Any) -> Question:
    rows = (RowGroup("All sites", GroupSelector({"intervention": ("resection",)})),)
    return replace(question, effect_measure=measure, row_groups=rows, **changes)


def shown(answer: Answer, question: Question, scale: str, pooled: Any, **changes: Any) -> Answer:
    """Put another estimate into an answer, on another scale."""
    overall = replace(answer.overall, **{"pooled": pooled, "refused": None, **changes})
    return replace(answer, question=question, scale=scale, overall=overall, rows=())


def test_one_row_says_how_wide_it_is(answer: Build) -> None:
    # exp(log 0.75 -+ 1.96 x 0.38) is 0.356 to 1.580
    verdict = only(answer(math.log(0.75), standard_error=0.38))
    assert verdict.kind == "one study"
    assert verdict.text == (
        "Not known. One usable comparison, 117 patients: hazard ratio 0.75 (0.36 to 1.58), so anything from "
        "a third to one and a half times the hazard."
    )


def test_one_row_that_excludes_no_effect_is_still_one_study(answer: Build) -> None:
    verdict = only(answer(-1.0, standard_error=0.2))  # 0.37 (0.25 to 0.54)
    assert verdict.kind == "one study"
    assert verdict.word.endswith(", in one study")
    assert verdict.word.startswith(answer(-1.0).question.event.amounts()[0])


@pytest.mark.parametrize(("sign", "side"), [(-1, 0), (1, 1)])
def test_several_rows_on_one_side_are_clear(answer: Build, sign: int, side: int) -> None:
    verdict = only(answer(*(sign * one for one in (0.9, 1.0, 1.1, 0.95, 1.05)), standard_error=0.1))
    assert verdict.kind == "clear"
    assert verdict.word.startswith(answer(0.1).question.event.amounts()[side])
    assert "not settled" not in verdict.word


def test_rows_that_leave_both_sides_open_are_uncertain(answer: Build) -> None:
    verdict = only(answer(-0.5, 0.2, 0.4, -0.1))
    assert (verdict.kind, verdict.word) == ("uncertain", "Not known")
    assert "4 usable results of 4 studies, 468 patients" in verdict.sentence


def test_waived_rules_settle_nothing(answer: Build, question: Question) -> None:
    estimates = (-0.9, -1.0, -1.1, -0.95)
    firm = answer(*estimates, standard_error=0.1)
    waived = answer(*estimates, standard_error=0.1, grade="D", question=replace(question, minimum_grade="D"))
    assert only(firm).kind == "clear"
    assert only(waived).kind == "uncertain"
    assert only(waived).word.endswith("not settled")
    assert "Rules were waived" in only(waived).sentence


def test_rows_that_do_not_belong_together_are_told_one_by_one(answer: Build) -> None:
    verdict = only(answer(-0.5, -0.2))  # two rows are not pooled: exp gives 0.61 and 0.82
    assert verdict.kind == "cannot be pooled"
    assert "each by itself between 0.61 and 0.82" in verdict.sentence
    assert "because two rows cannot tell how much studies differ" in verdict.sentence
    assert "model: bayesian" not in verdict.text  # what to type belongs on no page


def test_studies_in_a_reason_have_the_names_of_figures(answer: Build) -> None:
    refused = answer(-0.5, -0.2)
    rows = tuple(replace(row, study_label="Sörgel 2011") for row in refused.rows[:1]) + refused.rows[1:]
    overall = replace(refused.overall, refused="the cohorts of s1 and s12 overlap")
    verdict = only(replace(refused, rows=rows, overall=overall))
    assert "the cohorts of Sörgel 2011 and s12 overlap" in verdict.sentence


def test_without_any_row_nothing_is_known(answer: Build) -> None:
    verdict = only(answer())
    assert (verdict.kind, verdict.word, verdict.interval) == ("no usable result", "Not known", None)
    assert verdict.sentence == "No study reports this for the groups that the question asks about."


def test_what_cannot_be_counted_is_counted_by_what_it_is(answer: Build) -> None:
    verdict = only(answer(-0.5, -0.2, grade="D"))
    assert verdict.kind == "no usable result"
    assert "Of 2 results 2 are too rough" in verdict.sentence
    assert "between 0.61 and 0.82" in verdict.sentence
    assert "grade" not in verdict.text


def test_limits_alone_are_told_as_limits(answer: Build) -> None:
    bounds = answer(
        -0.5, -0.2, kind="bound", estimate=None, standard_error=None, lower=None, upper=-0.5, grade="X"
    )
    assert "2 are known only as a limit" in only(bounds).sentence


def test_blocks_are_told_one_by_one(answer: Build, question: Question) -> None:
    none = GroupSelector({"intervention": ("none",)})
    blocks = (*question.row_groups, RowGroup("Bone", GroupSelector({"site": ("bone",)}), none))
    first, second = verdicts_of(
        answer(-0.5, -0.2, -0.9, question=replace(question, row_groups=blocks, summary="by_row_group"))
    )
    assert (first.label, second.label) == ("All sites", "Bone")
    assert first.text.startswith("All sites: ")
    assert second.kind == "no usable result"


def test_a_share_is_told_in_patients(answer: Build, question: Question) -> None:
    # logit 0.25 is -1.0986; 5 equal rows of standard error 0.1
    pooled = pool([-1.0986] * 5, [0.01] * 5, effect_measure="proportion", interval="wald")
    asked = one_arm(question, "proportion")
    verdict = only(shown(answer(*[-1.0] * 5), asked, "logit", pooled))
    assert (verdict.kind, verdict.word) == ("clear", "About 25.0%")
    assert verdict.sentence.endswith("proportion 25.0% (23.4 to 26.7), so 23 to 27 of 100 patients.")
    wide = pool([-1.0986] * 5, [4.0] * 5, effect_measure="proportion", interval="wald")
    assert only(shown(answer(*[-1.0] * 5), asked, "logit", wide)).word == "About 25.0%, known only roughly"


def test_a_median_says_its_unit(answer: Build, question: Question) -> None:
    pooled = pool([math.log(60)] * 5, [0.01] * 5, effect_measure="median", interval="wald")
    verdict = only(shown(answer(*[-1.0] * 5), one_arm(question, "median"), "log", pooled))
    assert verdict.word == "About 60 months"
    assert "median 60 months (55 to 65)" in verdict.sentence


def test_a_bayesian_estimate_is_told_alike(answer: Build, question: Question) -> None:
    pooled = pool_bayesian([-0.5, -0.2], [0.04, 0.04], tau_prior="half-normal(0.5)")
    verdict = only(shown(answer(-0.5, -0.2), question, "log", pooled))
    assert verdict.kind == "uncertain"
    assert "2 usable results of 2 studies" in verdict.sentence


def test_a_caution_beside_the_interval_leaves_nothing_clear(answer: Build) -> None:
    firm = answer(-0.9, -1.0, -1.1, -0.95, standard_error=0.1)
    among = AmongChoices(4896, 4000, 0.79, 0.02, 0.91, "this is lower than 91% of 4,896 admissible choices")
    verdict = only(replace(firm, overall=replace(firm.overall, among_choices=among)))
    assert verdict.kind == "uncertain"
    assert "Of 4,896 defensible ways" in verdict.choices
    assert "lower than 91%; their median is 0.79" in verdict.choices


def test_choices_whose_median_prints_alike_differ_in_nothing(answer: Build) -> None:
    firm = answer(-0.9, -1.0, -1.1, -0.95, standard_error=0.1)
    estimate = math.exp(firm.overall.pooled.estimate)
    among = AmongChoices(11_694_375, 235, estimate - 1e-6, 0.95, 0.02, "", exact=False)
    verdict = only(replace(firm, overall=replace(firm.overall, among_choices=among)))
    assert "Of a sample of 235 of the 11,694,375 defensible ways" in verdict.choices
    assert verdict.choices.endswith(f"the median is {estimate:.2f}, the same.")


def test_limits_beyond_all_numbers_are_not_put_into_words(answer: Build) -> None:
    verdict = only(answer(0.0, standard_error=400.0))
    assert verdict.word == "Not known"
    assert "less than a tenth to more than ten times" in verdict.sentence


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1 / 3, "a third"), (0.35, "a third"), (0.5, "half"), (1.0, "the same"), (1.02, "the same"),
        (1.58, "one and a half times"), (2.0, "twice"), (1.1, "1.1 times"), (0.05, "less than a tenth"),
        (25.0, "more than ten times"), (0.29, "0.29"), (0.0, "less than a tenth"),
        (math.inf, "more than ten times"), (7.0, "seven times"),
    ],
)  # fmt: skip
def test_ratios_have_names(ratio: float, words: str) -> None:
    assert times_words(ratio) == words


@pytest.mark.parametrize(
    ("lower", "upper", "words"),
    [
        (0.33, 0.5, "between a third and half of the odds"),
        (2.0, 4.0, "between twice and four times the odds"),
        (0.5, 1.0, "from half of the odds to the same"),
        (1.0, 2.0, "from the same to twice the odds"),
        (0.34, 0.33, "about a third of the odds"),
        (None, 2.0, ""),
        (math.nan, 2.0, ""),
    ],
)
def test_intervals_of_ratios_have_words(lower: float | None, upper: float, words: str) -> None:
    interval = NaturalInterval(None, lower, upper)
    assert size_words(interval, measure_named("odds_ratio"), OutcomeEvent()) == words
    assert size_words(interval, measure_named("risk_difference"), OutcomeEvent()) == ""
