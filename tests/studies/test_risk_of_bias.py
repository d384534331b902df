"""Reading the risk of bias: names however they are spelled, places from the block, a schema that agrees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from evisynth.errors import Finding
from evisynth.studies import TOOLS, Study, find_tool, read_study, study_schema
from evisynth.vocabulary import Vocabulary

HEAD = """\
id: judged
source: {kind: journal abstract}
cohort: {}
groups:
  all: {label: All, n: 75, at: line 5}
  operated: {label: Operated, n: 50, of: all, by: resection, at: line 6}
  observed: {label: Observed, n: 25, of: all, by: resection, at: line 6}
risk_of_bias:
"""
WHOLE = """\
  - tool: robins-i
    outcomes: [OS, major complications]
    by: resection
    at: line 7
    domains:
      D1: Serious
      selection-of-participants: {judgement: moderate, because: Not all were asked., at: line 8}
      missing data: No Information
    overall: {judgement: critical, because: All in all.}
    note: Read by one person.
  - {tool: Cochrane RoB 2, domains: {randomization: some_concerns}}
"""

Read = Callable[[str], Study]


@pytest.fixture
def read(tmp_path: Path, vocabulary: Vocabulary) -> Read:
    def from_text(text: str) -> Study:
        path = tmp_path / "judged.yaml"
        path.write_text(HEAD + text, encoding="utf-8")
        return read_study(path, vocabulary)

    return from_text


def test_names_are_those_of_the_tool_however_they_are_written(read: Read) -> None:
    first, second = read(WHOLE).risk_of_bias
    assert (first.tool, first.outcomes, first.by) == (
        "ROBINS-I",
        ("overall_survival", "major_complications"),
        "resection",
    )
    assert {name: one.judgement for name, one in first.domains.items()} == {
        "confounding": "serious",
        "selection of participants": "moderate",
        "missing data": "no information",
    }
    assert (second.tool, second.overall) == ("RoB 2", None)
    assert second.domains["randomisation process"].judgement == "some concerns"


def test_a_judgement_takes_its_place_from_the_block_unless_it_has_its_own(read: Read) -> None:
    first, second = read(WHOLE).risk_of_bias
    assert {name: one.at for name, one in first.domains.items()} == {
        "confounding": "line 7",
        "selection of participants": "line 8",
        "missing data": "line 7",
    }
    assert first.overall is not None
    assert (first.overall.at, first.overall.because) == ("line 7", "All in all.")
    assert second.domains["randomisation process"].at is None


def test_each_judgement_knows_its_line_and_column(read: Read) -> None:
    (first, _), lines = read(WHOLE).risk_of_bias, (HEAD + WHOLE).splitlines()
    written = {
        name: lines[one.line - 1][one.column - 1 :].split(":")[0] for name, one in first.domains.items()
    }
    assert written == {
        "confounding": "D1",
        "selection of participants": "selection-of-participants",
        "missing data": "missing data",
    }
    assert first.overall is not None
    assert lines[first.overall.line - 1].strip().startswith("overall:")


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_every_domain_and_judgement_of_a_tool_is_read(tool: Any, read: Read) -> None:
    for word in tool.known_judgements:
        domains = "".join(f"      {domain}: {word}\n" for domain in tool.domains)
        (found,) = read(f"  - tool: {tool.name}\n    overall: {word}\n    domains:\n{domains}").risk_of_bias
        assert tuple(found.domains) == tool.domains
        assert {one.judgement for one in found.domains.values()} == {word}
    letters = [tool.letter(domain) for domain in tool.domains]
    assert [tool.find_domain(letter.lower()) for letter in letters] == list(tool.domains)
    assert find_tool(tool.name.upper().replace("-", " ")) is tool


def test_no_name_stands_for_two_domains_of_a_tool() -> None:
    for tool in TOOLS:
        others = [name for names in (tool.other_names or {}).values() for name in names]
        assert len(tool._domain_index) == len({*tool.domains, *others}) + len(tool.domains)
        assert set(tool.other_names or {}) <= set(tool.domains)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("  - {overall: low}\n", "missing-key", "'tool' is missing"),
        ("  - {tool: RoB 2}\n", "missing-key", "nothing is judged here"),
        ("  - {tool: NOS, overall: low}\n", "unknown-tool", "known: RoB 2, ROBINS-I"),
        ("  - {tool: RoB 2, overall: serious}\n", "unknown-judgement", "low, some concerns, high"),
        ("  - {tool: RoB 2, overall: {because: so}}\n", "missing-key", "'judgement' is missing"),
        ("  - {tool: RoB 2, domains: low}\n", "not-a-mapping", "type randomisation process: and its"),
        ("  - {tool: RoB 2, overall: not judged}\n", "unknown-judgement", "leave out what you did not judge"),
        ("  - {tool: RoB 2, outcomes: [OSS], overall: low}\n", "unknown-outcome", "did you mean"),
        ("  - {tool: RoB 2, overall: {judgement: low, at: p 3}}\n", "unreadable-place", "type page 3"),
        ("  - {tool: RoB 2, overal: low}\n", "unknown-key", "did you mean 'overall'"),
        ("  tool: RoB 2\n", "not-a-list", "a list belongs here"),
    ],
)
def test_a_mistake_is_told_with_its_mend(
    text: str, code: str, words: str, findings_of: Callable[[str, str], list[Finding]]
) -> None:
    found = findings_of("judged.yaml", HEAD + text)
    assert [finding.code for finding in found] == [code]
    assert words in str(found[0])


def test_a_specific_judgement_may_stand_beside_a_general_one(
    findings_of: Callable[[str, str], list[Finding]],
) -> None:
    apart = (
        "  - {tool: RoB 2, overall: low}\n  - {tool: RoB 2, outcomes: [OS], overall: high}\n"
        "  - {tool: RoB 2, by: resection, overall: high}\n  - {tool: ROBINS-I, overall: low}\n"
    )
    assert findings_of("judged.yaml", HEAD + apart) == []
    twice = apart + "  - {tool: RoB 2, outcomes: [major complications, OS], overall: low}\n"
    (found,) = findings_of("judged.yaml", HEAD + twice)
    assert (found.code, found.line) == ("duplicate-assessment", 13)
    assert "Overall survival a second time (first in line 10)" in found.message


def test_the_schema_accepts_what_reads(vocabulary: Vocabulary) -> None:
    validator = jsonschema.Draft7Validator(study_schema(vocabulary))
    loaded = yaml.safe_load(HEAD + WHOLE)
    assert [error.message for error in validator.iter_errors(loaded)] == []
    loaded["risk_of_bias"][0]["domains"]["D1"] = {"judgment": "low"}
    assert not validator.is_valid(loaded)
    loaded["risk_of_bias"][0] = {"overall": "low"}
    assert not validator.is_valid(loaded)


def test_the_two_studies_with_confounded_contrasts_say_so(studies: dict[str, Study]) -> None:
    judged = {name: study.risk_of_bias for name, study in studies.items() if study.risk_of_bias}
    assert set(judged) == {"midgut-debulking", "parenchyma-sparing-debulking"}
    for (one,) in judged.values():
        assert (one.tool, one.outcomes) == ("ROBINS-I", ("overall_survival",))
        assert {name: found.judgement for name, found in one.domains.items()} == {
            "confounding": "serious",
            "selection of participants": "serious",
        }
        assert all(found.because and found.at for found in one.domains.values())
        assert one.overall is not None and one.overall.judgement == "serious"


@pytest.mark.parametrize(
    ("tool", "written", "domain"),
    [
        ("ROBINS-I", "confounding", "confounding"),
        ("ROBINS-I", "classification", "classification of interventions"),
        ("ROBINS-I", "deviations", "deviations from intended interventions"),
        ("ROBINS-I", "missing", "missing data"),
        ("ROBINS-I", "measurement", "measurement of outcomes"),
        ("ROBINS-I", "selection of part", "selection of participants"),
        ("ROBINS-I", "reporting", "selection of the reported result"),
        ("ROBINS-I", "reported", "selection of the reported result"),
        ("RoB 2", "randomization", "randomisation process"),
        ("RoB 2", "deviations", "deviations from intended interventions"),
        ("RoB 2", "missing", "missing outcome data"),
        ("RoB 2", "measurement", "measurement of the outcome"),
        ("RoB 2", "reporting", "selection of the reported result"),
    ],
)
def test_a_domain_is_named_by_any_beginning_that_is_its_own(
    read: Read, tool: str, written: str, domain: str
) -> None:
    (one,) = read(f"  - {{tool: {tool}, domains: {{{written}: low}}}}\n").risk_of_bias
    assert list(one.domains) == [domain]


def test_a_beginning_of_two_domains_is_refused_with_both(
    findings_of: Callable[[str, str | bytes], list[Finding]],
) -> None:
    text = HEAD + "  - {tool: ROBINS-I, domains: {selection: low, d: low, xyzzy: low}}\n"
    first, second, third = findings_of("judged.yaml", text)
    assert first.message == "'selection' begins 2 domains of ROBINS-I"
    assert first.fix == "type selection of participants or selection of the reported result"
    assert {second.code, third.code} == {"unknown-domain"}
    assert "has no domain 'xyzzy'" in third.message
