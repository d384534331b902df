"""The columns of a design matrix: moderators by name, with treatment coding of categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evisynth.errors import InvalidDataError
from evisynth.near_names import suggestion_text

Moderators = Mapping[str, Sequence[float] | Sequence[str] | NDArray[np.float64]]

# A column this small beside its own length, once the columns before it are taken out, repeats them.
_REDUNDANT = 1e-10


@dataclass(frozen=True, slots=True)
class Coding:
    """How one moderator becomes columns.

    ``levels`` is None for numbers; of categories, the reference level comes first. The reference has no
    column unless ``every_level`` says so: without an intercept the first category is coded in full, else
    its reference would be taken to be zero.
    """

    name: str
    levels: tuple[str, ...] | None
    every_level: bool = False

    @property
    def coded_levels(self) -> tuple[str, ...]:
        """The levels that have a column."""
        levels = self.levels or ()
        return levels if self.every_level else levels[1:]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns: the moderator's own, or one for each level but the reference."""
        if self.levels is None:
            return (self.name,)
        return tuple(f"{self.name}: {level}" for level in self.coded_levels)

    def encode(self, values: Sequence[float] | Sequence[str] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn the values of some rows into an array of shape (rows, columns).

        Raises
        ------
        InvalidDataError
            Naming the row and the value that is not a finite number, or not a known level.
        """
        if self.levels is None:
            return _numbers(self.name, values)[:, None]
        for row, value in enumerate(values):
            if str(value) not in self.levels:
                raise InvalidDataError(
                    f"row {row + 1}: {self.name} is {value!r}; {suggestion_text(str(value), self.levels)}"
                )
        return np.array(
            [[float(str(value) == level) for level in self.coded_levels] for value in values],
            dtype=np.float64,
        ).reshape(len(values), len(self.coded_levels))


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """A design matrix of shape (k, p) with the names of its columns and the coding behind them."""

    matrix: NDArray[np.float64]
    names: tuple[str, ...]
    codings: tuple[Coding, ...]
    intercept: bool


def build_design(
    moderators: Moderators,
    row_count: int,
    *,
    intercept: bool = True,
    reference: Mapping[str, str] | None = None,
) -> Design:
    """Build the design matrix of a meta-regression.

    Parameters
    ----------
    moderators : mapping
        From the name of a moderator to its k values: numbers, or names of categories.
    row_count : int
        k.
    intercept : bool
        Whether a column of ones comes first.
    reference : mapping, optional
        From the name of a categorical moderator to its reference level; without it the first by alphabet.

    Raises
    ------
    InvalidDataError
        Naming the moderator, row and value that cannot be used, or a column that repeats others.
    """
    reference = dict(reference or {})
    codings = []
    for name, values in moderators.items():
        if value_count(name, values) != row_count:
            raise InvalidDataError(f"{name} has {len(values)} values for {row_count} rows; give one a row")
        codings.append(_coding(name, values, reference.pop(name, None)))
    if reference:
        unknown = next(iter(reference))
        raise InvalidDataError(
            f"a reference level is given for '{unknown}'; {suggestion_text(unknown, tuple(moderators))}"
        )
    if not intercept:
        codings = _with_first_category_in_full(codings)
    design = Design(
        matrix=encode_rows(codings, moderators, row_count, intercept=intercept),
        names=(("intercept",) if intercept else ()) + tuple(n for coding in codings for n in coding.columns),
        codings=tuple(codings),
        intercept=intercept,
    )
    _check_names(design)
    _check_rank(design)
    return design


def _check_names(design: Design) -> None:
    """Refuse columns of one name, whose tests could not be told apart."""
    repeated = next((name for name in design.names if design.names.count(name) > 1), None)
    if repeated is not None:
        raise InvalidDataError(f"two columns are called '{repeated}'; rename a moderator")


def _with_first_category_in_full(codings: Sequence[Coding]) -> list[Coding]:
    first = next((place for place, coding in enumerate(codings) if coding.levels is not None), None)
    return [replace(coding, every_level=place == first) for place, coding in enumerate(codings)]


def value_count(name: str, values: object) -> int:
    """Count the values of a moderator.

    Raises
    ------
    InvalidDataError
        When it is a single value instead of a list of them.
    """
    if isinstance(values, str) or not hasattr(values, "__len__"):
        raise InvalidDataError(f"{name} is {values!r}; give a list with one value a row")
    return len(values)


def encode_rows(
    codings: Sequence[Coding], moderators: Moderators, row_count: int, *, intercept: bool
) -> NDArray[np.float64]:
    """Encode rows by a known coding, so that new rows get the columns of those that were fitted.

    Raises
    ------
    InvalidDataError
        For a moderator that is missing or unknown, or a value that cannot be encoded.
    """
    known = tuple(coding.name for coding in codings)
    for name in moderators:
        if name not in known:
            raise InvalidDataError(f"unknown moderator '{name}'; {suggestion_text(name, known)}")
    missing = [name for name in known if name not in moderators]
    if missing:
        raise InvalidDataError(f"no values are given for {', '.join(missing)}")
    parts = [np.ones((row_count, 1))] if intercept else []
    parts += [coding.encode(moderators[coding.name]) for coding in codings]
    if not parts:
        raise InvalidDataError("a model without intercept needs at least one moderator")
    if any(len(part) != row_count for part in parts):
        raise InvalidDataError(f"every moderator needs {row_count} values, one a row")
    return np.hstack(parts)


def _coding(
    name: str, values: Sequence[float] | Sequence[str] | NDArray[np.float64], reference: str | None
) -> Coding:
    if not any(isinstance(value, str) for value in values):
        if reference is not None:
            raise InvalidDataError(f"{name} holds numbers; a reference level belongs to categories only")
        return Coding(name, None)
    for row, value in enumerate(values):
        if not isinstance(value, str):
            raise InvalidDataError(
                f"row {row + 1}: {name} is {value!r}, but other rows have names of categories"
            )
    levels = sorted({str(value) for value in values})
    if reference is not None:
        if reference not in levels:
            raise InvalidDataError(
                f"'{reference}' is no level of {name}; {suggestion_text(reference, levels)}"
            )
        levels.remove(reference)
        levels.insert(0, reference)
    if len(levels) < 2:
        raise InvalidDataError(
            f"{name} is '{levels[0]}' in every row; it explains nothing and must be left out"
        )
    return Coding(name, tuple(levels))


def _numbers(name: str, values: Sequence[float] | Sequence[str] | NDArray[np.float64]) -> NDArray[np.float64]:
    try:
        column = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as mistake:
        raise InvalidDataError(f"{name} must hold numbers, or names only: {mistake}") from mistake
    if column.ndim != 1:
        raise InvalidDataError(f"{name} must be a flat list of numbers, not of shape {column.shape}")
    wrong = np.flatnonzero(~np.isfinite(column))
    if wrong.size:
        row = int(wrong[0])
        raise InvalidDataError(
            f"row {row + 1}: {name} is {float(column[row])!r}; leave the row out or mend it"
        )
    return column


def _check_rank(design: Design) -> None:
    row_count, width = design.matrix.shape
    if row_count <= width:
        raise InvalidDataError(
            f"{row_count} rows cannot carry {width} coefficients ({', '.join(design.names)}) and a variance; "
            f"at least {width + 1} are needed"
        )
    length = np.sqrt((design.matrix**2).sum(axis=0))
    triangle = np.linalg.qr(design.matrix / np.where(length > 0, length, 1.0), mode="r")
    for column, rest in enumerate(np.abs(np.diag(triangle)).tolist()):
        if rest <= _REDUNDANT:
            raise InvalidDataError(
                f"the column '{design.names[column]}' repeats what the columns before it say "
                f"({', '.join(design.names[:column]) or 'none'}); leave it out"
            )
