"""``evisynth explain`` as a user types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from five_studies import FIVE_STUDIES

from evisynth.pipeline import Evidence


def test_text_is_for_reading(project, run) -> None:
    status, out, err = run(project, "explain", "resection-overall-survival", "midgut-debulking")
    assert (status, err) == (0, "")
    for heading in ("Who is looked at", "What is printed", "How the effect follows from it"):
        assert f"\n{heading}\n" in out
    assert "exp(-1.385 ± 1.96 × 0.328)" in out


def test_json_holds_the_walk_as_data(project, run) -> None:
    status, out, _ = run(project, "explain", "resection-overall-survival", "--format", "json")
    explained = json.loads(out)
    assert status == 0
    assert set(explained) == {
        "question",
        "title",
        "why",
        "asked",
        "rows",
        "left_out",
        "results",
        "difference",
    }
    standing = explained["rows"][0]["standing"]
    assert {"inputs", "equations", "assumptions", "grade", "downgrades", "sensitivity"} <= set(standing)
    assert {"name", "as_reported", "source_location", "file_location"} == set(standing["inputs"][0])


def test_markdown_begins_with_the_title(project, run) -> None:
    assert run(project, "explain", "symptom-relief", "--format", "markdown")[1].startswith("# Relief")


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("resection-overal-survival",), 2, "resection-overall-survival"),
        (("resection-overall-survival", "midgut-debulkin"), 2, "midgut-debulking"),
        (("symptom-relief", "midgut-debulking"), 1, "it has no row there"),
        (("symptom-relief", "--format", "csv"), 2, "invalid choice"),
    ],
)
def test_what_cannot_be_explained_is_said(words, status: int, told: str, project, run) -> None:
    got, out, err = run(project, "explain", *words)
    assert (got, out) == (status, "")
    assert told in err


def test_nothing_is_loaded_that_draws_or_makes_tables() -> None:
    Evidence(FIVE_STUDIES).build()  # study files that changed are parsed, which takes pydantic
    code = (
        "import sys; from evisynth.cli.main import main; "
        "main(['-C', sys.argv[1], 'explain', 'resection-overall-survival']); print('LOADED', *sys.modules)"
    )
    words = [sys.executable, "-c", code, str(FIVE_STUDIES)]
    done = subprocess.run(words, capture_output=True, text=True, env=os.environ, check=True)
    loaded = set(done.stdout.partition("LOADED")[2].split())
    assert not loaded & {"pandas", "scipy.stats", "scipy.optimize", "matplotlib"}
