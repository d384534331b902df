"""The schema accepts what reads without an error, as an editor loads it: with types, by YAML 1.2."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from five_studies import FIVE_STUDIES

from evisynth.studies import Study, study_schema, study_template
from evisynth.vocabulary import Vocabulary

STUDIES = sorted((FIVE_STUDIES / "studies").glob("*.yaml"))


class EditorLoader(yaml.SafeLoader):
    """YAML 1.2's core schema: only these words and numbers are not texts."""


EditorLoader.yaml_implicit_resolvers = {}
EditorLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"(true|True|TRUE|false|False|FALSE)$"), None
)
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(~|null|Null|NULL|)$"), None)
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"[-+]?[0-9]+$"), None)
EditorLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$"), None
)


def as_an_editor_loads(text: str) -> Any:
    return yaml.load(text, Loader=EditorLoader)


@pytest.fixture(scope="module")
def validator(vocabulary: Vocabulary) -> jsonschema.Draft7Validator:
    schema = study_schema(vocabulary)
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_every_study_file_is_accepted(path: Path, validator: jsonschema.Draft7Validator) -> None:
    loaded = as_an_editor_loads(path.read_text(encoding="utf-8"))
    assert [error.message for error in validator.iter_errors(loaded)] == []


def test_the_editor_sees_numbers(studies: dict[str, Study]) -> None:
    loaded = as_an_editor_loads(STUDIES[0].read_text(encoding="utf-8"))
    assert loaded["source"]["volume"] == 30
    assert loaded["comparisons"][0]["odds_ratio"] == 1.9


def test_a_new_study_file_is_accepted(validator: jsonschema.Draft7Validator) -> None:
    loaded = as_an_editor_loads(study_template("new-study"))
    assert [error.message for error in validator.iter_errors(loaded)] == []


VARIANTS = """
id: 2024
source: {kind: journal article, title: 2001, authors: not reported, year: not reported, pages: 12, note: true}
cohort:
  accrual: 2014
  follow_up: {median: {value: 62 months, at: line 3}, method: reverse Kaplan-Meier}
  screened: {value: "1,362", at: line 3}
groups:
  1: {label: 1, n: 10, at: table 2}
outcomes:
  - outcome: OS
    at: page 3
    values:
      1: {survival by 5 years: 3/8, cumulative_incidence at 2 years: 10%, count within 90 days: 2/9, n: 9}
  - outcome: lesions-treated
    at: line 3
    values:
      1: {median: 6, range: 0 to 36, iqr: 3 to 20, mean: {value: 7.5, n: 9}}
comparisons:
  - {outcome: os, of: [1], hazard_ratio: .62, odds_ratio: {value: 1.9e0}, risk_ratio: 1,
     difference: -4 months, p: {value: 1e-5, at: line 4}, basis: unclear, read_as: hazard ratio,
     time: 5 years, at: line 4}
claims: []
"""


def test_unusual_but_valid_spellings_are_accepted(
    validator: jsonschema.Draft7Validator, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    from evisynth.studies import read_study

    path = tmp_path / "2024.yaml"
    path.write_text(VARIANTS, encoding="utf-8")
    assert read_study(path, vocabulary).groups["1"].label == "1"
    loaded = as_an_editor_loads(VARIANTS)
    # JSON has no numbers as names: an editor turns them into texts.
    loaded["groups"] = {str(key): value for key, value in loaded["groups"].items()}
    for block in loaded["outcomes"]:
        block["values"] = {str(key): value for key, value in block["values"].items()}
    assert [error.message for error in validator.iter_errors(loaded)] == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("groupz",), {}),
        (("source", "kind"), "abstract"),
        (("groups", "M1LR", "labe"), "x"),
        (("groups", "M1LR", "n"), -1),
        (("outcomes", 0, "values", "M1LR", "medain"), "5 months"),
        (("outcomes", 0, "values", "M1LR", "survival at 5 years"), 88),
        (("outcomes", 0, "values", "M1LR", "survival"), "88%"),
        (("comparisons", 0, "p"), 1.2),
        (("comparisons", 0, "basis"), "guessed"),
        (("comparisons", 0, "of"), "M1LR"),
        (("claims", 0, "kind"), "benifit"),
    ],
)
def test_common_slips_are_refused_while_they_are_typed(
    place: tuple[Any, ...], value: object, validator: jsonschema.Draft7Validator, root: Path
) -> None:
    loaded = as_an_editor_loads((root / "studies" / "midgut-debulking.yaml").read_text(encoding="utf-8"))
    changed = copy.deepcopy(loaded)
    block = changed
    for key in place[:-1]:
        block = block[key]
    block[place[-1]] = value
    assert validator.is_valid(loaded)
    assert not validator.is_valid(changed)


def test_every_key_has_a_description(vocabulary: Vocabulary) -> None:
    keys: list[tuple[str, dict[str, Any]]] = []

    def walk(schema: object) -> None:
        if isinstance(schema, dict):
            for section in ("properties", "patternProperties"):
                keys.extend(schema.get(section, {}).items())
            for part in schema.values():
                walk(part)
        elif isinstance(schema, list):
            for part in schema:
                walk(part)

    walk(study_schema(vocabulary))
    assert len(keys) > 80
    assert [key for key, schema in keys if not schema.get("description")] == []
