"""Every command as a user types it: what is printed where, and the exit status."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from evisynth.outcomes import QUERY_COLUMNS

POOL_KEYS = {
    "question",
    "effect_measure",
    "scale",
    "model",
    "study_count",
    "participant_count",
    "estimate",
    "ci_lower",
    "ci_upper",
    "standard_error",
    "p_value",
    "tau_squared",
    "i_squared",
    "q_statistic",
    "prediction_lower",
    "prediction_upper",
    "refused",
    "rows",
    "row_count",
    "exploratory",
    "interval",
}
POOL_ROW_KEYS = {
    "study",
    "comparison",
    "estimate",
    "standard_error",
    "ci_lower",
    "ci_upper",
    "weight",
    "grade",
    "recovery",
    "included",
    "reason",
}
EFFECT_KEYS = {
    "study",
    "comparison",
    "index_group",
    "reference_group",
    "recovery",
    "kind",
    "estimate",
    "standard_error",
    "lower",
    "upper",
    "rounding_lower",
    "rounding_upper",
    "grade",
    "primary",
    "flags",
    "assumptions",
    "inputs",
    "reason",
}
FINDING_KEYS = {"file", "line", "column", "level", "code", "message", "fix", "acknowledged"}


def test_no_command_prints_the_help(project, run) -> None:
    status, out, _ = run(project)
    assert status == 0
    assert "commands" in out


def test_an_unknown_command_is_wrong_usage(project, run) -> None:
    assert run(project, "forrest")[0] == 2


def test_a_folder_that_is_no_project_is_named(tmp_path, run) -> None:
    status, out, err = run(tmp_path, "query")
    assert (status, out) == (1, "")
    assert str(tmp_path) in err
    assert "-C DIR" in err


@pytest.mark.parametrize(
    ("words", "suggestion"),
    [
        (("pool", "resection-overal-survival"), "resection-overall-survival"),
        (("query", "--outcome", "overal survival"), "overall_survival"),
        (("query", "--study", "midgut-debulkin"), "midgut-debulking"),
        (("query", "--statistic", "medain"), "median"),
        (("query", "--group", "M1lr"), "M1LR"),
    ],
)
def test_an_unknown_name_gets_a_suggestion(words: tuple[str, ...], suggestion: str, project, run) -> None:
    status, out, err = run(project, *words)
    assert (status, out) == (2, "")
    assert suggestion in err
    assert "Traceback" not in err


def test_query_has_the_stable_keys(project, run) -> None:
    rows = json.loads(run(project, "query", "--format", "json")[1])
    assert len(rows) > 60
    assert all(tuple(row) == QUERY_COLUMNS for row in rows)


def test_query_finds_an_outcome_by_its_synonyms(project, run) -> None:
    by_name = [
        run(project, "query", "--outcome", name, "--format", "json")[1] for name in ("OS", "overall survival")
    ]
    assert by_name[0] == by_name[1]


def test_query_formats_hold_the_same_rows(project, run) -> None:
    words = ("query", "--outcome", "OS", "--statistic", "median")
    rows = json.loads(run(project, *words, "--format", "json")[1])
    from_csv = list(csv.DictReader(io.StringIO(run(project, *words, "--format", "csv")[1])))
    assert [row["group"] for row in from_csv] == [row["group"] for row in rows]
    assert len(run(project, *words, "--format", "markdown")[1].splitlines()) == len(rows) + 2
    assert len(run(project, *words)[1].splitlines()) == len(rows) + 2


def test_query_writes_parquet(project, run, tmp_path) -> None:

    target = tmp_path / "rows.parquet"
    assert run(project, "query", "--outcome", "OS", "--format", "parquet", "-o", str(target))[0] == 0
    counted = duckdb.connect().execute(f"select count(*) from '{target}'").fetchall()
    assert counted == [(len(json.loads(run(project, "query", "--outcome", "OS", "--format", "json")[1])),)]
    assert run(project, "query", "--format", "parquet")[0] == 2


def test_sql_reads_and_does_nothing_else(project, run) -> None:
    status, out, _ = run(
        project, "query", "--sql", "select count(*) as studies from studies", "--format", "json"
    )
    assert (status, json.loads(out)) == (0, [{"studies": 5}])
    for statement in ("drop table study", "select 1; select 2", "copy studies to 'x.csv'", "selec"):
        status, out, err = run(project, "query", "--sql", statement)
        assert (status, out) == (1, ""), statement
        assert err.startswith("evisynth: ")
    assert run(project, "query", "--sql", "select 1", "--outcome", "OS")[0] == 2


def test_no_match_is_an_empty_answer(project, run) -> None:
    status, out, err = run(
        project, "query", "--outcome", "recurrence", "--statistic", "median", "--format", "json"
    )
    assert (status, json.loads(out)) == (0, [])
    assert "no figure matches" in err


def test_pool_and_effects_have_the_stable_keys(project, run) -> None:
    for question in sorted(path.stem for path in (project / "evidence" / "questions").iterdir()):
        answer = json.loads(run(project, "pool", question, "--format", "json")[1])
        assert answer.keys() >= POOL_KEYS
        assert all(row.keys() >= POOL_ROW_KEYS for row in answer["rows"])
        assert (answer["estimate"] is None) == (answer["refused"] is not None)
        weights = [row["weight"] for row in answer["rows"] if row["weight"] is not None]
        assert not answer["estimate"] or sum(weights) == pytest.approx(1)
        effects = json.loads(run(project, "effects", question, "--format", "json")[1])
        assert all(effect.keys() >= EFFECT_KEYS for effect in effects)
        for effect in effects:
            assert (effect["kind"] == "point") == (effect["standard_error"] is not None)
            assert effect["kind"] != "refused" or effect["reason"]
            assert all(part["source_location"] and part["file_location"] for part in effect["inputs"])


def test_pool_tells_a_person_the_answer_or_why_there_is_none(project, run) -> None:
    assert "pooled estimate" in run(project, "pool", "complete-cytoreduction")[1]
    assert "not pooled: " in run(project, "pool", "resection-overall-survival")[1]
    for style in ("csv", "markdown"):
        assert (
            "mayo-sinet-peritoneal-2024"
            in run(project, "pool", "complete-cytoreduction", "--format", style)[1]
        )


def test_check_finds_no_error_in_good_files_and_exits_1_on_errors(project, run) -> None:
    status, out, _ = run(project, "check", "--format", "json")
    assert status == 0
    assert "error" not in {finding["level"] for finding in json.loads(out)}
    path = project / "studies" / "midgut-debulking.yaml"
    text = path.read_text(encoding="utf-8").replace("  design: retrospective", "  desing: retrospective")
    path.write_text(text, encoding="utf-8")
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "desing" in row)
    status, out, _ = run(project, "check")
    assert status == 1
    printed = out.splitlines()
    (place,) = [number for number, row in enumerate(printed) if ": error: " in row]
    assert printed[place].startswith(f"studies/midgut-debulking.yaml:{line}:3: error: ")
    assert "'design'" in printed[place]
    assert printed[place + 2].index("^") == printed[place + 1].index("desing")
    status, out, _ = run(project, "check", str(path), "--format", "json")
    assert status == 1
    assert json.loads(out)[0].keys() == FINDING_KEYS


def test_a_broken_file_stops_every_command_with_its_place(project, run) -> None:
    (project / "studies" / "broken.yaml").write_text("id: broken\nsource: [\n", encoding="utf-8")
    for words in (
        ("build",),
        ("query",),
        ("pool", "symptom-relief"),
        ("forest", "symptom-relief"),
        ("report",),
    ):
        status, out, err = run(project, *words)
        assert (status, out) == (1, ""), words
        assert "studies/broken.yaml:" in err
        assert "Traceback" not in err


def test_a_broken_question_is_found_by_check_and_named_by_pool(project, run) -> None:
    (project / "evidence" / "questions" / "new-question.yaml").write_text("id: new-question\ntitel: x\n")
    status, out, _ = run(project, "check")
    assert status == 1
    assert "new-question.yaml:2:1" in out
    assert run(project, "pool", "new-question")[0] == 1


def test_build_says_where_the_database_is(project, run) -> None:
    status, out, _ = run(project, "build")
    assert status == 0
    assert Path(out.strip()).is_file()


@pytest.mark.parametrize(("suffix", "start"), [("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89PNG")])
def test_forest_writes_what_the_suffix_says(suffix: str, start: bytes, project, run, tmp_path) -> None:
    target = tmp_path / "sub" / f"plot.{suffix}"
    status, out, _ = run(project, "forest", "major-complications", "-o", str(target))
    assert (status, out.strip()) == (0, str(target))
    assert target.read_bytes().startswith(start)


def test_forest_refuses_a_suffix_it_cannot_write(project, run, tmp_path) -> None:
    status, _, err = run(project, "forest", "major-complications", "-o", str(tmp_path / "plot.bmp"))
    assert status == 2
    assert "svg" in err


def test_new_starts_a_file_that_reads_and_reports_nothing(project, run) -> None:
    before = run(project, "query", "--format", "json")[1]
    status, out, _ = run(project, "new", "another-study")
    assert (status, Path(out.strip()).name) == (0, "another-study.yaml")
    assert run(project, "check")[0] == 0
    assert run(project, "query", "--format", "json")[1] == before
    status, _, err = run(project, "new", "another-study")
    assert status == 1
    assert "exists already" in err
    assert run(project, "new", "Another Study")[0] == 2


def test_report_writes_the_page_and_the_committed_answers(project, run, tmp_path) -> None:
    questions = project / "evidence" / "questions"
    # Pooled, refused, and answered by block.
    kept = {"complete-cytoreduction.yaml", "resection-overall-survival.yaml", "survival-5-years.yaml"}
    for path in questions.iterdir():
        if path.name not in kept:
            path.unlink()
    status, out, err = run(project, "report", "-o", str(tmp_path / "page"))
    assert status == 0
    page = Path(out.strip()).read_text(encoding="utf-8")
    assert "http-equiv" not in page.casefold() or "refresh" not in page.casefold()
    for question in (project / "evidence" / "questions").iterdir():
        assert question.stem in page
        assert (project / "evidence" / "results" / f"{question.stem}.svg").is_file()
    changed = re.findall(r"^changed: .*results\b.*$", err, re.MULTILINE)
    assert len(changed) == 3 * len(kept)
    assert "changed: " not in run(project, "report", "-o", str(tmp_path / "page"))[2]


def test_a_closed_pipe_is_no_error(project) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-c", "import sys; from evisynth.cli.main import main; sys.exit(main())"]
    done = subprocess.run(
        [*command, "-C", str(project), "query"], stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert done.stderr == ""


def test_bytes_that_are_no_text_are_wrong_usage(project, run) -> None:
    for words in (("query", "--outcome", "\udcff"), ("query", "--sql", "\udcff")):
        status, out, err = run(project, *words)
        assert (status, out) == (2, "")
        assert "not valid text" in err


def test_sql_answers_of_any_type_are_valid_json(project, run) -> None:
    statement = "select date '2020-01-31' as d, 1.5::decimal(4, 2) as x, 'nan'::double as n"
    status, out, _ = run(project, "query", "--sql", statement, "--format", "json")
    assert (status, json.loads(out)) == (0, [{"d": "2020-01-31", "x": "1.50", "n": None}])


def test_times_are_read_as_printed_and_computed_in_months(project, run) -> None:
    words = ("query", "--outcome", "perioperative mortality", "--study", "gudmundsdottir-2023")
    for style in ("table", "markdown"):
        table = run(project, *words, "--format", style)[1]
        assert "90 days" in table and "2.95688" not in table
    (row,) = json.loads(run(project, *words, "--format", "json")[1])
    assert row["time_months"] == pytest.approx(90 / 30.4375)
    assert "time" not in row
    assert "2.95" in run(project, *words, "--format", "csv")[1]


def test_pool_names_its_model_and_interval(project, run) -> None:
    out = run(project, "pool", "surgery-extent-overall-survival")[1]
    assert "  Random-effects model (REML), Hartung-Knapp interval with q* ≥ 1\n" in out
    assert "model (" not in run(project, "pool", "symptom-relief")[1]
