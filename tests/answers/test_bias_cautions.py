"""Cautions from the judged risk of bias and from designs; no number is moved by them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evisynth.answers import is_randomised
from evisynth.outcomes import BiasAssessment, BiasJudgement
from evisynth.studies import is_clustered, is_crossover


def judged(study: str, overall: str | None, tool: str = "ROBINS-I") -> tuple[BiasAssessment, ...]:
    """Judge a study overall, and no domain of it."""
    return (BiasAssessment(study, tool, None, None, BiasJudgement("overall", overall), ()),)


def with_changes(rows, place: int, **changes):
    """Change the comparison of one row."""
    rows = list(rows)
    rows[place] = (replace(rows[place][0], **changes), *rows[place][1:])
    return rows


def test_a_pooled_row_of_critical_risk_is_named_and_counts_as_before(ask, studies, answer_rows) -> None:
    plain = studies(-0.5, -0.4, -0.3)
    rows = with_changes(plain, 1, risk_of_bias=judged("s2", "critical"))
    answer, before = answer_rows(ask(), *rows), answer_rows(ask(), *plain)
    (said,) = (caution for caution in answer.overall.cautions if "critical" in caution)
    assert "s2 a vs b (ROBINS-I)" in said and "s1" not in said
    assert answer.overall.pooled.estimate == before.overall.pooled.estimate
    assert [row.weight for row in answer.rows] == [row.weight for row in before.rows]
    assert [row.effect.grade for row in answer.rows] == [row.effect.grade for row in before.rows]


@pytest.mark.parametrize("overall", ["serious", "moderate", None])
def test_a_milder_judgement_is_no_caution(ask, studies, answer_rows, overall) -> None:
    rows = with_changes(studies(-0.5, -0.4, -0.3), 0, risk_of_bias=judged("s1", overall))
    assert not any("critical" in caution for caution in answer_rows(ask(), *rows).overall.cautions)


def test_a_row_that_is_not_pooled_needs_no_caution(ask, studies, answer_rows) -> None:
    rows = with_changes(studies(-0.5, -0.4), 0, risk_of_bias=judged("s1", "critical"))
    assert answer_rows(ask(), *rows).overall.cautions == ()


def test_a_trial_beside_a_series_is_told_in_a_sentence(ask, studies, answer_rows) -> None:
    rows = with_changes(studies(-0.5, -0.4, -0.3), 0, design="randomised trial, multicentre")
    assert not any("andomised" in caution for caution in answer_rows(ask(), *rows).overall.cautions)
    rows = with_changes(rows, 2, design="retrospective, single centre")
    (said,) = (c for c in answer_rows(ask(), *rows).overall.cautions if "andomised" in c)
    assert said.startswith("Randomised studies (s1) are pooled with studies that are not randomised (s3)")


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        ("randomised controlled trial", True),
        ("Randomized phase III", True),
        ("non-randomised", False),
        ("not randomized, prospective", False),
        ("retrospective", False),
        ("prospective cohort", False),
        ("retrospective analysis of a randomised trial", None),
        ("single institution", None),
        ("", None),
    ],
)
def test_the_design_is_read_from_its_words(compare, design, expected) -> None:
    assert is_randomised(compare("s1", design=design)) is expected


@pytest.mark.parametrize(("tool", "expected"), [("RoB 2", True), ("ROBINS-I", False), ("other", None)])
def test_a_tool_tells_the_design_that_the_file_does_not(compare, tool, expected) -> None:
    assert is_randomised(compare("s1", risk_of_bias=judged("s1", "low", tool))) is expected
    assert is_randomised(compare("s1", design="randomised", risk_of_bias=judged("s1", None))) is True


def test_designs_whose_patients_do_not_stand_for_themselves_are_told() -> None:
    assert all(map(is_clustered, ("cluster-randomised trial", "Cluster randomized", "stepped-wedge trial")))
    units = (
        "randomised by practice",
        "community randomised",
        "ward-level randomisation",
        "centres were randomised",
    )
    assert all(map(is_clustered, (*units, "hospitals were allocated at random")))
    assert all(
        map(is_crossover, ("AB-BA trial", "two-period", "each patient own control", "self-controlled"))
    )
    places = (
        "multicentre randomised trial",
        "single centre randomised trial",
        "randomised trial, two hospitals",
    )
    assert not any(map(is_clustered, places))
    assert all(map(is_crossover, ("randomised crossover trial", "cross-over trial", "Crossover")))
    assert not any(map(is_clustered, ("retrospective, single centre", "randomised trial")))
    assert not any(map(is_crossover, ("retrospective", "randomised trial of parallel groups")))
