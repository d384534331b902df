from __future__ import annotations

import pytest

from evisynth.arithmetic import time_words


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (30 / 30.4375, "30 days"),
        (90 / 30.4375, "90 days"),
        (3.0, "3 months"),
        (60.0, "5 years"),
        (5.5, "5.5 months"),
    ],
)
def test_days_stay_days(months: float, words: str) -> None:
    assert time_words(months) == words
