"""The cohort timeline: years and places in which studies treated their patients, and cohorts that overlap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evisynth.errors import InvalidDataError
from evisynth.figures.chart.axes import bare_axis, name_axis, plain_axis, step_height
from evisynth.figures.chart.chart import Axis, Chart, LegendEntry, Line, Mark, Panel, Points, Shape, Words
from evisynth.figures.evidence.evidence_entries import checked_entries, groups_with_figures, patients_of
from evisynth.figures.ticks import Scale
from evisynth.wording import counted, number_text, plural

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from evisynth.studies import Study

_EXTENTS = ("none", "possible", "probably contained", "contained", "identical")


@dataclass(frozen=True, slots=True)
class TimelineCohort:
    """The patients of one study; what the source does not state is None."""

    study: str
    first_year: int | None = None
    last_year: int | None = None
    institution: str | None = None
    patients: int | None = None
    follow_up_months: float | None = None
    published: int | None = None


@dataclass(frozen=True, slots=True)
class CohortOverlap:
    """Two studies that share patients, as recorded in a file, or suspected and undecided."""

    study: str
    other: str
    extent: str
    suspected: bool = False


def timeline_cohorts(studies: Iterable[Study]) -> list[TimelineCohort]:
    """Read the cohorts of study files; patients are those for whom the study gives any figure."""
    return [
        TimelineCohort(
            study=study.id,
            first_year=None if study.cohort.accrual is None else study.cohort.accrual[0],
            last_year=None if study.cohort.accrual is None else study.cohort.accrual[1],
            institution=study.cohort.institution or study.cohort.registry,
            patients=patients_of(study, groups_with_figures(study)),
            follow_up_months=_follow_up(study),
            published=study.source.year,
        )
        for study in studies
    ]


def _follow_up(study: Study) -> float | None:
    follow_up = study.cohort.follow_up
    if follow_up is None or follow_up.median is None:
        return None
    return follow_up.median.quantity.value


def recorded_overlaps(studies: Iterable[Study]) -> list[CohortOverlap]:
    """Return the overlaps that study files record, each pair once with the wider of its two statements.

    A pair recorded as not overlapping is not returned.
    """
    widest: dict[frozenset[str], CohortOverlap] = {}
    for study in studies:
        stated = [(overlap.with_study, str(overlap.extent)) for overlap in study.cohort.overlaps]
        if study.source.report_of is not None:
            stated.append((study.source.report_of, "identical"))
        for other, extent in stated:
            pair = frozenset((study.id, other))
            before = widest.get(pair)
            if before is None or _EXTENTS.index(extent) > _EXTENTS.index(before.extent):
                widest[pair] = CohortOverlap(study.id, other, extent)
    return [overlap for overlap in widest.values() if overlap.extent != "none"]


#: Up to so many lanes have room for words beside their brackets.
_MOST_WORDED = 3
_WORDED, _BARE = 86.0, 11.0
_FOOT = 5.0


@dataclass(frozen=True, slots=True)
class Bracket:
    """An overlap between two rows, in a lane counted from the bars outwards."""

    overlap: CohortOverlap
    top: int
    bottom: int
    lane: int


def place_brackets(overlaps: Sequence[CohortOverlap], rows: Mapping[str, int]) -> list[Bracket]:
    """Give every overlap of two rows a lane, short ones next to the bars.

    Overlaps with a study that has no row are passed over.
    """
    spans = []
    for overlap in overlaps:
        if overlap.study in rows and overlap.other in rows and overlap.study != overlap.other:
            top, bottom = sorted((rows[overlap.study], rows[overlap.other]))
            spans.append((bottom - top, top, bottom, overlap))
    spans.sort(key=lambda span: span[:3])
    placed: list[Bracket] = []
    for _, top, bottom, overlap in spans:
        lane = 0
        while any(b.lane == lane and top <= b.bottom and b.top <= bottom for b in placed):
            lane += 1
        placed.append(Bracket(overlap, top, bottom, lane))
    return placed


def worded(brackets: Sequence[Bracket]) -> bool:
    """Whether there is room for words beside the brackets."""
    return max((bracket.lane for bracket in brackets), default=0) < _MOST_WORDED


def extent_words(overlap: CohortOverlap) -> str:
    """Say how far two cohorts are the same, and whether that is decided."""
    if overlap.suspected:
        return "suspected, undecided"
    return f"{overlap.extent} (recorded)"


def bracket_panel(brackets: Sequence[Bracket], rows: Scale, height: float) -> Panel:
    """Lay out the brackets beside a timeline whose rows stand on ``rows``, the first on top."""
    lanes = 1 + max(bracket.lane for bracket in brackets)
    step = _WORDED if worded(brackets) else _BARE
    width = max(step * lanes, 60.0)
    marks: list[Mark] = []
    for bracket in brackets:
        x = bracket.lane * step + _FOOT
        # Feet a little inside their rows keep brackets of neighbouring rows apart.
        top, bottom = bracket.top + 0.08, bracket.bottom - 0.08
        dashed = bracket.overlap.suspected
        marks.append(
            Line(
                [x - _FOOT, x, x, x - _FOOT], [top, top, bottom, bottom], tone="ink",
                style="dashed" if dashed else "solid",
            )
        )  # fmt: skip
        if worded(brackets):
            words = extent_words(bracket.overlap)
            marks.append(Words(x, (top + bottom) / 2, words, dx=4, width=_WORDED - _FOOT - 10))
    return Panel(
        bare_axis(0.0, width),
        Axis("", rows, (), reversed=True),
        tuple(marks),
        title="Overlap",
        width=width,
        height=height,
    )


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
        months = [number_text(c.follow_up_months, 4, "–") for c in ordered]
        panels.append(_column("Follow-up, months", months, rows.scale, height))
    if brackets:
        panels.append(bracket_panel(brackets, rows.scale, height))
    return Chart(
        title=title or "Cohorts: years of treatment, places, and shared patients",
        subtitle=f"{counted(len(ordered), 'study')}; "
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
        who = f"{counted(nowhere, 'study')} {plural('does', nowhere)}"
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
