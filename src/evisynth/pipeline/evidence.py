"""A project folder as Python and the commands have it: asked, drawn, and written up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Faces only: what stands behind them is imported when it is first asked for.
from evisynth import figures, report, studies
from evisynth.errors import ProjectError, UsageError
from evisynth.pipeline.page_freshness import current_page
from evisynth.pipeline.plots import draw_forest, plot_with_answer
from evisynth.pipeline.project import Project

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Tell = Callable[[str], None]


class Evidence(Project):
    """A project folder: its studies, its questions, what they answer, and the pictures and pages of it.

    ``tell`` hears what the reader of a picture should know about it: characters that no font has.
    """

    def start_study(self, study_id: str) -> Path:
        """Write a study file to fill in, unless there is one of that id."""
        if not studies.ID_PATTERN.fullmatch(study_id):
            raise UsageError(
                f"'{study_id}' cannot be the id of a study; "
                "use small letters, digits and hyphens: liver-surgery-339"
            )
        path = self.files.studies / f"{study_id}.yaml"
        try:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(studies.study_template(study_id, self.vocabulary()))
        except FileExistsError:
            raise ProjectError(f"{path} exists already; choose another id, or edit that file") from None
        return path

    def export_parquet(self, path: Path, **filters: str | Sequence[str]) -> Path:
        """Write what was reported to a Parquet file."""
        from evisynth.pipeline.exports import reported_table

        table = reported_table(self.reported_outcomes(**filters))
        return report.write_parquet(table, path, make_folder=True)

    def forest(self, question_id: str, **choices: Any) -> Figure:
        """Draw the forest plot of a question; the choices are those of ``evisynth.forest``."""
        return draw_forest(self, self.answer(question_id), **choices)

    def draw_forest(self, question_id: str, path: Path, tell: Tell | None = None, **choices: Any) -> Path:
        """Draw the forest plot of a question into an SVG, PDF or PNG file."""
        answer = self.answer(question_id)
        figure = draw_forest(self, answer, **choices)
        return _save(figure, path, self.stamp(answer), tell)

    def plot(self, kind: str, question_id: str | None = None, **choices: Any) -> Figure:
        """Draw a plot by the name of its kind: ``plot("funnel", QUESTION)``, ``plot("evidence-map")``."""
        return plot_with_answer(self, kind, question_id, **choices)[0]

    def draw_plot(
        self, kind: str, path: Path, question_id: str | None = None, tell: Tell | None = None, **choices: Any
    ) -> Path:
        """Draw a plot into an SVG, PDF or PNG file."""
        figure, answer = plot_with_answer(self, kind, question_id, **choices)
        if answer is None and question_id is not None:
            answer = self.answer(question_id)
        return _save(figure, path, None if answer is None else self.stamp(answer), tell)

    def write_report(
        self, folder: Path, *, gallery: bool = False, single_file: bool = False
    ) -> tuple[Path, list[Path]]:
        """Answer every question, bring the committed answers up to date, and write the pages.

        With ``gallery``, a page of every layout and kind of plot stands beside them; with ``single_file`` the
        report is one page. Nothing is done where the folder holds these pages, and the project says what it
        said when they were written.

        Returns
        -------
        tuple
            The first page, and the committed files that changed.
        """
        page = current_page(self.files.folder, folder, gallery=gallery, single_file=single_file)
        if page is not None:
            return page, []
        from evisynth.pipeline.publish import publish

        return publish(self, folder, gallery=gallery, single_file=single_file)


def _save(figure: Figure, path: Path, stamp: str | None, tell: Tell | None) -> Path:
    figures.save_figure(figure, path, stamp=stamp, make_folder=True)
    for note in getattr(figure, "notes", ()):
        if tell is not None:
            tell(note)
    return path


def open(path: str | Path = ".") -> Evidence:
    """Open a project folder; public as ``evisynth.open``."""
    return Evidence(path)
