"""The number of patients at risk that is printed beside a survival rate.

Fewer than five at risk make a rate too uncertain to use. Otherwise the number says how many were still under
observation: G(t) = r/(n S) of the patients, so that the rate weighs like r/S to n patients followed
throughout. Peto's variance takes r/S of them, the fewest.
"""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.arithmetic.time_words import time_words
from evisynth.effects.arm_words import of_group
from evisynth.effects.effect import Input
from evisynth.effects.grounds import Grounds, assuming
from evisynth.effects.readings import Reading
from evisynth.outcomes.comparison import Arm, Comparison
from evisynth.outcomes.reported_outcome import ReportedOutcome

#: With fewer at risk a rate is unreliable.
FEWEST_AT_RISK = 5


@dataclass(frozen=True, slots=True)
class AtRisk:
    """The smallest number at risk that the print allows; ``too_few`` says why the rate is not used."""

    patients: int
    grounds: Grounds
    too_few: str | None = None


def at_risk_beside(comparison: Comparison, arm: Arm, reading: Reading) -> AtRisk | None:
    """Return the number at risk printed beside a rate, the smallest where several are; None without one."""
    printed = [figure for figure in (reading.figure, *reading.repeats) if figure.at_risk is not None]
    if not printed:
        return None
    figure = min(printed, key=_smallest)
    patients, text = _smallest(figure), _as_printed(figure)
    exact = figure.at_risk_qualifier in (None, "=")
    grounds = Grounds(inputs=(_input(figure, text),))
    of, when = of_group(comparison, arm), f"at {time_words(figure.time_months or 0.0)}"
    if patients < FEWEST_AT_RISK:
        few = f"only {text} patients{of} were at risk {when}, fewer than {FEWEST_AT_RISK}"
        if not exact:
            few = f"the number{of} at risk {when} is printed as '{text}', perhaps fewer than {FEWEST_AT_RISK}"
        return AtRisk(patients, grounds + Grounds(flags=("few_at_risk",)), few)
    if not exact:
        grounds += assuming(f"the number{of} at risk {when}, printed as '{text}', is taken as {patients}")
    return AtRisk(patients, grounds)


def _smallest(figure: ReportedOutcome) -> int:
    """Return the smallest number that the print allows; "about" is taken at its word."""
    number = figure.at_risk if figure.at_risk is not None else 0
    if figure.at_risk_qualifier in ("<", "<="):
        return 0
    return number + 1 if figure.at_risk_qualifier == ">" else number


def _as_printed(figure: ReportedOutcome) -> str:
    return figure.at_risk_as_reported or str(figure.at_risk)


def _input(figure: ReportedOutcome, text: str) -> Input:
    when = f" at {time_words(figure.time_months)}" if figure.time_months is not None else ""
    return Input(
        f"patients at risk{when}, {figure.group}",
        text,
        figure.at_risk_source_location or figure.source_location,
        figure.at_risk_file_location or figure.file_location,
    )
