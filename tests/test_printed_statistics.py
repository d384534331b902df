"""The records of printed statistics agree with each other and with the measures that rest on them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evisynth.measures import question_measures
from evisynth.printed_statistics import (
    STATISTICS,
    event_keys,
    statistics_by_name,
    statistics_feeding,
    statistics_of,
    typed_statistics,
)

ASKED_FOR = {name for measure in question_measures().values() for name in measure.recoveries}


def test_no_key_is_that_of_two_statistics() -> None:
    keys = [key for record in STATISTICS.values() for key in record.keys]
    assert len(keys) == len(set(keys))
    assert set(event_keys()) <= set(keys)


@pytest.mark.parametrize("name", STATISTICS)
def test_every_key_says_what_it_holds(name: str) -> None:
    assert all(STATISTICS[name].keys.values())


@pytest.mark.parametrize("name", STATISTICS)
def test_what_it_feeds_is_a_recovery_of_some_measure(name: str) -> None:
    assert set(STATISTICS[name].feeds) <= ASKED_FOR


@pytest.mark.parametrize("recovery", sorted(ASKED_FOR))
def test_every_recovery_rests_on_some_statistic(recovery: str) -> None:
    assert statistics_feeding(recovery)


def test_the_complement_of_survival_is_held_in_its_unit() -> None:
    incidence = STATISTICS["cumulative_incidence"]
    assert incidence.complement_of == "survival"
    assert incidence.unit == STATISTICS["survival"].unit == "proportion"


def test_units_follow_from_the_kind_of_value() -> None:
    units = {name: STATISTICS[name].unit for name in ("count", "p_value", "hazard_ratio", "median")}
    assert units == {"count": "patients", "p_value": "probability", "hazard_ratio": "ratio", "median": None}
    assert STATISTICS["difference"].unit is None


def test_keys_of_groups_and_of_comparisons_are_kept_apart() -> None:
    assert typed_statistics("group")["deaths"].id == "count"
    assert typed_statistics("comparison")["p"].id == "p_value"
    assert not set(typed_statistics("group")) & set(typed_statistics("comparison"))
    assert [record.id for record in statistics_of("rate")] == ["at_risk"]


def test_queries_know_them_by_many_names() -> None:
    names = statistics_by_name()
    assert names["hr"].id == "hazard_ratio"
    assert names["numberatrisk"].id == names["atrisk"].id == "at_risk"
    assert names["pvalue"].id == names["p"].id == "p_value"


def test_a_ratio_turned_round_is_inverted_and_a_difference_is_not() -> None:
    ratios = {record.id for record in STATISTICS.values() if record.is_ratio}
    effects = {record.id for record in STATISTICS.values() if record.is_effect}
    assert effects - ratios == {"difference"}
    assert "p_value" not in effects


def test_one_more_record_is_a_statistic(monkeypatch: pytest.MonkeyPatch) -> None:
    record = replace(STATISTICS["survival"], id="net_survival", heading="", feeds=("survival_rate",))
    monkeypatch.setitem(STATISTICS, record.id, record)
    assert typed_statistics("group")["net_survival"].column_head == "net survival"
    assert "net_survival" in statistics_feeding("survival_rate")
