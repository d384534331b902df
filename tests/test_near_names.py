"""Suggestions never turn the sense of a name round."""

from __future__ import annotations

import pytest

from evisynth.near_names import near_misses, sense_of

INTERVENTIONS = ("surgery", "Surgery", "operation", "resection", "No resection", "not resected", "Ablation")
EXTENTS = ("Complete", "Incomplete", "At least 70%", "Less than 70%", "Less than 90%", "More than 90%")
OUTCOMES = (
    "Overall survival",
    "Death after operation",
    "Recurrence",
    "Recurrence-free survival",
    "Morbidity",
    "30-day mortality",
)


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("surgry", INTERVENTIONS, ["Surgery"]),
        ("no surgery", INTERVENTIONS, []),
        ("without operation", INTERVENTIONS, []),
        ("without resection", INTERVENTIONS, ["No resection", "not resected"]),
        ("unresected", INTERVENTIONS, ["not resected", "No resection"]),
        ("incomplete resection", INTERVENTIONS, []),
        ("no embolisation", INTERVENTIONS, []),
        ("non-resected", INTERVENTIONS, ["not resected", "No resection"]),
        ("incomplet", EXTENTS, ["Incomplete"]),
        ("not complete", EXTENTS, ["Incomplete"]),
        ("complet", EXTENTS, ["Complete"]),
        ("more than 70%", EXTENTS, ["At least 70%"]),
        ("under 70%", EXTENTS, ["Less than 70%"]),
        ("mortality", OUTCOMES, ["30-day mortality"]),
        ("90-day mortality", OUTCOMES, []),
        ("overal survival", OUTCOMES, ["Overall survival"]),
        ("deaths after operations", OUTCOMES, ["Death after operation"]),
        ("no recurence", OUTCOMES, []),
        ("reccurence", OUTCOMES, ["Recurrence"]),
    ],
)
def test_what_is_near_is_alike_in_sense(name: str, known: tuple[str, ...], expected: list[str]) -> None:
    assert near_misses(name, known) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("complete", "incomplete"),
        ("resected", "unresected"),
        ("surgery", "no surgery"),
        ("alive", "dead"),
        ("at least 70%", "at most 70%"),
        ("high grade", "low grade"),
        ("major complications", "minor complications"),
        ("functional", "non-functional"),
        ("with liver metastases", "without liver metastases"),
    ],
)
def test_opposites_are_never_suggested_for_each_other(one: str, other: str) -> None:
    assert not sense_of(one).fits(sense_of(other))
    assert near_misses(one + "s", [other]) == []
    assert near_misses(other + "s", [one]) == []
