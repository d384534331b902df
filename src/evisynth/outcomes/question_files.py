"""The mistakes of question files, without their answers: what ``evisynth check`` says of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from evisynth.errors import Finding, FindingsError
from evisynth.outcomes.read_question import SUFFIX, read_question
from evisynth.vocabulary import Vocabulary


def question_findings(
    paths: Iterable[Path], vocabulary: Vocabulary, studies: Collection[str]
) -> list[Finding]:
    """Read question files for nothing but their mistakes."""
    findings: list[Finding] = []
    for path in paths:
        try:
            read_question(path, vocabulary, studies=studies)
        except FindingsError as error:
            findings.extend(error.findings)
    return findings


def misnamed_questions(folder: Path) -> list[Finding]:
    """Report the files of a folder that would be questions, were their suffix the usual one."""
    findings = []
    for path in sorted(folder.glob("*")):
        if path.suffix != SUFFIX and path.suffix.lower() in (SUFFIX, ".yml") and path.name[0] != ".":
            shown = "/".join(path.parts[-3:]).lstrip("/")
            message = f"the file name ends in {path.suffix}, and nobody reads it"
            fix = f"call it {path.stem}{SUFFIX}"
            findings.append(Finding(shown, 1, 1, "wrong-suffix", "error", message, fix))
    return findings
