"""From the tallies of all scenarios to the committed tables, and from these to the table of README."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np

from recovery_study.rows import GRADES
from recovery_study.scenarios import Scenario, SurvivalScenario, all_scenarios
from recovery_study.study import RowKey, Tallies, Tally

Row = dict[str, str]

#: Scenarios with fewer points than this share of their trials tell nothing about a recovery and are left out
#: of everything but availability; and with fewer points than this number, whatever the share.
LEAST_SHARE, LEAST_POINTS = 0.05, 40

#: Families of trials without curves, with the words above their table.
WITHOUT_CURVES: Mapping[str, str] = {
    "counts": "Counts and ratios of counts:",
    "measurements": "Medians of measurements:",
    "clusters": "Counts of patients in clusters:",
}


def _is_of(family: str, scenario: Scenario) -> bool:
    return scenario.family == family


#: Set of scenarios -> which belong to it.
SETS: Mapping[str, Callable[[Scenario], bool]] = {
    "typical": lambda scenario: scenario.typical,
    "PH": lambda scenario: scenario.family == "PH",
    "non-PH": lambda scenario: scenario.family == "non-PH",
    "PH 4:1": lambda scenario: scenario.family == "PH 4:1",
    "PH 8:1": lambda scenario: scenario.family == "PH 8:1",
    **{name: partial(_is_of, name) for name in WITHOUT_CURVES},
}

COLUMNS = (
    "recovery", "printed", "kind", "set", "scenarios", "available", "bias", "abs_bias", "rmse", "coverage",
    "worst_coverage", "worst_scenario", "se_over_sd", "rms_from_cox",
    *(f"grade_{grade.lower()}" for grade in GRADES),
)  # fmt: skip
SCENARIO_COLUMNS = (
    "scenario", "recovery", "printed", "kind", "trials", "points", "bias", "sd", "mean_se", "coverage",
)  # fmt: skip
SPREAD_COLUMNS = ("recovery", "printed", "patients_per_arm", "censored", "rms_from_cox")


def recovery_table(found: Mapping[str, Tallies]) -> list[Row]:
    """Return one row for each recovery, form of print and set of scenarios."""
    rows = []
    for key in _keys(found):
        for name, belongs in SETS.items():
            members = {
                scenario.name: found[scenario.name][key]
                for scenario in all_scenarios()
                if belongs(scenario) and key in found.get(scenario.name, {})
            }
            if members:
                rows.append(_row(key, name, members))
    return rows


def _keys(found: Mapping[str, Tallies]) -> list[RowKey]:
    return list(dict.fromkeys(key for tallies in found.values() for key in tallies))


def _row(key: RowKey, name: str, members: Mapping[str, Tally]) -> Row:
    told = {scenario: one for scenario, one in members.items() if _tells(one)}
    available = np.mean([one.points / one.trials for one in members.values()])
    row = dict(zip(COLUMNS[:4], (*key, name), strict=True))
    row |= {"scenarios": str(len(told)), "available": _number(available)}
    if not told:
        return row | dict.fromkeys(COLUMNS[6:], "")
    tallies = list(told.values())
    worst = min(told, key=lambda scenario: told[scenario].coverage)
    graded = np.sum([one.grades for one in members.values()], axis=0)
    from_cox = [one.rms_from_cox for one in tallies]
    return row | {
        "bias": _number(np.mean([one.bias for one in tallies])),
        "abs_bias": _number(np.mean([abs(one.bias) for one in tallies])),
        "rmse": _number(np.sqrt(np.mean([one.mean_square for one in tallies]))),
        "coverage": _number(np.mean([one.coverage for one in tallies])),
        "worst_coverage": _number(told[worst].coverage),
        "worst_scenario": worst,
        "se_over_sd": _number(
            np.mean(
                [one.standard_error / one.points / one.empirical_sd for one in tallies if one.empirical_sd]
            )
        ),
        "rms_from_cox": _number(np.sqrt(np.mean(np.square(from_cox)))),
        **{
            f"grade_{grade.lower()}": _number(share) if graded.sum() else ""
            for grade, share in zip(GRADES, graded / max(1.0, graded.sum()), strict=True)
        },
    }


def _tells(one: Tally) -> bool:
    return one.points >= max(LEAST_POINTS, LEAST_SHARE * one.trials)


def scenario_table(found: Mapping[str, Tallies]) -> list[Row]:
    """Return one row for each recovery in each typical scenario, for a rerun to be held against."""
    rows = []
    for scenario in all_scenarios():
        if not scenario.typical:
            continue
        for key, one in found.get(scenario.name, {}).items():
            if _tells(one):
                values = (one.bias, one.empirical_sd, one.standard_error / one.points, one.coverage)
                head = (scenario.name, *key, f"{one.trials:.0f}", f"{one.points:.0f}")
                rows.append(dict(zip(SCENARIO_COLUMNS, (*head, *map(_number, values)), strict=True)))
    return rows


def spread_table(found: Mapping[str, Tallies]) -> list[Row]:
    """Return how far a recovery strays from a Cox model when hazards are constant, by size and censoring."""
    groups: dict[tuple[RowKey, int, float], list[float]] = {}
    for scenario in all_scenarios():
        if not isinstance(scenario, SurvivalScenario) or scenario.family != "PH" or scenario.shape != 1:
            continue
        for key, one in found.get(scenario.name, {}).items():
            if key[2] == "recovery" and one.with_cox and _tells(one):
                groups.setdefault((key, scenario.index_size, scenario.censored), []).append(one.rms_from_cox)
    return [
        dict(
            zip(
                SPREAD_COLUMNS,
                (*key[:2], str(size), f"{censored:g}", _number(math.sqrt(np.mean(np.square(spreads))))),
                strict=True,
            )
        )
        for (key, size, censored), spreads in sorted(
            groups.items(), key=lambda item: (_keys(found).index(item[0][0]), item[0][1:])
        )
        if ": SE at" not in key[1]
    ]


def _number(value: float | np.floating) -> str:
    return f"{float(value):.4f}" if math.isfinite(value) else ""


def write_csv(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """Return the rows as CSV, with line feeds."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def read_csv(text: str) -> list[Row]:
    """Return the rows of a CSV text."""
    return list(csv.DictReader(io.StringIO(text)))


def markdown_table(rows: Sequence[Row]) -> str:
    """Return the tables for README, from the rows of the committed table."""
    by_key: dict[RowKey, dict[str, Row]] = {}
    for row in rows:
        by_key.setdefault((row["recovery"], row["printed"], row["kind"]), {})[row["set"]] = row
    survival = {key: sets for key, sets in by_key.items() if "PH" in sets}
    recoveries = {
        key: sets
        for key, sets in survival.items()
        if key[2] == "recovery" and not key[1].endswith(_LEFT_TO_THE_CSV)
    }
    others = {key: sets for key, sets in survival.items() if key[2] != "recovery"}
    parts = [
        _markdown(_SURVIVAL_HEAD, [_survival_line(key, sets) for key, sets in recoveries.items()]),
        *_tables_without_curves(by_key),
        "The benchmark, and what evisynth does not do, because of this:",
        _markdown(_OTHER_HEAD, [_other_line(key, sets) for key, sets in others.items()]),
    ]
    return "\n\n".join(parts) + "\n"


def _tables_without_curves(by_key: Mapping[RowKey, Mapping[str, Row]]) -> list[str]:
    parts = []
    for family, words in WITHOUT_CURVES.items():
        lines = [_count_line(key, sets, family) for key, sets in by_key.items() if family in sets]
        parts += [words, _markdown(_COUNT_HEAD, lines)] if lines else []
    return parts


#: Alternatives between the two that README shows.
_LEFT_TO_THE_CSV = (": SE at 75%", ": SE at 25%")
_SURVIVAL_HEAD = (
    "recovery", "printed", "grade", "covers, typical", "available", "absolute bias", "RMSE",
    "covers, PH (worst)", "covers, non-PH (worst)",
)  # fmt: skip
_COUNT_HEAD = (
    "recovery", "printed", "grade", "covers, typical", "available", "absolute bias", "RMSE",
    "covers (worst)",
)  # fmt: skip
_OTHER_HEAD = tuple(head for head in _SURVIVAL_HEAD if head != "grade")


def _survival_line(key: RowKey, sets: Mapping[str, Row]) -> tuple[str, ...]:
    line = _other_line(key, sets)
    return (*line[:2], usual_grade(sets["typical"], sets["PH"]), *line[2:])


def _other_line(key: RowKey, sets: Mapping[str, Row]) -> tuple[str, ...]:
    return (*_start(key, sets, sets["PH"]), _with_worst(sets["PH"]), _with_worst(sets["non-PH"]))


def _count_line(key: RowKey, sets: Mapping[str, Row], family: str) -> tuple[str, ...]:
    line = (*_start(key, sets, sets[family]), _with_worst(sets[family]))
    return (*line[:2], usual_grade(sets["typical"], sets[family]), *line[2:])


def _start(key: RowKey, sets: Mapping[str, Row], whole: Row) -> tuple[str, ...]:
    name = f"`{key[0]}`" if key[2] == "recovery" else key[0]
    figures = (_percent(whole["available"]), _short(whole["abs_bias"]), _short(whole["rmse"]))
    return name, key[1], _percent(sets["typical"]["coverage"]), *figures


def usual_grade(*rows: Row) -> str:
    """Return the grade of most points, with those of at least a tenth; from the first row that has any."""
    for row in rows:
        shares = {grade: float(row[f"grade_{grade.lower()}"] or 0) for grade in GRADES}
        if any(shares.values()):
            usual = max(shares, key=lambda grade: shares[grade])
            others = [
                f"{grade} {share:.0%}" for grade, share in shares.items() if grade != usual and share >= 0.1
            ]
            return f"{usual} ({', '.join(others)})" if others else usual
    return ""


def _percent(value: str) -> str:
    return f"{float(value):.1%}" if value else "–"


def _short(value: str) -> str:
    return f"{float(value):.3f}" if value else "–"


def _with_worst(row: Row) -> str:
    return f"{_percent(row['coverage'])} ({_percent(row['worst_coverage'])})" if row["coverage"] else "–"


def _markdown(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rule = ["---", "---", *("---:" for _ in head[2:])]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rule, *lines))
