"""The question files of a project, ``evidence/questions/*.yaml``, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from evisynth.errors import Finding, FindingsError, ProjectError, UnknownNameError
from evisynth.outcomes.question import Question
from evisynth.outcomes.question_types import QuestionReading
from evisynth.vocabulary import Vocabulary

SUFFIX = ".yaml"


def read_questions(folder: Path, vocabulary: Vocabulary) -> tuple[list[Question], list[Finding]]:
    """Read every question of a folder, by id; what cannot be read is in the findings."""
    questions: list[Question] = []
    findings: list[Finding] = []
    for path in question_paths(folder):
        try:
            questions.append(read_question(path, vocabulary))
        except FindingsError as error:
            findings.extend(error.findings)
    return questions, sorted(findings)


def question_paths(folder: Path) -> list[Path]:
    """Return the question files of a folder, by id."""
    return sorted(path for path in folder.glob(f"*{SUFFIX}") if not path.name.startswith("."))


def find_question(folder: Path, question: str, vocabulary: Vocabulary) -> Question:
    """Read the question of that id; UnknownNameError suggests near misses."""
    known = [path.stem for path in question_paths(folder)]
    if question not in known:
        if not folder.is_dir():
            raise ProjectError(f"{folder} does not exist; a project folder keeps its questions there")
        raise UnknownNameError("question", question, known)
    return read_question(folder / f"{question}{SUFFIX}", vocabulary)


def read_question(
    path: Path, vocabulary: Vocabulary, file: str | None = None, studies: Collection[str] | None = None
) -> Question:
    """Read one question file.

    Parameters
    ----------
    path
        The file; its name without ``.yaml`` must be the id of the question.
    vocabulary
        Names that the file may use for the outcome and tags.
    file
        Its name as shown to people; the last folders unless given.
    studies
        The studies there are, so that leaving out one that does not exist is found.

    Raises
    ------
    FindingsError
        With every mistake of the file.
    """
    from evisynth.reading import read_model, read_yaml_file

    path = Path(path)
    yaml_file = read_yaml_file(path, file or "/".join(path.parts[-3:]).lstrip("/"))
    return read_model(Question, yaml_file, QuestionReading(vocabulary, path.stem, studies))


def question_findings(
    paths: Iterable[Path], vocabulary: Vocabulary, studies: Collection[str]
) -> list[Finding]:
    """Read question files for nothing but their mistakes: what ``evisynth check`` says of them."""
    findings: list[Finding] = []
    for path in paths:
        try:
            read_question(path, vocabulary, studies=studies)
        except FindingsError as error:
            findings.extend(error.findings)
    return findings


def misnamed_questions(folder: Path) -> list[Finding]:
    """Report the files of a folder that would be questions, were their suffix the usual one."""
    findings = []
    for path in sorted(folder.glob("*")):
        if path.suffix != SUFFIX and path.suffix.lower() in (SUFFIX, ".yml") and path.name[0] != ".":
            shown = "/".join(path.parts[-3:]).lstrip("/")
            message = f"the file name ends in {path.suffix}, and nobody reads it"
            fix = f"call it {path.stem}{SUFFIX}"
            findings.append(Finding(shown, 1, 1, "wrong-suffix", "error", message, fix))
    return findings


def question_terms(question: Question) -> Mapping[str, tuple[str, ...]]:
    """Return the tags that a question names, kind by kind, narrower ones included."""
    named: dict[str, dict[str, None]] = {}
    for block in question.row_groups:
        for selector in (block.index, block.reference):
            for kind, terms in selector.tags.items() if selector is not None else ():
                named.setdefault(kind, {}).update(dict.fromkeys(terms))
    return {kind: tuple(terms) for kind, terms in named.items()}
