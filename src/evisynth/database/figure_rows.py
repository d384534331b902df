"""Reported figures as rows: one row a number, in the order of the file, beside the blocks that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from evisynth.database.row import Row, Rows, home_of, row_of, taken

if TYPE_CHECKING:
    from evisynth.quantities import Quantity
    from evisynth.studies import Figure, StatisticFigure, Study


AT_RISK = "at_risk"


def figure_rows(study: Study) -> Rows:
    """Return the rows of the tables of outcomes, comparisons, figures and claims."""
    figures: list[Row] = []
    for number, block in enumerate(study.outcomes, 1):
        for group, row in block.values.items():
            holder = row_of(group_id=group, outcome_id=block.outcome, block_no=number)
            figures += [holder | part for part in _numbers(row.figures)]
    for number, comparison in enumerate(study.comparisons, 1):
        first = comparison.of[0] if comparison.of else comparison.within
        holder = row_of(group_id=first, outcome_id=comparison.outcome, comparison_no=number)
        figures += [holder | part for part in _numbers(comparison.figures)]
    for number, figure in enumerate(figures, 1):
        figure["figure_no"] = number
        if figure["statistic"] == AT_RISK:
            figure["beside_figure_no"] = number - 1  # it follows the rate that it is printed beside
    return {
        "outcome_block": [
            row_of(block_no=number) | taken("outcome_block", block) | home_of(block)
            for number, block in enumerate(study.outcomes, 1)
        ],
        "comparison": [
            row_of(comparison_no=number) | taken("comparison", comparison) | home_of(comparison)
            for number, comparison in enumerate(study.comparisons, 1)
        ],
        "comparison_group": [
            row_of(comparison_no=number, position=place, group_id=group)
            for number, comparison in enumerate(study.comparisons, 1)
            for place, group in enumerate(comparison.of, 1)
        ],
        "reported_figure": figures,
        "claim": [
            row_of(claim_no=number) | taken("claim", claim) | home_of(claim)
            for number, claim in enumerate(study.claims, 1)
        ],
    }


def _numbers(figures: Iterable[StatisticFigure]) -> Iterator[Row]:
    """Give one row a number: ``91 (84.2%)`` is a count and a proportion, ``91/108`` a count alone.

    The number of patients at risk follows its survival rate at once.
    """
    for entry in figures:
        figure, quantity, suspected = entry.figure, entry.figure.quantity, entry.figure.perhaps
        shared = _figure_columns(entry.time_months, figure, figure.n)
        if entry.statistic != "proportion" or quantity.count is None:
            yield _number(entry.statistic, quantity) | shared | _suspicion(figure, suspected)
        else:
            yield shared | row_of(
                statistic="count", state="reported", qualifier=quantity.qualifier,
                value=float(quantity.count), unit="patients", denominator=quantity.count_of,
            ) | _suspicion(figure, _count_alone(suspected))  # fmt: skip
            # Without a last digit and an interval the share is worked out from the counts, not printed.
            if quantity.half_unit is not None or quantity.level is not None:
                share = suspected if suspected is not None and suspected.half_unit is not None else None
                yield _number("proportion", quantity) | shared | _suspicion(figure, share)
        if figure.at_risk is not None:
            at_risk = _figure_columns(entry.time_months, figure.at_risk, figure.n)
            yield _number(AT_RISK, figure.at_risk.quantity) | at_risk


def _number(statistic: str, quantity: Quantity) -> Row:
    return taken("reported_figure", quantity) | {"statistic": statistic}


def _figure_columns(time_months: float | None, figure: Figure, n: Quantity | None) -> Row:
    return home_of(figure) | row_of(
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
