"""Counts behind a printed share of patients, and the exact and score intervals of x of n.

Only for shares of patients counted as x of n. A Kaplan-Meier rate is not one of them: with censoring it
equals no x/n, and failing this test says nothing against it. The intervals are defined at 0 of n and n of n
too, where no standard error exists.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from evisynth.arithmetic.distributions import critical_z
from evisynth.errors import InvalidDataError

#: Slack for binary arithmetic only: far below the last digit of any printed percentage.
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class CountRecovery:
    """The counts that a printed share of a known whole allows.

    ``rounded`` are the counts whose share rounds to the print (half up or half even), ``truncated`` those
    whose share gives the print when its further digits are cut off.
    """

    share: float
    denominator: int
    rounded: tuple[int, ...]
    truncated: tuple[int, ...]

    @property
    def candidates(self) -> tuple[int, ...]:
        """The counts that may be meant: by rounding, and by truncation only where no count rounds to it."""
        return self.rounded or self.truncated

    def admissible(self, *, others_cut_off: bool) -> tuple[int, ...]:
        """Return the counts to work with: none where the percentage is probably of other patients.

        A count that gives the percentage only when its further digits are cut off is believed where it is
        the only one, and other percentages of the same source are cut off too.
        """
        if self.rounded:
            return self.rounded
        return self.truncated if others_cut_off and len(self.truncated) == 1 else ()

    @property
    def exact(self) -> int | None:
        """The count when rounding leaves only one, else None."""
        return self.rounded[0] if len(self.rounded) == 1 else None

    @property
    def only_by_truncation(self) -> bool:
        """Whether the print was cut off, or mis-rounded, rather than rounded."""
        return not self.rounded and bool(self.truncated)

    @property
    def nearest(self) -> int | None:
        """The candidate whose share is nearest to the print (the smaller one of two equally near)."""
        if not self.candidates:
            return None
        return min(self.candidates, key=lambda count: (abs(count / self.denominator - self.share), count))


def recover_counts(share: float, half_unit: float, denominator: int) -> CountRecovery:
    """List the counts behind a printed share.

    Parameters
    ----------
    share : float
        The printed share, 0 to 1 (0.842 for 84.2 %).
    half_unit : float
        Half of its last printed digit (0.0005 for 84.2 %); 0 for a share known without rounding.
    denominator : int
        The number of patients it is a share of.

    Raises
    ------
    InvalidDataError
        When the share is outside 0 to 1, the half unit negative or the denominator not positive.
    """
    if not 0 <= share <= 1 or half_unit < 0:
        raise InvalidDataError(f"a share lies between 0 and 1, not {share} ± {half_unit}")
    if denominator <= 0:
        raise InvalidDataError(f"a share needs a positive number of patients, not {denominator}")
    first = max(0, math.floor((share - half_unit) * denominator) - 1)
    last = min(denominator, math.ceil((share + 2 * half_unit) * denominator) + 1)
    counts = range(first, last + 1)
    rounded = tuple(x for x in counts if abs(x / denominator - share) <= half_unit + _SLACK)
    truncated = tuple(
        x for x in counts if share - _SLACK <= x / denominator < share + max(2 * half_unit - _SLACK, _SLACK)
    )
    return CountRecovery(share, denominator, rounded, truncated)


def fitting_denominators(share: float, half_unit: float, most: int) -> tuple[int, ...]:
    """Return the numbers of patients up to ``most`` of which some count rounds to the printed share.

    What remains to be asked when no count of the stated whole fits: a subset was probably meant.
    """
    return tuple(n for n in range(1, most + 1) if recover_counts(share, half_unit, n).rounded)


def rounding_test_has_power(half_unit: float, denominator: int) -> bool:
    """Return whether counts lie further apart than printed shares, so that a misfit can be seen at all."""
    return 1 / denominator > 2 * half_unit


#: Fractions that people say, with the ends; "two thirds" has the neighbours three fifths and three quarters.
SPOKEN_FRACTIONS: tuple[float, ...] = (
    0.0, 1 / 10, 1 / 5, 1 / 4, 1 / 3, 2 / 5, 1 / 2, 3 / 5, 2 / 3, 3 / 4, 4 / 5, 9 / 10, 1.0,
)  # fmt: skip


def spoken_fraction_interval(value: float, half_unit: float | None = None) -> tuple[float, float]:
    """Return the interval that "about ``value``" covers.

    For a spoken fraction, the midpoints to the neighbouring spoken fractions (two thirds: 0.6333 to 0.7083).
    For any other value ("about 87 %") one printed unit to each side of its rounding interval, and one
    percentage point where the rounding is unknown.
    """
    if not 0 <= value <= 1:
        raise InvalidDataError(f"a share lies between 0 and 1, not {value}")
    nearest = min(range(len(SPOKEN_FRACTIONS)), key=lambda place: abs(SPOKEN_FRACTIONS[place] - value))
    # 0.005 takes 67 % and 33 % for the thirds they are spoken as.
    if abs(SPOKEN_FRACTIONS[nearest] - value) > 0.005:
        reach = 3 * half_unit if half_unit else 0.01
        return max(0.0, value - reach), min(1.0, value + reach)
    centre = SPOKEN_FRACTIONS[nearest]
    below = SPOKEN_FRACTIONS[max(0, nearest - 1)]
    above = SPOKEN_FRACTIONS[min(len(SPOKEN_FRACTIONS) - 1, nearest + 1)]
    return (below + centre) / 2, (centre + above) / 2


def _require_count(count: float, size: float) -> None:
    if size <= 0 or not 0 <= count <= size:
        raise InvalidDataError(f"{count:g} of {size:g} patients is not a proportion")


def clopper_pearson(count: int, size: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact two-sided interval of a proportion (Clopper & Pearson 1934, Biometrika 26:404-413).

    Parameters
    ----------
    count, size : int
        x of n patients.
    level : float
        Two-sided confidence level; each tail takes half of the rest, also at 0 of n and n of n.
    """
    _require_count(count, size)
    tail = (1 - level) / 2
    return _exact_lower(count, size, tail), 1 - _exact_lower(size - count, size, tail)


def clopper_pearson_one_sided(
    count: int, size: int, side: Literal["lower", "upper"], level: float = 0.95
) -> float:
    """Return the exact one-sided limit of a proportion, with the whole of ``1 - level`` in one tail."""
    _require_count(count, size)
    if side == "lower":
        return _exact_lower(count, size, 1 - level)
    return 1 - _exact_lower(size - count, size, 1 - level)


def _exact_lower(count: int, size: int, tail: float) -> float:
    if count == 0:
        return 0.0
    if count == size:
        return float(tail ** (1 / size))
    # scipy is paid for only between the extremes, which have closed forms.
    from scipy.special import betaincinv

    return float(betaincinv(count, size - count + 1, tail))


def jeffreys_interval(count: int, size: int, level: float = 0.95) -> tuple[float, float]:
    """Return the equal-tailed interval of a Beta(x + ½, n - x + ½), Jeffreys' prior."""
    _require_count(count, size)
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    a, b = count + 0.5, size - count + 0.5
    return float(betaincinv(a, b, tail)), float(betaincinv(a, b, 1 - tail))


def wilson_interval(share: float, size: float, level: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval of a share of ``size`` patients (1927, JASA 22:209-212)."""
    _require_count(share * size, size)
    z = critical_z(level)
    centre = share + z**2 / (2 * size)
    reach = z * math.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
    scale = 1 + z**2 / size
    return (centre - reach) / scale, (centre + reach) / scale


def newcombe_interval(
    index: tuple[float, float], reference: tuple[float, float], level: float = 0.95
) -> tuple[float, float]:
    """Return Newcombe's interval of the difference of two shares, defined at 0 and 1 too.

    Each argument is (share, size). Method 10 of Newcombe 1998, Stat Med 17:873-890: the Wilson limits of both
    shares, combined by squares.
    """
    (p1, n1), (p0, n0) = index, reference
    lower1, upper1 = wilson_interval(p1, n1, level)
    lower0, upper0 = wilson_interval(p0, n0, level)
    difference = p1 - p0
    below = math.hypot(p1 - lower1, upper0 - p0)
    above = math.hypot(upper1 - p1, p0 - lower0)
    return difference - below, difference + above
