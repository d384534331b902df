"""What is known of an effect measure: the fields of its record, and what follows from them.

Where a measure has a direction, it is that of its event (`outcome_events.py`). A hazard ratio speaks of an
event that happens (death, progression, relief), survival of one that does not, and what is good of the one is
bad of the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from evisynth.outcome_events import OutcomeEvent, SpeaksOf

#: The scales on which effects are pooled.
Scale = Literal["log", "log(-log)", "logit", "identity", "arcsine", "fisher z", "square root"]
#: Ratios stand on a log axis around 1, differences on a plain one around 0; the others are read from 0 on.
AxisKind = Literal["ratio", "percent", "months", "difference", "amount"]
#: What of time a measure sums up: a whole curve, survival at one moment, or all until a window closes.
TimeReach = Literal["curve", "moment", "window"]


@dataclass(frozen=True, slots=True)
class UsualPrior:
    """The half-normal prior on tau that a measure takes unless a question names another, and who says so."""

    scale: float
    source: str

    def __str__(self) -> str:
        return f"half-normal({self.scale:g})"

    def times(self, factor: float) -> UsualPrior:
        """Return the prior that is so many times as wide."""
        return replace(self, scale=self.scale * factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectMeasure:
    """An effect measure.

    Parameters
    ----------
    name
        As a heading says it.
    id
        As a question types it; None for a measure that no question can ask for.
    code
        Metafor's.
    symbol
        What it is called in a formula, on the natural scale.
    scale
        On which it is recovered and pooled.
    axis, unit, decimals
        How its natural numbers are drawn and written: percent, months, or without a unit.
    null
        Natural value of no effect; None for what describes a single arm.
    contrast
        Whether two arms are set against each other.
    of_event
        Whether it grows with those who have the event, or with those who do not; None: it is of no event.
    unwanted
        Whether that event is taken to be one that nobody wants where the outcome does not say; its sides are
        named by whom they favour.
    time
        What of time it sums up: the clock of a curve or a moment starts somewhere, and measures of a moment
        or a window are alike only at the same time. None: it has no time.
    proportional_hazards
        Whether one number stands for hazards at all times. Rates that speak against it are told, and a
        baseline survival turns it into patients.
    risk_scale
        The scale on which the risks of two arms are set against each other; None for any other measure. Its
        four counts may have an empty cell.
    usual_prior
        On tau; None where the unit or the risk itself decides how far effects spread.
    recoveries
        Names of the recoveries that give it, the most direct first.
    count_models
        Models that pool the counts behind it, as a question types them.
    """

    name: str
    scale: Scale
    axis: AxisKind
    id: str | None = None
    code: str | None = None
    symbol: str = ""
    unit: str = ""
    decimals: int = 2
    null: float | None = None
    contrast: bool = True
    of_event: SpeaksOf | None = None
    unwanted: bool = False
    time: TimeReach | None = None
    proportional_hazards: bool = False
    risk_scale: Scale | None = None
    usual_prior: UsualPrior | None = None
    recoveries: tuple[str, ...] = ()
    count_models: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The name inside a sentence."""
        return self.name if self.name.startswith("Peto") else self.name[:1].lower() + self.name[1:]

    @property
    def suffix(self) -> str:
        """What follows a number: ``%``, `` months``, or nothing."""
        return self.unit if self.unit in ("", "%") else f" {self.unit}"

    @property
    def heading(self) -> str:
        """The name with the unit: ``Survival, %``."""
        return f"{self.name}, {self.unit}" if self.unit else self.name

    @property
    def has_clock(self) -> bool:
        """Whether it is of a time to an event, whose clock must start somewhere."""
        return self.time in ("curve", "moment")

    @property
    def is_of_one_time(self) -> bool:
        """Whether it belongs to one moment or window rather than to the whole curve."""
        return self.time in ("moment", "window")

    @property
    def better(self) -> Literal["lower", "higher"] | None:
        """Which natural values are better for the index group; None where the outcome decides it."""
        return self.better_for(OutcomeEvent())

    def better_for(self, event: OutcomeEvent) -> Literal["lower", "higher"] | None:
        """Which natural values are better for the index group, by whether patients want the event."""
        wanted = False if event.wanted is None and self.unwanted and not event.outcome else event.wanted
        if self.of_event is None or wanted is None:
            return None
        return "higher" if wanted == (self.of_event == "occurrence") else "lower"

    @property
    def turns_round(self) -> bool:
        """Whether that of those without the event is the inverse, or the negative, of that of those with it.

        The odds of being alive are the inverse odds of death, and the shares add up to 1. A ratio of
        survivors is not the inverse of the ratio of deaths: what it is depends on the risk.
        """
        return self.contrast and self.of_event is not None and self.risk_scale != "log"
