from __future__ import annotations

import json
from pathlib import Path

import pytest

from evisynth.report import (
    CommittedAnswer,
    answer_stamp,
    remove_orphans,
    render_effects,
    render_summary,
    stale_parts,
    write_answer,
)

RECORD = {
    "question": "q",
    "estimate": 0.7218543046357616,
    "p_value": None,
    "rows": [{"study": "a", "estimate": -0.0}],
}
EFFECTS = [
    {
        "study": "a",
        "estimate": -0.32593,
        "flags": ["x", "y"],
        "inputs": [{"as_reported": "151", "at": "line 90"}],
    }
]


def committed(estimate: float = 0.7218543046357616, stamp: str = "s", svg: str = "<svg/>") -> CommittedAnswer:
    record = {**RECORD, "estimate": estimate}
    return CommittedAnswer("q", render_summary(record, stamp, ["b", "a"]), render_effects(EFFECTS), svg)


def test_numbers_have_six_digits_and_no_negative_zero() -> None:
    content = json.loads(committed().summary_json)
    assert content["estimate"] == 0.721854
    assert content["studies"] == ["a", "b"]
    assert "-0.0" not in committed().summary_json


def test_lists_are_readable_in_csv() -> None:
    assert render_effects(EFFECTS).splitlines()[1] == 'a,-0.32593,x; y,"151, line 90"'


def test_the_same_answer_is_written_once(tmp_path: Path) -> None:
    assert len(write_answer(committed(), tmp_path)) == 3
    assert write_answer(committed(), tmp_path) == []
    # Places are the renderer's, words are the answer's.
    drawn = "<svg><text x='{}'>one row</text></svg>"
    assert write_answer(committed(svg=drawn.format(1)), tmp_path) == [tmp_path / "q.svg"]
    assert write_answer(committed(svg=drawn.format(2)), tmp_path) == []


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (committed(stamp="t"), "the question, its terms or a study it uses changed"),
        (committed(estimate=0.7219), "the summary changed"),
    ],
)
def test_an_answer_is_stale_when_stamp_or_number_differs(
    answer: CommittedAnswer, part: str, tmp_path: Path
) -> None:
    write_answer(committed(), tmp_path)
    assert stale_parts(answer, tmp_path) == [part]


def test_the_last_digits_of_another_processor_are_not_stale(tmp_path: Path) -> None:
    write_answer(committed(), tmp_path)
    assert stale_parts(committed(estimate=0.721855), tmp_path) == []


def test_a_missing_file_is_stale(tmp_path: Path) -> None:
    write_answer(committed(), tmp_path)
    (tmp_path / "q.svg").unlink()
    assert stale_parts(committed(), tmp_path) == ["q.svg is missing"]


def test_answers_to_questions_no_longer_asked_are_removed(tmp_path: Path) -> None:
    write_answer(committed(), tmp_path)
    others = {
        "notes.txt": "stays",
        "table.csv": "a,b\n",
        "list.json": "[1]",
        "other-stamp.json": '{"question": "q", "stamp": ""}',
        "broken.json": "{",
        "own.svg": "<svg/>",
    }
    for name, text in others.items():
        (tmp_path / name).write_text(text)
    assert remove_orphans(tmp_path, ["q"]) == []
    assert [path.name for path in remove_orphans(tmp_path, ["other"])] == ["q.csv", "q.json", "q.svg"]
    # What nobody here has written is left alone.
    assert {path.name for path in tmp_path.iterdir()} == set(others)


def test_the_effects_alone_are_enough_to_know_an_answer(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text("study,comparison,index_group\n")
    (tmp_path / "q.svg").write_text("<svg/>")
    assert [path.name for path in remove_orphans(tmp_path, ["other"])] == ["q.csv", "q.svg"]


def test_the_stamp_depends_on_what_was_used_and_not_on_line_ends() -> None:
    stamp = answer_stamp("id: q\n", [{"id": "os"}], {"a": "id: a\n"})
    assert stamp == answer_stamp("id: q\r\n", [{"id": "os"}], {"a": "id: a\r\n"})
    assert stamp != answer_stamp("id: q\n", [{"id": "os"}], {"a": "id: a2\n"})
    assert stamp != answer_stamp("id: q\n", [{"id": "pfs"}], {"a": "id: a\n"})
