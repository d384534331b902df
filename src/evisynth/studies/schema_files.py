"""The JSON Schemas of study files and of the vocabulary, from models, printed statistics and terms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from evisynth.quantities import Kind
from evisynth.reading import Schema, model_schema, offered, schema_text
from evisynth.studies.covariate_figures import covariate_kind
from evisynth.studies.printed_figures import (
    VALUE_SCHEMAS,
    AtRiskFigure,
    PlainFigure,
    RateFigure,
    ResultFigure,
)
from evisynth.studies.study import Study
from evisynth.studies.vocabulary_reading import VocabularyFile
from evisynth.vocabulary import Vocabulary, names_of

_DESCRIPTION = "What one publication printed, group by group, with the place of every number."


def study_schema_text(vocabulary: Vocabulary) -> str:
    """Return the schema as the text of ``evidence/study.schema.json``."""
    definitions = {**vocabulary_definitions(vocabulary), **dict(_figure_definitions())}
    return schema_text(Study, "Study", _DESCRIPTION, definitions)


def study_schema(vocabulary: Vocabulary) -> Schema:
    """Return the schema of a study file."""
    schema: Schema = json.loads(study_schema_text(vocabulary))
    return schema


def vocabulary_schema_text() -> str:
    """Return the JSON Schema of the vocabulary as the text of ``evidence/vocabulary.schema.json``."""
    description = "The field's terms, by which study files and questions name outcomes and tags."
    return schema_text(VocabularyFile, "Vocabulary", description, {})


def vocabulary_definitions(vocabulary: Vocabulary) -> dict[str, Schema]:
    """Return what the keys hold that name an outcome or a term: the names are offered."""
    outcomes = offered(outcome.label.lower() for outcome in vocabulary.outcomes.values())
    definitions: dict[str, Schema] = {"outcome": outcomes, "covariates": covariates_schema(vocabulary)}
    for kind, terms in vocabulary.terms.items():
        definitions[kind] = offered(term.label for term in terms.values())
    return definitions


def covariates_schema(vocabulary: Vocabulary) -> Schema:
    """Return what a block of covariates may hold: a figure under any name of each."""
    named = {
        name: {"description": one.definition, "$ref": f"#/definitions/plain_{covariate_kind(one)}"}
        for one in vocabulary.covariates.values()
        for name in names_of(one)
    }
    return {"type": "object", "minProperties": 1, "properties": named}


def _figure_definitions() -> Iterator[tuple[str, Schema]]:
    """Give a definition of each kind of figure: its value, or a block with what else there is to say."""
    kinds: tuple[tuple[type[AtRiskFigure], tuple[Kind, ...]], ...] = (
        (ResultFigure, tuple(VALUE_SCHEMAS)),
        (RateFigure, ("share",)),
        (PlainFigure, ("count", "duration", "share", "number")),
        (AtRiskFigure, ("count",)),
    )
    for block, of_block in kinds:
        schema = model_schema(block)
        for kind in of_block:
            value = VALUE_SCHEMAS[kind]
            yield f"{block.definition}{kind}", {"anyOf": [value, _with_value(schema, value)]}


def _with_value(schema: Any, value: Schema) -> Any:
    """Put the schema of a value where a block says only that one is expected."""
    if isinstance(schema, dict):
        said = {
            key: _with_value(part, value)
            for key, part in schema.items()
            if key != "value" or part != "expected"
        }
        return {**said, **value} if schema.get("value") == "expected" else said
    return schema
