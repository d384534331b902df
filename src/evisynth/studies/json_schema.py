"""A JSON Schema of study files for editors: what may be typed where, with a description for every key.

Editors read YAML with types (``n: 80`` is a number, ``p: 0.10`` too), so the schema takes a number wherever
a text may look like one. It accepts every file that reads without an error, and refuses the commonest
slips while they are typed; names of the vocabulary are offered, any other spelling of them is accepted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from evisynth.studies import study as model
from evisynth.studies.bias_tools import TOOLS
from evisynth.studies.figure_reader import AT_RISK_KEYS, PLAIN_KEYS, RATE_KEYS, RESULT_KEYS
from evisynth.studies.read_acknowledged import ACKNOWLEDGED_KEYS, ACKNOWLEDGED_REQUIRED
from evisynth.studies.read_comparisons import CLAIM_KEYS, COMPARISON_FIGURES, COMPARISON_KEYS
from evisynth.studies.read_groups import GROUP_KEYS
from evisynth.studies.read_outcomes import BLOCK_KEYS
from evisynth.studies.read_risk_of_bias import ASSESSMENT_KEYS, ASSESSMENT_REQUIRED, JUDGEMENT_KEYS
from evisynth.studies.read_source import COHORT_KEYS, FOLLOW_UP_KEYS, OVERLAP_KEYS, SOURCE_KEYS
from evisynth.vocabulary import SECTIONS, Vocabulary

Schema = dict[str, Any]

TEXT: Schema = {"type": ["string", "number", "boolean"]}
_NOT_REPORTED: Schema = {"type": "string", "pattern": "^[Nn][Oo][Tt] [Rr][Ee][Pp][Oo][Rr][Tt][Ee][Dd]$"}
TEXTS: Schema = {"anyOf": [{"type": "array", "items": TEXT}, _NOT_REPORTED]}
NAMES: Schema = {"type": "array", "items": TEXT}
#: What a value may look like to an editor, by its kind; durations and shares never look like a number.
VALUES: Mapping[str, Schema] = {
    "duration": {"type": "string"},
    "share": {"type": "string"},
    "count": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string"}]},
    "ratio": {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}]},
    "p_value": {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string"}]},
    "number": {"type": ["number", "string"]},
    "difference": {"type": ["number", "string"]},
}
#: Definition of a survival rate, beside which patients at risk may stand.
RATE = "rate"
_AT = "Where the source prints it: line 34, lines 53-57, table 2, figure 3, page 4, section results."
_FIGURE_KEYS: Mapping[str, str] = {
    "value": "The number as printed.",
    "at": _AT,
    "also_at": "A second place that prints the same.",
    "n": "Patients the number is based on, or: not reported.",
    "worked_out": "How the number was obtained, when it is not printed.",
    "note": "Anything a later reader should know.",
    "at_risk": "Patients at risk at that time, as printed: 31, fewer than 5.",
    "perhaps": "What you suspect that a misprinted value should be; the printed one is still what counts.",
    "because": "Why you suspect a misprint.",
}
_FIGURES: Mapping[str, str] = {
    "p": 'p-value: 0.04, < 0.001, "> 0.05".',
    "hazard_ratio": "Hazard ratio: 0.62 (95% CI 0.41 to 0.94).",
    "odds_ratio": "Odds ratio: 1.90 (95% CI 1.12 to 3.22).",
    "risk_ratio": "Risk ratio: 0.80 (95% CI 0.60 to 1.07).",
    "difference": "Difference, index less reference: 12%, 4 months.",
}
_TIME = " (at|within|by) .+"
_STATISTICS: Mapping[str, tuple[str, str]] = {
    "^(survival|cumulative[_ ]incidence)" + _TIME + "$": (RATE, "Kaplan-Meier rate at a time: 88%."),
    f"^(proportion|rate)({_TIME})?$": ("share", "Share of patients: 88%, 91/108, 91 (84.2%), at least 97%."),
    f"^count({_TIME})?$": ("count", "Number of patients: 14, 14/108."),
    f"^deaths({_TIME})?$": (
        "count",
        "Number of deaths, which gives precision to medians: 40, 40/70, 16 (26%).",
    ),
    f"^events({_TIME})?$": ("count", "Number of events of the outcome: 40, 40/70, 16 (26%)."),
    "^(median|mean|range|iqr)$": (
        "number",
        "A time with its unit (151 months, not reached) or a number: 6.0 (range 0 to 36). "
        "A range or an IQR alone: 0 to 36.",
    ),
}


def study_schema(vocabulary: Vocabulary) -> Schema:
    """Return the schema of a study file."""
    sections: dict[str, Schema] = {
        "id": {"type": ["string", "integer"], "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        "label": {"type": "string"},
        "source": _block(model.Source, SOURCE_KEYS, _source_values(), ["kind"]),
        "cohort": _block(model.Cohort, COHORT_KEYS, _cohort_values(), []),
        "groups": {"type": "object", "minProperties": 1, "additionalProperties": _group(vocabulary)},
        "outcomes": {"type": "array", "items": _outcome_block(vocabulary)},
        "comparisons": {"type": "array", "items": _comparison(vocabulary)},
        "claims": {"type": "array", "items": _claim(vocabulary)},
        "risk_of_bias": {"type": "array", "items": _assessment(vocabulary)},
        "acknowledged": {
            "type": "array",
            "items": _block(model.Acknowledgement, ACKNOWLEDGED_KEYS, {}, [*ACKNOWLEDGED_REQUIRED]),
        },
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Study",
        "description": "What one publication printed, group by group, with the place of every number.",
        **_object(sections, _descriptions(model.Study), ["id", "source", "cohort", "groups"]),
        "definitions": {**dict(_figure_definitions()), "judgement": _judgement()},
    }


def schema_text(vocabulary: Vocabulary) -> str:
    """Return the schema as the text of ``evidence/study.schema.json``."""
    return json.dumps(study_schema(vocabulary), indent=1, ensure_ascii=False) + "\n"


def _object(
    values: Mapping[str, Schema], descriptions: Mapping[str, str], required: Iterable[str], **more: Any
) -> Schema:
    properties = {key: {"description": descriptions[key], **value} for key, value in values.items()}
    return {
        "type": "object", "properties": properties, "required": list(required), "additionalProperties": False,
        **more,
    }  # fmt: skip


def _descriptions(block: type[BaseModel]) -> dict[str, str]:
    """Return the description of each field, under the key it has in the file."""
    return {field.alias or name: field.description or "" for name, field in block.model_fields.items()}


def _block(
    block: type[BaseModel],
    keys: Iterable[str],
    values: Mapping[str, Schema],
    required: list[str],
    **more: Any,
) -> Schema:
    """Return the schema of a block: the keys that are read, texts unless ``values`` says otherwise."""
    descriptions = {**_FIGURES, **_descriptions(block)}
    return _object({key: values.get(key, TEXT) for key in keys}, descriptions, required, **more)


def _figure(kind: str) -> Schema:
    """Refer to the definition of a figure; beside a bare reference, editors would drop the description."""
    return {"allOf": [{"$ref": f"#/definitions/{kind}"}]}


def _plain(kind: str) -> Schema:
    """Refer to a figure that describes the study, not its results."""
    return _figure(f"plain_{kind}")


def _figure_definitions() -> Iterator[tuple[str, Schema]]:
    """Give a definition for each kind of result, for a survival rate, and for plain figures."""
    for kind, value in VALUES.items():
        yield kind, _figure_definition(value, RESULT_KEYS)
    yield RATE, _figure_definition(VALUES["share"], RATE_KEYS)
    for kind in ("count", "duration"):
        yield f"plain_{kind}", _figure_definition(VALUES[kind], PLAIN_KEYS)
    yield "at_risk", _figure_definition(VALUES["count"], AT_RISK_KEYS)


def _figure_definition(value: Schema, keys: Iterable[str]) -> Schema:
    special = {
        "value": value,
        "n": VALUES["count"],
        "perhaps": value,
        "at_risk": _figure("at_risk"),
    }
    values = {key: special.get(key, TEXT) for key in keys}
    together = {"perhaps": ["because"], "because": ["perhaps"]} if "perhaps" in values else {}
    more = {"dependencies": together} if together else {}
    return {"anyOf": [value, _object(values, _FIGURE_KEYS, ["value"], **more)]}


def _choice(literal: Any) -> Schema:
    return {"enum": [word.replace("_", " ") for word in get_args(literal)]}


def _offered(names: Iterable[str]) -> Schema:
    """Offer names to the editor's completion; another spelling of them is accepted as well."""
    return {"anyOf": [{"enum": sorted(set(names), key=str.casefold)}, {"type": "string"}]}


def _outcome_name(vocabulary: Vocabulary) -> Schema:
    return _offered(outcome.label.lower() for outcome in vocabulary.outcomes.values())


def _source_values() -> dict[str, Schema]:
    return {
        "kind": _choice(model.SourceKind),
        "authors": TEXTS,
        "not_this_study": NAMES,
        "year": {"anyOf": [{"type": "integer", "minimum": 1800, "maximum": 2099}, _NOT_REPORTED]},
    }


def _cohort_values() -> dict[str, Schema]:
    overlap = _block(
        model.Overlap, OVERLAP_KEYS, {"extent": _choice(model.OverlapExtent)}, ["with", "extent", "because"]
    )
    times = {"median": _plain("duration"), "minimum": _plain("duration")}
    return {
        "follow_up": _block(model.FollowUp, FOLLOW_UP_KEYS, times, []),
        "screened": _plain("count"),
        "overlaps": {"type": "array", "items": overlap},
    }


def _group(vocabulary: Vocabulary) -> Schema:
    tags: dict[str, Schema] = {
        kind: _offered(term.label for term in vocabulary.terms.get(kind, {}).values()) for kind in SECTIONS
    }
    values = {**tags, "n": _plain("count"), "role": _choice(model.Role), "not_exhaustive": TEXTS}
    return _block(model.Group, GROUP_KEYS, values, ["label"])


def _outcome_block(vocabulary: Vocabulary) -> Schema:
    rows = {"type": "object", "additionalProperties": _row()}
    values = {"outcome": _outcome_name(vocabulary), "adjusted_for": TEXTS, "values": rows}
    return _block(model.OutcomeBlock, BLOCK_KEYS, values, ["outcome", "values"])


def _row() -> Schema:
    patterns = {
        pattern: {"description": description, **_figure(kind)}
        for pattern, (kind, description) in _STATISTICS.items()
    }
    keys = ("at", "also_at", "n", "worked_out", "note")
    values = {"n": VALUES["count"]}
    return _block(model.OutcomeRow, keys, values, [], patternProperties=patterns, minProperties=1)


def _comparison(vocabulary: Vocabulary) -> Schema:
    figures = {key: _figure(kind) for key, (_, kind) in COMPARISON_FIGURES.items()}
    values = {
        "outcome": _outcome_name(vocabulary),
        "of": NAMES,
        "adjusted_for": TEXTS,
        "basis": _choice(model.Basis),
        "read_as": _choice(model.ReadAs),
        **figures,
    }
    return _block(model.ComparisonBlock, COMPARISON_KEYS, values, ["outcome", "basis"])


def _claim(vocabulary: Vocabulary) -> Schema:
    values = {
        "kind": _choice(model.ClaimKind),
        "outcome": _outcome_name(vocabulary),
        "order": NAMES,
        "factors": TEXTS,
        "comparator": _choice(model.Comparator),
    }
    return _block(model.Claim, CLAIM_KEYS, values, ["kind", "outcome", "at"])


def _judgement() -> Schema:
    """Return the definition of a judgement of risk of bias: a word, or a block with its reason and place."""
    words = _offered(word for tool in TOOLS for word in tool.known_judgements)
    return {
        "anyOf": [words, _block(model.BiasJudgement, JUDGEMENT_KEYS, {"judgement": words}, ["judgement"])]
    }


def _assessment(vocabulary: Vocabulary) -> Schema:
    judgement = _figure("judgement")
    owners = {
        domain: " and ".join(tool.name for tool in TOOLS if domain in tool.domains)
        for known in TOOLS
        for domain in known.domains
    }
    domains = {domain: {"description": f"Domain of {named}."} | judgement for domain, named in owners.items()}
    values = {
        "tool": _offered(tool.name for tool in TOOLS),
        "outcomes": {"type": "array", "items": _outcome_name(vocabulary)},
        "domains": {"type": "object", "properties": domains, "additionalProperties": judgement},
        "overall": judgement,
    }
    return _block(model.BiasAssessment, ASSESSMENT_KEYS, values, [*ASSESSMENT_REQUIRED])
