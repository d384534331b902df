"""Which values a spoken fraction covers: "about two thirds" reaches half way to its neighbours."""

from __future__ import annotations

from evisynth.errors import InvalidDataError

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
