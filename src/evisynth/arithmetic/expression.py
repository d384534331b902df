"""Formulas as values: the same formula is written with letters, with numbers put in, and computed.

A formula that stands once cannot say one thing and compute another. A function of this package that returns
``share * (1.0 - share) / size`` or ``root(variance)`` computes of floats and of arrays; of letters made by
:func:`letters` it gives the formula, which writes itself as ``S × (1 - S)/n``, with numbers put in as
``0.79 × (1 - 0.79)/80``, and has a value too. At the ends of its scale a function is infinite.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, overload

from evisynth.arithmetic.distributions import z_from_two_sided_p
from evisynth.arithmetic.patient_counts import clopper_pearson, wilson_interval
from evisynth.arithmetic.scales import TRANSFORMATIONS
from evisynth.wording import number_text, result_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: What a letter may stand for: one number, or one for each row of a table.
Number: TypeAlias = "float | NDArray[np.float64]"
#: What a formula may be made of: it gives back the like.
Term = TypeVar("Term", float, "NDArray[np.float64]", "Expression")
Numbers = Mapping[str, Any]
#: The same numbers as they are to be written.
Texts = Mapping[str, str]

_SIGNS: Mapping[str, tuple[str, int, Callable[[float, float], float]]] = {
    "+": (" + ", 1, operator.add),
    "-": (" - ", 1, operator.sub),
    "*": (" × ", 2, operator.mul),
    "/": ("/", 2, operator.truediv),
}
_UNARY, _ATOM = 3, 4


@dataclass(frozen=True, slots=True)
class Expression:
    """A part of a formula. Operators build larger ones; ``tightness`` says when it needs brackets."""

    @property
    def tightness(self) -> int:
        """How tightly it holds together: 1 a sum, 2 a product, 3 a function, 4 a letter or number."""
        return _ATOM

    def value(self, numbers: Numbers) -> Any:
        """Compute it: a float when every number is one, an array when one of them is."""
        raise NotImplementedError

    def text(self, numbers: Texts | None = None) -> str:
        """Write it with letters, or with numbers put in."""
        raise NotImplementedError

    def marked(self, mark: str) -> Expression:
        """Return it with ``mark`` behind every letter: S becomes S1."""
        raise NotImplementedError

    def parts_text(self, numbers: Numbers) -> str | None:
        """Write it with both sides of its last step worked out, None when there is nothing to work out."""
        return None

    def __add__(self, other: Expression) -> Expression:
        return _Operation("+", self, other)

    def __sub__(self, other: Expression) -> Expression:
        return _Operation("-", self, other)

    def __rsub__(self, other: float) -> Expression:
        return _Operation("-", _Constant(other), self)

    def __mul__(self, other: Expression) -> Expression:
        return _Operation("*", self, other)

    def __rmul__(self, other: float) -> Expression:
        return _Operation("*", _Constant(other), self)

    def __truediv__(self, other: Expression) -> Expression:
        return _Operation("/", self, other)

    def __rtruediv__(self, other: float) -> Expression:
        return _Operation("/", _Constant(other), self)

    def __neg__(self) -> Expression:
        return _Application(_MINUS, (self,))

    def bracketed(self, tightness: int, numbers: Texts | None) -> str:
        """Write it, in brackets unless it holds together as tightly as asked."""
        text = self.text(numbers)
        return text if self.tightness >= tightness and not text.startswith("-") else f"({text})"


@dataclass(frozen=True, slots=True)
class _Letter(Expression):
    name: str

    def value(self, numbers: Numbers) -> Any:
        return numbers[self.name]

    def text(self, numbers: Texts | None = None) -> str:
        return self.name if numbers is None else numbers[self.name]

    def marked(self, mark: str) -> Expression:
        return _Letter(f"{self.name}{mark}")


@dataclass(frozen=True, slots=True)
class _Constant(Expression):
    number: float

    def value(self, numbers: Numbers) -> Any:
        return self.number

    def text(self, numbers: Texts | None = None) -> str:
        return number_text(self.number)

    def marked(self, mark: str) -> Expression:
        return self


@dataclass(frozen=True, slots=True)
class _Operation(Expression):
    sign: str
    left: Expression
    right: Expression

    @property
    def tightness(self) -> int:
        return _SIGNS[self.sign][1]

    def value(self, numbers: Numbers) -> Any:
        return _SIGNS[self.sign][2](self.left.value(numbers), self.right.value(numbers))

    def text(self, numbers: Texts | None = None) -> str:
        written, tightness, _ = _SIGNS[self.sign]
        left = self.left.text(numbers)
        if self.left.tightness < tightness:
            left = f"({left})"
        # a - (b - c) and a/(b × c) need their brackets, a + b + c does not.
        inner = tightness if self.sign == "+" else tightness + 1
        return f"{left}{written}{self.right.bracketed(inner, numbers)}"

    def parts_text(self, numbers: Numbers) -> str | None:
        if all(isinstance(side, _Letter | _Constant) for side in (self.left, self.right)):
            return None
        left, right = (result_text(side.value(numbers)) for side in (self.left, self.right))
        return f"{left}{_SIGNS[self.sign][0]}{f'({right})' if right.startswith('-') else right}"

    def marked(self, mark: str) -> Expression:
        return replace(self, left=self.left.marked(mark), right=self.right.marked(mark))


@dataclass(frozen=True, slots=True)
class Function:
    """A function: how it is computed of floats and of arrays, and how it is written around its arguments.

    ``of_arrays`` is left out where Python's own arithmetic takes both. ``written`` has a brace for each
    argument; ``{0}`` takes brackets around what is not a single letter or number unless ``loose`` says that
    the function's own signs enclose it.
    """

    compute: Callable[..., float] = field(compare=False)
    written: str
    tightness: int = _UNARY
    loose: bool = False
    of_arrays: Callable[..., Any] | None = field(default=None, compare=False)

    def value(self, *numbers: Any) -> Any:
        """Compute it of numbers."""
        if self.of_arrays is None or all(isinstance(number, float | int) for number in numbers):
            return self.compute(*numbers)
        return self.of_arrays(*numbers)

    @overload
    def __call__(self, *arguments: Expression) -> Expression: ...
    @overload
    def __call__(self, *arguments: float) -> float: ...
    @overload
    def __call__(self, *arguments: NDArray[np.float64]) -> NDArray[np.float64]: ...
    def __call__(self, *arguments: Any) -> Any:
        """Apply it: to letters it gives a formula, to numbers its value."""
        if any(isinstance(argument, Expression) for argument in arguments):
            return _Application(self, tuple(as_expression(argument) for argument in arguments))
        return self.value(*arguments)

    def put(self, *texts: str) -> str:
        """Write it around its arguments: ``log 0.79`` but ``log(0.79/0.88)``, without a blank."""
        return self.written.format(*texts).replace("log (", "log(").replace("logit (", "logit(")


@dataclass(frozen=True, slots=True)
class _Application(Expression):
    function: Function
    arguments: tuple[Expression, ...]

    @property
    def tightness(self) -> int:
        return self.function.tightness

    def value(self, numbers: Numbers) -> Any:
        return self.function.value(*(argument.value(numbers) for argument in self.arguments))

    def text(self, numbers: Texts | None = None) -> str:
        if self.function.loose:
            texts = [argument.text(numbers) for argument in self.arguments]
        else:
            texts = [argument.bracketed(_ATOM, numbers) for argument in self.arguments]
        return self.function.put(*texts)

    def parts_text(self, numbers: Numbers) -> str | None:
        if len(self.arguments) != 1 or self.function.loose:
            return None
        inner = self.arguments[0].parts_text(numbers)
        return None if inner is None else self.function.put(f"({inner})")

    def marked(self, mark: str) -> Expression:
        return replace(self, arguments=tuple(argument.marked(mark) for argument in self.arguments))


_MINUS: Function = Function(operator.neg, "-{0}")


def letter(name: str) -> Expression:
    """Return a letter of a formula; numbers are put in by its name."""
    return _Letter(name)


def as_expression(part: Any) -> Expression:
    """Return a part of a formula as it is, and a number as a constant of it."""
    return part if isinstance(part, Expression) else _Constant(part)


def constant(number: float) -> Expression:
    """Return a number that is part of the formula itself."""
    return _Constant(number)


def letters(names: str) -> tuple[Expression, ...]:
    """Return several letters, named with blanks between them."""
    return tuple(_Letter(name) for name in names.split())


_ENCLOSED = 4


def _log(values: NDArray[np.float64]) -> Any:
    import numpy as np

    return np.log(values)


def _log_of_minus_log(values: NDArray[np.float64]) -> Any:
    return _log(-_log(values))


def _log_odds(values: NDArray[np.float64]) -> Any:
    import numpy as np

    return np.log(values) - np.log1p(-values)


def _arcsine_of_root(values: NDArray[np.float64]) -> Any:
    import numpy as np

    return np.arcsin(np.sqrt(values))


def _root(values: NDArray[np.float64]) -> Any:
    import numpy as np

    return np.sqrt(values)


def _deviates(p_values: NDArray[np.float64]) -> Any:
    from scipy.special import ndtri

    return -ndtri(p_values / 2)


natural_log: Function = Function(TRANSFORMATIONS["log"].from_natural, "log {0}", of_arrays=_log)
log_of_minus_log: Function = Function(
    TRANSFORMATIONS["log(-log)"].from_natural, "log(-log {0})", _ENCLOSED, of_arrays=_log_of_minus_log
)
log_odds: Function = Function(TRANSFORMATIONS["logit"].from_natural, "logit {0}", of_arrays=_log_odds)
arcsine_of_root: Function = Function(
    TRANSFORMATIONS["arcsine"].from_natural, "asin √{0}", of_arrays=_arcsine_of_root
)
root: Function = Function(math.sqrt, "√{0}", of_arrays=_root)
square: Function = Function(lambda value: value**2, "{0}²")
power: Function = Function(pow, "{0}^{1}")
magnitude: Function = Function(abs, "|{0}|", _ENCLOSED, loose=True)

#: The normal deviate of a two-sided p-value.
deviate_of_p: Function = Function(z_from_two_sided_p, "z({0})", _ENCLOSED, loose=True, of_arrays=_deviates)

#: Limits of a share of which x of n is observed: exact (Clopper and Pearson), and Wilson's score limits.
exact_lower_limit: Function = Function(
    lambda count, size, level: clopper_pearson(round(count), round(size), level)[0],
    "exact lower limit of {0} of {1} at level {2}",
    loose=True,
)
exact_upper_limit: Function = Function(
    lambda count, size, level: clopper_pearson(round(count), round(size), level)[1],
    "exact upper limit of {0} of {1} at level {2}",
    loose=True,
)
score_lower_limit: Function = Function(
    lambda count, size, level: wilson_interval(count / size, size, level)[0],
    "score lower limit of {0} of {1} at level {2}",
    loose=True,
)
score_upper_limit: Function = Function(
    lambda count, size, level: wilson_interval(count / size, size, level)[1],
    "score upper limit of {0} of {1} at level {2}",
    loose=True,
)
