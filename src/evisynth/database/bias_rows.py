"""What was judged of the risk of bias as rows: every domain of the tool, judged or not, and the whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evisynth.database.row import Row, Rows, row_of

if TYPE_CHECKING:
    from evisynth.studies import BiasAssessment, BiasJudgement, Study


def bias_rows(study: Study) -> Rows:
    """Return the rows of the tables of risk of bias."""
    return {
        "bias_assessment": [
            row_of(assessment_no=number, tool=one.tool, outcomes=list(one.outcomes), split=one.by,
                   source_location=one.at, file_line=one.line, note=one.note)
            for number, one in enumerate(study.risk_of_bias, 1)
        ],
        "bias_judgement": [
            row_of(assessment_no=number) | row
            for number, one in enumerate(study.risk_of_bias, 1)
            for row in _judgements(one)
        ],
    }  # fmt: skip


def _judgements(assessment: BiasAssessment) -> Iterator[Row]:
    from evisynth.studies import OVERALL, tool_named

    yield _judgement(0, OVERALL, assessment.overall)
    for position, domain in enumerate(tool_named(assessment.tool).domains, 1):
        yield _judgement(position, domain, assessment.domains.get(domain))


def _judgement(position: int, domain: str, judged: BiasJudgement | None) -> Row:
    if judged is None:
        return row_of(position=position, domain=domain)
    return row_of(position=position, domain=domain, judgement=judged.judgement, because=judged.because,
                  source_location=judged.at, file_line=judged.line)  # fmt: skip
