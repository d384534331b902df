"""The committed tables are whole and still true, and the grades that the code gives follow from them."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from recovery_study.flags import RELATIONS, flag_table
from recovery_study.recoveries import all_rows
from recovery_study.rows import GRADES, RecoveryRow
from recovery_study.scenarios import scenario_named
from recovery_study.shortcuts import all_shortcuts
from recovery_study.study import Tallies, run_scenario
from recovery_study.tables import COLUMNS, SCENARIO_COLUMNS, Row, markdown_table, read_csv

COMMITTED = Path(__file__).parents[1] / "reference" / "simulation"
LEAST_COVERAGE = 0.90

ROWS = read_csv((COMMITTED / "recoveries.csv").read_text(encoding="utf-8"))
LONG = read_csv((COMMITTED / "long" / "recoveries.csv").read_text(encoding="utf-8"))
SCENARIOS = read_csv((COMMITTED / "typical_scenarios.csv").read_text(encoding="utf-8"))
FLAGS = read_csv((COMMITTED / "flags.csv").read_text(encoding="utf-8"))
#: Family of rows -> the typical scenario that is run again.
RERUN = {
    "survival": "PH; HR 0.7; shape 1; 30% censored; 100 v 100",
    "counts": "counts; odds ratio 0.7; risk 30%; 93 v 93",
    "measurements": "measurements; log-normal; 50",
    "clusters": "clusters; ICC 0.1; odds ratio 0.5; 20 of 12 an arm",
}
TYPICAL = [row for row in ROWS if row["set"] == "typical" and row["kind"] == "recovery"]


def share_trusted(row: Row) -> float:
    """Return the share of points that get a grade which is pooled as primary."""
    return float(row["grade_a"] or 0) + float(row["grade_b"] or 0)


def paired(form: list[Row], other: list[Row]) -> list[tuple[Row, Row]]:
    """Return the rows of two forms that are of the same recovery, print and set."""
    names = ("recovery", "printed", "kind", "set")
    known = {tuple(row[name] for name in names): row for row in other}
    return [(row, known[key]) for row in form if (key := tuple(row[name] for name in names)) in known]


def test_the_table_is_whole() -> None:
    expected = {row.key for row in all_rows()}
    expected |= {(shortcut.name, shortcut.printed, shortcut.kind) for shortcut in all_shortcuts()}
    assert {(row["recovery"], row["printed"], row["kind"]) for row in ROWS} == expected
    family = {(row.recovery, row.printed): row.family for row in all_rows()}
    for key in expected:
        sets = {row["set"] for row in ROWS if (row["recovery"], row["printed"], row["kind"]) == key}
        of = family.get(key[:2], "survival")
        curves = {"typical", "PH", "non-PH", "PH 4:1", "PH 8:1"}
        assert sets == (curves if of == "survival" else {"typical", of})
    assert tuple(ROWS[0]) == COLUMNS


def test_the_rows_of_the_long_form_are_those_of_the_short_one() -> None:
    names = ("recovery", "printed", "kind", "set")
    rows = [tuple(row[name] for name in names) for row in ROWS]
    long = [tuple(row[name] for name in names) for row in LONG]
    assert long == [row for row in rows if row in set(long)]


@pytest.mark.parametrize("form", [ROWS, LONG], ids=["short", "long"])
def test_both_forms_tell_the_same_grades(form: list[Row]) -> None:
    for row, other in paired(form, ROWS):
        of_recovery = row["set"] == "typical" and row["kind"] == "recovery"
        if of_recovery and row["coverage"] and float(row["coverage"]) < LEAST_COVERAGE:
            # One symmetric interval in 5,000 is so rounded that it looks like one of another kind.
            assert share_trusted(row) < 1e-3, f"{row['recovery']} covers {row['coverage']}"
        if row["grade_a"] and other["grade_a"]:
            assert share_trusted(row) == pytest.approx(share_trusted(other), abs=0.02)


def test_the_short_form_agrees_with_the_long_one_within_monte_carlo_error() -> None:
    trials = {int(row["trials"]) for row in SCENARIOS}
    for short, long in paired(ROWS, LONG):
        # A scenario with few points may count in one form and not in the other.
        if short["scenarios"] != long["scenarios"] or not short["coverage"]:
            continue
        coverage = float(long["coverage"])
        points = min(trials) * int(short["scenarios"]) * float(short["available"])
        spread = math.sqrt(max(0.02, coverage * (1 - coverage)) / points)
        apart = abs(float(short["coverage"]) - coverage)
        assert apart <= STANDARD_ERRORS * spread, f"{short['recovery']}, {short['printed']}, {short['set']}"


def test_the_table_of_readme_comes_from_the_committed_one() -> None:
    assert (COMMITTED / "table.md").read_text(encoding="utf-8") == markdown_table(ROWS)


@pytest.mark.parametrize("row", TYPICAL, ids=lambda row: f"{row['recovery']}: {row['printed']}")
def test_what_covers_too_little_has_neither_grade_a_nor_b(row: Row) -> None:
    if row["coverage"] and float(row["coverage"]) < LEAST_COVERAGE:
        assert share_trusted(row) == 0, f"covers {row['coverage']} in the typical scenario"


@pytest.mark.parametrize("row", all_rows(), ids=lambda row: f"{row.recovery}: {row.printed}")
def test_the_grades_of_the_code_are_still_those_of_the_table(row: RecoveryRow) -> None:
    """A grade changed in the code since the study was run shows here: run ``make simulation``."""
    place, scenario = scenario_named(RERUN[row.family])
    tallies = _rerun(place, scenario.name)
    committed = next(
        line
        for line in ROWS
        if line["set"] == "typical" and (line["recovery"], line["printed"], line["kind"]) == row.key
    )
    allowed = {grade for grade in GRADES if float(committed[f"grade_{grade.lower()}"] or 0) > 0}
    found = tallies[row.key].grades
    given = {grade for grade, points in zip(GRADES, found, strict=True) if points}
    assert given <= allowed or not allowed


_RERUN: dict[str, Tallies] = {}


def _rerun(place: int, name: str) -> Tallies:
    # Another seed than the committed run, so that agreement is no matter of repeating the same numbers.
    if name not in _RERUN:
        _RERUN[name] = run_scenario(place, RERUN_TRIALS, seed=97)
    return _RERUN[name]


RERUN_TRIALS = 150
#: A hundred comparisons, all of one seed: five standard errors leave no room for bad luck.
STANDARD_ERRORS = 5.0


@pytest.mark.parametrize("name", RERUN.values())
def test_a_slice_run_again_agrees_within_monte_carlo_error(name: str) -> None:
    place, _ = scenario_named(name)
    tallies = _rerun(place, name)
    assert tuple(SCENARIOS[0]) == SCENARIO_COLUMNS
    committed = [row for row in SCENARIOS if row["scenario"] == name]
    assert len(committed) >= 2
    for row in committed:
        again = tallies[row["recovery"], row["printed"], row["kind"]]
        if again.points < 30:
            continue
        both = 1 / float(row["points"]) + 1 / again.points
        sd, coverage = float(row["sd"]), float(row["coverage"])
        what = f"{row['recovery']}, {row['printed']}"
        assert abs(again.bias - float(row["bias"])) <= STANDARD_ERRORS * sd * math.sqrt(both), what
        # A committed coverage of 1 may well be 0.98.
        spread = max(0.02, coverage * (1 - coverage))
        assert abs(again.coverage - coverage) <= STANDARD_ERRORS * math.sqrt(spread * both), what
        if row["kind"] != "recovery":
            continue  # a standard error borrowed from a p-value near 1 has no mean to speak of
        mean_se = again.standard_error / again.points
        # Mean standard errors vary far less than estimates do: a tenth of their size is many deviations.
        assert mean_se == pytest.approx(float(row["mean_se"]), rel=0.1), what


def test_what_is_refused_would_have_covered_too_little() -> None:
    """The shortcuts with a borrowed standard error, and "< 0.001" read as 0.001, fail where it matters."""
    refused = {
        (row["recovery"], row["printed"]): row
        for row in ROWS
        if row["kind"] == "refused" and row["set"] == "PH"
    }
    for name in ("two rates", "two medians"):
        assert float(refused[name, "SE from the log-rank p"]["coverage"]) < LEAST_COVERAGE
    assert float(refused["two medians", "SE² = 1/d1 + 1/d0"]["coverage"]) < LEAST_COVERAGE
    assert float(refused["log-rank p and events", "p < 0.001 taken as 0.001"]["worst_coverage"]) < 0.05


def test_the_floor_of_the_flag_keeps_false_alarms_few_and_finds_crossing_hazards() -> None:
    """Without a floor, censored trials with proportional hazards are flagged one and all."""
    assert {row["hazards"] for row in FLAGS} == set(RELATIONS)

    def share(hazards: str, floor: str, *censored: str) -> float:
        shares = [
            float(row["flagged"])
            for row in FLAGS
            if row["hazards"].startswith(hazards)
            and row["beside the ratio"].startswith("rates")
            and (row["floor"], row["censored"] in censored) == (floor, True)
        ]
        return sum(shares) / len(shares)

    assert share("PH", "0.5", "0.3") < 0.12
    assert share("PH", "0", "0.6") > 0.5 > 0.2 > share("PH", "0.5", "0.6")
    assert share("cross", "0.5", "0.3", "0.6") > 0.6


def test_a_slice_of_the_flags_run_again_agrees() -> None:
    committed = {tuple(row.values())[:5]: row for row in FLAGS}
    for row in flag_table(60, sizes=(100,), hazards=("PH; HR 0.6", "cross"), seed=97):
        other = committed[tuple(row.values())[:5]]
        share, trials = float(other["flagged"]), int(other["trials"])
        spread = math.sqrt(max(0.02, share * (1 - share)) * (1 / trials + 1 / int(row["trials"])))
        assert abs(float(row["flagged"]) - share) <= STANDARD_ERRORS * spread, row
