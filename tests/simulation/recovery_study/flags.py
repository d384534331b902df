"""How often recoveries of one hazard ratio are flagged as contradicting each other.

Trials have proportional hazards or not. Each prints its hazard ratio with the interval, and beside it rates
at 12, 36 and 60 months, medians, or a log-rank p-value with the events. ``floor`` is the least variance of
the difference of a rate and a ratio, as a share of that of the rate: 0 is the difference of the variances
alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import product
from unittest.mock import patch

import numpy as np

from evisynth.effects import FLAG, recover
from evisynth.outcomes import Comparison
from recovery_study import abstracts
from recovery_study.abstracts import INDEX, REFERENCE, Sizes
from recovery_study.hazards import CROSSING, DIMINISHING, LATE, Array, HazardRelation, proportional
from recovery_study.printing import print_survival
from recovery_study.scenarios import CENSORED, SurvivalScenario
from recovery_study.trials import Patients, draw, kaplan_meier

SEED = 20_240_602
TIMES = (12.0, 36.0, 60.0)
SIZES = (50, 100, 200)
FLOORS = (0.0, 0.5, 1.0)
COLUMNS = ("hazards", "beside the ratio", "floor", "patients_per_arm", "censored", "trials", "flagged")

RELATIONS: Mapping[str, HazardRelation] = {
    "PH; HR 1": proportional(1.0),
    "PH; HR 0.6": proportional(0.6),
    "late": LATE,
    "cross": CROSSING,
    "dimin": DIMINISHING,
}
#: Whose least variance is set: the only place where the study reaches into the package.
_FLOOR = "evisynth.effects.proportional_hazards.LEAST_SHARE"


def _printed(scenario: SurvivalScenario, trials: int, random: np.random.Generator) -> dict[str, Array]:
    """Return what a trial prints, with rates at the three times and their log(-log) intervals."""
    seen: list[tuple[Patients, Patients]] = []

    def keep(*arguments: object) -> tuple[Patients, Patients]:
        seen.append(draw(*arguments))  # type: ignore[arg-type]
        return seen[0]

    with patch("recovery_study.printing.draw", keep):
        printed = dict(print_survival(scenario, trials, random))
    for arm, patients in zip((INDEX, REFERENCE), seen[0], strict=True):
        curve = kaplan_meier(patients)
        for months in TIMES:
            printed[f"{months:g}.{arm}"] = np.round(curve.at(months)[0], 2)
    return printed


def _rates(sizes: Sizes, printed: Mapping[str, float]) -> Comparison:
    arms = []
    for name, size in ((INDEX, sizes.index), (REFERENCE, sizes.reference)):
        found = [(months, printed[f"{months:g}.{name}"]) for months in TIMES]
        rates = [abstracts.rate(name, months, value) for months, value in found if value == value]
        arms.append(abstracts.arm(name, size, *rates))
    return abstracts.comparison(*arms, _ratio(printed))


def _medians(sizes: Sizes, printed: Mapping[str, float]) -> Comparison:
    arms = []
    for name, size in ((INDEX, sizes.index), (REFERENCE, sizes.reference)):
        value = printed[f"median.{name}"]
        told = [abstracts.median(name, value)] if value == value else []
        arms.append(abstracts.arm(name, size, *told))
    return abstracts.comparison(*arms, _ratio(printed))


def _log_rank(sizes: Sizes, printed: Mapping[str, float]) -> Comparison:
    test = abstracts.p_value(printed["log_rank_p"], printed["favours_index"], "log-rank")
    arms = [
        abstracts.arm(name, size, abstracts.events(printed[f"events.{name}"], name))
        for name, size in ((INDEX, sizes.index), (REFERENCE, sizes.reference))
    ]
    return abstracts.comparison(*arms, _ratio(printed), test)


def _ratio(printed: Mapping[str, float]) -> abstracts.ReportedOutcome:
    return abstracts.ratio("hazard_ratio", printed["hr"], printed["hr.lower"], printed["hr.upper"])


BESIDE: Mapping[str, Callable[[Sizes, Mapping[str, float]], Comparison]] = {
    "rates at 12, 36 and 60 months": _rates,
    "medians": _medians,
    "log-rank p and events of each arm": _log_rank,
}


def flag_table(
    trials: int,
    sizes: Collection[int] = SIZES,
    hazards: Collection[str] = tuple(RELATIONS),
    seed: int = SEED,
) -> list[dict[str, str]]:
    """Return the share of trials that are flagged, one row a kind of hazards, print, floor and size."""
    rows = []
    for place, (kind, censored, size) in enumerate(product(RELATIONS, CENSORED, SIZES)):
        if size not in sizes or kind not in hazards:
            continue
        scenario = SurvivalScenario("flags", kind, RELATIONS[kind], 1.0, censored, size, size)
        printed = _printed(scenario, trials, np.random.default_rng([seed, place]))
        each = [{name: float(values[trial]) for name, values in printed.items()} for trial in range(trials)]
        for beside, write in BESIDE.items():
            comparisons = [write(Sizes(size, size), one) for one in each if np.isfinite(one["hr"])]
            for floor in FLOORS if beside != "log-rank p and events of each arm" else (0.5,):
                told = (kind, beside, f"{floor:g}", str(size), f"{censored:g}", str(len(comparisons)))
                share = f"{_flagged(comparisons, floor):.4f}"
                rows.append(dict(zip(COLUMNS, (*told, share), strict=True)))
    return rows


def _flagged(comparisons: list[Comparison], floor: float) -> float:
    question = abstracts.question("hazard_ratio")
    with patch(_FLOOR, floor):
        flags = [any(FLAG in effect.flags for effect in recover(one, question)) for one in comparisons]
    return float(np.mean(flags))
