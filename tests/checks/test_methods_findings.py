"""What a reader found by hand in the five abstracts, finding by finding, is found by a check.

The numbers of the items are those of the project's method notes: 1 to 7 the poster, 8 to 14 the 34
operations, 15 to 19 the 546 hepatectomies, 20 to 23 the 261 small-intestinal tumours, 24 to 30 the 108
debulkings, then what is said of all five together. What a source did is a warning or a note, never an error.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from five_studies import FIVE_STUDIES

from evisynth.checks import Judged, StudyCard, check_collection, check_study
from evisynth.studies import read_study

POSTER = "midgut-debulking"
SERIES = "net-liver-surgery-34"
HEPATECTOMIES = "gudmundsdottir-2023"
PERITONEAL = "mayo-sinet-peritoneal-2024"
DEBULKING = "parenchyma-sparing-debulking"
STUDIES = (POSTER, SERIES, HEPATECTOMIES, PERITONEAL, DEBULKING)
ALL = "studies"

#: Item, study, level and code of the finding, and words and numbers that it must tell.
FOUND: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("2 rates that are no fractions", POSTER, "note", "rate-not-a-fraction", ("88%", "39%", "37 patients")),
    ("2 rates that are no fractions", POSTER, "note", "rate-not-a-fraction", ("70%", "31", "cut off")),
    ("2 rates that are no fractions", POSTER, "note", "rate-not-a-fraction", ("82%", "55%", "18", "cut off")),
    ("3 sparse tail", POSTER, "warning", "median-in-sparse-tail", ("0.0148", "0.0018", "8.21 times")),
    ("4 p of other figures", POSTER, "warning", "p-needs-more-events", ("659 events", "117 patients")),
    ("4 p of the 10-year rates", POSTER, "note", "p-rests-on-full-follow-up", ("2.4e-05", "0.00282")),
    ("5 hazards", POSTER, "warning", "hazards-not-proportional", ("0.000", "-1.385", "0.133")),
    ("5 hazards", POSTER, "note", "contrast-moves-with-time", ("0.000", "-0.292")),
    ("6 background", POSTER, "warning", "background-contradicted", ("50%", "82% to 100%")),
    ("6 selected patients", POSTER, "note", "observational-effect", ("'M1LR'", "'M1LNr'")),
    ("6 unequal groups", POSTER, "warning", "unequal-groups", ("18 patients against 147",)),
    ("6 unequal groups", POSTER, "warning", "unequal-groups", ("6 patients against 31",)),
    ("7 six of six", POSTER, "note", "rate-at-the-edge", ("100% of 6", "54.1%", "60.7%")),
    ("7 which organ", POSTER, "note", "resected-site-not-said", ("liver and extrahepatic",)),
    ("9 symmetric in months", SERIES, "note", "interval-symmetric-in-time", ("10 to 164", "exactly")),
    ("9 symmetric in months", SERIES, "note", "interval-symmetric-in-time", ("26 to 204", "exactly")),
    ("9 symmetric in months", SERIES, "note", "interval-symmetric-in-time", ("15 to 64", "39.5")),
    ("9 symmetric in months", SERIES, "note", "interval-symmetric-in-time", ("32 to 108", "edge", "70")),
    ("10 off centre", SERIES, "warning", "interval-off-centre", ("15 to 137", "76", "4 other intervals")),
    ("10 ranking", SERIES, "warning", "ranking-against-figures", ("31 months", "39 months", "76")),
    ("10 both values are kept", SERIES, "note", "suspected-misprint", ("31 months", "76 months")),
    ("11 whole and parts", SERIES, "warning", "whole-outside-parts", ("70.7", "edge", "80.9")),
    ("13 margins", SERIES, "warning", "claim-without-comparison", ("'R1'", "'R0'", "p = 0.73")),
    ("13 not equal", SERIES, "note", "not-significant-is-not-equal", ("p = 0.65", "12")),
    ("14 a mean", SERIES, "note", "mean-of-times", ("23.8 months", "medians")),
    ("16 odds ratio", HEPATECTOMIES, "warning", "misnamed-ratio", ("1.90", "1.12 to 3.23")),
    ("16 odds ratio", HEPATECTOMIES, "warning", "misnamed-ratio", ("4.25", "inside 1.80 to 10.06")),
    ("16 no reference", HEPATECTOMIES, "warning", "reference-not-named", ("'Ki67-3-20'",)),
    ("17 beside the text", HEPATECTOMIES, "note", "result-outside-the-text", ("p = 0.06", "1 of them not")),
    ("17 beside the text", HEPATECTOMIES, "note", "result-outside-the-text", ("p = 0.038", "primary site")),
    (
        "18 precision",
        HEPATECTOMIES,
        "warning",
        "survival-without-precision",
        ("0.0617 to 0.123", "follow-up"),
    ),
    ("19 no effect size", HEPATECTOMIES, "note", "p-without-effect", ("major hepatectomy", "p < 0.001")),
    ("19 low morbidity", HEPATECTOMIES, "note", "low-risk-against-figure", ("20%",)),
    ("19 sizes by Ki-67", HEPATECTOMIES, "note", "group-size-not-printed", ("'Ki67-above-20'",)),
    ("21 p of other figures", PERITONEAL, "warning", "p-needs-more-events", ("31,219", "193 patients")),
    ("21 p of other figures", PERITONEAL, "warning", "p-needs-more-events", ("7.1 years", "-incomplete'")),
    ("22 a bound of unknown patients", PERITONEAL, "warning", "denominator-missing", ("97%", "bound")),
    ("22 not the rest", PERITONEAL, "warning", "size-is-not-the-rest", ("at most 47",)),
    ("22 not the rest", PERITONEAL, "warning", "size-is-not-the-rest", ("at most 22",)),
    ("23 not equal", PERITONEAL, "note", "not-significant-is-not-equal", ("p = 0.10", "193", "1.40")),
    ("25 cut off", DEBULKING, "warning", "percent-truncated", ("84.259%", "84.3%", "84.2%")),
    ("26 cut off", DEBULKING, "warning", "percent-truncated", ("14/108", "12.963%", "31, 62, 70", "alike")),
    ("27 no deaths", DEBULKING, "note", "zero-events", ("2.7%", "3.4%")),
    ("28 two thirds", DEBULKING, "note", "vague-share", ("69 to 76",)),
    ("28 a bound", DEBULKING, "note", "p-gives-a-bound", ("p = 0.009", "0.593")),
    ("29 registry", DEBULKING, "warning", "external-comparator", ("24 months", "56 months")),
    ("29 the other side", DEBULKING, "warning", "comparator-figure-missing", ("3.2 years",)),
    ("29 claimed improvement", DEBULKING, "note", "observational-effect", ("'debulked-70'",)),
    ("30 none treated", DEBULKING, "note", "range-from-zero", ("0 to 36",)),
    ("30 threshold", DEBULKING, "note", "threshold-is-exposure-and-outcome", ("'debulked-70'",)),
    ("across: shared patients", HEPATECTOMIES, "note", "overlap-recorded", ("261", "93.5%", "47.8%")),
    ("across: who they are", DEBULKING, "note", "cohort-not-identified", ("cannot be told",)),
    ("across: nothing precise", ALL, "note", "no-precise-comparison", ("none of the", "5 studies")),
)

#: Item, study, and the check that looks at it there and finds it fine.
FINE: tuple[tuple[str, str, str], ...] = (
    ("1 sums of the tree", POSTER, "group-sum"),
    ("1 survival falls", POSTER, "survival-rises"),
    ("1 medians and rates", POSTER, "median-against-rate"),
    ("4 the 10-year rates give the p", POSTER, "p-below-rates"),
    ("8 percentages are counts", SERIES, "percent-of-nothing"),
    ("8 68% and 32%", SERIES, "percent-sum"),
    ("12 p and medians", SERIES, "p-against-medians"),
    ("15 percentages are counts", HEPATECTOMIES, "percent-of-nothing"),
    ("15 not cut off", HEPATECTOMIES, "percent-truncated"),
    ("15 279 and 194 of 546", HEPATECTOMIES, "group-sum"),
    ("17 PFS below OS", HEPATECTOMIES, "outcomes-out-of-order"),
    ("17 21, 41 and 62 months", HEPATECTOMIES, "whole-outside-parts"),
    ("20 p from the counts", PERITONEAL, "p-against-counts"),
    ("20 sums", PERITONEAL, "group-sum"),
    ("20 percentages are counts", PERITONEAL, "percent-of-nothing"),
    ("24 sums", DEBULKING, "group-sum"),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks say of the five studies: findings under the study's id, and what was fine."""

    judged: dict[str, list[Judged]]
    fine: dict[str, Counter[str]]


@pytest.fixture(scope="module")
def checked(vocabulary) -> Checked:
    judged: dict[str, list[Judged]] = {}
    fine: dict[str, Counter[str]] = {}
    cards: list[StudyCard] = []
    for name in STUDIES:
        result = check_study(read_study(FIVE_STUDIES / "studies" / f"{name}.yaml", vocabulary), vocabulary)
        judged[name], fine[name] = result.judged, result.fine
        cards.append(result.card)
    for one in check_collection(cards, Counter()):
        judged.setdefault(Path(one.finding.file).stem, []).append(one)
    return Checked(judged, fine)


@pytest.mark.parametrize(("item", "study", "level", "code", "says"), FOUND)
def test_it_is_found(
    item: str, study: str, level: str, code: str, says: tuple[str, ...], checked: Checked
) -> None:
    findings = [one.finding for one in checked.judged[study] if one.finding.code == code]
    assert [one for one in findings if all(word in one.message for word in says)], (item, findings)
    assert {one.level for one in findings} == {level}


@pytest.mark.parametrize(("item", "study", "code"), FINE)
def test_it_is_fine(item: str, study: str, code: str, checked: Checked) -> None:
    assert checked.fine[study][code] > 0, item
    assert code not in {one.finding.code for one in checked.judged[study]}, item


def test_every_item_is_here() -> None:
    numbers = {item.split()[0] for item, *_ in (*FOUND, *FINE)}
    assert numbers == {str(number) for number in range(1, 31)} | {"across:"}


def test_no_source_makes_a_file_wrong(checked: Checked) -> None:
    levels = {one.finding.level for found in checked.judged.values() for one in found}
    assert levels == {"warning", "note"}
