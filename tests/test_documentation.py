"""What the documents show works: every command, every Python block, every study file and question in them."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import get_args

import pytest
import yaml
from five_studies import FIVE_STUDIES, QUESTIONS

import evisynth.figures
import evisynth.synthesis
from evisynth.cli.main import COMMANDS, build_parser
from evisynth.figures import KINDS
from evisynth.outcomes import Question
from evisynth.pipeline import Evidence
from evisynth.quantities import Kind, QuantityError, parse_quantity
from evisynth.reading import keys_of

ROOT = Path(__file__).parents[1]
DOCUMENTS = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in (
        "README.md",
        "studies/README.md",
        "evidence/README.md",
        "src/evisynth/README.md",
        "tests/bench/README.md",
        "tests/simulation/README.md",
    )
}
README, STUDIES, QUESTIONS_AND_ANSWERS, BUILT, _, SIMULATION = DOCUMENTS.values()
#: Options of other programs: of pip, of the scripts that `make` runs, and of pytest.
OTHER_OPTIONS = {
    *("--require-hashes", "--no-deps", "--no-build-isolation", "--editable"),
    *("--short", "--long", "--hypothesis-profile"),
}
#: Commands that are long at work, and whose own tests run all of it.
RUN_ELSEWHERE = ("export", "multiverse")
#: What the example of two groups leaves out, since the first example has it.
HEAD = "id: berger-2019\nsource: {kind: journal abstract}\n"


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def commands_shown(text: str) -> Iterator[list[str]]:
    """The lines of indented blocks that start with evisynth, without comments, as the shell splits them."""
    for line in re.findall(r"^ {4}(evisynth .+)$", text, flags=re.MULTILINE):
        yield shlex.split(line, comments=True)[1:]


def commands_mentioned(text: str) -> Iterator[list[str]]:
    """Commands within a sentence that name no placeholder (QUESTION, ID, [FILE...])."""
    for words in re.findall(r"`evisynth ([a-z][^`A-Z\[]*)`", text):
        yield shlex.split(words)


def rows_of(text: str, first_heading: str) -> list[list[str]]:
    """The cells of the table whose first heading is given."""
    table = re.search(
        rf"^\| {re.escape(first_heading)} \|.*\n\|[-| :]+\|\n((?:\|.*\n)+)", text, flags=re.MULTILINE
    )
    assert table, first_heading
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table[1].splitlines()]


@pytest.fixture(scope="module")
def shown_project(tmp_path_factory: pytest.TempPathFactory, five_studies) -> Path:
    """The five studies in a folder under git, where what the documents show can be typed."""
    folder = tmp_path_factory.mktemp("shown")
    shutil.copytree(FIVE_STUDIES, folder, dirs_exist_ok=True)
    for words in ("init", "add studies evidence", "-c user.name=A -c user.email=a@example.org commit -m all"):
        subprocess.run(["git", *words.split()], cwd=folder, check=True, capture_output=True)
    return folder


def project_of(folder: Path, *, study: str = "", question: str = "") -> Evidence:
    """Make a project of the five studies and an example."""
    shutil.copytree(FIVE_STUDIES / "studies", folder / "studies")
    shutil.copytree(FIVE_STUDIES / "evidence", folder / "evidence")
    for place, text in (("studies", study), ("evidence/questions", question)):
        if text:
            name = text.splitlines()[0].removeprefix("id: ")
            (folder / place / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Evidence(folder)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented_and_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"| `evisynth {command}" in README
    with pytest.raises(SystemExit) as stop:
        build_parser().parse_args([command, "--help"])
    assert stop.value.code == 0
    assert COMMANDS[command][1:] in capsys.readouterr().out.replace("\n", " ")


def test_every_option_of_query_is_documented() -> None:
    for option in ("--study", "--group", "--outcome", "--statistic", "--at", "--sql", "--format"):
        assert option in README


SHOWN = {tuple(words): name for name, text in DOCUMENTS.items() for words in commands_shown(text)}


@pytest.mark.parametrize("words", SHOWN, ids=[f"{name}: {' '.join(words)}" for words, name in SHOWN.items()])
def test_every_command_shown_runs(
    words: tuple[str, ...], shown_project: Path, run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shown_project)
    if words[0] in RUN_ELSEWHERE:
        build_parser().parse_args(words)
        return
    status, _, told = run(shown_project, *words)
    assert status == 0, told


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_and_option_mentioned_exists(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = build_parser()
    for words in commands_mentioned(DOCUMENTS[name]):
        if len(words) == 1 or "--help" in words:
            assert words[0] in COMMANDS, words
        else:
            parser.parse_args(words)
    helped = ""
    for command in COMMANDS:
        with pytest.raises(SystemExit):
            parser.parse_args([command, "--help"])
        helped += capsys.readouterr().out
    known = {*re.findall(r"--[a-z-]+", helped), *OTHER_OPTIONS}
    assert set(re.findall(r"(?<![-\w])--[a-z][a-z-]+", DOCUMENTS[name])) <= known


@pytest.mark.parametrize(("name", "code"), [
    pytest.param(name, code, id=f"{name} {number}")
    for name, text in DOCUMENTS.items() for number, code in enumerate(blocks(text, "python"))
])  # fmt: skip
def test_every_python_block_runs(
    name: str, code: str, shown_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shown_project)
    Path("build").mkdir(exist_ok=True)
    exec(compile(code, name, "exec"), {})


def test_no_example_of_yaml_is_left_out() -> None:
    """The tests below read all of them."""
    counts = {name: len(blocks(text, "yaml")) for name, text in DOCUMENTS.items()}
    assert counts.pop("README.md") == 1
    assert counts.pop("studies/README.md") == 5
    assert counts.pop("evidence/README.md") == 6
    assert set(counts.values()) == {0}


def test_the_example_study_is_read_without_an_error(tmp_path: Path) -> None:
    (example,) = blocks(README, "yaml")
    assert "error" not in {finding.level for finding in project_of(tmp_path, study=example).check()}


def test_the_examples_of_blocks_are_read_as_one_study_that_agrees_with_itself(tmp_path: Path) -> None:
    study = HEAD + "\n".join(blocks(STUDIES, "yaml"))
    evidence = project_of(tmp_path, study=study)
    findings = [finding for finding in evidence.check() if finding.file == "studies/berger-2019.yaml"]
    assert {finding.level for finding in findings if not finding.acknowledged} <= {"note"}, findings
    assert [finding.code for finding in findings if finding.acknowledged] == ["observational-effect"]


def is_read(value: str) -> bool:
    """Whether the value grammar knows the text as a value of any kind."""
    for kind in get_args(Kind):
        with suppress(QuantityError):
            parse_quantity(value, kind)
            return True
    return False


def test_every_form_of_value_in_the_table_is_read() -> None:
    forms = [
        form
        for _, shown in rows_of(STUDIES, "the abstract prints")
        for form in re.findall("`([^`]+)`", shown)
    ]
    assert len(forms) > 12
    for form in forms:
        if form == ">":
            continue
        read = yaml.load(form, yaml.BaseLoader)  # every scalar a text, as in study files
        value = next(iter(read.values())) if isinstance(read, dict) else read
        assert is_read(value["value"] if isinstance(value, dict) else value), form


def test_the_example_question_with_its_blocks_and_the_term_are_read_without_an_error(tmp_path: Path) -> None:
    question, term, *keys, reviews = blocks(QUESTIONS_AND_ANSWERS, "yaml")
    question = question.replace("id: resection-overall-survival", "id: example")
    evidence = project_of(tmp_path, question=question + "\n".join(keys))
    vocabulary = tmp_path / "evidence" / "vocabulary.yaml"
    entry = term.removeprefix("interventions:\n")
    text = vocabulary.read_text(encoding="utf-8").replace("interventions:\n", f"interventions:\n{entry}")
    vocabulary.write_text(text, encoding="utf-8")
    reviewed = reviews.replace("resection-overall-survival", "example")
    (tmp_path / "evidence" / "reviews.yaml").write_text(reviewed, encoding="utf-8")
    assert "intra_arterial_therapy" in evidence.vocabulary().terms["intervention"]
    assert "error" not in {finding.level for finding in evidence.check()}
    assert evidence.question("example").baseline is not None
    assert evidence.reviews()[0].results[0].question == "example"


def test_the_questions_are_listed_and_whatever_is_listed_is_asked() -> None:
    listed = QUESTIONS_AND_ANSWERS.split("The questions so far:")[1].split("\n\n")[0]
    ids = re.findall(r"`([a-z0-9-]+)`", listed)
    assert set(QUESTIONS) <= set(ids) <= set(Evidence(ROOT).question_ids())


def test_every_key_of_a_question_is_explained() -> None:
    section = QUESTIONS_AND_ANSWERS.split("## Ask a question")[1].split("## Read an answer")[0]
    assert [key for key in keys_of(Question) if key not in section] == []


def test_every_kind_of_plot_is_documented_and_is_a_function() -> None:
    section = QUESTIONS_AND_ANSWERS.split("## Draw a plot")[1]
    for kind in KINDS.values():
        assert f"`{kind.name}`" in section
        assert callable(getattr(evisynth.figures, kind.function))


def test_every_statistic_named_is_a_function() -> None:
    for names, _ in rows_of(BUILT, "of `evisynth.synthesis`"):
        for name in re.findall(r"`(\w+)`", names):
            assert callable(getattr(evisynth.synthesis, name)), name


def test_every_stage_is_in_the_table() -> None:
    source = ROOT / "src" / "evisynth"
    stages = {path.name for path in source.iterdir() if (path / "__init__.py").exists()}
    stages |= {path.stem for path in source.glob("*.py")} - {"__init__"}
    named = {
        name.rstrip("/") for row in rows_of(BUILT, "stage") for name in re.findall(r"`([\w/]+)`", row[0])
    }
    assert named == stages


def test_the_table_of_recoveries_is_that_of_the_simulation() -> None:
    full = (ROOT / "tests" / "reference" / "simulation" / "table.md").read_text(encoding="utf-8")
    lines = {tuple(line[:2]): line for line in rows_of(full, "recovery")}
    for _, key, *cells in rows_of(SIMULATION, "recovered from"):
        recovery, printed = key.split(": ", 1)
        _, _, grade, typical, _, _, _, proportional, other = lines[recovery, printed]
        assert cells == [grade.split(" (")[0], typical, proportional.split(" (")[0], other.split(" (")[0]]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", DOCUMENTS[name]):
        assert ((ROOT / name).parent / target).exists(), target


def test_every_file_named_of_the_source_is_there() -> None:
    source = ROOT / "src" / "evisynth"
    for name in re.findall(r"`((?:\w+/)+\w+\.(?:py|sql))`", BUILT):
        assert (source / name).exists() or (ROOT / name).exists(), name
