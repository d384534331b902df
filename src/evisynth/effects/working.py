"""How an effect was worked out: its equations, and the printed numbers that were put into them.

A recovery hands its working on with its result, so that an explanation shows the formula that was used and
no other. ``role`` tells which equation gives the effect's own fields; a test computes every one again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from evisynth.effects.expression import Expression, number_text, short_text, worked_out_text

Role = Literal["step", "estimate", "standard_error", "lower", "upper"]
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Equation:
    """``quantity = formula``; the quantity is a letter of the equations after it."""

    quantity: str
    formula: Expression
    role: Role = "step"


@dataclass(frozen=True, slots=True)
class WrittenEquation:
    """An equation with letters, and with numbers put in: ``log(-log 0.79) - ... = -1.445 - ... = -1.385``."""

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

    def only(self, *names: str) -> Working:
        """Return the numbers of these letters alone, without any equation."""
        return Working(
            numbers=tuple(number for number in self.numbers if number[0] in names),
            letters=tuple(letter for letter in self.letters if letter[0] in names),
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
        known = dict(self.numbers)
        texts = {name: number_text(value) for name, value in self.numbers}
        for equation in self.equations:
            value = equation.formula.value(known)
            result = short_text(value) if equation.role == "step" else worked_out_text(value)
            stages = [equation.formula.text(texts), equation.formula.parts_text(known), result]
            with_numbers = " = ".join(dict.fromkeys(stage for stage in stages if stage))
            formula = equation.formula.text()
            yield WrittenEquation(equation.quantity, formula, with_numbers, value, equation.role)
            known[equation.quantity], texts[equation.quantity] = value, result


def _once(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
    return tuple(dict.fromkeys(items))
