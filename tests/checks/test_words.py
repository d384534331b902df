"""Times in a finding are in the unit of the print that it speaks of."""

from __future__ import annotations

import pytest

from evisynth.checks import span


@pytest.mark.parametrize(
    ("months", "printed", "told"),
    [
        (134.4, "11.2 years", "11.2 years"),
        (134.4, "11.2 yrs (95% CI 9 to 14)", "11.2 years"),
        (134.4, "134.4 months", "134 months"),
        (98.5, "3000 days", "98.5 months"),
    ],
)
def test_a_time_is_told_in_the_unit_of_its_print(months: float, printed: str, told: str) -> None:
    assert span(months, printed) == told
