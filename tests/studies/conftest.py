"""The real vocabulary and the real study files, to read and to break."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from five_studies import FIVE_STUDIES

from evisynth.errors import Finding, FindingsError
from evisynth.studies import Study, read_study, read_vocabulary
from evisynth.vocabulary import Vocabulary


@pytest.fixture(scope="session")
def root() -> Path:
    return FIVE_STUDIES


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return read_vocabulary(FIVE_STUDIES / "evidence" / "vocabulary.yaml")


@pytest.fixture(scope="session")
def studies(vocabulary: Vocabulary) -> dict[str, Study]:
    paths = sorted((FIVE_STUDIES / "studies").glob("*.yaml"))
    return {path.stem: read_study(path, vocabulary) for path in paths}


@pytest.fixture
def findings_of(tmp_path: Path, vocabulary: Vocabulary) -> Callable[[str, str | bytes], list[Finding]]:
    """Write a study file and say what is found in it; an empty list when it reads."""

    def read(name: str, content: str | bytes) -> list[Finding]:
        path = tmp_path / name
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        try:
            read_study(path, vocabulary)
        except FindingsError as error:
            return list(error.findings)
        return []

    return read
