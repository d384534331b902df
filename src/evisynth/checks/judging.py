"""Turning what checks hand back into findings, and counting what they found fine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evisynth.checks.check import Check, Found
from evisynth.errors import Finding

#: The advice that a page gives, and a finding need not repeat.
_NOTHING = "nothing to mend"


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with what it speaks of, by which it can be acknowledged."""

    finding: Finding
    about: str


def judge_outcomes(
    check: Check,
    outcomes: Iterable[Found | None],
    file: str,
    fine: Counter[str],
) -> Iterator[Judged]:
    """Turn what a check yields into findings; what was fine is counted."""
    for found in outcomes:
        if found is None:
            fine[check.code] += 1
            continue
        finding = Finding(
            file=found.file or file,
            line=found.line,
            column=found.column,
            code=check.code,
            level=check.level,
            message=found.message,
            fix=found.fix or ("" if check.fix == _NOTHING else check.fix),
        )
        yield Judged(finding, found.about)
