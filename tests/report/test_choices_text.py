"""The line under an estimate: how far every admissible choice moves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from evisynth.answers import Answer, Multiverse
from evisynth.report import QuestionContent, ReportContent, choices_text, effect_text, render_report


@pytest.fixture
def universes() -> Callable[..., Multiverse]:
    """A multiverse of three universes of hazard ratios: 0.5, 0.7 and 0.9."""

    def build(**changes: Any) -> Multiverse:
        y = np.log([0.5, 0.7, 0.9])
        nothing = np.empty((3, 0), dtype=np.int64)
        whole = Multiverse(
            label="Overall", rows=(), combinations=3, exact=True, seed=1, choices=nothing, estimate=y,
            standard_error=np.full(3, 0.2), ci_lower=y - 0.4, ci_upper=y + 0.4, tau_squared=np.zeros(3),
            row_count=np.full(3, 2), own=1, refused={}, scale="log", ways=nothing,
        )  # fmt: skip
        return replace(whole, **changes)

    return build


def test_the_range_and_how_often_no_effect_is_excluded(universes: Any, answer: Any) -> None:
    texts = effect_text(answer(-0.5, -0.2, -0.9))
    # 0.5 × exp(0.4) = 0.75 is below 1, 0.7 × exp(0.4) = 1.04 is not.
    assert choices_text(universes(), texts, exploratory=True) == (
        "Over all 3 admissible combinations of choices the estimate lies between 0.50 and 0.90; "
        "in 1 of 3 the interval excludes no effect."
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"combinations": 1, "own": None}, "Over the one admissible combination of choices"),
        ({"combinations": 2}, "Over both admissible combinations of choices"),
        ({"combinations": 5, "refused": {"no row is in": 2}}, "; 2 of them are not pooled; in 1 of 3"),
        ({"combinations": 4, "refused": {"no row is in": 1}}, "; 1 of them is not pooled;"),
        (
            {"combinations": 9_000, "exact": False, "refused": {"no row is in": 1}},
            "Over a sample of 4 of the 9,000 admissible combinations",
        ),
    ],
)
def test_what_was_combined_is_told(universes: Any, answer: Any, changes: Any, words: str) -> None:
    texts = effect_text(answer(-0.5, -0.2, -0.9))
    assert words in choices_text(universes(**changes), texts, exploratory=True)


def test_where_nothing_can_be_chosen_nothing_is_counted(universes: Any, answer: Any) -> None:
    texts = effect_text(answer(-0.5, -0.2, -0.9))
    y = np.log([0.7])
    one = universes(combinations=1, own=0, estimate=y, ci_lower=y - 0.4, ci_upper=y + 0.4)
    assert choices_text(one, texts, exploratory=False) == (
        "No choice could move it: the question's own is the one admissible combination of choices."
    )
    other = choices_text(replace(one, own=None), texts, exploratory=True)
    assert other.endswith("the estimate is 0.70; its interval includes no effect.")


def test_a_stricter_question_is_told_that_choices_go_further(universes: Any, answer: Any) -> None:
    texts = effect_text(answer(-0.5, -0.2, -0.9))
    told = choices_text(universes(), texts, exploratory=False)
    assert "(by the rules of an exploratory question)" in told


def test_choices_that_change_nothing_give_one_number(universes: Any, answer: Any) -> None:
    texts = effect_text(answer(-0.5, -0.2, -0.9))
    same = universes(estimate=np.log([0.7, 0.7, 0.7]))
    assert "the estimate is 0.70;" in choices_text(same, texts, exploratory=True)


def test_it_stands_under_the_estimate_with_the_command(
    content: ReportContent, answer: Callable[..., Answer], universes: Any, svg: str
) -> None:
    asked = QuestionContent(answer(-0.5, -0.2, -0.9), svg, (universes(),))
    html = render_report(replace(content, questions=(asked,)))
    assert html.count("the estimate lies between 0.50 and 0.90") == 1
    assert "<code>evisynth multiverse resection</code>" in html
    one = QuestionContent(answer(-0.5, -0.2, -0.9), svg, (universes(combinations=1, own=0),))
    alone = render_report(replace(content, questions=(one,)))
    assert "No choice could move it" in alone
    assert "says which choices move it" not in alone
    refused = QuestionContent(answer(-0.5), svg, (universes(),))
    assert "admissible" not in render_report(replace(content, questions=(refused,)))
