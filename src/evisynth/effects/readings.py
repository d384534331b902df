"""The figures of an arm, each read once, and how sentences speak of it.

What a source repeats in text, table and caption counts as one figure. A figure between two arms speaks of one
of them: swapping the arms flips the sign and nothing else. An arm is not named where there is only one, else
it is the index or reference group.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evisynth.effects.effect import Grounds, Subject, downgraded, from_figures
from evisynth.effects.misprints import misprint_grounds
from evisynth.measures import MEASURES, EffectMeasure
from evisynth.outcome_events import SpeaksOf
from evisynth.outcomes import Arm, Comparison, ReportedOutcome, is_same_time
from evisynth.printed_statistics import STATISTICS, spoken_of, statistics_feeding
from evisynth.studies import counts_events
from evisynth.wording import Advised, listed, plural, time_words

#: Flags everything that rests on a figure which the source also prints with another value.
REPORTED_DIFFERENTLY = "reported_differently"
#: How the assumption begins that says what a figure is adjusted for.
ADJUSTED_FOR = "adjusted for "


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure with the places that repeat it, and those (``others``) that give another value."""

    figure: ReportedOutcome
    repeats: tuple[ReportedOutcome, ...] = ()
    others: tuple[ReportedOutcome, ...] = ()

    @property
    def contradicted(self) -> bool:
        """Whether another place of the source gives another value."""
        return bool(self.others)

    @property
    def grounds(self) -> Grounds:
        """The figure and its repeats as inputs, with a downgrade when the source disagrees with itself.

        A suspected misprint is told, and costs nothing: as printed is what counts.
        """
        printed = (self.figure, *self.repeats)
        suspected = sum((misprint_grounds(figure) for figure in printed), Grounds())
        return from_figures(*printed) + self._disagreement() + _adjustment(self.figure) + suspected

    def _disagreement(self) -> Grounds:
        if not self.others:
            return Grounds()
        # The same words whichever of the figures is used, so that they are told once.
        places = sorted({_with_place(figure) for figure in (self.figure, *self.others)})
        why = f"the source prints different figures for the same: {listed(places)}"
        return Grounds(flags=(REPORTED_DIFFERENTLY,)) + downgraded(REPORTED_DIFFERENTLY, why)


def _with_place(figure: ReportedOutcome) -> str:
    place = figure.source_location or figure.file_location
    return f'"{figure.as_reported}"' + (f" ({place})" if place else "")


def _adjustment(figure: ReportedOutcome) -> Grounds:
    if not figure.adjusted:
        return Grounds()
    return Grounds(flags=("adjusted",), assumptions=(f"{ADJUSTED_FOR}{figure.adjusted}",))


def readings(arm: Arm, *statistics: str) -> tuple[Reading, ...]:
    """Return what an arm reported under these statistics, one reading for each distinct figure."""
    return distinct(figure for figure in arm.figures if figure.statistic in statistics)


def readings_for(arm: Arm, recovery: str) -> tuple[Reading, ...]:
    """Return what an arm reported that a recovery works an effect out from."""
    return readings(arm, *statistics_feeding(recovery))


def distinct(figures: Iterable[ReportedOutcome]) -> tuple[Reading, ...]:
    """Merge figures that say the same; the fullest print stands for them. "Not reported" is left out."""
    families: list[list[ReportedOutcome]] = []
    for figure in figures:
        if figure.state == "not_reported":
            continue
        family = next((known for known in families if _says_the_same(known[0], figure)), None)
        if family is None:
            families.append([figure])
        else:
            family.append(figure)
    return tuple(
        Reading(
            figure=min(family, key=_fullness),
            repeats=tuple(sorted(family, key=_fullness)[1:]),
            others=tuple(
                min(other, key=_fullness)
                for other in families
                if other is not family and _contradict(family[0], other[0])
            ),
        )
        for family in families
    )


def at_time(found: Iterable[Reading], time_months: float) -> tuple[Reading, ...]:
    """Return the readings at a time, in months."""
    return tuple(
        reading
        for reading in found
        if reading.figure.time_months is not None and is_same_time(reading.figure.time_months, time_months)
    )


def rivals(found: Sequence[Reading]) -> tuple[Reading, ...]:
    """Return the first reading and those that give another value for the same figure."""
    return tuple(reading for reading in found if reading is found[0] or found[0].figure in reading.others)


def printed_as_point(figure: ReportedOutcome) -> bool:
    """Return whether the figure is a plain number rather than a bound or a vague word."""
    return figure.state == "reported" and figure.value is not None and figure.qualifier in (None, "=")


def different_clocks(one: Reading, other: Reading) -> bool:
    """Return whether two figures are said to count time from different moments (diagnosis, surgery)."""
    starts = one.figure.starts, other.figure.starts
    return None not in starts and starts[0] != starts[1]


def _fullness(figure: ReportedOutcome) -> tuple[bool, bool, float]:
    """Order figures so that an interval, then a known number of patients, then more digits come first."""
    no_interval = figure.ci_lower is None and figure.ci_upper is None
    return no_interval, figure.n is None, figure.half_unit if figure.half_unit is not None else 1.0


def _same_subject(one: ReportedOutcome, other: ReportedOutcome) -> bool:
    return (
        _same_moment(one, other)
        and one.statistic == other.statistic
        and one.adjusted == other.adjusted
        and one.starts == other.starts
        and one.method == other.method
        and _direction(one, other) == 1
    )


def _same_moment(one: ReportedOutcome, other: ReportedOutcome) -> bool:
    if one.time_months is None or other.time_months is None:
        return one.time_months is other.time_months
    return is_same_time(one.time_months, other.time_months)


def _direction(one: ReportedOutcome, other: ReportedOutcome) -> int:
    """Return 1 for figures that say the same, -1 when one is the other turned round, else 0.

    They are turned round where the groups are set against each other the other way, or where one is of those
    with the event and the other of those without it.
    """
    sides, others = ([{figure.group}, set(figure.compared_with or ())] for figure in (one, other))
    direction = 1 if sides == others else -1 if sides == others[::-1] else 0
    if speaks_of(one) == speaks_of(other) or one.statistic == "p_value":
        return direction
    measure = MEASURES.get(one.read_as or one.statistic)
    return -direction if measure is not None and measure.turns_round else 0


def speaks_of(figure: ReportedOutcome) -> SpeaksOf:
    """Return whether a figure is of those with the event of its outcome, or of those without it."""
    counted = figure.statistic == "count" and counts_events(figure.unit, figure.as_reported)
    return spoken_of(figure.statistic, figure.of_event, counts_events=counted)


def _says_the_same(one: ReportedOutcome, other: ReportedOutcome) -> bool:
    if not _same_subject(one, other) or one.state != other.state or one.qualifier != other.qualifier:
        return False
    if one.value is None or other.value is None:
        return one.value is other.value
    return _close(one.value, other.value, one.half_unit, other.half_unit) and _same_interval(one, other)


def _close(one: float, other: float, half_unit: float | None, other_half_unit: float | None) -> bool:
    return abs(one - other) <= (half_unit or 0.0) + (other_half_unit or 0.0) + 1e-12


def _same_interval(one: ReportedOutcome, other: ReportedOutcome) -> bool:
    """Return whether two intervals at the same level agree within rounding; one that is absent agrees."""
    if (one.level or 0.95) != (other.level or 0.95):
        return True
    limits = (
        (one.ci_lower, other.ci_lower, one.ci_lower_half_unit, other.ci_lower_half_unit),
        (one.ci_upper, other.ci_upper, one.ci_upper_half_unit, other.ci_upper_half_unit),
    )
    return all(
        mine is None or theirs is None or _close(mine, theirs, half_unit, other_half_unit)
        for mine, theirs, half_unit, other_half_unit in limits
    )


#: What may be named in one place and left unsaid in the other without making it another figure.
_OFTEN_UNSAID = ("starts", "method")


def _contradict(one: ReportedOutcome, other: ReportedOutcome) -> bool:
    """Return whether two places give different values of what must be one figure."""
    if not (printed_as_point(one) and printed_as_point(other) and _same_moment(one, other)):
        return False
    if one.statistic != other.statistic or one.adjusted != other.adjusted or one.test != other.test:
        return False
    for name in _OFTEN_UNSAID:
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine is not None and theirs is not None and mine != theirs:
            return False
    direction = _direction(one, other)
    if direction == -1 and STATISTICS[one.statistic].is_ratio:
        return not _inverse(one, other)
    same_groups = direction == 1 or (direction == -1 and one.statistic == "p_value")
    return same_groups and not (_agree(one, other) and _same_interval(one, other))


def _agree(one: ReportedOutcome, other: ReportedOutcome) -> bool:
    assert one.value is not None and other.value is not None  # both are printed as points
    return _close(one.value, other.value, one.half_unit, other.half_unit)


def _inverse(one: ReportedOutcome, other: ReportedOutcome) -> bool:
    """Return whether one ratio is the inverse of the other, within the rounding of both."""
    if not one.value or not other.value:
        return False
    slack = (one.half_unit or 0.0) / one.value + (other.half_unit or 0.0) / other.value
    return abs(one.value * other.value - 1) <= slack + 1e-9


def ratio_sign(comparison: Comparison, figure: ReportedOutcome) -> int | None:
    """Return 1 for a printed ratio of index against reference, -1 for the inverse, None when unclear."""
    if comparison.reference is None:
        return None
    index, reference = comparison.index.group, comparison.reference.group
    others = figure.compared_with
    if figure.group == index and others == (reference,):
        return 1
    if figure.group == reference and others == (index,):
        return -1
    return None


def event_sign(measure: EffectMeasure, figure: ReportedOutcome) -> int | None:
    """Return 1 for a figure that is of the measure's event, -1 for one of its absence, which is turned round.

    None where it is of the absence and cannot be turned round without the risks themselves.
    """
    if speaks_of(figure) == (measure.of_event or "occurrence"):
        return 1
    return -1 if measure.turns_round else None


def favoured_sign(subject: Subject, figure: ReportedOutcome) -> int | None:
    """Return the sign of a log ratio of the event when a test favours one of the arms, None when not told.

    Fewer of an event that nobody wants is better, and more of a wanted one: where the index arm is favoured,
    the sign is negative for death and positive for relief.
    """
    comparison, better = subject.comparison, subject.better
    if comparison.reference is None or figure.favours is None or better is None:
        return None
    sign = -1 if better == "lower" else 1
    if figure.favours == comparison.index.group:
        return sign
    return -sign if figure.favours == comparison.reference.group else None


def unsettled(reading: Reading) -> str | None:
    """Return why a figure is not used: others of its study contradict it, and the reader has to settle it."""
    for one in (reading.figure, *reading.repeats):
        if one.unsettled:
            return Advised(one.unsettled, one.settled_by or "")
    return None


def only_these_two(comparison: Comparison, figure: ReportedOutcome) -> bool:
    """Return whether a p-value compares exactly the two arms and no third group."""
    if comparison.reference is None or figure.compared_with is None:
        return False
    named = {figure.group, *figure.compared_with}
    return named == {comparison.index.group, comparison.reference.group}


def group_words(comparison: Comparison, arm: Arm) -> str:
    """Return "the group", "the index group" or "the reference group"."""
    if comparison.reference is None:
        return "the group"
    return "the reference group" if arm.group == comparison.reference.group else "the index group"


def of_group(comparison: Comparison, arm: Arm) -> str:
    """Return " of the index group" or " of the reference group", nothing for a single arm."""
    return "" if comparison.reference is None else f" of {group_words(comparison, arm)}"


def in_group(comparison: Comparison, arm: Arm) -> str:
    """Return " in the index group" or " in the reference group", nothing for a single arm."""
    return "" if comparison.reference is None else f" in {group_words(comparison, arm)}"


def no_window_fits(subject: Subject, arm: Arm, found: Sequence[Reading]) -> str:
    """Say of figures that are not for the window asked for which theirs is, or that none is printed."""
    of, asked = of_group(subject.comparison, arm), time_words(subject.wanted_time or 0.0)
    if all(reading.figure.time_months is None for reading in found):
        texts = dict.fromkeys(reading.figure.as_reported for reading in found)
        printed, are = listed(texts), plural("is", len(texts))
        return f"{printed}{of} {are} printed without a time window, and {asked} are asked for"
    # A count and the percentage beside it are one print: "22 (18.3%)" is said once.
    printed = listed(dict.fromkeys(_with_window(reading.figure) for reading in found))
    return f"what is reported{of} ({printed}) is not for the {asked} that are asked for"


def _with_window(figure: ReportedOutcome) -> str:
    time = figure.time_months
    return f"{figure.as_reported} " + ("without a window" if time is None else f"within {time_words(time)}")
