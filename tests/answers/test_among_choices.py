"""Where an estimate stands among its admissible choices, and what is said beside one at their edge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from five_studies import FIVE_STUDIES

import evisynth
from evisynth.answers import AmongChoices, answer_as_json, answer_question, multiverses, with_choices
from evisynth.synthesis import pool

STEPS = tuple(-0.6 + 0.1 * step for step in range(12))


def answered(question: Any, rows: Any) -> Any:
    comparisons, effects = [row for row, _ in rows], [found for _, found in rows]
    return with_choices(answer_question(question, comparisons, effects), comparisons, effects)


@pytest.fixture
def three_studies(compare: Any, point: Any) -> Any:
    """Three studies, of which the first has twelve recoveries; ``stands`` is the one that stands for it."""

    def build(stands: int) -> Any:
        rows = []
        for study, values in (("s1", STEPS), ("s2", (-0.1,)), ("s3", (0.0,))):
            row = compare(study)
            primary = stands if study == "s1" else 0
            rows.append((row, tuple(
                replace(point(row, y, 0.2), primary=place == primary, recovery=f"r{place}")
                for place, y in enumerate(values)
            )))  # fmt: skip
        return rows

    return build


@pytest.mark.parametrize(
    ("stands", "words"), [(0, "this is lower than 92%"), (11, "this is higher than 92%")]
)
def test_an_estimate_at_the_edge_of_its_choices_says_so(
    ask: Any, three_studies: Any, stands: int, words: str
) -> None:
    answer = answered(ask(), three_studies(stands))
    among = answer.overall.among_choices
    every = [pool([y, -0.1, 0.0], [0.04] * 3).estimate for y in STEPS]
    assert among.median == pytest.approx(np.exp(np.median(every)), rel=1e-9)
    assert (among.pooled, among.combinations) == (12, 12)
    assert sorted((among.share_below, among.share_above)) == pytest.approx([0, 11 / 12])
    assert among.words == f"{words} of 12 admissible choices, whose median is {among.median:.2f}"
    assert among.words in answer.overall.beside
    assert answer_as_json(answer)["among_choices"]["words"] == among.words


@pytest.mark.parametrize("stands", [2, 5, 9])
def test_one_inside_its_choices_says_nothing(ask: Any, three_studies: Any, stands: int) -> None:
    answer = answered(ask(), three_studies(stands))
    assert answer.overall.among_choices.words == ""
    assert answer.overall.beside == ""


def test_a_median_that_prints_alike_is_not_set_against_the_estimate(
    ask: Any, compare: Any, point: Any
) -> None:
    # twelve recoveries, the first the least, all within a thousandth: nobody reads a difference
    rows = []
    for study, values in (
        ("s1", tuple(-0.1 + 1e-4 * step for step in range(12))),
        ("s2", (-0.1,)),
        ("s3", (-0.09,)),
    ):
        row = compare(study)
        rows.append((row, tuple(
            replace(point(row, y, 0.2), primary=place == 0, recovery=f"r{place}")
            for place, y in enumerate(values)
        )))  # fmt: skip
    among = answered(ask(), rows).overall.among_choices
    assert among.share_above == pytest.approx(11 / 12)
    assert (among.words, f"{among.median:.2f}") == ("", "0.91")


def test_a_sample_of_choices_is_told_with_the_number_of_all() -> None:
    among = AmongChoices(11_694_375, 235, 0.6, 0.95, 0.05, "", exact=False)
    assert among.count == "a sample of 235 of the 11,694,375"
    assert replace(among, exact=True).count == "11,694,375"


def test_fewer_than_ten_choices_have_no_tenth(ask: Any, three_studies: Any) -> None:
    rows = [(row, effects[:5]) for row, effects in three_studies(0)]
    assert answered(ask(), rows).overall.among_choices.words == ""


def test_of_survival_the_side_is_that_which_people_read(ask: Any, compare: Any, point: Any) -> None:
    # on log(-log) the least value is the highest survival
    rows = []
    for study in ("s1", "s2", "s3"):
        row = compare(study, reference=None)
        values = STEPS if study == "s1" else (0.0,)
        rows.append((row, tuple(
            replace(point(row, y, 0.2, effect_measure="survival"), primary=place == 0, recovery=f"r{place}")
            for place, y in enumerate(values)
        )))  # fmt: skip
    among = answered(ask(effect_measure="survival"), rows).overall.among_choices
    assert among.words.startswith("this is higher than 92%") and "%" in among.words.rpartition(" ")[2]
    assert among.share_below == pytest.approx(11 / 12)


def test_more_against_less_surgery_stands_far_below_the_median_of_its_choices() -> None:
    evidence = evisynth.open(FIVE_STUDIES)
    recovered = evidence.recover("surgery-extent-overall-survival")
    among = recovered.answer.overall.among_choices
    # evisynth multiverse: place 433 of 4,896, the middle one at 0.7893
    assert (among.combinations, round(among.median, 4)) == (4896, 0.7893)
    assert among.share_below == pytest.approx(432 / 4896)
    said = "this is lower than 91% of 4,896 admissible choices, whose median is 0.79"
    assert among.words == said
    figure = evidence.forest("surgery-extent-overall-survival")
    assert "median of choices 0.79" in figure.description
    assert said[1:] in figure.description
    assert said in evidence.explain("surgery-extent-overall-survival").results[0].result
    (one,) = multiverses(recovered.answer.question, recovered.comparisons, recovered.effects)
    assert float(np.mean(one.estimate < one.estimate[one.own] - 1e-9)) == pytest.approx(among.share_below)
