"""``make fuzz``: mutants from reading to the answers, until the first fault, whose seed is said.

Every mutant is read and checked; one in fifty stands among the five studies, is built, and every question is
answered, explained and drawn. Usage: ``fuzz.py SECONDS [FIRST SEED]``.
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
import time
import traceback
from pathlib import Path

from five_studies import FIVE_STUDIES, QUESTIONS, STUDIES
from mutations import fault_of_question, fault_of_study, fault_of_vocabulary, id_of, mutant

from evisynth.cli.main import main
from evisynth.studies import read_vocabulary

VOCABULARY = FIVE_STUDIES / "evidence" / "vocabulary.yaml"
#: One mutant in so many goes on to the answers, which take a thousand times as long.
ANSWERED = 50


def texts(names: tuple[str, ...], folder: str) -> list[str]:
    """Return what stands in the files of a folder."""
    return [(FIVE_STUDIES / folder / f"{name}.yaml").read_text(encoding="utf-8") for name in names]


def fault_of_answers(data: bytes, project: Path) -> str | None:
    """Answer every question with a mutant among the studies; a fault is a foreign exception or status."""
    name = id_of(data)
    if name not in STUDIES:
        return None
    (project / "studies" / f"{name}.yaml").write_bytes(data)
    try:
        for words in commands(project):
            said = io.StringIO()
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                status = main(["-C", str(project), *words])
            if status not in (0, 1):
                return f"{' '.join(words)} ends with {status}: {said.getvalue()}"
    except Exception:
        return traceback.format_exc()
    finally:
        (project / "studies" / f"{name}.yaml").write_text(texts((name,), "studies")[0], encoding="utf-8")
    return None


def commands(project: Path) -> list[tuple[str, ...]]:
    """List what is typed."""
    asked = [(word, question) for question in QUESTIONS for word in ("pool", "explain")]
    drawn = ("forest", QUESTIONS[-1], "-o", str(project / "plot.svg"))
    return [("query", "--format", "json"), *asked, drawn]


def fuzz(seconds: float, first: int) -> int:
    """Try mutants until the time is over; return how many, or raise SystemExit with the first fault."""
    studies, questions = texts(STUDIES, "studies"), texts(QUESTIONS, "evidence/questions")
    terms, vocabulary = [VOCABULARY.read_text(encoding="utf-8")], (read_vocabulary(VOCABULARY), VOCABULARY)
    end, seed = time.monotonic() + seconds, first
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        project = folder / "project"
        for kind, names in (("studies", STUDIES), ("evidence/questions", QUESTIONS)):
            (project / kind).mkdir(parents=True)
            for name, text in zip(names, texts(names, kind), strict=True):
                (project / kind / f"{name}.yaml").write_text(text, encoding="utf-8")
        (project / "evidence" / "vocabulary.yaml").write_text(terms[0], encoding="utf-8")
        while time.monotonic() < end:
            data = mutant(seed, studies)
            fault = (
                fault_of_study(data, folder, vocabulary)
                or fault_of_question(mutant(seed, questions), folder / "symptom-relief.yaml", vocabulary[0])
                or fault_of_vocabulary(mutant(seed, terms), folder / "vocabulary.yaml")
                or (fault_of_answers(data, project) if seed % ANSWERED == 0 else None)
            )
            if fault:
                raise SystemExit(f"seed {seed}: {fault}")
            seed += 1
    return seed - first


if __name__ == "__main__":
    start = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time()) % 10**9
    print(f"first seed {start}", flush=True)
    print(f"{fuzz(float(sys.argv[1]), start):,} mutants of each kind, no fault")
