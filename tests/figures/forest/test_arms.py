"""Events and patients of each arm: of a bare result, of an answer, and drawn."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import evisynth
from evisynth.answers import Answer
from evisynth.effects import Effect
from evisynth.errors import InvalidDataError, UsageError
from evisynth.figures import (
    ArmCount,
    ForestLayout,
    arm_cells,
    arm_counts,
    forest,
    forest_rows,
    place_forest,
    read_options,
    summed_arms,
)
from evisynth.report import BcgTrials, bcg_trials

Answers = dict[str, Callable[[], Answer]]
ARMS = ("BCG", "No vaccine")


@pytest.fixture(scope="module")
def bcg() -> BcgTrials:
    return bcg_trials()


def counting(index: tuple[int | None, int | None], reference: tuple[int | None, int | None]) -> Effect:
    """An effect that knows no more than what its arms count."""
    events = None if index[0] is None or reference[0] is None else index[0] + reference[0]
    return Effect(
        study="a",
        comparison="",
        index_group="",
        reference_group="",
        row_group="",
        effect_measure="risk_ratio",
        scale="log",
        recovery="given",
        kind="point",
        grade="A",
        events=events,
        index_events=index[0],
        index_size=index[1],
        reference_size=reference[1],
    )


def with_counts(answer: Answer) -> Answer:
    """The same answer, in whose rows a tenth of either arm had the event."""
    rows = [
        replace(
            row,
            effect=replace(
                row.effect,
                index_events=(row.effect.index_size or 0) // 10,
                events=((row.effect.index_size or 0) // 10) + ((row.effect.reference_size or 0) // 10),
            ),
        )
        for row in answer.rows
    ]
    return replace(answer, rows=tuple(rows))


def laid_out(answer: Answer, layout: str, columns: str | None = None) -> ForestLayout:
    return forest_rows(answer, read_options(layout, columns, None, "forest", None))


def test_the_events_of_the_reference_arm_are_the_rest() -> None:
    assert arm_counts(counting((4, 123), (11, 139))) == (ArmCount(4, 123), ArmCount(11, 139))
    assert arm_counts(counting((None, 80), (None, 37))) == (ArmCount(None, 80), ArmCount(None, 37))


def test_what_is_not_stated_is_a_dash() -> None:
    cells = arm_cells((ArmCount(None, 80), ArmCount(None, None)))
    assert cells["index_arm"] == "–/80" and cells["reference_arm"] == "–"
    assert cells["index_events"] == "–" and cells["index_n"] == "80"


def test_sums_are_left_out_where_some_are_unknown_or_patients_stand_twice() -> None:
    rows = [counting((4, 123), (11, 139)), counting((6, 306), (29, 303))]
    assert summed_arms(rows, 871)["index_arm"] == "10/429"
    assert summed_arms(rows, 871)["reference_arm"] == "40/442"
    assert summed_arms(rows, 871 - 139) == {}, "the reference group of one is that of the other"
    assert summed_arms([*rows, counting((None, 5), (None, None))], 876) == {}
    assert summed_arms([*rows, counting((None, 5), (None, 6))], 882)["index_arm"] == "–/434"


@pytest.mark.parametrize(
    ("layout", "keys", "spanners"),
    [
        ("default", ["index_arm", "reference_arm"], ["Events/n"] * 2),
        ("jama", ["index_arm", "reference_arm"], ["No. of events/total"] * 2),
        ("bmj", ["index_arm", "reference_arm"], ["No of events/total"] * 2),
        (
            "revman",
            ["index_events", "index_n", "reference_events", "reference_n"],
            ["Operation", "Operation", "No operation", "No operation"],
        ),
        ("compact", [], []),
    ],
)
def test_each_layout_sets_the_arms_in_its_way(
    answers: Answers, layout: str, keys: list[str], spanners: list[str]
) -> None:
    found = laid_out(with_counts(answers["clipped"]()), layout)
    columns = [column for column in found.columns if column.key.startswith(("index_", "reference_"))]
    assert [column.key for column in columns] == keys
    assert [column.spanner for column in columns] == spanners
    assert "n" not in {column.key for column in found.columns}


def test_without_events_the_patients_stand_in_one_column_as_before(answers: Answers) -> None:
    keys = [column.key for column in laid_out(answers["clipped"](), "revman").columns]
    assert "n" in keys and not any(key.startswith("index_") for key in keys)


def test_cells_and_sums_are_those_of_the_answer(answers: Answers) -> None:
    answer = with_counts(answers["clipped"]())
    found = laid_out(answer, "revman")
    # trial-i has 40 i and 38 i patients
    assert [line.cells["index_events"] for line in found.rows] == ["4", "8", "12", "16", "20", "24"]
    assert [line.cells["reference_n"] for line in found.rows] == ["38", "76", "114", "152", "190", "228"]
    (summary,) = (line for line in found.lines if line.kind == "summary")
    assert summary.cells["index_n"] == str(40 * 21) and summary.cells["reference_n"] == str(38 * 21)
    assert answer.overall.participant_count == 78 * 21
    assert "4/40 vs 3/38" in found.description


def test_a_heading_of_its_own_stands_centred_over_the_columns_it_spans(answers: Answers) -> None:
    page = place_forest(laid_out(with_counts(answers["clipped"]()), "revman"))
    texts = {text.text: text for text in page.texts if text.bold}
    events = [text for text in page.texts if text.text == "Events"]
    totals = [text for text in page.texts if text.text == "Total"]
    assert len(events) == len(totals) == 2
    for name, right in zip(("Operation", "No operation"), totals, strict=True):
        over = texts[name]
        assert over.y < right.y and over.align == "center" and over.x < right.x
        (rule,) = (rule for rule in page.rules if rule.left < over.x < rule.right and rule.right == right.x)
        assert over.y < rule.y < right.y


def test_the_counts_of_a_bare_result_are_shown_and_change_nothing(bcg: BcgTrials) -> None:
    figure = forest(bcg.result, counts=bcg.counts, arms=ARMS, layout="revman")
    texts = [artist.get_text() for artist in figure.get_children() if isinstance(artist, Text)]
    for told in ("BCG", "No vaccine", "13598", "248", "191064", "166283", "1065", "1510"):
        assert told in texts
    bare = [
        artist.get_text()
        for artist in forest(bcg.result, layout="revman").get_children()
        if isinstance(artist, Text)
    ]
    # Colditz' 13 trials pooled by REML and Hartung-Knapp, whatever stands beside them
    assert "0.49 [0.33, 0.73]" in texts and "0.49 [0.33, 0.73]" in bare


def test_single_arms_are_counted_too(bcg: BcgTrials) -> None:
    figure = forest(bcg.result, counts=bcg.counts[:2])
    texts = [artist.get_text() for artist in figure.get_children() if isinstance(artist, Text)]
    assert "Events/n" in texts and "62/13598" in texts and "191064" in texts


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([[1] * 13] * 3, "not 3 columns"),
        ([[1] * 12] * 4, "12 rows for 13 effects"),
        ([[1] * 13, [2] * 12], "12 and 13 rows for 13 effects"),
        ([[3] + [1] * 12, [2] * 13], "counts of effect 1 are 3, 2"),
        ([[-1] + [1] * 12, [2] * 13], "counts of effect 1 are -1, 2"),
        ([[1.5] + [1] * 12, [2] * 13], "whole numbers"),
        ([[math.nan] + [1] * 12, [2] * 13], "whole numbers"),
        ([[True] * 13, [2] * 13], "whole numbers"),
        ({"events": [1] * 13, "n": [2] * 13}, "not a dict; give the columns themselves"),
        (pd.DataFrame({"events": [1] * 13, "n": [2] * 13}), "not a DataFrame; give the columns"),
        (4, "not an int"),
        ([4, 5], "have 1 rows for 13 effects"),
    ],
)
def test_counts_that_cannot_be_are_refused(bcg: BcgTrials, counts: Any, told: str) -> None:
    with pytest.raises(InvalidDataError, match=told):
        forest(bcg.result, counts=counts)


@pytest.mark.parametrize("as_given", [tuple, iter, np.array, np.float64, pd.DataFrame.to_numpy])
def test_columns_may_come_from_anywhere(bcg: BcgTrials, as_given: Callable[[Any], Any]) -> None:
    counts = pd.DataFrame(bcg.counts) if as_given is pd.DataFrame.to_numpy else bcg.counts
    drawn = forest(bcg.result, counts=as_given(counts), arms=ARMS)
    texts = [artist.get_text() for artist in drawn.get_children() if isinstance(artist, Text)]
    assert "62/13598" in texts and "BCG" in texts and "1510/166283" in texts


@pytest.mark.parametrize("pair", ["AB", ("A",), ("A", "B", "C"), (None, "B"), 3])
def test_names_of_arms_and_sides_are_two_texts(bcg: BcgTrials, pair: Any) -> None:
    for choice in ({"arms": pair}, {"favours": pair}):
        with pytest.raises(InvalidDataError, match="are two texts"):
            forest(bcg.result, counts=bcg.counts, **choice)


@pytest.mark.parametrize("layout", ["default", "revman", "jama"])
def test_labels_of_summaries_beside_their_counts_do_not_break_within_words(layout: str) -> None:
    result = evisynth.pool([-0.9, -0.3], [0.04, 0.09], effect_measure="RR", labels=["A", "B"])
    page = forest(result, counts=[[1, 2], [30, 40]] * 2, layout=layout, models="common,random,bayesian")
    texts = [artist.get_text() for artist in page.get_children() if isinstance(artist, Text)]
    assert {"Common effect", "Bayesian"} <= set(texts)
    alone = forest(result, counts=[[1, 2], [30, 40]] * 2)
    assert "Pooled estimate" in [a.get_text() for a in alone.get_children() if isinstance(a, Text)]


def test_a_long_name_without_spaces_breaks_over_its_column(bcg: BcgTrials) -> None:
    wide = forest(bcg.result, counts=bcg.counts, arms=("対照" * 30, "B")).get_size_inches()[0]
    assert wide < forest(bcg.result, counts=bcg.counts, arms=ARMS).get_size_inches()[0] + 130 / 72


def test_an_answer_has_its_counts_from_its_studies(answers: Answers) -> None:
    with pytest.raises(InvalidDataError, match="leave counts out"):
        forest(answers["clipped"](), counts=[[1], [2]])


def test_columns_that_would_be_empty_are_refused(answers: Answers) -> None:
    with pytest.raises(UsageError, match="no row counts the events of both groups"):
        laid_out(answers["clipped"](), "default", "study,arms,effect")
    with pytest.raises(UsageError, match="no baseline"):
        laid_out(answers["clipped"](), "default", "study,absolute")


def test_the_user_places_the_arms(answers: Answers) -> None:
    found = laid_out(with_counts(answers["clipped"]()), "bmj", "study,plot,effect,arms,events,n")
    after = [column.key for column in found.columns if column.place == "after"]
    assert after == ["effect", "index_arm", "reference_arm", "events", "n"]
    assert found.rows[0].cells["events"] == "4 vs 3" and found.rows[0].cells["n"] == "40 vs 38"


def test_the_patients_of_both_groups_stand_in_the_column_of_patients(bcg: BcgTrials) -> None:
    drawn = forest(bcg.result, counts=bcg.counts, columns="study,n,plot,effect")
    texts = [artist.get_text() for artist in drawn.get_children() if isinstance(artist, Text)]
    assert "123 vs 139" in texts and "357347" in texts and "123" not in texts


@pytest.mark.parametrize("layout", ["default", "revman", "jama", "bmj", "compact"])
def test_a_first_column_of_numbers_has_that_of_the_estimate_beside_its_label(
    bcg: BcgTrials, layout: str
) -> None:
    drawn = forest(bcg.result, counts=bcg.counts, columns="effect,plot,study", layout=layout)
    texts = [artist.get_text() for artist in drawn.get_children() if isinstance(artist, Text)]
    assert any(text.startswith("0.49 ") for text in texts)
    counted = forest(bcg.result, counts=bcg.counts, columns="arms,study,plot,effect", layout=layout)
    texts = [artist.get_text() for artist in counted.get_children() if isinstance(artist, Text)]
    assert any(text.startswith("1065") for text in texts)
