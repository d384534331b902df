"""How rare it is that two studies print the same arms with the same results, among so many studies.

Two reports of one cohort print the same sizes of groups and the same figures. So do, now and then, two that
have nothing in common, and the more studies there are, the more such pairs. What is weighed is therefore how
many pairs of studies as alike would be expected by chance alone:

    E = N(N - 1)/2 * C(S, s) * prod P(size) * C(K, k) * prod P(figure)

with N studies (100 at least), s of S sizes and k of K comparable figures the same, and P how often a study
prints just that number. P is taken from the studies themselves, without the two: how many lie near, spread
over the numbers that could be printed there; where few are known, a spread of one over twice the number.
Sizes that add up from others, and figures of such groups, say nothing new and are left out.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from evisynth.outcome_events import SpeaksOf
from evisynth.printed_statistics import STATISTICS, spoken_of
from evisynth.studies import is_death_alone
from evisynth.wording import listed, number_text, rounded_percent

#: At most so many pairs as alike are expected by chance where two are taken as one cohort.
MOST_BY_CHANCE = 0.01
#: Equal sizes alone, or one figure, are no reason: so many numbers must agree.
FEWEST_IN_COMMON = 3
#: A few studies were chosen from a literature of at least so many.
_FEWEST_STUDIES = 100
#: Studies beside which the usual spread of a number counts for nothing.
_WEIGHT_OF_USUAL = 50.0
_RAREST = 1 / 1000
#: An interval follows in good part from the figure and the size of the groups.
_SAME_INTERVAL = 0.1
#: Numbers within a fifth are near; so wide is that on the scale of the number.
_NEAR = 1.2
_WIDTH = _NEAR - 1 / _NEAR
_SLACK = 1e-9
_INCIDENCE, _SURVIVAL, _PROPORTION = (
    STATISTICS[name].words_at(None) for name in ("cumulative_incidence", "survival", "proportion")
)
_RATIOS = tuple(record.words_at(None) for record in STATISTICS.values() if record.is_ratio)


class Printed(NamedTuple):
    """A figure of a group of known size, or of a comparison (``size`` None), as far as it tells of identity.

    ``half_unit`` is half of the last printed digit, ``interval`` the confidence limits.
    """

    size: int | None
    what: str
    value: float
    half_unit: float
    interval: tuple[float, float] | None = None

    @property
    def kind(self) -> tuple[int | None, str]:
        """What it may be compared with."""
        return self.size, self.what

    @property
    def is_ratio(self) -> bool:
        """Whether it is a ratio of two groups, which the other way round is one over it."""
        return self.size is None and self.value > 0 and self.what.startswith(_RATIOS)

    def agrees(self, other: Printed) -> bool:
        """Whether it may be the same number, with the same interval where both have one.

        An effect may be that of the other group, or of those without the event: a ratio is one over it then.
        """
        mine = _with_limits(self)
        if self.size is not None:
            within = self.half_unit + other.half_unit + _SLACK * abs(self.value)
            same_interval = None in (self.interval, other.interval) or self.interval == other.interval
            return abs(self.value - other.value) <= within and same_interval
        return any(_all_near(mine, theirs) for theirs in (_with_limits(other), _turned(other)))

    @property
    def looked_up(self) -> set[str]:
        """The numbers of two digits that it may be, a ratio as the one of both ways above 1."""
        if not self.is_ratio:
            return {f"{self.value:.2g}"}
        ends = [self.value + self.half_unit * step / 8 for step in range(-8, 9)]
        return {f"{max(end, 1 / end):.2g}" for end in ends if end > 0}

    def __str__(self) -> str:
        interval = "" if self.interval is None else " ({} to {})".format(*map(number_text, self.interval))
        group = "" if self.size is None else f" of {self.size}"
        return f"{self.what} {self._number}{interval}{group}"

    @property
    def _number(self) -> str:
        """The number as people write it: a share of patients in percent, without decimals nobody printed."""
        if self.size is None or not self.what.startswith(_IN_PERCENT):
            return number_text(self.value)
        return rounded_percent(self.value, 0 if self.half_unit >= 0.002 else 1)


def _with_limits(figure: Printed) -> list[tuple[float, float]]:
    """Return the figure and its limits, each with half of the last digit."""
    return [(number, figure.half_unit) for number in (figure.value, *(figure.interval or ()))]


def _turned(figure: Printed) -> list[tuple[float, float]]:
    """Return them as they are of the other group: one over a ratio, a difference with the other sign."""
    if not figure.is_ratio:  # the value of a difference has no sign here
        limits = [-limit for limit in reversed(figure.interval or ())]
        return [(number, figure.half_unit) for number in (figure.value, *limits)]
    numbers = [figure.value, *reversed(figure.interval or ())]
    return [(1 / n, figure.half_unit / n**2) if n > 0 else (math.inf, 0.0) for n in numbers]


def _all_near(one: list[tuple[float, float]], other: list[tuple[float, float]]) -> bool:
    """Say whether the numbers that both have are the same within the coarser rounding."""
    return all(
        abs(a - b) <= max(half_a, half_b) + _SLACK * abs(a)
        for (a, half_a), (b, half_b) in zip(one, other, strict=False)
    )


#: Those of whom a share is, with the event and without it: of deaths, of any other event.
_ENDS = (("dead", "with the event"), ("alive", "without the event"))
_WITHOUT = "without"
#: What a share of the patients of a time to an event is called.
_SHARE_OF = re.compile(
    rf"{_PROPORTION}(?: (?:within|at) (?P<time>.+?))? (?P<which>{'|'.join((*_ENDS[1], *_ENDS[0]))}) "
    r"\((?P<outcome>.+)\)"
)
#: Statistics that say one thing: a share of patients, as a count or in percent.
SHARES = frozenset({"count", "proportion"})


#: How the words for a share of patients begin.
_IN_PERCENT = tuple(STATISTICS[name].words for name in ("proportion", "survival", "cumulative_incidence"))


def print_words(
    statistic: str, outcome: str, time: float | None, event: str | None = None, said: SpeaksOf | None = None
) -> str:
    """Say what a figure is, in the same words for a count and for the share that it is.

    ``event`` is what a time to an event ends with, as a share of its patients is of those with the event, or
    of those without it where the reader ``said`` so.
    """
    name = "proportion" if statistic in SHARES else statistic
    words, of = STATISTICS[name].words_at(time), outcome.lower()
    if name != "proportion" or event is None:
        without = name == "proportion" and spoken_of(statistic, said) == "absence"
        return f"{words} {_WITHOUT if without else 'of'} {of}"
    ends = _ENDS[spoken_of(statistic, said) == "absence"]
    return f"{words} {ends[not is_death_alone(event)]} ({of})"


def printed_count(size: int | None, of: int, what: str, count: float) -> Printed:
    """Return a count of patients as the share that it is, to the patient."""
    return Printed(size, what, count / of, 0.5 / of)


class Likeness(NamedTuple):
    """What two studies have in common, and how many pairs as alike are expected by chance."""

    expected: float
    words: str


class Prints:
    """The sizes and figures of some studies, and how often each number stands among them."""

    def __init__(self, sizes: Sequence[frozenset[int]], figures: Sequence[Iterable[Printed]]) -> None:
        self.sizes = sizes
        self.figures = [_one_of_each(found) for found in figures]
        self._same = [
            (group_sizes, frozenset((figure.kind, figure.value) for figure in found.values()))
            for group_sizes, found in zip(self.sizes, self.figures, strict=True)
        ]
        self._studies: Counter[str] = Counter()
        self._values: defaultdict[str, list[float]] = defaultdict(list)
        # Copies of one report say once how common its numbers are.
        first = {same: place for place, same in reversed(list(enumerate(self._same)))}
        for place in first.values():
            self._count("size", self.sizes[place])
            by_what: defaultdict[str, set[float]] = defaultdict(set)
            for figure in self.figures[place].values():
                by_what[figure.what].add(figure.value)
            for what, values in by_what.items():
                self._count(what, values)
        for printed in self._values.values():
            printed.sort()

    def _count(self, what: str, values: Iterable[float]) -> None:
        found = list(values)
        self._values[what] += found
        self._studies[what] += bool(found)

    def keys(self, place: int) -> set[tuple[int | None, str, str]]:
        """Return what to look a study up by: each of its figures with the size of its group."""
        figures = self.figures[place].values()
        return {(figure.size, figure.what, number) for figure in figures for number in figure.looked_up}

    def likeness(self, one: int, other: int, beside: float = 1.0) -> Likeness | None:
        """Weigh what two studies have in common; None where it is too little to be more than chance.

        ``beside`` is how often two studies have by chance what else these have in common: their authors.
        """
        sizes = _independent(self.sizes[one] & self.sizes[other])
        mine, theirs = self.figures[one], self.figures[other]
        comparable = [kind for kind in mine.keys() & theirs.keys() if kind[0] is None or kind[0] in sizes]
        same = sorted(
            (mine[kind] for kind in comparable if mine[kind].agrees(theirs[kind])),
            key=lambda figure: (-(figure.size or math.inf), figure.what),
        )
        own_sizes = [len(_independent(self.sizes[place])) for place in (one, other)]
        if 2 * len(sizes) < min(own_sizes) or 2 * len(same) < len(comparable):
            return None  # one cohort differs in less
        intervals = sum(f.interval is not None and theirs[f.kind].interval is not None for f in same)
        if not sizes or not same or len(sizes) + len(same) < FEWEST_IN_COMMON:
            return None
        own = 1 if self._same[one] == self._same[other] else 2
        studies = max(len(self.sizes), _FEWEST_STUDIES)
        expected = (
            beside
            * math.comb(studies, 2)
            * math.comb(max(*own_sizes, len(sizes)), len(sizes))
            * math.comb(len(comparable), len(same))
            * math.prod(self._chance("size", size, 1.0, own) for size in sizes)
            * math.prod(self._chance(f.what, f.value, _unit(f, theirs[f.kind]), own) for f in same)
            * _SAME_INTERVAL**intervals
        )
        groups = listed([str(size) for size in sorted(sizes, reverse=True)])
        named = f"{'a group' if len(sizes) == 1 else 'groups'} of {groups}"
        return Likeness(expected, f"{named} with the same results ({listed([str(f) for f in same])})")

    def _chance(self, what: str, value: float, unit: float, own: int) -> float:
        """Return how often a study other than ``own`` ones prints a value, to its last digit."""
        values = self._values[what]
        near = bisect_right(values, value * _NEAR) - bisect_left(values, value / _NEAR)
        exact = bisect_right(values, value + unit / 2) - bisect_left(values, value - unit / 2)
        usual = max(min(unit / (2 * value), 1.0), _RAREST)
        beside = max(self._studies[what] - own, 0) + _WEIGHT_OF_USUAL
        spread = max(near - own, 0) * unit / (_WIDTH * value) + _WEIGHT_OF_USUAL * usual
        return min(max(spread, float(exact - own)) / beside, 1.0)


def _unit(one: Printed, other: Printed) -> float:
    """Return how far apart numbers that could be printed there lie: shares no closer than a patient."""
    patient = 1 / one.size if one.size and one.value <= 1 else 0.0
    return max(2 * one.half_unit, 2 * other.half_unit, patient)


def _one_of_each(figures: Iterable[Printed]) -> Mapping[tuple[int | None, str], Printed]:
    """Keep of figures of one kind the finest print."""
    found: dict[tuple[int | None, str], Printed] = {}
    for figure in map(_in_one_sense, figures):
        known = found.get(figure.kind)
        if figure.value > 0 and (known is None or figure.half_unit < known.half_unit):
            found[figure.kind] = figure
    return found


def _in_one_sense(figure: Printed) -> Printed:
    """Return a share of patients in the sense in which all are compared, whichever of two was printed.

    A cumulative incidence, and the share with the event within some years, are told as the survival that they
    leave; those alive, of no time, as the dead that the others are.
    """
    if figure.size is None or figure.value > 1:
        return figure
    if figure.what.startswith(_INCIDENCE):
        return _complement(figure, _SURVIVAL + figure.what.removeprefix(_INCIDENCE))
    if figure.what.startswith(_PROPORTION) and f" {_WITHOUT} " in figure.what and "(" not in figure.what:
        return _complement(figure, figure.what.replace(f" {_WITHOUT} ", " of ", 1))
    share = _SHARE_OF.fullmatch(figure.what)
    if share is None:
        return figure
    is_absence = share["which"] in _ENDS[1]
    if share["time"]:
        what = f"{_SURVIVAL} at {share['time']} of {share['outcome']}"
        return figure._replace(what=what) if is_absence else _complement(figure, what)
    told = _ENDS[0][_ENDS[1].index(share["which"])] if is_absence else share["which"]
    what = f"{_PROPORTION} {told} ({share['outcome']})"
    return _complement(figure, what) if is_absence else figure


def _complement(figure: Printed, what: str) -> Printed:
    """Return the share of the others."""
    interval = figure.interval and (round(1 - figure.interval[1], 9), round(1 - figure.interval[0], 9))
    return Printed(figure.size, what, round(1 - figure.value, 9), figure.half_unit, interval)


def _independent(sizes: Iterable[int]) -> set[int]:
    """Leave out the sizes that others, smaller ones, add up to."""
    kept: set[int] = set()
    sums = 1  # a bit for each number that kept sizes add up to
    for size in sorted(sizes):
        if not sums >> size & 1:
            kept.add(size)
            sums |= sums << size
    return kept
