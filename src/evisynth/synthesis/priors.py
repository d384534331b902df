"""Priors of the Bayesian model: on tau, the spread between studies, and on mu, the mean effect.

Recommended by Röver et al. 2021, Research Synthesis Methods 12:448-474: for log ratios half-normal(0.5), with
half-normal(1) as the cautious and half-normal(0.25) as the narrow alternative. Every prior on tau here is
proper: with a flat one the posterior is improper for fewer than three studies.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from evisynth.errors import InvalidDataError, UnknownNameError

Array = NDArray[np.float64]

FLAT_TAU_REASON = (
    "a flat prior on tau is improper, and with fewer than three studies so is the posterior; "
    "use 'half-normal(0.5)' for log ratios, 'half-normal(1)' for single arms"
)


@runtime_checkable
class TauPrior(Protocol):
    """A proper prior on tau >= 0.

    ``scale`` says where its mass lies, in the unit of the effects. ``tail_index`` is the power a with which
    its density falls, as tau to the minus (a + 1); infinite when it falls faster than any power.
    """

    @property
    def scale(self) -> float:
        """A typical value."""

    @property
    def tail_index(self) -> float:
        """The power of the tail."""

    def log_density(self, tau: Array) -> Array:
        """Return the log density at ``tau``, all > 0."""


@dataclass(frozen=True, slots=True)
class HalfNormal:
    r"""Half-normal prior, density :math:`2 \phi(\tau / s) / s`; 95 % of its mass below 1.96 s."""

    scale: float

    def __post_init__(self) -> None:
        _check_positive(self, "scale")

    def __str__(self) -> str:
        return f"half-normal({self.scale:g})"

    @property
    def tail_index(self) -> float:
        """Infinite: the tail falls faster than any power."""
        return math.inf

    def log_density(self, tau: Array) -> Array:
        """Return the log density at ``tau``, all > 0."""
        return np.asarray(0.5 * math.log(2 / math.pi) - math.log(self.scale) - 0.5 * (tau / self.scale) ** 2)


@dataclass(frozen=True, slots=True)
class HalfT:
    """Half-t prior with ``degrees_of_freedom``: the absolute value of a scaled t variable."""

    scale: float
    degrees_of_freedom: float

    def __post_init__(self) -> None:
        _check_positive(self, "scale", "degrees_of_freedom")

    def __str__(self) -> str:
        return f"half-t({self.scale:g}, {self.degrees_of_freedom:g})"

    @property
    def tail_index(self) -> float:
        """The degrees of freedom."""
        return self.degrees_of_freedom

    def log_density(self, tau: Array) -> Array:
        """Return the log density at ``tau``, all > 0."""
        nu = self.degrees_of_freedom
        constant = math.lgamma((nu + 1) / 2) - math.lgamma(nu / 2) - 0.5 * math.log(nu * math.pi)
        # hypot keeps the square from overflowing where tau is very large
        tail = 2 * np.log(np.hypot(1.0, tau / (self.scale * math.sqrt(nu))))
        return np.asarray(math.log(2 / self.scale) + constant - (nu + 1) / 2 * tail)


@dataclass(frozen=True, slots=True)
class HalfCauchy:
    r"""Half-Cauchy prior, density :math:`2 / (\pi s (1 + \tau^2/s^2))`; half of its mass below s."""

    scale: float

    def __post_init__(self) -> None:
        _check_positive(self, "scale")

    def __str__(self) -> str:
        return f"half-cauchy({self.scale:g})"

    @property
    def tail_index(self) -> float:
        """One."""
        return 1.0

    def log_density(self, tau: Array) -> Array:
        """Return the log density at ``tau``, all > 0."""
        return np.asarray(math.log(2 / (math.pi * self.scale)) - 2 * np.log(np.hypot(1.0, tau / self.scale)))


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Log-normal prior: log tau is normal with ``log_mean`` and ``log_sd``; its median is exp(log_mean)."""

    log_mean: float
    log_sd: float

    def __post_init__(self) -> None:
        _check_positive(self, "log_sd")
        # exp(±300) is about as far as tau squared can be held
        if not abs(self.log_mean) <= 300:
            raise InvalidDataError(
                f"log-normal prior: log_mean = {self.log_mean}: give a number within 300 of 0"
            )

    def __str__(self) -> str:
        return f"log-normal({self.log_mean:g}, {self.log_sd:g})"

    @property
    def scale(self) -> float:
        """The median."""
        return math.exp(self.log_mean)

    @property
    def tail_index(self) -> float:
        """Infinite: the tail falls faster than any power."""
        return math.inf

    def log_density(self, tau: Array) -> Array:
        """Return the log density at ``tau``, all > 0."""
        log_tau = np.log(tau)
        z = (log_tau - self.log_mean) / self.log_sd
        return np.asarray(-0.5 * z**2 - log_tau - math.log(self.log_sd) - 0.5 * math.log(2 * math.pi))


@dataclass(frozen=True, slots=True)
class NormalPrior:
    """Normal prior on mu, on the analysis scale."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _check_positive(self, "sd")
        if not math.isfinite(self.mean):
            raise InvalidDataError(f"normal prior: mean = {self.mean}: give a finite number")

    def __str__(self) -> str:
        return f"normal({self.mean:g}, {self.sd:g})"


@dataclass(frozen=True, slots=True)
class Priors:
    """The two priors of one synthesis; ``mu`` is None when it is flat."""

    tau: TauPrior
    mu: NormalPrior | None

    def __str__(self) -> str:
        return f"tau ~ {self.tau}, mu ~ {'flat' if self.mu is None else self.mu}"


_Prior = TypeVar("_Prior")
_TAU_PRIORS: dict[str, tuple[Callable[..., TauPrior], str]] = {
    "half-normal": (HalfNormal, "scale"),
    "half-t": (HalfT, "scale degrees_of_freedom"),
    "half-cauchy": (HalfCauchy, "scale"),
    "log-normal": (LogNormal, "log_mean log_sd"),
}
_FLAT = ("flat", "uniform", "improper")


def read_tau_prior(prior: TauPrior | str) -> TauPrior:
    """Return a prior on tau from itself or from its name and figures, such as ``"half-normal(0.5)"``.

    Raises
    ------
    UnknownNameError
        For a name that is not one of the priors here.
    InvalidDataError
        For a flat prior, which is refused, and for figures that give no density.
    """
    if isinstance(prior, str):
        name, figures = _split(prior)
        if name in _FLAT:
            raise InvalidDataError(FLAT_TAU_REASON)
        if name not in _TAU_PRIORS:
            raise UnknownNameError("prior on tau", name, list(_TAU_PRIORS))
        kind, names = _TAU_PRIORS[name]
        return _make(kind, name, figures, names)
    if not isinstance(prior, TauPrior):
        raise InvalidDataError(f"tau_prior = {prior!r}: {FLAT_TAU_REASON}")
    return prior


def read_mu_prior(prior: NormalPrior | str | None) -> NormalPrior | None:
    """Return a prior on mu from itself, from ``"normal(0, 2.82)"``, or None for ``"flat"`` and None."""
    if isinstance(prior, str):
        name, figures = _split(prior)
        if name == "flat" and not figures:
            return None
        if name != "normal":
            raise UnknownNameError("prior on mu", name, ["normal", "flat"])
        return _make(NormalPrior, name, figures, "mean sd")
    if prior is not None and not isinstance(prior, NormalPrior):
        raise InvalidDataError(f"mu_prior = {prior!r}: give NormalPrior(mean, sd), or None for a flat prior")
    return prior


def _split(text: str) -> tuple[str, tuple[float, ...]]:
    match = re.fullmatch(r"\s*([a-z-]+)\s*(?:\(([^()]*)\))?\s*", text.casefold())
    if match is None:
        raise InvalidDataError(f"'{text}' names no prior; write it as 'half-normal(0.5)'")
    try:
        return match[1], tuple(float(figure) for figure in (match[2] or "").split(",") if figure.strip())
    except ValueError as error:
        raise InvalidDataError(f"'{text}' names no prior: {error}; write it as 'half-normal(0.5)'") from error


def _make(kind: Callable[..., _Prior], name: str, figures: tuple[float, ...], names: str) -> _Prior:
    if len(figures) != len(names.split()):
        raise InvalidDataError(
            f"the prior {name} takes ({', '.join(names.split())}), not {len(figures)} figures"
        )
    return kind(*figures)


def _check_positive(prior: object, *names: str) -> None:
    for name in names:
        value = getattr(prior, name)
        if not (isinstance(value, int | float | np.number) and math.isfinite(value) and value > 0):
            raise InvalidDataError(f"{type(prior).__name__}: {name} = {value!r}: give a number above 0")
