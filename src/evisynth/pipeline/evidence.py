"""The journey of the data in one place: from a project folder to figures, tables and the report.

    studies/*.yaml -> Study -> DuckDB -> reported outcomes -> effects -> synthesis -> figure, table, report

Each step asks the one before it and nothing is kept that a file could contradict: the database is built
again when a study changed, and every answer is computed from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evisynth.database import ProjectFiles
from evisynth.errors import Finding, FindingsError, ProjectError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    from duckdb import DuckDBPyConnection
    from matplotlib.figure import Figure

    from evisynth.answers import Answer, Multiverse
    from evisynth.checks import CheckOptions, CheckReport
    from evisynth.outcomes import Question, ReportedOutcome
    from evisynth.pipeline.recovered import Recovered
    from evisynth.report import CommittedAnswer, Explanation
    from evisynth.studies import Study
    from evisynth.synthesis import PooledResult
    from evisynth.vocabulary import Vocabulary

Row = dict[str, Any]
_STUDY_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Evidence:
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
        self.files = ProjectFiles(Path(folder))
        if not self.files.studies.is_dir():
            raise ProjectError(
                f"{self.files.folder.resolve()} has no studies folder; "
                "go to the project folder, or name it with -C DIR"
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
        from evisynth.studies import read_vocabulary

        return read_vocabulary(self.files.vocabulary)

    def studies(self) -> list[Study]:
        """Read every study; FindingsError holds the mistakes of all."""
        from evisynth.studies import read_studies

        studies, findings = read_studies(self.files.studies, self.vocabulary())
        if findings:
            raise FindingsError(findings)
        return studies

    def study_ids(self) -> list[str]:
        """Name every study, in order."""
        return sorted(path.stem for path in self.files.studies.glob("*.yaml"))

    def check(self, paths: Sequence[str | Path] = ()) -> list[Finding]:
        """Look for mistakes in the named study files, or in the whole project."""
        return list(self.check_report(paths).findings)

    def check_report(
        self, paths: Sequence[str | Path] = (), options: CheckOptions | None = None
    ) -> CheckReport:
        """Check the named study files, or the whole project, and say what was found fine too."""
        from evisynth.checks import CheckReport, check_named_files, check_project
        from evisynth.outcomes import misnamed_questions, question_findings

        try:
            vocabulary = self.vocabulary()
        except FindingsError as error:
            return CheckReport(error.findings)
        if paths:
            files = {path: self._named_file(path) for path in paths}
            # The vocabulary has just been read, and is read for every study.
            questions = [file for file in files.values() if file.parent.name == self.questions_folder.name]
            others = {*questions, *(f for f in files.values() if f.name == self.files.vocabulary.name)}
            named = [(str(file), str(path)) for path, file in files.items() if file not in others]
            report = check_named_files(named, vocabulary, self.files.vocabulary, options)
            asked, of_questions = [file.stem for file in questions], []
        else:
            report = check_project(self.files.studies, vocabulary, self.files.vocabulary, options)
            asked, of_questions = self.question_ids(), misnamed_questions(self.questions_folder)
        of_questions += question_findings(map(self._question_path, asked), vocabulary, self.study_ids())
        if not of_questions:
            return report
        return replace(report, findings=tuple(sorted([*report.findings, *of_questions])))

    def _named_file(self, path: str | Path) -> Path:
        """Find a file that was typed: from where the user stands, else from the project folder."""
        return Path(path) if Path(path).exists() else self.files.folder / path

    def start_study(self, study_id: str) -> Path:
        """Write a study file to fill in, unless there is one of that id."""
        from evisynth.studies import study_template

        if not _STUDY_ID.fullmatch(study_id):
            raise UsageError(
                f"'{study_id}' cannot be the id of a study; "
                "use small letters, digits and hyphens: liver-surgery-339"
            )
        path = self.files.studies / f"{study_id}.yaml"
        try:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(study_template(study_id))
        except FileExistsError:
            raise ProjectError(f"{path} exists already; choose another id, or edit that file") from None
        return path

    # build and query

    def build(self) -> Path:
        """Build the database when something changed, and return its path."""
        from evisynth.database import ensure_database

        return ensure_database(self.files)

    @contextmanager
    def connection(self) -> Iterator[DuckDBPyConnection]:
        """Open the current database, read-only, settings locked."""
        from evisynth.database import open_database

        connection = open_database(self.build())
        try:
            yield connection
        finally:
            connection.close()

    def reported_outcomes(self, **filters: str) -> list[ReportedOutcome]:
        """Return what was reported; filters are study, group, outcome, statistic, at."""
        from evisynth.outcomes import select_reported_outcomes

        with self.connection() as connection:
            return select_reported_outcomes(connection, **filters)

    def query(self, **filters: str) -> pd.DataFrame:
        """Return what was reported as a table: one row a printed number."""
        from evisynth.outcomes import reported_outcomes_frame

        return reported_outcomes_frame(self.reported_outcomes(**filters))

    def query_rows(self, **filters: str) -> tuple[list[Row], tuple[str, ...]]:
        """Return what was reported as plain rows, with the names of their columns."""
        from evisynth.outcomes import QUERY_COLUMNS

        rows = [
            {name: getattr(row, name) for name in QUERY_COLUMNS} for row in self.reported_outcomes(**filters)
        ]
        return rows, QUERY_COLUMNS

    def run_sql(self, statement: str) -> tuple[list[Row], tuple[str, ...]]:
        """Run one read-only statement against the documented views."""
        from evisynth.outcomes import run_sql

        with self.connection() as connection:
            found = run_sql(connection, statement)
        return [dict(zip(found.columns, row, strict=True)) for row in found.rows], tuple(found.columns)

    def export_parquet(self, path: Path, **filters: str) -> Path:
        """Write what was reported to a Parquet file."""
        from evisynth.outcomes import export_parquet

        return export_parquet(self.reported_outcomes(**filters), path)

    # recover, pool and draw

    def question_ids(self) -> list[str]:
        """Name every question, in order."""
        return sorted(path.stem for path in self.questions_folder.glob("*.yaml"))

    def _question_path(self, question_id: str) -> Path:
        return self.questions_folder / f"{question_id}.yaml"

    def question(self, question_id: str) -> Question:
        """Read a question."""
        if question_id not in self.question_ids():
            raise UnknownNameError("question", question_id, self.question_ids())
        return self._read_question(question_id, self.vocabulary())

    def _read_question(self, question_id: str, vocabulary: Vocabulary) -> Question:
        from evisynth.outcomes import read_question

        return read_question(self._question_path(question_id), vocabulary, studies=self.study_ids())

    def recover(self, question_id: str) -> Recovered:
        """Recover the effects behind a question and answer it."""
        from evisynth.answers import answer_question
        from evisynth.effects import recover
        from evisynth.outcomes import select_comparisons
        from evisynth.pipeline.recovered import Recovered

        question = self.question(question_id)
        with self.connection() as connection:
            selection = select_comparisons(connection, question)
        effects = tuple(recover(comparison, question) for comparison in selection.comparisons)
        answer = answer_question(question, selection.comparisons, effects, selection.left_out)
        return Recovered(selection.comparisons, effects, answer)

    def answer(self, question_id: str) -> Answer:
        """Answer a question: its rows, and a pooled estimate or the reason why there is none."""
        return self.recover(question_id).answer

    def answer_record(self, question_id: str) -> Row:
        """Answer a question as the plain values of ``evisynth pool --format json``."""
        from evisynth.answers import answer_as_json

        return answer_as_json(self.answer(question_id))

    def explain(self, question_id: str, study: str | None = None) -> Explanation:
        """Walk the rows of an answer, or those of one study, back to what was printed."""
        from evisynth.outcomes import load_group_trees
        from evisynth.report import explain_answer

        if study is not None and study not in self.study_ids():
            raise UnknownNameError("study", study, self.study_ids())
        recovered, tree = self.recover(question_id), None
        if study is not None:
            with self.connection() as connection:
                trees = load_group_trees(connection, recovered.answer.question.outcome)
            tree = next((tree for tree in trees if tree.study == study), None)
        return explain_answer(recovered.answer, recovered.comparisons, self.vocabulary(), study, tree)

    def multiverse(self, question_id: str, most: int = 20_000) -> tuple[Question, tuple[Multiverse, ...]]:
        """Rerun a question over every admissible choice, or over a sample of ``most`` when they are more."""
        from evisynth.answers import multiverses, reconsidered
        from evisynth.effects import recover
        from evisynth.outcomes import select_comparisons

        question = self.question(question_id)
        with self.connection() as connection:
            everyone = select_comparisons(connection, replace(question, left_out=())).comparisons
        comparisons = reconsidered(question, everyone)
        effects = [recover(comparison, question) for comparison in comparisons]
        return question, multiverses(question, comparisons, effects, most)

    def effect_records(self, question_id: str) -> list[Row]:
        """Return every recovery of every comparison as plain values."""
        from evisynth.answers import effects_as_json

        return effects_as_json(self.recover(question_id).effects)

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

    def forest(self, question_id: str, **choices: Any) -> Figure:
        """Draw the forest plot of a question; the choices are those of ``evisynth.forest``."""
        return self._forest(self.answer(question_id), **choices)

    def _forest(self, answer: Answer, **choices: Any) -> Figure:
        """Draw a forest plot; one by year takes the years of publication from the studies."""
        from evisynth.figures import Years, forest

        if str(choices.get("order")).strip().casefold() == "year":
            years = {study.id: study.source.year for study in self.studies()}
            choices["order"] = Years({study: year for study, year in years.items() if year is not None})
        return forest(answer, **choices)

    def draw_forest(
        self, question_id: str, path: Path, tell: Callable[[str], None] | None = None, **choices: Any
    ) -> Path:
        """Draw the forest plot of a question into an SVG, PDF or PNG file.

        ``tell`` hears what the reader of the picture should know about it: characters that no font has.
        """
        answer = self.answer(question_id)
        return _save(self._forest(answer, **choices), path, self.stamp(answer), tell)

    def plot(self, kind: str, question_id: str | None = None, **choices: Any) -> Figure:
        """Draw a plot by the name of its kind: ``plot("funnel", QUESTION)``, ``plot("evidence-map")``."""
        from evisynth.pipeline.plots import draw_plot

        return draw_plot(self, kind, question_id, **choices)

    def draw_plot(
        self,
        kind: str,
        path: Path,
        question_id: str | None = None,
        tell: Callable[[str], None] | None = None,
        **choices: Any,
    ) -> Path:
        """Draw a plot into an SVG, PDF or PNG file."""
        from evisynth.pipeline.plots import plot_with_answer

        figure, answer = plot_with_answer(self, kind, question_id, **choices)
        if answer is None and question_id is not None:
            answer = self.answer(question_id)
        stamp = None if answer is None else self.stamp(answer)
        return _save(figure, path, stamp, tell)

    # write

    def write_report(self, folder: Path, *, gallery: bool = False) -> tuple[Path, list[Path]]:
        """Answer every question, bring the committed answers up to date, and write the page.

        With ``gallery``, a page of every layout and kind of plot stands beside it.

        Returns
        -------
        tuple
            The page, and the committed files that changed.
        """
        from evisynth.pipeline.publish import publish

        return publish(self, folder, gallery=gallery)

    def commit_answer(self, question_id: str) -> tuple[CommittedAnswer, Recovered]:
        """Put the answer to a question into the three texts that are committed, with its stamp."""
        from evisynth.pipeline.committed import committed_answer

        recovered = self.recover(question_id)
        return committed_answer(recovered, self.stamp(recovered.answer)), recovered

    def stamp(self, answer: Answer) -> str:
        """Hash what an answer rests on: its question, the vocabulary it uses, the study files it used."""
        from evisynth.pipeline.committed import studies_of, terms_used
        from evisynth.report import answer_stamp

        question = self._question_path(answer.question.id).read_text(encoding="utf-8")
        studies = {
            study: (self.files.studies / f"{study}.yaml").read_text(encoding="utf-8")
            for study in studies_of(answer)
        }
        return answer_stamp(question, terms_used(answer.question, self.vocabulary()), studies)


def _save(figure: Figure, path: Path, stamp: str | None, tell: Callable[[str], None] | None) -> Path:
    from evisynth.figures import save_figure

    save_figure(figure, path, stamp=stamp, make_folder=True)
    for note in getattr(figure, "notes", ()):
        if tell is not None:
            tell(note)
    return path


def open(path: str | Path = ".") -> Evidence:
    """Open a project folder; public as ``evisynth.open``."""
    return Evidence(path)
