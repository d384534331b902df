"""Reading from the database what was judged of the risk of bias."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from evisynth.outcomes.bias_assessment import BiasAssessment, BiasJudgement

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def load_bias_assessments(
    connection: DuckDBPyConnection, outcome: str
) -> dict[str, tuple[BiasAssessment, ...]]:
    """Return the assessments that speak of an outcome, by study, in the order of its file."""
    # Table by table: of so few rows the database would take ten times as long to plan the joins of the view.
    found = connection.execute(
        """SELECT study_id, assessment_no, tool, len(outcomes) > 0, split, file_line FROM bias_assessment
        WHERE len(coalesce(outcomes, [])) = 0 OR list_contains(outcomes, $outcome)
        ORDER BY study_id, assessment_no""",
        {"outcome": outcome},
    ).fetchall()
    if not found:
        return {}
    files = dict(connection.execute("SELECT study_id, file FROM study").fetchall())
    judgements = _judgements(connection)
    assessments: defaultdict[str, list[BiasAssessment]] = defaultdict(list)
    for study, number, tool, specific, split, line in found:
        overall, *domains = (
            BiasJudgement(domain, judgement, because, place, f"{files[study]}:{own_line or line}")
            for domain, judgement, because, place, own_line in judgements[study, number]
        )
        of = outcome if specific else None
        assessments[study].append(BiasAssessment(study, tool, of, split, overall, tuple(domains)))
    return {study: tuple(of_study) for study, of_study in assessments.items()}


def _judgements(connection: DuckDBPyConnection) -> dict[tuple[str, int], list[tuple[Any, ...]]]:
    rows = connection.execute(
        """SELECT study_id, assessment_no, domain, judgement, because, source_location, file_line
        FROM bias_judgement ORDER BY study_id, assessment_no, position"""
    ).fetchall()
    of_assessment: defaultdict[tuple[str, int], list[tuple[Any, ...]]] = defaultdict(list)
    for study, number, *told in rows:
        of_assessment[study, number].append(tuple(told))
    return dict(of_assessment)
