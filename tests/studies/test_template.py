"""The file that ``evisynth new`` starts: read as it is, and with every example in it opened."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import yaml

from evisynth.checks import check_study, finish
from evisynth.errors import Finding
from evisynth.reading import keys_of
from evisynth.studies import Study, read_study, study_schema, study_template
from evisynth.vocabulary import Vocabulary


def opened(text: str) -> str:
    """Take the single # away from every line, as a person does in the end."""
    return re.sub(r"(?m)^( *)# (?!yaml-language-server)", r"\1", text)


def read(text: str, folder: Path, vocabulary: Vocabulary) -> Study:
    path = folder / "new-study.yaml"
    path.write_text(text, encoding="utf-8")
    return read_study(path, vocabulary)


def findings_on(study: Study, vocabulary: Vocabulary) -> list[Finding]:
    checked = check_study(study, vocabulary)
    return finish(checked.judged, [checked.card], frozenset({"study"}))


def test_it_reports_nothing_until_it_is_filled_in(tmp_path: Path, vocabulary: Vocabulary) -> None:
    study = read(study_template("new-study"), tmp_path, vocabulary)
    assert (study.outcomes, study.comparisons, study.claims) == ((), (), ())
    assert [one for one in findings_on(study, vocabulary) if one.level != "note"] == []


def test_with_every_example_opened_it_has_nothing_to_mend(tmp_path: Path, vocabulary: Vocabulary) -> None:
    study = read(opened(study_template("new-study")), tmp_path, vocabulary)
    assert [one for one in findings_on(study, vocabulary) if one.level != "note"] == []
    assert len(study.acknowledged) == 1


def test_every_part_of_a_study_has_an_example(tmp_path: Path, vocabulary: Vocabulary) -> None:
    study = read(opened(study_template("new-study")), tmp_path, vocabulary)
    assert study.outcomes
    assert study.claims
    assert study.risk_of_bias
    assert [block.favours for block in study.comparisons] == ["resected", None]
    counts = [
        one.figure.quantity.as_reported
        for row in study.outcomes[0].values.values()
        for one in row.figures
        if one.statistic == "count"
    ]
    assert counts == ["31 deaths", "28 (70%) deaths"]


def test_an_editor_accepts_the_opened_examples(vocabulary: Vocabulary) -> None:
    loaded = yaml.safe_load(opened(study_template("new-study")))
    schema = json.loads(json.dumps(study_schema(vocabulary)))
    assert [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(loaded)] == []


def test_the_id_is_the_only_thing_filled_in() -> None:
    assert study_template("one").replace("id: one\n", "id: two\n") == study_template("two")


def test_it_shows_every_part_of_a_study_and_every_word_for_what_was_read() -> None:
    text = study_template("new-study")
    assert [key for key in keys_of(Study) if f"{key}:" not in text] == []
    kinds = keys_of(Study)["source"].block
    assert kinds is not None
    assert [word for word in keys_of(kinds)["kind"].words if word not in text] == []
