"""README speaks of every command, and what it shows works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from five_studies import FIVE_STUDIES, QUESTIONS

from evisynth.cli.main import COMMANDS, build_parser
from evisynth.pipeline import Evidence

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented_and_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"evisynth {command}" in README
    with pytest.raises(SystemExit) as stop:
        build_parser().parse_args([command, "--help"])
    assert stop.value.code == 0
    assert COMMANDS[command][1:] in capsys.readouterr().out.replace("\n", " ")


def test_every_option_of_query_is_documented() -> None:
    for option in ("--study", "--group", "--outcome", "--statistic", "--at", "--sql", "--format"):
        assert option in README


def test_the_questions_are_listed_and_whatever_is_listed_is_asked() -> None:
    listed = re.findall(r"`([a-z0-9-]+)`", README.split("The questions so far:")[1].split("\n\n")[0])
    assert set(QUESTIONS) <= set(listed) <= set(Evidence(ROOT).question_ids())


def test_the_example_question_and_term_are_read_without_an_error(project: Path) -> None:
    study, question, term = re.findall(r"```yaml\n((?:id|interventions): ?[^`]+)```", README)
    assert study != question
    vocabulary = project / "evidence" / "vocabulary.yaml"
    entry = term.removeprefix("interventions:\n")
    text = vocabulary.read_text(encoding="utf-8").replace("interventions:\n", f"interventions:\n{entry}")
    vocabulary.write_text(text, encoding="utf-8")
    name = question.splitlines()[0].removeprefix("id: ")
    (project / "evidence" / "questions" / f"{name}.yaml").write_text(question, encoding="utf-8")
    evidence = Evidence(project)
    assert "intra_arterial_therapy" in evidence.vocabulary().terms["intervention"]
    assert "error" not in {finding.level for finding in evidence.check()}


def test_every_key_of_a_question_is_explained() -> None:
    from evisynth.outcomes import Question
    from evisynth.reading import keys_of

    section = README.split("## Ask a question")[1].split("## Plots")[0]
    assert [key for key in keys_of(Question) if key not in section] == []


#: What a second example leaves out, since the first has it.
HEAD = "id: berger-2019\nsource: {kind: journal abstract}\ncohort: {design: not reported}\n"


def example_project(folder: Path, example: str) -> Evidence:
    """Make a project of one study file that README shows."""
    name = example.splitlines()[0].removeprefix("id: ")
    (folder / "studies").mkdir()
    (folder / "studies" / f"{name}.yaml").write_text(example, encoding="utf-8")
    (folder / "evidence").mkdir()
    (folder / "evidence" / "vocabulary.yaml").write_text(
        (FIVE_STUDIES / "evidence" / "vocabulary.yaml").read_text(encoding="utf-8")
    )
    return Evidence(folder)


def test_the_example_study_is_read_without_an_error(tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(id: [^`]+)```", README)
    assert example, "README shows a study file"
    assert "error" not in {finding.level for finding in example_project(tmp_path, example[1]).check()}


def test_the_example_of_two_groups_is_read_and_agrees_with_itself(tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(label: [^`]+)```", README)
    assert example, "README shows a comparison of two groups"
    findings = example_project(tmp_path, HEAD + example[1]).check()
    assert {finding.level for finding in findings} <= {"note"}, findings


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
