"""The coordinates of Baujat's plot: which rows make the heterogeneity, and which move the estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evisynth.errors import InvalidDataError
from evisynth.synthesis.leave_one_out import leave_one_out
from evisynth.synthesis.notebook import short_repr
from evisynth.synthesis.pool import pool
from evisynth.synthesis.read_only import make_arrays_read_only
from evisynth.synthesis.validation import checked_effects

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class BaujatResult:
    """``contribution`` (x) to Q and ``influence`` (y) on the pooled estimate, one entry a row."""

    contribution: Array
    influence: Array
    method: str
    labels: tuple[str, ...] | None

    __repr__ = short_repr

    def __post_init__(self) -> None:
        make_arrays_read_only(self)


def compute_baujat(
    y: ArrayLike, v: ArrayLike, *, tau_squared: str = "common", labels: Sequence[str] | None = None
) -> BaujatResult:
    r"""Compute the coordinates of Baujat's plot.

    .. math::
        x_i = \frac{(y_i - \hat\mu)^2}{v_i + \hat\tau^2}, \qquad
        y_i = \frac{(\hat\mu - \hat\mu_{(i)})^2}{SE_{(i)}^2}

    where (i) marks the synthesis without row i. In the common-effect model the x sum to Cochran's Q.

    Parameters
    ----------
    y : shape (k,), k >= 3
        Effect estimates on the analysis scale.
    v : shape (k,)
        Sampling variances of ``y``; all > 0.
    tau_squared : str
        As for :func:`evisynth.synthesis.pool.pool`; Baujat's own plot is that of ``"common"``.
    labels : sequence of k names, optional
        How errors name the rows.

    Raises
    ------
    InvalidDataError
        With fewer than three rows, and for rows that no formula can take.

    References
    ----------
    Baujat, Mahé, Pignon & Hill 2002, Statistics in Medicine 21:2641-2652.
    """
    estimates, variances, names = checked_effects(y, v, labels)
    if len(estimates) < 3:
        raise InvalidDataError(f"Baujat's plot needs at least three rows, not {len(estimates)}")
    full = pool(estimates, variances, tau_squared=tau_squared, interval="wald", labels=names)
    without = leave_one_out(estimates, variances, tau_squared=tau_squared, interval="wald").without
    return BaujatResult(
        contribution=(estimates - full.estimate) ** 2 / (variances + full.tau_squared),
        influence=((full.estimate - without.estimate) / without.standard_error) ** 2,
        method=tau_squared,
        labels=names,
    )
