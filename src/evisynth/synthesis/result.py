"""The frozen result of pooling, complete enough that a figure needs nothing else, and its short texts.

Printed or in a notebook, results show numbers as people read them, and no arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evisynth.arithmetic import to_natural_interval, to_natural_scale
from evisynth.measures import measure_named
from evisynth.wording import counted, number_text, percent_text, term_words


def limits_words(lower: float | None, upper: float | None, scale: str) -> str:
    """Write the limits of an interval on the natural scale: ``0.41 to 1.27``, or one of them."""
    low, high = to_natural_interval(lower, upper, scale)
    if low is not None and high is not None:
        return f"{number_text(low, 3)} to {number_text(high, 3)}"
    if high is not None:
        return f"at most {number_text(high, 3)}"
    return "" if low is None else f"at least {number_text(low, 3)}"


def interval_words(estimate: float | None, lower: float | None, upper: float | None, scale: str) -> str:
    """Write an estimate with its interval on the natural scale: ``0.72 (0.41 to 1.27)``."""
    limits = limits_words(lower, upper, scale)
    if estimate is None:
        return limits
    middle = number_text(to_natural_scale(estimate, scale), 3)
    return f"{middle} ({limits})" if limits else middle


def html_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Put texts into an HTML table; all of them are escaped."""
    headings = "".join(f"<th>{escape(text)}</th>" for text in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows)
    return f"<table>{f'<thead><tr>{headings}</tr></thead>' if head else ''}<tbody>{body}</tbody></table>"


def short_repr(result: Any) -> str:
    """Print a frozen result in a line: numbers and words as they are, of what is longer how long it is."""
    shown = [f"{field.name}={_shortly(getattr(result, field.name))}" for field in fields(result)]
    return f"{type(result).__qualname__}({', '.join(shown)})"


def _shortly(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"<array of {' by '.join(map(str, value.shape))}>" if value.ndim else str(value)
    if isinstance(value, float):  # NumPy's too
        return f"{value:.6g}"
    if isinstance(value, Mapping | tuple | list) and value:
        return f"<{len(value)} of them>"
    if is_dataclass(value) or type(value).__repr__ is object.__repr__:
        return f"<{type(value).__name__}>"
    return repr(value)


#: Methods of one common effect, which have no variance between studies; ``"stratified"`` is of one study.
COMMON_EFFECT_METHODS = frozenset({"common", "stratified", "mantel-haenszel", "peto"})
#: Methods that take counts as they are: a row need not have an effect with a standard error.
COUNT_METHODS = frozenset({"binomial-normal", "mantel-haenszel", "peto"})


@dataclass(frozen=True, slots=True, eq=False)
class PooledResult:
    """A pooled estimate on the analysis scale (log for ratios), with what it was pooled from.

    ``method`` names the tau-squared estimator or ``"common"``; of strata of one study, put together within,
    it is ``"stratified"``, of counts the method that took them. ``interval`` is the kind of confidence
    interval (``"cr2"`` is cluster-robust, its ``p_value`` NaN below 4 degrees of freedom). ``i_squared`` is
    a proportion (0 to 1). Prediction limits are None where they are not defined or not shown; ``prediction``
    names their distribution (``"normal"``, ``"t"`` with k - 1 degrees of
    freedom, ``"hts"`` with k - 2) or is ``"none"``. ``weights`` sum to 1 in the order of ``y``.
    """

    estimate: float
    standard_error: float
    ci_lower: float
    ci_upper: float
    p_value: float
    tau_squared: float
    i_squared: float
    h_squared: float
    q_statistic: float
    q_p_value: float
    prediction_lower: float | None
    prediction_upper: float | None
    row_count: int
    weights: NDArray[np.float64]
    method: str
    interval: str
    level: float
    y: NDArray[np.float64]
    v: NDArray[np.float64]
    labels: tuple[str, ...] | None = None
    effect_measure: str | None = None
    prediction: str = "none"

    @property
    def has_tau_squared(self) -> bool:
        """Whether a variance between studies is part of the model."""
        return self.method not in COMMON_EFFECT_METHODS

    @property
    def of_counts(self) -> bool:
        """Whether rows were pooled by their counts, so that they cannot be pooled again by effects alone."""
        return self.method in COUNT_METHODS

    @property
    def estimator(self) -> str:
        """The estimator of tau squared by which the rows are pooled again, ``"common"`` without any."""
        return "common" if self.method == "stratified" else self.method

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {pooled_words(self)}>"

    def _repr_html_(self) -> str:
        scale = measure_named(self.effect_measure).scale
        name = term_words(self.effect_measure or "estimate")
        rows = [(name, interval_words(self.estimate, self.ci_lower, self.ci_upper, scale))]
        if self.prediction_lower is not None and self.prediction_upper is not None:
            limits = limits_words(self.prediction_lower, self.prediction_upper, scale)
            rows.append(("prediction interval", limits))
        rows += [
            ("rows", str(self.row_count)),
            ("tau squared", number_text(self.tau_squared, 3)),
            ("I squared", f"{100 * self.i_squared:.0f}%"),
            ("model", f"{self.method}, {self.interval} interval at {percent_text(self.level)}"),
        ]
        return html_table((), rows)


def pooled_words(pooled: PooledResult) -> str:
    """Say an estimate with its interval on the natural scale, how many rows it is of, and its model."""
    name = term_words(pooled.effect_measure or "estimate")
    scale = measure_named(pooled.effect_measure).scale
    shown = interval_words(pooled.estimate, pooled.ci_lower, pooled.ci_upper, scale)
    rows = counted(pooled.row_count, "row")
    return (
        f"{name} {shown}, {rows}, {pooled.method}, {pooled.interval} interval at {percent_text(pooled.level)}"
    )
