"""The opening: questions about one thing stand together, and each answer says how far it can be relied on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from evisynth.answers import Answer
from evisynth.outcomes import GroupSelector, Question, RowGroup
from evisynth.report import QuestionContent, ReportContent, certainty_of, choices_picture, render_pages

Build = Callable[..., Answer]
SURGERY = RowGroup("Operated", GroupSelector({"intervention": ("resection",)}))
NONE = RowGroup("Not operated", GroupSelector({"intervention": ("none",)}))


def opening(content: ReportContent, *asked: Question) -> str:
    """Render the opening of these questions, none of which any study answers."""
    shown = content.questions[0]
    empty = replace(shown.answer, rows=(), by_row_group=())
    questions = tuple(
        QuestionContent(replace(empty, question=question), shown.forest_svg) for question in asked
    )
    return render_pages(replace(content, questions=questions))["index.html"]


def topics(page: str) -> list[str]:
    return re.findall(r'<h2 class="topic">([^<]+)', page)


def single(question: Question, name: str, *rows: RowGroup, **changes: object) -> Question:
    asked = replace(question, id=name, title=name.capitalize(), row_groups=rows, effect_measure="survival")
    return replace(asked, **changes)  # type: ignore[arg-type]


def test_one_contrast_is_told_once_whatever_the_outcome(content: ReportContent, question: Question) -> None:
    other = replace(question, id="adjusted", title="Adjusted", outcome="disease_specific_survival")
    page = opening(content, question, other)
    assert topics(page) == ["Resection against none"]
    assert page.count('class="family"') == 1
    turned = replace(
        question, id="turned", title="Turned",
        row_groups=(RowGroup("All", NONE.index, SURGERY.index),),
    )  # fmt: skip
    assert opening(content, question, turned).count('class="family"') == 2


def test_single_groups_of_both_sides_stand_with_their_contrast(
    content: ReportContent, question: Question
) -> None:
    both = single(question, "both", SURGERY, NONE, time_months=60.0)
    assert opening(content, question, both).count('class="family"') == 1


def test_times_are_columns_in_their_order(content: ReportContent, question: Question) -> None:
    asked = [
        single(question, f"at-{years}", SURGERY, time_months=12.0 * years) for years in (10, 1, 5)
    ]  # written in another order
    page = opening(content, *asked)
    table = page[page.index('class="reflow together"') :].split("</table>")[0]
    heads = re.findall(r'<th scope="col">([^<]+)', table)
    assert heads == ["Patients", "Survival, 1 year", "Survival, 5 years", "Survival, 10 years"]
    assert table.count("<td") == 3 and table.count('href="questions/at-') == 3
    assert page.count('class="family"') == 1


@pytest.mark.parametrize(("randomised", "word"), [((), "moderate"), (("s1", "s2", "s3"), "high")])
def test_chance_lifts_certainty(answer: Build, randomised: tuple[str, ...], word: str) -> None:
    found = answer(-0.9, -1.0, -1.1, standard_error=0.1)
    assert certainty_of(found, found.overall, settled=True, randomised=randomised).word == word


def test_each_reason_takes_a_step_down(answer: Build) -> None:
    one = answer(-0.2, grade="C")
    certainty = certainty_of(one, one.overall, settled=False)
    assert certainty.word == "very low"
    assert len(certainty.because) == 4
    differing = answer(-2.0, 0.0, 2.0, standard_error=0.1)
    assert any("differ" in why for why in certainty_of(differing, differing.overall, settled=False).because)
    assert certainty_of(answer(), answer().overall, settled=False).word == "none"


def test_choices_are_drawn_with_median_and_own() -> None:
    drawn = choices_picture(np.array([0.0, 1.0, 1.0, 2.0]), 0.0, ("<1", "7"), 'a "b"')
    assert "&lt;1" in drawn and "<1" not in drawn
    # from 8 to 232: the median in the middle, the own at the left end
    assert 'class="middle" x1="120.0"' in drawn
    assert 'class="point" x="4.0"' in drawn
    survival = choices_picture(np.array([0.0, 1.0, 1.0, 2.0]), 0.0, ("90%", "10%"), "", falling=True)
    assert 'class="point" x="228.0"' in survival  # the highest survival stands at the right
    assert survival.index(">10%<") < survival.index(">90%<")
    assert choices_picture(np.array([1.0, 1.0]), 1.0, ("1", "1"), "").count('class="bar"') == 1
