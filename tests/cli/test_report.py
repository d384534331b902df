"""``evisynth report`` as a user types it."""

from __future__ import annotations


def test_errors_are_printed_and_the_rest_is_counted(project, run) -> None:
    study = project / "studies" / "midgut-debulking.yaml"
    study.write_text(study.read_text(encoding="utf-8") + "nonsense: 1\nmore_nonsense: 2\n", encoding="utf-8")
    checked = run(project, "check")[1].splitlines()
    errors = [line for line in checked if ": error: " in line]
    others = [line for line in checked if ": warning: " in line or ": note: " in line]
    assert len(errors) == 2 and others
    status, out, err = run(project, "report")
    assert (status, out) == (1, "")
    *told, last = err.splitlines()
    assert told == errors
    assert last.startswith("evisynth: no report until") and "evisynth check shows" in last
    assert not (project / "build" / "report").exists()


def test_errors_alone_need_no_last_line(empty_project, run) -> None:
    (empty_project / "studies" / "made-up.yaml").write_text("id: other\n", encoding="utf-8")
    status, _, err = run(empty_project, "report")
    assert status == 1
    assert err and all(": error: " in line for line in err.splitlines())
