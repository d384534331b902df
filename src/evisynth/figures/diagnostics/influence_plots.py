"""Plots of single rows: influence, a dot a row and a panel a diagnostic of leaving it out, and Baujat's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evisynth.answers import baujat_of, influence_of
from evisynth.arithmetic import chi_squared_quantile, normal_quantile
from evisynth.figures.chart.axes import name_axis, plain_axis, step_height
from evisynth.figures.chart.chart import Axis, Chart, LegendEntry, Line, Mark, Panel, Points
from evisynth.figures.diagnostics.subject import MOST_LABELS, Diagnosed, Labels, Subject, read_subject
from evisynth.figures.ticks import Tick
from evisynth.figures.tones import Tone
from evisynth.synthesis import BaujatResult, InfluenceResult
from evisynth.wording import fixed, listed, plain_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Room of one row; a chart of hundreds of rows has less for each, and no names.
_ROW_HEIGHT, _TALLEST = 11.0, 700.0
#: A few rows stand further apart, up to this height.
_AIRY_ROW, _AIRY = 17.0, 120.0
_MOST_NAMES = 3 * MOST_LABELS
_PER_LINE = 4
#: From so many rows on, all panels stand in one line: two would make a page of twice the height.
_ONE_LINE_FROM = 30
_WIDTH, _NARROW = 118.0, 88.0


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One panel: the values of the rows, where a row that changes nothing stands, and the cut-offs."""

    title: str
    values: tuple[float, ...]
    neutral: float
    limits: tuple[float, ...] = ()


def influence(result: Diagnosed, *, labels: Labels = None, title: str | None = None) -> Figure:
    """Draw the deletion diagnostics of every row: residuals, DFFITS, Cook's distances and others.

    Parameters
    ----------
    result
        What ``pool`` hands back, or an answer with an estimate; at least three rows.
    labels
        One name for each row; True or False to write those of the result, or none.
    title
        Instead of the title made from the result.

    Raises
    ------
    InvalidDataError
        With fewer than three rows, or for a model that cannot be fitted again without a row.

    References
    ----------
    Viechtbauer & Cheung 2010, Research Synthesis Methods 1:112-125.
    """
    from evisynth.figures.chart.draw import draw_chart

    return draw_chart(lay_out_influence(result, labels=labels, title=title))


def lay_out_influence(result: Diagnosed, *, labels: Labels = None, title: str | None = None) -> Chart:
    """Lay out the influence plot; see :func:`influence`."""
    subject = read_subject(result, "an influence plot", labels)
    found = influence_of(subject.result, subject.names)
    diagnostics = diagnostics_of(subject, found)
    per_line = _PER_LINE if subject.row_count < _ONE_LINE_FROM else len(diagnostics)
    panels = [
        _panel(subject, diagnostic, found.influential, first=i % per_line == 0)
        for i, diagnostic in enumerate(diagnostics)
    ]
    marked = [subject.names[int(i)] for i in np.flatnonzero(found.influential)]
    legend = [LegendEntry("circle", "Row", tone="mark", filled=False)]
    if marked:
        legend.append(LegendEntry("circle", "Influential by at least one cut-off", tone="mark"))
    legend += [
        LegendEntry("dashed", "Cut-off", tone="accent"),
        LegendEntry("line", "A row that changes nothing", tone="rule"),
    ]
    return Chart(
        subject.title("Influence of single rows") if title is None else title,
        tuple(tuple(panels[i : i + per_line]) for i in range(0, len(panels), per_line)),
        legend=tuple(legend),
        notes=_notes(subject, marked),
        subtitle=subject.subtitle,
        description=(
            f"Deletion diagnostics of {subject.row_count} rows in {len(panels)} panels. "
            + (
                f"Influential: {listed(marked, most=5)}."
                if marked
                else "No row passes a cut-off of influence."
            )
        ),
    )


def diagnostics_of(subject: Subject, found: InfluenceResult) -> list[Diagnostic]:
    """Return the panels: what is shown of each row, its neutral value and its cut-offs.

    The cut-offs of DFFITS, DFBETAS, Cook's distance and weight are those that make a row influential.
    """
    k = subject.row_count
    wide = normal_quantile(0.975)
    reach = 3 / math.sqrt(k - 1)

    def panel(title: str, values: Sequence[float], neutral: float, *limits: float) -> Diagnostic:
        return Diagnostic(title, tuple(float(value) for value in values), neutral, limits)

    result = subject.result
    return [
        panel("Studentised residual", found.studentised_residual.tolist(), 0.0, -wide, wide),
        panel("DFFITS", found.dffits.tolist(), 0.0, -reach, reach),
        panel("DFBETAS", found.dfbetas.tolist(), 0.0, -1.0, 1.0),
        panel("Cook's distance", found.cooks_distance.tolist(), 0.0, chi_squared_quantile(0.5, 1)),
        panel("Covariance ratio", found.covariance_ratio.tolist(), 1.0),
        panel("τ² without the row", found.tau_squared_deleted.tolist(), result.tau_squared),
        panel("Q without the row", found.q_deleted.tolist(), result.q_statistic),
        panel("Weight, %", (100 * found.hat).tolist(), 100 / k, 300 / k),
    ]


def _panel(subject: Subject, diagnostic: Diagnostic, influential: NDArray[np.bool_], first: bool) -> Panel:
    values = np.array(diagnostic.values)
    k = subject.row_count
    rows = np.arange(k, dtype=np.float64)
    reach = [*diagnostic.values, diagnostic.neutral]
    # A cut-off far beyond every row would only squeeze the rows together.
    span = max(reach) - min(reach)
    near = [x for x in diagnostic.limits if min(reach) - span - 1e-12 <= x <= max(reach) + span + 1e-12]
    x = _padded_axis([*reach, *near])
    ends = [-0.5, k - 0.5]
    marks: list[Mark] = [Line([diagnostic.neutral] * 2, ends, tone="rule")]
    marks += [Line([limit] * 2, ends, tone="accent", width=1.2, style="dashed") for limit in near]
    fills: tuple[tuple[NDArray[np.bool_], Tone], ...] = ((~influential, "white"), (influential, "mark"))
    marks += [
        Points(values[chosen].tolist(), rows[chosen].tolist(), 5.0, fill=fill)
        for chosen, fill in fills
        if chosen.any()
    ]
    names = subject.names if _are_written(subject) else ()
    row_height = step_height(names, _ROW_HEIGHT)
    height = max(row_height * k, min(_AIRY_ROW * k, _AIRY))
    height = height if names else min(height, _TALLEST)
    return Panel(
        x,
        _name_axis(subject, first),
        tuple(marks),
        title=diagnostic.title,
        width=_WIDTH if k < _ONE_LINE_FROM else _NARROW,
        height=height,
    )


def _padded_axis(values: Sequence[float]) -> Axis:
    """Return an axis with a little room beyond its outermost values, so that no dot lies on its end."""
    lower, upper = min(values), max(values)
    if upper - lower <= 1e-9 * max(abs(lower), abs(upper), 1e-9):
        return plain_axis("", [], start=-0.06, end=1.0) if upper == 0 else plain_axis("", values)
    pad = 0.06 * (upper - lower)
    return plain_axis("", [], start=lower - pad, end=upper + pad)


def _are_written(subject: Subject) -> bool:
    return subject.row_count <= _MOST_NAMES if subject.labelled is None else subject.labelled


def _name_axis(subject: Subject, first: bool) -> Axis:
    """Return the axis of rows, the first at the top; only the first panel of a line has the names."""
    names = name_axis("", subject.names)
    if not _are_written(subject):
        return Axis("", names.scale, (), reversed=True)
    ticks = names.ticks if first else tuple(Tick(tick.place, "") for tick in names.ticks)
    return Axis("", names.scale, ticks, reversed=True, lines=True)


def _notes(subject: Subject, marked: Sequence[str]) -> tuple[str, ...]:
    said = (
        "Cut-offs: residual ± 1.96, DFFITS 3/√(k−1), DFBETAS 1, Cook's distance at the median of χ² (1 df), "
        "three times the mean weight; one far beyond all rows is not drawn."
    )
    found = (
        f"Influential by DFFITS, DFBETAS, Cook's distance or weight: {listed(marked, most=12)}."
        if marked
        else "No row is influential by DFFITS, DFBETAS, Cook's distance or weight."
    )
    order = "" if subject.row_count <= _MOST_NAMES else " Rows stand in their order, the first at the top."
    return said, found + order


_PAD = 0.03


def baujat(
    result: Diagnosed, *, tau_squared: str = "common", labels: Labels = None, title: str | None = None
) -> Figure:
    """Draw Baujat's plot: each row's contribution to heterogeneity against its influence on the estimate.

    Parameters
    ----------
    result
        What ``pool`` hands back, or an answer with an estimate; at least three rows.
    tau_squared
        Baujat's own plot is that of the common-effect model, where the contributions sum to Cochran's Q;
        another estimator shows the random-effects model.
    labels
        One name for each row; True or False to write those of the result, or none.
    title
        Instead of the title made from the result.

    Raises
    ------
    InvalidDataError
        With fewer than three rows.
    """
    from evisynth.figures.chart.draw import draw_chart

    return draw_chart(lay_out_baujat(result, tau_squared=tau_squared, labels=labels, title=title))


def lay_out_baujat(
    result: Diagnosed, *, tau_squared: str = "common", labels: Labels = None, title: str | None = None
) -> Chart:
    """Lay out Baujat's plot; see :func:`baujat`."""
    subject = read_subject(result, "Baujat's plot", labels)
    found = baujat_of(subject.result, tau_squared, subject.names)
    common = tau_squared == "common"
    across = "Contribution to Cochran's Q" if common else "Squared standardised residual"
    x = _axis(across, found.contribution.tolist())
    y = _axis("Influence: squared change of the pooled estimate, in its variances", found.influence.tolist())
    far = _remarkable(found)
    points = Points(
        found.contribution.tolist(),
        found.influence.tolist(),
        6.0,
        edge="white",
        labels=subject.point_labels(far),
    )
    model = "common-effect model" if common else f"random-effects model ({tau_squared})"
    notes = [f"Right: rows that disagree with the others; top: rows that move the estimate ({model})."]
    if common:
        notes.append(f"Cochran's Q = {fixed(float(found.contribution.sum()), 2)}, the sum of all rows.")
    return Chart(
        subject.title("Baujat plot") if title is None else title,
        ((Panel(x, y, (points,), width=360.0, height=250.0),),),
        notes=tuple(notes),
        subtitle=subject.subtitle,
        description=_describe(subject, found, far),
    )


def _axis(title: str, values: list[float]) -> Axis:
    """Return an axis from 0 with a little room at both ends, so that no row lies on the other axis."""
    most = max(values)
    pad = _PAD * most if most > 0 else _PAD
    return plain_axis(title, [], start=-pad, end=most + 2 * pad)


def _remarkable(found: BaujatResult) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Rank rows by how far to the right or the top they stand."""
    across = found.contribution / max(float(found.contribution.max()), 1e-300)
    up = found.influence / max(float(found.influence.max()), 1e-300)
    return np.maximum(across, up)


def _describe(
    subject: Subject, found: BaujatResult, far: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> str:
    most = [subject.names[int(i)] for i in np.argsort(-far, kind="stable")[:3]]
    first = int(np.argmax(found.contribution))
    share = float(found.contribution[first] / max(float(found.contribution.sum()), 1e-300))
    return (
        f"Baujat plot of {subject.row_count} rows. {subject.names[first] or 'One row'} contributes most to "
        f"heterogeneity ({plain_number(100 * share)}% of the sum). Furthest out: {listed(most, most=5)}."
    )
