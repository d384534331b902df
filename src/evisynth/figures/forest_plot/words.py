"""The words of a forest plot: models, heterogeneity, flags, reasons, and what each side favours."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence

from evisynth.answers import ORDERS, Answer, Order, Summary, Years, checked_name
from evisynth.figures.forest_plot.styles import PLAIN, Voice
from evisynth.measures import question_measure
from evisynth.outcomes import GroupSelector, Question, RowGroup
from evisynth.synthesis import CountsResult, PooledResult
from evisynth.wording import counted, fixed, interval_name, listed, term_words

FLAG_WORDS: Mapping[str, str] = {
    "non_ph_suspected": (
        "Hazards do not look proportional: rates at other times tell a different story, so one ratio does "
        "not describe the whole curve."
    ),
    "adjusted": "Adjusted for other factors by the study.",
    "assumes_full_follow_up": (
        "The interval is not printed: it is worked out from the number of patients as if all had been "
        "followed throughout, and may be too narrow."
    ),
    "asymmetric_interval": "The printed interval is lopsided on every scale.",
    "at_risk_and_rate_disagree": "The printed number at risk is larger than the rate leaves alive.",
    "beyond_median_follow_up": "The time lies beyond the median follow-up.",
    "coarse_rounding": "Rounding in print may move this effect by more than half its standard error.",
    "count_and_percent_disagree": "The printed count and percentage do not agree.",
    "direction_unclear": "The source does not tell which group fared better.",
    "extreme_rate": "A rate of 0% or 100% has no effect on this scale.",
    "few_at_risk": "By n and the rate, fewer than 5 patients were still alive without the event.",
    "half_a_patient_added": (
        "Nobody, or everybody, had the event in one group: half a patient was added to each count."
    ),
    "inferred_comparison": "What the ratio compares was inferred by the reader.",
    "inferred_p_value": "What the p-value compares was inferred by the reader.",
    "label_differs_from_meaning": "Printed under another name than its method gives it.",
    "limits_exchanged": "The limits were printed in exchanged places.",
    "one_minus_incidence": "Survival is one minus the printed incidence, without competing events.",
    "other_estimand": "This is not quite the effect that the other rows show.",
    "no_count_fits": "No count of the patients gives the percentage, which stands as it is printed.",
    "lopsided_arms": "One group is more than three times as large as the other.",
    "patients_not_exact": "The number of patients is not exactly known.",
    "worked_out": "A figure is not printed: the reader worked it out.",
    "perhaps_misprinted": "The reader of the source suspects a misprint; the printed figure is used.",
    "ratio_of_one_time": "The ratio is printed for one time, not for the whole curve.",
    "reported_differently": "The source reports this figure in more than one way.",
    "several_counts": "The printed percentage fits more than one count of patients.",
    "source_contradiction": "The source is not peer reviewed and contradicts itself.",
    "symmetry_not_checked": "Whether the printed interval fits its ratio could not be checked.",
    "time_window_not_asked": "Counted within a stated time, which the question leaves open.",
    "truncated_or_misrounded": "The printed percentage was cut, not rounded, or is misprinted.",
    "unstable_near_one": "Close to a ratio of 1, a standard error from a p-value is unstable.",
}

#: Flags that speak for an effect and need no note.
REASSURING_FLAGS = frozenset({"complete_follow_up"})

INTERVAL_WORDS: Mapping[str, str] = {
    "hksj": "Hartung-Knapp interval with q* ≥ 1",
    "hksj-plain": "plain Hartung-Knapp interval",
    "wald": "Wald interval",
    "t": "t interval",
    "cr2": "cluster-robust interval (CR2)",
    "shortest": "shortest interval",
}

_SHORT_INTERVAL_WORDS: Mapping[str, str] = {
    "hksj": "Hartung-Knapp",
    "hksj-plain": "plain Hartung-Knapp",
    "wald": "Wald",
    "t": "t",
    "cr2": "cluster-robust",
}
BAYESIAN_NAME = "Bayesian"
#: Models that have no estimator of the variance between studies to name beside them.
_MODELS_BY_METHOD: Mapping[str, str] = {
    "common": "Common-effect model",
    "stratified": "Strata of one study put together within it (fixed effects, inverse variance)",
    "binomial-normal": "Binomial-normal model of the counts (random effects, maximum likelihood)",
    "mantel-haenszel": "Mantel-Haenszel model of the counts (common effect)",
    "peto": "Peto's model of the counts (common effect)",
}
_SHORT_MODELS: Mapping[str, str] = {
    "common": "Common effect",
    "stratified": "Within one study",
    "binomial-normal": "Binomial-normal",
    "mantel-haenszel": "Mantel-Haenszel",
    "peto": "Peto",
}

GRADE_WORDS: Mapping[str, str] = {
    "A": "A as printed",
    "B": "B recovered closely",
    "C": "C recovered with assumptions",
    "D": "D exploratory only",
    "X": "X only a bound, or nothing",
}


def as_sentence(text: str) -> str:
    """Start a text with a capital and end it with a full stop."""
    text = text.strip()
    return text if not text else text[0].upper() + text[1:].rstrip(".") + "."


def flag_text(flag: str) -> str:
    """Say a flag in words; one nobody listed is said as it is spelled, without underscores."""
    return FLAG_WORDS.get(flag.casefold(), as_sentence(term_words(flag)))


def model_text(pooled: PooledResult) -> str:
    """Name the model, the estimator of the between-study variance, and the kind of interval."""
    interval = INTERVAL_WORDS.get(pooled.interval, pooled.interval)
    if pooled.method in _MODELS_BY_METHOD:
        return f"{_MODELS_BY_METHOD[pooled.method]}, {interval}."
    if pooled.method == "bayesian":
        prior = getattr(pooled, "prior", None)
        named = "" if prior is None else f" ({prior})".replace("tau ", "τ ").replace("mu ", "μ ")
        return f"Bayesian random-effects model{named}, {interval}."
    return f"Random-effects model ({pooled.method}), {interval}."


def model_name(pooled: PooledResult) -> str:
    """Name the model of a diamond beside those of others."""
    if pooled.method == "bayesian":
        return BAYESIAN_NAME
    if pooled.method in _SHORT_MODELS:
        return _SHORT_MODELS[pooled.method]
    interval = _SHORT_INTERVAL_WORDS.get(pooled.interval, pooled.interval)
    return f"Random effects ({pooled.method}, {interval})"


def model_kind(pooled: PooledResult) -> str:
    """Name the kind of a model alone, as it stands within a text."""
    kind = model_name(pooled).split(" (")[0]
    return kind if kind == BAYESIAN_NAME else kind[:1].lower() + kind[1:]


def heterogeneity_text(
    pooled: PooledResult, i_squared_limits: tuple[float, float] | None = None, voice: Voice = PLAIN
) -> str:
    """Say Q, its degrees of freedom and p, I squared and tau squared; empty for a single row.

    ``i_squared_limits`` stand beside I squared, where it has them: the point alone says too much.
    """
    if pooled.row_count < 2:
        return ""
    rows = pooled.q_row_count if isinstance(pooled, CountsResult) else pooled.row_count
    if rows < 2:
        return f"{voice.heterogeneity}: not told by rows of which all but one have an empty cell."
    q, df = fixed(pooled.q_statistic, 2), str(rows - 1)
    test = f"{voice.equal(voice.q, q)}, {voice.equal('df', df)}"
    p = voice.p_text(pooled.q_p_value)
    test += f" ({p})" if voice.tau_first else f", {p}"
    limits = ""
    if i_squared_limits is not None:
        lower, upper = (f"{fixed(100 * limit, 0)}%" for limit in i_squared_limits)
        limits = f" ({interval_name(pooled.level)} {lower} to {upper})"
    i_squared = voice.equal("I²", f"{fixed(100 * pooled.i_squared, 0)}%{limits}")
    tau = []
    if pooled.has_tau_squared:
        value = pooled.tau_squared
        tau = [voice.equal(voice.tau_squared, f"{value:.2f}" if value >= 0.1 else f"{value:.2g}")]
    parts = [*tau, test, i_squared] if voice.tau_first else [test, i_squared, *tau]
    return f"{voice.heterogeneity}: {'; '.join(parts)}."


def overall_effect_text(pooled: PooledResult, voice: Voice = PLAIN) -> str:
    """Say the test of the overall effect, with its statistic where a layout gives one."""
    if not math.isfinite(pooled.p_value):
        return f"{voice.overall_effect}: no p-value, for want of degrees of freedom."
    p = voice.p_text(pooled.p_value)
    if not voice.test_statistic or pooled.method == "bayesian" or pooled.standard_error <= 0:
        return f"{voice.overall_effect}: {p}."
    statistic = fixed(abs(pooled.estimate) / pooled.standard_error, 2)
    return (
        f"{voice.overall_effect}: {voice.equal('Z' if pooled.interval == 'wald' else 't', statistic)} ({p})."
    )


def counts_text(summary: Summary) -> str:
    """Say how many rows of how many studies, and how many patients, as far as that is known."""
    studies = f" of {counted(summary.study_count, 'study', one='one')}" if summary.study_count else ""
    people = "" if summary.participant_count is None else f", {counted(summary.participant_count, 'patient')}"
    return f"{counted(summary.row_count, 'row')}{studies}{people}."


def selector_words(selector: GroupSelector, other: GroupSelector) -> str:
    """Name a group by the tags that tell it from the other one; a tag's first term stands for it."""
    telling = [
        terms[0] for kind, terms in selector.tags.items() if terms and terms != other.tags.get(kind, ())
    ]
    words = listed(term_words(term, selector.labels.get(term, "")) for term in telling)
    return re.sub(r"(\d) percent\b", r"\1%", words)


def favours_texts(question: Question) -> tuple[str, str] | None:
    """Say what lies left and right of the line of no effect; None for single arms.

    Ratios and differences say of what there is less and more: ``Fewer deaths with resection``. A
    hazard ratio, whose axis names its event, says whom each side favours: of death the left side favours the
    index group, of relief the right side does.
    """
    if not question.is_contrast:
        return None
    index, reference = arm_names(question)
    index, reference = index or "first group", reference or "second group"
    measure = question_measure(question.effect_measure)
    better = measure.better_for(question.event)
    if better is not None and measure.unwanted:
        left, right = (index, reference) if better == "lower" else (reference, index)
        return f"Favours {left}", f"Favours {right}"
    less, more = question.event.amounts()
    return f"{less} with {index}", f"{more} with {index}"


def event_of_axis(question: Question) -> str:
    """Name the event that the axis of a hazard ratio speaks of; empty where its sides, or nobody, say it."""
    measure = question_measure(question.effect_measure)
    named = question.is_contrast and measure.unwanted and measure.of_event == "occurrence"
    return question.event.words if named and question.event.text else ""


def arm_names(question: Question) -> tuple[str, str]:
    """Name the index and the reference group of a question; empty where tags do not tell it in few words."""
    sides = [
        (selector_words(block.index, block.reference), selector_words(block.reference, block.index))
        for block in question.row_groups
        if isinstance(block, RowGroup) and block.reference is not None
    ]
    index, reference = (_alternatives(words) for words in zip(*sides, strict=True))
    return index, reference


def _alternatives(words: Iterable[str]) -> str:
    """Join different words with commas and an ``or``; nothing when one is missing or they are too many."""
    different = list(dict.fromkeys(words))
    if not all(different) or len(different) > 3:
        return ""
    return listed(different, "or")


def departure_notes(answer: Answer) -> list[str]:
    """Say which studies were left out and which differences are mixed on purpose, each with its reason.

    A reason that already stands among the cautions under an estimate is not said twice.
    """
    said = " ".join(answer_cautions(answer)).casefold()
    left_out = [("Left out", d) for d in (answer.left_out or answer.question.left_out)]
    mixed = [("Mixed on purpose", d) for d in answer.question.mixed]
    return [
        f"{how}: {departure.what}. {as_sentence(departure.because)}"
        for how, departure in left_out + mixed
        if departure.because.strip().rstrip(".").casefold() not in said
    ]


def answer_cautions(answer: Answer) -> list[str]:
    """Return all cautions that are shown under the summaries of an answer."""
    shown = answer.by_row_group if answer.question.summary == "by_row_group" else (answer.overall,)
    return [caution for summary in shown for caution in summary.cautions]


def caution_text(summary: Summary) -> str:
    """Join the cautions of a summary to one paragraph, that on its interval first; empty without any."""
    cautions = [*filter(None, (summary.beside,)), *summary.cautions]
    return " ".join(["Read with caution.", *map(as_sentence, cautions)]) if cautions else ""


def grade_note(grades: Sequence[str]) -> str:
    """Explain the grades that occur."""
    seen = [GRADE_WORDS[grade] for grade in sorted(set(grades)) if grade in GRADE_WORDS]
    return "Grade of recovery: " + "; ".join(seen) + "." if seen else ""


def order_words(order: Order | None) -> str:
    """Say in which order rows stand, unless they stand as they were given."""
    if order is None:
        return ""
    if isinstance(order, Years):
        order = "year"
    if not isinstance(order, str):
        return "Order: by the numbers given for them, least first."
    named = checked_name("order", order, ORDERS)
    return "" if named == "given" else f"Order: {ORDERS[named]}."
