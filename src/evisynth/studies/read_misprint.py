"""Reading what a reader suspects behind a misprint: ``perhaps`` and ``because``, beside the value as printed.

The suspicion is data of its own. The printed value stays what every recovery uses.
"""

from __future__ import annotations

from dataclasses import replace

from evisynth.quantities import Kind, Quantity
from evisynth.reading import Mapping
from evisynth.studies.field_readers import NOT_REPORTED, FieldReader
from evisynth.studies.quantity_reader import read_quantity
from evisynth.studies.study import Figure

_ALONE = "type the suspected value alone, with its unit; what stands in brackets stays as printed"


def read_misprint(reader: FieldReader, node: Mapping, figure: Figure, kind: Kind) -> Figure:
    """Return the figure with what its block suspects behind it, reporting a suspicion that is unclear."""
    given = [key for key in ("perhaps", "because") if key in node.entries]
    if not given:
        return figure
    if len(given) == 1:
        missing, example = ("because", "why you think so") if given == ["perhaps"] else ("perhaps", "a value")
        message = f"'{missing}' is missing beside '{given[0]}'"
        reader.refuse(node.name_of(given[0]), "missing-key", message, f"type {missing}: and {example}")
        return figure
    suspected = read_quantity(reader, node.value_of("perhaps"), kind)
    if suspected is None:
        return figure
    because = reader.scalar(node.value_of("because"))
    if because is not None and because.lower() == NOT_REPORTED:
        message = "a suspicion needs its reason"
        reader.refuse(node.name_of("because"), "missing-key", message, "type because: and why you think so")
    problem = _problem(figure, suspected)
    if problem is not None:
        reader.refuse(node.value_of("perhaps"), "unclear-misprint", *problem)
    return replace(figure, perhaps=suspected, because=because)


def _problem(figure: Figure, suspected: Quantity) -> tuple[str, str] | None:
    """Return what is wrong with a suspicion and what to type instead, None when it is clear."""
    printed = figure.quantity
    if figure.worked_out is not None:
        return (
            f"'{printed.as_reported}' was worked out, so it cannot be misprinted",
            "leave out perhaps: or worked_out:",
        )
    if printed.value is None or printed.qualifier != "=":
        return f"'{printed.as_reported}' is no plain number to be misprinted", "use note: instead"
    if suspected.value is None or suspected.qualifier != "=" or _has_interval(suspected):
        return f"'{suspected.as_reported}' is no plain value", _ALONE
    if printed.unit and suspected.unit not in ("", printed.unit):
        return f"'{suspected.as_reported}' is not in {printed.unit}, as the value is", _ALONE
    if suspected.value == printed.value:
        return (
            f"'{suspected.as_reported}' is what was printed",
            "type the value that you suspect behind the misprint, or leave out perhaps:",
        )
    return None


def _has_interval(quantity: Quantity) -> bool:
    return quantity.level is not None or quantity.spread is not None
