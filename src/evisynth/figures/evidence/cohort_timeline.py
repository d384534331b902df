"""The cohort timeline: when and where the patients of each study were treated, and who shares them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evisynth.errors import InvalidDataError
from evisynth.figures.chart.axes import bare_axis, name_axis, plain_axis
from evisynth.figures.chart.chart import Axis, Chart, LegendEntry, Line, Mark, Panel, Points, Shape, Words
from evisynth.figures.chart.name_room import step_height
from evisynth.figures.evidence.checked_entries import checked_entries
from evisynth.figures.evidence.overlap_brackets import (
    Bracket,
    bracket_panel,
    extent_words,
    place_brackets,
    worded,
)
from evisynth.figures.evidence.timeline_cohorts import CohortOverlap, TimelineCohort
from evisynth.figures.ticks import Scale

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _COLUMN, _ROW_HEIGHT = 230.0, 52.0, 29.0
_HALF_BAR = 0.17
#: More rows than these stand closer, and their bars without the years in words.
_MOST_AIRY, _LOW_ROW, _LOW_HALF_BAR = 20, 12.0, 0.28
_MOST_NAMED = 30


def cohort_timeline(
    cohorts: Sequence[TimelineCohort],
    overlaps: Sequence[CohortOverlap] = (),
    *,
    title: str | None = None,
) -> Figure:
    """Draw when and where patients were treated, and which cohorts overlap.

    Parameters
    ----------
    cohorts
        One for each study (see `timeline_cohorts`).
    overlaps
        Pairs that share patients, or may (see `recorded_overlaps`).
    title
        Instead of the usual one.

    Raises
    ------
    InvalidDataError
        There is no cohort, or one whose years run backwards.
    """
    from evisynth.figures.chart.draw import draw_chart

    return draw_chart(lay_out_cohort_timeline(cohorts, overlaps, title=title))


def lay_out_cohort_timeline(
    cohorts: Sequence[TimelineCohort],
    overlaps: Sequence[CohortOverlap] = (),
    *,
    title: str | None = None,
) -> Chart:
    """Lay out a cohort timeline; see `cohort_timeline`."""
    cohorts = checked_entries(cohorts, TimelineCohort, "a cohort timeline")
    if not cohorts:
        raise InvalidDataError("there is no study: a cohort timeline needs one")
    for cohort in cohorts:
        if cohort.first_year is not None and cohort.last_year is not None:
            if cohort.first_year > cohort.last_year:
                raise InvalidDataError(
                    f"the years of {cohort.study} run backwards: {cohort.first_year} to {cohort.last_year}"
                )
    ordered = sorted(cohorts, key=_order)
    names = [", ".join(filter(None, (cohort.study, cohort.institution))) for cohort in ordered]
    height = step_height(names, _ROW_HEIGHT if len(ordered) <= _MOST_AIRY else _LOW_ROW) * len(ordered)
    rows = name_axis("", names)
    brackets = place_brackets(overlaps, {cohort.study: i for i, cohort in enumerate(ordered)})
    panels = [_bars(ordered, Axis("", rows.scale, rows.ticks, reversed=True), height)]
    panels.append(_column("Patients", [_count(c.patients) for c in ordered], rows.scale, height))
    if any(cohort.follow_up_months is not None for cohort in ordered):
        months = ["–" if c.follow_up_months is None else f"{c.follow_up_months:.4g}" for c in ordered]
        panels.append(_column("Follow-up, months", months, rows.scale, height))
    if brackets:
        panels.append(bracket_panel(brackets, rows.scale, height))
    return Chart(
        title=title or "Cohorts: years of treatment, places, and shared patients",
        subtitle=f"{len(ordered)} {'study' if len(ordered) == 1 else 'studies'}; "
        f"years stated by {sum(_known(c) for c in ordered)}, overlapping pairs: {len(brackets)}",
        panels=(tuple(panels),),
        legend=_legend(ordered, brackets),
        notes=tuple(_notes(ordered, brackets)),
        description=_description(ordered, brackets),
    )


def _known(cohort: TimelineCohort) -> bool:
    return cohort.first_year is not None and cohort.last_year is not None


def _order(cohort: TimelineCohort) -> tuple[bool, int, int, str]:
    """Order by the years of treatment; cohorts without them last, by publication."""
    if cohort.first_year is None or cohort.last_year is None:
        return True, cohort.published or 9999, 0, cohort.study
    return False, cohort.first_year, cohort.last_year, cohort.study


def _count(patients: int | None) -> str:
    return "–" if patients is None else f"{patients:,}"


def _bars(cohorts: Sequence[TimelineCohort], names: Axis, height: float) -> Panel:
    years = [year for c in cohorts for year in (c.first_year, c.last_year, c.published) if year is not None]
    # A bar holds its first and its last year whole: half a year on each side of their ticks.
    edges = [min(years) - 0.5, max(years) + 0.5] if years else []
    axis = plain_axis("Year", edges) if years else bare_axis(0.0, 1.0)
    marks: list[Mark] = []
    for i, cohort in enumerate(cohorts):
        marks += _row(cohort, i, axis.scale, worded=len(cohorts) <= _MOST_AIRY)
    return Panel(axis, names, tuple(marks), title="Years of treatment", width=_WIDTH, height=height)


def _row(cohort: TimelineCohort, y: int, years: Scale, *, worded: bool) -> list[Mark]:
    """Return the bar of a cohort, or a dotted line where its years are not known, and its publication."""
    if cohort.first_year is None or cohort.last_year is None:
        marks: list[Mark] = [Line([years.lower, years.upper], [y, y], tone="rule", style="dotted")]
        if worded:
            marks.append(
                Words(years.lower, y, "years not stated", level="bottom", dx=3, dy=1.5, tone="muted")
            )
    else:
        marks = _bar(cohort.first_year, cohort.last_year, y, years, worded=worded)
    if cohort.published is not None:
        marks.append(Points([cohort.published], [y], 6.0, "diamond", fill="white", edge="ink"))
    return marks


def _bar(first: int, last: int, y: int, years: Scale, *, worded: bool) -> list[Mark]:
    """Return the bar of some years, and over it the years in words where rows are airy."""
    left, right = first - 0.5, last + 0.5
    half = _HALF_BAR if worded else _LOW_HALF_BAR
    marks: list[Mark] = [
        Shape([left, right, right, left], [y - half, y - half, y + half, y + half], fill="mark")
    ]
    if worded:
        words = str(first) if first == last else f"{first} to {last}"
        in_half = (left + right) / 2 <= (years.lower + years.upper) / 2
        at = left if in_half else right
        marks.append(Words(at, y - half, words, "left" if in_half else "right", "bottom", dy=1.5))
    return marks


def _column(title: str, texts: Sequence[str], rows: Scale, height: float) -> Panel:
    """Lay out a column of numbers beside the bars."""
    marks = tuple(Words(1.0, i, text, align="right") for i, text in enumerate(texts))
    return Panel(
        bare_axis(0.0, 1.0),
        Axis("", rows, (), reversed=True),
        marks,
        title=title,
        width=_COLUMN,
        height=height,
    )


def _legend(cohorts: Sequence[TimelineCohort], brackets: Sequence[Bracket]) -> tuple[LegendEntry, ...]:
    entries = []
    if any(_known(cohort) for cohort in cohorts):
        entries.append(LegendEntry("area", "patients treated", tone="mark"))
    if any(not _known(cohort) for cohort in cohorts):
        entries.append(LegendEntry("dotted", "years not stated", tone="rule"))
    if any(cohort.published is not None for cohort in cohorts):
        entries.append(LegendEntry("diamond", "published", tone="ink", filled=False))
    if any(not bracket.overlap.suspected for bracket in brackets):
        entries.append(LegendEntry("line", "overlap recorded"))
    if any(bracket.overlap.suspected for bracket in brackets):
        entries.append(LegendEntry("dashed", "overlap suspected, undecided"))
    return tuple(entries)


def _notes(cohorts: Sequence[TimelineCohort], brackets: Sequence[Bracket]) -> list[str]:
    notes = ["Patients: those for whom the study prints any figure."]
    nowhere = sum(not cohort.institution for cohort in cohorts)
    if nowhere:
        who = "1 study does" if nowhere == 1 else f"{nowhere} studies do"
        notes.append(f"{who} not state where the patients were treated.")
    if any(cohort.follow_up_months is not None for cohort in cohorts):
        notes.append("Follow-up: the median, as printed.")
    if not brackets:
        notes.append("No overlap of these cohorts is recorded.")
    elif not worded(brackets):
        pairs = [f"{b.overlap.study} and {b.overlap.other}: {extent_words(b.overlap)}" for b in brackets]
        more = f"; and {len(pairs) - _MOST_NAMED} more" if len(pairs) > _MOST_NAMED else ""
        notes.append(f"Overlaps: {'; '.join(pairs[:_MOST_NAMED])}{more}.")
    return notes


def _description(cohorts: Sequence[TimelineCohort], brackets: Sequence[Bracket]) -> str:
    known = [c for c in cohorts if c.first_year is not None and c.last_year is not None]
    said = [f"{c.study} {c.first_year} to {c.last_year}" for c in known[:8]]
    years = f"Years of treatment: {'; '.join(said)}. " if said else "No study states its years. "
    pairs = [f"{b.overlap.study} and {b.overlap.other} {extent_words(b.overlap)}" for b in brackets[:5]]
    shared = f"Overlaps: {'; '.join(pairs)}." if pairs else "No overlap is recorded."
    return f"{len(cohorts)} cohorts. {years}{shared}"
