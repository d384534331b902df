"""Of which event an effect speaks, from the study file to the plot: death, relief, or their absence.

Each right value is worked out by hand beside it, or by metafor where it says so.
"""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import pytest
from made_up import make_project, study_of

import evisynth
from evisynth.outcome_events import OutcomeEvent, is_wanted

RELIEF = """\
  time_to_relief:
    label: Time to relief
    type: time_to_event
    event: relief of symptoms
    more_is_better: {better}
    definition: Time from operation to relief.
"""
#: Deaths counted, a share that died, and survival rates with their 95% intervals: the same sense each.
FOUR = (
    study_of("deaths within 5 years: 31/80", "deaths within 5 years: 48/80", sizes=(80, 80)),
    study_of("proportion within 5 years: 32/81", "proportion within 5 years: 50/83", sizes=(81, 83)),
    study_of(
        "survival at 5 years: 62% (95% CI 51 to 72)", "survival at 5 years: 41% (95% CI 30 to 52)",
        sizes=(90, 90),
    ),
    study_of(
        "survival at 5 years: 58% (95% CI 47 to 69)", "survival at 5 years: 44% (95% CI 33 to 55)",
        sizes=(90, 91),
    ),
)  # fmt: skip
FIVE_YEARS = "time: 5 years"


def effects_of(folder: Path, *studies: Any, **asked: Any) -> list[dict[str, Any]]:
    project = make_project(folder, studies, **asked)
    found: list[dict[str, Any]] = evisynth.open(project).effects("asked").to_dict("records")
    return found


def the_point(folder: Path, *studies: Any, **asked: Any) -> dict[str, Any]:
    (found,) = [one for one in effects_of(folder, *studies, **asked) if one["primary"]]
    return found


def test_risk_differences_of_deaths_and_of_survival_rates_are_pooled_as_deaths(tmp_path: Path) -> None:
    # P1 - P0 = -.2125, 32/81 - 50/83 = -.2073, -.21, -.14; metafor 3.8-1, REML: tau2 0, -0.1932;
    # SE 0.0389 by z, with t(3) and q* = 1: -0.317 to -0.069.
    project = make_project(tmp_path, FOUR, "risk difference", more=FIVE_YEARS)
    pooled = evisynth.open(project).pool("asked")
    assert (pooled.estimate, pooled.ci_lower, pooled.ci_upper) == pytest.approx(
        (-0.1932, -0.3169, -0.0694), abs=5e-5
    )
    assert pooled.i_squared == 0


@pytest.mark.parametrize("measure", ["risk difference", "risk ratio", "odds ratio"])
def test_every_row_agrees_about_the_better_side(tmp_path: Path, measure: str) -> None:
    found = effects_of(tmp_path, *FOUR, measure=measure, more=FIVE_YEARS)
    assert len(found) == 4 and all(one["estimate"] < 0 for one in found)
    assert {one["of_event"] for one in found} == {"death"}


@pytest.mark.parametrize("measure", ["risk difference", "risk ratio", "odds ratio"])
@pytest.mark.parametrize(
    ("index", "reference", "more"),
    [
        ("deaths within 5 years: 24", "deaths within 5 years: 30", ""),
        ("count within 5 years: 46", "count within 5 years: 20", "of_event: survival"),
        ("proportion within 5 years: 46/70", "proportion within 5 years: 20/50", "of_event: alive"),
        ("survival at 5 years: 46/70", "survival at 5 years: 20/50", ""),
        ("cumulative incidence at 5 years: 24/70", "cumulative incidence at 5 years: 30/50", ""),
    ],
)
def test_deaths_and_those_alive_give_one_contrast(
    tmp_path: Path, measure: str, index: str, reference: str, more: str
) -> None:
    p1, p0 = 24 / 70, 30 / 50
    right = {
        "risk difference": p1 - p0,
        "risk ratio": math.log(p1 / p0),
        "odds ratio": math.log(p1 / (1 - p1) * (1 - p0) / p0),
    }[measure]
    point = the_point(tmp_path, study_of(index, reference, more=more), measure=measure, more=FIVE_YEARS)
    assert point["estimate"] == pytest.approx(right, abs=1e-9)


@pytest.mark.parametrize("better", ["yes", "no"])
def test_more_of_a_wanted_event_is_better(tmp_path: Path, better: str) -> None:
    # z = 3.2905, V = 60 x 40/100 = 24: log HR = 3.2905/4.899 = 0.6717, HR 1.958 (1.312 to 2.921).
    study = study_of(
        "events: 60", "events: 40", "p: 0.001, test: log-rank, favours: r", outcome="time to relief"
    )
    vocabulary = RELIEF.format(better=better)
    point = the_point(tmp_path, study, outcome="time to relief", vocabulary=vocabulary)
    natural = [math.exp(point[key]) for key in ("estimate", "ci_lower", "ci_upper")]
    assert natural == pytest.approx([1.958, 1.312, 2.921], abs=1e-3)
    assert point["of_event"] == "relief of symptoms"


def test_of_a_share_that_is_wanted_too(tmp_path: Path) -> None:
    study = study_of(
        "events: 60", "events: 40", "p: 0.001, test: log-rank, favours: c", outcome="symptom relief"
    )
    point = the_point(tmp_path, study, outcome="symptom relief")
    assert math.exp(point["estimate"]) == pytest.approx(1 / 1.958, abs=1e-3)


def test_who_is_favoured_says_nothing_where_neither_way_is_better(tmp_path: Path) -> None:
    study = study_of("events: 40", "events: 30", "p: 0.001, favours: r", outcome="bilobar disease")
    (refused,) = effects_of(tmp_path, study, outcome="bilobar disease")
    assert refused["kind"] == "refused" and "more_is_better" in refused["reason"]


#: What a source prints of one hazard ratio, and the log hazard ratio of death; None: it is not used.
SAID = {
    "favours: r": None,
    "favours: c": math.log(1.61),
    "favours: r, of_event: survival": -math.log(1.61),
    "favours: c, of_event: survival": None,
    "favours: r, of_event: death": None,
    "of_event: alive": -math.log(1.61),
    "of_event: deaths": math.log(1.61),
}


@pytest.mark.parametrize("said", SAID)
def test_a_hazard_ratio_against_whom_it_favours_is_not_used_before_it_is_settled(
    tmp_path: Path, run: Any, said: str
) -> None:
    study = study_of(comparison=f"hazard_ratio: 1.61 (95% CI 1.05 to 2.47), {said}")
    (found,) = effects_of(tmp_path, study)
    _, printed, _ = run(tmp_path, "check", "--format", "json")
    told = "effect-against-favours" in {one["code"] for one in json.loads(printed)}
    if SAID[said] is None:
        assert (found["kind"], told) == ("refused", True)
        assert "favours" in found["reason"] and "of_event" in found["reason"]
    else:
        assert found["estimate"] == pytest.approx(SAID[said])
        assert (found["grade"], told) == ("A", False)


@pytest.mark.parametrize(
    ("index", "reference", "measure", "ratio", "outcome"),
    [
        ("median: 98 months", "median: 60 months", "hazard ratio", "hazard_ratio: 1.61 (95% CI 1.05 to 2.47)",
         "overall survival"),
        ("survival at 5 years: 62%", "survival at 5 years: 41%", "hazard ratio",
         "hazard_ratio: 1.61 (95% CI 1.05 to 2.47), adjusted_for: [age]", "overall survival"),
        ("deaths: 45", "deaths: 45", "hazard ratio", "hazard_ratio: 1.61 (95% CI 1.05 to 2.47)",
         "overall survival"),
        ("survival at 5 years: 62%", "survival at 5 years: 41%", "risk ratio",
         "risk_ratio: 1.51 (95% CI 1.05 to 2.17), time: 5 years", "overall survival"),
        ("proportion: 14/70", "proportion: 4/50", "odds ratio", "odds_ratio: 0.35 (95% CI 0.11 to 1.12)",
         "major complications"),
        ("proportion: 14/70", "proportion: 4/50", "odds ratio",
         "odds_ratio: 0.35 (95% CI 0.11 to 1.12), adjusted_for: [age]", "major complications"),
    ],
)  # fmt: skip
def test_a_ratio_against_the_figures_of_its_groups_is_not_used_before_it_is_settled(
    tmp_path: Path, run: Any, index: str, reference: str, measure: str, ratio: str, outcome: str
) -> None:
    folder = tmp_path / "as printed"
    study = study_of(index, reference, ratio, outcome=outcome)
    found = effects_of(folder, study, measure=measure, outcome=outcome)
    (refused,) = [one for one in found if one["recovery"] == measure.replace(" ", "_")]
    assert refused["kind"] == "refused" and "type of" in refused["reason"]
    assert all(one["grade"] != "A" or "count" in one["recovery"] for one in found if one["primary"])
    _, printed, _ = run(folder, "check", "--format", "json")
    assert any(one["message"] in refused["reason"] for one in json.loads(printed))

    said = {"overall survival": "survival", "major complications": "no major complications"}[outcome]
    study = study_of(index, reference, f"{ratio}, of_event: {said}", outcome=outcome)
    found = effects_of(tmp_path / "settled", study, measure=measure, outcome=outcome)
    settled = [one for one in found if "with_interval" in one["recovery"]]
    # The ratio of survivors is not the inverse of that of deaths: rates or counts give that.
    assert bool(settled) is (measure != "risk ratio")
    value = float(ratio.split(":")[1].split("(")[0])
    assert all(one["estimate"] == pytest.approx(-math.log(value)) for one in settled)


def test_a_risk_ratio_of_survivors_is_refused_and_the_rates_are_used(tmp_path: Path) -> None:
    study = study_of(
        "survival at 5 years: 62%", "survival at 5 years: 41%",
        "risk_ratio: 1.51 (95% CI 1.05 to 2.17), time: 5 years, of_event: survival",
    )  # fmt: skip
    printed, rates = effects_of(tmp_path, study, measure="risk ratio", more=FIVE_YEARS)
    assert printed["kind"] == "refused" and "not its inverse" in printed["reason"]
    assert rates["primary"] and rates["estimate"] == pytest.approx(math.log(0.38 / 0.59))


def test_what_a_person_has_looked_at_is_used_as_it_stands(tmp_path: Path) -> None:
    text, sizes = study_of(
        "survival at 5 years: 62%", "survival at 5 years: 41%", "hazard_ratio: 1.61 (95% CI 1.05 to 2.47)"
    )
    about = "hazard ratio of r, c: 1.61 (95% CI 1.05 to 2.47), 62% against 41% at 5 years"
    text += f'acknowledged:\n  - {{finding: ratio-turned-round, about: "{about}", because: curves cross}}\n'
    found = effects_of(tmp_path, (text, sizes))
    assert [one["estimate"] for one in found if "with_interval" in one["recovery"]] == [
        pytest.approx(math.log(1.61))
    ]


def test_a_p_value_that_favours_the_group_with_the_worse_figures_has_no_direction(tmp_path: Path) -> None:
    study = study_of(
        "median: 98 months, deaths: 40",
        "median: 60 months, deaths: 40",
        "p: 0.001, test: log-rank, favours: c",
    )
    found = effects_of(tmp_path, study)
    assert [one["kind"] for one in found if "log_rank" in one["recovery"]] == ["refused"]


@pytest.mark.parametrize(
    ("comparison", "kind"), [("p: 0.01, favours: c", "point"), ("p: 0.01, favours: r", "refused")]
)
def test_a_share_of_overall_survival_is_of_deaths_unless_other_figures_say_otherwise(
    tmp_path: Path, run: Any, comparison: str, kind: str
) -> None:
    study = study_of("proportion within 5 years: 43/70", "proportion within 5 years: 20/50", comparison)
    (found,) = effects_of(tmp_path, study, measure="risk ratio", more=FIVE_YEARS)
    assert found["kind"] == kind
    _, printed, _ = run(tmp_path, "check", "--format", "json")
    assert ("share-of-what" in {one["code"] for one in json.loads(printed)}) is (kind == "refused")


@pytest.mark.parametrize(
    ("studies", "asked", "drawn"),
    [
        (FOUR, {"measure": "risk difference", "more": FIVE_YEARS},
         ("Fewer deaths with resection", "More deaths with resection")),
        ((study_of(comparison="hazard_ratio: 0.62 (95% CI 0.40 to 0.95)"),), {},
         ("Hazard ratio of death", "Favours resection")),
        ((study_of("proportion: 14/70", "proportion: 4/50", outcome="major complications"),),
         {"measure": "odds ratio", "outcome": "major complications"},
         ("Fewer major complications with resection",)),
        ((study_of("proportion: 54/70", "proportion: 24/50", outcome="symptom relief"),),
         {"measure": "odds ratio", "outcome": "symptom relief"},
         ("Symptom relief less often with resection", "Symptom relief more often with resection")),
    ],
)  # fmt: skip
def test_the_plot_says_in_words_of_which_event_an_effect_speaks(
    tmp_path: Path, run: Any, studies: Any, asked: dict[str, str], drawn: tuple[str, ...]
) -> None:
    project = make_project(tmp_path, studies, **asked)
    status, _, said = run(project, "forest", "asked", "-o", str(project / "plot.svg"))
    assert status == 0, said
    svg = (project / "plot.svg").read_text(encoding="utf-8")
    plain = " ".join(svg.split())
    assert all(text in plain for text in drawn)


@pytest.mark.parametrize("layout", ["default", "revman", "jama", "bmj", "compact"])
def test_every_layout_says_of_which_event_a_hazard_ratio_is(tmp_path: Path, run: Any, layout: str) -> None:
    study = study_of(comparison="hazard_ratio: 0.62 (95% CI 0.40 to 0.95)")
    project = make_project(tmp_path, [study])
    status, _, said = run(project, "forest", "asked", "--layout", layout, "-o", str(project / "plot.svg"))
    assert status == 0, said
    svg = (project / "plot.svg").read_text(encoding="utf-8")
    assert "azard ratio of death" in svg or "azard ratio is of death" in svg


@pytest.mark.parametrize(
    ("text", "less"),
    [
        ("death from any cause", "Fewer deaths"),
        ("Death after operation", "Fewer deaths after operation"),
        ("Major complications", "Fewer major complications"),
        ("relief of symptoms", "Relief of symptoms less often"),
        ("progression or death", "Progression or death less often"),
        ("R0 resection", "R0 resection less often"),
        ("Mesenteric fibrosis", "Mesenteric fibrosis less often"),
        ("", "Less"),
    ],
)
def test_less_of_an_event_is_said_in_english(text: str, less: str) -> None:
    assert OutcomeEvent("Outcome", text).amounts()[0] == less


@pytest.mark.parametrize(
    ("outcome", "text", "absence"),
    [
        ("Overall survival", "death from any cause", "survival"),
        ("Progression-free survival", "progression or death", "progression-free survival"),
        ("Major complications", "Major complications", "no major complications"),
        ("Any complication", "Any complication", "no complication"),
        ("Alive at last follow-up", "Alive at last follow-up", "not alive at last follow-up"),
        ("Time to relief", "relief of symptoms", "no relief of symptoms"),
    ],
)
def test_what_is_called_the_absence_is_read_as_the_absence(outcome: str, text: str, absence: str) -> None:
    event = OutcomeEvent(outcome, text, None, (outcome,))
    assert event.absence_words == absence
    assert (event.read(absence), event.read(event.words)) == ("absence", "occurrence")


@pytest.mark.parametrize(
    ("kind", "label", "event", "more_is_better", "wanted"),
    [
        ("time_to_event", "Overall survival", "death from any cause", True, False),
        ("time_to_event", "Overall survival", None, None, False),
        ("time_to_event", "Time to relief", "relief of symptoms", True, True),
        ("time_to_event", "Time to relief", "relief of symptoms", False, True),
        ("time_to_event", "Duration of response", "loss of response", True, False),
        ("time_to_event", "Recurrence", "recurrence", False, False),
        ("time_to_event", "Time to first walk", "first walk", False, True),
        ("time_to_event", "Drug-free interval", "first drug", True, False),
        ("time_to_event", "Later bowel surgery", "operation on the bowel", True, False),
        ("share", "Complete cytoreduction", None, True, True),
        ("share", "Major complications", None, False, False),
        ("share", "Bilobar disease", None, None, None),
        ("measurement", "Lesions treated", None, True, None),
    ],
)
def test_whether_patients_want_an_event_follows_from_its_words_and_from_what_is_better(
    kind: str, label: str, event: str | None, more_is_better: bool | None, wanted: bool | None
) -> None:
    assert is_wanted(kind, label, event, more_is_better) is wanted


def test_the_right_side_of_a_hazard_ratio_of_relief_favours_the_index_group(tmp_path: Path, run: Any) -> None:
    study = study_of(comparison="hazard_ratio: 1.9 (95% CI 1.2 to 3.0)", outcome="time to relief")
    project = make_project(tmp_path, [study], outcome="time to relief", vocabulary=RELIEF.format(better="no"))
    status, told, said = run(project, "explain", "asked")
    assert status == 0, said
    assert "hazard ratio of relief of symptoms" in told and "which is worse" in told
    status, _, said = run(project, "forest", "asked", "-o", str(project / "plot.svg"))
    assert status == 0, said
    svg = (project / "plot.svg").read_text(encoding="utf-8")
    assert svg.index("Favours no resection") < svg.index("Favours resection")


def test_the_export_and_its_script_hold_the_contrast_of_the_event(tmp_path: Path, run: Any) -> None:
    project = make_project(tmp_path, FOUR, "risk difference", more=FIVE_YEARS)
    status, _, said = run(project, "export", "-o", str(tmp_path / "out"))
    assert status == 0, said
    with (tmp_path / "out" / "questions" / "asked" / "rows.csv").open(encoding="utf-8") as file:
        assert all(float(row["yi"]) < 0 for row in csv.DictReader(file))
    assert "of_event" in (tmp_path / "out" / "questions" / "asked" / "effects.csv").read_text("utf-8")


def test_a_ratio_of_one_year_does_not_stand_for_the_whole_curve(tmp_path: Path) -> None:
    whole, year = (
        "hazard_ratio: 0.50 (95% CI 0.34 to 0.74)",
        "hazard_ratio: 0.95 (95% CI 0.64 to 1.41), time: 1 year",
    )
    second = f"  - {{outcome: overall survival, of: [r, c], {year}, basis: stated, at: line 4}}\n"
    text, sizes = study_of(comparison=whole, sizes=(170, 150))
    (chosen,) = [one for one in effects_of(tmp_path, (text + second, sizes)) if one["primary"]]
    assert chosen["estimate"] == pytest.approx(math.log(0.50))


@pytest.mark.parametrize("print_", ["0.98, p: 0.62", "0.90, p: 0.40", "0.95, p: 0.50"])
def test_a_p_value_gives_no_error_that_the_patients_cannot_give(tmp_path: Path, print_: str) -> None:
    # 70 v 50 patients allow a standard error of 2 / sqrt(120) = 0.183 at the least; these give 0.04 to 0.13.
    effects = effects_of(tmp_path, study_of(comparison=f"hazard_ratio: {print_}"))
    assert not [one for one in effects if one["kind"] == "point"]


@pytest.mark.parametrize(
    ("outcome", "figures", "sizes", "difference", "turned", "right"),
    [  # .38 - .59; 14/70 - 4/50; 60/80 - 40/80
        ("overall survival", ("survival at 5 years: 62%", "survival at 5 years: 41%"), (90, 90),
         "difference: 21% (95% CI 6 to 36), time: 5 years", "survival", -0.21),
        ("overall survival", ("deaths within 5 years: 14", "deaths within 5 years: 4"), (70, 50),
         "difference: -12% (95% CI -24 to 0), time: 5 years", "survival", 0.12),
        ("symptom relief", ("count: 60", "count: 40"), (80, 80),
         "difference: -25% (95% CI -40 to -10)", "no symptom relief", 0.25),
    ],
)  # fmt: skip
def test_a_difference_against_its_own_figures_is_not_used_before_it_is_settled(
    tmp_path: Path,
    outcome: str,
    figures: tuple[str, str],
    sizes: tuple[int, int],
    difference: str,
    turned: str,
    right: float,
) -> None:
    more = FIVE_YEARS if "years" in difference else ""
    asked = {"outcome": outcome, "measure": "risk difference", "more": more}
    one = study_of(*figures, difference, outcome=outcome, sizes=sizes)
    found = effects_of(tmp_path / "as printed", one, **asked)
    printed = [each for each in found if each["recovery"].startswith("risk_difference")]
    assert all(each["kind"] == "refused" for each in printed)
    (primary,) = [each["estimate"] for each in found if each["primary"]]
    assert primary == pytest.approx(right, abs=6e-3)
    settled = study_of(*figures, f"{difference}, of_event: {turned}", outcome=outcome, sizes=sizes)
    point = the_point(tmp_path / "settled", settled, **asked)
    assert point["estimate"] == pytest.approx(right, abs=6e-3)
