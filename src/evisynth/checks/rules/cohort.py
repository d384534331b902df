"""Checks of what survival figures rest on: precision, follow-up, calendar years, start of the clock, deaths.

A count beside survival figures must say whether it counts patients who died or patients who live.
"""

from __future__ import annotations

from evisynth.arithmetic import standard_error_log_median
from evisynth.checks.check import FINE, Check, Found, Outcomes, about_words
from evisynth.checks.study_view import Reported, StudyView, is_point
from evisynth.quantities import Quantity
from evisynth.studies import is_death_alone
from evisynth.wording import counted, plural, short_number, time_words

_BESIDE = ("median", "survival")


def is_event_count(one: Reported) -> bool:
    """Say whether a figure is a number of events that says so."""
    return one.counts_events


def check_count_of_what(view: StudyView) -> Outcomes:
    """Look for counts beside medians and survival rates that may be of the dead or of the living."""
    for one in view.figures:
        if one.statistic != "count" or one.outcome.type != "time_to_event" or one.time is not None:
            continue
        if is_event_count(one):
            yield FINE
            continue
        beside = [each for each in view.figures_of(one.outcome.id, one.group) if each.statistic in _BESIDE]
        if not beside or one.quantity.count is None:
            continue
        name = "deaths" if is_death_alone(one.outcome.event) else "events"
        printed = one.quantity.as_reported
        message = (
            f"whether '{printed}' counts the {name} in '{one.group}' is not said: it gives no precision "
            f"to the {beside[0].statistic} of {beside[0].quantity.as_reported}"
        )
        fix = f"type {name}: {printed} if the source says so; else say in a note: what it counts"
        yield Found(one.figure.line, one.figure.column, message, one.about, fix)


_EXAMPLE = """\
groups:
  all: {{label: All, n: 80, at: line 1}}
outcomes:
  - outcome: OS
    starts: operation
    at: line 2
    values:
      all: {{median: 122 months, {count}}}
"""

_EVENT_COUNTS_CHECKS = (
    Check(
        code="count-of-what",
        level="note",
        title="A count that may be of the dead or of the living",
        applies_when="a number of patients stands beside a median or a survival rate of the same group",
        test="It is named as what it counts: deaths: 40, events: 40, or count: 40 deaths.",
        fix="type deaths: or events: if the source says so; else say in a note: what it counts",
        failing=_EXAMPLE.format(count="count: 40"),
        passing=_EXAMPLE.format(count="deaths: 40"),
        run=check_count_of_what,
    ),
)


_TIMES = ("median", "survival")
#: Nobody is followed for longer than so many months: the unit was misread.
_LONGEST_EVER = 600.0


def _own_survival(view: StudyView) -> list[Reported]:
    return [
        one
        for one in view.figures
        if one.statistic in _TIMES and one.outcome.type == "time_to_event" and view.is_own(one.group)
    ]


def check_precision(view: StudyView) -> Outcomes:
    """Look for survival figures without interval, standard error or deaths, in a study without follow-up."""
    figures = [one for one in _own_survival(view) if is_point(one.quantity)]
    bare = [one for one in figures if not _has_precision(one.quantity) and not _has_deaths(view, one)]
    yield from (FINE for _ in range(len(figures) - len(bare)))
    if not bare:
        return
    first = bare[0]
    all_bare = len(bare) == len(figures)
    some = counted(len(bare), "survival figure")
    missing = "no interval and no number of deaths"
    follow_up = view.study.cohort.follow_up
    if follow_up is None or (follow_up.median is None and follow_up.minimum is None):
        missing += "; no follow-up is given"
    message = (
        f"{some}{'' if all_bare else f' of {len(figures)}'} {plural('has', len(bare))} {missing}"
        f"{_range_of_error(view, bare)}"
    )
    about = f"{len(bare)} figures, first {first.about}"
    yield Found(first.figure.line, first.figure.column, message, about)


def _has_precision(quantity: Quantity) -> bool:
    """Say whether an interval or a standard error is printed."""
    return quantity.ci_lower is not None or (quantity.spread == "se" and bool(quantity.sd))


def _has_deaths(view: StudyView, one: Reported) -> bool:
    return any(
        is_event_count(other) and other.time is None for other in view.figures_of(one.outcome.id, one.group)
    )


def _range_of_error(view: StudyView, bare: list[Reported]) -> str:
    """Say how uncertain the first median of known size is, with all or a quarter followed."""
    for one in bare:
        size = view.exact_size(one.group)
        if one.statistic == "median" and size:
            least, most = standard_error_log_median(size), standard_error_log_median(size / 4)
            return (
                f"; the standard error of the log of {one.quantity.as_reported} (n {size}) may be "
                f"{short_number(least)} to "
                f"{short_number(most)}"
            )
    return ""


def check_clock(view: StudyView) -> Outcomes:
    """Look for survival figures that do not say from when they count."""
    for block in view.study.outcomes:
        if view.vocabulary.outcomes[block.outcome].type != "time_to_event":
            continue
        own = [group for group in block.values if view.is_own(group)]
        if not own:
            continue
        if block.starts is not None:
            yield FINE
            continue
        name = view.vocabulary.outcomes[block.outcome].label.lower()
        message = f"from when {name} is counted is not printed: diagnosis and operation may lie years apart"
        yield Found(block.line, block.column, message, f"{name} of {about_words(own)}")


def check_calendar(view: StudyView) -> Outcomes:
    """Compare the times of figures with the years that lie between the first patient and publication."""
    accrual, year = view.study.cohort.accrual, view.study.source.year
    known = accrual is not None and year is not None and year >= accrual[1]
    longest = 12.0 * (year + 1 - accrual[0]) if known and accrual and year else _LONGEST_EVER
    for one in _own_survival(view):
        months = one.time if one.statistic == "survival" else one.quantity.value
        if months is None:
            continue
        starts = (one.block.starts or "").lower()
        from_before = "diagnosis" in starts or "onset" in starts
        if months <= (max(longest, _LONGEST_EVER) if from_before else longest):
            yield FINE
            continue
        what = (
            f"survival at {time_words(months)}"
            if one.statistic == "survival"
            else f"a median of {one.quantity.as_reported}"
        )
        message = f"{what} in '{one.group}' is longer than anybody can have been followed"
        about = one.about
        if known and accrual and months <= _LONGEST_EVER:
            message += f": patients were treated from {accrual[0]} on, and the report is of {year}"
            about += f", {accrual[0]}, {year}"
        doubtful = one.block.starts is None and months <= _LONGEST_EVER
        yield Found(one.figure.line, one.figure.column, message, about, doubtful=doubtful)


def check_publication_year(view: StudyView) -> Outcomes:
    """Compare the year of publication with the last year of treatment."""
    accrual, year = view.study.cohort.accrual, view.study.source.year
    if accrual is None or year is None:
        return
    if year >= accrual[1]:
        yield FINE
        return
    message = f"the report is of {year}, before the last patients were treated ({accrual[1]})"
    yield Found(1, 1, message, f"{year}, {accrual[1]}")


def check_beyond_follow_up(view: StudyView) -> Outcomes:
    """Compare the times of figures with the median follow-up."""
    follow_up = view.study.cohort.follow_up
    median = (
        follow_up.median.quantity.value if follow_up is not None and follow_up.median is not None else None
    )
    if median is None or follow_up is None or follow_up.median is None:
        return
    printed = follow_up.median.quantity.as_reported
    for one in _own_survival(view):
        months = one.time if one.statistic == "survival" else one.quantity.value
        if months is None:
            continue
        if months <= 2 * median:
            yield FINE
            continue
        what = "the median of " if one.statistic == "median" else ""
        at = f" at {time_words(months)}" if one.statistic == "survival" else ""
        message = (
            f"{what}{one.quantity.as_reported}{at} in '{one.group}' lies beyond twice the median follow-up "
            f"of {printed}: it rests on few patients"
        )
        yield Found(one.figure.line, one.figure.column, message, f"{one.about}, {short_number(median)}")


def check_screened(view: StudyView) -> Outcomes:
    """Compare the patients looked at with the patients studied."""
    screened = view.study.cohort.screened
    if screened is None or screened.quantity.count is None:
        return
    sizes = [
        (size.least, name) for name in view.study.groups if view.is_own(name) and (size := view.size(name))
    ]
    most, name = max(sizes, default=(0, ""))
    if most <= screened.quantity.count:
        yield FINE
        return
    looked_at = screened.quantity.count
    message = (
        f"'{name}' has {counted(most, 'patient')}, but only {looked_at} {plural('was', looked_at)} looked at"
    )
    yield Found(screened.line, screened.column, message, f"{most} of {screened.quantity.count}")


def check_identified(view: StudyView) -> Outcomes:
    """Look for studies that nothing connects with other reports of the same patients."""
    cohort = view.study.cohort
    if cohort.institution or cohort.registry or view.study.source.authors:
        yield FINE
        return
    name = "neither institution nor registry nor authors are known"
    message = f"{name}: whether other studies report the same patients cannot be told"
    yield Found(1, 1, message, "institution, registry, authors")


_HEAD = """\
{top}groups:
  all: {{label: All, n: 80, at: line 1}}
outcomes:
  - outcome: OS
    starts: {starts}
    at: line 2
    values:
      all: {{{figures}}}
"""


def _example(figures: str, top: str = "", starts: str = "operation") -> str:
    return _HEAD.format(figures=figures, top=top, starts=starts)


_CALENDAR = "source: {{kind: journal abstract, year: {year}}}\ncohort: {{accrual: {accrual}}}\n"

_COHORT_CHECKS_CHECKS = (
    Check(
        code="survival-without-precision",
        level="warning",
        title="Survival figures without any precision",
        applies_when="survival figures of the study's own patients are printed",
        test="Each has a confidence interval, or the number of deaths is printed for its group.",
        formula="SE(log m) = 1/(ln 2 sqrt n) with all followed, twice that with a quarter",
        fix="type intervals, deaths (deaths: 40 beside the median) and follow-up if the source prints them; "
        "else nothing to mend",
        failing=_example("median: 122 months"),
        passing=_example("median: 122 months (95% CI 100 to 149)"),
        run=check_precision,
    ),
    Check(
        code="clock-not-stated",
        level="note",
        title="Survival from nobody knows when",
        applies_when="survival figures of the study's own patients are printed",
        test="The file says when the clock starts.",
        fix="type starts: if the source says so; else nothing to mend",
        failing=_example("median: 122 months", starts="not reported"),
        passing=_example("median: 122 months"),
        run=check_clock,
    ),
    Check(
        code="longer-than-the-study",
        level="warning",
        title="A time longer than the study can have lasted",
        applies_when="survival figures of the study's own patients are printed",
        test="No rate or median is for a time longer than from the first year of treatment to the end of "
        "the year of publication, unless it is counted from the diagnosis, which may lie years before; "
        f"and none, whatever the years, for more than {_LONGEST_EVER / 12:g} years.",
        fix="compare times and units, years of treatment and year of publication with the source",
        failing=_example("survival at 10 years: 51%", _CALENDAR.format(year=2012, accrual="2005 to 2010")),
        passing=_example("survival at 5 years: 51%", _CALENDAR.format(year=2012, accrual="2005 to 2010")),
        run=check_calendar,
        contradiction=True,
    ),
    Check(
        code="published-before-the-end",
        level="error",
        title="A report older than its last patients",
        applies_when="accrual years and the year of publication are known",
        test="The report is no older than the last year of treatment.",
        fix="look at source: year: and cohort: accrual: again",
        failing=_example("median: 40 months", _CALENDAR.format(year=2008, accrual="2000 to 2010")),
        passing=_example("median: 40 months", _CALENDAR.format(year=2012, accrual="2000 to 2010")),
        run=check_publication_year,
    ),
    Check(
        code="beyond-follow-up",
        level="note",
        title="A figure far beyond the follow-up",
        applies_when="the median follow-up is printed",
        test="No rate or median is for a time of more than twice the median follow-up.",
        fix="compare the time and the follow-up with the source",
        failing=_example(
            "survival at 10 years: 51%", "cohort: {at: line 1, follow_up: {median: 30 months}}\n"
        ),
        passing=_example(
            "survival at 5 years: 51%", "cohort: {at: line 1, follow_up: {median: 30 months}}\n"
        ),
        run=check_beyond_follow_up,
    ),
    Check(
        code="more-than-screened",
        level="warning",
        title="More patients studied than looked at",
        applies_when="the number of patients screened is printed",
        test="No group of the study has more patients.",
        fix="compare both numbers with the source",
        failing=_example("median: 40 months", "cohort: {at: line 1, screened: 70}\n"),
        passing=_example("median: 40 months", "cohort: {at: line 1, screened: 700}\n"),
        run=check_screened,
        contradiction=True,
    ),
    Check(
        code="cohort-not-identified",
        level="note",
        title="A cohort that nothing identifies",
        applies_when="a study is read",
        test="The institution, the registry, or the authors are in the file, so that an overlap with other "
        "studies "
        "can be seen.",
        fix="type cohort: institution: or source: authors: if they are known",
        failing=_example("median: 40 months", "cohort: {institution: not reported}\n"),
        passing=_example("median: 40 months", "cohort: {institution: Mayo Clinic}\n"),
        run=check_identified,
    ),
)


CHECKS: tuple[Check, ...] = (*_EVENT_COUNTS_CHECKS, *_COHORT_CHECKS_CHECKS)
