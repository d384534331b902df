"""The survival sketch: survival curves as far as abstracts know them, one panel a study or a contrast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from evisynth.errors import InvalidDataError
from evisynth.figures.chart.axes import plain_axis
from evisynth.figures.chart.chart import Axis, Chart, LegendEntry, Panel
from evisynth.figures.evidence.evidence_entries import Contrast, checked_entries, printed_contrasts
from evisynth.figures.evidence.known_curve import KnownCurve, describes_curve, known_curves
from evisynth.figures.evidence.sketch_panels import median_words, panel_marks, sketch_panels
from evisynth.outcomes import ReportedOutcome
from evisynth.wording import counted, number_text, percent_text, plural, term_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLUMNS = 2
_WIDTH, _HEIGHT = 165.0, 118.0
_DEFAULT_END = 60.0
_MOST_NAMED = 4


def survival_sketch(
    reported: Sequence[ReportedOutcome],
    *,
    outcome: str = "overall_survival",
    label: str | None = None,
    contrasts: Sequence[Contrast] = (),
    follow_up: Mapping[str, float] | None = None,
    title: str | None = None,
) -> Figure:
    """Draw what printed figures let us know of survival curves.

    Parameters
    ----------
    reported
        Figures of any outcomes; those of ``outcome`` are used.
    outcome
        Id of a time-to-event outcome.
    label
        Its name; the id with spaces unless given.
    contrasts
        Groups that stand side by side, before those that the figures themselves compare
        (see `contrasts_of_studies`).
    follow_up
        Median follow-up in months by study, as far as it is known: a median not reached lies beyond it.
    title
        Instead of the one made from the outcome.

    Raises
    ------
    InvalidDataError
        No figure is a rate or a median of that outcome.
    """
    from evisynth.figures.chart.draw import draw_chart

    return draw_chart(
        lay_out_survival_sketch(
            reported, outcome=outcome, label=label, contrasts=contrasts, follow_up=follow_up, title=title
        )
    )


def lay_out_survival_sketch(
    reported: Sequence[ReportedOutcome],
    *,
    outcome: str = "overall_survival",
    label: str | None = None,
    contrasts: Sequence[Contrast] = (),
    follow_up: Mapping[str, float] | None = None,
    title: str | None = None,
) -> Chart:
    """Lay out a survival sketch; see `survival_sketch`."""
    reported = checked_entries(reported, ReportedOutcome, "a survival sketch")
    rows = [row for row in reported if row.outcome == outcome]
    shown = [row for row in rows if row.role != "background"]
    curves = known_curves(shown, dict(follow_up or {}))
    name = label or term_words(outcome)
    name = name[:1].upper() + name[1:]
    words = name[:1].lower() + name[1:] if name[1:2].islower() else name
    if not curves:
        raise InvalidDataError(
            f"no group has a survival rate with its time, or a median in months, of {words}: "
            "a survival sketch needs one of them"
        )
    panels = sketch_panels(curves, [*contrasts, *printed_contrasts(rows)])
    # A panel in which nothing is known would be an empty one; if all were, they say at least that.
    known = [panel for panel in panels if not all(curve.is_silent for curve in panel.curves)]
    silent = [curve for panel in panels if known and panel not in known for curve in panel.curves]
    axis = _time_axis(curves)
    percent = plain_axis(f"{name}, %", [], start=0.0, end=1.0, percent=True)
    drawn = [
        Panel(
            axis,
            percent,
            panel_marks(panel.curves, axis.scale.upper),
            title=panel.study,
            width=_WIDTH,
            height=_HEIGHT,
        )
        for panel in known or panels
    ]
    studies = len({curve.study for curve in curves})
    return Chart(
        title=title or f"{name}: what the printed figures let us know",
        subtitle=f"{counted(len(curves), 'group')} of {counted(studies, 'study')}",
        panels=tuple(tuple(drawn[i : i + _COLUMNS]) for i in range(0, len(drawn), _COLUMNS)),
        legend=_legend(curves),
        notes=(*_notes([c for c in curves if c not in silent], rows, words), *_silent_notes(silent)),
        description=_description(curves, words),
    )


def _time_axis(curves: Sequence[KnownCurve]) -> Axis:
    """Return one time axis for all panels, long enough for an arrow where a median was not reached."""
    times = [point.months for curve in curves for point in curve.points]
    for median in (median for curve in curves for median in curve.medians):
        times += [time for time in (median.months, median.upper) if time is not None]
        times += [1.12 * (median.reach or 0.0)] if median.months is None or median.upper_not_reached else []
    longest = max([0.0, *times])
    return plain_axis("Months", [longest if longest > 0 else _DEFAULT_END], start=0.0)


def _legend(curves: Sequence[KnownCurve]) -> tuple[LegendEntry, ...]:
    points = [point for curve in curves for point in curve.points]
    medians = [median for curve in curves for median in curve.medians]
    entries = [LegendEntry("area", "where the study's curve can run", tone="band")]
    if any(p.interval_printed for p in points) or any(m.lower is not None for m in medians):
        entries.append(LegendEntry("line", "printed interval", tone="mark"))
    if any(p.interval is not None and not p.interval_printed for p in points):
        entries.append(LegendEntry("dotted", "95% interval worked out", tone="mark"))
    if any(median.months is None for median in medians):
        entries.append(LegendEntry("arrow", "median not reached", tone="mark"))
    return tuple(entries)


def _notes(curves: Sequence[KnownCurve], rows: Sequence[ReportedOutcome], words: str) -> tuple[str, ...]:
    points = [point for curve in curves for point in curve.points]
    medians = [median for curve in curves for median in curve.medians]
    notes = [
        "Shaded or hatched: every falling curve that meets the printed rates and medians of a group, "
        "rounding included. It shows what is not known of the study's own curve, not its sampling error."
    ]
    if any(p.interval is not None and not p.interval_printed for p in points):
        notes.append(
            "Intervals worked out take the number of patients as if all had been followed to that time, so "
            "they may be too short; at 0% and 100% they are exact binomial ones."
        )
    if any(m.months is None and m.reach is None for m in medians):
        notes.append(
            "A dotted arrow from 0 is a median not reached of which no time is known: neither follow-up nor "
            "rates are printed, so nothing follows for the curve."
        )
    if any(p.precision != "exact" for p in points) or any(m.precision != "exact" for m in medians):
        notes.append("Hollow marks are not exact: an arrow points to where the value lies, none means about.")
    if len(curves) > len({curve.study for curve in curves}):
        notes.append("Marks that would lie over each other stand a little apart.")
    torn = [f"{curve.label} ({curve.study})" for curve in curves if curve.contradicts_itself]
    if torn:
        notes.append(f"No falling curve meets the printed figures of {'; '.join(torn)}: no band is drawn.")
    notes += _left_out_notes(rows, words)
    notes += _clock_notes(rows)
    return tuple(notes)


def _silent_notes(silent: Sequence[KnownCurve]) -> list[str]:
    """Say of which groups nothing could be drawn."""
    if not silent:
        return []
    named = "; ".join(f"{curve.label} ({curve.study})" for curve in silent[:8])
    more = f" and {len(silent) - 8} more" if len(silent) > 8 else ""
    return [
        f"No panel for {named}{more}: the median was not reached, and neither a follow-up nor a rate is "
        "printed, so nothing follows for the curve."
    ]


def _left_out_notes(rows: Sequence[ReportedOutcome], words: str) -> list[str]:
    background = sum(row.role == "background" and describes_curve(row) for row in rows)
    adjusted = sum(
        row.adjusted is not None and row.compared_with is None and row.statistic in ("survival", "median")
        for row in rows
    )
    notes = []
    if background:
        notes.append(f"Not shown: {counted(background, 'figure')} quoted as background.")
    if adjusted:
        notes.append(f"Not shown: {counted(adjusted, 'adjusted figure')} of {words}.")
    return notes


def _clock_notes(rows: Sequence[ReportedOutcome]) -> list[str]:
    """Say when the clock starts, since curves of different clocks must not be laid over each other."""
    used = [row for row in rows if row.role != "background" and describes_curve(row)]
    studies = list(dict.fromkeys(row.study for row in used))
    starts = sorted({row.starts for row in used if row.starts})
    if not starts:
        return ["When the clock starts is not stated."]
    having = {
        start: [s for s in studies if any(row.study == s and row.starts == start for row in used)]
        for start in starts
    }
    said = [f"{start} ({_named_or_counted(named)})" for start, named in having.items()]
    silent = [s for s in studies if not any(row.starts for row in used if row.study == s)]
    more = f"; {counted(len(silent), 'study')} {plural('does', len(silent))} not state it" if silent else ""
    return [f"Start of the clock: {', '.join(said)}{more}."]


def _named_or_counted(studies: Sequence[str]) -> str:
    return ", ".join(studies) if len(studies) <= _MOST_NAMED else counted(len(studies), "study")


def _description(curves: Sequence[KnownCurve], words: str) -> str:
    said = []
    for curve in curves[:8]:
        parts = [f"{percent_text(p.survival, 3)} at {number_text(p.months, 4)} months" for p in curve.points]
        parts += [f"median {median_words(m)}" for m in curve.medians]
        said.append(f"{curve.label} ({curve.study}): {', '.join(parts)}")
    more = f"; and {counted(len(curves) - 8, 'further group')}" if len(curves) > 8 else ""
    return f"What is printed of {words}, in months. {'; '.join(said)}{more}."
