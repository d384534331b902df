"""A report brings the schema of study files up to date with the vocabulary."""

from __future__ import annotations

from pathlib import Path

from evisynth.outcomes import key_files
from evisynth.pipeline import Evidence

TERM = """\
interventions:
  radioembolisation:
    label: Radioembolisation
    definition: Microspheres that carry yttrium-90 into the arteries of the liver.
"""


def test_a_new_term_is_offered_after_the_next_report(empty_project: Path, run) -> None:
    schema = empty_project / "evidence" / "study.schema.json"
    assert f"changed: {schema}" in run(empty_project, "report")[2]
    assert run(empty_project, "report")[2] == ""
    vocabulary = empty_project / "evidence" / "vocabulary.yaml"
    text = vocabulary.read_text(encoding="utf-8")
    vocabulary.write_text(text.replace("interventions:\n", TERM), encoding="utf-8")
    assert f"changed: {schema}" in run(empty_project, "report")[2]
    written = schema.read_text(encoding="utf-8")
    assert '"Radioembolisation"' in written
    assert written == key_files(Evidence(empty_project).vocabulary())["study.schema.json"]
