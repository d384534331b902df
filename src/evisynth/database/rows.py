"""A study, or the vocabulary, as flat rows: one list of rows a table, ready for JSON.

Rows hold the columns of ``tables`` that are not NULL; what a column takes from a model as it is stands there.
They are what the parse cache keeps, so that an unchanged study file is never parsed again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from evisynth.database.tables import TABLES
from evisynth.studies import OVERALL, tool_named
from evisynth.vocabulary import SECTIONS, fold_name, names_of

if TYPE_CHECKING:
    from evisynth.quantities import Quantity
    from evisynth.studies import BiasAssessment, BiasJudgement, Figure, Group, StatisticFigure, Study
    from evisynth.vocabulary import Covariate, Outcome, Term, Vocabulary

Row = dict[str, Any]
#: Rows by table.
Rows = dict[str, list[Row]]
_AT_RISK = "at_risk"
#: Columns that rows take as they are, each with its attribute there, by table and model.
_TAKEN: defaultdict[tuple[str, type], list[tuple[str, str]]] = defaultdict(list)
for _table in TABLES:
    for _column in _table.columns:
        if _column.model is not None:
            _TAKEN[_table.name, _column.model].append((_column.name, _column.attribute))


class _Placed(Protocol):
    """What stands in a study file, and says where the source prints it."""

    @property
    def at(self) -> str | None:
        """Where the source prints it."""

    @property
    def line(self) -> int:
        """Line of the study file."""


def _row_of(**columns: Any) -> Row:
    """Return a row of the columns that are not None."""
    return {name: value for name, value in columns.items() if value is not None}


def _taken(table: str, thing: Any) -> Row:
    """Return the columns that a row of a table takes from one thing as they are."""
    values = ((name, getattr(thing, attribute)) for name, attribute in _TAKEN[table, type(thing)])
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values
        if value is not None
    }


def _home_of(thing: _Placed) -> Row:
    """Return the columns that say where something stands, in the source and in the study file."""
    place = location(thing.at, getattr(thing, "also_at", None))
    return _row_of(source_location=place, file_line=thing.line)


def location(at: str | None, also_at: str | None) -> str | None:
    """Say where the source prints something, with the second place when there is one."""
    return at if also_at is None else f"{at} (also {also_at})" if at else also_at


def vocabulary_rows(vocabulary: Vocabulary) -> Rows:
    """Return the rows of the vocabulary's tables."""
    sections: dict[str, Mapping[str, Outcome | Term | Covariate]] = {"outcome": vocabulary.outcomes}
    sections["covariate"] = vocabulary.covariates
    sections |= {str(kind): by_id for kind, by_id in vocabulary.terms.items()}
    names: dict[tuple[str, str], Row] = {}
    for kind, entries in sections.items():
        for entry in entries.values():
            for name in names_of(entry):
                folded = fold_name(name)
                # The first entry to claim a name keeps it, as in Vocabulary.outcome and Vocabulary.term.
                names.setdefault((kind, folded), _row_of(kind=kind, folded=folded, name=name, id=entry.id))
    return {
        "outcome": [
            _row_of(outcome_id=id_) | _taken("outcome", one) for id_, one in vocabulary.outcomes.items()
        ],
        "term": [
            _row_of(kind=kind, term_id=term.id) | _taken("term", term)
            for kind, by_id in vocabulary.terms.items()
            for term in by_id.values()
        ],
        "covariate": [
            _row_of(covariate_id=id_) | _taken("covariate", one) for id_, one in vocabulary.covariates.items()
        ],
        "vocabulary_name": list(names.values()),
    }


#: Why figures are not used before the reader settles what they mean, and how, by line and column of the file.
Unsettled = Mapping[tuple[int, int], tuple[str, str]]


def study_rows(
    study: Study,
    internal_contradiction: str | None = None,
    cut_off: int = 0,
    unsettled: Unsettled = MappingProxyType({}),
) -> Rows:
    """Return the rows of a study, table by table, in the order of its file."""
    source, cohort = study.source, study.cohort
    rows: Rows = {
        "study": [
            _row_of(study_id=study.id, file=study.path, file_sha256=study.sha256,
                   internal_contradiction=internal_contradiction, percentages_cut_off=cut_off)
            | _taken("study", study) | _taken("study", source) | _taken("study", cohort)
            | _cohort_columns(study)
        ],
        "author": [_row_of(position=place, name=name) for place, name in enumerate(source.authors, 1)],
        "place_of_others": [
            _row_of(position=place, place=text) for place, text in enumerate(source.not_this_study, 1)
        ],
        "overlap": [_taken("overlap", one) | _home_of(one) for one in cohort.overlaps],
        **_group_rows(study.groups),
        **_figure_rows(study, unsettled),
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
    return _row_of(
        accrual_start=start,
        accrual_end=end,
        follow_up_median_months=_value(follow_up.median) if follow_up else None,
        follow_up_method=follow_up.method if follow_up else None,
        follow_up_minimum_months=_value(follow_up.minimum) if follow_up else None,
        screened=cohort.screened.quantity.count if cohort.screened else None,
        design_effect=_value(cohort.design_effect),
        cohort_location=location(cohort.at, cohort.also_at),
    )


def _value(figure: Figure | None) -> float | None:
    return figure.quantity.value if figure is not None else None


def _group_rows(groups: Mapping[str, Group]) -> Rows:
    """Return the rows of the tables of groups; the tree is closed upwards in the database."""
    return {
        "study_group": [
            _row_of(group_id=name, position=place)
            | _taken("study_group", group) | _home_of(group) | _size_columns(group.n)
            for place, (name, group) in enumerate(groups.items(), 1)
        ],
        "group_part": [
            _row_of(group_id=name, whole_id=group.of, split=group.by)
            for name, group in groups.items()
            if group.of is not None
        ],
        "open_split": [
            _row_of(group_id=name, split=split)
            for name, group in groups.items()
            for split in dict.fromkeys(group.not_exhaustive)
        ],
        "group_tag": [
            _row_of(group_id=name, kind=kind, term_id=term)
            for name, group in groups.items()
            for kind in SECTIONS
            if (term := getattr(group, kind)) is not None
        ],
        "group_covariate": [
            _row_of(group_id=name, covariate_id=covariate, worked_out=figure.worked_out,
                    as_reported=figure.quantity.as_reported, note=figure.note)
            | _taken("group_covariate", figure.quantity) | _home_of(figure)
            for name, group in groups.items()
            for covariate, figure in group.covariates.items()
        ],
    }  # fmt: skip


def _size_columns(size: Figure | None) -> Row:
    if size is None:
        return {}
    quantity = size.quantity
    is_printed = quantity.qualifier == "=" and size.worked_out is None
    return _taken("study_group", quantity) | _row_of(
        n=quantity.count if is_printed else None,
        n_worked_out=size.worked_out,
        n_location=size.source_location,
    )


def _bias_rows(study: Study) -> Rows:
    return {
        "bias_assessment": [
            _row_of(assessment_no=number) | _taken("bias_assessment", one) | _home_of(one)
            for number, one in enumerate(study.risk_of_bias, 1)
        ],
        "bias_judgement": [
            _row_of(assessment_no=number, position=position, domain=domain)
            | ({} if judged is None else _taken("bias_judgement", judged) | _home_of(judged))
            for number, one in enumerate(study.risk_of_bias, 1)
            for position, (domain, judged) in enumerate(_judgements(one))
        ],
    }


def _judgements(assessment: BiasAssessment) -> Iterator[tuple[str, BiasJudgement | None]]:
    """Give the judgement over all domains, then every domain of the tool, judged or not."""
    yield OVERALL, assessment.overall
    for domain in tool_named(assessment.tool).domains:
        yield domain, assessment.domains.get(domain)


def _figure_rows(study: Study, unsettled: Unsettled) -> Rows:
    """Return the rows of the tables of outcomes, comparisons, figures and claims."""
    figures: list[Row] = []
    for number, block in enumerate(study.outcomes, 1):
        for group, row in block.values.items():
            holder = _row_of(group_id=group, outcome_id=block.outcome, block_no=number)
            figures += [holder | part for part in _numbers(row.figures, unsettled)]
    for number, comparison in enumerate(study.comparisons, 1):
        first = comparison.of[0] if comparison.of else comparison.within
        holder = _row_of(group_id=first, outcome_id=comparison.outcome, comparison_no=number)
        figures += [holder | part for part in _numbers(comparison.figures, unsettled)]
    for number, figure in enumerate(figures, 1):
        figure["figure_no"] = number
        if figure["statistic"] == _AT_RISK:
            figure["beside_figure_no"] = number - 1  # it follows the rate that it is printed beside
    return {
        "outcome_block": [
            _row_of(block_no=number) | _taken("outcome_block", block) | _home_of(block)
            for number, block in enumerate(study.outcomes, 1)
        ],
        "comparison": [
            _row_of(comparison_no=number) | _taken("comparison", comparison) | _home_of(comparison)
            for number, comparison in enumerate(study.comparisons, 1)
        ],
        "comparison_group": [
            _row_of(comparison_no=number, position=place, group_id=group)
            for number, comparison in enumerate(study.comparisons, 1)
            for place, group in enumerate(comparison.of, 1)
        ],
        "reported_figure": figures,
        "claim": [
            _row_of(claim_no=number) | _taken("claim", claim) | _home_of(claim)
            for number, claim in enumerate(study.claims, 1)
        ],
    }


def _numbers(figures: Iterable[StatisticFigure], unsettled: Unsettled) -> Iterator[Row]:
    """Give one row a number: ``91 (84.2%)`` is a count and a proportion, ``91/108`` a count alone.

    The number of patients at risk follows its survival rate at once.
    """
    for entry in figures:
        figure, quantity, suspected = entry.figure, entry.figure.quantity, entry.figure.perhaps
        shared = _figure_columns(entry.time_months, figure, figure.n)
        if (settle := unsettled.get((figure.line, figure.column))) is not None:
            shared |= _row_of(unsettled=settle[0], settled_by=settle[1])
        if entry.statistic != "proportion" or quantity.count is None:
            yield _number(entry.statistic, quantity) | shared | _suspicion(figure, suspected)
        else:
            yield shared | _row_of(
                statistic="count", state="reported", qualifier=quantity.qualifier,
                value=float(quantity.count), unit="patients", denominator=quantity.count_of,
            ) | _suspicion(figure, _count_alone(suspected))  # fmt: skip
            # Without a last digit and an interval the share is worked out from the counts, not printed.
            if quantity.half_unit is not None or quantity.level is not None:
                share = suspected if suspected is not None and suspected.half_unit is not None else None
                yield _number("proportion", quantity) | shared | _suspicion(figure, share)
        if figure.at_risk is not None:
            at_risk = _figure_columns(entry.time_months, figure.at_risk, figure.n)
            yield _number(_AT_RISK, figure.at_risk.quantity) | at_risk


def _number(statistic: str, quantity: Quantity) -> Row:
    return _taken("reported_figure", quantity) | {"statistic": statistic}


def _figure_columns(time_months: float | None, figure: Figure, n: Quantity | None) -> Row:
    return _home_of(figure) | _row_of(
        time_months=time_months,
        worked_out=figure.worked_out,
        n=n.count if n is not None and n.qualifier == "=" else None,
        n_not_reported=n is not None and n.state == "not_reported",
        as_reported=figure.quantity.as_reported,
        note=figure.note,
    )


def _suspicion(figure: Figure, suspected: Quantity | None) -> Row:
    if suspected is None or suspected.value is None:
        return {}
    return _row_of(
        perhaps=suspected.value,
        perhaps_half_unit=suspected.half_unit,
        perhaps_as_reported=suspected.as_reported,
        perhaps_because=figure.because,
    )


def _count_alone(suspected: Quantity | None) -> Quantity | None:
    """Return the count of a suspected ``19 (17.6%)``; None where only a share is suspected."""
    if suspected is None or suspected.count is None:
        return None
    return replace(suspected, value=float(suspected.count), half_unit=None)
