"""Schemas and the page of keys: they derive from the models, and accept what is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from five_studies import FIVE_STUDIES

from evisynth.errors import FindingsError
from evisynth.outcomes import REFERENCE, Question, key_files, read_question
from evisynth.reading import Block, keys_of
from evisynth.studies import Study, VocabularyFile
from evisynth.vocabulary import Vocabulary

EVIDENCE = FIVE_STUDIES / "evidence"
MODELS = {"study": Study, "question": Question, "vocabulary": VocabularyFile}

ASKED = """\
id: asked
title: Asked
why: To know.
outcome: OS
effect_measure: {measure}
rows:
  - label: Resected
    index: {{intervention: resection, site: [liver, extrahepatic]}}
    reference: {{intervention: not resected}}
"""


def validator(name: str, vocabulary: Vocabulary) -> jsonschema.Draft7Validator:
    schema = json.loads(key_files(vocabulary)[f"{name}.schema.json"])
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def mistakes(name: str, vocabulary: Vocabulary, text: str) -> list[str]:
    return [error.message for error in validator(name, vocabulary).iter_errors(yaml.safe_load(text))]


@pytest.mark.parametrize("path", sorted((EVIDENCE / "questions").glob("*.yaml")), ids=lambda path: path.stem)
def test_an_editor_accepts_every_question(path: Path, vocabulary: Vocabulary) -> None:
    assert mistakes("question", vocabulary, path.read_text(encoding="utf-8")) == []


def test_an_editor_accepts_the_vocabulary(vocabulary: Vocabulary) -> None:
    class AllTexts(yaml.SafeLoader):
        """To YAML 1.2, as editors read it, yes and no are texts."""

    AllTexts.yaml_implicit_resolvers = {}
    loaded = yaml.load((EVIDENCE / "vocabulary.yaml").read_text(encoding="utf-8"), Loader=AllTexts)
    assert [error.message for error in validator("vocabulary", vocabulary).iter_errors(loaded)] == []


@pytest.mark.parametrize("measure", ["hazard ratio", "Hazard Ratio", "hazard_ratio", "HAZARD_ratio"])
@pytest.mark.parametrize(
    "more",
    [
        "",
        "level: 0.9\nmodel: Random effects\n",
        "overlap: {choice: one_report, because: One centre., keep: two}\n",
        "leave_out: [{study: two, because: The same patients.}]\nmix: [{what: clock start, because: So.}]\n",
        "baseline: {survival: 50%, time: 5 years, from: a registry}\nshared_control: one comparison\n",
    ],
)
def test_whatever_is_read_is_accepted(
    measure: str, more: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    text = ASKED.format(measure=measure) + more
    path = tmp_path / "asked.yaml"
    path.write_text(text, encoding="utf-8")
    assert read_question(path, vocabulary).effect_measure == "hazard_ratio"
    assert mistakes("question", vocabulary, text) == []


@pytest.mark.parametrize(
    "more",
    [
        "modle: bayesian\n",
        "model: bayes\n",
        "minimum_grade: X\n",
        "leave_out: [{study: two}]\n",
        "mix: clock start\n",
        "overlap: covariance\n",
        "baseline: {survival: 50%, time: 5 years}\n",
    ],
)
def test_a_slip_is_refused_while_it_is_typed_and_when_it_is_read(
    more: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    text = ASKED.format(measure="hazard ratio") + more
    path = tmp_path / "asked.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FindingsError):
        read_question(path, vocabulary)
    assert mistakes("question", vocabulary, text) != []


def blocks_of(model: type[Block], met: dict[type[Block], None]) -> dict[type[Block], None]:
    met[model] = None
    for key in keys_of(model).values():
        if key.block is not None and key.block not in met:
            blocks_of(key.block, met)
    return met


@pytest.mark.parametrize("name", MODELS)
def test_every_key_of_every_model_is_described_and_stands_on_the_page(
    name: str, vocabulary: Vocabulary
) -> None:
    page = key_files(vocabulary)[REFERENCE]
    models = blocks_of(MODELS[name], {})
    assert len(models) >= 3
    for model in models:
        for key, known in keys_of(model).items():
            assert known.description, f"{model.__name__}.{key} says nothing"
            assert f"| `{key}` | {known.description}" in page


@pytest.mark.parametrize("name", MODELS)
def test_every_key_has_a_description_where_it_is_typed(name: str, vocabulary: Vocabulary) -> None:
    silent: list[str] = []

    def walk(schema: Any) -> None:
        if isinstance(schema, dict):
            for section in ("properties", "patternProperties"):
                silent.extend(key for key, one in schema.get(section, {}).items() if "description" not in one)
            for part in schema.values():
                walk(part)
        elif isinstance(schema, list):
            for part in schema:
                walk(part)

    walk(validator(name, vocabulary).schema)
    assert silent == []


def test_fields_of_a_study_say_what_their_keys_say() -> None:
    for name in ("source", "cohort", "groups"):
        assert Study.model_fields[name].description == keys_of(Study)[name].description
