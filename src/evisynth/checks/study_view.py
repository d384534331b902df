"""A study as its checks ask for it: figures by group, outcome and time, and how large groups can be."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from evisynth.arithmetic import CountRecovery, recover_counts, spoken_fraction_interval
from evisynth.outcome_events import SpeaksOf
from evisynth.printed_statistics import STATISTICS, spoken_of
from evisynth.quantities import Quantity
from evisynth.studies import (
    ComparisonBlock,
    Figure,
    Group,
    OutcomeBlock,
    StatisticFigure,
    Study,
    counts_events,
)
from evisynth.vocabulary import Outcome, Vocabulary
from evisynth.wording import listed

#: Survival of another kind than plain survival, as sources name it.
_OTHER_CURVE = re.compile(r"\b(relative|net|cause|disease|cancer|tumou?r)[- ](?:specific )?survival")


class Size(NamedTuple):
    """How many patients a group can have; ``known`` when the source says so, exactly or as a share."""

    least: int
    most: int
    known: bool

    @property
    def exact(self) -> int | None:
        """The one size that is possible."""
        return self.least if self.least == self.most else None


class Reported(NamedTuple):
    """One figure with all that says what it is."""

    outcome: Outcome
    group: str
    block: OutcomeBlock
    statistic: str
    time: float | None
    figure: Figure

    @property
    def quantity(self) -> Quantity:
        """The number."""
        return self.figure.quantity

    @property
    def curve_kind(self) -> str:
        """Of what kind of survival it is, as its outcome, label or method says; empty: plain survival."""
        named = " ".join((self.outcome.label, self.block.label or "", self.block.method or ""))
        found = _OTHER_CURVE.search(named.casefold())
        return found.group(1) if found is not None else ""

    @property
    def counts_events(self) -> bool:
        """Whether it is a number of events that says so."""
        return self.statistic == "count" and counts_events(self.quantity.unit, self.quantity.as_reported)

    @property
    def speaks_of(self) -> SpeaksOf:
        """Whether it grows with those who have the event of the outcome, or with those who do not."""
        return spoken_of(self.statistic, self.block.of_event, counts_events=self.counts_events)

    @property
    def of_either(self) -> bool:
        """Whether it may as well be of those without the event: a share of overall survival, no more said.

        It is taken to be of those with the event, as every share is.
        """
        return (
            self.outcome.type == "time_to_event"
            and STATISTICS[self.statistic].of_event is None
            and self.block.of_event is None
            and not self.counts_events
            and self.outcome.speaks_of.named_for_absence
        )

    @property
    def higher_is_better(self) -> bool | None:
        """Whether a higher figure is better; None where neither way is."""
        return self.outcome.higher_is_better(self.speaks_of)

    @property
    def about(self) -> str:
        """What is spoken of, with the number as printed."""
        return f"{self.outcome.label} of {self.group}: {self.quantity.as_reported}"


def low(quantity: Quantity) -> float:
    """Return the least value that rounds to the printed one."""
    return (quantity.value or 0.0) - (quantity.half_unit or 0.0)


def high(quantity: Quantity) -> float:
    """Return the greatest value that rounds to the printed one."""
    return (quantity.value or 0.0) + (quantity.half_unit or 0.0)


def is_point(quantity: Quantity) -> bool:
    """Say whether a number was printed as it is, not as a bound or an approximation."""
    return quantity.state == "reported" and quantity.qualifier == "=" and quantity.value is not None


class StudyView:
    """One study and the vocabulary its outcomes come from.

    ``told`` is False where nobody reads what a finding tells beside what it is about; then checks leave out
    of their messages what takes long to work out.
    """

    def __init__(self, study: Study, vocabulary: Vocabulary, *, told: bool = True) -> None:
        self.study, self.vocabulary, self.told = study, vocabulary, told
        self._sizes: dict[str, Size | None] = {}
        self._remembered: dict[str, Any] = {}

    def remembered(self, name: str, find: Callable[[], Any]) -> Any:
        """Return what ``find`` finds, looked for once a study."""
        if name not in self._remembered:
            self._remembered[name] = find()
        return self._remembered[name]

    @cached_property
    def figures(self) -> tuple[Reported, ...]:
        """Every figure of every outcome block, in file order."""
        outcomes = self.vocabulary.outcomes
        return tuple(
            Reported(outcomes[block.outcome], group, block, one.statistic, one.time_months, one.figure)
            for block in self.study.outcomes
            for group, row in block.values.items()
            for one in row.figures
        )

    @cached_property
    def _index(self) -> dict[tuple[str, str, str, float | None], Reported]:
        index: dict[tuple[str, str, str, float | None], Reported] = {}
        # Two keys may name one time: which of them comes first in the file decides nothing.
        for one in sorted(self.figures, key=lambda one: one.quantity.as_reported):
            index.setdefault((one.outcome.id, one.group, one.statistic, one.time), one)
        return index

    @cached_property
    def _by_group(self) -> dict[tuple[str, str], list[Reported]]:
        found: dict[tuple[str, str], list[Reported]] = {}
        for one in self.figures:
            found.setdefault((one.outcome.id, one.group), []).append(one)
        return found

    def figures_of(self, outcome: str, group: str) -> list[Reported]:
        """Return all figures that one group has of one outcome, in file order."""
        return self._by_group.get((outcome, group), [])

    def find(self, outcome: str, group: str, statistic: str, time: float | None = None) -> Reported | None:
        """Return the figure of that kind; of several the first by its print."""
        return self._index.get((outcome, group, statistic, time))

    def median(self, outcome: str, group: str) -> Reported | None:
        """Return a group's median when it is a number."""
        found = self.find(outcome, group, "median")
        return found if found is not None and is_point(found.quantity) else None

    @cached_property
    def _curves(self) -> dict[tuple[str, str], list[Reported]]:
        curves: dict[tuple[str, str], list[Reported]] = {}
        for one in self._index.values():
            if one.statistic == "survival" and is_point(one.quantity):
                curves.setdefault((one.outcome.id, one.group), []).append(one)
        for points in curves.values():
            points.sort(key=lambda point: point.time or 0.0)
        return curves

    def curves(self) -> Iterator[tuple[tuple[str, str], list[Reported]]]:
        """Yield each survival curve: outcome and group, with its rates in order of time."""
        yield from self._curves.items()

    def curve(self, outcome: str, group: str) -> list[Reported]:
        """Return the survival rates of a group, in order of time."""
        return self._curves.get((outcome, group), [])

    @cached_property
    def splits(self) -> dict[tuple[str, str], list[str]]:
        """The parts of each whole by each split."""
        splits: dict[tuple[str, str], list[str]] = {}
        for name, group in self.study.groups.items():
            if group.of is not None and group.by is not None:
                splits.setdefault((group.of, group.by), []).append(name)
        return splits

    def exhaustive(self, whole: str, split: str) -> bool:
        """Say whether the parts by a split are taken to cover the whole."""
        return split not in self.study.groups[whole].not_exhaustive

    def group(self, name: str) -> Group:
        """Return a group."""
        return self.study.groups[name]

    def within(self, name: str) -> Iterator[str]:
        """Yield a group and every group it is part of, nearest first."""
        current: str | None = name
        while current is not None:
            yield current
            current = self.study.groups[current].of

    def is_part_of(self, part: str, whole: str) -> bool:
        """Say whether a group is another, or lies inside it."""
        return whole in self.within(part)

    def size(self, name: str) -> Size | None:
        """Return how many patients a group can have; None when nothing bounds it."""
        if name not in self._sizes:
            self._sizes[name] = None  # a group is no part of its own bound
            self._sizes[name] = self._find_size(name)
        return self._sizes[name]

    def exact_size(self, name: str) -> int | None:
        """Return the number of patients when the source leaves only one."""
        size = self.size(name)
        return size.exact if size is not None and size.known else None

    def most_together(self, *names: str) -> int | None:
        """Return how many patients some groups can have between them at most; None when nothing bounds them.

        Parts of one whole by one split are no more than it holds: each may be large, not all at once.
        """
        sizes = [self.size(name) for name in names]
        known = [size for size in sizes if size is not None]
        groups = [self.study.groups[name] for name in names]
        together = sum(size.most for size in known) if len(known) == len(sizes) else None
        wholes = {(group.of, group.by) for group in groups}
        whole = self.size(groups[0].of) if len(wholes) == 1 and groups[0].of is not None else None
        bounds = [together, whole.most if whole is not None and whole.known else None]
        return min((bound for bound in bounds if bound is not None), default=None)

    def _find_size(self, name: str) -> Size | None:
        group = self.study.groups[name]
        whole = self.size(group.of) if group.of is not None else None
        quantity = group.n.quantity if group.n is not None else None
        if quantity is not None and quantity.count is not None:
            return Size(quantity.count, quantity.count, True)
        if quantity is None or quantity.value is None:
            return self._rest(name, whole)
        if quantity.unit == "patients":
            reach = 0 if quantity.qualifier == "=" else max(1, round(quantity.value * 0.1))
            return Size(int(quantity.value) - reach, int(quantity.value) + reach, True)
        if whole is None or not whole.known:
            return None
        least, most = _share_of(quantity, whole.least), _share_of(quantity, whole.most)
        if least is None or most is None:
            return None
        return Size(min(least[0], most[0]), max(least[1], most[1]), True)

    def _rest(self, name: str, whole: Size | None) -> Size | None:
        """Bound a part that has no size of its own by what its fellow parts leave."""
        group = self.study.groups[name]
        if whole is None or not whole.known or group.of is None or group.by is None:
            return None
        others = [
            self.size(other)
            for other in self.splits[group.of, group.by]
            if other != name and self.study.groups[other].n is not None
        ]
        taken = [size for size in others if size is not None and size.known]
        most = whole.most - sum(size.least for size in taken)
        alone = len(self.splits[group.of, group.by]) == len(taken) + 1
        least = whole.least - sum(size.most for size in taken)
        if alone and taken and self.exhaustive(group.of, group.by) and least >= 0:
            return Size(least, most, True)
        return Size(0, max(0, most), False)

    def denominator(self, one: Reported) -> int | None:
        """Return of how many patients a share was taken; None when the source does not say."""
        if one.figure.n is not None:
            return one.figure.n.count
        if one.quantity.count_of is not None:
            return one.quantity.count_of
        return self.exact_size(one.group)

    def is_own(self, name: str) -> bool:
        """Say whether a group is of this study's patients."""
        return self.study.groups[name].role == "own"

    def p_values(self) -> tuple[tuple[ComparisonBlock, StatisticFigure], ...]:
        """Return each p-value that is a number, with its comparison."""
        return self._p_values

    def p_verdicts(self) -> tuple[tuple[ComparisonBlock, StatisticFigure], ...]:
        """Return each p-value that is a number, or is called significant or not, with its comparison."""
        return tuple(
            (comparison, one)
            for comparison in self.study.comparisons
            for one in comparison.figures
            if one.statistic == "p_value"
            and (one.figure.quantity.value is not None or one.figure.quantity.state != "not_reported")
        )

    @cached_property
    def _p_values(self) -> tuple[tuple[ComparisonBlock, StatisticFigure], ...]:
        return tuple(
            (comparison, one)
            for comparison in self.study.comparisons
            for one in comparison.figures
            if one.statistic == "p_value" and one.figure.quantity.value is not None
        )


@lru_cache(maxsize=4_096)
def recovered(share: float, half_unit: float, whole: int) -> CountRecovery:
    """Return the counts behind a percentage; several checks of one study ask for the same."""
    return recover_counts(share, half_unit, whole)


def _share_of(quantity: Quantity, whole: int) -> tuple[int, int] | None:
    """Return the least and the greatest count that a share of ``whole`` patients can stand for."""
    value = quantity.value
    if value is None or whole <= 0:
        return None
    if quantity.qualifier == "=" and quantity.half_unit:
        found = recovered(value, quantity.half_unit, whole).candidates
        return (min(found), max(found)) if found else None
    if quantity.qualifier == "=":
        return round(value * whole), round(value * whole)
    if quantity.qualifier == "~":
        lower, upper = spoken_fraction_interval(value, quantity.half_unit)
        return math.ceil(lower * whole - 1e-9), math.floor(upper * whole + 1e-9)
    if quantity.qualifier in (">", ">="):
        least = math.ceil(value * whole - 1e-9)
        return least + (quantity.qualifier == ">" and least == value * whole), whole
    most = math.floor(value * whole + 1e-9)
    return 0, most - (quantity.qualifier == "<" and most == value * whole)


def possible_counts(quantity: Quantity, whole: int) -> tuple[int, int] | None:
    """Return the least and the greatest count behind a share of ``whole`` patients, vague ones included."""
    if quantity.count is not None:
        return quantity.count, quantity.count
    return _share_of(quantity, whole)


def compared(comparison: ComparisonBlock) -> str:
    """Name what a comparison compares."""
    if comparison.within is not None:
        return f"'{comparison.within}' by {comparison.by}"
    return listed(f"'{group}'" for group in comparison.of)
