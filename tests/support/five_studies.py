"""A project of exactly the studies, questions and terms that tests know, whatever else stands in the clone.

Who adds studies, questions or terms finds the tests as they were: what a test pins is read from here. The
files are those of the repository, copied by name for as long as the tests run, the vocabulary term by term.
"""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from pathlib import Path

from evisynth.pipeline import Evidence, Recovered

REPOSITORY = Path(__file__).parents[2]

STUDIES = (
    "gudmundsdottir-2023",
    "mayo-sinet-peritoneal-2024",
    "midgut-debulking",
    "net-liver-surgery-34",
    "parenchyma-sparing-debulking",
)
QUESTIONS = (
    "complete-cytoreduction",
    "completeness-overall-survival",
    "major-complications",
    "median-overall-survival",
    "perioperative-mortality",
    "resection-overall-survival",
    "surgery-against-registry-overall-survival",
    "surgery-extent-overall-survival",
    "survival-10-years",
    "survival-5-years",
    "symptom-relief",
)
TERMS = frozenset(
    (
        # outcomes
        "overall_survival progression_free_survival symptom_free_interval time_to_recurrence recurrence "
        "recurrence_or_progression complete_cytoreduction cytoreduction_at_least_70_percent symptom_relief "
        "major_complications perioperative_mortality major_hepatectomy intraoperative_ablation "
        "primary_tumor_resection resection_alone resection_with_ablation functional_disease "
        "synchronous_metastases bilobar_disease lesions_treated "
        # interventions
        "surgery resection no_resection cytoreductive_hepatectomy parenchyma_sparing_debulking "
        "resection_and_ablation "
        # extents
        "complete complete_microscopic complete_macroscopic incomplete at_least_70_percent below_70_percent "
        # sites
        "liver extrahepatic liver_and_extrahepatic liver_and_peritoneum liver_with_or_without_extrahepatic "
        # populations
        "neuroendocrine_metastases midgut_net small_intestinal_net pancreatic_net"
    ).split()
)
VOCABULARY = "evidence/vocabulary.yaml"
COPIED = (
    *(f"studies/{name}.yaml" for name in STUDIES),
    *(f"evidence/questions/{name}.yaml" for name in QUESTIONS),
)


#: Lines that came after the tests had pinned names and places; what they do has tests of its own.
_LATER_LINES = re.compile(r"^(?:label|  coverage): .*\n", re.MULTILINE)


def missing_files() -> list[str]:
    """Say which of the files are no longer in the clone."""
    return [name for name in (VOCABULARY, *COPIED) if not (REPOSITORY / name).is_file()]


def known_terms(vocabulary: str) -> str:
    """Leave out of the text of a vocabulary every term that tests do not know."""
    kept, known = [], True
    for line in vocabulary.splitlines(keepends=True):
        if not line.startswith((" ", "\n")):
            known = True
        elif term := re.match(r"  ([^\s#][^:]*):", line):
            known = term[1] in TERMS
        if known or not line.strip():
            kept.append(line)
    return re.sub(r"^\w+:\n\n*(?=\S|\Z)", "", "".join(kept), flags=re.MULTILINE)  # a section without terms


def _temporary_project() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="evisynth-five-studies-")).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "studies").mkdir()
    (folder / "evidence" / "questions").mkdir(parents=True)
    gone = missing_files()  # conftest.py tells of them
    for name in COPIED:
        if name not in gone:
            text = (REPOSITORY / name).read_text(encoding="utf-8")
            (folder / name).write_text(_LATER_LINES.sub("", text), encoding="utf-8", newline="\n")
    if VOCABULARY not in gone:
        text = (REPOSITORY / VOCABULARY).read_text(encoding="utf-8")
        (folder / VOCABULARY).write_text(known_terms(text), encoding="utf-8", newline="\n")
    return folder


#: The project; it is read by all tests, and changed by none.
FIVE_STUDIES = _temporary_project()


class AnsweredOnce(Evidence):
    """A project that recovers and answers each question once, for tests that change neither."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._recovered: dict[str, Recovered] = {}

    def recover(self, question_id: str) -> Recovered:
        """Return what was recovered before, unless this is the first to ask."""
        if question_id not in self._recovered:
            self._recovered[question_id] = super().recover(question_id)
        return self._recovered[question_id]


#: What the five studies answer.
FIVE_ANSWERED = AnsweredOnce(FIVE_STUDIES)
