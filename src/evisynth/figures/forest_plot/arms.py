"""The counts of both arms of a contrast, events and patients, as columns under the names of the arms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evisynth.effects import Effect
from evisynth.figures.forest_plot.names import ArmColumn, ColumnKey

ArmsForm = Literal["together", "apart"]

#: The columns that ``arms`` stands for: ``4/123`` in one, or events and patients in two, for either arm.
ARM_COLUMNS: Mapping[ArmsForm, tuple[ArmColumn, ...]] = {
    "together": ("index_arm", "reference_arm"),
    "apart": ("index_events", "index_n", "reference_events", "reference_n"),
}
UNNAMED_ARMS = ("Index group", "Reference group")
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class ArmCount:
    """Events and patients of one arm, None where the source does not say."""

    events: int | None
    size: int | None


def arm_counts(effect: Effect) -> tuple[ArmCount, ArmCount]:
    """Return what the index and the reference arm count."""
    of_index, of_both = effect.index_events, effect.events
    of_reference = None if of_index is None or of_both is None else of_both - of_index
    return ArmCount(of_index, effect.index_size), ArmCount(of_reference, effect.reference_size)


def counts_arms(effects: Iterable[Effect]) -> bool:
    """Whether any effect knows the events of each arm."""
    return any(effect.index_events is not None for effect in effects)


def arm_cells(counts: tuple[ArmCount, ArmCount]) -> dict[ColumnKey, str]:
    """Write the cells of either form."""
    index, reference = counts
    return {
        "index_arm": _together(index),
        "reference_arm": _together(reference),
        "index_events": _number(index.events),
        "index_n": _number(index.size),
        "reference_events": _number(reference.events),
        "reference_n": _number(reference.size),
    }


def summed_arms(effects: Sequence[Effect], participants: int | None) -> dict[ColumnKey, str]:
    """Write the sums of both arms; nothing where some are unknown or the same patients stand in two rows."""
    pairs = [arm_counts(effect) for effect in effects]
    sums = tuple(_sum([pair[arm] for pair in pairs]) for arm in (0, 1))
    if None in (sums[0].size, sums[1].size) or participants != (sums[0].size or 0) + (sums[1].size or 0):
        return {}
    return arm_cells((sums[0], sums[1]))


def _sum(counts: Sequence[ArmCount]) -> ArmCount:
    events = [count.events for count in counts if count.events is not None]
    sizes = [count.size for count in counts if count.size is not None]
    return ArmCount(
        sum(events) if len(events) == len(counts) else None,
        sum(sizes) if len(sizes) == len(counts) else None,
    )


def _number(value: int | None) -> str:
    return NOTHING if value is None else str(value)


def _together(count: ArmCount) -> str:
    return NOTHING if count == ArmCount(None, None) else f"{_number(count.events)}/{_number(count.size)}"
