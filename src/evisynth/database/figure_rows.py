"""What a study reports as rows: one row a number, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from evisynth.database.row import Row, Rows, location, row_of

if TYPE_CHECKING:
    from evisynth.quantities import Quantity
    from evisynth.studies import Figure, StatisticFigure, Study


AT_RISK = "at_risk"


def figure_rows(study: Study) -> Rows:
    """Return the rows of the tables of outcomes, comparisons, figures and claims."""
    blocks: list[Row] = []
    comparisons: list[Row] = []
    members: list[Row] = []
    figures: list[Row] = []
    for number, block in enumerate(study.outcomes, 1):
        blocks.append(
            row_of(block_no=number, outcome_id=block.outcome, label=block.label, method=block.method,
                 starts=block.starts, adjusted_for=list(block.adjusted_for),
                 source_location=location(block.at, block.also_at), file_line=block.line, note=block.note)
        )  # fmt: skip
        for group, row in block.values.items():
            home = row_of(group_id=group, outcome_id=block.outcome, block_no=number)
            figures += [home | part for part in _numbers(row.figures)]
    for number, comparison in enumerate(study.comparisons, 1):
        comparisons.append(
            row_of(comparison_no=number, outcome_id=comparison.outcome, within_group=comparison.within,
                 split=comparison.by, time_months=comparison.time_months, read_as=comparison.read_as,
                 starts=comparison.starts, test=comparison.test,
                 adjusted_for=list(comparison.adjusted_for), basis=comparison.basis,
                 reads=comparison.reads, favours=comparison.favours,
                 source_location=location(comparison.at, comparison.also_at), file_line=comparison.line,
                 note=comparison.note)
        )  # fmt: skip
        members += [
            row_of(comparison_no=number, position=place, group_id=group)
            for place, group in enumerate(comparison.of, 1)
        ]
        first = comparison.of[0] if comparison.of else comparison.within
        home = row_of(group_id=first, outcome_id=comparison.outcome, comparison_no=number)
        figures += [home | part for part in _numbers(comparison.figures)]
    for number, figure in enumerate(figures, 1):
        figure["figure_no"] = number
        if figure["statistic"] == AT_RISK:
            figure["beside_figure_no"] = number - 1  # it follows the rate that it is printed beside
    return {
        "outcome_block": blocks,
        "comparison": comparisons,
        "comparison_group": members,
        "reported_figure": figures,
        "claim": list(_claims(study)),
    }


def _numbers(figures: Iterable[StatisticFigure]) -> Iterator[Row]:
    """Give one row a number: ``91 (84.2%)`` is a count and a proportion, ``91/108`` a count alone.

    The number of patients at risk follows its survival rate at once.
    """
    for entry in figures:
        figure, quantity, suspected = entry.figure, entry.figure.quantity, entry.figure.perhaps
        shared = _place_columns(entry.time_months, figure, figure.n)
        if entry.statistic != "proportion" or quantity.count is None:
            yield shared | _number_columns(entry.statistic, quantity) | _suspicion(figure, suspected)
        else:
            yield shared | row_of(
                statistic="count", state="reported", qualifier=quantity.qualifier,
                value=float(quantity.count), unit="patients", denominator=quantity.count_of,
            ) | _suspicion(figure, _count_alone(suspected))  # fmt: skip
            # Without a last digit and an interval the share is worked out from the counts, not printed.
            if quantity.half_unit is not None or quantity.level is not None:
                share = suspected if suspected is not None and suspected.half_unit is not None else None
                yield shared | _number_columns("proportion", quantity) | _suspicion(figure, share)
        if figure.at_risk is not None:
            at_risk = _place_columns(entry.time_months, figure.at_risk, figure.n)
            yield at_risk | _number_columns(AT_RISK, figure.at_risk.quantity)


def _place_columns(time_months: float | None, figure: Figure, n: Quantity | None) -> Row:
    return row_of(
        time_months=time_months,
        worked_out=figure.worked_out,
        n=_printed_n(n),
        as_reported=figure.quantity.as_reported,
        source_location=location(figure.at, figure.also_at),
        file_line=figure.line,
        note=figure.note,
    ) | {"n_not_reported": n is not None and n.state == "not_reported"}


def _suspicion(figure: Figure, suspected: Quantity | None) -> Row:
    if suspected is None or suspected.value is None:
        return {}
    return row_of(
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


def _printed_n(n: Quantity | None) -> int | None:
    return n.count if n is not None and n.qualifier == "=" else None


def _number_columns(statistic: str, quantity: Quantity) -> Row:
    return row_of(
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
        yield row_of(
            claim_no=number,
            kind=claim.kind,
            outcome_id=claim.outcome,
            index_group=claim.index,
            reference_group=claim.reference,
            group_order=list(claim.order),
            factors=list(claim.factors),
            wording=claim.wording,
            comparator=claim.comparator,
            source_location=location(claim.at, claim.also_at),
            file_line=claim.line,
            note=claim.note,
        )
