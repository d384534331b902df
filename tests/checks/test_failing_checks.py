"""A check that fails is one finding more, and keeps nothing of the others from anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from evisynth.checks import FINE, Found, check_study, find_check, judge_outcomes

TWO_GROUPS = """
groups:
  all: {label: All, n: 120, at: line 1}
  r: {label: Operated, of: all, by: operation, n: 70, at: line 1}
  c: {label: Not operated, of: all, by: operation, n: 50, at: line 1}
comparisons:
  - {outcome: overall survival, of: [r, c], HAZARD, p: PVALUE, basis: stated, at: line 2}
"""


def test_a_failure_is_told_after_what_was_found_before_it() -> None:
    def failing(_: object) -> Iterator[Found | None]:
        yield FINE
        yield Found(7, 3, "seven is odd", "seven")
        raise ZeroDivisionError("float division by zero")

    check = replace(find_check("group-sum"), run=failing)
    fine: Counter[str] = Counter()
    seven, failure = judge_outcomes(check, check.run(None), "studies/a.yaml", fine)
    assert fine == {"group-sum": 1}
    assert (seven.finding.line, seven.about) == (7, "seven")
    assert (failure.finding.file, failure.finding.code) == ("studies/a.yaml", "could-not-check")
    assert failure.finding.level == "warning"
    assert "'group-sum'" in failure.finding.message and "report it" in failure.finding.fix


@pytest.mark.parametrize(
    "interval", ["1.00 (95% CI 0.99 to 1.00)", "1.00 (95% CI 1.00 to 1.00)", "0.9 (95% CI 0.9 to 0.9)"]
)
@pytest.mark.parametrize("p_value", ["0.04", "< 0.001", "0.93"])
def test_limits_that_round_to_one_number_are_no_failure(  # type: ignore[no-untyped-def]
    read_studies_of, vocabulary, interval: str, p_value: str
) -> None:
    text = TWO_GROUPS.replace("HAZARD", f"hazard_ratio: {interval}").replace("PVALUE", p_value)
    (study,) = read_studies_of(text)
    codes = {one.finding.code for one in check_study(study, vocabulary).judged}
    assert "could-not-check" not in codes
    assert codes  # p-values without events and the like are found as ever
