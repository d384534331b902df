"""Places inside a project folder: studies, vocabulary, and what is built from them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """The places inside one project folder; everything under ``build`` can be deleted and built again."""

    folder: Path

    @property
    def studies(self) -> Path:
        """One YAML file a study."""
        return self.folder / "studies"

    @property
    def vocabulary(self) -> Path:
        """Outcomes and tags."""
        return self.folder / "evidence" / "vocabulary.yaml"

    @property
    def build(self) -> Path:
        """What is made from the files, and never committed."""
        return self.folder / "build"

    @property
    def database(self) -> Path:
        """The database that queries read."""
        return self.build / "evidence.duckdb"

    @property
    def stamp(self) -> Path:
        """What the database was built from."""
        return self.build / "evidence.stamp.json"

    @property
    def lock(self) -> Path:
        """Held by the one process that builds."""
        return self.build / ".lock"

    @property
    def parse_cache(self) -> Path:
        """Rows of study files that were read before."""
        return self.build / "cache" / "rows"
