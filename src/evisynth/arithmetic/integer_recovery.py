"""Which numbers of patients a printed percentage can stand for.

Only for shares of patients counted as x of n. A Kaplan-Meier rate is not one of them: with censoring it
equals no x/n, and failing this test says nothing against it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

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
        """The counts to work with: by rounding, and by truncation only where no count rounds to the print."""
        return self.rounded or self.truncated

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
