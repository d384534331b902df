"""P-values between two arms, and log-rank ones read backwards to a log hazard ratio.

With the events a log-rank p-value gives a point (grade B; C where only their total is known and one arm is
more than three times as large as the other), without them a one-sided bound. A p-value of one time, of an
adjusted model or of another test is no log-rank test of the curves, and is refused. None is set beside a
landmark contrast or a ratio of medians to give those a standard error.
"""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.arithmetic import (
    Printed,
    significant_figures,
)
from evisynth.effects.build_effect import Estimate, Limits, Stage, build_bound, build_point, build_refusal
from evisynth.effects.effect import Effect, Grounds, Subject, assuming, downgraded, from_figures
from evisynth.effects.patient_numbers import EventCounts, read_events
from evisynth.effects.ratio_working import (
    log_rank_bound,
    log_rank_point,
    log_rank_variance_of,
    not_significant_bound,
)
from evisynth.effects.readings import Reading, distinct, favoured_sign, only_these_two, unsettled
from evisynth.effects.risk_contrasts import Splits, admissible_splits
from evisynth.effects.working import Working
from evisynth.named_tests import NamedTest, read_test, two_sided
from evisynth.outcomes import ReportedOutcome
from evisynth.printed_statistics import statistics_feeding
from evisynth.wording import Advised, named_test, printed_p_value, term_words, time_words, with_article


@dataclass(frozen=True, slots=True)
class PValue:
    """A p-value with what it rests on; ``refused`` says why it enters no recovery.

    ``unsettled`` says why its direction is not certain, where figures contradict whom it favours.
    """

    figure: ReportedOutcome
    value: float
    half_unit: float | None
    grounds: Grounds
    refused: str | None = None
    unsettled: str | None = None

    @property
    def text(self) -> str:
        """The p-value as a sentence names it."""
        return printed_p_value(self.figure.as_reported)

    @property
    def is_exact(self) -> bool:
        """Whether it is printed as a number rather than as an inequality."""
        return self.figure.qualifier in (None, "=")

    @property
    def at_most(self) -> bool:
        """Whether it is printed as "p < c"."""
        return self.figure.qualifier in ("<", "<=")

    @property
    def at_least(self) -> bool:
        """Whether it is printed as "p > c", or as not significant."""
        return self.figure.qualifier in (">", ">=")

    @property
    def test(self) -> NamedTest:
        """What the name of its test says."""
        return read_test(self.figure.test)

    @property
    def is_log_rank(self) -> bool:
        """Whether the source names the log-rank test."""
        return self.test.is_log_rank

    @property
    def is_wald(self) -> bool:
        """Whether the source names a Wald test."""
        return self.test.is_wald

    @property
    def is_of_means(self) -> bool:
        """Whether the source names a test of means."""
        return self.test.of_means

    @property
    def is_of_tables(self) -> bool:
        """Whether the source names a test of counts."""
        return self.test.of_tables

    @property
    def test_is_unnamed(self) -> bool:
        """Whether the source does not say which test it is."""
        return not self.test.is_named

    @property
    def is_precise(self) -> bool:
        """Whether at least two significant figures are printed."""
        figures = significant_figures(self.value, self.half_unit)
        return figures is not None and figures >= 2


def read_p_values(subject: Subject) -> list[PValue]:
    """Return the p-values between the two arms, each admitted or refused with its reason."""
    printed = [figure for figure in subject.comparison.figures if figure.statistic == "p_value"]
    return [_read(subject, reading) for reading in distinct(printed)]


def _read(subject: Subject, reading: Reading) -> PValue:
    figure, grounds = reading.figure, reading.grounds
    said = printed_p_value(figure.as_reported)
    value = figure.value if figure.value is not None else 0.0
    because = subject.question.uses_inferred_p_values
    refused: str | None = None
    test = read_test(figure.test)
    if not 0 < value <= 1 or figure.qualifier == "~":
        refused = _without_number(figure) or f"{said} is not a usable p-value"
    elif figure.basis == "inferred" and not because:
        refused = (
            f"what {said} compares was inferred by the reader, not stated; it enters no "
            "recovery unless the question says so"
        )
    elif figure.basis == "unclear":
        refused = f"the source does not make clear what {said} compares"
    elif not only_these_two(subject.comparison, figure):
        refused = (
            f"{said} compares more or other groups than these two"
            if figure.compared_with
            else f"the source does not name the groups that {said} compares"
        )
    elif test.of_another_kind:
        refused = f"{said} comes from {test.of_another_kind}: it gives no precision of a ratio of two groups"
    elif figure.per_unit:
        refused = f"{said} is of a ratio per {figure.per_unit}, and compares no two groups"
    if figure.basis == "inferred" and because:
        grounds += Grounds(flags=("inferred_p_value",)) + assuming(
            f"{said} is taken to compare these two groups, as inferred by the reader: {because}"
        )
    half_unit = figure.half_unit
    if test.one_sided and refused is None:
        if value > 0.5 and figure.qualifier not in (None, "="):
            refused = f"{said} is one-sided, and says nothing of both sides"
        value, half_unit = two_sided(value), None if half_unit is None else 2 * half_unit
        grounds += assuming(f"{said} is one-sided and was doubled")
    return PValue(figure, value, half_unit, grounds + from_figures(figure), refused, unsettled(reading))


def _without_number(figure: ReportedOutcome) -> str | None:
    """Refuse a p-value that is only called significant, or not."""
    if figure.state not in ("significant", "not_significant"):
        return None
    return f"the p-value is only called {term_words(figure.state)}: no number follows from a word"


def recover_log_rank(subject: Subject) -> list[Effect]:
    """Return what each p-value between the two arms says about their log hazard ratio."""
    return [_recover(subject, p) for p in read_p_values(subject)]


def _recover(subject: Subject, p: PValue) -> Effect:
    refused = p.refused or _not_log_rank(p) or _of_means(subject, p)
    sign = favoured_sign(subject, p.figure)
    if refused is None and not p.at_least:
        refused = p.unsettled or (_no_direction(subject, p) if sign is None else None)
    if refused is not None:
        return build_refusal(subject, "log_rank_p_value", refused, p.grounds, Stage(p.figure.time_months))
    grounds = p.grounds
    if p.test_is_unnamed:
        grounds += assuming(
            f"{p.text} is taken as a two-sided log-rank test of the whole curves; its test is not named"
        )
    grounds += assuming("hazards are proportional")
    events, splits = read_events(subject), admissible_splits(subject)
    if events is not None:
        grounds += events.grounds
    if p.at_least:
        return _not_significant(subject, p, events, splits, grounds)
    if events is not None and p.is_exact and (splits is not None or events.index is not None):
        return _point(subject, p, events, splits, grounds)
    return _bound(subject, p, events, splits, grounds)


def _no_direction(subject: Subject, p: PValue) -> Advised:
    """Say what is missing that a p-value has a direction: who is favoured, or what is better."""
    if p.figure.favours is not None and subject.better is None:
        return Advised(
            f"whether more of {subject.event.words} is better is not said, so that whom {p.text} favours "
            "gives no direction",
            "type more_is_better: in the vocabulary",
        )
    return Advised(
        f"the source does not say which group {p.text} favours",
        f"where it does, type favours: {_either_arm(subject)} beside the p-value",
    )


def _either_arm(subject: Subject) -> str:
    """Name both groups: a p-value that reaches this far compares exactly two."""
    arms = (subject.comparison.index, subject.comparison.reference)
    return " or ".join(arm.group for arm in arms if arm is not None)


def _not_log_rank(p: PValue) -> str | None:
    """Return why a p-value is no log-rank test of the two whole curves, None when it may be one."""
    figure = p.figure
    if figure.time_months is not None:
        return (
            f"{p.text} belongs to survival at {time_words(figure.time_months)}, not to the whole "
            "curves: it is not combined with rates or medians"
        )
    if figure.adjusted:
        return f"{p.text} is adjusted for {figure.adjusted}: it does not compare the curves as they are"
    if not (p.is_log_rank or p.test_is_unnamed):
        return f"{p.text} comes from {with_article(named_test(figure.test))}, not from a log-rank test"
    return None


def _of_means(subject: Subject, p: PValue) -> str | None:
    """Return why a p-value beside means is no log-rank test, None where there are none, or it is named one.

    Where both groups print a median or a rate as well, it may be of those.
    """
    printed = [{figure.statistic for figure in arm.figures} for arm in subject.arms]
    curves = statistics_feeding("survival_rate", "median")
    if p.is_log_rank or not all("mean" in statistics for statistics in printed):
        return None
    if all(not statistics.isdisjoint(curves) for statistics in printed):
        return None
    return f"{p.text} stands beside means, and compares them: it is no log-rank test of the curves"


def _point(
    subject: Subject, p: PValue, events: EventCounts, splits: Splits | None, grounds: Grounds
) -> Effect:
    favours_index = favoured_sign(subject, p.figure) == -1
    variances = _variances(events, splits)
    # The smallest variance gives the widest standard error; the rounding interval covers the others.
    # A quarter of the total is one of them only where the events of each arm are not known.
    quarter = () if events.index is not None else (log_rank_variance_of(events.total, None, None),)
    workings = [
        log_rank_point(p.value, variance, favours_index=favours_index) for variance in (*variances, *quarter)
    ]
    ends = [working.rounding({"p": _printed(p)}) for working in workings]
    rounding = min(end[0] for end in ends), max(end[1] for end in ends)
    if splits is not None:
        grounds += splits.grounds + _lopsided(events, splits)
    estimate = Estimate(min(workings[: len(variances)], key=_variance), rounding)
    stage = Stage(events=events.total, index_events=events.index)
    return build_point(subject, "log_rank_p_value_with_events", "B", estimate, grounds, stage)


#: Beyond this ratio of patients the variance by allocation loses its cover (147 v 18, HR .4: 86 %).
_MOST_UNEQUAL = 3.0


def _lopsided(events: EventCounts, splits: Splits) -> Grounds:
    """Lower what rests on the total of events where the arms are too unequal for it."""
    if events.index is not None:
        return Grounds()
    index, reference = max(splits.pairs, key=lambda pair: max(pair) / min(pair))
    if max(index, reference) <= _MOST_UNEQUAL * min(index, reference):
        return Grounds()
    why = (
        f"the groups have {index:g} and {reference:g} patients, and only the total of events is known: "
        "beyond three to one how they divide them is too uncertain"
    )
    return downgraded("lopsided_arms", why)


def _variance(working: Working) -> float:
    """Return the variance of observed less expected events that a working gives."""
    return float(working.value("V"))


def _variances(events: EventCounts, splits: Splits | None) -> list[Working]:
    """Return the variance as each division of events or patients gives it."""
    if events.index is not None and events.reference is not None:
        return [log_rank_variance_of(events.total, (events.index, events.reference), None)]
    pairs = splits.pairs if splits is not None else ()
    return [log_rank_variance_of(events.total, None, pair) for pair in pairs]


def _printed(p: PValue) -> Printed:
    # A p-value of 0 has no deviate: half of the printed value stands for an open lower end.
    return Printed(p.value, p.half_unit, least=p.value / 2, most=1.0)


def _bound(
    subject: Subject, p: PValue, events: EventCounts | None, splits: Splits | None, grounds: Grounds
) -> Effect:
    """Return the log hazard ratio closest to zero that every admissible input allows."""
    largest = _largest_variance(events, splits)
    if largest is None:
        reason = f"neither events nor the number of patients behind {p.text} are known"
        return build_refusal(subject, "log_rank_p_value", reason, grounds)
    favours_index = favoured_sign(subject, p.figure) == -1
    working = log_rank_bound(p.value, largest, favours_index=favours_index)
    closest = "upper" if favours_index else "lower"
    if splits is not None:
        grounds += splits.grounds
    most = events.total if events is not None else max(sum(pair) for pair in (splits.pairs if splits else ()))
    known = "there were" if events is not None else "at most"
    grounds += assuming(f"{known} {most:g} events; fewer would make the ratio more extreme")
    limits = Limits(working, rounding=working.rounding({"p": _printed(p)}, closest) if p.is_exact else None)
    reason = (
        "the p-value is only an inequality: it bounds the ratio"
        if events is not None
        else f"the events behind {p.text} are not reported: it only bounds the ratio"
    )
    whole = {round(sum(pair)) for pair in splits.pairs} if splits is not None else set()
    stage = Stage(
        events=events.total if events is not None else None,
        index_events=events.index if events is not None else None,
        participants=whole.pop() if len(whole) == 1 else None,
    )
    return build_bound(subject, "p_value_bound", limits, grounds, stage, reason)


def _largest_variance(events: EventCounts | None, splits: Splits | None) -> Working | None:
    if events is not None:
        quarter = log_rank_variance_of(events.total, None, None)
        return max(_variances(events, splits), default=quarter, key=_variance)
    if splits is None:
        return None
    return max((log_rank_variance_of(sum(pair), None, pair) for pair in splits.pairs), key=_variance)


def _not_significant(
    subject: Subject, p: PValue, events: EventCounts | None, splits: Splits | None, grounds: Grounds
) -> Effect:
    """Return how large a log hazard ratio "not significant" still allows; it is never a ratio of one."""
    variances = _variances(events, splits) if events is not None else []
    if not variances:
        reason = f"{p.text} bounds nothing without the events; it does not mean no difference"
        return build_refusal(subject, "log_rank_p_value", reason, grounds)
    limits = Limits(not_significant_bound(p.value, min(variances, key=_variance)))
    reason = "not significant only limits how large the difference can be"
    stage = Stage(events=events.total if events is not None else None)
    return build_bound(subject, "p_value_bound", limits, grounds, stage, reason)
