"""The risks of two groups, study by study: from events and patients, or as given."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evisynth.arithmetic.time_words import time_words
from evisynth.errors import InvalidDataError
from evisynth.figures.diagnostics.subject import MOST_LABELS, Array, Labels, row_names
from evisynth.figures.given_texts import is_missing, read_pair

#: What is said when that is lacking.
NEEDED = (
    "an L'Abbé plot needs events and patients of both groups (events1, n1, events2, n2), or the risks of both"
)


@dataclass(frozen=True, slots=True, eq=False)
class GroupRisks:
    """The risk of each study in the index group (1) and in the reference group (2), and its patients.

    ``sizes`` is None when they are not known. ``group_names`` name the groups on the axes; ``counted`` says
    whether the risks come from events and patients; ``times`` by when the event was looked for, in months,
    None where that is not said.
    """

    index: Array
    reference: Array
    sizes: Array | None
    names: tuple[str, ...]
    labelled: bool
    group_names: tuple[str, str]
    counted: bool = True
    times: tuple[float | None, ...] = ()

    @property
    def one_time(self) -> str:
        """The time of all risks in words; empty when they have several, or none."""
        first = self.times[0] if self.times else None
        return time_words(first) if first is not None and set(self.times) == {first} else ""

    @property
    def labels(self) -> tuple[str, ...]:
        """What is written at the points: risks of different times are told apart there."""
        if not self.labelled:
            return ()
        if self.one_time or not self.times:
            return self.names
        return tuple(
            f"{name}, {_by(time)}" if time is not None else name
            for name, time in zip(self.names, self.times, strict=True)
        )

    @property
    def times_note(self) -> str:
        """Say which times there are when they differ; empty when they do not."""
        if self.one_time or not any(time is not None for time in self.times):
            return ""
        counts = Counter(self.times)
        known = sorted(time for time in counts if time is not None)
        said = [f"{_by(time)} ({counts[time]})" for time in known]
        said += [f"time not stated ({counts[None]})"] if counts[None] else []
        return f"Risks of different times (rows): {', '.join(said)}."


def _by(months: float) -> str:
    return f"by {time_words(months)}"


def read_risks(
    columns: Sequence[ArrayLike | None],
    risks: tuple[ArrayLike, ArrayLike] | None,
    group_names: tuple[str, str],
    labels: Labels = None,
    times: Sequence[float | None] | None = None,
) -> GroupRisks:
    """Check events and patients, or risks, and turn them into risks with names and times."""
    group_names = read_pair("group_names", group_names)
    events1, n1, events2, n2 = (None if column is None else _numbers(column) for column in columns)
    if risks is not None:
        if not isinstance(risks, tuple | list) or len(risks) != 2:
            raise InvalidDataError("risks are two columns: of the index group and of the reference group")
        index, reference = (_numbers(share) for share in risks)
        sizes = None if n1 is None or n2 is None else n1 + n2
    elif events1 is None or n1 is None or events2 is None or n2 is None:
        raise InvalidDataError(NEEDED)
    else:
        if not (np.all(n1 > 0) and np.all(n2 > 0)):
            raise InvalidDataError(f"{NEEDED}; a group without patients has no risk")
        index, reference, sizes = events1 / n1, events2 / n2, n1 + n2
    for name, shares in (("index", index), ("reference", reference)):
        _check_shares(name, shares, np.size(index))
    names = row_names(labels, None, len(index))
    known = labels is not None and not isinstance(labels, bool)
    labelled = labels is True or (known and len(index) <= MOST_LABELS)
    return GroupRisks(
        index, reference, sizes, names, labelled, group_names, risks is None, _times(times, len(index))
    )


def _times(times: Sequence[float | None] | None, row_count: int) -> tuple[float | None, ...]:
    if times is None:
        return ()
    try:
        listed = [None if is_missing(time) else float(time) for time in times]  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise InvalidDataError(f"times are a list of months, one a study, not {times!r}") from None
    if len(listed) != row_count:
        raise InvalidDataError(f"{len(listed)} times for {row_count} rows; give one for each, or None")
    wrong = next((time for time in listed if time is not None and not 0 < time < math.inf), None)
    if wrong is not None:
        raise InvalidDataError(f"a time of {wrong:g} months; a risk is looked for by a time above 0")
    return tuple(listed)


def _numbers(column: ArrayLike) -> Array:
    try:
        return np.asarray(column, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidDataError(f"{NEEDED}, as numbers: {error}") from None


def _check_shares(name: str, shares: Array, row_count: int) -> None:
    if shares.ndim != 1 or len(shares) != row_count or not row_count:
        raise InvalidDataError(f"the risks of the {name} group must be one a study, for at least one study")
    wrong = np.flatnonzero(~((shares >= 0) & (shares <= 1)))
    if wrong.size:
        row = int(wrong[0])
        raise InvalidDataError(
            f"row {row + 1}: the risk in the {name} group is {float(shares[row])!r}; a risk lies between 0 "
            "and 1"
        )
