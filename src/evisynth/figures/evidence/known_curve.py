"""One survival curve as far as printed figures know it: its points, its median, and all curves they allow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from evisynth.arithmetic import (
    binomial_variance,
    clopper_pearson,
    critical_z,
    spoken_fraction_interval,
    survival_interval,
)
from evisynth.outcomes import ReportedOutcome

Precision = Literal["exact", "at least", "at most", "about"]
_PRECISION: dict[str | None, Precision] = {
    "=": "exact", None: "exact", ">": "at least", ">=": "at least", "<": "at most", "<=": "at most",
    "~": "about",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A rate at a time; before rounding it lay between ``least`` and ``most``.

    ``interval`` is the printed one, or worked out from the number of patients as if all had been followed.
    """

    months: float
    survival: float
    least: float
    most: float
    precision: Precision
    interval: tuple[float, float] | None = None
    interval_printed: bool = False


@dataclass(frozen=True, slots=True)
class CurveMedian:
    """A median; ``months`` is None when it was not reached, and ``reach`` then says up to when at least."""

    months: float | None
    half_unit: float = 0.0
    precision: Precision = "exact"
    lower: float | None = None
    upper: float | None = None
    upper_not_reached: bool = False
    reach: float | None = None


class Limit(NamedTuple):
    """A time up to which, or from which, a rate bounds a curve, at that time ``itself`` or not."""

    months: float
    survival: float
    itself: bool = True


@dataclass(frozen=True, slots=True)
class Band:
    """The surface that holds every falling curve through the figures; places of a step stand twice."""

    months: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class KnownCurve:
    """All that is printed of the curve of one group."""

    study: str
    group: str
    label: str
    size: int | None
    role: str
    points: tuple[CurvePoint, ...]
    medians: tuple[CurveMedian, ...]

    @property
    def is_silent(self) -> bool:
        """Whether nothing follows for the curve: a median not reached, and nobody says by when."""
        return not self.points and all(m.months is None and m.reach is None for m in self.medians)

    @property
    def floors(self) -> list[Limit]:
        """Up to when the curve is no lower than a rate; at a median itself it may be lower already."""
        found = [Limit(p.months, p.least) for p in self.points if p.precision != "at most"]
        for median in self.medians:
            if median.months is None:
                found += [] if median.reach is None else [Limit(median.reach, 0.5)]
            elif median.precision in ("exact", "at least"):
                found.append(Limit(median.months - median.half_unit, 0.5, itself=False))
        return found

    @property
    def ceilings(self) -> list[Limit]:
        """From when the curve is no higher than a rate."""
        found = [Limit(p.months, p.most) for p in self.points if p.precision != "at least"]
        return found + [
            Limit(median.months + median.half_unit, 0.5)
            for median in self.medians
            if median.months is not None and median.precision in ("exact", "at most")
        ]

    @property
    def contradicts_itself(self) -> bool:
        """Whether no falling curve meets all figures."""
        rises = any(
            floor.survival > ceiling.survival + 1e-9
            and (floor.months > ceiling.months or (floor.months == ceiling.months and floor.itself))
            for floor in self.floors
            for ceiling in self.ceilings
        )
        not_reached = any(median.months is None for median in self.medians)
        return rises or (not_reached and any(c.survival < 0.5 - 1e-9 for c in self.ceilings))

    def band(self, until: float) -> Band | None:
        """Return the surface of all curves up to a time; None when there is none, or nothing is known."""
        floors, ceilings = self.floors, self.ceilings
        if self.contradicts_itself or not (floors or ceilings):
            return None
        steps = {limit.months for limit in floors + ceilings if 0 <= limit.months <= until}
        xs, lower, upper = [], [], []
        for time in sorted({0.0, until, *steps}):
            for after in (False, True):
                above = [f for f in floors if f.months > time or (f.months == time and not after)]
                below = [c for c in ceilings if c.months < time or (c.months == time and after)]
                xs.append(time)
                lower.append(max([0.0, *(floor.survival for floor in above)]))
                upper.append(min([1.0, *(ceiling.survival for ceiling in below)]))
        return Band(tuple(xs), tuple(lower), tuple(upper))

    @property
    def last_known(self) -> tuple[float, float]:
        """The latest time at which something is known, and the rate there: where a name would stand."""
        known = [(p.months, p.survival) for p in self.points]
        known += [(m.months, 0.5) for m in self.medians if m.months is not None]
        known += [(m.reach, 0.75) for m in self.medians if m.months is None and m.reach is not None]
        return max(known, default=(0.0, 0.75))


def known_curves(
    reported: Iterable[ReportedOutcome], follow_up: dict[str, float] | None = None, level: float = 0.95
) -> list[KnownCurve]:
    """Gather the curve of every group, in the order of the figures.

    Parameters
    ----------
    reported
        Figures of one outcome; those between groups, adjusted ones, and statistics other than rates and
        medians are passed over.
    follow_up
        Median follow-up in months, by study: a median that was not reached lies beyond it.
    level
        Of the intervals that are worked out.
    """
    by_group: dict[tuple[str, str], list[ReportedOutcome]] = {}
    for row in reported:
        if describes_curve(row):
            by_group.setdefault((row.study, row.group), []).append(row)
    return [_known_curve(rows, (follow_up or {}).get(study), level) for (study, _), rows in by_group.items()]


def describes_curve(row: ReportedOutcome) -> bool:
    """Whether a figure says something of the plain survival curve of one group."""
    if row.compared_with is not None or row.adjusted is not None or row.state == "not_reported":
        return False
    if row.statistic == "survival":
        return row.value is not None and row.time_months is not None and 0 <= row.value <= 1
    return row.statistic == "median" and row.unit == "months" and (row.value is None or row.value >= 0)


def _known_curve(rows: Sequence[ReportedOutcome], follow_up: float | None, level: float) -> KnownCurve:
    points = tuple(
        sorted((_point(row, level) for row in rows if row.statistic == "survival"), key=lambda p: p.months)
    )
    above = [p.months for p in points if p.least >= 0.5]
    reach = max([*above, *([] if follow_up is None else [follow_up])], default=None)
    medians = tuple(_median(row, reach) for row in rows if row.statistic == "median")
    first = rows[0]
    sizes = {row.n for row in rows if row.n is not None}
    size = max(sizes) if sizes else None
    return KnownCurve(
        first.study, first.group, first.group_label or first.group, size, first.role, points, medians
    )


def _point(row: ReportedOutcome, level: float) -> CurvePoint:
    assert row.value is not None and row.time_months is not None  # describes_curve lets no other pass
    precision = _PRECISION[row.qualifier]
    least, most = _rounding(row.value, row.half_unit, precision)
    interval = None if row.ci_lower is None or row.ci_upper is None else (row.ci_lower, row.ci_upper)
    printed = interval is not None
    if interval is None and precision == "exact" and row.n and not row.n_not_reported:
        interval = _worked_out(row.value, row.n, level)
    return CurvePoint(row.time_months, row.value, least, most, precision, interval, printed)


def _rounding(value: float, half_unit: float | None, precision: Precision) -> tuple[float, float]:
    if precision == "about":
        return spoken_fraction_interval(value, half_unit)
    reach = (half_unit or 0.0) if precision == "exact" else 0.0
    return max(0.0, value - reach), min(1.0, value + reach)


def _worked_out(survival: float, size: int, level: float) -> tuple[float, float]:
    """Return the interval on the log(-log) scale; the exact one where that scale has no value."""
    if survival in (0, 1):
        return clopper_pearson(round(survival * size), size, level)
    return survival_interval(survival, binomial_variance(survival, size), critical_z(level))


def _median(row: ReportedOutcome, reach: float | None) -> CurveMedian:
    if row.state == "not_reached" or row.value is None:
        return CurveMedian(None, reach=reach, lower=row.ci_lower)
    precision = _PRECISION[row.qualifier]
    half_unit = (row.half_unit or 0.0) if precision == "exact" else 0.0
    endless = row.ci_upper_state == "not_reached" or (row.ci_upper is not None and math.isinf(row.ci_upper))
    upper = None if endless else row.ci_upper
    return CurveMedian(row.value, half_unit, precision, row.ci_lower, upper, endless)
