"""Reading what p-values and ratios compare, and what the source claims in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from evisynth.quantities import Kind
from evisynth.reading import Mapping, Node
from evisynth.studies.field_readers import FieldReader
from evisynth.studies.figure_reader import RESULT_KEYS, Expected, Surroundings, read_figure
from evisynth.studies.study import Basis, ClaimKind, Comparator, ReadAs, StatisticFigure

#: Keys of the figures of a comparison, each with its statistic and the kind of its value.
COMPARISON_FIGURES: dict[str, tuple[str, Kind]] = {
    "p": ("p_value", "p_value"),
    "hazard_ratio": ("hazard_ratio", "ratio"),
    "odds_ratio": ("odds_ratio", "ratio"),
    "risk_ratio": ("risk_ratio", "ratio"),
    "difference": ("difference", "difference"),
}


def _read_as(reader: FieldReader, node: Node) -> str | None:
    options = tuple(name.replace("_", " ") for name in get_args(ReadAs))
    text = reader.choice(node, options)
    return text.replace(" ", "_") if text else None


COMPARISON_KEYS: dict[str, Callable[..., Any]] = {
    "outcome": FieldReader.outcome,
    "of": FieldReader.group_list,
    "within": FieldReader.group,
    "by": FieldReader.scalar,
    "time": FieldReader.node,
    **dict.fromkeys(COMPARISON_FIGURES, FieldReader.node),
    "read_as": _read_as,
    "starts": FieldReader.text,
    "test": FieldReader.text,
    "adjusted_for": FieldReader.texts,
    "basis": lambda reader, node: reader.choice(node, get_args(Basis)),
    "reads": FieldReader.text,
    "favours": FieldReader.group,
    "at": FieldReader.place,
    "also_at": FieldReader.place,
    "note": FieldReader.text,
}
CLAIM_KEYS: dict[str, Callable[..., Any]] = {
    "kind": lambda reader, node: reader.choice(node, get_args(ClaimKind)),
    "outcome": FieldReader.outcome,
    "index": FieldReader.group,
    "reference": FieldReader.group,
    "order": FieldReader.group_list,
    "factors": FieldReader.texts,
    "wording": FieldReader.text,
    "comparator": lambda reader, node: reader.choice(node, get_args(Comparator)),
    "at": FieldReader.place,
    "also_at": FieldReader.place,
    "note": FieldReader.text,
}


def read_comparisons(reader: FieldReader, node: Node) -> tuple[dict[str, Any], ...]:
    """Read the ``comparisons`` list."""
    blocks = []
    for item in reader.items(node):
        values = reader.block(item, COMPARISON_KEYS, ("outcome", "basis"), item)
        if values is None or not isinstance(item, Mapping):
            continue
        _check_sides(reader, item, values)
        _read_time(reader, values)
        outcome = values.get("outcome")
        values["outcome"] = outcome.id if outcome else None
        values["figures"] = _read_figures(reader, item, values)
        blocks.append({**values, "line": item.line, "column": item.column})
    return tuple(blocks)


def _read_time(reader: FieldReader, values: dict[str, Any]) -> None:
    if "time" in values:
        node = values["time"]
        values["time"] = reader.text(node)
        values["time_months"] = None if values["time"] is None else reader.time(node)


def _read_figures(reader: FieldReader, item: Mapping, values: dict[str, Any]) -> tuple[StatisticFigure, ...]:
    around = Surroundings().inside(values)
    figures = []
    given = [key for key in COMPARISON_FIGURES if key in values]
    for key in given:
        statistic, kind = COMPARISON_FIGURES[key]
        figure = read_figure(reader, values.pop(key), Expected(kind, keys=RESULT_KEYS), around)
        if figure is not None:
            figures.append(StatisticFigure(statistic, values.get("time_months"), figure))
    if not given:
        known = ", ".join(COMPARISON_FIGURES)
        reader.refuse(
            item, "missing-figure", "the comparison has no figure", f"type one of {known}: and its value"
        )
    return tuple(figures)


def _check_sides(reader: FieldReader, item: Mapping, values: dict[str, Any]) -> None:
    """Report a comparison that does not say, in one way, what is compared."""
    of, within, by = (key in values for key in ("of", "within", "by"))
    if of == within:
        reader.refuse(
            item.name_of("within") if within else item,
            "unclear-comparison",
            "both 'of' and 'within' say what is compared" if of else "what is compared is not said",
            "type of: [index, reference], or within: a group and by: what its patients differ in",
        )
    elif within != by:
        place = item.name_of("within" if within else "by")
        message = "'within' needs 'by'" if within else "'by' needs 'within'"
        reader.refuse(place, "unclear-comparison", message, "type within: a group, and by: what splits it")
    elif of and not values["of"] and not _items(item.value_of("of")):
        reader.refuse(
            item.value_of("of"), "unclear-comparison", "no group is named", "type of: [index, reference]"
        )
    _check_reading(reader, item, values)


def _check_reading(reader: FieldReader, item: Mapping, values: dict[str, Any]) -> None:
    """Report an inference without its reason, and a winner that did not take part."""
    if values.get("basis") == "inferred" and not values.get("reads"):
        place = item.name_of("basis")
        reader.refuse(
            place,
            "missing-key",
            "'reads' is missing beside an inferred basis",
            "type reads: and why you read it so",
        )
    favours, compared = values.get("favours"), values.get("of") or ()
    if favours is not None and len(compared) > 1 and favours not in compared:
        winner = item.value_of("favours")
        reader.refuse(
            winner,
            "favours-not-compared",
            f"'{favours}' is not among the groups compared",
            "type one of " + ", ".join(compared),
        )


def _items(node: Node) -> bool:
    return bool(getattr(node, "items", None))


#: What a claim is about, by its kind; every other kind is about one group, and background about none.
_SUBJECTS = {"ranking": ("order", "the groups, best first"), "risk factor": ("factors", "what they are")}


def _check_subject(reader: FieldReader, item: Node, values: dict[str, Any]) -> None:
    """Report a claim that does not say what it is about."""
    kind = values.get("kind")
    if kind is None or kind == "background":
        return
    key, what = _SUBJECTS.get(kind, ("index", "the group it is about"))
    if key not in values:
        message = f"'{key}' is missing here, so that the claim is about nothing"
        reader.refuse(item, "missing-key", message, f"type {key}: and {what}")


def read_claims(reader: FieldReader, node: Node) -> tuple[dict[str, Any], ...]:
    """Read the ``claims`` list."""
    claims = []
    for item in reader.items(node):
        values = reader.block(item, CLAIM_KEYS, ("kind", "outcome", "at"), item)
        if values is None:
            continue
        _check_subject(reader, item, values)
        outcome = values.get("outcome")
        values["outcome"] = outcome.id if outcome else None
        claims.append({**values, "line": item.line, "column": item.column})
    return tuple(claims)
