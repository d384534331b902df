"""Risk of bias in words: a line for a row of an answer, and what a study's page tells with its reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evisynth.outcomes.bias_assessment import BiasAssessment
from evisynth.studies.bias_tools import NOT_JUDGED, OVERALL, BiasTool, tool_named
from evisynth.vocabulary import Vocabulary

if TYPE_CHECKING:
    from evisynth.studies.study import BiasAssessment as WrittenAssessment
    from evisynth.studies.study import BiasJudgement, Study


@dataclass(frozen=True, slots=True)
class JudgementContent:
    """One domain, with its letter, or the whole; ``judgement`` says where nobody judged."""

    letter: str
    domain: str
    judgement: str
    because: str
    source_location: str
    file_line: str


@dataclass(frozen=True, slots=True)
class AssessmentContent:
    """What was judged by one tool, and of what; ``source`` is the paper that describes the tool."""

    tool: str
    source: str
    about: str
    judgements: tuple[JudgementContent, ...]
    note: str | None = None


def assessment_words(assessment: BiasAssessment) -> str:
    """Say in a line what was judged overall and of each judged domain."""
    overall = assessment.overall.judgement or NOT_JUDGED
    parts = [f"{overall} overall"]
    parts += [f"{one.domain} {one.judgement}" for one in assessment.domains if one.judgement is not None]
    if len(parts) <= len(assessment.domains):
        parts.append(f"other domains {NOT_JUDGED}")
    return f"Risk of bias by {assessment.tool}: {'; '.join(parts)}."


def bias_content(study: Study, vocabulary: Vocabulary) -> tuple[AssessmentContent, ...]:
    """Describe what was judged of the risk of bias of a study, reasons and places included."""
    return tuple(_assessment(one, vocabulary) for one in study.risk_of_bias)


def _assessment(written: WrittenAssessment, vocabulary: Vocabulary) -> AssessmentContent:
    tool = tool_named(written.tool)
    named = [vocabulary.outcomes[outcome].label for outcome in written.outcomes]
    about = ", ".join(named) if named else "every outcome"
    compared = f", groups divided by {written.by}" if written.by else ""
    return AssessmentContent(
        tool.name, tool.source, f"{about}{compared}", tuple(_judgements(written, tool)), written.note
    )


def _judgements(written: WrittenAssessment, tool: BiasTool) -> Iterator[JudgementContent]:
    yield _judgement("", OVERALL, written.overall)
    for domain in tool.domains:
        yield _judgement(tool.letter(domain), domain, written.domains.get(domain))


def _judgement(letter: str, domain: str, judged: BiasJudgement | None) -> JudgementContent:
    if judged is None:
        return JudgementContent(letter, domain, NOT_JUDGED, "", "", "")
    return JudgementContent(
        letter, domain, judged.judgement, judged.because or "", judged.at or "", str(judged.line)
    )
