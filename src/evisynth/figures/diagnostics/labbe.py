"""L'Abbé plot: the risk in one group against the risk in the other, one point a study."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from evisynth.effects.effect_size import effect_size
from evisynth.errors import InvalidDataError, UnknownNameError
from evisynth.figures.chart.axes import plain_axis
from evisynth.figures.chart.chart import Area, Axis, Chart, LegendEntry, Line, Mark, Panel, Points
from evisynth.figures.diagnostics.areas import diameters_of
from evisynth.figures.diagnostics.group_risks import NEEDED, GroupRisks, read_risks
from evisynth.figures.diagnostics.model_words import model_note
from evisynth.figures.diagnostics.subject import (
    Labels,
    lower_first,
    read_subject,
    rows_text,
)
from evisynth.figures.measures import measure_display
from evisynth.figures.ticks import Scale, Tick, choose_scale
from evisynth.synthesis.natural_scale import share_from_logit
from evisynth.synthesis.pool import pool
from evisynth.synthesis.result import PooledResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CURVE_PLACES = 101
#: Rows crowd where most lie in this first share of the axis; a log axis leaves a factor free beside them.
_CROWDED, _FEWEST_TO_CROWD, _BESIDE = 0.1, 4, 1.15
#: Codes of measures for which a pooled effect can be drawn as a curve, by every name they go by.
_CODES = {
    "RR": "RR", "risk_ratio": "RR", "OR": "OR", "odds_ratio": "OR", "PETO": "PETO",
    "RD": "RD", "risk_difference": "RD", "AS": "AS",
}  # fmt: skip


def labbe(
    events1: ArrayLike | None = None,
    n1: ArrayLike | None = None,
    events2: ArrayLike | None = None,
    n2: ArrayLike | None = None,
    *,
    risks: tuple[ArrayLike, ArrayLike] | None = None,
    result: PooledResult | None = None,
    effect_measure: str = "RR",
    group_names: tuple[str, str] = ("index group", "reference group"),
    times: Sequence[float | None] | None = None,
    labels: Labels = None,
    title: str | None = None,
    notes: Sequence[str] = (),
) -> Figure:
    """Draw L'Abbé's plot: the risk in the index group against the risk in the reference group.

    Parameters
    ----------
    events1, n1, events2, n2
        Events and patients of the index group (1) and the reference group (2), one a study.
    risks
        Instead of the events: the risks (0 to 1) of both groups, when only those are known. Points then have
        the area of ``n1`` plus ``n2`` where these are given, else all the same.
    result
        The pooled effect whose curve is drawn; without one, it is pooled here from the events.
    effect_measure
        What is pooled: risk ratio, odds ratio, Peto's odds ratio, risk or arcsine difference.
    group_names
        Of the index and the reference group.
    times
        By when the event was looked for, in months, one a study (None where that is not known); written at
        the axes when it is the same in all, else behind the labels.
    labels
        One name for each study; True or False to write those of ``result``, or none.
    title
        Instead of the title made from the figures.
    notes
        Sentences to stand under the plot, after those that belong to it.

    Raises
    ------
    InvalidDataError
        Without events and patients, or risks, of both groups.

    References
    ----------
    L'Abbé, Detsky & O'Rourke 1987, Annals of Internal Medicine 107:224-233.
    """
    from evisynth.figures.chart.draw import draw_chart

    columns = (events1, n1, events2, n2)
    if result is None and risks is None:
        result = pool_risks(columns, effect_measure)
    if result is not None and not isinstance(result, PooledResult):
        raise InvalidDataError(f"result is a PooledResult, not a {type(result).__name__}; pool first")
    own = None if result is None else result.labels
    groups = read_risks(columns, risks, group_names, labels if labels is not None else own, times)
    return draw_chart(lay_out_labbe(groups, result, title=title, notes=notes))


def pool_risks(columns: Sequence[ArrayLike | None], effect_measure: str) -> PooledResult:
    """Pool the effect of events and patients in two groups, by the defaults of ``pool``."""
    code = _code(effect_measure)
    if any(column is None for column in columns):
        raise InvalidDataError(NEEDED)
    y, v = effect_size(code, **dict(zip(("events1", "n1", "events2", "n2"), columns, strict=True)))
    return pool(y, v, effect_measure=code)


def lay_out_labbe(
    groups: GroupRisks,
    result: PooledResult | None,
    *,
    title: str | None = None,
    notes: Sequence[str] = (),
) -> Chart:
    """Lay out L'Abbé's plot; see :func:`labbe`."""
    x = _risk_axis(groups, result)
    lowest, highest = x.scale.lower, x.scale.upper
    marks: list[Mark] = []
    legend = [LegendEntry("dotted", "Same risk in both groups", tone="muted")]
    if result is not None:
        curves, entries = _pooled_curves(result, _places(x.scale))
        marks += curves
        legend += entries
    marks.append(Line([lowest, highest], [lowest, highest], tone="muted", style="dotted"))
    marks.append(_points(groups))
    logarithmic = " (log scale)" if x.scale.logarithmic else ""
    when = f" by {groups.one_time}" if groups.one_time else ""
    axes = [
        Axis(f"Risk in the {name}{when}, %{logarithmic}", x.scale, x.ticks) for name in groups.group_names
    ]
    panel = Panel(axes[1], axes[0], tuple(marks), width=270.0, height=270.0)
    return Chart(
        f"L'Abbé plot: {_what(result)}{rows_text(len(groups.index))}" if title is None else title,
        ((panel,),),
        legend=tuple(legend),
        notes=_notes(groups, result, notes),
        description=_describe(groups, result),
    )


def _risk_axis(groups: GroupRisks, result: PooledResult | None) -> Axis:
    """Choose the axis of both risks: from 0, or logarithmic where most rows would crowd at its beginning.

    On a logarithmic axis a ratio is a straight line; a difference has its place on an even one.
    """
    both = np.concatenate((groups.index, groups.reference))
    most = float(both.max())
    even = plain_axis("", [1.05 * most if most < 0.5 else 1.0], start=0.0, percent=True)
    larger = np.maximum(groups.index, groups.reference)
    crowded = float(np.median(larger)) < _CROWDED * even.scale.upper
    difference = result is not None and _code(result.effect_measure or "") in ("RD", "AS")
    if difference or not crowded or len(larger) < _FEWEST_TO_CROWD or float(both.min()) <= 0:
        return even
    percents = [100 * float(both.min()) / _BESIDE, 100 * most * _BESIDE]
    scale, ticks = choose_scale("ratio", percents, (), None)
    ends = scale.lower / 100, min(scale.upper / 100, 1.0)
    logarithmic = Scale(*ends, logarithmic=True)
    placed = [(logarithmic.place(float(tick.label) / 100), tick.label) for tick in ticks]
    return Axis("", logarithmic, tuple(Tick(at, label) for at, label in placed if at <= 1 + 1e-9))


def _places(scale: Scale) -> list[float]:
    """Return the risks over which the curve of an effect is drawn; a logit has no place for 0 and 1."""
    if scale.logarithmic:
        places = np.geomspace(scale.lower, scale.upper, _CURVE_PLACES)
    else:
        places = np.linspace(scale.lower, scale.upper, _CURVE_PLACES)[1:-1]
    return [min(float(place), 1 - 1e-12) for place in places]


def _what(result: PooledResult | None) -> str:
    return "" if result is None else f"{lower_first(measure_display(result.effect_measure).name)}, "


def _points(groups: GroupRisks) -> Points:
    sizes = groups.sizes if groups.sizes is not None else np.ones(len(groups.index))
    return Points(
        groups.reference.tolist(),
        groups.index.tolist(),
        diameters_of(sizes) if groups.sizes is not None else 7.0,
        fill="deep band",
        edge="mark",
        labels=groups.labels,
    )


def _pooled_curves(result: PooledResult, at: list[float]) -> tuple[list[Mark], list[LegendEntry]]:
    """Return the curve on which studies would lie if all had the pooled effect, with its interval."""
    curve = _effect_curve(result.effect_measure)
    lower, middle, upper = (
        [min(max(curve(risk, effect), 0.0), 1.0) for risk in at]
        for effect in (result.ci_lower, result.estimate, result.ci_upper)
    )
    kept = [i for i, risk in enumerate(middle) if risk < 1 or i == 0 or middle[i - 1] < 1]
    return (
        [
            Area(at, lower, upper, tone="band"),
            Line([at[i] for i in kept], [middle[i] for i in kept], tone="mark", width=1.6),
        ],
        [
            LegendEntry("line", "Pooled effect", tone="mark"),
            LegendEntry("area", "Its interval", tone="band"),
        ],
    )


def _effect_curve(effect_measure: str | None) -> Callable[[float, float], float]:
    """Return the risk in the index group from that in the reference group and an effect, by measure."""
    code = _code(effect_measure or "")
    if code == "RR":
        return lambda risk, effect: risk * math.exp(min(effect, 700.0))
    if code in ("OR", "PETO"):
        return lambda risk, effect: share_from_logit(math.log(risk / (1 - risk)) + effect)
    if code == "RD":
        return lambda risk, effect: risk + effect
    return lambda risk, effect: math.sin(min(max(math.asin(math.sqrt(risk)) + effect, 0.0), math.pi / 2)) ** 2


def _code(effect_measure: str) -> str:
    if effect_measure not in _CODES:
        raise UnknownNameError("measure of an L'Abbé plot", str(effect_measure), list(_CODES))
    return _CODES[effect_measure]


def _notes(groups: GroupRisks, result: PooledResult | None, more: Sequence[str]) -> tuple[str, ...]:
    notes = [] if result is None else [model_note(read_subject(result, "an L'Abbé plot"))]
    if groups.sizes is not None:
        notes.append("The area of a point shows the number of patients.")
    if groups.times_note:
        notes.append(groups.times_note)
    if not groups.counted:
        notes.append(
            "Risks as studies report or count them; where one reports survival, 100% minus its Kaplan-Meier "
            "rate."
        )
    return (*notes, *more)


def _describe(groups: GroupRisks, result: PooledResult | None) -> str:
    below = int((groups.index < groups.reference).sum())
    pooled = "" if result is None else f" {model_note(read_subject(result, 'an L’Abbé plot'))}"
    index, reference = groups.group_names
    rows = rows_text(len(groups.index))
    return f"In {below} of {rows} the risk in the {index} is lower than in the {reference}.{pooled}"
