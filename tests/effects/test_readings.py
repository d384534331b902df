from __future__ import annotations

from itertools import permutations
from typing import Any

from evisynth.effects import distinct, rivals


def test_rivals_are_the_same_whichever_is_printed_first(printed: Any) -> None:
    figures = printed.survival(60, 0.60), printed.survival(60, 0.70), printed.survival(60, 0.80)
    for order in permutations(figures):
        found = distinct(order)
        assert {reading.figure.value for reading in rivals(found)} == {0.60, 0.70, 0.80}
        assert len({reading.grounds.downgrades for reading in found}) == 1


def test_figures_of_another_time_test_or_adjustment_do_not_contradict(printed: Any) -> None:
    for one, other in (
        (printed.survival(60, 0.60), printed.survival(120, 0.50)),
        (printed.p_value(0.01, test="log-rank"), printed.p_value(0.04, test="Wald")),
        (printed.p_value(0.01), printed.p_value(0.04, compared_with=("B", "C"))),
        (printed.ratio(0.62), printed.ratio(0.30, adjusted="age")),
        (printed.survival(60, 0.60, starts="surgery"), printed.survival(60, 0.70, starts="diagnosis")),
    ):
        assert not any(reading.contradicted for reading in distinct((one, other)))


def test_a_method_named_in_one_place_only_does_not_hide_a_contradiction(printed: Any) -> None:
    found = distinct((printed.survival(60, 0.60, method="Kaplan-Meier"), printed.survival(60, 0.70)))
    assert all(reading.contradicted for reading in found)


def test_print_with_fewer_digits_says_the_same(printed: Any) -> None:
    (reading,) = distinct((printed.survival(60, 0.60), printed.survival(60, 0.604, 0.0005)))
    assert reading.figure.value == 0.604
    assert not reading.contradicted
