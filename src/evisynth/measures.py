"""Effect measures: one record says all that is known of each, and every stage asks it.

A question types a measure by its ``id`` (``hazard_ratio``); numbers from elsewhere come under metafor's
``code`` (``HR``). Both are keys of `MEASURES`, and one more record there is all that another measure takes,
beside the function of its recovery where none of those that exist gives it. What a record can say stands in
`effect_measure.py`.
"""

from __future__ import annotations

from dataclasses import replace

from evisynth.effect_measure import (
    AxisKind as AxisKind,
    EffectMeasure as EffectMeasure,
    Scale as Scale,
    UsualPrior as UsualPrior,
)
from evisynth.errors import UnknownNameError
from evisynth.wording import term_words

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
