"""A plot of evidence that is given something else says what it is drawn from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evisynth.errors import InvalidDataError
from evisynth.figures import checked_entries, cohort_timeline, evidence_map, reporting_matrix, survival_sketch


@pytest.mark.parametrize("draw", [cohort_timeline, evidence_map, reporting_matrix, survival_sketch])
@pytest.mark.parametrize("given", [None, 3, "abc", [1], {"a": 1}])
def test_something_else_is_refused_by_its_name(draw: Callable[[Any], Any], given: Any) -> None:
    with pytest.raises(InvalidDataError, match=r"drawn from a list of [A-Z]\w+, not from a"):
        draw(given)


def test_entries_come_back_as_a_list() -> None:
    assert checked_entries(iter((1, 2)), int, "a plot") == [1, 2]
    assert checked_entries((), int, "a plot") == []
