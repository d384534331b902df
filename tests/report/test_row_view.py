from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from evisynth.answers import Answer, answer_question
from evisynth.effects import recover
from evisynth.outcomes import Arm, Comparison, GroupSelector, GroupSize, Question, ReportedOutcome, RowGroup
from evisynth.report import RecoveryExplainer, effect_text, view_blocks


@pytest.fixture
def medians(
    question: Question, figure: Callable[..., ReportedOutcome]
) -> Callable[[ReportedOutcome], Answer]:
    block = RowGroup("All sites", GroupSelector({}))
    asked = replace(question, effect_measure="median", row_groups=(block,), minimum_grade="D")

    def build(median: ReportedOutcome) -> Answer:
        arm = Arm("s1", "R", "Resected", GroupSize((80,), "printed", "80", "line 3"), {}, "own", (median,))
        row = Comparison("s1", "All sites", "overall_survival", arm)
        return answer_question(asked, [row], [recover(row, asked)])

    return build


def test_rounding_is_told_one_digit_finer_than_the_effect(figure, medians) -> None:
    without = figure(
        statistic="median", unit="months", value=151.0, half_unit=0.5, ci_lower=None, ci_upper=None,
        compared_with=None, as_reported="151 months",
    )  # fmt: skip
    (block,) = view_blocks(medians(without))
    assert block.rows[0].recovery.rounding == "150.5 to 151.5"


def test_a_printed_interval_is_shown_as_it_is_printed(figure, medians) -> None:
    printed = figure(
        statistic="median", unit="months", value=87.0, half_unit=0.5, ci_lower=10.0, ci_upper=164.0,
        ci_lower_half_unit=0.5, ci_upper_half_unit=0.5, compared_with=None, as_reported="87 (10-164)",
    )  # fmt: skip
    answer = medians(printed)
    (block,) = view_blocks(answer)
    assert block.rows[0].effect == "87 (10 to 164)"
    explained = RecoveryExplainer(answer, effect_text(answer), None).explain(answer.rows[0].effect)
    # No formula is shown that does not give these limits.
    assert explained.back == "m = exp(4.466) = 87 months (95% CI 10 to 164), with the interval as printed"
