from __future__ import annotations

from evisynth.report import Column, DataTable, robvis_tables

NAMES = ("study", "tool", "outcome", "compared_by", "domain", "domain_no", "judgement", "assessment_no")
COLUMNS = tuple(Column(name, "string", "") for name in NAMES)


def judged(
    study: str, judgements: dict[int | None, str | None], **changes: object
) -> list[tuple[object, ...]]:
    return [
        tuple(
            {
                "study": study, "tool": "ROBINS-I", "outcome": None, "compared_by": None,
                "domain": "overall" if number is None else f"domain {number}", "domain_no": number,
                "judgement": word, "assessment_no": 1, **changes,
            }[name]
            for name in NAMES
        )
        for number, word in judgements.items()
    ]  # fmt: skip


def test_each_assessment_is_a_row_with_its_domains_in_order() -> None:
    rows = [
        *judged("s1", {None: "serious", 2: None, 1: "no information"}),
        *judged("s2", {None: "low", 1: "low", 2: "low"}, outcome="overall_survival"),
        *judged("s2", {None: "high"}, tool="RoB 2"),
    ]
    found = robvis_tables(DataTable("", COLUMNS, tuple(rows)))
    assert list(found) == ["ROBINS-I", "RoB 2"]
    table = found["ROBINS-I"]
    assert table.names == ("Study", "D1", "D2", "Overall", "Weight")
    assert [column.meaning for column in table.columns[1:3]] == [
        "Judgement of: domain 1.",
        "Judgement of: domain 2.",
    ]
    assert table.rows == (
        ("s1", "No information", None, "Serious", 1),
        ("s2", "Low", "Low", "Low", 1),
    )


def test_several_assessments_of_a_study_say_what_they_are_of() -> None:
    rows = [
        *judged("s1", {None: "low"}, outcome="overall_survival", compared_by="resection"),
        *judged("s1", {None: "high"}, outcome="major_complications", assessment_no=2),
    ]
    (table,) = robvis_tables(DataTable("", COLUMNS, tuple(rows))).values()
    assert [row[0] for row in table.rows] == ["s1 (overall survival, resection)", "s1 (major complications)"]


def test_without_judgements_there_is_no_table() -> None:
    assert robvis_tables(DataTable("", COLUMNS, ())) == {}
