"""The question files of a project, ``evidence/questions/*.yaml``, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from evisynth.errors import Finding, FindingsError, ProjectError, UnknownNameError
from evisynth.outcomes.question import Question
from evisynth.outcomes.question_types import QuestionReading, WholeNumber
from evisynth.reading import SUFFIX, list_yaml_files, unreadable_folder, wrong_suffix
from evisynth.vocabulary import Vocabulary

#: The place of a question that names none: after all that do.
LAST = 10**6


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
    """Return the question files of a folder, by id; ProjectError says why it cannot be read."""
    try:
        return list(list_yaml_files(folder).paths)
    except OSError as error:
        raise ProjectError(
            f"{folder} cannot be read ({error.strerror}); a project folder keeps its questions there"
        ) from error


def questions_in_order(folder: Path) -> list[str]:
    """Name the questions of a folder in their order, by clinical importance; those without one follow.

    ProjectError says why the folder cannot be read.
    """
    return [path.stem for path in sorted(question_paths(folder), key=_place)]


def _place(path: Path) -> tuple[int, str]:
    """Give the place of a question; what a file has wrong is told where it is read."""
    from evisynth.reading import read_yaml_file

    try:
        typed = read_yaml_file(path, path.name).root.get("order")
        return (LAST if typed is None else WholeNumber().read(typed)), path.stem
    except (FindingsError, ValueError):
        return LAST, path.stem


def find_question(folder: Path, question: str, vocabulary: Vocabulary) -> Question:
    """Read the question of that id; UnknownNameError suggests near misses."""
    known = [path.stem for path in question_paths(folder)]
    if question not in known:
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
    yaml_file = read_yaml_file(path, file or _shown(path))
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


def check_questions(folder: Path, vocabulary: Vocabulary, studies: Collection[str]) -> list[Finding]:
    """Report the mistakes of every question, of files that nobody would read, and of the folder."""
    try:
        files = list_yaml_files(folder)
    except FileNotFoundError:
        message = "the folder does not exist, so nothing is asked of the studies"
        fix = "make it, with a file for each question"
        return [Finding(_shown(folder), 1, 1, "no-questions", "warning", message, fix)]
    except OSError as error:
        return [unreadable_folder(folder, _shown(folder), error)]
    misnamed = [wrong_suffix(path, _shown(path)) for path in files.misnamed]
    return misnamed + question_findings(files.paths, vocabulary, studies)


def _shown(path: Path) -> str:
    """Name a question file, or its folder, as people do: from the project folder on."""
    return "/".join(path.parts[-3 if path.suffix else -2 :]).lstrip("/")


def question_terms(question: Question) -> Mapping[str, tuple[str, ...]]:
    """Return the tags that a question names, kind by kind, narrower ones included."""
    named: dict[str, dict[str, None]] = {}
    for block in question.row_groups:
        for selector in (block.index, block.reference):
            for kind, terms in selector.tags.items() if selector is not None else ():
                named.setdefault(kind, {}).update(dict.fromkeys(terms))
    return {kind: tuple(terms) for kind, terms in named.items()}
