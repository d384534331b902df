"""Estimates with their limits on the natural scale, and numbers as they are printed in a figure.

As many digits as carry meaning, true minus signs, and hard spaces where a line must not break.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evisynth.arithmetic import to_natural_interval, to_natural_scale
from evisynth.measures import EffectMeasure
from evisynth.wording import MINUS, fixed, ratio_text


@dataclass(frozen=True, slots=True)
class NaturalInterval:
    """An estimate with its limits on the natural scale; None where there is none (open on that side)."""

    estimate: float | None
    lower: float | None
    upper: float | None

    @property
    def values(self) -> tuple[float, ...]:
        """What is given, without the gaps."""
        return tuple(v for v in (self.estimate, self.lower, self.upper) if v is not None)


def natural_interval(
    scale: str, estimate: float | None, lower: float | None, upper: float | None
) -> NaturalInterval:
    """Take an estimate and its limits from an analysis scale to the natural one.

    Parameters
    ----------
    scale
        Analysis scale: a key of ``arithmetic.scales.TRANSFORMATIONS``.
    estimate, lower, upper
        On the analysis scale; None where there is none.

    Returns
    -------
    NaturalInterval
        With ``lower`` below ``upper`` on the natural scale, also where the scale is decreasing.
    """
    middle = None if estimate is None else to_natural_scale(estimate, scale)
    return NaturalInterval(middle, *to_natural_interval(lower, upper, scale))


@dataclass(frozen=True, slots=True)
class IntervalWords:
    """How an interval is written: ``(0.41 to 1.27)``, ``[0.41, 1.27]`` or ``(0.41-1.27)``."""

    opening: str = "("
    between: str = " to "
    closing: str = ")"

    def enclose(self, lower: str, upper: str) -> str:
        """Write two limits; a hyphen gives way to ``to`` beside a minus sign or a word."""
        plain = all(character.isdigit() or character == "." for character in lower + upper)
        between = self.between if plain or self.between != "-" else " to "
        return f"{self.opening}{lower}{between}{upper}{self.closing}"


PLAIN_INTERVAL = IntervalWords()


def decimals_for(display: EffectMeasure, intervals: Iterable[NaturalInterval]) -> int:
    """Choose the decimals of a column of effects, one choice for all its rows.

    Survival is printed as whole percents; shares keep one decimal, since 1.6% is not 2%. Months are whole
    unless one of them is below 10.
    """
    if display.axis == "months":
        estimates = [i.estimate for i in intervals if i.estimate is not None]
        return max(display.decimals, 1) if any(value < 10 for value in estimates) else display.decimals
    return display.decimals


def natural_text(value: float, display: EffectMeasure, decimals: int) -> str:
    """Write one natural-scale number of a measure, without its unit."""
    if display.axis == "ratio":
        return ratio_text(value)
    if not math.isfinite(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    return fixed(100 * value if display.axis == "percent" else value, decimals)


def interval_text(
    interval: NaturalInterval,
    display: EffectMeasure,
    decimals: int,
    words: IntervalWords = PLAIN_INTERVAL,
) -> str:
    """Write ``0.72 (0.41 to 1.27)``; a bound as ``≤ 0.59``, ``≥ 97`` or ``0.44 to 2.34``.

    A median whose upper limit was not reached is printed as ``39 (15 to not reached)``.
    """
    estimate, lower, upper = (
        None if value is None else natural_text(value, display, decimals)
        for value in (interval.estimate, interval.lower, interval.upper)
    )
    if estimate is not None and lower is None and upper is None:
        return estimate
    if estimate is not None:
        endless = "not reached" if display.axis == "months" else "∞"
        return f"{estimate} {words.enclose(lower or f'{MINUS}∞', upper or endless)}"
    if lower is not None and upper is not None:
        return f"{lower} to {upper}"
    if upper is not None:
        return f"≤ {upper}"
    return "" if lower is None else f"≥ {lower}"


def spelled_interval(interval: NaturalInterval, display: EffectMeasure, decimals: int) -> str:
    """Write ``79% (68% to 86%)``: a percent sign behind each number, any other unit once."""
    sign, after = ("%", "") if display.unit == "%" else ("", display.suffix)
    estimate, lower, upper = (natural_text(x, display, decimals) + sign for x in interval.values)
    return f"{estimate} ({lower} to {upper}){after}"


def size_text(sizes: Sequence[int | None]) -> str:
    """Write the sizes of the groups of a row: ``80 vs 37``; a dash for one that is not stated."""
    if all(size is None for size in sizes):
        return "–"
    return " vs ".join("–" if size is None else str(size) for size in sizes)
