"""The working of an effect: its equations, the printed numbers put into them, and the values they give.

A recovery makes its working and takes its estimate from it, so that an explanation shows the formula that
was computed and no other. ``role`` tells which equation gives a field of the effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

from evisynth.arithmetic import Expression, Number, Printed, rounding_interval
from evisynth.wording import number_text, result_text, step_text

_Item = TypeVar("_Item")
Role = Literal["step", "estimate", "standard_error", "lower", "upper"]


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


class _Known(dict[str, Any]):
    """The numbers of a working; a quantity is computed when it is first asked for."""

    def __init__(self, equations: tuple[Equation, ...], numbers: Mapping[str, Number]) -> None:
        super().__init__(numbers)
        self._formulas = {equation.quantity: equation.formula for equation in equations}

    def __missing__(self, quantity: str) -> Any:
        value = self[quantity] = self._formulas[quantity].value(self)
        return value


@dataclass(frozen=True, slots=True)
class Working:
    """Equations in the order in which they are worked out, the numbers put in, and what the letters mean.

    ``words`` says in a sentence what is done; alone where no number follows from the print.
    """

    words: str = ""
    equations: tuple[Equation, ...] = ()
    numbers: tuple[tuple[str, Number], ...] = ()
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
            tuple({**dict(self.numbers), **dict(other.numbers)}.items()),
            _once((*self.letters, *other.letters)),
        )

    def gives(self, name: str) -> bool:
        """Whether one of the equations gives this quantity, or this field of an effect."""
        return any(name in (equation.role, equation.quantity) for equation in self.equations)

    def value(self, name: str, instead: Mapping[str, Number] | None = None) -> Any:
        """Return a number that was put in, or compute a quantity or a field of the effect.

        Parameters
        ----------
        name
            ``"estimate"``, ``"standard_error"``, ``"lower"``, ``"upper"``, or a letter such as ``"V"``.
        instead
            Numbers that take the place of those put in, by their letters. Equations that the quantity does
            not rest on are not computed, and need no number.
        """
        known = _Known(self.equations, {**dict(self.numbers), **(instead or {})})
        quantities = {equation.role: equation.quantity for equation in self.equations}
        return known[quantities.get(cast("Role", name), name)]

    def rounding(self, printed: Mapping[str, Printed], name: str = "estimate") -> tuple[float, float]:
        """Return how far a quantity moves when printed numbers go to the ends of their rounding."""
        return rounding_interval(
            lambda *ends: float(self.value(name, dict(zip(printed, ends, strict=True)))),
            list(printed.values()),
        )

    def written(self) -> tuple[WrittenEquation, ...]:
        """Write out every equation and compute it from the numbers."""
        return tuple(self._written())

    def _written(self) -> Iterator[WrittenEquation]:
        known: dict[str, Any] = dict(self.numbers)
        texts = {name: number_text(float(value)) for name, value in self.numbers}
        for equation in self.equations:
            value = equation.formula.value(known)
            result = step_text(value) if equation.role == "step" else result_text(value)
            stages = [equation.formula.text(texts), equation.formula.parts_text(known), result]
            with_numbers = " = ".join(dict.fromkeys(stage for stage in stages if stage))
            formula = equation.formula.text()
            yield WrittenEquation(equation.quantity, formula, with_numbers, value, equation.role)
            known[equation.quantity], texts[equation.quantity] = value, result


def _once(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
    return tuple(dict.fromkeys(items))
