"""Covariates of a group: figures under the names of the vocabulary, each in the unit of its covariate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from evisynth.errors import UnknownNameError
from evisynth.quantities import Kind
from evisynth.reading import Mapping, Mistakes, Scalar, TextType, not_a_mapping, refused
from evisynth.studies.field_types import or_new
from evisynth.studies.printed_figures import Figure, PlainFigure, figure_of
from evisynth.vocabulary import Covariate


def covariate_kind(covariate: Covariate) -> Kind:
    """Return the kind of value that a covariate has."""
    return "share" if covariate.type == "share" else "number"


def in_unit_of(covariate: Covariate, figure: Figure) -> Figure:
    """Return a figure with the unit of its covariate; refuse one in another unit, or of no one number."""
    quantity = figure.quantity
    if covariate.type == "measurement":
        if quantity.unit not in ("", covariate.unit or ""):
            message = f"'{quantity.as_reported}' is not in {covariate.unit or 'plain numbers'}"
            raise refused("wrong-unit", message, f"give {covariate.label.lower()} in it", figure)
        figure = replace(figure, quantity=replace(quantity, unit=covariate.unit or ""))
    return figure


class CovariateFigures(TextType):
    """The covariates of a group, by their ids."""

    schema = {"definition": "covariates"}  # noqa: RUF012

    def read(self, node: Any, context: Any = None) -> dict[str, Figure]:
        """Return the figures; every mistake is told at its place."""
        if not isinstance(node, Mapping):
            raise not_a_mapping(node, "type {median age: 58 years}")
        mistakes, found = Mistakes(), dict[str, Figure]()
        for key, value in node.named():
            try:
                covariate = context.vocabulary.covariate(str(key))
            except UnknownNameError as error:
                fix = or_new(error.instead, "covariate", str(key))
                mistakes.refuse(key, "unknown-covariate", f"unknown covariate '{key}'", fix)
                continue
            if covariate.id in found:
                message = f"'{key}' says {covariate.label.lower()} a second time"
                mistakes.refuse(key, "duplicate-key", message, "keep one of them")
                continue
            figure = mistakes.attempt(_reader(covariate), value, context)
            if figure is not None:
                found[covariate.id] = figure
        mistakes.raise_if_any(type(self))
        return found


def _reader(covariate: Covariate) -> Callable[[Any, Any], Figure]:
    type_of = figure_of(covariate_kind(covariate), PlainFigure)

    def read(node: Any, context: Any) -> Figure:
        if isinstance(node, Scalar) and not node:
            message = f"{covariate.label.lower()} has no value"
            raise refused("empty-value", message, "type its value, or not reported", node)
        return in_unit_of(covariate, type_of.read(node, context))

    return read
