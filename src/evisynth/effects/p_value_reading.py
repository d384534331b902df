"""Which printed p-values may enter a recovery, and why the others may not."""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.arithmetic.rounding import significant_figures
from evisynth.effects.grounds import Grounds, assuming, from_figures
from evisynth.effects.orientation import only_these_two
from evisynth.effects.readings import distinct
from evisynth.effects.subject import Subject
from evisynth.outcomes.reported_outcome import ReportedOutcome


@dataclass(frozen=True, slots=True)
class PValue:
    """A p-value with what it rests on; ``refused`` says why it enters no recovery."""

    figure: ReportedOutcome
    value: float
    half_unit: float | None
    grounds: Grounds
    refused: str | None = None

    @property
    def text(self) -> str:
        """The p-value as a sentence names it."""
        return p_text(self.figure)

    @property
    def is_exact(self) -> bool:
        """Whether it is printed as a number rather than as an inequality."""
        return self.figure.qualifier in (None, "=")

    @property
    def at_most(self) -> bool:
        """Whether it is printed as "p < c"."""
        return self.figure.qualifier in ("<", "<=")

    @property
    def at_least(self) -> bool:
        """Whether it is printed as "p > c", or as not significant."""
        return self.figure.qualifier in (">", ">=")

    @property
    def is_log_rank(self) -> bool:
        """Whether the source names the log-rank test."""
        test = _folded(self.figure.test)
        return "logrank" in test or "mantelcox" in test

    @property
    def is_wald(self) -> bool:
        """Whether the source names a Wald test."""
        return "wald" in _folded(self.figure.test)

    @property
    def test_is_unnamed(self) -> bool:
        """Whether the source does not say which test it is."""
        return not _folded(self.figure.test)

    @property
    def is_precise(self) -> bool:
        """Whether at least two significant figures are printed."""
        figures = significant_figures(self.value, self.half_unit)
        return figures is not None and figures >= 2


def p_text(figure: ReportedOutcome) -> str:
    """Return "p = 0.06" or "p < 0.001" for a figure printed with or without its letter."""
    printed = figure.as_reported.strip()
    if printed.casefold().startswith("p"):
        return printed
    return f"p {printed}" if printed[:1] in "<>≤≥=~" else f"p = {printed}"


def _folded(test: str | None) -> str:
    return "".join(letter for letter in (test or "").casefold() if letter.isalpha())


def read_p_values(subject: Subject) -> list[PValue]:
    """Return the p-values between the two arms, each admitted or refused with its reason."""
    printed = [figure for figure in subject.comparison.figures if figure.statistic == "p_value"]
    return [_read(subject, reading.figure, reading.grounds) for reading in distinct(printed)]


def _read(subject: Subject, figure: ReportedOutcome, grounds: Grounds) -> PValue:
    value = figure.value if figure.value is not None else 0.0
    because = subject.question.uses_inferred_p_values
    refused: str | None = None
    if not 0 < value <= 1 or figure.qualifier == "~":
        refused = f"{p_text(figure)} is not a usable p-value"
    elif figure.basis == "inferred" and not because:
        refused = (
            f"what {p_text(figure)} compares was inferred by the reader, not stated; it enters no "
            "recovery unless the question says so"
        )
    elif figure.basis == "unclear":
        refused = f"the source does not make clear what {p_text(figure)} compares"
    elif not only_these_two(subject.comparison, figure):
        refused = (
            f"{p_text(figure)} compares more or other groups than these two"
            if figure.compared_with
            else f"the source does not name the groups that {p_text(figure)} compares"
        )
    if figure.basis == "inferred" and because:
        grounds += Grounds(flags=("inferred_p_value",)) + assuming(
            f"{p_text(figure)} is taken to compare these two groups, as inferred by the reader: {because}"
        )
    half_unit = figure.half_unit
    if _is_one_sided(figure) and value <= 0.5:
        value, half_unit = 2 * value, None if half_unit is None else 2 * half_unit
        grounds += assuming(f"{p_text(figure)} is one-sided and was doubled")
    return PValue(figure, value, half_unit, grounds + from_figures(figure), refused)


def _is_one_sided(figure: ReportedOutcome) -> bool:
    test = _folded(figure.test)
    return "onesided" in test or "onetailed" in test
