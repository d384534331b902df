"""``evisynth multiverse`` as a user types it."""

from __future__ import annotations

import csv
import inspect
import io
import json

from evisynth.answers import MOST_UNIVERSES
from evisynth.cli.multiverse import MOST
from evisynth.pipeline import Evidence


def test_the_table_tells_the_range_and_what_each_choice_does(project, run) -> None:
    status, out, err = run(project, "multiverse", "surgery-extent-overall-survival")
    assert (status, err) == (0, "")
    assert "combinations of choices, all combined" in out
    assert "the question's own choice gives 0.54" in out
    assert "landmark contrast at 10 years, 50% observed" in out
    assert "universe" not in out


def test_csv_is_the_curve_with_a_column_for_each_row(project, run) -> None:
    status, out, _ = run(project, "multiverse", "surgery-extent-overall-survival", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    assert [float(row["estimate"]) for row in rows] == sorted(float(row["estimate"]) for row in rows)
    assert [row["own"] for row in rows].count("True") == 1
    assert {row["midgut-debulking, M1OR vs M1ONr"] for row in rows} >= {
        "out",
        "landmark contrast at 10 years",
    }


def test_json_has_a_curve_for_each_block(project, run) -> None:
    status, out, _ = run(project, "multiverse", "survival-10-years", "--format", "json")
    blocks = json.loads(out)
    assert status == 0
    assert len({block["block"] for block in blocks}) == 2
    for block in blocks:
        assert block["exact"]
        assert len(block["curve"]) == block["pooled"]
        for universe in block["curve"]:
            places = zip(universe["choices"], block["rows"], strict=True)
            assert all(place is None or place < len(row["readings"]) for place, row in places)


def test_a_smaller_limit_samples_with_a_stated_seed(project, run) -> None:
    words = ("multiverse", "median-overall-survival", "--most", "200")
    status, out, _ = run(project, *words)
    assert status == 0
    assert "sampled with seed" in out
    assert run(project, *words)[1] == out


def test_a_question_without_a_pooled_universe_says_why(project, run) -> None:
    status, out, _ = run(project, "multiverse", "symptom-relief")
    assert status == 0
    # The only row as printed, and at either end of what rounds to it.
    assert "not pooled: 3 (one row only, whose own interval stands)" in out


def test_one_limit_stands_everywhere() -> None:
    # The command and the project folder repeat the number, so that help needs no numpy.
    default = inspect.signature(Evidence.multiverse).parameters["most"].default
    assert MOST == MOST_UNIVERSES == default
