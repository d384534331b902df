"""How a layout says its statistics: the letters, signs and labels that a journal's readers know."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evisynth.figures.number_text import HARD_SPACE, p_value_text


@dataclass(frozen=True, slots=True)
class Voice:
    """The words around pooled numbers.

    ``spaced`` puts spaces around signs of equality; ``full_p`` writes p with its leading zero;
    ``test_statistic`` gives t or Z with the test of the overall effect.
    """

    pooled: str = "Pooled estimate"
    subtotal: str = "Pooled estimate"
    refused: str = "No pooled estimate"
    heterogeneity: str = "Heterogeneity"
    q: str = "Q"
    tau_squared: str = "τ²"
    tau_first: bool = False
    overall_effect: str = "Overall effect"
    difference: str = "Difference between subgroups"
    p: str = "p"
    full_p: bool = True
    spaced: bool = True
    test_statistic: bool = False
    favours: str = "Favours"

    def equal(self, name: str, value: str) -> str:
        """Write ``Q = 3.9`` so that it does not break in two lines."""
        space = HARD_SPACE if self.spaced else ""
        return f"{name}{space}={space}{value}"

    def p_text(self, p: float) -> str:
        """Write a p-value: ``p = 0.08``, ``P = .08`` or ``P=0.08``."""
        text = p_value_text(p).replace("p", self.p, 1)
        if not self.full_p:
            text = text.replace("0.", ".")
        return text if self.spaced else re.sub(rf"{HARD_SPACE}([=<>]){HARD_SPACE}", r"\1", text)

    def p_number(self, p: float) -> str:
        """Write a p-value under a heading that says p: ``0.08``, ``.08`` or ``< 0.001``."""
        text = self.p_text(p).removeprefix(self.p).strip(HARD_SPACE)
        return text.removeprefix("=").strip(HARD_SPACE)


PLAIN = Voice()
REVMAN = Voice(
    pooled="Total ({level} CI)",
    subtotal="Subtotal ({level} CI)",
    q="Chi²",
    tau_squared="Tau²",
    tau_first=True,
    overall_effect="Test for overall effect",
    difference="Test for subgroup differences",
    p="P",
    test_statistic=True,
)
JAMA = Voice(
    pooled="Overall",
    subtotal="Subtotal",
    q="χ²",
    tau_first=True,
    overall_effect="Test for overall effect",
    difference="Test for subgroup differences",
    p="P",
    full_p=False,
    favours="Favors",
)
BMJ = Voice(
    pooled="Total ({level} CI)",
    subtotal="Subtotal ({level} CI)",
    heterogeneity="Test for heterogeneity",
    q="χ²",
    tau_first=True,
    overall_effect="Test for overall effect",
    difference="Test for subgroup difference",
    p="P",
    spaced=False,
    test_statistic=True,
)
