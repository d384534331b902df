"""The order of keys in a study file never changes an answer; of two figures for one thing a rule chooses."""

from __future__ import annotations

import json
import math
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from five_studies import FIVE_STUDIES
from made_up import make_project, study_of

import evisynth
from evisynth.printed_statistics import PREFERRED, preference

#: What effects say, less where their inputs stand.
COMPARED = (
    "study", "comparison", "row_group", "recovery", "kind", "time_months", "estimate", "standard_error",
    "ci_lower", "ci_upper", "lower", "upper", "rounding_lower", "rounding_upper", "participants", "grade",
    "primary", "flags", "assumptions", "downgrades", "of_event", "reason",
)  # fmt: skip
POOLED = ("estimate", "ci_lower", "ci_upper", "tau_squared", "row_count", "study_count", "participant_count")

Reorder = Callable[[list[str]], list[str]]


def reordered(node: Any, order: Reorder) -> Any:
    if isinstance(node, dict):
        return {key: reordered(node[key], order) for key in order(list(node))}
    return [reordered(one, order) for one in node] if isinstance(node, list) else node


def shuffled(seed: int) -> Reorder:
    chance = random.Random(seed)
    return lambda keys: chance.sample(keys, len(keys))


ORDERS: dict[str, Reorder] = {"reversed": lambda keys: keys[::-1], "shuffled": shuffled(12)}


def rewrite(folder: Path, order: Reorder) -> None:
    for path in sorted((folder / "studies").glob("*.yaml")):
        told = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
        text = yaml.safe_dump(reordered(told, order), sort_keys=False, allow_unicode=True, width=10_000)
        path.write_text(text, "utf-8")


def plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else float(f"{value:.9g}")
    return list(value) if isinstance(value, tuple) else value


def answers(folder: Path, run: Any) -> dict[str, Any]:
    evidence = evisynth.open(folder)
    found: dict[str, Any] = {}
    for path in sorted((folder / "evidence" / "questions").glob("*.yaml")):
        rows = evidence.effects(path.stem).to_dict("records")
        found[path.stem] = sorted(json.dumps([plain(row[key]) for key in COMPARED]) for row in rows)
        _, printed, _ = run(folder, "pool", path.stem, "--format", "json")
        pooled = json.loads(printed)
        for one in pooled if isinstance(pooled, list) else [pooled]:
            found[path.stem].append(json.dumps([plain(one.get(key)) for key in POOLED]))
    return found


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("five")
    for part in ("studies", "evidence"):
        shutil.copytree(FIVE_STUDIES / part, folder / part)
    return folder


@pytest.mark.parametrize("order", ORDERS)
def test_five_studies_give_the_same_answers_in_any_order(
    five: Path, tmp_path: Path, run: Any, order: str
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(five, copy, ignore=shutil.ignore_patterns("build"))
    rewrite(copy, ORDERS[order])
    assert answers(copy, run) == answers(five, run)


#: Rows of figures whose keys name the same thing twice, and what stands beside them.
TWICE = {
    "one time in two units": (
        "survival at 5 years: 62%, survival at 60 months: 58%", "survival at 5 years: 41%", "hazard ratio", ""
    ),
    "survival and incidence": (
        "cumulative incidence at 5 years: 40%, survival at 5 years: 61%",
        "survival at 5 years: 44%, cumulative incidence at 5 years: 55%", "risk ratio", "time: 5 years",
    ),
    "counts and shares": (
        "proportion within 5 years: 38%, deaths within 5 years: 27", "deaths within 5 years: 28/50",
        "risk difference", "time: 5 years",
    ),
    "rates and medians": (
        "survival at 5 years: 62%, median: 80 months, survival at 10 years: 30%, deaths: 40",
        "median: 55 months, survival at 10 years: 20%, survival at 5 years: 41%, deaths: 35",
        "hazard ratio", "",
    ),
    "windows": (
        "deaths within 30 days: 2, deaths within 90 days: 5, proportion within 1 month: 4%",
        "deaths within 90 days: 8, deaths within 30 days: 3", "odds ratio", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("figures", TWICE)
def test_made_up_studies_do_too(tmp_path: Path, run: Any, figures: str, order: str) -> None:
    index, reference, measure, more = TWICE[figures]
    study = study_of(index, reference, "p: 0.03, test: log-rank, favours: r")
    as_typed = make_project(tmp_path / "typed", [study], measure, more=more)
    other = make_project(tmp_path / "other", [study], measure, more=more)
    rewrite(other, ORDERS[order])
    assert answers(other, run) == answers(as_typed, run)


def test_printed_survival_stands_before_one_minus_the_incidence(tmp_path: Path) -> None:
    index, reference, measure, more = TWICE["survival and incidence"]
    found = evisynth.open(make_project(tmp_path, [study_of(index, reference)], measure, more=more)).effects(
        "asked"
    )
    (chosen,) = found[found.primary].to_dict("records")
    assert chosen["estimate"] == pytest.approx(math.log(0.39 / 0.56))
    assert all(preference(first) < preference(second) for first, second in PREFERRED)


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_unadjusted_ratios_the_more_cautious_stands_and_a_finding_asks(
    tmp_path: Path, run: Any, turned: bool
) -> None:
    ratios = ["hazard_ratio: 0.55 (95% CI 0.35 to 0.86)", "hazard_ratio: 0.70 (95% CI 0.45 to 1.09)"]
    entries = [
        f"  - {{outcome: overall survival, of: [r, c], {ratio}, basis: stated, at: line {line}}}\n"
        for line, ratio in enumerate(ratios[::-1] if turned else ratios, 3)
    ]
    project = make_project(tmp_path, [("comparisons:\n" + "".join(entries), (70, 50))])
    found = evisynth.open(project).effects("asked")
    assert [math.exp(value) for value in found[found.primary].estimate] == [pytest.approx(0.70)]
    _, printed, _ = run(project, "check", "--format", "json")
    (asked,) = [one for one in json.loads(printed) if one["code"] == "several-ratios"]
    assert "0.55" in asked["message"] and "0.70" in asked["message"]
