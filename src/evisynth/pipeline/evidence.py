"""The journey of the data in one place: from a project folder to figures, tables and the report.

    studies/*.yaml -> Study -> DuckDB -> reported outcomes -> effects -> synthesis -> figure, table, report

Each step asks the one before it and nothing is kept that a file could contradict: the database is built
again when a study changed, and every answer is computed from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evisynth.database.project_files import ProjectFiles
from evisynth.errors import Finding, FindingsError, ProjectError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from duckdb import DuckDBPyConnection
    from matplotlib.figure import Figure

    from evisynth.checks.project import CheckOptions
    from evisynth.checks.run import CheckReport
    from evisynth.effects.effect import Effect
    from evisynth.outcomes.comparison import Comparison
    from evisynth.outcomes.question import Question
    from evisynth.outcomes.reported_outcome import ReportedOutcome
    from evisynth.report.explain_content import Explanation
    from evisynth.report.results import CommittedAnswer
    from evisynth.studies.study import Study
    from evisynth.synthesis.answer import Answer
    from evisynth.synthesis.multiverse import Multiverse
    from evisynth.synthesis.result import PooledResult
    from evisynth.vocabulary import Vocabulary

Row = dict[str, Any]
_STUDY_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Recovered:
    """A question with its comparisons, the recoveries of each, and the answer they give."""

    comparisons: tuple[Comparison, ...]
    effects: tuple[tuple[Effect, ...], ...]
    answer: Answer


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
        from evisynth.studies.read_vocabulary import read_vocabulary

        return read_vocabulary(self.files.vocabulary)

    def studies(self) -> list[Study]:
        """Read every study; FindingsError holds the mistakes of all."""
        from evisynth.studies.read_study import read_studies

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
        from evisynth.checks.project import check_named_files, check_project
        from evisynth.checks.run import CheckReport

        try:
            vocabulary = self.vocabulary()
        except FindingsError as error:
            return CheckReport(error.findings)
        if paths:
            named = [(str(self._named_file(path)), str(path)) for path in paths]
            return check_named_files(named, vocabulary, self.files.vocabulary, options)
        report = check_project(self.files.studies, vocabulary, self.files.vocabulary, options)
        of_questions = self._question_findings(vocabulary)
        if not of_questions:
            return report
        return replace(report, findings=tuple(sorted([*report.findings, *of_questions])))

    def _named_file(self, path: str | Path) -> Path:
        """Find a file that was typed: from where the user stands, else from the project folder."""
        return Path(path) if Path(path).exists() else self.files.folder / path

    def _question_findings(self, vocabulary: Vocabulary) -> list[Finding]:
        findings: list[Finding] = []
        for question in self.question_ids():
            try:
                self._read_question(question, vocabulary)
            except FindingsError as error:
                findings.extend(error.findings)
        return findings

    def start_study(self, study_id: str) -> Path:
        """Write a study file to fill in, unless there is one of that id."""
        from evisynth.studies.template import study_template

        if not _STUDY_ID.fullmatch(study_id):
            raise UsageError(
                f"'{study_id}' cannot be the id of a study; "
                "use small letters, digits and hyphens: liver-surgery-339"
            )
        path = self.files.studies / f"{study_id}.yaml"
        try:
            with open(path, "x", encoding="utf-8", newline="\n") as file:
                file.write(study_template(study_id))
        except FileExistsError:
            raise ProjectError(f"{path} exists already; choose another id, or edit that file") from None
        return path

    # build and query

    def build(self) -> Path:
        """Build the database when something changed, and return its path."""
        from evisynth.database.build import ensure_database

        return ensure_database(self.files)

    @contextmanager
    def connection(self) -> Iterator[DuckDBPyConnection]:
        """Open the current database, read-only, settings locked."""
        from evisynth.database.connection import open_database

        connection = open_database(self.build())
        try:
            yield connection
        finally:
            connection.close()

    def reported_outcomes(self, **filters: str) -> list[ReportedOutcome]:
        """Return what was reported; filters are study, group, outcome, statistic, at."""
        from evisynth.outcomes.query import select_reported_outcomes

        with self.connection() as connection:
            return select_reported_outcomes(connection, **filters)

    def query(self, **filters: str) -> pd.DataFrame:
        """Return what was reported as a table: one row a printed number."""
        from evisynth.outcomes.query import reported_outcomes_frame

        return reported_outcomes_frame(self.reported_outcomes(**filters))

    def query_rows(self, **filters: str) -> tuple[list[Row], tuple[str, ...]]:
        """Return what was reported as plain rows, with the names of their columns."""
        from evisynth.outcomes.reported_outcome import QUERY_COLUMNS

        rows = [
            {name: getattr(row, name) for name in QUERY_COLUMNS} for row in self.reported_outcomes(**filters)
        ]
        return rows, QUERY_COLUMNS

    def run_sql(self, statement: str) -> tuple[list[Row], tuple[str, ...]]:
        """Run one read-only statement against the documented views."""
        from evisynth.outcomes.run_sql import run_sql

        with self.connection() as connection:
            found = run_sql(connection, statement)
        return [dict(zip(found.columns, row, strict=True)) for row in found.rows], tuple(found.columns)

    def export_parquet(self, path: Path, **filters: str) -> Path:
        """Write what was reported to a Parquet file."""
        from evisynth.outcomes.export_parquet import export_parquet

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
        from evisynth.outcomes.read_question import read_question

        return read_question(self._question_path(question_id), vocabulary, studies=self.study_ids())

    def recover(self, question_id: str) -> Recovered:
        """Recover the effects behind a question and answer it."""
        from evisynth.effects.recover import recover
        from evisynth.outcomes.comparisons import select_comparisons
        from evisynth.synthesis.answer_question import answer_question

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
        from evisynth.synthesis.answer_record import answer_as_json

        return answer_as_json(self.answer(question_id))

    def explain(self, question_id: str, study: str | None = None) -> Explanation:
        """Walk the rows of an answer, or those of one study, back to what was printed."""
        from evisynth.report.explain import explain_answer

        if study is not None and study not in self.study_ids():
            raise UnknownNameError("study", study, self.study_ids())
        recovered = self.recover(question_id)
        return explain_answer(recovered.answer, recovered.comparisons, self.vocabulary(), study)

    def multiverse(self, question_id: str, most: int = 20_000) -> tuple[Question, tuple[Multiverse, ...]]:
        """Rerun a question over every admissible choice, or over a sample of ``most`` when they are more."""
        from evisynth.effects.recover import recover
        from evisynth.outcomes.comparisons import select_comparisons
        from evisynth.synthesis.multiverse import multiverses
        from evisynth.synthesis.multiverse_choices import reconsidered

        question = self.question(question_id)
        with self.connection() as connection:
            everyone = select_comparisons(connection, replace(question, left_out=())).comparisons
        comparisons = reconsidered(question, everyone)
        effects = [recover(comparison, question) for comparison in comparisons]
        return question, multiverses(question, comparisons, effects, most)

    def effect_records(self, question_id: str) -> list[Row]:
        """Return every recovery of every comparison as plain values."""
        from evisynth.synthesis.effects_record import effects_as_json

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

    def forest(self, question_id: str) -> Figure:
        """Draw the forest plot of a question."""
        from evisynth.figures.forest.draw import forest

        return forest(self.answer(question_id))

    def draw_forest(self, question_id: str, path: Path) -> Path:
        """Draw the forest plot of a question into an SVG, PDF or PNG file."""
        from evisynth.figures.save import save_figure

        path.parent.mkdir(parents=True, exist_ok=True)
        return save_figure(self.forest(question_id), path)

    # write

    def write_report(self, folder: Path) -> tuple[Path, list[Path]]:
        """Answer every question, bring the committed answers up to date, and write the page.

        Returns
        -------
        tuple
            The page, and the committed files that changed.
        """
        from evisynth.report.gather import gather_report
        from evisynth.report.results import remove_orphans, write_answer
        from evisynth.report.write_report import write_report

        findings = self.check()
        if any(finding.level == "error" for finding in findings):
            raise FindingsError(findings)
        committed = {question: self.commit_answer(question) for question in self.question_ids()}
        # Without any question the folder of questions was more likely mislaid than emptied.
        changed = remove_orphans(self.results_folder, list(committed)) if committed else []
        for text, _ in committed.values():
            changed += write_answer(text, self.results_folder)
        answers = [(answer, text.forest_svg) for text, answer in committed.values()]
        content = gather_report(
            answers, self.studies(), self.reported_outcomes(), self.vocabulary(), findings
        )
        return write_report(content, folder), changed

    def commit_answer(self, question_id: str) -> tuple[CommittedAnswer, Answer]:
        """Put the answer to a question into the three texts that are committed, with its stamp."""
        from evisynth.figures.forest.draw import forest
        from evisynth.figures.save import svg_bytes
        from evisynth.report.results import CommittedAnswer, answer_stamp, render_effects, render_summary
        from evisynth.synthesis.answer_record import answer_as_json
        from evisynth.synthesis.effects_record import effects_as_json

        recovered = self.recover(question_id)
        answer = recovered.answer
        studies = sorted({row.effect.study for row in answer.rows})
        stamp = answer_stamp(
            self._question_path(question_id).read_text(encoding="utf-8"),
            terms_used(answer.question, self.vocabulary()),
            {study: (self.files.studies / f"{study}.yaml").read_text(encoding="utf-8") for study in studies},
        )
        text = CommittedAnswer(
            question=question_id,
            summary_json=render_summary(answer_as_json(answer), stamp, studies),
            effects_csv=render_effects(effects_as_json(recovered.effects)),
            forest_svg=svg_bytes(forest(answer), stamp).decode(),
        )
        return text, answer


def terms_used(question: Question, vocabulary: Vocabulary) -> list[Row]:
    """Return the vocabulary entries that a question speaks of, as plain values."""
    from dataclasses import asdict

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


def open_evidence(path: str | Path = ".") -> Evidence:
    """Open a project folder; public as ``evisynth.open``."""
    return Evidence(path)
