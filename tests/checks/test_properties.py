"""What must hold for any numbers: a rounded share raises nothing, a cut-off one is told as such."""

from __future__ import annotations

import math

from hypothesis import given, strategies as st

from evisynth.checks import CHECKS as SHARE_CHECKS, StudyView, meets, p_interval, possible_counts
from evisynth.quantities import parse_quantity
from evisynth.wording import short_number

PERCENT_CODES = {"percent-truncated", "percent-of-nothing", "percent-against-count"}


@given(whole=st.integers(1, 3000), part=st.floats(0, 1), digits=st.integers(0, 2))
def test_the_count_behind_a_rounded_share_is_always_possible(whole: int, part: float, digits: int) -> None:
    count = round(part * whole)
    found = possible_counts(parse_quantity(f"{100 * count / whole:.{digits}f}%", "share"), whole)
    assert found is not None and found[0] <= count <= found[1]


@given(whole=st.integers(1, 3000), part=st.floats(0, 1), digits=st.integers(0, 2))
def test_the_count_behind_a_cut_off_share_is_always_possible(whole: int, part: float, digits: int) -> None:
    count = round(part * whole)
    scale = 10**digits
    cut = math.floor(100 * scale * count / whole + 1e-9) / scale
    found = possible_counts(parse_quantity(f"{cut:.{digits}f}%", "share"), whole)
    assert found is not None
    assert found[0] - 1 <= count <= found[1] + max(1, math.ceil(whole / (100 * scale)))


@given(p=st.floats(1e-6, 0.999), digits=st.integers(3, 6))
def test_a_p_value_meets_its_own_print(p: float, digits: int) -> None:
    assert meets(parse_quantity(f"{p:.{digits}f}", "p_value"), p, p)
    least, most = p_interval(parse_quantity(f"< {max(p, 0.001):.3f}", "p_value"))
    assert least == 0 and most >= 0.001


@given(value=st.floats(1e-12, 1e12))
def test_numbers_in_findings_keep_three_digits(value: float) -> None:
    # Two digits in exponents, three elsewhere: off by at most half of the last one.
    assert math.isclose(float(short_number(value).replace(",", "")), value, rel_tol=0.05)


def test_share_checks_agree_with_each_other(read_studies_of, vocabulary) -> None:
    """Of one share at most one of the three percentage checks tells something."""
    text = "groups: {all: {label: All, n: %d, at: line 1}}\noutcomes:\n"
    text += "  - {outcome: recurrence, at: line 2, values: {all: {proportion: %s}}}\n"
    for whole in (7, 22, 108):
        for printed in ("41%", "12.9%", "3 (42.8%)", "91 (84.2%)", "5 (99%)"):
            if printed.startswith("91") and whole < 91:
                continue
            (study,) = read_studies_of(text % (whole, printed))
            view = StudyView(study, vocabulary)
            told = [check.code for check in SHARE_CHECKS for one in check.run(view) if one is not None]
            assert len(PERCENT_CODES.intersection(told)) <= 1, (whole, printed, told)
