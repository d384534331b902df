"""Which printed p-values may enter a recovery, and why the others may not."""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.arithmetic.rounding import significant_figures
from evisynth.effects.grounds import Grounds, assuming, from_figures
from evisynth.effects.orientation import only_these_two
from evisynth.effects.readings import distinct
from evisynth.effects.subject import Subject
from evisynth.outcomes.reported_outcome import ReportedOutcome

_LOG_RANK = frozenset({"logrank", "mantelcox"})
_WALD = frozenset({"wald", "cox", "coxwald", "waldcox"})


@dataclass(frozen=True, slots=True)
class PValue:
    """A p-value with what it rests on; ``refused`` says why it enters no recovery."""

    figure: ReportedOutcome
    value: float
    grounds: Grounds
    refused: str | None = None

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
        return _folded(self.figure.test) in _LOG_RANK

    @property
    def is_wald(self) -> bool:
        """Whether the source names a Wald test of a Cox model."""
        return _folded(self.figure.test) in _WALD

    @property
    def test_is_unnamed(self) -> bool:
        """Whether the source does not say which test it is."""
        return not _folded(self.figure.test)

    @property
    def is_precise(self) -> bool:
        """Whether at least two significant figures are printed."""
        figures = significant_figures(self.value, self.figure.half_unit)
        return figures is not None and figures >= 2


def _folded(test: str | None) -> str:
    return "".join(letter for letter in (test or "").casefold() if letter.isalpha()).removesuffix("test")


def read_p_values(subject: Subject) -> list[PValue]:
    """Return the p-values between the two arms, each admitted or refused with its reason."""
    printed = [figure for figure in subject.comparison.figures if figure.statistic == "p_value"]
    return [_read(subject, reading.figure, reading.grounds) for reading in distinct(printed)]


def _read(subject: Subject, figure: ReportedOutcome, grounds: Grounds) -> PValue:
    value = figure.value if figure.value is not None else 0.0
    because = subject.question.uses_inferred_p_values
    refused: str | None = None
    if not 0 < value <= 1 or figure.qualifier == "~":
        refused = f"{figure.as_reported} is not a usable p-value"
    elif figure.basis == "inferred" and not because:
        refused = (
            f"what {figure.as_reported} compares was inferred by the reader, not stated; it enters no "
            "recovery unless the question says so"
        )
    elif figure.basis == "unclear":
        refused = f"the source does not make clear what {figure.as_reported} compares"
    elif not only_these_two(subject.comparison, figure):
        refused = (
            f"{figure.as_reported} compares more or other groups than these two"
            if figure.compared_with
            else f"the source does not name the groups that {figure.as_reported} compares"
        )
    if figure.basis == "inferred" and because:
        grounds += Grounds(flags=("inferred_p_value",)) + assuming(
            f"{figure.as_reported} is taken to compare these two groups, as inferred by the reader: {because}"
        )
    return PValue(figure, value, grounds + from_figures(figure), refused)
