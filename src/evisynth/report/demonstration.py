"""Two sets of figures that the gallery draws beside the evidence: a classic one, and one with many rows.

The first are the 13 trials of BCG vaccine against tuberculosis (Colditz et al 1994, JAMA 271:698-702; counts
and latitudes as in Berkey et al 1995, Statistics in Medicine 14:395-411, table I). The second is drawn by a
fixed seed: nobody's study.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evisynth.effects.effect_size import effect_size
from evisynth.synthesis.pool import pool
from evisynth.synthesis.result import PooledResult

#: Trial, year, cases and all among the vaccinated, cases and all among the others, degrees of latitude.
BCG_TRIALS = (
    ("Aronson 1948", 1948, 4, 123, 11, 139, 44),
    ("Ferguson & Simes 1949", 1949, 6, 306, 29, 303, 55),
    ("Rosenthal 1960", 1960, 3, 231, 11, 220, 42),
    ("Hart & Sutherland 1977", 1977, 62, 13598, 248, 12867, 52),
    ("Frimodt-Møller 1973", 1973, 33, 5069, 47, 5808, 13),
    ("Stein & Aronson 1953", 1953, 180, 1541, 372, 1451, 44),
    ("Vandiviere 1973", 1973, 8, 2545, 10, 629, 19),
    ("TPT Madras 1980", 1980, 505, 88391, 499, 88391, 13),
    ("Coetzee & Berjak 1968", 1968, 29, 7499, 45, 7277, 27),
    ("Rosenthal 1961", 1961, 17, 1716, 65, 1665, 42),
    ("Comstock 1974", 1974, 186, 50634, 141, 27338, 18),
    ("Comstock & Webster 1969", 1969, 5, 2498, 3, 2341, 33),
    ("Comstock 1976", 1976, 27, 16913, 29, 17854, 33),
)

MANY, SEED = 60, 1


@dataclass(frozen=True, slots=True, eq=False)
class BcgTrials:
    """The trials as columns, and their risk ratios pooled.

    ``counts`` are cases and all among the vaccinated, then cases and all among the others.
    """

    names: tuple[str, ...]
    years: tuple[int, ...]
    counts: tuple[tuple[int, ...], ...]
    latitudes: list[int]
    result: PooledResult


def bcg_trials() -> BcgTrials:
    """Return the BCG trials with their pooled risk ratio."""
    names, years, events1, n1, events2, n2, latitudes = zip(*BCG_TRIALS, strict=True)
    y, v = effect_size("RR", events1=events1, n1=n1, events2=events2, n2=n2)
    return BcgTrials(
        tuple(names),
        tuple(years),
        (events1, n1, events2, n2),
        list(latitudes),
        pool(y, v, labels=list(names), effect_measure="risk_ratio"),
    )


def many_rows() -> tuple[PooledResult, list[str]]:
    """Return the pooled hazard ratio of 60 made-up studies, and to which of three groups each belongs."""
    chance = np.random.default_rng(SEED)
    groups = [("One centre", "Several centres", "Registry")[i % 3] for i in range(MANY)]
    error = np.exp(chance.normal(-1.3, 0.5, MANY))
    shift = np.array([{"One centre": -0.35, "Several centres": -0.2, "Registry": -0.05}[g] for g in groups])
    y = shift + chance.normal(0, 0.2, MANY) + chance.normal(0, 1, MANY) * error
    labels = [f"Made-up study {number}" for number in range(1, MANY + 1)]
    return pool(y, error**2, labels=labels, effect_measure="hazard_ratio"), groups
