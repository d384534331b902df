"""One scenario at a time: simulate, print, recover, and add up how far each recovery was from the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from evisynth.effects import Effect
from recovery_study.abstracts import Sizes
from recovery_study.hazards import Array
from recovery_study.printing import Columns, print_counts, print_survival
from recovery_study.recoveries import all_rows
from recovery_study.rows import GRADES, WITHOUT_GRADE, Recovered
from recovery_study.scenarios import CountScenario, Scenario, SurvivalScenario, all_scenarios, truths
from recovery_study.shortcuts import all_shortcuts
from recovery_study.trials import Z

SEED = 20_240_601
#: Trials simulated at once: enough for numpy, few enough for the memory of a small machine.
BATCH = 500

#: What names a row of the tables: recovery (or shortcut), form of print, kind.
RowKey = tuple[str, str, str]


@dataclass(frozen=True)
class Tally:
    """Sums over trials, from which every figure of the tables follows; tallies of batches are added."""

    trials: float = 0.0
    points: float = 0.0
    error: float = 0.0
    squared_error: float = 0.0
    standard_error: float = 0.0
    covered: float = 0.0
    with_cox: float = 0.0
    squared_from_cox: float = 0.0
    grade_a: float = 0.0
    grade_b: float = 0.0
    grade_c: float = 0.0
    grade_d: float = 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Tally)))

    @property
    def bias(self) -> float:
        """Mean error."""
        return self.error / self.points

    @property
    def mean_square(self) -> float:
        """Mean squared error."""
        return self.squared_error / self.points

    @property
    def coverage(self) -> float:
        """Share of 95 % intervals that hold the truth."""
        return self.covered / self.points

    @property
    def empirical_sd(self) -> float:
        """Standard deviation of the estimates."""
        return float(np.sqrt(max(0.0, self.mean_square - self.bias**2)))

    @property
    def rms_from_cox(self) -> float:
        """Root mean square of the distance from a Cox model of the same patients; NaN without one."""
        return float(np.sqrt(self.squared_from_cox / self.with_cox)) if self.with_cox else float("nan")

    @property
    def grades(self) -> tuple[float, ...]:
        """Points of grade A, B, C and D."""
        return self.grade_a, self.grade_b, self.grade_c, self.grade_d


Tallies = dict[RowKey, Tally]


def tally(recovered: Recovered, truth: float, cox: Array | None) -> Tally:
    """Add up the points of one recovery; ``cox`` is what a Cox model says, where it answers the same."""
    found = np.isfinite(recovered.estimate) & np.isfinite(recovered.standard_error)
    error, spread = recovered.estimate[found] - truth, recovered.standard_error[found]
    apart = np.zeros(0) if cox is None else (recovered.estimate - cox)[found & np.isfinite(cox)]
    return Tally(
        len(found),
        int(found.sum()),
        float(error.sum()),
        float((error**2).sum()),
        float(spread.sum()),
        int((np.abs(error) <= Z * spread).sum()),
        len(apart),
        float((apart**2).sum()),
        *(int((recovered.grade == place).sum()) for place in range(len(GRADES))),
    )


def run_scenario(place: int, trials: int, seed: int = SEED) -> Tallies:
    """Simulate one scenario of :func:`all_scenarios`; the seed and its place fix the random numbers."""
    scenario = all_scenarios()[place]
    tallies: Tallies = {}
    known: dict[tuple[object, ...], Effect | None] = {}
    for batch, first in enumerate(range(0, trials, BATCH)):
        random = np.random.default_rng([seed, place, batch])
        for key, found in _run_batch(scenario, min(BATCH, trials - first), random, known).items():
            tallies[key] = tallies.get(key, Tally()) + found
    return tallies


def print_trials(scenario: Scenario, trials: int, random: np.random.Generator) -> Columns:
    """Simulate trials of a scenario and return what is printed of them."""
    if isinstance(scenario, SurvivalScenario):
        return print_survival(scenario, trials, random)
    if isinstance(scenario, CountScenario):
        return print_counts(scenario, trials, random)
    return scenario.print(trials, random)


def _run_batch(
    scenario: Scenario,
    trials: int,
    random: np.random.Generator,
    known: dict[tuple[object, ...], Effect | None],
) -> Tallies:
    truth, sizes = truths(scenario), Sizes(scenario.index_size, scenario.reference_size)
    printed = print_trials(scenario, trials, random)
    cox = printed.get("cox")
    family = "survival" if isinstance(scenario, SurvivalScenario) else scenario.family
    tallies: Tallies = {}
    for row in all_rows():
        if row.family == family:
            beside = cox if row.truth == "log hazard ratio" else None
            tallies[row.key] = tally(row.apply(sizes, printed, known), truth[row.truth], beside)
    for shortcut in all_shortcuts() if family == "survival" else ():
        estimate, error = shortcut.apply(sizes, printed)
        nothing: NDArray[np.int_] = np.full(trials, WITHOUT_GRADE)
        recovered = Recovered(estimate, error, nothing)
        key = (shortcut.name, shortcut.printed, shortcut.kind)
        tallies[key] = tally(recovered, truth["log hazard ratio"], cox)
    return tallies


def run_all(
    trials: int, processes: int, done: Callable[[int, int], None] = lambda finished, total: None
) -> Mapping[str, Tallies]:
    """Run every scenario in parallel; ``done`` is told how many of how many are finished.

    The answer does not depend on the number of processes.
    """
    scenarios = all_scenarios()
    found: dict[int, Tallies] = {}
    for place, tallies in _in_parallel(trials, processes, len(scenarios)):
        found[place] = tallies
        done(len(found), len(scenarios))
    return {scenario.name: found[place] for place, scenario in enumerate(scenarios)}


def _in_parallel(trials: int, processes: int, scenarios: int) -> Iterator[tuple[int, Tallies]]:
    with ProcessPoolExecutor(processes) as pool:
        waiting = {pool.submit(run_scenario, place, trials): place for place in range(scenarios)}
        for finished in as_completed(waiting):
            yield waiting[finished], finished.result()
