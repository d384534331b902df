"""What was once dropped, or said otherwise than used: each by the row or the finding that it must give."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from made_up import make_project, study_of

import evisynth

Found = Callable[[Path, str], list[str]]
THIRD = "  x: {label: Ablated, n: 60, of: all, by: operation, at: line 1}\n"


@pytest.fixture
def found(run) -> Found:
    """The messages of a check on a project."""

    def messages(folder: Path, code: str) -> list[str]:
        status, out, _ = run(folder, "check", "--notes", "--format", "json")
        assert status == 0
        return [str(one["message"]) for one in json.loads(out) if one["code"] == code]

    return messages


def with_third(folder: Path) -> Path:
    """Add a third group to the first study of a project."""
    path = folder / "studies" / "study-a.yaml"
    text = path.read_text("utf-8")
    head, rest = text.split("outcomes:" if "outcomes:" in text else "comparisons:", 1)
    joint = "outcomes:" if "outcomes:" in text else "comparisons:"
    path.write_text(head.replace("n: 120", "n: 180") + THIRD + joint + rest, "utf-8")
    return folder


@pytest.mark.parametrize("of", ["[r, c, x]", "[x, c, r]", "[c, x, r]"])
def test_a_p_value_of_three_groups_stands_as_a_refused_row_of_each_pair(tmp_path: Path, of: str) -> None:
    study = study_of("", "", "p: 0.03, test: log-rank, favours: r")
    project = with_third(make_project(tmp_path, [study]))
    path = project / "studies" / "study-a.yaml"
    path.write_text(path.read_text("utf-8").replace("of: [r, c]", f"of: {of}"), "utf-8")
    (row,) = evisynth.open(project).effects("asked").to_dict("records")
    assert (row["kind"], row["index_group"], row["reference_group"]) == ("refused", "r", "c")
    assert row["reason"] == "p = 0.03 compares more or other groups than these two"


def test_a_ratio_of_three_groups_says_that_it_is_of_two(tmp_path: Path) -> None:
    study = study_of("", "", "hazard_ratio: 0.55 (95% CI 0.36 to 0.85)")
    project = with_third(make_project(tmp_path, [study]))
    path = project / "studies" / "study-a.yaml"
    path.write_text(path.read_text("utf-8").replace("of: [r, c]", "of: [r, c, x]"), "utf-8")
    (row,) = evisynth.open(project).effects("asked").to_dict("records")
    assert row["reason"].endswith("is a ratio of two groups, and its comparison names more")


@pytest.mark.parametrize(
    ("deaths", "p", "said"),
    [
        # exp(-2.0537/sqrt(120/4)) by Parmar 1998, at any division of 120 patients: V = 70 x 50/120 = 29.17.
        (("", ""), "p: 0.04", ["with at most 120 events is a hazard ratio of 0.684 or less"]),
        # With its events the p-value is the ratio: 1/1.672 = 0.598 from V = 31 x 33/64.
        (("deaths: 31", "deaths: 33"), "p: 0.04", []),
        # exp(-3.2905/sqrt(31 x 33/64)) = 0.439.
        (("deaths: 31", "deaths: 33"), "p: < 0.001", ["with 64 events is a hazard ratio of 0.439 or less"]),
    ],
)
def test_a_bound_counts_the_deaths_that_are_printed(
    tmp_path: Path, found: Found, deaths: tuple[str, str], p: str, said: list[str]
) -> None:
    project = make_project(tmp_path, [study_of(*deaths, f"{p}, test: log-rank, favours: r")])
    messages = found(project, "p-gives-a-bound")
    assert len(messages) == len(said)
    assert all(words in message for words, message in zip(said, messages, strict=True))
    effects = evisynth.open(project).effects("asked").to_dict("records")
    assert {one["kind"] for one in effects} == ({"bound"} if said else {"point"})


def test_a_bound_in_favour_of_more_wanted_events_is_above_one(tmp_path: Path, found: Found) -> None:
    relief = (
        "  time_to_relief: {label: Time to relief, type: time_to_event, event: relief, definition: Time.}\n"
    )
    study = study_of("", "", "p: 0.04, test: log-rank, favours: r", outcome="time to relief")
    project = make_project(tmp_path, [study], outcome="time to relief", vocabulary=relief)
    (message,) = found(project, "p-gives-a-bound")
    assert "hazard ratio of 1.46 or more in favour of 'r'" in message  # 1/0.684


@pytest.mark.parametrize(
    ("index", "reference", "p"),
    [
        # z = 0.015/sqrt(0.055^2 + 0.065^2), by the kindest rounding: p = 0.86; by the patients 0.83.
        ("40% (SE 6%)", "41% (SE 7%)", "by their own errors they give"),
        ("40% (95% CI 28 to 52)", "41% (95% CI 27 to 55)", "by their own errors they give"),
        ("40% (SE 6%)", "41%", "and by the error that is printed, they give"),
        ("40%", "41%", "even with everybody followed they give"),
    ],
)
def test_rates_are_set_against_p_values_by_their_own_errors(
    tmp_path: Path, found: Found, index: str, reference: str, p: str
) -> None:
    rates = [f"survival at 5 years: {rate}" for rate in (index, reference)]
    project = make_project(tmp_path, [study_of(*rates, "p: < 0.001, test: log-rank, time: 5 years")])
    (message,) = found(project, "p-below-rates")
    assert p in message


def test_large_errors_contradict_a_p_value_that_the_patients_allow(tmp_path: Path, found: Found) -> None:
    # 60 % v 35 % of 70 and 50: z 2.8 (p .005) by the patients, 1.5 (p .13) by the errors.
    rates = ["survival at 5 years: 60%{}", "survival at 5 years: 35%{}"]
    for number, (error, told) in enumerate((("", 0), (" (SE 12%)", 1))):
        study = study_of(*(rate.format(error) for rate in rates), "p: 0.006, test: log-rank, time: 5 years")
        project = make_project(tmp_path / str(number), [study])
        assert len(found(project, "p-below-rates")) == told


@pytest.mark.parametrize("measure", ["odds", "risk"])
def test_a_ratio_against_cumulative_incidences_is_not_used(
    tmp_path: Path, found: Found, measure: str
) -> None:
    study = study_of(
        "cumulative incidence at 5 years: 60%",
        "cumulative incidence at 5 years: 30%",
        f"{measure}_ratio: 0.5 (95% CI 0.30 to 0.83)",
        outcome="recurrence",
    )
    project = make_project(tmp_path, [study], f"{measure} ratio", outcome="recurrence")
    assert len(found(project, "ratio-of-which-event")) == 1
    points = evisynth.open(project).effects("asked").query("kind == 'point'")
    assert (points["estimate"] > 0).all() and len(points) == 1  # by the incidences, more in the index group


@pytest.mark.parametrize(
    ("outcome", "one", "other"),
    [
        (
            "overall survival",
            ("deaths: 24", "deaths: 30", ""),
            ("count: 46", "count: 20", "of_event: survival"),
        ),
        (
            "overall survival",
            ("deaths within 5 years: 24", "deaths within 5 years: 30", ""),
            ("survival at 5 years: 66%", "survival at 5 years: 40%", ""),
        ),
        (
            "overall survival",
            ("proportion within 5 years: 34.3%", "proportion within 5 years: 60%", "of_event: death"),
            ("proportion within 5 years: 65.7%", "proportion within 5 years: 40%", "of_event: survival"),
        ),
        (
            "major complications",
            ("proportion: 14/70", "proportion: 4/50", ""),
            ("proportion: 56/70", "proportion: 46/50", "of_event: no major complications"),
        ),
    ],
)
def test_one_cohort_is_told_by_those_with_the_event_or_without(
    tmp_path: Path, found: Found, outcome: str, one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    studies = [study_of(*figures[:2], outcome=outcome, more=figures[2]) for figures in (one, other)]
    project = make_project(tmp_path, studies, "odds ratio", outcome=outcome)
    second = project / "studies" / "study-b.yaml"
    second.write_text(second.read_text("utf-8").replace("1964 to 1966", "1960 to 1962"), "utf-8")
    (message,) = found(project, "overlap-undecided")
    assert "the same patients: groups of 70 and 50 with the same results" in message
    answer = evisynth.open(project).answer("asked")
    assert sum(row.included for row in answer.rows) == 1


def test_a_difference_without_a_percent_sign_says_what_to_type(tmp_path: Path) -> None:
    study = study_of(
        "survival at 5 years: 62% (SE 7%)",
        "survival at 5 years: 41% (SE 8%)",
        "difference: -0.21 (95% CI -0.40 to -0.02), time: 5 years",
    )
    project = make_project(tmp_path, [study], "risk difference", more="time: 5 years")
    refused = evisynth.open(project).effects("asked").query("kind == 'refused'")
    (reason,) = refused["reason"]
    assert "no difference of shares, as it has no percent sign; type it in percent" in reason


def test_groups_that_no_tag_tells_apart_are_said_to_be_in_no_row(tmp_path: Path, found: Found) -> None:
    project = make_project(tmp_path, [study_of("", "", "p: 0.03, favours: r")])
    path = project / "studies" / "study-a.yaml"
    text = path.read_text("utf-8").replace("intervention: no resection", "intervention: resection")
    path.write_text(text, "utf-8")
    (message,) = found(project, "compared-without-tags")
    assert "1 comparison of groups with the same tags ('r' and 'c')" in message
