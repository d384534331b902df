"""From an edit to what it does to the answers, on the real evidence under git."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from evisynth.errors import ProjectError, UnknownNameError, UsageError
from evisynth.pipeline import Evidence, EvidenceChange, UnreadableSidesError, compare_with
from evisynth.pipeline.changes import evidence_change as module

MIDGUT, MAYO = "midgut-debulking", "mayo-sinet-peritoneal-2024"


def study_file(project: Path, study: str) -> Path:
    return project / "studies" / f"{study}.yaml"


def compared(project: Path, against: str = "HEAD", *questions: str) -> EvidenceChange:
    return compare_with(Evidence(project), against, questions)


def test_nothing_edited_is_no_difference(repository) -> None:
    change = compared(repository)
    assert not change
    assert change.question_count == len(list((repository / "evidence" / "questions").iterdir()))


def test_lines_that_moved_are_no_difference(repository) -> None:
    path = study_file(repository, MIDGUT)
    path.write_text("# moved\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert not compared(repository, "HEAD", "survival-5-years")


def test_a_number_and_what_it_does(repository, edit) -> None:
    edit(study_file(repository, MIDGUT), "{value: 88%, also_at: line 55}", "{value: 80%, also_at: line 55}")
    change = compared(repository, "v1.0", "survival-5-years")
    (study,) = change.studies
    assert (study.id, study.state) == (MIDGUT, "changed")
    (figure,) = study.parts["figures"].changed
    assert (figure.old.record["as_reported"], figure.new.record["as_reported"]) == ("88%", "80%")
    (question,) = change.questions
    assert question.id == "survival-5-years"
    rows = {row.new.key: (row.old.record["estimate"], row.new.record["estimate"])
            for row in question.parts["rows"].changed}  # fmt: skip
    assert rows["After surgery", MIDGUT, "M1LR"] == (0.88, 0.8)
    (surgery,) = [one for one in question.parts["summaries"].changed if one.new.key == ("After surgery",)]
    # two blocks of one abstract are set against each other within its strata
    assert set(surgery.facts) == {"stratified difference"}
    before, after = (side.record["stratified_difference"] for side in (surgery.old, surgery.new))
    # Both sides are what the command pool answers, to six digits.
    now = Evidence(repository).answer_record("survival-5-years")["stratified_difference"]["estimate"]
    assert after["estimate"] == float(f"{now:.6g}")
    assert after["estimate"] < before["estimate"]


def test_a_study_removed_takes_its_rows_along_and_back(repository, git) -> None:
    path, question = study_file(repository, MAYO), "complete-cytoreduction"
    text = path.read_text(encoding="utf-8")
    path.unlink()
    gone = compared(repository, "HEAD", question)
    (study,) = gone.studies
    assert (study.id, study.state) == (MAYO, "removed")
    assert study.parts["figures"].removed
    assert not study.parts["figures"].added
    (answer,) = gone.questions
    assert {row.key[1] for row in answer.parts["rows"].removed} == {MAYO}
    (overall,) = answer.parts["summaries"].changed
    assert (overall.old.record["refused"], overall.new.record["estimate"]) == (None, None)
    assert overall.new.record["refused"]
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message=second")
    path.write_text(text, encoding="utf-8")
    back = compared(repository, "HEAD", question)
    assert [(one.id, one.state) for one in back.studies] == [(MAYO, "added")]
    assert back.studies[0].parts["figures"].added == study.parts["figures"].removed
    assert back.questions[0].parts["rows"].added == answer.parts["rows"].removed
    assert not compared(repository, "HEAD~1")


def test_a_study_that_no_question_asks_about_changes_no_answer(repository) -> None:
    (repository / "studies" / "silent-2020.yaml").write_text(
        "id: silent-2020\nsource: {kind: journal abstract}\ncohort: {design: retrospective}\n"
        "groups:\n  all: {label: Everybody, n: 10, at: line 1}\n",
        encoding="utf-8",
    )
    change = compared(repository, "HEAD", "symptom-relief", "major-complications")
    assert [(one.id, one.state) for one in change.studies] == [("silent-2020", "added")]
    assert change.questions == ()
    assert change.question_count == 2


def test_questions_come_go_and_are_asked_otherwise(repository, edit) -> None:
    questions = repository / "evidence" / "questions"
    shutil.move(questions / "symptom-relief.yaml", questions / "symptom-control.yaml")
    edit(questions / "symptom-control.yaml", "id: symptom-relief", "id: symptom-control")
    edit(questions / "complete-cytoreduction.yaml", "id: complete-cytoreduction",
         "id: complete-cytoreduction\nmodel: common effect")  # fmt: skip
    asked = ("symptom-relief", "symptom-control", "complete-cytoreduction")
    change = compared(repository, "HEAD", *asked)
    found = {question.id: question for question in change.questions}
    assert {name: question.state for name, question in found.items()} == {
        "symptom-relief": "removed", "symptom-control": "added", "complete-cytoreduction": "changed",
    }  # fmt: skip
    assert found["symptom-control"].parts["rows"].added == found["symptom-relief"].parts["rows"].removed
    assert found["symptom-control"].parts["summaries"].added
    (model,) = found["complete-cytoreduction"].parts["asked"].added  # else its rows decide
    assert model.record["text"] == "common_effect"
    assert found["complete-cytoreduction"].answer_changed
    assert change.studies == ()


def test_the_vocabulary_is_compared_too(repository, edit) -> None:
    term = "interventions:\n  ablation_alone:\n    label: Ablation alone\n    definition: Heat only.\n"
    edit(repository / "evidence" / "vocabulary.yaml", "interventions:\n", term)
    change = compared(repository, "HEAD", "symptom-relief")
    assert [entry.key for entry in change.vocabulary.added] == [("intervention", "ablation_alone")]
    assert (change.studies, change.questions) == ((), ())


def test_a_study_may_mean_something_else_in_other_words(repository, edit) -> None:
    # Its file is as it was: the vocabulary gives the name it uses to another outcome.
    edit(repository / "evidence" / "vocabulary.yaml", "  major_hepatectomy:\n", "  large_hepatectomy:\n")
    (study,) = compared(repository, "HEAD", "symptom-relief").studies
    assert {entry.key[3] for entry in study.parts["figures"].removed} == {"major_hepatectomy"}
    assert {entry.key[3] for entry in study.parts["figures"].added} == {"large_hepatectomy"}


def test_another_folder_is_compared_like_a_revision(repository, edit, tmp_path_factory) -> None:
    other = tmp_path_factory.mktemp("other") / "project"
    shutil.copytree(repository, other, ignore=shutil.ignore_patterns(".git", "build"))
    edit(study_file(other, MIDGUT), 'label: "Liver only, resected", n: 80', "label: Liver, n: 80")
    change = compared(repository, str(other), "symptom-relief")
    (group,) = change.studies[0].parts["groups"].changed
    assert (group.old.record["label"], group.new.record["label"]) == ("Liver", "Liver only, resected")
    assert (change.old, change.commit) == (str(other), None)


def test_only_build_is_written(repository, git, edit) -> None:
    edit(study_file(repository, MIDGUT), "88%", "80%")

    def written() -> dict[Path, tuple[int, bytes]]:
        paths = [path for path in repository.rglob("*") if path.is_file()]
        return {path: (path.stat().st_mtime_ns, path.read_bytes())
                for path in paths if "build" not in path.relative_to(repository).parts}  # fmt: skip

    before = written()
    compared(repository, "HEAD", "symptom-relief")
    assert written() == before


def test_no_folder_is_left_behind(repository, monkeypatch, tmp_path_factory) -> None:
    place = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr("tempfile.tempdir", str(place))
    study_file(repository, MIDGUT).write_text("id: midgut-debulking\n", encoding="utf-8")
    with pytest.raises(UnreadableSidesError):
        compared(repository)
    study_file(repository, MIDGUT).unlink()
    compared(repository, "HEAD", "symptom-relief")
    assert list(place.iterdir()) == []


def test_mistakes_of_both_sides_are_told_at_once(repository, git, edit) -> None:
    edit(study_file(repository, MIDGUT), "  design:", "  desing:")
    git(repository, "commit", "--quiet", "--all", "--message=broken")
    edit(study_file(repository, MIDGUT), "  desing:", "  design:")
    edit(repository / "evidence" / "questions" / "symptom-relief.yaml", "title:", "titel:")
    with pytest.raises(UnreadableSidesError) as caught:
        compared(repository)
    files = {finding.file for finding in caught.value.findings}
    assert files == {f"HEAD:studies/{MIDGUT}.yaml", "evidence/questions/symptom-relief.yaml"}
    assert caught.value.sides[0].startswith("HEAD (")
    assert caught.value.sides[1] == "the project as it stands"


@pytest.mark.parametrize("words", [".", "studies/.."])
def test_the_project_itself_is_nothing_to_compare_with(words: str, repository, monkeypatch) -> None:
    monkeypatch.chdir(repository)
    with pytest.raises(UsageError, match="is the project itself"):
        compared(repository, words)


def test_a_name_with_two_meanings_is_asked_about(repository, git, monkeypatch) -> None:
    shutil.copytree(repository / "studies", repository / "v1.0" / "studies")
    shutil.copytree(repository / "evidence", repository / "v1.0" / "evidence")
    monkeypatch.chdir(repository)
    with pytest.raises(UsageError, match=r"type \./v1\.0 for the folder, or v1\.0\^0 for the revision"):
        compared(repository, "v1.0")
    assert not compared(repository, "./v1.0")
    assert not compared(repository, "v1.0^0")


def test_a_folder_that_is_no_project_does_not_hide_a_branch(repository, git, monkeypatch) -> None:
    git(repository, "branch", "studies")
    monkeypatch.chdir(repository)
    assert compared(repository, "studies").old.startswith("studies (")


@pytest.mark.parametrize(
    ("against", "error", "told"),
    [
        ("../nowhere", ProjectError, "there is no folder"),
        ("nowhere", UnknownNameError, "unknown revision"),
        (" ", UsageError, "name a revision"),
    ],
)
def test_what_is_not_there_is_said(against: str, error, told: str, repository) -> None:
    with pytest.raises(error, match=told):
        compared(repository, against)


def test_a_folder_without_studies_is_said(repository, tmp_path_factory) -> None:
    with pytest.raises(ProjectError, match="has no studies folder"):
        compared(repository, str(tmp_path_factory.mktemp("empty")))


def test_an_unknown_question_is_said_before_anything_is_built(repository) -> None:
    shutil.rmtree(repository / "build")
    with pytest.raises(UnknownNameError, match="symptom-relief"):
        compared(repository, "HEAD", "symptom-releif")
    assert not (repository / "build").exists()


def test_a_question_of_the_past_may_be_named(repository) -> None:
    (repository / "evidence" / "questions" / "symptom-relief.yaml").unlink()
    assert [one.state for one in compared(repository, "HEAD", "symptom-relief").questions] == ["removed"]


def test_an_answer_that_cannot_be_had_names_its_side(repository, edit, monkeypatch) -> None:
    def no_answer(answer: object) -> None:
        raise ProjectError("no number fits")

    edit(study_file(repository, MIDGUT), "88%", "80%")
    monkeypatch.setattr(module, "answer_values", no_answer)
    with pytest.raises(ProjectError, match=r"symptom-relief cannot be answered for HEAD \(.*no number fits"):
        compared(repository, "HEAD", "symptom-relief")
