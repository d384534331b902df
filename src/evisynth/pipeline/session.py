"""A project for the length of one command: each thing is read once, from one state of the files.

A project asks its files before every answer, so that a notebook sees what was edited meanwhile. A command
that answers fifty questions would ask fifty times; and files edited halfway would give it answers of two
states. A session is another object over the same folder: the project it was made from goes on asking.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from evisynth import database
from evisynth.errors import ProjectError
from evisynth.pipeline.project import Project, Recovered

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from evisynth.outcomes import Question
    from evisynth.studies import Study
    from evisynth.vocabulary import Vocabulary

#: How often files may change while a session begins before a person is told.
_TRIES = 5

T = TypeVar("T")


@contextmanager
def one_session(project: Project) -> Iterator[Project]:
    """Give the project as it is now, read once; a session within a session is the same one.

    Raises
    ------
    ProjectError
        When its files keep changing while they are read.
    """
    if isinstance(project, _Session):
        yield project
        return
    session = _Session(project.files.folder)
    try:
        yield session
    finally:
        session.close()


class _Session(Project):
    """A project that keeps what it has read. One thread uses it: its connection is shared."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._kept: dict[Hashable, Any] = {}
        self._open: DuckDBPyConnection | None = None
        self._texts: dict[str, str] = {}

    def _once(self, what: Hashable, read: Callable[[], T]) -> T:
        if what not in self._kept:
            self._kept[what] = read()
        kept: T = self._kept[what]
        return kept

    def vocabulary(self) -> Vocabulary:
        return self._once("vocabulary", super().vocabulary)

    def studies(self) -> list[Study]:
        return list(self._once("studies", super().studies))

    def study_ids(self) -> list[str]:
        return list(self._once("study ids", super().study_ids))

    def study_names(self) -> dict[str, str]:
        return dict(self._once("study names", super().study_names))

    def question_ids(self) -> list[str]:
        return list(self._once("question ids", super().question_ids))

    def question(self, question_id: str) -> Question:
        ask = super().question
        return self._once(("question", question_id), lambda: ask(question_id))

    def recover(self, question_id: str) -> Recovered:
        recover = super().recover
        return self._once(("recovered", question_id), lambda: recover(question_id))

    def build(self) -> Path:
        return self._once("database", super().build)

    @contextmanager
    def connection(self, *, memory: str | None = None) -> Iterator[DuckDBPyConnection]:
        if memory is not None:  # a bound holds for a connection as a whole
            with super().connection(memory=memory) as bounded:
                yield bounded
            return
        yield self._settled()

    def study_text(self, study: str) -> str:
        self._settled()
        return self._texts[study]

    def _settled(self) -> DuckDBPyConnection:
        if self._open is None:
            self._open = self._opened()
        return self._open

    def _opened(self) -> DuckDBPyConnection:
        """Open the database, and read the texts of the studies that it was built from."""
        read = super().study_text
        for _ in range(_TRIES):
            path = super().build()
            built = database.database_identity(path)
            connection = database.open_database(path)
            with suppress(FileNotFoundError):  # a study that was removed meanwhile: it is not fresh then
                self._texts = {study: read(study) for study in super().study_ids()}
            # Another process may have put a newer database in the place of the one that was opened.
            fresh = database.check_freshness(self.files).fresh
            if fresh and database.database_identity(path) == built:
                self._kept["database"] = path
                return connection
            database.close_database(connection)
        raise ProjectError(
            f"files in {self.files.studies} keep changing while they are read; try again when they rest"
        )

    def close(self) -> None:
        """Close the connection, if one was opened."""
        if self._open is not None:
            database.close_database(self._open)
            self._open = None
