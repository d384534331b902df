"""Study files written on the spot, read and checked."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from five_studies import FIVE_STUDIES

from evisynth.checks import Check, Found, SourcedStudy, SourceFolder, StudyView, study_card
from evisynth.studies import Study, read_study, read_vocabulary
from evisynth.vocabulary import Vocabulary

SOURCE_MARK = "=== source\n"


def complete(text: str) -> tuple[str, str]:
    """Add what an example leaves out; return the id and the text of the file."""
    found = re.search(r"^id: (\S+)$", text, re.MULTILINE)
    head = "" if found else "id: example\n"
    for block, empty in (("source", "{kind: journal abstract}"), ("cohort", "{}")):
        if not re.search(rf"^{block}:", text, re.MULTILINE):
            head += f"{block}: {empty}\n"
    name = found.group(1) if found else "example"
    return name, f"id: {name}\n" + head.replace("id: example\n", "") + re.sub(
        r"^id: .*\n", "", text, flags=re.M
    )


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return read_vocabulary(FIVE_STUDIES / "evidence" / "vocabulary.yaml")


@pytest.fixture
def write_studies(tmp_path: Path) -> Callable[[str], list[Path]]:
    """Write the study files of an example, one after another with --- between."""

    def write(text: str) -> list[Path]:
        folder = tmp_path / "studies"
        folder.mkdir(exist_ok=True)
        paths = []
        for document in text.split("---\n"):
            name, whole = complete(document)
            path = folder / f"{name}.yaml"
            path.write_text(whole, encoding="utf-8")
            paths.append(path)
        return paths

    return write


@pytest.fixture
def read_studies_of(write_studies, vocabulary) -> Callable[[str], list[Study]]:
    return lambda text: [read_study(path, vocabulary) for path in write_studies(text)]


@pytest.fixture
def outcomes_of(read_studies_of, vocabulary, tmp_path) -> Callable[[Check, str], list[Found | None]]:
    """Run one check on an example of its scope."""

    def run(check: Check, text: str) -> list[Found | None]:
        document, _, source = text.partition(SOURCE_MARK)
        document = document.replace("HASH", hashlib.sha256(source.encode()).hexdigest())
        studies = read_studies_of(document)
        if check.scope == "study":
            return list(check.run(StudyView(studies[0], vocabulary)))
        if check.scope == "collection":
            return list(check.run([study_card(StudyView(study, vocabulary)) for study in studies]))
        folder = tmp_path / "texts"
        folder.mkdir(exist_ok=True)
        if source:
            (folder / f"{studies[0].id}.txt").write_text(source, encoding="utf-8")
        found = SourceFolder(folder).find(studies[0].id, studies[0].source.sha256)
        return list(check.run(SourcedStudy(studies[0], found, folder.name)))

    return run


@pytest.fixture
def made_up(empty_project, write_studies) -> Path:
    """A project of one good study, on which no check finds anything."""
    (empty_project / "studies" / "made-up.yaml").write_text(BASE, encoding="utf-8")
    return empty_project


@pytest.fixture
def edited(made_up, run) -> Callable[..., list[dict[str, object]]]:
    """Check the good study after small edits: pairs of old and new text, each of which must occur."""

    def check(*edits: tuple[str, str]) -> list[dict[str, object]]:
        text = BASE
        for old, new in edits:
            assert old in text, old
            text = text.replace(old, new)
        (made_up / "studies" / "made-up.yaml").write_text(text, encoding="utf-8")
        return json.loads(run(made_up, "check", "--format", "json")[1])

    return check


BASE = """\
id: made-up

source:
  kind: journal article
  title: Made up
  year: 2015

cohort:
  design: randomised trial
  institution: Anywhere Hospital
  accrual: 1998 to 2010
  follow_up: {median: 70 months, at: line 1}
  screened: 400
  at: line 1

groups:
  all: {label: Everyone, n: 200, site: liver, population: neuroendocrine metastases, at: line 1}
  operated: {label: Operated, n: 110, of: all, by: resection, intervention: resection, at: line 1}
  observed: {label: Observed, n: 90, of: all, by: resection, intervention: no resection, at: line 1}
  young: {label: Young, n: 46%, of: all, by: age, at: line 1}
  old: {label: Old, n: 54%, of: all, by: age, at: line 1}

outcomes:
  - outcome: overall survival
    method: Kaplan-Meier
    starts: randomisation
    at: line 2
    values:
      all: {median: 80 months (95% CI 64 to 100)}
      operated:
        median: 100 months (95% CI 80 to 125)
        survival at 5 years: 70% (95% CI 61 to 78%)
        survival at 8 years: 52% (95% CI 43 to 61%)
      observed:
        median: 60 months (95% CI 48 to 75)
        survival at 5 years: 50% (95% CI 40 to 60%)
        survival at 8 years: 30% (95% CI 21 to 40%)
  - outcome: progression-free survival
    starts: randomisation
    at: line 3
    values:
      operated: {median: 40 months (95% CI 32 to 50)}
  - outcome: major complications
    at: line 4
    values:
      operated: {proportion: 22 (20.0%)}
      observed: {proportion: 9/90}
  - outcome: perioperative mortality
    at: line 4
    values:
      operated: {proportion within 30 days: 1.8%, proportion within 90 days: 2.7%}
  - outcome: lesions treated
    at: line 4
    values:
      operated: {mean: 4.50, median: 4.0 (range 1 to 20)}

comparisons:
  - outcome: overall survival
    of: [operated, observed]
    hazard_ratio: 0.60 (95% CI 0.43 to 0.84)
    p: 0.003
    favours: operated
    test: log-rank
    basis: stated
    at: line 5
  - outcome: major complications
    of: [operated, observed]
    p: 0.05
    test: chi-squared
    basis: stated
    at: line 6

claims:
  - kind: benefit
    outcome: overall survival
    index: operated
    reference: observed
    comparator: concurrent
    at: line 7
"""
