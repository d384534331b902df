"""Baujat's plot: which rows make the heterogeneity, and which move the pooled estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evisynth.figures.chart.axes import plain_axis
from evisynth.figures.chart.chart import Axis, Chart, Panel, Points
from evisynth.figures.diagnostics.subject import (
    Diagnosed,
    Labels,
    Subject,
    listed,
    plain_number,
    read_subject,
)
from evisynth.figures.number_text import fixed
from evisynth.synthesis.baujat import BaujatResult, compute_baujat

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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
    found = compute_baujat(subject.result.y, subject.result.v, tau_squared=tau_squared, labels=subject.names)
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
        f"heterogeneity ({plain_number(100 * share)}% of the sum). Furthest out: {listed(most)}."
    )
