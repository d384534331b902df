"""Effect measures: one record says all that is known of each, and every stage asks it.

A question types a measure by its ``id`` (``hazard_ratio``); numbers from elsewhere come under metafor's
``code`` (``HR``). Both are keys of `MEASURES`, and one more record there is all that another measure takes,
beside the function of its recovery where none of those that exist gives it.

Where a measure has a direction, it is that of its event (`outcome_events.py`). A hazard ratio speaks of an
event that happens (death, progression, relief), survival of one that does not, and what is good of the one is
bad of the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from evisynth.errors import UnknownNameError
from evisynth.outcome_events import OutcomeEvent, SpeaksOf
from evisynth.wording import term_words

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


_RATIO_PRIOR = UsualPrior(0.5, "Röver et al. 2021, Research Synthesis Methods 12:448-474")
#: Series of single arms differ more from each other than contrasts do: twice that of ratios.
_SINGLE_ARM_PRIOR = UsualPrior(1.0, "twice that of log ratios, as the cautious choice of Röver et al. 2021")


_RATIO = EffectMeasure(name="Ratio", scale="log", axis="ratio", null=1.0, usual_prior=_RATIO_PRIOR)
_DIFFERENCE = EffectMeasure(name="Estimate", scale="identity", axis="difference", null=0.0)
_SHARE = EffectMeasure(
    name="Proportion",
    scale="logit",
    axis="percent",
    unit="%",
    decimals=1,
    contrast=False,
    of_event="occurrence",
    usual_prior=_SINGLE_ARM_PRIOR,
)
_RATE = EffectMeasure(
    name="Rate",
    scale="log",
    axis="amount",
    contrast=False,
    of_event="occurrence",
    usual_prior=_SINGLE_ARM_PRIOR,
)

_RECORDS: tuple[EffectMeasure, ...] = (
    replace(
        _RATIO,
        name="Hazard ratio",
        id="hazard_ratio",
        code="HR",
        symbol="HR",
        of_event="occurrence",
        unwanted=True,
        time="curve",
        proportional_hazards=True,
        recoveries=(
            "printed_ratio",
            "log_rank_p_value",
            "rates_of_two_groups",
            "rates_between_two_times",
            "medians_of_two_groups",
        ),
    ),
    replace(
        _RATIO,
        name="Odds ratio",
        id="odds_ratio",
        count_models=("mantel_haenszel", "peto"),
        code="OR",
        symbol="OR",
        of_event="occurrence",
        time="window",
        risk_scale="logit",
        recoveries=("printed_ratio", "risks_of_two_groups"),
    ),
    replace(
        _RATIO,
        name="Risk ratio",
        id="risk_ratio",
        count_models=("mantel_haenszel",),
        code="RR",
        symbol="RR",
        of_event="occurrence",
        time="window",
        risk_scale="log",
        recoveries=("printed_ratio", "risks_of_two_groups"),
    ),
    replace(
        _DIFFERENCE,
        name="Risk difference",
        id="risk_difference",
        count_models=("mantel_haenszel",),
        code="RD",
        symbol="RD",
        of_event="occurrence",
        time="window",
        risk_scale="identity",
        recoveries=("printed_difference", "risks_of_two_groups"),
    ),
    replace(
        _SHARE,
        name="Survival",
        scale="log(-log)",
        id="survival",
        symbol="S",
        decimals=0,
        of_event="absence",
        unwanted=True,
        time="moment",
        recoveries=("survival_rate",),
    ),
    EffectMeasure(
        name="Median",
        id="median",
        symbol="m",
        scale="log",
        axis="months",
        unit="months",
        decimals=0,
        contrast=False,
        time="curve",
        usual_prior=_SINGLE_ARM_PRIOR,
        recoveries=("median",),
    ),
    replace(
        _SHARE,
        id="proportion",
        count_models=("binomial_normal",),
        code="PLO",
        symbol="p",
        time="window",
        recoveries=("share_of_patients",),
    ),
    replace(
        _RATIO, name="Peto odds ratio", code="PETO", symbol="OR", of_event="occurrence", risk_scale="logit"
    ),
    replace(_RATIO, name="Rate ratio", code="IRR", of_event="occurrence"),
    replace(_RATIO, name="Ratio of means", code="ROM"),
    replace(_DIFFERENCE, name="Mean difference", code="MD"),
    replace(_DIFFERENCE, name="Standardised mean difference", code="SMD"),
    replace(_DIFFERENCE, name="Standardised mean difference", code="SMDH"),
    replace(_DIFFERENCE, name="Arcsine difference", code="AS", of_event="occurrence", risk_scale="arcsine"),
    replace(_DIFFERENCE, name="Rate difference", code="IRD", of_event="occurrence"),
    replace(_DIFFERENCE, name="Difference of root rates", code="IRSD", of_event="occurrence"),
    replace(_DIFFERENCE, name="Correlation", code="COR", contrast=False),
    replace(_DIFFERENCE, name="Correlation", scale="fisher z", code="ZCOR", contrast=False),
    replace(_SHARE, code="PR", scale="identity", usual_prior=None),
    replace(_SHARE, code="PLN", scale="log"),
    replace(_SHARE, code="PAS", scale="arcsine"),
    replace(_RATE, code="IR", scale="identity", usual_prior=None),
    replace(_RATE, code="IRLN"),
    replace(_RATE, code="IRS", scale="square root"),
)

#: Every measure, under each name it is asked for by: the id that a question types, and metafor's code.
MEASURES: dict[str, EffectMeasure] = {
    name: record for record in _RECORDS for name in (record.id, record.code) if name is not None
}


def question_measures() -> dict[str, EffectMeasure]:
    """Return the measures that a question may ask for, by the id that it types."""
    return {name: record for name, record in MEASURES.items() if name == record.id}


def question_measure(name: str) -> EffectMeasure:
    """Return the measure that a question asks for; UnknownNameError names near misses."""
    record = MEASURES.get(name)
    if record is None or record.id != name:
        raise UnknownNameError("effect measure", name, tuple(question_measures()))
    return record


def measure_named(name: str | None) -> EffectMeasure:
    """Return a measure by its id or code, as far as it is known.

    One that nobody listed stands as it is, under its own name, with 0 as the value of no effect; so do
    numbers of which nobody said what they are.
    """
    if name is None:
        return _DIFFERENCE
    words = term_words(name)
    return MEASURES.get(name) or replace(_DIFFERENCE, name=words[:1].upper() + words[1:])
