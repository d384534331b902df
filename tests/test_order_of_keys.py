"""The order of keys in a study file never changes an answer; of two figures for one thing a rule chooses."""

from __future__ import annotations

import json
import math
import random
import shutil
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import yaml
from five_studies import FIVE_ANSWERED, FIVE_STUDIES, AnsweredOnce
from made_up import make_project, study_of

import evisynth
from evisynth import Evidence
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


ORDERS: tuple[Reorder, ...] = (lambda keys: keys[::-1], shuffled(12), shuffled(13))


def rewrite(folder: Path) -> None:
    """Give the keys of each file another order: of the first file reversed, of the next ones shuffled."""
    for path, order in zip(sorted((folder / "studies").glob("*.yaml")), cycle(ORDERS), strict=False):
        told = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
        text = yaml.safe_dump(reordered(told, order), sort_keys=False, allow_unicode=True, width=10_000)
        path.write_text(text, "utf-8")


def plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else float(f"{value:.9g}")
    return list(value) if isinstance(value, tuple) else value


def effects_of(evidence: Evidence, question: str) -> list[str]:
    rows = evidence.effect_records(question)
    return sorted(json.dumps([plain(row[key]) for key in COMPARED]) for row in rows)


#: Rates, medians and p-values together; shares of two groups; rates of one.
ASKED = (
    "resection-overall-survival",
    "perioperative-mortality",
    "survival-5-years",
    "surgery-extent-overall-survival",
)


def test_five_studies_give_the_same_answers_in_any_order(tmp_path: Path) -> None:
    for part in ("studies", "evidence"):
        shutil.copytree(FIVE_STUDIES / part, tmp_path / part)
    rewrite(tmp_path)
    other = AnsweredOnce(tmp_path)
    for question in ASKED:
        found = effects_of(other, question)
        assert found and found == effects_of(FIVE_ANSWERED, question)
        pooled, again = (one.answer_record(question) for one in (FIVE_ANSWERED, other))
        assert [plain(again.get(key)) for key in POOLED] == [plain(pooled.get(key)) for key in POOLED]


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


def test_made_up_studies_do_too(tmp_path: Path) -> None:
    """All of them in one project, asked every question; each in two other orders of its keys."""
    studies = [
        study_of(index, reference, "p: 0.03, test: log-rank, favours: r")
        for index, reference, _, _ in TWICE.values()
    ]
    projects = []
    for name in ("typed", "other"):
        folder = make_project(tmp_path / name, [*studies, *studies])
        asked = folder / "evidence" / "questions" / "asked.yaml"
        text = asked.read_text("utf-8")
        for place, (_, _, measure, more) in enumerate(TWICE.values()):
            other = text.replace("id: asked", f"id: asked-{place}").replace("hazard ratio", measure)
            asked.with_stem(f"asked-{place}").write_text(other.replace("rows:", f"{more}\nrows:"), "utf-8")
        projects.append(AnsweredOnce(folder))
    rewrite(tmp_path / "other")
    for place in range(len(TWICE)):
        typed, other = (effects_of(project, f"asked-{place}") for project in projects)
        assert typed == other and any('"point"' in row for row in typed)


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
    assert "the one of the better grade stands" in asked["message"] and "opposite" not in asked["message"]


def test_two_ratios_in_opposite_orders_that_go_opposite_ways_say_so(tmp_path: Path, run: Any) -> None:
    # 0.80 of c against r is 1.25 of r against c
    entries = "".join(
        f"  - {{outcome: overall survival, of: [{of}], hazard_ratio: {ratio}, basis: stated, at: line 3}}\n"
        for of, ratio in [("r, c", "0.62 (95% CI 0.42 to 0.92)"), ("c, r", "0.80")]
    )
    project = make_project(tmp_path, [("comparisons:\n" + entries, (70, 50))])
    _, printed, _ = run(project, "check", "--format", "json")
    (asked,) = [one for one in json.loads(printed) if one["code"] == "several-ratios"]
    assert "opposite ways (0.62 and 1.25 of 'r' against 'c')" in asked["message"]
