from __future__ import annotations

import hashlib
import json

from evisynth.report import PACKAGE_NAME, Column, DataTable, Resource, render_package, render_readme

TABLE = DataTable(
    "One row a patient.",
    (Column("study", "string", "Study."), Column("n", "integer", "How many.", "patients")),
    (("s1", 3),),
)


def test_files_are_described_with_their_columns() -> None:
    resources = [
        Resource("README.md", b"hello", "For people."),
        Resource("questions/q/rows.csv", b"study,n\r\n", TABLE.meaning, TABLE),
        Resource("studies.parquet", b"PAR1", TABLE.meaning, TABLE),
    ]
    package = json.loads(render_package(resources))
    assert package["name"] == PACKAGE_NAME
    readme, rows, parquet = package["resources"]
    assert readme == {
        "name": "readme-md", "path": "README.md", "description": "For people.", "format": "md",
        "mediatype": "text/markdown", "bytes": 5, "hash": f"sha256:{hashlib.sha256(b'hello').hexdigest()}",
        "encoding": "utf-8",
    }  # fmt: skip
    assert (rows["name"], rows["type"], rows["format"]) == ("q.rows", "table", "csv")
    assert rows["schema"]["fields"] == [
        {"name": "study", "type": "string", "description": "Study."},
        {"name": "n", "type": "integer", "description": "How many.", "unit": "patients"},
    ]
    assert parquet["schema"] == rows["schema"]
    assert (parquet["name"], "encoding" in parquet) == ("studies-parquet", False)


def test_people_are_told_of_every_table() -> None:
    text = render_readme((), [("patients", TABLE)])
    assert "| `patients.csv`, `patients.parquet` | a patient |" in text
    assert "TABLES" not in text
    assert text.endswith("## Questions\n\nNone was exported.\n")
