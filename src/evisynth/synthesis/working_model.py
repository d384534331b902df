"""What a fitted synthesis assumed about its rows: the design, and the covariance of any set of rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import singledispatch

import numpy as np
from numpy.typing import NDArray

from evisynth.errors import InvalidDataError
from evisynth.synthesis.gls import GeneralisedResult
from evisynth.synthesis.multilevel import MultilevelResult
from evisynth.synthesis.regression import RegressionResult
from evisynth.synthesis.result import PooledResult
from evisynth.synthesis.validation import row_name

Array = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class WorkingModel:
    """Estimates, design matrix of shape (k, p), and the marginal covariance that the weights rest on.

    ``block`` gives the covariance of the rows asked for; ``partners`` gives for each row the rows that are
    correlated with it.
    """

    y: Array
    design: Array
    names: tuple[str, ...]
    block: Callable[[Rows], Array]
    partners: Callable[[int], Rows]
    labels: tuple[str, ...] | None

    def check_nesting(self, code: Rows) -> None:
        """Refuse clusters between which the model itself has correlations.

        Raises
        ------
        InvalidDataError
            Naming two such rows.
        """
        for row in range(len(self.y)):
            others = self.partners(row)
            apart = others[code[others] != code[row]]
            if apart.size:
                raise InvalidDataError(
                    f"{row_name(row, self.labels)} and {row_name(int(apart[0]), self.labels)} are correlated "
                    "in the model but stand in different clusters; choose clusters that hold both"
                )


@singledispatch
def working_model(fit: object) -> WorkingModel:
    """Describe a fit: the result of ``pool``, ``pool_correlated``, ``pool_multilevel`` or ``regress``.

    Raises
    ------
    InvalidDataError
        For anything else.
    """
    raise InvalidDataError(
        f"a {type(fit).__name__} has no rows to group; give the result of pool, pool_correlated, "
        "pool_multilevel or regress"
    )


@working_model.register
def _(fit: PooledResult) -> WorkingModel:
    return _independent(fit.y, np.ones((len(fit.y), 1)), ("intercept",), fit.v + fit.tau_squared, fit.labels)


@working_model.register
def _(fit: RegressionResult) -> WorkingModel:
    return _independent(fit.y, fit.design, fit.names, fit.v + fit.tau_squared, fit.labels)


@working_model.register
def _(fit: GeneralisedResult) -> WorkingModel:
    matrix = fit.covariance
    return WorkingModel(
        y=fit.y,
        design=np.ones((len(fit.y), 1)),
        names=("intercept",),
        block=lambda rows: np.array(matrix[np.ix_(rows, rows)]),
        partners=lambda row: np.flatnonzero(matrix[row]),
        labels=fit.labels,
    )


@working_model.register
def _(fit: MultilevelResult) -> WorkingModel:
    def block(rows: Rows) -> Array:
        cluster, unit, sampling = fit.cluster[rows], fit.unit[rows], fit.covariance
        known = np.diag(sampling[rows]) if sampling.ndim == 1 else sampling[np.ix_(rows, rows)]
        between = fit.sigma_squared_between * (cluster[:, None] == cluster[None, :])
        within = fit.sigma_squared_within * (unit[:, None] == unit[None, :])
        return np.asarray(known + between + within)

    return WorkingModel(
        y=fit.y,
        design=np.ones((len(fit.y), 1)),
        names=("intercept",),
        block=block,
        partners=lambda row: np.flatnonzero(fit.cluster == fit.cluster[row]),
        labels=fit.labels,
    )


def _independent(
    y: Array, design: Array, names: tuple[str, ...], variance: Array, labels: tuple[str, ...] | None
) -> WorkingModel:
    return WorkingModel(
        y=y,
        design=design,
        names=names,
        block=lambda rows: np.diag(variance[rows]),
        partners=lambda row: np.array([row]),
        labels=labels,
    )
