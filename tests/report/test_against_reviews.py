"""Answers beside published reviews: same direction, do intervals meet, which studies in common."""

from __future__ import annotations

from dataclasses import replace

import pytest
from five_studies import FIVE_ANSWERED

from evisynth.outcomes import Review, ReviewCitation, ReviewResult
from evisynth.quantities import parse_quantity
from evisynth.report import ReviewComparison, compare_with_reviews, found_there, result_words

QUESTION, BLOCK = "surgery-extent-overall-survival", "survival-5-years"
STUDIES = {
    "gudmundsdottir-2023": ("Gudmundsdottir 2023", 2023),
    "mayo-sinet-peritoneal-2024": ("Mayo 2024", 2024),
    "midgut-debulking": ("Midgut", None),
    "net-liver-surgery-34": ("Series of 34", 2010),
    "parenchyma-sparing-debulking": ("Debulking", 2016),
}


def ratio(text: str, measure: str = "hazard_ratio", of_event: str = "death") -> ReviewResult:
    speaks_of = "occurrence" if of_event == "death" else "absence"
    return ReviewResult(
        "overall_survival", measure, "resection", "none", of_event, None, text, question=QUESTION,
        speaks_of=speaks_of, quantity=parse_quantity(text, "ratio"),
    )  # fmt: skip


def rate(text: str, months: float = 60.0) -> ReviewResult:
    ranged = " to " in text and "CI" not in text
    quantity = parse_quantity(text, "share", "range") if ranged else parse_quantity(text, "share")
    return ReviewResult(
        "overall_survival", "survival", "surgery", None, None, months, None if ranged else text,
        text if ranged else None, BLOCK, "After surgery", quantity=quantity,
    )  # fmt: skip


def review(*results: ReviewResult, **changes: object) -> Review:
    plain = Review(
        "First 2019", "meta-analysis", "Surgery.", questions=(QUESTION, BLOCK), results=results, id="first"
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def beside(question: str, shown: Review) -> list[ReviewComparison]:
    return list(compare_with_reviews([FIVE_ANSWERED.answer(question)], [shown], STUDIES))


@pytest.mark.parametrize(
    ("measure", "of_event", "text", "expected"),
    [
        ("odds_ratio", "death", "0.20 (95% CI 0.10 to 0.50)", (0.2, 0.1, 0.5)),
        # 1/4, 1/8 and 1/2: the odds of being alive are the inverse odds of death.
        ("odds_ratio", "survival", "4.0 (95% CI 2.0 to 8.0)", (0.25, 0.125, 0.5)),
        # A ratio of survivors is no inverse of the ratio of deaths.
        ("risk_ratio", "survival", "1.5 (95% CI 1.2 to 1.9)", (None, None, None)),
    ],
)
def test_a_ratio_is_turned_to_the_event_of_its_outcome(
    measure: str, of_event: str, text: str, expected: tuple[float | None, ...]
) -> None:
    found = found_there(ratio(text, measure, of_event))
    assert (found.estimate, found.lower, found.upper) == expected


# The five studies' exploratory answer is 0.54 (95% CI 0.18 to 1.65).
@pytest.mark.parametrize(
    ("text", "direction", "intervals"),
    [
        ("0.40 (95% CI 0.30 to 0.60)", "yes: fewer deaths with resection", "yes, its interval"),
        ("0.10 (95% CI 0.05 to 0.15)", "yes: fewer deaths with resection", "no, its interval"),
        ("1.20 (95% CI 1.10 to 1.30)", "no: more deaths with resection there", "yes, its interval"),
        ("0.40", "yes: fewer deaths with resection", "none there; its estimate lies within ours"),
        ("0.04", "yes: fewer deaths with resection", "none there; its estimate lies outside ours"),
    ],
)
def test_direction_and_intervals_are_compared(text: str, direction: str, intervals: str) -> None:
    (row,) = beside(QUESTION, review(ratio(text)))
    assert (row.direction, row.intervals) == (direction, intervals)
    assert row.here.startswith("0.54 (95% CI 0.18 to 1.65)")


def test_odds_are_compared_in_direction_only() -> None:
    (row,) = beside(QUESTION, review(ratio("4.0 (95% CI 2.0 to 8.0)", "odds_ratio", "survival")))
    assert row.direction == "yes: fewer deaths with resection"
    assert row.intervals == "not comparable: odds ratio there, hazard ratio here"
    assert row.found == "odds ratio of survival 4.0 (95% CI 2.0 to 8.0), resection against none"


def test_without_an_answer_the_rows_tell_the_direction() -> None:
    question = "resection-overall-survival"
    shown = replace(ratio("0.4 (95% CI 0.3 to 0.6)"), question=question)
    answer = FIVE_ANSWERED.answer(question)
    # Of the three rows 0.25, 0.89 and 0.75 none stands alone when the one that counts is set aside.
    rows = tuple(replace(row, included=False, reason="set aside") for row in answer.rows)
    (row,) = compare_with_reviews(
        [replace(answer, rows=rows)], [review(shown, questions=(question,))], STUDIES
    )
    assert row.direction == "not answered here; 3 of 3 rows with a direction point the same way"
    assert (row.intervals, row.here[:12]) == ("no interval here", "no estimate:")


# Complete cytoreduction is 67.9% (34.0% to 89.7%) of the patients of the five studies.
@pytest.mark.parametrize(
    ("text", "intervals"),
    [
        ("80% to 95%", "yes, its range over studies"),
        ("10% to 20%", "no, its range over studies"),
        ("85%", "none there; its estimate lies within ours"),
        ("95%", "none there; its estimate lies outside ours"),
    ],
)
def test_single_groups_have_no_direction(text: str, intervals: str) -> None:
    question = "complete-cytoreduction"
    ranged = text if " to " in text else None
    result = ReviewResult(
        "complete_cytoreduction", "proportion", "surgery", estimate=None if ranged else text,
        over_studies=ranged, question=question,
        quantity=parse_quantity(text, "share", "range" if ranged else None),
    )  # fmt: skip
    (row,) = beside(question, review(result, questions=(question,)))
    assert (row.direction, row.intervals) == ("single groups have none", intervals)
    assert row.found.startswith(f"proportion {text}") and row.here.startswith("67.9%")


def test_rates_are_set_beside_those_of_the_same_time() -> None:
    later, same = beside(BLOCK, review(rate("85%", 36.0), rate("41% to 86%")))
    assert (later.intervals, same.intervals) == ("not comparable: 3 years there", "no interval here")
    assert same.here.startswith("After surgery: no estimate: its rows are strata of one study")
    assert same.found == "survival at 5 years 41% to 86% over studies, surgery"


def test_studies_in_common_are_named_or_bounded_by_their_years() -> None:
    def said(**changes: object) -> str:
        (row,) = beside(QUESTION, review(ratio("0.4"), **changes))
        return row.in_common

    unknown = "not known"
    assert said(includes=("midgut-debulking",)) == "Midgut"
    assert said(includes=("elsewhere",)) == "none"
    assert said() == unknown
    assert said(searched_to=2012) == f"{unknown}; at most Midgut and Series of 34"
    assert said(citation=ReviewCitation(year=2009)) == f"{unknown}; at most Midgut"


def test_a_review_without_results_is_told_and_a_retracted_one_marked() -> None:
    (row,) = beside(QUESTION, review(says="No trial.", note="Odd."))
    assert (row.found, row.direction, row.intervals, row.why) == ("No trial.", "–", "–", "Odd.")
    (row,) = beside(BLOCK, review())
    assert (row.found, row.here) == ("nothing pooled", "an answer for each of its blocks")
    (row,) = beside(QUESTION, review(ratio("0.4"), retracted="Its page says so."))
    assert row.retracted and row.why == "Retracted. Its page says so."


def test_a_review_stands_beside_the_questions_that_it_shares() -> None:
    assert beside("symptom-relief", review(ratio("0.4"))) == []
    assert result_words(replace(ratio("0.4"), time_months=60.0)).startswith(
        "hazard ratio of death at 5 years"
    )
