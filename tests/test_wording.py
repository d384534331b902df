"""How things are written: each number, time, list and noun by itself, and then everything that is said."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from english import slips
from five_studies import FIVE_ANSWERED, FIVE_STUDIES
from hypothesis import given, strategies as st

from evisynth.errors import FindingsError
from evisynth.measures import MEASURES
from evisynth.printed_statistics import STATISTICS
from evisynth.report import render_explanation
from evisynth.studies import read_study
from evisynth.wording import (
    capitalised,
    countable,
    counted,
    fixed,
    hyphened,
    interval_name,
    interval_with_article,
    listed,
    named_test,
    number_text,
    p_value_text,
    percent_text,
    plain_number,
    plain_text,
    plural,
    ratio_text,
    result_text,
    rounded_percent,
    short_number,
    six_digits,
    span_text,
    step_text,
    term_words,
    time_adjective,
    time_as_printed,
    time_words,
    type_words,
    whole_number,
    whole_numbers,
    with_article,
    within_sentence,
)

#: What explanations quote as it is typed in study files, and the letters of formulas.
QUOTED = frozenset({"also_at", "at_risk", "z_p"})
BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))
EVIDENCE = FIVE_ANSWERED
VOCABULARY = EVIDENCE.vocabulary()

# numbers


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.123456789, 6, "0.123457"),
        (11.2 * 12, 6, "134.4"),
        (2 / 3, 4, "0.6667"),
        (-0.0, 6, "0"),
        (float("inf"), 3, "∞"),
        (float("-inf"), 3, "-∞"),
        (float("nan"), 3, "undefined"),
        (None, 3, "-"),
    ],
)
def test_numbers_have_the_digits_that_carry_meaning(value: float | None, digits: int, text: str) -> None:
    assert number_text(value, digits) == text


def test_spans_and_intervals() -> None:
    assert span_text(0.41, 1.27) == "0.41 to 1.27"
    assert span_text(None, 1.27, none="?") == "? to 1.27"
    assert span_text(None, None) == ""
    assert [interval_name(level) for level in (0.95, 0.975, 0.999)] == ["95% CI", "97.5% CI", "99.9% CI"]
    assert interval_name(0.9, bayesian=True) == "90% credible interval"
    assert [interval_with_article(level) for level in (0.95, 0.8)] == ["a 95% interval", "an 80% interval"]
    assert percent_text(0.07) == "7%"


@pytest.mark.parametrize(
    ("value", "text"), [(1362.0, "1,362"), (0.00005, "5e-05"), (0.0312, "0.0312"), (134.4, "134"), (0.0, "0")]
)
def test_short_numbers_have_no_exponent_where_people_use_none(value: float, text: str) -> None:
    assert short_number(value) == text


@pytest.mark.parametrize(
    ("value", "result", "step"),
    [(3.0, "3", "3"), (-0.49312, "-0.493", "-0.4931"), (0.012345, "0.01235", "0.01235"),
     (12345.6, "12345.600", "12346")],
)  # fmt: skip
def test_results_of_formulas(value: float, result: str, step: str) -> None:
    assert (result_text(value), step_text(value)) == (result, step)
    assert result_text(float("inf")) == "∞"


def test_whole_numbers_and_percentages() -> None:
    cases = {(164, 165): "164 or 165", (28,): "28", (145, 146, 147): "145 to 147", (1, 5, 9): "1, 5 or 9"}
    assert {numbers: whole_numbers(numbers) for numbers in cases} == cases
    assert [rounded_percent(0.2), rounded_percent(0.1296, 2), rounded_percent(1 / 6, 0)] == [
        "20%", "12.96%", "17%",
    ]  # fmt: skip


def test_values_are_written_as_people_read_them() -> None:
    assert plain_text(None) == "" and plain_text(True) == "yes" and plain_text(False) == "no"
    assert plain_text(0.12345678) == "0.123457" and plain_text(5) == "5"
    assert plain_text(["a", None, 1.50]) == "a, , 1.5"
    assert plain_text({"k": 2, "q": [1, 2]}) == "k 2, q 1, 2"
    assert plain_text("two\n lines ") == "two lines"


def test_six_digits_reach_every_depth_and_leave_words_alone() -> None:
    assert six_digits({"a": [1.23456789, ("x", 3)], "b": None}) == {"a": [1.23457, ["x", 3]], "b": None}
    assert math.copysign(1, six_digits(-0.0)) == 1


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_six_digits_are_near_and_stay(value: float) -> None:
    shown = six_digits(value)
    # half a unit of the sixth digit
    assert math.isclose(shown, value, rel_tol=5.1e-6) or abs(value) < 1e-300
    assert six_digits(shown) == shown


# numbers in figures


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.2503, "0.25"),
        (1.0, "1.00"),
        (9.994, "9.99"),
        (9.996, "10.0"),
        (99.96, "100"),
        (271.3, "271"),
        (0.004, "<0.01"),
        (0.0, "<0.01"),
        (float("inf"), "> 99999"),
    ],
)
def test_ratios(value: float, text: str) -> None:
    assert ratio_text(value) == text


def test_a_negative_zero_has_no_sign_and_others_a_true_minus() -> None:
    assert fixed(-0.001, 2) == "0.00"
    assert fixed(-0.4, 2) == "\N{MINUS SIGN}0.40"


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0004, "p < 0.001"),
        (0.0172, "p = 0.017"),
        (0.0996, "p = 0.10"),
        (0.445, "p = 0.45"),
        (1.0, "p > 0.99"),
    ],
)
def test_p_values(p: float, text: str) -> None:
    assert p_value_text(p).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (-0.803, "−0.803"), (1234.0, "1234"), (1e-9, "1.00e−09"), (95.0, "95")]
)
def test_a_true_minus_and_no_exponent_where_none_is_needed(value: float, text: str) -> None:
    assert plain_number(value) == text


# times


@pytest.mark.parametrize(
    ("months", "words", "adjective"),
    [
        (12.0, "1 year", "1-year"),
        (60.0, "5 years", "5-year"),
        (18.0, "18 months", "18-month"),
        (1.0, "1 month", "1-month"),
        (5.5, "5.5 months", "5.5-month"),
        (30 / 30.4375, "30 days", "30-day"),
        (90 / 30.4375, "90 days", "90-day"),
        (180 / 30.4375, "180 days", "180-day"),
        (138.0, "138 months", "138-month"),
    ],
)
def test_times_as_nouns_and_adjectives(months: float, words: str, adjective: str) -> None:
    assert (time_words(months), time_adjective(months)) == (words, adjective)


@pytest.mark.parametrize(
    ("months", "printed", "told"),
    [
        (134.4, "11.2 years", "11.2 years"),
        (134.4, "11.2 yrs (95% CI 9 to 14)", "11.2 years"),
        (134.4, "134.4 months", "134 months"),
        (98.5, "3000 days", "98.5 months"),
    ],
)
def test_a_time_is_told_in_the_unit_of_its_print(months: float, printed: str, told: str) -> None:
    assert time_as_printed(months, printed) == told


# nouns and lists


@pytest.mark.parametrize(
    ("words", "article"),
    [
        ("odds ratio", "an"), ("hazard ratio", "a"), ("incidence rate", "an"), ("arcsine difference", "an"),
        ("unadjusted ratio", "an"), ("unit", "a"), ("usual prior", "a"), ("European series", "a"),
        ("hour", "an"), ("HR", "an"), ("RR", "an"), ("OR", "an"), ("SE", "an"), ("IQR", "an"), ("PR", "a"),
        ("95% interval", "a"), ("80% interval", "an"), ("11-year rate", "an"), ("18-month rate", "an"),
        ("110% of it", "a"), ("Answer", "an"), ("PooledResult", "a"), ("int", "an"),
    ],
)  # fmt: skip
def test_articles_go_by_sound(words: str, article: str) -> None:
    assert with_article(words) == f"{article} {words}"


def test_plurals() -> None:
    assert [counted(count, "study") for count in (0, 1, 5)] == ["0 studies", "1 study", "5 studies"]
    assert counted(1362, "patient") == "1,362 patients"
    assert counted(2, "further group") == "2 further groups"
    assert counted(1, "study", one="one") == "one study"
    assert [plural("is", count) for count in (1, 2)] == ["is", "are"]


def test_lists_read_as_sentences_and_end() -> None:
    assert [listed("abc"[:count]) for count in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert listed("ab", "or") == "a or b"
    assert listed(["a", "", "c"], most=2) == "a, (no name) and 1 more"
    assert listed(range(10)).endswith("7 and 2 more") and listed(range(10), most=None).endswith("8 and 9")


def test_names_in_sentences() -> None:
    assert (term_words("hazard_ratio"), hyphened("leave_one_out")) == ("hazard ratio", "leave-one-out")
    assert term_words("intra_arterial_therapy", "Intra-arterial therapy") == "intra-arterial therapy"
    assert term_words("complete_microscopic", "R0") == "complete microscopic"
    assert [within_sentence(label) for label in ("Resection", "R0", "MRI")] == ["resection", "R0", "MRI"]
    assert [named_test(name) for name in ("t test", "Cox", None)] == ["t test", "Cox test", "test"]
    assert [capitalised(words) for words in ("median", "pH", "x")] == ["Median", "pH", "X"]
    assert type_words({}) == "a dict" and type_words(1) == "an int"


# everything that is said


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_messages_about_broken_files_are_english(path: Path) -> None:
    with pytest.raises(FindingsError) as caught:
        read_study(path, VOCABULARY)
    said = [text for finding in caught.value.findings for text in (finding.message, finding.fix)]
    assert [slip for text in said for slip in slips(text, ids_allowed=None)] == []


@pytest.mark.parametrize("question", EVIDENCE.question_ids())
def test_answers_and_explanations_are_english(question: str, run) -> None:
    # The columns of its table are the keys of its JSON, and hold ids.
    assert slips(" ".join(run(FIVE_STUDIES, "pool", question)[1].split()), ids_allowed=None) == []
    explained = render_explanation(EVIDENCE.explain(question), "markdown").replace("\\", "")
    assert [slip for line in explained.splitlines() for slip in slips(line, ids_allowed=QUOTED)] == []


def test_measures_and_statistics_have_names_for_people() -> None:
    names = [name for measure in MEASURES.values() for name in (measure.words, measure.heading)]
    names += [name for one in STATISTICS.values() for name in (one.words, one.column_head)]
    names += [f"nothing gives {with_article(measure.words)} here" for measure in MEASURES.values()]
    assert len(names) > 100
    assert [slip for name in names for slip in slips(name)] == []


def test_a_count_that_nobody_reads_is_told_by_its_size() -> None:
    assert whole_number(4896) == "4,896"
    assert whole_number(10**15) == "more than 10^14"
    assert whole_number(10**90 + 1) == "more than 10^90"
    assert whole_number(3 * 10**5000) == "more than 10^5000"
    assert countable(4896) == 4896
    assert countable(10**90) == "more than 10^89"
