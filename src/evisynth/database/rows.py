"""A study, or the vocabulary, as flat rows: one list of rows a table, ready for JSON.

Rows hold the columns of ``tables`` that are not NULL. They are what the parse cache keeps, so that an
unchanged study file is never parsed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from evisynth.database.bias_rows import bias_rows
from evisynth.database.figure_rows import figure_rows
from evisynth.database.group_rows import group_rows
from evisynth.database.row import Row, Rows, location, row_of

if TYPE_CHECKING:
    from evisynth.studies import Cohort, Figure, Source, Study
    from evisynth.vocabulary import Outcome, Term, Vocabulary


def vocabulary_rows(vocabulary: Vocabulary) -> Rows:
    """Return the rows of the vocabulary's tables."""
    from evisynth.vocabulary import fold_name, names_of

    outcomes = [
        row_of(
            outcome_id=outcome.id,
            label=outcome.label,
            definition=outcome.definition,
            type=outcome.type,
            event=outcome.event,
            more_is_better=outcome.more_is_better,
            unit=outcome.unit,
        )
        for outcome in vocabulary.outcomes.values()
    ]
    terms = [
        row_of(kind=kind, term_id=term.id, label=term.label, definition=term.definition, broader=term.broader)
        for kind, by_id in vocabulary.terms.items()
        for term in by_id.values()
    ]
    names: dict[tuple[str, str], Row] = {}
    sections: dict[str, Mapping[str, Outcome | Term]] = {"outcome": vocabulary.outcomes}
    sections |= {str(kind): by_id for kind, by_id in vocabulary.terms.items()}
    for kind, entries in sections.items():
        for entry in entries.values():
            for name in names_of(entry):
                folded = fold_name(name)
                # The first entry to claim a name keeps it, as in Vocabulary.outcome and Vocabulary.term.
                names.setdefault((kind, folded), row_of(kind=kind, folded=folded, name=name, id=entry.id))
    return {"outcome": outcomes, "term": terms, "vocabulary_name": list(names.values())}


def study_rows(study: Study, internal_contradiction: str | None = None) -> Rows:
    """Return the rows of a study, table by table, in the order of its file."""
    rows: Rows = {
        "study": [row_of(study_id=study.id, label=study.label, file=study.path, file_sha256=study.sha256)
                  | _source_columns(study.source) | _cohort_columns(study.cohort)
                  | row_of(internal_contradiction=internal_contradiction)],
        "author": [row_of(position=place, name=name) for place, name in enumerate(study.source.authors, 1)],
        "place_of_others": [
            row_of(position=place, place=text) for place, text in enumerate(study.source.not_this_study, 1)
        ],
        "overlap": [
            row_of(with_study=overlap.with_study, extent=overlap.extent, because=overlap.because,
                 source_location=overlap.at, file_line=overlap.line)
            for overlap in study.cohort.overlaps
        ],
    }  # fmt: skip
    rows |= group_rows(study.groups)
    rows |= figure_rows(study)
    rows |= bias_rows(study)
    for table, entries in rows.items():
        if table != "study":
            for entry in entries:
                entry["study_id"] = study.id
    return {table: entries for table, entries in rows.items() if entries}


def _source_columns(source: Source) -> Row:
    return row_of(
        kind=source.kind,
        title=source.title,
        journal=source.journal,
        year=source.year,
        volume=source.volume,
        issue=source.issue,
        pages=source.pages,
        doi=source.doi,
        pmid=source.pmid,
        url=source.url,
        text_sha256=source.sha256,
        report_of=source.report_of,
        source_note=source.note,
    )


def _cohort_columns(cohort: Cohort) -> Row:
    start, end = cohort.accrual or (None, None)
    follow_up = cohort.follow_up
    return row_of(
        design=cohort.design,
        institution=cohort.institution,
        registry=cohort.registry,
        accrual_start=start,
        accrual_end=end,
        follow_up_median_months=_value(follow_up.median) if follow_up else None,
        follow_up_method=follow_up.method if follow_up else None,
        follow_up_minimum_months=_value(follow_up.minimum) if follow_up else None,
        screened=cohort.screened.quantity.count if cohort.screened else None,
        disease=cohort.disease,
        excluded=cohort.excluded,
        cohort_location=location(cohort.at, cohort.also_at),
        cohort_note=cohort.note,
    )


def _value(figure: Figure | None) -> float | None:
    return figure.quantity.value if figure is not None else None
