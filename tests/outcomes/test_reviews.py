"""Published reviews are read as data, with their direction said outright and every mistake at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from evisynth.errors import FindingsError
from evisynth.outcomes import QuestionCard, Review, ReviewReading, question_cards, read_reviews
from evisynth.vocabulary import Vocabulary

GOOD = """\
reviews:
  first-2019:
    label: First 2019
    kind: meta-analysis
    asks: Resection against none.
    citation: {authors: [First A, et al.], year: 2019, journal: HPB, volume: 8(3), pages: 403}
    questions: [asked]
    searched_to: 2018
    included: 11
    includes: [one]
    results:
      - outcome: OS
        effect_measure: odds ratio
        index: resection
        reference: none
        of_event: survival
        time: 5 years
        estimate: 4.0 (95% CI 2.0 to 8.0)
        question: asked
        block: Resected
      - {outcome: OS, effect_measure: survival, index: resection, time: 5 years, over_studies: 41% to 100%}
  empty-2009: {label: Empty 2009, kind: systematic review, asks: Trials., included: 0, says: There is none.}
"""


def read(folder: Path, vocabulary: Vocabulary, text: str) -> tuple[Review, ...]:
    path = folder / "evidence" / "reviews.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    cards = {
        "asked": QuestionCard("overall survival", ("Resected",)),
        "relief": QuestionCard("symptom relief", ()),
        "other": QuestionCard("OS", ("Resected",)),
    }
    return read_reviews(path, ReviewReading(vocabulary, ("one", "two"), cards))


def test_what_a_review_found_is_read_with_its_direction(tmp_path: Path, vocabulary: Vocabulary) -> None:
    first, empty = read(tmp_path, vocabulary, GOOD)
    pooled, ranged = first.results
    assert (first.id, first.included, first.searched_to, first.includes) == ("first-2019", 11, 2018, ("one",))
    assert first.citation.words == "First A and others. HPB 2019;8(3):403"
    assert (pooled.outcome, pooled.speaks_of, pooled.time_months) == ("overall_survival", "absence", 60.0)
    assert (pooled.quantity.value, pooled.quantity.ci_lower, pooled.quantity.ci_upper) == (4.0, 2.0, 8.0)
    assert (ranged.quantity.lower, ranged.quantity.upper, ranged.speaks_of) == (0.41, 1.0, None)
    assert (empty.results, empty.included, empty.says) == ((), 0, "There is none.")


def test_a_project_need_not_have_any(tmp_path: Path, vocabulary: Vocabulary) -> None:
    assert read_reviews(tmp_path / "reviews.yaml", ReviewReading(vocabulary, (), {})) == ()


BAD = {
    "no event": ("        of_event: survival\n", "", 12, "direction-missing"),
    "no reference": ("        reference: none\n", "", 12, "direction-missing"),
    "an event of nothing": ("of_event: survival", "of_event: relief", 16, "unknown-event"),
    "a single group has no event": ("time: 5 years, over", "of_event: death, over", 21, "reference-unused"),
    "neither pooled nor a range": ("        estimate: 4.0 (95% CI 2.0 to 8.0)\n", "", 12, "one-result"),
    "unreadable number": ("estimate: 4.0 (", "estimate: four (", 18, "unreadable-value"),
    "unknown question": ("questions: [asked]", "questions: [asked, askd]", 7, "unknown-question"),
    "question not shared": ("question: asked", "question: other", 19, "question-not-shared"),
    "unknown study": ("includes: [one]", "includes: [oen]", 10, "unknown-study"),
    "unknown block": ("block: Resected", "block: Resectd", 20, "unknown-block"),
    "unknown outcome": ("- outcome: OS\n", "- outcome: OSS\n", 12, "unknown-outcome"),
    "unknown kind": ("kind: meta-analysis", "kind: metaanalysis", 4, "unknown-choice"),
    "years in words": ("searched_to: 2018", "searched_to: lately", 8, "unreadable-year"),
    "a count below nought": ("included: 11", "included: -1", 9, "unreadable-count"),
    "unknown key": ("    asks: Resection", "    aks: Resection", 5, "unknown-key"),
    "an id in capitals": ("  first-2019:", "  First 2019:", 2, "unreadable-id"),
}


@pytest.mark.parametrize("name", BAD)
def test_each_mistake_is_told_at_its_line(tmp_path: Path, vocabulary: Vocabulary, name: str) -> None:
    old, new, line, code = BAD[name]
    assert old in GOOD
    with pytest.raises(FindingsError) as refused:
        read(tmp_path, vocabulary, GOOD.replace(old, new, 1))
    assert (line, code) in [(one.line, one.code) for one in refused.value.findings]
    assert all(one.file == "evidence/reviews.yaml" and one.fix for one in refused.value.findings)


def test_a_result_of_another_outcome_answers_no_question(tmp_path: Path, vocabulary: Vocabulary) -> None:
    text = GOOD.replace("questions: [asked]", "questions: [relief]").replace(
        "question: asked", "question: relief"
    )
    with pytest.raises(FindingsError) as refused:
        read(tmp_path, vocabulary, text.replace("        block: Resected\n", ""))
    assert [(one.line, one.code) for one in refused.value.findings] == [(19, "another-outcome")]


def test_the_card_of_a_question_needs_no_right_question(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "outcome: OS\nrows: [{label: One}, {label: Two}, three]\n", encoding="utf-8"
    )
    (tmp_path / "b.yaml").write_text("- a list\n", encoding="utf-8")
    cards = question_cards([tmp_path / "a.yaml", tmp_path / "b.yaml"])
    assert cards == {"a": QuestionCard("OS", ("One", "Two")), "b": QuestionCard("", ())}
