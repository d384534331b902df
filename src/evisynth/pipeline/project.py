"""A project folder read, checked, built, asked and answered: the journey of the data as far as the answer.

    studies/*.yaml -> Study -> DuckDB -> reported outcomes -> effects -> synthesis -> figure, table, report

Each step asks the one before it and nothing is kept that a file could contradict: the database is built
again when a study changed, and every answer is computed from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Faces only: what stands behind them is imported when it is first asked for.
from evisynth import answers, checks, database, effects, outcomes, reading, report, studies
from evisynth.errors import Finding, FindingsError, ProjectError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from duckdb import DuckDBPyConnection

    from evisynth.answers import Answer, Multiverse
    from evisynth.checks import CheckOptions, CheckReport
    from evisynth.effects import Effect
    from evisynth.outcomes import Comparison, Question, ReportedOutcome, Review, SqlAnswer
    from evisynth.report import Explanation
    from evisynth.studies import Study
    from evisynth.synthesis import PooledResult
    from evisynth.vocabulary import Vocabulary

Row = dict[str, Any]
Recoveries = tuple[tuple["Effect", ...], ...]


@dataclass(frozen=True, slots=True)
class Recovered:
    """A question with its comparisons, the recoveries of each, and the answer they give."""

    comparisons: tuple[Comparison, ...]
    effects: Recoveries
    answer: Answer


class Project:
    """A project folder: its studies, its questions, and what they answer.

    Parameters
    ----------
    folder
        Holds ``studies/`` and ``evidence/``.

    Raises
    ------
    ProjectError
        When the folder is not a project.
    """

    def __init__(self, folder: str | Path = ".") -> None:
        self.files = database.ProjectFiles(Path(folder))
        if not self.files.studies.is_dir():
            raise ProjectError(
                f"{self.files.folder.resolve()} has no studies folder; "
                "go to the project folder, or name it with -C DIR; evisynth init begins a project"
            )

    @property
    def build_folder(self) -> Path:
        """Where everything goes that can be deleted and built again."""
        return self.files.build

    @property
    def questions_folder(self) -> Path:
        """One YAML file a question."""
        return self.files.folder / "evidence" / "questions"

    @property
    def results_folder(self) -> Path:
        """The committed answers."""
        return self.files.folder / "evidence" / "results"

    # read and check

    def vocabulary(self) -> Vocabulary:
        """Read the field's terms."""
        return studies.read_vocabulary(self.files.vocabulary)

    def studies(self) -> list[Study]:
        """Read every study; FindingsError holds the mistakes of all."""
        found, findings = studies.read_studies(self.files.studies, self.vocabulary())
        if findings:
            raise FindingsError(findings)
        return found

    def study_ids(self) -> list[str]:
        """Name every study, in order."""
        return [path.stem for path in reading.list_yaml_files(self.files.studies).paths]

    def study_text(self, study: str) -> str:
        """Return the text of a study file."""
        return (self.files.studies / f"{study}.yaml").read_text(encoding="utf-8")

    def question_ids(self) -> list[str]:
        """Name every question, the most important first; ProjectError where there is no folder of them."""
        return outcomes.questions_in_order(self.questions_folder)

    def question(self, question_id: str) -> Question:
        """Read a question."""
        known = [path.stem for path in outcomes.question_paths(self.questions_folder)]
        if question_id not in known:
            raise UnknownNameError("question", question_id, known)
        path = self._question_path(question_id)
        return outcomes.read_question(path, self.vocabulary(), studies=self.study_ids())

    def _question_path(self, question_id: str) -> Path:
        return self.questions_folder / f"{question_id}.yaml"

    def check(self, paths: Sequence[str | Path] = ()) -> list[Finding]:
        """Look for mistakes in the named study files, or in the whole project."""
        return list(self.check_report(paths).findings)

    def check_report(
        self, paths: Sequence[str | Path] = (), options: CheckOptions | None = None
    ) -> CheckReport:
        """Check the named study files, or the whole project, and say what was found fine too."""
        try:
            vocabulary = self.vocabulary()
        except FindingsError as error:
            return checks.CheckReport(error.findings)
        if paths:
            # A file that was typed is looked for from where the user stands, then from the project folder.
            files = {path: Path(path) if Path(path).exists() else self.files.folder / path for path in paths}
            # The vocabulary has just been read, and is read for every study.
            questions = [file for file in files.values() if file.parent.name == self.questions_folder.name]
            reviews = [file for file in files.values() if file.name == self.reviews_file.name]
            read = {*questions, *reviews}
            others = {*read, *(f for f in files.values() if f.name == self.files.vocabulary.name)}
            named = [(str(file), str(path)) for path, file in files.items() if file not in others]
            found = checks.check_named_files(named, vocabulary, self.files.vocabulary, options)
            of_questions = outcomes.question_findings(questions, vocabulary, self.study_ids())
            of_reviews = self._review_findings() if reviews else ()
        else:
            found = checks.check_project(self.files.studies, vocabulary, self.files.vocabulary, options)
            of_questions = outcomes.check_questions(self.questions_folder, vocabulary, self.study_ids())
            of_reviews = self._review_findings()
        return replace(found, findings=tuple(sorted([*found.findings, *of_questions, *of_reviews])))

    # what others found

    @property
    def reviews_file(self) -> Path:
        """Published reviews of the same questions, if anybody wrote them down."""
        return self.files.folder / "evidence" / "reviews.yaml"

    def reviews(self) -> tuple[Review, ...]:
        """Read the published reviews; FindingsError holds every mistake of their file."""
        if not self.reviews_file.exists():
            return ()
        cards = outcomes.question_cards(outcomes.question_paths(self.questions_folder))
        reading = outcomes.ReviewReading(self.vocabulary(), tuple(self.study_ids()), cards)
        return outcomes.read_reviews(self.reviews_file, reading)

    def _review_findings(self) -> tuple[Finding, ...]:
        try:
            self.reviews()
        except FindingsError as error:
            return tuple(error.findings)
        return ()

    # build and query

    def build(self) -> Path:
        """Build the database when something changed, and return its path."""
        return database.ensure_database(self.files)

    @contextmanager
    def connection(self, *, memory: str | None = None) -> Iterator[DuckDBPyConnection]:
        """Open the current database, read-only, settings locked, its memory bounded if that is said."""
        connection = database.open_database(self.build(), memory=memory)
        try:
            yield connection
        finally:
            database.close_database(connection)

    def study_names(self) -> dict[str, str]:
        """Return what pictures and pages call each study, by its id."""
        with self.connection() as connection:
            found = connection.execute("SELECT study_id, coalesce(label, '') FROM study").fetchall()
        return outcomes.study_names(found)

    def reported_outcomes(self, **filters: str | Sequence[str]) -> list[ReportedOutcome]:
        """Return what was reported; filters are study, group, outcome, statistic, at."""
        with self.connection() as connection:
            return outcomes.select_reported_outcomes(connection, **filters)

    def shown_sizes(self, outcome: str) -> dict[tuple[str, str], int]:
        """Return the numbers of patients that are shown for the groups of studies that report an outcome."""
        with self.connection() as connection:
            return outcomes.shown_sizes(connection, outcome)

    def query(self, **filters: str | Sequence[str]) -> pd.DataFrame:
        """Return what was reported as a table: one row a printed number."""
        return outcomes.reported_outcomes_frame(self.reported_outcomes(**filters))

    def query_rows(self, **filters: str | Sequence[str]) -> tuple[list[Row], tuple[str, ...]]:
        """Return what was reported as plain rows, with the names of their columns."""
        columns = outcomes.QUERY_COLUMNS
        found = self.reported_outcomes(**filters)
        return [{name: getattr(row, name) for name in columns} for row in found], columns

    def run_sql(self, statement: str) -> tuple[list[Row], tuple[str, ...]]:
        """Run one read-only statement against the documented views; return rows and names of columns."""
        found = self.ask_sql(statement)
        return found.records, found.columns

    def ask_sql(self, statement: str, *, seconds: float | None = None) -> SqlAnswer:
        """Run one read-only statement against the documented views, within bounds of time and memory."""
        with self.connection(memory=outcomes.SQL_MEMORY) as connection:
            return outcomes.run_sql(connection, statement, seconds=seconds or outcomes.SQL_SECONDS)

    # recover and pool

    def recover(self, question_id: str) -> Recovered:
        """Recover the effects behind a question and answer it."""
        question = self.question(question_id)
        with self.connection() as connection:
            selection = outcomes.select_comparisons(connection, question)
        recoveries = tuple(effects.recover(comparison, question) for comparison in selection.comparisons)
        answer = answers.answer_question(question, selection.comparisons, recoveries, selection.left_out)
        if question.left_out and answer.is_pooled:
            chosen = self._reconsidered(question)
        else:
            chosen = selection.comparisons, recoveries
        return Recovered(selection.comparisons, recoveries, answers.with_choices(answer, *chosen))

    def _reconsidered(self, question: Question) -> tuple[tuple[Comparison, ...], Recoveries]:
        """Recover the rows among which a question could have chosen: it leaves out fewer studies."""
        with self.connection() as connection:
            everyone = outcomes.select_comparisons(connection, replace(question, left_out=())).comparisons
        comparisons = tuple(answers.reconsidered(question, everyone))
        return comparisons, tuple(effects.recover(comparison, question) for comparison in comparisons)

    def answer(self, question_id: str) -> Answer:
        """Answer a question: its rows, and a pooled estimate or the reason why there is none."""
        return self.recover(question_id).answer

    def answer_record(self, question_id: str) -> Row:
        """Answer a question as the plain values of ``evisynth pool --format json``."""
        return answers.answer_as_json(self.answer(question_id))

    def effect_records(self, question_id: str) -> list[Row]:
        """Return every recovery of every comparison as plain values."""
        return answers.effects_as_json(self.recover(question_id).effects)

    def effects(self, question_id: str) -> pd.DataFrame:
        """Return every recovery of every comparison as a table."""
        import pandas as pd

        return pd.DataFrame(self.effect_records(question_id))

    def pool(self, question_id: str) -> PooledResult:
        """Return the pooled estimate of a question; ProjectError says why when nothing is pooled."""
        summary = self.answer(question_id).overall
        if summary.pooled is None:
            raise ProjectError(f"{question_id} is not pooled: {summary.refused}")
        return summary.pooled

    def explain(self, question_id: str, study: str | None = None) -> Explanation:
        """Walk the rows of an answer, or those of one study, back to what was printed."""
        if study is not None and study not in self.study_ids():
            raise UnknownNameError("study", study, self.study_ids())
        recovered, groups = self.recover(question_id), None
        if study is not None:
            with self.connection() as connection:
                groups = outcomes.ask_for_groups(connection, recovered.answer.question, study).get(study)
        return report.explain_answer(
            recovered.answer, recovered.comparisons, self.vocabulary(), study, groups
        )

    def multiverse(self, question_id: str, most: int = 20_000) -> tuple[Question, tuple[Multiverse, ...]]:
        """Rerun a question over every admissible choice, or over a sample of ``most`` when they are more."""
        question = self.question(question_id)
        return question, answers.multiverses(question, *self._reconsidered(question), most)

    def stamp(self, answer: Answer) -> str:
        """Hash what an answer rests on: its question, the vocabulary it uses, the study files it used."""
        question = self._question_path(answer.question.id).read_text(encoding="utf-8")
        read = {study: self.study_text(study) for study in studies_of(answer)}
        return report.answer_stamp(question, _terms_used(answer.question, self.vocabulary()), read)


def studies_of(answer: Answer) -> list[str]:
    """Name the studies that stand in an answer, pooled or not."""
    return sorted({row.effect.study for row in answer.rows})


def _terms_used(question: Question, vocabulary: Vocabulary) -> list[Row]:
    """Return the vocabulary entries that a question speaks of, as plain values."""
    named = {
        (kind, term)
        for block in question.row_groups
        for selector in (block.index, block.reference)
        if selector is not None
        for kind, terms in selector.tags.items()
        if kind != "role"
        for term in terms
    }
    entries = [asdict(vocabulary.outcome(question.outcome))]
    return entries + [asdict(vocabulary.term(kind, term)) for kind, term in sorted(named)]
