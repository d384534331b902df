"""Printed statistics: one record says all that is known of each, and every stage asks it.

A statistic is what a printed number is: a median, a survival rate, a p-value. Its record names the keys by
which a study file types it, the kind of value that the keys hold (and so its unit and bounds, which belong to
the value grammar), the outcomes it fits, whether it has a time, and the recoveries that work an effect out
from it. One more record in `STATISTICS` is all that another statistic takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from evisynth.outcome_events import SpeaksOf
from evisynth.quantities import CANONICAL_UNITS, Kind
from evisynth.vocabulary import OutcomeType, fold_name
from evisynth.wording import term_words, time_words

#: Whose a figure is: of one group, of groups compared, or of the survival rate beside which it is printed.
Home = Literal["group", "comparison", "rate"]
TimeRule = Literal["required", "allowed", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedStatistic:
    """A statistic that sources print.

    Parameters
    ----------
    id
        As queries name it.
    description
        What an editor says of its key, with examples.
    key
        The key by which a study file types it; its id unless given.
    further_keys
        Other keys that say more, each with its description: ``deaths`` is a count too.
    home
        Whose figure it is.
    event_keys
        Those of its keys that count events of the outcome, not patients who may be alive: ``deaths``.
    kind
        Kind of its value; None: as the outcome is measured, a time or a number in the outcome's unit.
    outcome_types
        The types of outcome that it fits.
    time
        Whether its key names a time: ``survival at 5 years``.
    joined_by
        How texts join its time: survival *at* 5 years, the share *within* 30 days.
    interval
        What its value is where that is no single number: a range, or the two quartiles.
    at_risk
        Whether the number of patients at risk may stand beside it.
    of_event
        Whether it grows with those who have the event of the outcome, or with those who do not; None: it
        does with those who have it, unless the reader says that it is of those who do not.
    complement_of
        The statistic to which it adds up to 1.
    feeds
        Names of the recoveries that work an effect out from it.
    label
        As texts name it; its id with spaces unless given.
    heading
        As it heads a column of a figure; its label unless given.
    also_called
        Further names by which a query may ask for it.
    """

    id: str
    description: str = ""
    further_keys: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    home: Home = "group"
    event_keys: tuple[str, ...] = ()
    kind: Kind | None = None
    outcome_types: tuple[OutcomeType, ...] = ("time_to_event", "duration", "share", "measurement")
    time: TimeRule = "none"
    joined_by: Literal["at", "within"] = "at"
    interval: Literal["range", "iqr"] | None = None
    at_risk: bool = False
    of_event: SpeaksOf | None = None
    complement_of: str | None = None
    feeds: tuple[str, ...] = ()
    label: str = ""
    heading: str = ""
    also_called: tuple[str, ...] = ()

    @property
    def keys(self) -> Mapping[str, str]:
        """Every key by which a study file types it, each with what an editor says of it."""
        return {self.key or self.id: self.description, **self.further_keys}

    @property
    def words(self) -> str:
        """The name inside a sentence."""
        return self.label or term_words(self.id)

    def words_at(self, months: float | None) -> str:
        """The name with its time: ``survival at 5 years``, ``proportion within 30 days``, ``p-value``."""
        return self.words if months is None else f"{self.words} {self.joined_by} {time_words(months)}"

    @property
    def column_head(self) -> str:
        """The name over a column of a figure."""
        return self.heading or self.words

    @property
    def unit(self) -> str | None:
        """The unit in which it is held; None where the outcome or the print decides."""
        return CANONICAL_UNITS[self.kind] or None if self.kind is not None else None

    @property
    def is_ratio(self) -> bool:
        """Whether it sets two groups against each other by division, so that turned round it is inverted."""
        return self.kind == "ratio"

    @property
    def is_effect(self) -> bool:
        """Whether it says how far two groups differ, as a ratio or a difference."""
        return self.kind in ("ratio", "difference")


_A_TIME = (
    "A time with its unit (151 months, not reached) or a number: 6.0 (range 0 to 36). "
    "A range or an IQR alone: 0 to 36."
)
_A_SHARE = "Share of patients: 88%, 91/108, 91 (84.2%), at least 97%."

_MEASURED = PrintedStatistic(
    id="measured",
    description=_A_TIME,
    outcome_types=("time_to_event", "duration", "measurement"),
    of_event="absence",
)
_SHARE = PrintedStatistic(
    id="share",
    description=_A_SHARE,
    kind="share",
    outcome_types=("time_to_event", "duration", "share"),
    time="allowed",
)
_RATE_AT_A_TIME = replace(
    _SHARE,
    description="Kaplan-Meier rate at a time: 88%.",
    time="required",
    at_risk=True,
    feeds=("survival_rate", "rates_of_two_groups", "rates_between_two_times", "risks_of_two_groups"),
)
_RATIO = PrintedStatistic(id="ratio", home="comparison", kind="ratio", feeds=("printed_ratio",))

_RECORDS: tuple[PrintedStatistic, ...] = (
    replace(_MEASURED, id="median", feeds=("median", "medians_of_two_groups")),
    replace(_MEASURED, id="mean"),
    replace(_MEASURED, id="range", interval="range"),
    replace(_MEASURED, id="iqr", interval="iqr"),
    replace(_SHARE, id="proportion", joined_by="within", feeds=("share_of_patients", "risks_of_two_groups")),
    replace(
        _SHARE,
        id="count",
        description="Number of patients: 14, 14/108.",
        further_keys={
            "deaths": "Number of deaths, which gives precision to medians: 40, 40/70, 16 (26%).",
            "events": "Number of events of the outcome: 40, 40/70, 16 (26%).",
        },
        event_keys=("deaths", "events"),
        kind="count",
        joined_by="within",
        feeds=("share_of_patients", "risks_of_two_groups"),
    ),
    replace(_SHARE, id="rate"),
    replace(
        _RATE_AT_A_TIME,
        id="survival",
        outcome_types=("time_to_event",),
        of_event="absence",
        heading="rate at a time",
    ),
    replace(
        _RATE_AT_A_TIME,
        id="cumulative_incidence",
        outcome_types=("time_to_event", "share"),
        of_event="occurrence",
        complement_of="survival",
    ),
    PrintedStatistic(
        id="at_risk",
        home="rate",
        description="Patients at risk at that time, as printed: 31, fewer than 5.",
        kind="count",
        label="patients at risk",
        heading="at risk",
        also_called=("number at risk", "numbers at risk", "patients at risk"),
    ),
    PrintedStatistic(
        id="p_value",
        home="comparison",
        key="p",
        description='p-value: 0.04, < 0.001, "> 0.05".',
        kind="p_value",
        label="p-value",
        feeds=("log_rank_p_value",),
        also_called=("p",),
    ),
    replace(
        _RATIO,
        id="hazard_ratio",
        description="Hazard ratio: 0.62 (95% CI 0.41 to 0.94).",
        also_called=("hr", "hazards ratio"),
    ),
    replace(
        _RATIO,
        id="odds_ratio",
        description="Odds ratio: 1.90 (95% CI 1.12 to 3.22).",
        also_called=("or", "relative odds"),
    ),
    replace(
        _RATIO,
        id="risk_ratio",
        description="Risk ratio: 0.80 (95% CI 0.60 to 1.07).",
        also_called=("rr", "relative risk"),
    ),
    PrintedStatistic(
        id="difference",
        home="comparison",
        description="Difference, index less reference: 12%, 4 months.",
        kind="difference",
        feeds=("printed_difference",),
    ),
)

#: Every statistic, by its id.
STATISTICS: dict[str, PrintedStatistic] = {record.id: record for record in _RECORDS}


def spoken_of(statistic: str, said: SpeaksOf | None = None, *, counts_events: bool = False) -> SpeaksOf:
    """Return whether a printed figure grows with those who have the event, or with those who do not.

    A share and a number of patients are of those with the event, as ratios and differences are, unless the
    reader ``said`` otherwise; a number that ``counts_events`` is whatever was said.
    """
    if counts_events:
        return "occurrence"
    return STATISTICS[statistic].of_event or said or "occurrence"


#: Of two figures of one group that say the same, each statistic that stands before another: survival as it is
#: printed before one minus the incidence, a number of patients before the percentage that it makes.
PREFERRED: tuple[tuple[str, str], ...] = (("survival", "cumulative_incidence"), ("count", "proportion"))


def preference(statistic: str) -> int:
    """Return 0 for a statistic that no other stands before, 1 for one that gives way to another."""
    return int(any(statistic == after for _, after in PREFERRED))


def statistics_of(home: Home) -> tuple[PrintedStatistic, ...]:
    """Return the statistics of a group, of a comparison, or beside a rate."""
    return tuple(record for record in STATISTICS.values() if record.home == home)


def typed_statistics(home: Home) -> dict[str, PrintedStatistic]:
    """Return the statistics of a group or a comparison by each key that a study file may type."""
    return {key: record for record in statistics_of(home) for key in record.keys}


def event_keys() -> tuple[str, ...]:
    """Return the keys under which a study file counts events: ``deaths``, ``events``."""
    return tuple(key for record in STATISTICS.values() for key in record.event_keys)


def statistics_feeding(*recoveries: str) -> tuple[str, ...]:
    """Return the ids of the statistics that any of these recoveries works an effect out from."""
    return tuple(
        record.id for record in STATISTICS.values() if any(feed in recoveries for feed in record.feeds)
    )


def statistics_by_name() -> dict[str, PrintedStatistic]:
    """Return the statistics by every name that a query may ask for, folded."""
    named = {fold_name(record.id): record for record in STATISTICS.values()}
    others = {fold_name(name): record for record in STATISTICS.values() for name in record.also_called}
    return others | named
