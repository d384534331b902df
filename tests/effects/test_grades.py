from __future__ import annotations

import pytest

from evisynth.effects import Grounds, coarse_rounding, downgraded, grade_rank, lowered
from evisynth.outcomes import Grade


@pytest.mark.parametrize(
    ("grade", "steps", "expected"),
    [("A", 0, "A"), ("A", 1, "B"), ("B", 2, "D"), ("C", 5, "D"), ("D", 1, "D"), ("X", 3, "X")],
)
def test_downgrades_stop_at_d(grade: Grade, steps: int, expected: Grade) -> None:
    assert lowered(grade, steps) == expected


def test_grades_are_in_order() -> None:
    assert [grade_rank(grade) for grade in ("A", "B", "C", "D", "X")] == [0, 1, 2, 3, 4]  # type: ignore[arg-type]


def test_half_the_standard_error_is_the_edge() -> None:
    assert coarse_rounding(1.0, (-0.5, 0.5)) == Grounds()
    assert coarse_rounding(1.0, (-0.51, 0.51)).all_flags == ("coarse_rounding",)


def test_one_kind_in_two_arms_is_one_downgrade() -> None:
    both = (
        downgraded("few_at_risk", "few in A")
        + downgraded("few_at_risk", "few in B")
        + downgraded("other", "else")
    )
    assert both.reasons == ("few in A; few in B", "else")
    assert both.all_flags == ("few_at_risk", "other")
