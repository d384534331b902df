"""The export of the project: every file says what the commands say, and the package describes every file."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from five_studies import FIVE_ANSWERED, FIVE_STUDIES

from evisynth.database import documented_views
from evisynth.errors import FindingsError, UnknownNameError
from evisynth.outcomes import QUERY_COLUMNS
from evisynth.pipeline import Evidence, export

VIEW_NAMES = [view.name for view in documented_views()]


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return FIVE_ANSWERED


@pytest.fixture(scope="module")
def folder(evidence: Evidence, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(evidence, tmp_path_factory.mktemp("exported") / "export")


@pytest.fixture(scope="module")
def resources(folder: Path) -> dict[str, dict[str, Any]]:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return {resource["path"]: resource for resource in package["resources"]}


def read_cells(path: Path) -> list[list[str | None]]:
    """Read CSV, telling an empty text (two quotes) from nothing at all."""
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    marked = re.sub(r'(?<=[,\n])""(?=[,\r])', '"\0"', text)
    cells = csv.reader(marked.splitlines(keepends=True))
    return [[{"": None, "\0": ""}.get(cell, cell) for cell in line] for line in cells]


def typed(cell: str | None, kind: str) -> Any:
    """Read a cell as the data package says; what cannot be read so is an error."""
    if cell is None:
        return None
    if kind == "boolean":
        return {"TRUE": True, "FALSE": False}[cell]
    read = {"string": str, "integer": int, "number": float, "array": json.loads}[kind]
    return read(cell)


def read_records(folder: Path, resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    fields = resource["schema"]["fields"]
    names, *lines = read_cells(folder / resource["path"])
    assert names == [field["name"] for field in fields]
    return [
        {field["name"]: typed(cell, field["type"]) for field, cell in zip(fields, line, strict=True)}
        for line in lines
    ]


def plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def test_reported_outcomes_are_what_query_says(evidence, folder, resources) -> None:
    found = read_records(folder, resources["reported_outcomes.csv"])
    rows, columns = evidence.query_rows()
    assert len(rows) > 50
    assert tuple(found[0])[: len(columns)] == QUERY_COLUMNS
    expected = [{name: plain(value) for name, value in row.items()} for row in rows]
    assert [{name: row[name] for name in columns} for row in found] == expected


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_every_view_is_whole(evidence, folder, resources, view: str) -> None:
    found = read_records(folder, resources[f"{view}.csv"])
    rows, columns = evidence.run_sql(f"SELECT * FROM {view}")
    assert tuple(found[0]) == columns
    assert sorted(map(repr, found)) == sorted(map(repr, rows))
    studies = [row["study"] for row in found]
    assert studies == sorted(studies)


@pytest.mark.parametrize("table", [*VIEW_NAMES, "answers"])
def test_parquet_holds_the_same(folder, resources, table: str) -> None:
    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(folder / f"{table}.parquet")])
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    assert rows == read_records(folder, resources[f"{table}.csv"])


@pytest.mark.parametrize("question", FIVE_ANSWERED.question_ids())
def test_questions_are_what_pool_and_effects_say(evidence, folder, resources, question: str) -> None:
    place = f"questions/{question}"
    record = evidence.answer_record(question)
    answer = (folder / place / "answer.json").read_text(encoding="utf-8")
    assert answer == json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    assert read_records(folder, resources[f"{place}/effects.csv"]) == evidence.effect_records(question)
    rows = read_records(folder, resources[f"{place}/rows.csv"])
    assert [{name: row[name] for name in record["rows"][0]} for row in rows] == record["rows"]


def test_the_package_lists_every_file_and_its_types_hold(folder, resources) -> None:
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {*resources, "datapackage.json"}
    names = [resource["name"] for resource in resources.values()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9._-]+", name) for name in names)
    for path, resource in resources.items():
        content = (folder / path).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (
            len(content),
            f"sha256:{hashlib.sha256(content).hexdigest()}",
        )
        assert resource["description"]
        if path.endswith(".csv"):
            read_records(folder, resource)


def test_every_column_has_a_meaning_and_every_number_a_unit(resources) -> None:
    fields = [
        (path, field)
        for path, resource in resources.items()
        for field in resource.get("schema", {}).get("fields", ())
    ]
    assert len(fields) > 300
    assert [(path, field["name"]) for path, field in fields if not field["description"].endswith(".")] == []
    numbers = [(path, field) for path, field in fields if field["type"] in ("integer", "number")]
    assert [(path, field["name"]) for path, field in numbers if not field.get("unit")] == []


def test_the_same_evidence_is_the_same_bytes(folder, tmp_path: Path) -> None:
    again = export(Evidence(FIVE_STUDIES), tmp_path / "elsewhere" / "named otherwise")
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    for file in files:
        assert (folder / file).read_bytes() == (again / file).read_bytes(), file


def test_no_place_of_the_machine_and_no_day_is_written(folder) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert str(FIVE_STUDIES).encode() not in content
            assert str(folder.parent).encode() not in content
    written = [*folder.glob("*.md"), *folder.glob("*.R"), folder / "datapackage.json"]
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\d{4}-\d\d-\d\d", text)


def test_lines_end_as_rfc_4180_says(folder) -> None:
    content = (folder / "reported_outcomes.csv").read_bytes()
    assert content.endswith(b"\r\n")
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n")


def test_robvis_has_every_judged_study(evidence, folder) -> None:
    judged, _ = evidence.run_sql("SELECT DISTINCT study, tool FROM risk_of_bias ORDER BY ALL")
    for tool in {row["tool"] for row in judged}:
        names, *lines = read_cells(folder / "robvis" / f"{tool.replace(' ', '-')}.csv")
        assert names[0] == "Study"
        assert names[-2:] == ["Overall", "Weight"]
        studies = {str(line[0]).partition(" ")[0] for line in lines}
        assert studies == {row["study"] for row in judged if row["tool"] == tool}


def test_chosen_questions_are_exported_alone(evidence, tmp_path: Path) -> None:
    chosen = ["symptom-relief", "complete-cytoreduction", "symptom-relief"]
    folder = export(evidence, tmp_path / "export", chosen)
    assert sorted(path.name for path in (folder / "questions").iterdir()) == sorted(set(chosen))
    script = (folder / "metafor.R").read_text(encoding="utf-8")
    assert "complete-cytoreduction" in script
    assert "survival-5-years" not in script


def test_an_unknown_question_is_told_before_anything_is_written(evidence, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'symptom-relief'"):
        export(evidence, tmp_path / "export", ["symptom-releif"])
    with pytest.raises(UnknownNameError, match="known: complete-cytoreduction, "):
        export(evidence, tmp_path / "export", ["zzz"])
    assert not (tmp_path / "export").exists()


def test_a_project_without_questions_exports_its_studies(empty_project: Path, tmp_path: Path) -> None:
    folder = export(Evidence(empty_project), tmp_path / "export")
    assert not (folder / "questions").exists()
    assert len(read_cells(folder / "reported_outcomes.csv")) == 1
    assert "None was exported." in (folder / "README.md").read_text(encoding="utf-8")


def test_a_mistake_in_a_file_comes_first(project: Path, tmp_path: Path) -> None:
    (project / "studies" / "broken.yaml").write_text("id: other\n", encoding="utf-8")
    with pytest.raises(FindingsError, match=r"broken\.yaml"):
        export(Evidence(project), tmp_path / "export")
    assert not (tmp_path / "export").exists()
