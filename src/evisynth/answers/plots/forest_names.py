"""The names of what a forest plot shows: its models, its kinds, the orders of its rows.

Light on purpose: the command line lists them in its help without importing anything that computes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from evisynth.errors import UnknownNameError

ForestKind = Literal["forest", "cumulative", "leave_one_out"]
ModelName = Literal["common_effect", "random_effects", "bayesian"]
#: A name of `ORDERS`, one number for each row, or a mapping from study to number.
Order = str | Sequence[float] | Mapping[str, float]

FOREST_KINDS: Mapping[str, str] = {
    "forest": "every row, and what they add up to",
    "cumulative": "the pooled estimate after each further row",
    "leave_one_out": "the pooled estimate without each row in turn",
}

MODELS: Mapping[str, str] = {
    "common_effect": "one effect for all",
    "random_effects": "REML with a Hartung-Knapp interval",
    "bayesian": "half-normal prior on tau: 0.5 for log ratios, 1 for single arms",
}

#: How rows stand, or are added in a cumulative plot; numbers, or a mapping from study, do as well.
ORDERS: Mapping[str, str] = {
    "given": "as the rows stand",
    "year": "by year, oldest first",
    "time": "by the time they hold for",
    "precision": "most precise first",
    "effect": "smallest effect first",
}


class Years(dict[str, float]):
    """The year of publication of each study: an order that can say what it is."""


def checked_name(kind: str, name: str, known: Iterable[str]) -> str:
    """Return the known name that was meant; hyphens and spaces do for underscores."""
    if not isinstance(name, str):
        raise UnknownNameError(kind, repr(name), list(known))
    spelled = name.strip().casefold().replace("-", "_").replace(" ", "_")
    names = list(known)
    if spelled not in names:
        raise UnknownNameError(kind, name, names)
    return spelled
