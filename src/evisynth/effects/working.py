"""How an effect was worked out: its equations, and the printed numbers that were put into them.

A recovery hands its working on with its result, so that an explanation shows the formula that was used and
no other. ``role`` tells which equation gives the effect's own fields; a test computes every one again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from evisynth.effects.expression import Expression, worked_out_text

Role = Literal["step", "estimate", "standard_error", "lower", "upper"]


@dataclass(frozen=True, slots=True)
class Equation:
    """``quantity = formula``; the quantity is a letter of the equations after it."""

    quantity: str
    formula: Expression
    role: Role = "step"


@dataclass(frozen=True, slots=True)
class WrittenEquation:
    """An equation with letters, with numbers put in, and worked out."""

    quantity: str
    formula: str
    with_numbers: str
    value: float
    role: Role


@dataclass(frozen=True, slots=True)
class Working:
    """Equations in the order in which they are worked out, the numbers put in, and what the letters mean.

    ``words`` says in a sentence what is done; alone where no number follows from the print.
    """

    words: str = ""
    equations: tuple[Equation, ...] = ()
    numbers: tuple[tuple[str, float], ...] = ()
    letters: tuple[tuple[str, str], ...] = ()

    def marked(self, mark: str, whose: str) -> Working:
        """Return the working of one of two groups: every letter gets ``mark``, every meaning its owner."""
        return Working(
            self.words,
            tuple(Equation(f"{e.quantity}{mark}", e.formula.marked(mark), e.role) for e in self.equations),
            tuple((f"{name}{mark}", value) for name, value in self.numbers),
            tuple((f"{name}{mark}", f"{meaning}, {whose}") for name, meaning in self.letters),
        )

    def __add__(self, other: Working) -> Working:
        return Working(
            other.words or self.words,
            _once((*self.equations, *other.equations)),
            _once((*self.numbers, *other.numbers)),
            _once((*self.letters, *other.letters)),
        )

    def written(self) -> tuple[WrittenEquation, ...]:
        """Write out every equation and compute it from the numbers."""
        return tuple(self._written())

    def _written(self) -> Iterator[WrittenEquation]:
        known: dict[str, float] = dict(self.numbers)
        for equation in self.equations:
            value = equation.formula.value(known)
            yield WrittenEquation(
                equation.quantity,
                equation.formula.text(),
                _with_numbers(equation.formula, known, value),
                value,
                equation.role,
            )
            known[equation.quantity] = value


def _once[Item](items: tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(items))


def _with_numbers(formula: Expression, known: Mapping[str, float], value: float) -> str:
    """Write ``log(-log 0.79) - log(-log 0.39) = -1.445 - (-0.060) = -1.385``, each stage once."""
    result = worked_out_text(value)
    stages = [formula.text(known), formula.parts_text(known), result]
    return " = ".join(dict.fromkeys(stage for stage in stages if stage))


def normal_interval_text(level: float) -> str:
    """Say what z is for an interval of a level."""
    return f"normal deviate of a {level:.0%} interval" if math.isfinite(level) else "normal deviate"
