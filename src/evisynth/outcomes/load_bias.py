"""Reading from the database what was judged of the risk of bias."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from evisynth.outcomes.bias_assessment import BiasAssessment, BiasJudgement

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def load_bias_assessments(
    connection: DuckDBPyConnection, outcome: str
) -> dict[str, tuple[BiasAssessment, ...]]:
    """Return the assessments that speak of an outcome, by study, in the order of its file."""
    rows = connection.execute(
        """SELECT study, assessment_no, tool, outcome, compared_by, domain, judgement, because,
            source_location, file_location
        FROM risk_of_bias WHERE outcome = $outcome OR outcome IS NULL
        ORDER BY study, assessment_no, position""",
        {"outcome": outcome},
    ).fetchall()
    assessments: defaultdict[str, list[BiasAssessment]] = defaultdict(list)
    judgements: defaultdict[tuple[str, int], list[BiasJudgement]] = defaultdict(list)
    for study, number, _, _, _, *judgement in rows:
        judgements[study, number].append(BiasJudgement(*judgement))
    for study, number, tool, of, by in dict.fromkeys(tuple(row[:5]) for row in rows):
        overall, *domains = judgements[study, number]
        assessments[study].append(BiasAssessment(study, tool, of, by, overall, tuple(domains)))
    return {study: tuple(found) for study, found in assessments.items()}
