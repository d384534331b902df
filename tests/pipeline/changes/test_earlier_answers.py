"""What changed since the answers were last other than they are: the same before a commit and after it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from evisynth.pipeline import Evidence, committed_answer, compare_with, earlier_time, since_last_time
from evisynth.report import SinceLastTime, write_answer

ASKED = ("survival-5-years", "symptom-relief")
Edit = Callable[[Path, str, str], None]
Git = Callable[..., str]


def answer(folder: Path) -> SinceLastTime:
    """Write two answers as ``evisynth report`` does, and say what changed."""
    evidence, today = Evidence(folder), {}
    for question in ASKED:
        text, recovered = committed_answer(evidence, question)
        write_answer(text, evidence.results_folder)
        today[question] = recovered.answer, text.summary_json
    return since_last_time(evidence, earlier_time(folder), today)


def commit(folder: Path, git: Git) -> str:
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=answers <b>once more</b>")
    return git(folder, "rev-parse", "HEAD")


def test_without_git_nothing_is_known_of_earlier_answers(project: Path) -> None:
    assert "not kept in git" in answer(project).headline


def test_answers_that_were_never_committed_and_first_ones_say_so(repository: Path, git: Git) -> None:
    assert "No answers were committed yet" in answer(repository).headline
    commit(repository, git)
    assert "the first answers that were committed" in answer(repository).headline


def test_a_changed_figure_is_told_alike_before_its_answers_are_committed_and_after(
    repository: Path, git: Git, edit: Edit
) -> None:
    answer(repository)
    first = commit(repository, git)
    study = repository / "studies" / "midgut-debulking.yaml"
    edit(study, "{value: 88%, also_at: line 55}", "{value: 80%, also_at: line 55}")
    before = answer(repository)
    moved = {one.question for one in before.answers}
    assert moved == {one.id for one in compare_with(Evidence(repository), first, ASKED).questions} != set()
    assert before.commit == first[:7] and before.subject == "answers <b>once more</b>"
    assert [(one.study, one.state) for one in before.studies] == [(study.stem, "changed")]
    (changed, *_) = before.answers
    assert any(row.startswith("Changed: ") and "88%" in row and "80%" in row for row in changed.rows), (
        changed.rows
    )
    assert before.headline.startswith(f"Since {before.day_words}: {len(moved)} of 2 answers changed")
    commit(repository, git)
    assert answer(repository) == before


def test_an_answer_that_the_program_reckons_otherwise_is_told_as_such(
    repository: Path, git: Git, edit: Edit
) -> None:
    answer(repository)
    results = repository / "evidence" / "results"
    edit(results / "symptom-relief.json", '"included": true', '"included": false')
    edit(results / "survival-5-years.json", '"rows": [', '"rows": 7, "old": [')
    commit(repository, git)
    since = answer(repository)
    assert {one.question for one in since.answers} == set(ASKED)
    assert since.studies == () and any("how the program reckons" in note for note in since.notes)
