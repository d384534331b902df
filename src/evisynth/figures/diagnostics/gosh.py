"""GOSH plot: the estimate and the heterogeneity of every subset of the rows, as a map of where they fall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from evisynth.errors import UnknownNameError
from evisynth.figures.chart.chart import Chart, LegendEntry
from evisynth.figures.diagnostics.gosh_panels import one_map, two_maps
from evisynth.figures.diagnostics.subject import Diagnosed, Labels, Subject, plain_number, read_subject
from evisynth.figures.diagnostics.subset_cloud import Cloud, cloud_of
from evisynth.figures.measures import MeasureDisplay, measure_display
from evisynth.figures.number_text import decimals_for, natural_text
from evisynth.synthesis.gosh import GoshResult, compute_gosh
from evisynth.synthesis.tau_squared import TAU_SQUARED_ESTIMATORS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Enough subsets for a map of so many cells; all of them up to 15 rows.
SUBSETS = 40_000


def gosh(
    result: Diagnosed | GoshResult,
    *,
    outlier: str | None = None,
    subset_count: int = SUBSETS,
    effect_measure: str | None = None,
    labels: Labels = None,
    title: str | None = None,
) -> Figure:
    """Draw the GOSH plot: how the estimate and I squared vary over the subsets of the rows.

    Two clouds tell that some row makes a difference; name one as ``outlier`` to see the subsets with and
    without it side by side.

    Parameters
    ----------
    result
        What ``pool`` hands back, an answer with an estimate, or what ``compute_gosh`` hands back; at least
        three rows.
    outlier
        The label of a row.
    subset_count
        The most subsets to pool; a random sample of so many when there are more.
    effect_measure
        Of a result of ``compute_gosh``, which does not know it.
    labels
        One name for each row, among which ``outlier`` is looked for.
    title
        Instead of the title made from the result.

    Raises
    ------
    InvalidDataError
        With fewer than three rows.
    UnknownNameError
        No row has the label of ``outlier``.

    References
    ----------
    Olkin, Dahabreh & Trikalinos 2012, Research Synthesis Methods 3:214-223.
    """
    from evisynth.figures.chart.draw import draw_chart

    if not isinstance(result, GoshResult):
        subject = read_subject(result, "a GOSH plot", labels)
        found = pool_subsets_of(subject, subset_count)
        whole = _whole_of(subject)
        display, heading, subtitle = subject.display, subject.heading, subject.subtitle
    else:
        found, display, heading, subtitle, whole = result, measure_display(effect_measure), "", "", None
    chart = lay_out_gosh(found, display, whole, outlier=outlier, heading=heading, title=title)
    return draw_chart(replace(chart, subtitle=subtitle))


def _whole_of(subject: Subject) -> tuple[float, float] | None:
    """Return the place of all rows, which a sample of their subsets need not hold."""
    result = subject.result
    if result.method not in TAU_SQUARED_ESTIMATORS:
        return None
    return result.estimate, min(max(result.i_squared, 0.0), 1.0)


def pool_subsets_of(subject: Subject, subset_count: int = SUBSETS) -> GoshResult:
    """Pool the subsets of the rows of a result, with its own estimator where it has one."""
    result = subject.result
    method = result.method if result.method in TAU_SQUARED_ESTIMATORS else "DL"
    return compute_gosh(
        result.y, result.v, subset_count=subset_count, tau_squared=method, labels=subject.names
    )


def lay_out_gosh(
    found: GoshResult,
    display: MeasureDisplay,
    whole: tuple[float, float] | None = None,
    *,
    outlier: str | None = None,
    heading: str = "",
    title: str | None = None,
) -> Chart:
    """Lay out a GOSH plot; see :func:`gosh`.

    Parameters
    ----------
    found
        The subsets with their syntheses.
    display
        How the measure is shown.
    whole
        The estimate and I squared of all rows, for a sample of subsets that does not hold them.
    outlier
        The label of a row.
    heading, title
        What the title says after the kind of plot; the whole title instead.
    """
    cloud = cloud_of(found, display, whole)
    row_count = found.members.shape[1]
    heading = heading or f"{display.name[:1].lower()}{display.name[1:]}, {row_count} rows"
    if outlier is None:
        panels = one_map(cloud)
    else:
        panels = two_maps(cloud, found.members[:, _row_of(outlier, found.labels)], outlier)
    sampled = "all" if found.complete else "a random sample of"
    notes = (
        f"Pooled: {sampled} {_thousands(len(cloud.estimates))} subsets of at least two of the {row_count} "
        f"rows. {_marks_words(cloud)}",
    )
    return Chart(
        f"GOSH plot: {heading}" if title is None else title,
        panels,
        legend=(LegendEntry("diamond", "All rows", filled=False),) if cloud.whole else (),
        notes=notes,
        description=_describe(cloud, display, found, outlier),
    )


def _marks_words(cloud: Cloud) -> str:
    if cloud.is_sparse:
        return "Each point is a subset."
    return "The darker a cell, the more subsets (by the square root of their number)."


def _row_of(label: str, labels: Sequence[str] | None) -> int:
    known = list(labels or ())
    if label not in known:
        raise UnknownNameError("row", label, known)
    return known.index(label)


def _thousands(count: int) -> str:
    return f"{count:,}"


def _describe(cloud: Cloud, display: MeasureDisplay, found: GoshResult, outlier: str | None) -> str:
    quantiles = [float(x) for x in np.quantile(cloud.estimates, [0.025, 0.5, 0.975])]
    low, middle, high = sorted(cloud.x.naturals(quantiles))
    decimals = decimals_for(display, ())
    sign = "%" if display.axis == "percent" else ""
    texts = [natural_text(value, display, decimals) + sign for value in (middle, low, high)]
    said = (
        f"{display.name} of {_thousands(len(cloud.estimates))} subsets of {found.members.shape[1]} rows: "
        f"median {texts[0]}, 95% of subsets from {texts[1]} to {texts[2]}; median I² "
        f"{plain_number(100 * float(np.median(cloud.i_squared)))}%."
    )
    if outlier is None:
        return said
    inside = found.members[:, _row_of(outlier, found.labels)]
    halves = [float(np.median(cloud.estimates[chosen])) for chosen in (inside, ~inside)]
    words = [natural_text(x, display, decimals) + sign for x in cloud.x.naturals(halves)]
    return f"{said} Median with {outlier} {words[0]}, without it {words[1]}."
