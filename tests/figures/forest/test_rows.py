from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from evisynth.answers import Answer, Summary
from evisynth.figures import (
    ForestLayout,
    ForestLine,
    NaturalInterval,
    Scale,
    forest_rows,
    lay_out_forest,
    mark_on_axis,
    source_of_result,
)
from evisynth.figures.forest_plot.layout import Mark
from evisynth.synthesis import PooledResult

Answers = dict[str, Callable[[], Answer]]
NOT_POOLED = Summary("", None, "one row only", 1, 1, None, exploratory=False)


def lines_of(layout: ForestLayout, kind: str) -> list[ForestLine]:
    return [line for line in layout.lines if line.kind == kind]


def mark_of(line: ForestLine) -> Mark:
    assert line.mark is not None
    return line.mark


def test_rows_stand_under_their_blocks_in_the_order_of_the_question(answers: Answers) -> None:
    answer = answers["exploratory"]()
    layout = forest_rows(replace(answer, rows=answer.rows[::-1]))
    headings = [line.cells["study"] for line in lines_of(layout, "heading")]
    # The last block has only a bound, which stands in the panel of its own.
    assert headings == [block.label for block in answer.question.row_groups[:2]]
    kinds = [line.kind for line in layout.lines]
    assert kinds == [
        "heading",
        "row",
        "row",
        "row",
        "heading",
        *["row"] * 4,
        "summary",
        "prediction",
        "panel",
        "row",
    ]


def test_effects_are_printed_on_the_natural_scale(answers: Answers) -> None:
    # METHODS TV-14 at 10 years: .2503 (.1317 to .4760), .8906 (.1902 to 4.1707), .7465 (.3527 to 1.5802).
    texts = [line.cells["effect"] for line in forest_rows(answers["resection"]()).rows]
    assert texts == ["0.25 (0.13 to 0.48)", "0.89 (0.19 to 4.17)", "0.75 (0.35 to 1.58)"]


def test_survival_reads_in_percent_with_its_limits_in_order(answers: Answers) -> None:
    # METHODS TV-1: .79 of 80 (.6834 to .8642), .39 of 37 (.2359 to .5413).
    layout = forest_rows(answers["survival_by_group"]())
    texts = [line.cells["effect"] for line in layout.rows]
    assert texts[0] == "79 (68 to 86)"
    assert texts[3] == "39 (24 to 54)"
    better, worse = mark_of(layout.rows[0]), mark_of(layout.rows[3])
    assert better.estimate == pytest.approx(0.79, abs=1e-6)  # the axis runs from 0 to 100%
    assert worse.estimate == pytest.approx(0.39, abs=1e-6)
    assert better.lower < (better.estimate or 0) < better.upper
    assert layout.axis is not None and layout.axis.null_place is None and layout.axis.favours is None


def test_the_area_of_squares_is_in_proportion_to_weight(answers: Answers) -> None:
    answer = answers["exploratory"]()
    layout = forest_rows(answer)
    drawn = [
        (mark_of(line).side ** 2, row.weight)
        for line, row in zip(layout.rows, answer.rows, strict=True)
        if row.weight
    ]
    largest = max(weight for _, weight in drawn if weight)
    assert max(area for area, _ in drawn) == pytest.approx(1.0)  # rounding of a square root
    for area, weight in drawn:
        assert weight is not None and area == pytest.approx(weight / largest)  # rounding of a square root


def test_a_bound_is_an_open_arrow_without_weight(answers: Answers) -> None:
    bound = forest_rows(answers["exploratory"]()).rows[-1]
    mark = mark_of(bound)
    assert (mark.shape, mark.estimate, mark.lower, mark.lower_arrow, mark.upper_arrow) == (
        "bound",
        None,
        0.0,
        True,
        False,
    )
    assert bound.cells["effect"] == "≤ 0.59"
    assert bound.cells["weight"] == "–"
    assert bound.muted
    assert bound.note_marks


def test_a_refused_row_says_why_where_its_mark_would_be(answers: Answers) -> None:
    refused = next(line for line in forest_rows(answers["medians"]()).rows if line.mark is None)
    assert refused.panel_text == "median not reached"
    assert refused.muted
    assert "effect" not in refused.cells


def test_a_row_below_the_grade_is_hollow_with_its_reason(answers: Answers) -> None:
    layout = forest_rows(answers["resection"]())
    hollow, _, filled = layout.rows
    assert not mark_of(hollow).filled and mark_of(filled).filled
    notes = {note.mark: note.text for note in layout.footnotes}
    letters = hollow.note_marks.split(",")
    assert notes[letters[0]] == "Not pooled: grade D, and the question asks for C or better."
    assert "proportional" in notes[letters[-1]]
    assert not {letters[0], letters[-1]} & set(filled.note_marks.split(","))


def test_the_same_note_has_one_letter(answers: Answers) -> None:
    layout = forest_rows(answers["medians"]())
    marked = [note for note in layout.footnotes if note.mark]
    assert [note.mark for note in marked] == ["a", "b"]
    assert [line.note_marks for line in layout.rows] == ["a", "a", "", "", "", "a", "a", "b"]


def test_a_refusal_to_pool_has_no_diamond_and_gives_the_reason(answers: Answers) -> None:
    layout = forest_rows(answers["resection"]())
    assert not lines_of(layout, "summary")
    (refusal,) = lines_of(layout, "refusal")
    assert refusal.cells["study"] == "No pooled estimate"
    assert refusal.panel_text.startswith("One row only, midgut-debulking")
    assert layout.pooled_place is None
    assert "weight" not in [column.key for column in layout.columns]


def test_an_exploratory_diamond_is_hollow_and_says_so(answers: Answers) -> None:
    layout = forest_rows(answers["exploratory"]())
    (diamond,) = lines_of(layout, "summary")
    assert mark_of(diamond).shape == "diamond" and not mark_of(diamond).filled
    assert diamond.panel_text == "exploratory"
    assert "exploratory" not in diamond.cells["study"], "one word beside the diamond says it"
    assert "exploratory" in layout.description
    assert layout.small_print[-1].startswith("Read with caution. All but one row are grade D")


def test_a_plain_diamond_spans_its_interval(answers: Answers) -> None:
    answer = answers["clipped"]()
    layout = forest_rows(answer)
    (diamond,) = lines_of(layout, "summary")
    assert layout.axis is not None and answer.overall.pooled is not None
    place = layout.axis.scale.place
    mark = mark_of(diamond)
    assert mark.filled and not diamond.panel_text
    ends = (math.exp(answer.overall.pooled.ci_lower), math.exp(answer.overall.pooled.ci_upper))
    assert (mark.lower, mark.upper) == pytest.approx([place(end) for end in ends])  # same numbers, rounding
    assert mark.estimate == layout.pooled_place


def test_long_intervals_are_cut_with_arrows(answers: Answers) -> None:
    rows = forest_rows(answers["clipped"]()).rows
    right, left = mark_of(rows[4]), mark_of(rows[5])
    assert (right.upper, right.upper_arrow, right.lower_arrow) == (1.0, True, False)
    assert (left.lower, left.lower_arrow, left.upper_arrow) == (0.0, True, False)
    assert not any(mark_of(row).lower_arrow or mark_of(row).upper_arrow for row in rows[:4])
    assert rows[4].cells["effect"] == "2.46 (0.02 to 271)"


def test_prediction_stands_under_the_diamond_only_when_there_is_one(answers: Answers) -> None:
    (line,) = lines_of(forest_rows(answers["clipped"]()), "prediction")
    assert mark_of(line).shape == "prediction"
    assert line.cells["effect"] == "(0.39 to 1.32)"
    assert not lines_of(forest_rows(answers["survival_by_group"]()), "prediction")


def test_each_block_has_its_own_summary_when_the_question_says_so(answers: Answers) -> None:
    layout = forest_rows(answers["proportions"]())
    kinds = [line.kind for line in layout.lines]
    assert kinds == ["heading", "row", "row", "row", "summary", "note", "note", "heading", "row", "refusal"]
    assert layout.small_print == ()


def test_counts_are_shown_as_events_of_patients(answers: Answers) -> None:
    layout = forest_rows(answers["proportions"]())
    assert next(column.heading for column in layout.columns if column.key == "n") == "Events/n"
    assert [line.cells["n"] for line in layout.rows] == ["9/546", "4/150", "0/108", "15/546"]


def test_a_bare_result_brings_labels_scale_and_measure(bcg_result: PooledResult) -> None:
    layout = lay_out_forest(source_of_result(bcg_result, None))
    assert [column.key for column in layout.columns] == ["study", "effect", "weight"]
    assert layout.rows[0].cells["study"] == "Aronson 1948"
    # metafor prints 0.41 [0.13, 1.26] for the first trial and 0.49 [0.34, 0.70] for the REML estimate.
    assert layout.rows[0].cells["effect"] == "0.41 (0.13 to 1.26)"
    assert lines_of(layout, "summary")[0].cells["effect"] == "0.49 (0.34 to 0.70)"
    assert layout.axis is not None
    assert [tick.label for tick in layout.axis.ticks] == ["0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10"]


def test_a_bare_result_without_a_measure_stays_on_its_scale(bcg_result: PooledResult) -> None:
    layout = lay_out_forest(source_of_result(replace(bcg_result, effect_measure=None, labels=None), None))
    assert layout.rows[0].cells["study"] == "Study 1"
    assert layout.rows[0].cells["effect"] == "−0.89 (−2.01 to 0.23)"


def test_nothing_to_draw_leaves_no_axis(answers: Answers) -> None:
    for name in ("nothing", "empty"):
        layout = forest_rows(answers[name]())
        assert layout.axis is None
        assert lines_of(layout, "refusal")


def test_an_estimate_that_is_no_number_is_not_drawn(answers: Answers) -> None:
    answer = answers["clipped"]()
    effect = replace(answer.rows[0].effect, estimate=1e5)
    broken = replace(answer, rows=(replace(answer.rows[0], effect=effect), *answer.rows[1:]))
    assert forest_rows(broken).rows[0].mark is None


def test_the_description_says_everything(any_answer: Answer) -> None:
    layout = forest_rows(any_answer)
    for line in layout.rows:
        assert line.cells.get("effect", "") in layout.description
        assert line.panel_text.rstrip(". ") in layout.description
    for note in layout.footnotes:
        assert note.text in layout.description


@given(estimate=st.floats(0.05, 20), below=st.floats(1, 1e3), above=st.floats(1, 1e3))
def test_marks_never_leave_the_axis(estimate: float, below: float, above: float) -> None:
    scale = Scale(0.1, 10.0, logarithmic=True)
    lower, upper = estimate / below, estimate * above
    mark = mark_on_axis(scale, NaturalInterval(estimate, lower, upper))
    assert 0 <= mark.lower <= 1 and 0 <= mark.upper <= 1
    # Within rounding of the end of the axis either answer is right.
    assert mark.lower_arrow == (lower < 0.1) or lower == pytest.approx(0.1)
    assert mark.upper_arrow == (upper > 10) or upper == pytest.approx(10)


def test_a_median_whose_upper_limit_was_not_reached_is_open_there(answers: Answers) -> None:
    answer = answers["medians"]()
    effect = replace(answer.rows[3].effect, ci_lower=math.log(36.0), ci_upper=None)
    rows = (*answer.rows[:3], replace(answer.rows[3], effect=effect), *answer.rows[4:])
    line = forest_rows(replace(answer, rows=rows)).rows[3]
    assert line.cells["effect"] == "87 (36 to not reached)"
    mark = mark_of(line)
    assert (mark.upper, mark.upper_arrow, mark.lower_arrow) == (1.0, True, False)


def test_an_estimate_alone_is_a_point() -> None:
    mark = mark_on_axis(Scale(0.0, 1.0, logarithmic=False), NaturalInterval(0.3, None, None))
    assert (mark.lower, mark.estimate, mark.upper) == (0.3, 0.3, 0.3)
    assert not mark.lower_arrow and not mark.upper_arrow


def test_events_that_are_not_known_are_a_dash(answers: Answers) -> None:
    answer = answers["proportions"]()
    unknown = replace(answer.rows[0], effect=replace(answer.rows[0].effect, events=None))
    layout = forest_rows(replace(answer, rows=(unknown, *answer.rows[1:])))
    assert layout.rows[0].cells["n"] == "–/546"
    assert any("–: not stated." in note.text for note in layout.footnotes)


def test_a_risk_difference_with_an_empty_cell_stands_where_it_was_seen(answers: Answers) -> None:
    answer = answers["clipped"]()
    # 0 of 202 against 136 of 298: Newcombe's interval is -0.513 to -0.398
    counted = {"index_events": 0, "events": 136, "index_size": 202, "reference_size": 298}
    limits = {"estimate": None, "standard_error": None, "ci_lower": None, "ci_upper": None}
    bound = {
        "kind": "bound",
        "recovery": "risk_difference_score_interval",
        "lower": -0.5131,
        "upper": -0.3977,
    }
    effect = replace(answer.rows[0].effect, scale="identity", **counted, **limits, **bound)
    row = replace(answer.rows[0], effect=effect, included=False, reason="a cell is empty", weight=None)
    asked = replace(answer.question, effect_measure="risk_difference")
    layout = forest_rows(replace(answer, question=asked, rows=(row,), scale="identity", overall=NOT_POOLED))
    (line,) = layout.rows
    assert line.cells["effect"] == "−0.46 (−0.51 to −0.40)"
    assert mark_of(line).shape == "square" and not mark_of(line).filled
    assert not any(line.kind == "panel" for line in layout.lines)
    unknown = replace(row, effect=replace(effect, index_events=None))
    apart = forest_rows(
        replace(answer, question=asked, rows=(unknown,), scale="identity", overall=NOT_POOLED)
    )
    assert mark_of(apart.rows[0]).shape == "bound" and apart.rows[0].cells["effect"] == "−0.51 to −0.40"
    told = " ".join(note.text for note in apart.footnotes)
    assert "Line without square" in told and "Arrow without square" not in told
