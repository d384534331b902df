"""A study, or the vocabulary, as flat rows: one list of rows a table, ready for JSON.

Rows hold the columns of ``tables`` that are not NULL; what a column takes from a model as it is stands there.
They are what the parse cache keeps, so that an unchanged study file is never parsed again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from evisynth.database.figure_rows import figure_rows
from evisynth.database.row import Row, Rows, home_of, location, row_of, taken
from evisynth.studies import OVERALL, tool_named
from evisynth.vocabulary import SECTIONS, fold_name, names_of

if TYPE_CHECKING:
    from evisynth.studies import BiasAssessment, BiasJudgement, Figure, Group, Study
    from evisynth.vocabulary import Outcome, Term, Vocabulary


def vocabulary_rows(vocabulary: Vocabulary) -> Rows:
    """Return the rows of the vocabulary's tables."""
    sections: dict[str, Mapping[str, Outcome | Term]] = {"outcome": vocabulary.outcomes}
    sections |= {str(kind): by_id for kind, by_id in vocabulary.terms.items()}
    names: dict[tuple[str, str], Row] = {}
    for kind, entries in sections.items():
        for entry in entries.values():
            for name in names_of(entry):
                folded = fold_name(name)
                # The first entry to claim a name keeps it, as in Vocabulary.outcome and Vocabulary.term.
                names.setdefault((kind, folded), row_of(kind=kind, folded=folded, name=name, id=entry.id))
    return {
        "outcome": [
            row_of(outcome_id=id_) | taken("outcome", one) for id_, one in vocabulary.outcomes.items()
        ],
        "term": [
            row_of(kind=kind, term_id=term.id) | taken("term", term)
            for kind, by_id in vocabulary.terms.items()
            for term in by_id.values()
        ],
        "vocabulary_name": list(names.values()),
    }


def study_rows(study: Study, internal_contradiction: str | None = None) -> Rows:
    """Return the rows of a study, table by table, in the order of its file."""
    source, cohort = study.source, study.cohort
    rows: Rows = {
        "study": [
            row_of(study_id=study.id, file=study.path, file_sha256=study.sha256,
                   internal_contradiction=internal_contradiction)
            | taken("study", study) | taken("study", source) | taken("study", cohort) | _cohort_columns(study)
        ],
        "author": [row_of(position=place, name=name) for place, name in enumerate(source.authors, 1)],
        "place_of_others": [
            row_of(position=place, place=text) for place, text in enumerate(source.not_this_study, 1)
        ],
        "overlap": [taken("overlap", one) | home_of(one) for one in cohort.overlaps],
        **_group_rows(study.groups),
        **figure_rows(study),
        **_bias_rows(study),
    }  # fmt: skip
    for table, entries in rows.items():
        if table != "study":
            for entry in entries:
                entry["study_id"] = study.id
    return {table: entries for table, entries in rows.items() if entries}


def _cohort_columns(study: Study) -> Row:
    cohort, follow_up = study.cohort, study.cohort.follow_up
    start, end = cohort.accrual or (None, None)
    return row_of(
        accrual_start=start,
        accrual_end=end,
        follow_up_median_months=_value(follow_up.median) if follow_up else None,
        follow_up_method=follow_up.method if follow_up else None,
        follow_up_minimum_months=_value(follow_up.minimum) if follow_up else None,
        screened=cohort.screened.quantity.count if cohort.screened else None,
        cohort_location=location(cohort.at, cohort.also_at),
    )


def _value(figure: Figure | None) -> float | None:
    return figure.quantity.value if figure is not None else None


def _group_rows(groups: Mapping[str, Group]) -> Rows:
    """Return the rows of the tables of groups; the tree is closed upwards in the database."""
    return {
        "study_group": [
            row_of(group_id=name, position=place)
            | taken("study_group", group) | home_of(group) | _size_columns(group.n)
            for place, (name, group) in enumerate(groups.items(), 1)
        ],
        "group_part": [
            row_of(group_id=name, whole_id=group.of, split=group.by)
            for name, group in groups.items()
            if group.of is not None
        ],
        "open_split": [
            row_of(group_id=name, split=split)
            for name, group in groups.items()
            for split in dict.fromkeys(group.not_exhaustive)
        ],
        "group_tag": [
            row_of(group_id=name, kind=kind, term_id=term)
            for name, group in groups.items()
            for kind in SECTIONS
            if (term := getattr(group, kind)) is not None
        ],
    }  # fmt: skip


def _size_columns(size: Figure | None) -> Row:
    if size is None:
        return {}
    quantity = size.quantity
    is_printed = quantity.qualifier == "=" and size.worked_out is None
    return taken("study_group", quantity) | row_of(
        n=quantity.count if is_printed else None,
        n_worked_out=size.worked_out,
        n_location=size.source_location,
    )


def _bias_rows(study: Study) -> Rows:
    return {
        "bias_assessment": [
            row_of(assessment_no=number) | taken("bias_assessment", one) | home_of(one)
            for number, one in enumerate(study.risk_of_bias, 1)
        ],
        "bias_judgement": [
            row_of(assessment_no=number, position=position, domain=domain)
            | ({} if judged is None else taken("bias_judgement", judged) | home_of(judged))
            for number, one in enumerate(study.risk_of_bias, 1)
            for position, (domain, judged) in enumerate(_judgements(one))
        ],
    }


def _judgements(assessment: BiasAssessment) -> Iterator[tuple[str, BiasJudgement | None]]:
    """Give the judgement over all domains, then every domain of the tool, judged or not."""
    yield OVERALL, assessment.overall
    for domain in tool_named(assessment.tool).domains:
        yield domain, assessment.domains.get(domain)
