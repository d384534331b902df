"""A study, or the vocabulary, as flat rows: one list of rows a table, ready for JSON.

Rows hold the columns of ``tables`` that are not NULL. They are what the parse cache keeps, so that an
unchanged study file is never parsed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evisynth.quantities import Quantity
    from evisynth.studies.study import Cohort, Figure, Group, Source, StatisticFigure, Study
    from evisynth.vocabulary import Vocabulary

Row = dict[str, Any]
Rows = dict[str, list[Row]]

#: The tags that a group may carry; each is an attribute of a group.
TAG_KINDS = ("intervention", "extent", "site", "population")
#: What the split is called when the study file does not say.
DEFAULT_SPLIT = "parts"


def vocabulary_rows(vocabulary: Vocabulary) -> Rows:
    """Return the rows of the vocabulary's tables."""
    from evisynth.vocabulary import fold_name, names_of

    outcomes = [
        _row(
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
        _row(kind=kind, term_id=term.id, label=term.label, definition=term.definition, broader=term.broader)
        for kind, by_id in vocabulary.terms.items()
        for term in by_id.values()
    ]
    names: dict[tuple[str, str], Row] = {}
    entries = [("outcome", outcome) for outcome in vocabulary.outcomes.values()]
    entries += [(kind, term) for kind, by_id in vocabulary.terms.items() for term in by_id.values()]  # type: ignore[misc]
    for kind, entry in entries:
        for name in names_of(entry):
            folded = fold_name(name)
            # The first entry to claim a name keeps it, as in Vocabulary.outcome and Vocabulary.term.
            names.setdefault((kind, folded), _row(kind=kind, folded=folded, name=name, id=entry.id))
    return {"outcome": outcomes, "term": terms, "vocabulary_name": list(names.values())}


def study_rows(study: Study) -> Rows:
    """Return the rows of a study, table by table, in the order of its file."""
    rows: Rows = {
        "study": [_row(study_id=study.id, file=study.path, file_sha256=study.sha256)
                  | _source_columns(study.source) | _cohort_columns(study.cohort)],
        "author": [_row(position=place, name=name) for place, name in enumerate(study.source.authors, 1)],
        "place_of_others": [
            _row(position=place, place=text) for place, text in enumerate(study.source.not_this_study, 1)
        ],
        "overlap": [
            _row(with_study=overlap.with_study, extent=overlap.extent, because=overlap.because,
                 source_location=overlap.at, file_line=overlap.line)
            for overlap in study.cohort.overlaps
        ],
    }  # fmt: skip
    rows |= _group_tables(study.groups)
    rows |= _figure_tables(study)
    rows["claim"] = list(_claims(study))
    for table, entries in rows.items():
        if table != "study":
            for entry in entries:
                entry["study_id"] = study.id
    return {table: entries for table, entries in rows.items() if entries}


def _row(**columns: Any) -> Row:
    return {name: value for name, value in columns.items() if value is not None}


def _source_columns(source: Source) -> Row:
    return _row(
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
    return _row(
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
        cohort_location=_place(cohort.at, cohort.also_at),
        cohort_note=cohort.note,
    )


def _value(figure: Figure | None) -> float | None:
    return figure.quantity.value if figure is not None else None


def _place(at: str | None, also_at: str | None) -> str | None:
    return at if also_at is None else f"{at} (also {also_at})" if at else also_at


def _group_tables(groups: Mapping[str, Group]) -> Rows:
    rows: Rows = {
        "study_group": [
            _row(group_id=name, position=place, label=group.label, role=group.role,
                 source_location=_place(group.at, group.also_at), file_line=group.line, note=group.note)
            | _size_columns(group.n)
            for place, (name, group) in enumerate(groups.items(), 1)
        ],
        "group_part": [
            _row(group_id=name, whole_id=group.of, split=group.by or DEFAULT_SPLIT)
            for name, group in groups.items()
            if group.of is not None
        ],
        "open_split": [
            _row(group_id=name, split=split)
            for name, group in groups.items()
            for split in dict.fromkeys(group.not_exhaustive)
        ],
    }  # fmt: skip
    rows["group_ancestor"], rows["group_tag"] = [], []
    for name in groups:
        lineage = tuple(_lineage(name, groups))
        rows["group_ancestor"] += [
            _row(group_id=name, ancestor_id=ancestor, depth=depth) for depth, ancestor in enumerate(lineage)
        ]
        for kind in TAG_KINDS:
            term = next((tag for part in lineage if (tag := getattr(groups[part], kind)) is not None), None)
            if term is not None:
                rows["group_tag"].append(_row(group_id=name, kind=kind, term_id=term))
    return rows


def _lineage(name: str, groups: Mapping[str, Group]) -> Iterator[str]:
    seen: set[str] = set()
    part: str | None = name
    while part is not None and part not in seen:
        yield part
        seen.add(part)
        part = groups[part].of


def _size_columns(size: Figure | None) -> Row:
    if size is None:
        return {}
    quantity = size.quantity
    return _row(
        n_as_reported=quantity.as_reported,
        n_state=quantity.state,
        n_qualifier=quantity.qualifier,
        n_value=quantity.value,
        n_unit=quantity.unit,
        n_half_unit=quantity.half_unit,
        n_count=quantity.count,
        n_worked_out=size.worked_out,
        n_location=_place(size.at, size.also_at),
    )


def _figure_tables(study: Study) -> Rows:
    blocks: list[Row] = []
    comparisons: list[Row] = []
    members: list[Row] = []
    figures: list[Row] = []
    for number, block in enumerate(study.outcomes, 1):
        blocks.append(
            _row(block_no=number, outcome_id=block.outcome, label=block.label, method=block.method,
                 starts=block.starts, adjusted_for=list(block.adjusted_for),
                 source_location=_place(block.at, block.also_at), file_line=block.line, note=block.note)
        )  # fmt: skip
        for group, row in block.values.items():
            home = _row(group_id=group, outcome_id=block.outcome, block_no=number)
            figures += [home | part for part in _numbers(row.figures)]
    for number, comparison in enumerate(study.comparisons, 1):
        comparisons.append(
            _row(comparison_no=number, outcome_id=comparison.outcome, within_group=comparison.within,
                 split=comparison.by, time_months=comparison.time_months, read_as=comparison.read_as,
                 test=comparison.test, adjusted_for=list(comparison.adjusted_for), basis=comparison.basis,
                 reads=comparison.reads, favours=comparison.favours,
                 source_location=_place(comparison.at, comparison.also_at), file_line=comparison.line,
                 note=comparison.note)
        )  # fmt: skip
        members += [
            _row(comparison_no=number, position=place, group_id=group)
            for place, group in enumerate(comparison.of, 1)
        ]
        first = comparison.of[0] if comparison.of else comparison.within
        home = _row(group_id=first, outcome_id=comparison.outcome, comparison_no=number)
        figures += [home | part for part in _numbers(comparison.figures)]
    for number, figure in enumerate(figures, 1):
        figure["figure_no"] = number
    return {
        "outcome_block": blocks, "comparison": comparisons, "comparison_group": members, "reported_figure": figures
    }  # fmt: skip


def _numbers(figures: Iterable[StatisticFigure]) -> Iterator[Row]:
    """Give one row a number: ``91 (84.2%)`` is a count and a proportion, ``91/108`` a count alone."""
    for entry in figures:
        figure, quantity = entry.figure, entry.figure.quantity
        shared = _row(
            time_months=entry.time_months,
            worked_out=figure.worked_out,
            n=_printed_n(figure.n),
            as_reported=quantity.as_reported,
            source_location=_place(figure.at, figure.also_at),
            file_line=figure.line,
            note=figure.note,
        ) | {"n_not_reported": figure.n is not None and figure.n.state == "not_reported"}
        if entry.statistic != "proportion" or quantity.count is None:
            yield shared | _number_columns(entry.statistic, quantity)
            continue
        yield shared | _row(statistic="count", state="reported", qualifier=quantity.qualifier,
                            value=float(quantity.count), unit="patients", denominator=quantity.count_of)  # fmt: skip
        # Without a last digit and without an interval the share is worked out from the counts, not printed.
        if quantity.half_unit is not None or quantity.level is not None:
            yield shared | _number_columns("proportion", quantity)


def _printed_n(n: Quantity | None) -> int | None:
    return n.count if n is not None and n.qualifier == "=" else None


def _number_columns(statistic: str, quantity: Quantity) -> Row:
    return _row(
        statistic=statistic,
        state=quantity.state,
        qualifier=quantity.qualifier,
        value=quantity.value,
        unit=quantity.unit,
        half_unit=quantity.half_unit,
        ci_lower=quantity.ci_lower,
        ci_upper=quantity.ci_upper,
        level=quantity.level,
        ci_lower_half_unit=quantity.ci_lower_half_unit,
        ci_upper_half_unit=quantity.ci_upper_half_unit,
        ci_upper_state=quantity.ci_upper_state,
        lower=quantity.lower,
        upper=quantity.upper,
        spread=quantity.spread,
        sd=quantity.sd,
        denominator=quantity.count_of,
    )


def _claims(study: Study) -> Iterator[Row]:
    for number, claim in enumerate(study.claims, 1):
        yield _row(claim_no=number, kind=claim.kind, outcome_id=claim.outcome, index_group=claim.index,
                   reference_group=claim.reference, group_order=list(claim.order), factors=list(claim.factors),
                   wording=claim.wording, comparator=claim.comparator,
                   source_location=_place(claim.at, claim.also_at), file_line=claim.line, note=claim.note)  # fmt: skip
