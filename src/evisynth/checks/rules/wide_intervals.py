"""Checks of ratios that are far less precise than their patients would make them."""

from __future__ import annotations

from evisynth.arithmetic import greatest_log_error
from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.rules.intervals import printed_interval
from evisynth.checks.rules.p_value_of_counts import events_of
from evisynth.checks.study_view import StudyView, is_point
from evisynth.measures import question_measures
from evisynth.wording import counted, number_text, term_words

#: Of so few patients of a long study do so few die that they make a ratio this wide.
_SHARE = 0.1
#: Fewer patients than this are few in any case.
_MANY = 300


def check_wide_interval(view: StudyView) -> Outcomes:
    """Compare the events that a ratio of hazards has by its interval with the patients there are."""
    for comparison in view.study.comparisons:
        if len(comparison.of) != 2 or comparison.per is not None:
            continue
        patients = view.most_together(*comparison.of)
        sizes = [view.exact_size(group) for group in comparison.of]
        for one in comparison.figures:
            quantity = one.figure.quantity
            measure = question_measures().get(comparison.read_as or one.statistic)
            if measure is None or not measure.proportional_hazards or not is_point(quantity):
                continue
            interval = printed_interval(quantity)
            if interval is None or not patients or patients < _MANY or one.figure.n is not None:
                continue
            error = greatest_log_error(interval)
            share = sizes[0] / patients if sizes[0] and sizes[1] else 0.5
            events = 1 / (error**2 * share * (1 - share)) if 0 < share < 1 else 0.0
            if not events or events >= _SHARE * patients or events_of(view, comparison) is not None:
                yield FINE
                continue
            name = term_words(one.statistic)
            message = (
                f"the {name} {quantity.as_reported} is far less precise than "
                f"{counted(patients, 'patient')} would make it: its standard error of "
                f"{number_text(error, 2)} is that of about {counted(round(events), 'event')}; the analysis "
                "may be of far fewer patients"
            )
            about = f"{name} of {', '.join(comparison.of)}: {quantity.as_reported}"
            yield Found(one.figure.line, one.figure.column, message, about)


def _example(ratio: str) -> str:
    return (
        "groups:\n  all: {label: All, n: 2361, at: line 1}\n"
        "  yes: {label: Resected, n: 1003, of: all, by: resection, at: line 1}\n"
        "  no: {label: Not resected, n: 1358, of: all, by: resection, at: line 1}\n"
        f"comparisons:\n  - {{outcome: OS, of: [yes, no], hazard_ratio: {ratio}, basis: stated, "
        "at: line 3}\n"
    )


CHECKS: tuple[Check, ...] = (
    Check(
        code="interval-too-wide",
        level="note",
        title="A ratio far less precise than its patients would make it",
        applies_when=f"a hazard ratio of {_MANY} patients or more has an interval, and no number of events",
        test=f"Its interval is that of as many events as {_SHARE:.0%} of the patients, or more. Adjustment "
        "widens intervals too, but seldom as much.",
        formula="D = 1/(SE^2 p (1 - p)), SE = (log U - log L)/(2 z), p the share in the first group",
        source="Schoenfeld 1983, Biometrics 39:499-503",
        fix="type n: beside the ratio if the source says of how many patients it is; else nothing to mend",
        failing=_example("0.46 (95% CI 0.29 to 0.73)"),
        passing=_example("0.65 (95% CI 0.56 to 0.76)"),
        run=check_wide_interval,
    ),
)
