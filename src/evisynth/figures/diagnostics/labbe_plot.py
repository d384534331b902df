"""L'Abbé plot: the risk in one group against the risk in the other, one point a study."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from evisynth.answers import pool_risks
from evisynth.arithmetic import from_natural_scale, to_natural_scale
from evisynth.errors import InvalidDataError, UnknownNameError
from evisynth.figures.chart.axes import plain_axis
from evisynth.figures.chart.chart import Area, Axis, Chart, LegendEntry, Line, Mark, Panel, Points
from evisynth.figures.diagnostics.subject import (
    MOST_LABELS,
    Array,
    Labels,
    diameters_of,
    model_note,
    read_subject,
    row_names,
    rows_text,
)
from evisynth.figures.given_texts import is_missing, read_pair
from evisynth.figures.measures import measure_display
from evisynth.figures.ticks import Scale, Tick, choose_scale
from evisynth.measures import MEASURES, EffectMeasure
from evisynth.synthesis import PooledResult
from evisynth.wording import time_words, type_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: What is said when that is lacking.
NEEDED = (
    "an L'Abbé plot needs events and patients of both groups (events1, n1, events2, n2), or the risks of both"
)


@dataclass(frozen=True, slots=True, eq=False)
class GroupRisks:
    """The risk of each study in the index group (1) and in the reference group (2), and its patients.

    ``sizes`` is None when they are not known. ``group_names`` name the groups on the axes; ``counted`` says
    whether the risks come from events and patients; ``times`` by when the event was looked for, in months,
    None where that is not said; ``event`` what the risk is of, empty where that is not said.
    """

    index: Array
    reference: Array
    sizes: Array | None
    names: tuple[str, ...]
    labelled: bool
    group_names: tuple[str, str]
    counted: bool = True
    times: tuple[float | None, ...] = ()
    event: str = ""

    @property
    def one_time(self) -> str:
        """The time of all risks in words; empty when they have several, or none."""
        first = self.times[0] if self.times else None
        return time_words(first) if first is not None and set(self.times) == {first} else ""

    @property
    def labels(self) -> tuple[str, ...]:
        """What is written at the points: risks of different times are told apart there."""
        if not self.labelled:
            return ()
        if self.one_time or not self.times:
            return self.names
        return tuple(
            f"{name}, {_by(time)}" if time is not None else name
            for name, time in zip(self.names, self.times, strict=True)
        )

    @property
    def times_note(self) -> str:
        """Say which times there are when they differ; empty when they do not."""
        if self.one_time or not any(time is not None for time in self.times):
            return ""
        counts = Counter(self.times)
        known = sorted(time for time in counts if time is not None)
        said = [f"{_by(time)} ({counts[time]})" for time in known]
        said += [f"time not stated ({counts[None]})"] if counts[None] else []
        return f"Risks of different times (rows): {', '.join(said)}."


def _by(months: float) -> str:
    return f"by {time_words(months)}"


def read_risks(
    columns: Sequence[ArrayLike | None],
    risks: tuple[ArrayLike, ArrayLike] | None,
    group_names: tuple[str, str],
    labels: Labels = None,
    times: Sequence[float | None] | None = None,
) -> GroupRisks:
    """Check events and patients, or risks, and turn them into risks with names and times."""
    group_names = read_pair("group_names", group_names)
    events1, n1, events2, n2 = (None if column is None else _numbers(column) for column in columns)
    if risks is not None:
        if not isinstance(risks, tuple | list) or len(risks) != 2:
            raise InvalidDataError("risks are two columns: of the index group and of the reference group")
        index, reference = (_numbers(share) for share in risks)
        sizes = None if n1 is None or n2 is None else n1 + n2
    elif events1 is None or n1 is None or events2 is None or n2 is None:
        raise InvalidDataError(NEEDED)
    else:
        if not (np.all(n1 > 0) and np.all(n2 > 0)):
            raise InvalidDataError(f"{NEEDED}; a group without patients has no risk")
        index, reference, sizes = events1 / n1, events2 / n2, n1 + n2
    for name, shares in (("index", index), ("reference", reference)):
        _check_shares(name, shares, np.size(index))
    names = row_names(labels, None, len(index))
    known = labels is not None and not isinstance(labels, bool)
    labelled = labels is True or (known and len(index) <= MOST_LABELS)
    return GroupRisks(
        index, reference, sizes, names, labelled, group_names, risks is None, _times(times, len(index))
    )


def _times(times: Sequence[float | None] | None, row_count: int) -> tuple[float | None, ...]:
    if times is None:
        return ()
    try:
        listed = [None if is_missing(time) else float(time) for time in times]  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise InvalidDataError(f"times are a list of months, one a study, not {times!r}") from None
    if len(listed) != row_count:
        raise InvalidDataError(f"{len(listed)} times for {row_count} rows; give one for each, or None")
    wrong = next((time for time in listed if time is not None and not 0 < time < math.inf), None)
    if wrong is not None:
        raise InvalidDataError(f"a time of {wrong:g} months; a risk is looked for by a time above 0")
    return tuple(listed)


def _numbers(column: ArrayLike) -> Array:
    try:
        return np.asarray(column, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidDataError(f"{NEEDED}, as numbers: {error}") from None


def _check_shares(name: str, shares: Array, row_count: int) -> None:
    if shares.ndim != 1 or len(shares) != row_count or not row_count:
        raise InvalidDataError(f"the risks of the {name} group must be one a study, for at least one study")
    wrong = np.flatnonzero(~((shares >= 0) & (shares <= 1)))
    if wrong.size:
        row = int(wrong[0])
        raise InvalidDataError(
            f"row {row + 1}: the risk in the {name} group is {float(shares[row])!r}; a risk lies between 0 "
            "and 1"
        )


_CURVE_PLACES = 101
#: Rows crowd where most lie in this first share of the axis; a log axis leaves a factor free beside them.
_CROWDED, _FEWEST_TO_CROWD, _BESIDE = 0.1, 4, 1.15


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
    event: str = "",
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
    event
        What the risk is of, written at the axes: ``death``.
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
        code = _measure(effect_measure).code or ""
        counted = [column for column in columns if column is not None]
        if len(counted) < len(columns):
            raise InvalidDataError(NEEDED)
        result = pool_risks(counted, code)
    if result is not None and not isinstance(result, PooledResult):
        raise InvalidDataError(f"result is a PooledResult, not {type_words(result)}; pool first")
    own = None if result is None else result.labels
    groups = read_risks(columns, risks, group_names, labels if labels is not None else own, times)
    return draw_chart(lay_out_labbe(replace(groups, event=event), result, title=title, notes=notes))


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
    of = f" of {groups.event}" if groups.event else ""
    axes = [
        Axis(f"Risk{of} in the {name}{when}, %{logarithmic}", x.scale, x.ticks) for name in groups.group_names
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
    difference = result is not None and _measure(result.effect_measure).axis == "difference"
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
    return "" if result is None else f"{measure_display(result.effect_measure).words}, "


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
    scale = _measure(effect_measure).risk_scale or ""
    return lambda risk, effect: to_natural_scale(from_natural_scale(risk, scale) + effect, scale)


def _measure(effect_measure: str | None) -> EffectMeasure:
    """Return a measure that sets two risks against each other: only its effect is a curve here."""
    known = {name: record for name, record in MEASURES.items() if record.risk_scale is not None}
    if effect_measure not in known:
        raise UnknownNameError("measure of an L'Abbé plot", str(effect_measure or ""), list(known))
    return known[effect_measure]


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
