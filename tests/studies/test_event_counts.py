"""``deaths: 40`` is what ``count: 40 deaths`` is; deaths are not the events of every outcome."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evisynth.errors import Finding
from evisynth.quantities import Quantity
from evisynth.studies import StatisticFigure, counts_events, is_death_alone, read_study
from evisynth.vocabulary import Vocabulary

FindingsOf = Callable[[str, str | bytes], list[Finding]]
STUDY = """\
id: counted
source: {{kind: journal abstract}}
cohort: {{}}
groups:
  all: {{label: All, n: 70, at: line 1}}
outcomes:
  - outcome: {outcome}
    at: line 2
    values:
      all: {{{figures}}}
"""


def text_of(figures: str, outcome: str = "overall survival") -> str:
    return STUDY.format(outcome=outcome, figures=figures)


@pytest.fixture
def read(tmp_path: Path, vocabulary: Vocabulary) -> Callable[..., tuple[StatisticFigure, ...]]:
    def figures_of(figures: str, outcome: str = "overall survival") -> tuple[StatisticFigure, ...]:
        path = tmp_path / "counted.yaml"
        path.write_text(text_of(figures, outcome), encoding="utf-8")
        return read_study(path, vocabulary).outcomes[0].values["all"].figures

    return figures_of


@pytest.mark.parametrize("number", ["40", "at least 40", "1", "{value: 40, at: table 2}"])
def test_deaths_are_a_count_of_deaths(read, number: str) -> None:
    (one,) = read(f"deaths: {number}")
    with_word = number.replace("40, at", "40 deaths, at") if "{" in number else f"{number} deaths"
    (other,) = read(f"count: {with_word}")
    assert (one.statistic, one.time_months) == ("count", None)
    assert one.figure.quantity == other.figure.quantity
    assert one.figure.at == other.figure.at


@pytest.mark.parametrize(
    ("figure", "count", "whole", "printed"),
    [
        ("deaths: 40/70", 40, 70, "40/70 deaths"),
        ("deaths: 40 of 70", 40, 70, "40 of 70 deaths"),
        ("deaths: 16 (26%)", 16, None, "16 (26%) deaths"),
        ("deaths: 16/70 (22.9%)", 16, 70, "16/70 (22.9%) deaths"),
        ("events: 40", 40, None, "40 events"),
        ("deaths: 40 patients", 40, None, "40 deaths"),
        ("deaths: 40/70 patients", 40, 70, "40/70 deaths"),
        ("events: 40 deaths", 40, None, "40 deaths"),
    ],
)
def test_a_whole_and_a_share_may_stand_beside_it(
    read, figure: str, count: int, whole: int | None, printed: str
) -> None:
    (one,) = read(figure)
    quantity: Quantity = one.figure.quantity
    assert (quantity.count, quantity.value, quantity.count_of) == (count, float(count), whole)
    assert (quantity.as_reported, quantity.unit, quantity.half_unit) == (printed, "patients", None)


def test_deaths_may_have_a_window_and_may_not_be_reported(read) -> None:
    first, second = read("deaths within 5 years: 12, deaths: not reported")
    assert (first.statistic, first.time_months) == ("count", 60.0)
    assert (second.figure.quantity.state, second.figure.quantity.as_reported) == (
        "not_reported",
        "not reported",
    )


@pytest.mark.parametrize(
    ("figure", "outcome", "code", "fix"),
    [
        ("deaths: 20", "progression-free survival", "statistic-does-not-fit", "type events:"),
        ("deaths: 20", "lesions treated", "statistic-does-not-fit", "median"),
        ("deaths: 71", "overall survival", "count-above-whole", "look at both numbers"),
        ("deaths: 40/90", "overall survival", "count-above-whole", "look at both numbers"),
        ("deaths: forty", "overall survival", "unreadable-value", "type 40"),
        ("deaths: 57%", "overall survival", "wrong-unit", "type 80"),
        ("number of deaths: 4", "overall survival", "unknown-key", "type deaths:"),
        ("no. of events: 4", "overall survival", "unknown-key", "type events:"),
        ("death: 4", "overall survival", "unknown-key", "type deaths:"),
    ],
)
def test_what_cannot_be_is_refused(
    findings_of: FindingsOf, figure: str, outcome: str, code: str, fix: str
) -> None:
    (found,) = findings_of("counted.yaml", text_of(figure, outcome))
    assert found.code == code
    assert fix in found.fix


def test_words_tell_events_from_patients() -> None:
    assert counts_events("patients", "40 deaths")
    assert counts_events("events", "40")
    assert not counts_events("patients", "40")
    assert not counts_events("patients", "40 alive")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (None, True),
        ("death from any cause", True),
        ("cancer-specific mortality", True),
        ("progression or death", False),
        ("return of symptoms", False),
    ],
)
def test_an_outcome_says_whether_its_event_is_death(event: str | None, expected: bool) -> None:
    assert is_death_alone(event) is expected


@pytest.mark.parametrize("block", ["groups", "comparisons"])
def test_in_another_block_it_is_told_where_they_go(findings_of: FindingsOf, block: str) -> None:
    text = text_of("median: 40 months")
    if block == "groups":
        text = text.replace("n: 70,", "n: 70, deaths: 40,")
    else:
        text += "comparisons:\n  - {outcome: OS, of: [all], p: 0.04, deaths: 40, basis: stated, at: line 3}\n"
    (found,) = findings_of("counted.yaml", text)
    assert found.fix == "type it for each group under outcomes: values: {median: 122 months, deaths: 40}"
