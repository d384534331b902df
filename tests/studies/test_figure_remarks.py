"""What may be said of a figure beside its value: patients at risk, and a suspected misprint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import yaml

from evisynth.errors import Finding
from evisynth.studies import Figure, read_study, study_schema
from evisynth.vocabulary import Vocabulary

STUDY = """\
id: one
source: {{kind: journal abstract, title: not reported}}
cohort: {{design: retrospective, at: line 1, follow_up: {{median: {follow_up}}}}}
groups:
  all: {{label: All, n: {size}, at: line 2}}
  part: {{label: Part, of: all, at: line 2}}
outcomes:
  - {{outcome: overall survival, at: line 4, values: {{all: {{{row}}}}}}}
comparisons:
  - {{outcome: overall survival, of: [all, part], p: {p}, basis: stated, at: line 5}}
"""
GOOD = {
    "row": "survival at 5 years: {value: 79%, at_risk: 31}",
    "size": "80",
    "follow_up": "5 years",
    "p": "0.04",
}

GOOD_ROWS = [
    "survival at 5 years: {value: 79%, at_risk: 31, at: table 2}",
    "survival at 5 years: {value: 79%, at_risk: < 5}",
    "survival at 5 years: {value: 79%, at_risk: about 30}",
    "survival at 5 years: {value: 79%, at_risk: 31/80}",
    "survival at 5 years: {value: 79%, at_risk: not reported}",
    "survival at 5 years: {value: 79%, at_risk: {value: 31, at: figure 2, note: below}}",
    "cumulative_incidence at 5 years: {value: 20%, at_risk: 31}",
    "median: {value: 31 months, perhaps: 76 months, because: it is the middle}",
    "survival at 5 years: {value: 79%, at_risk: 31, perhaps: 97%, because: digits turned}",
]


@pytest.fixture
def figure(tmp_path: Any, vocabulary: Vocabulary) -> Callable[[str], Figure]:
    """The first figure of a row."""

    def read(row: str) -> Figure:
        path = tmp_path / "one.yaml"
        path.write_text(STUDY.format(**{**GOOD, "row": row}), encoding="utf-8")
        return read_study(path, vocabulary).outcomes[0].values["all"].figures[0].figure

    return read


@pytest.mark.parametrize("row", GOOD_ROWS)
def test_editors_accept_what_is_read(
    row: str, figure: Callable[[str], Figure], vocabulary: Vocabulary
) -> None:
    assert figure(row).quantity.state == "reported"
    loaded = yaml.safe_load(STUDY.format(**{**GOOD, "row": row}))
    jsonschema.Draft7Validator(study_schema(vocabulary)).validate(loaded)


@pytest.mark.parametrize(
    "changes",
    [
        {"row": "median: {value: 87 months, at_risk: 31}"},
        {"row": "survival at 5 years: {value: 79%, at_risk: -1}"},
        {"row": "survival at 5 years: {value: 79%, at_risk: {value: 31, n: 40}}"},
        {"row": "median: {value: 31 months, perhaps: 76 months}"},
        {"row": "median: {value: 31 months, because: it is the middle}"},
        {"size": "{value: 80, perhaps: 90, because: sums}"},
        {"follow_up": "{value: 5 years, perhaps: 6 years, because: sums}"},
        {"p": "{value: 0.04, at_risk: 31}"},
    ],
)
def test_editors_and_the_reader_refuse_the_same(
    changes: dict[str, str], vocabulary: Vocabulary, findings_of: Callable[[str, str], list[Finding]]
) -> None:
    text = STUDY.format(**{**GOOD, **changes})
    assert not jsonschema.Draft7Validator(study_schema(vocabulary)).is_valid(yaml.safe_load(text))
    assert findings_of("one.yaml", text)


def test_a_number_at_risk_has_a_place_of_its_own(figure: Callable[[str], Figure]) -> None:
    at_risk = figure(GOOD_ROWS[5]).at_risk
    assert at_risk is not None
    assert (at_risk.quantity.count, at_risk.at, at_risk.note) == (31, "figure 2", "below")
    beside = figure(GOOD_ROWS[0])
    assert beside.at_risk is not None
    assert beside.at_risk.at == beside.at == "table 2"
    assert (beside.at_risk.line, beside.at_risk.column) != (beside.line, beside.column)


def test_a_second_place_of_the_rate_is_none_of_the_number_at_risk(figure: Callable[[str], Figure]) -> None:
    rate = figure("survival at 5 years: {value: 79%, at_risk: 31, at: table 2, also_at: line 9}")
    assert rate.at_risk is not None
    assert (rate.source_location, rate.at_risk.source_location) == ("table 2 (also line 9)", "table 2")


def test_a_suspected_misprint_is_beside_the_print(figure: Callable[[str], Figure]) -> None:
    median = figure(GOOD_ROWS[7])
    assert median.quantity.value == 31.0
    assert median.perhaps is not None
    assert (median.perhaps.value, median.because) == (76.0, "it is the middle")


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("value: 31 months, perhaps: 31.0 months, because: x", "is what was printed"),
        ("value: 31 months, perhaps: not reached, because: x", "is no plain value"),
        ("value: 31 months, perhaps: at least 76 months, because: x", "is no plain value"),
        ("value: not reached, perhaps: 76 months, because: x", "is no plain number to be misprinted"),
        ("value: 31 months, perhaps: 76 months, because: not reported", "needs its reason"),
        ("value: 31 months, perhaps: 76, because: x", "has no unit"),
        ("value: 31 months, worked_out: y, perhaps: 76 months, because: x", "cannot be misprinted"),
    ],
)
def test_an_unclear_suspicion_is_reported(
    block: str, message: str, findings_of: Callable[[str, str], list[Finding]]
) -> None:
    (finding,) = findings_of("one.yaml", STUDY.format(**{**GOOD, "row": f"median: {{{block}}}"}))
    assert message in finding.message
    assert finding.fix
