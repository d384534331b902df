"""The survival sketch of the midgut abstract, number by number, and what it must survive."""

from __future__ import annotations

import pytest

from evisynth.errors import InvalidDataError
from evisynth.figures import (
    Area,
    Contrast,
    Points,
    Segments,
    SideNames,
    lay_out_survival_sketch,
    survival_sketch,
)


@pytest.fixture
def midgut(printed, not_reached):
    """Two contrasts of one abstract: medians 151 and 109 months, and two medians that were not reached."""
    rates = {
        "M1LR": (80, 0.88, 0.79),
        "M1LNr": (37, 0.88, 0.39),
        "M1OR": (31, 0.84, 0.7),
        "M1ONr": (6, 1, 0.67),
    }
    rows = [
        printed("midgut", group, share, months, n=n)
        for group, (n, *shares) in rates.items()
        for months, share in zip((60.0, 120.0), shares, strict=True)
    ]
    rows += [printed("midgut", "M1LR", 151.0, n=80), printed("midgut", "M1LNr", 109.0, n=37)]
    rows += [not_reached("midgut", group, n=rates[group][0]) for group in ("M1OR", "M1ONr")]
    return rows


CONTRASTS = (Contrast("midgut", ("M1LR", "M1LNr")), Contrast("midgut", ("M1OR", "M1ONr")))


def test_each_contrast_has_a_panel_with_its_figures(midgut, marks_of) -> None:
    chart = lay_out_survival_sketch(midgut, contrasts=CONTRASTS)
    assert [panel.title for row in chart.panels for panel in row] == ["midgut", "midgut"]
    heights = sorted(y for mark in marks_of(chart, Points) for y in mark.ys)
    # Eight rates and two medians, each where its axis has it.
    assert heights == pytest.approx(sorted([0.88, 0.79, 0.88, 0.39, 0.84, 0.7, 1, 0.67, 0.5, 0.5]))
    [names] = [mark.names for mark in chart.panels[0][0].marks if isinstance(mark, SideNames)]
    assert [(name.name, name.details.replace("\xa0", " ")) for name in names] == [
        ("Group M1LR", "n = 80, median 151 months"),
        ("Group M1LNr", "n = 37, median 109 months"),
    ]


def test_rates_of_one_time_stand_beside_each_other(midgut, marks_of) -> None:
    chart = lay_out_survival_sketch(midgut, contrasts=CONTRASTS)
    first = chart.panels[0][0]
    at_60 = [mark.xs[0] for mark in first.marks if isinstance(mark, Points) and mark.ys[0] == 0.88]
    assert len(set(at_60)) == 2
    assert sum(at_60) / 2 == pytest.approx(60.0)
    until = first.x_axis.scale.upper
    assert abs(at_60[0] - at_60[1]) < 0.05 * until


def test_a_median_not_reached_is_an_arrow_from_the_last_known_time(midgut) -> None:
    chart = lay_out_survival_sketch(midgut, contrasts=CONTRASTS)
    arrows = [m for m in chart.panels[0][1].marks if isinstance(m, Segments) and m.arrows]
    assert [(m.xs, m.x_ends) for m in arrows] == [([120.0], [chart.panels[0][1].x_axis.scale.upper])] * 2
    assert sum(m.ys[0] for m in arrows) / 2 == pytest.approx(0.5)
    assert {m.style for m in arrows} == {"solid"}


def test_a_median_not_reached_without_a_time_is_dotted_and_said(not_reached) -> None:
    chart = lay_out_survival_sketch([not_reached("a", "g")])
    [arrow] = [m for m in chart.panels[0][0].marks if isinstance(m, Segments) and m.arrows]
    assert (arrow.xs, arrow.style) == ([0.0], "dotted")
    assert any("nothing follows" in note for note in chart.notes)
    assert not any(isinstance(mark, Area) for mark in chart.panels[0][0].marks)


def test_a_group_of_which_nothing_follows_has_words_and_no_panel(printed, not_reached) -> None:
    rows = [printed("a", "g", 0.8, 60.0), not_reached("b", "h")]
    chart = lay_out_survival_sketch(rows)
    assert [panel.title for row in chart.panels for panel in row] == ["a"]
    assert chart.notes[-1].startswith("No panel for Group h (b): the median was not reached")
    assert not any("dotted arrow" in note for note in chart.notes)
    # With a follow-up, something follows; and beside another group it stays, to be seen against it.
    known = lay_out_survival_sketch(rows, follow_up={"b": 40.0})
    assert [panel.title for row in known.panels for panel in row] == ["a", "b"]
    beside = lay_out_survival_sketch([*rows, printed("b", "i", 30.0)], contrasts=[Contrast("b", ("h", "i"))])
    assert [panel.title for row in beside.panels for panel in row] == ["a", "b"]
    assert not any(note.startswith("No panel") for note in [*known.notes, *beside.notes])


def test_printed_and_worked_out_intervals_are_told_apart(printed, marks_of) -> None:
    rows = [
        printed("a", "g", 0.79, 60.0, n=80),
        printed("a", "h", 0.6, 60.0, ci_lower=0.48, ci_upper=0.73),
        printed("a", "h", 87.0, ci_lower=10.0, ci_upper=164.0),
    ]
    chart = lay_out_survival_sketch(rows)
    styles = {(m.ys[0], m.y_ends[0]): m.style for m in marks_of(chart, Segments) if m.xs == m.x_ends}
    assert {round(lower, 4): style for (lower, _), style in styles.items()} == {
        0.6834: "dotted",
        0.48: "solid",
    }
    # The median of 87 (10 to 164): two bars at 50% that meet in it.
    bars = [(m.xs[0], m.x_ends[0]) for m in marks_of(chart, Segments) if m.ys == m.y_ends]
    assert bars == [(10.0, 87.0), (87.0, 164.0)]
    assert {entry.sample for entry in chart.legend} == {"area", "line", "dotted"}
    assert any("as if all had been followed" in note for note in chart.notes)


def test_arms_are_told_apart_without_colour(printed, marks_of) -> None:
    chart = lay_out_survival_sketch([printed("a", group, 0.5, 60.0) for group in "pqrs"])
    assert len({mark.shape for mark in marks_of(chart, Points)}) == 4
    assert {mark.hatch for mark in marks_of(chart, Area)} == {None, "rising", "falling", "dots"}


def test_bounds_are_hollow_with_an_arrow(printed, marks_of) -> None:
    rows = [printed("a", "g", 0.9, 60.0, qualifier=">="), printed("a", "h", 40.0, qualifier="<")]
    chart = lay_out_survival_sketch(rows)
    assert {mark.fill for mark in marks_of(chart, Points)} == {"white"}
    up, left = (mark for mark in marks_of(chart, Segments) if mark.arrows)
    assert up.y_ends[0] > up.ys[0]
    assert left.x_ends[0] < left.xs[0]
    assert any("Hollow marks" in note for note in chart.notes)


def test_a_contradiction_is_said_and_drawn_without_a_band(printed, marks_of) -> None:
    chart = lay_out_survival_sketch([printed("a", "g", 0.8, 60.0), printed("a", "g", 40.0)])
    assert marks_of(chart, Area) == []
    assert any("No falling curve" in note and "Group g (a)" in note for note in chart.notes)


def test_background_and_adjusted_figures_are_counted_not_drawn(printed, marks_of) -> None:
    rows = [
        printed("a", "g", 0.8, 60.0),
        printed("a", "quoted", 0.5, 60.0, role="background"),
        printed("a", "h", 0.7, 60.0, adjusted="age"),
    ]
    chart = lay_out_survival_sketch(rows)
    assert len(marks_of(chart, Points)) == 1
    assert "Not shown: 1 figure quoted as background." in chart.notes
    assert "Not shown: 1 adjusted figure of overall survival." in chart.notes


def test_the_clock_is_said(printed) -> None:
    rows = [printed("a", "g", 0.8, 60.0, starts="operation"), printed("b", "g", 0.8, 60.0)]
    notes = lay_out_survival_sketch(rows).notes
    assert "Start of the clock: operation (a); 1 study does not state it." in notes
    many = [printed(f"s{i}", "g", 0.8, 60.0, starts="operation") for i in range(9)]
    assert "Start of the clock: operation (9 studies)." in lay_out_survival_sketch(many).notes
    silent = [printed("b", "g", 0.8, 60.0)]
    assert "When the clock starts is not stated." in lay_out_survival_sketch(silent).notes


def test_nothing_to_draw_is_refused(printed) -> None:
    with pytest.raises(InvalidDataError, match=r"progression free survival.*needs one of them"):
        lay_out_survival_sketch([printed("a", "g", 0.8, 60.0)], outcome="progression_free_survival")


def test_the_outcome_is_named_as_the_vocabulary_has_it(printed) -> None:
    row = printed("a", "g", 0.8, 60.0, outcome="progression_free_survival")
    chart = lay_out_survival_sketch(
        [row], outcome="progression_free_survival", label="Progression-free survival"
    )
    assert chart.title.startswith("Progression-free survival: ")
    assert chart.panels[0][0].y_axis.title == "Progression-free survival, %"
    assert "printed of progression-free survival" in chart.description


def test_the_description_says_the_numbers(midgut) -> None:
    text = lay_out_survival_sketch(midgut).description
    assert "Group M1LR (midgut): 88% at 60 months, 79% at 120 months, median 151" in text


def hostile_rows(printed, not_reached, labels):
    rows = []
    for i, label in enumerate(labels):
        changes = {"group_label": label, "n": None if i % 2 else 10**6}
        rows += [printed("a-study-with-a-very-long-name-that-goes-on", f"g{i}", 0.5, 60.0, **changes)]
        rows += [printed("a-study-with-a-very-long-name-that-goes-on", f"g{i}", 60.0, **changes)]
        rows += [not_reached("b", f"g{i}", **changes)]
    return rows


@pytest.mark.usefixtures("each_font_list")
def test_hostile_labels_are_readable(printed, not_reached, hostile_labels, unreadable) -> None:
    figure = survival_sketch(hostile_rows(printed, not_reached, hostile_labels), title="生存 " * 30)
    assert unreadable(figure) == []


@pytest.mark.parametrize("count", [1, 2, 60])
def test_any_number_of_studies_is_readable(printed, unreadable, count) -> None:
    rows = [
        printed(f"study-{i}", group, 0.3 + i / 100, 60.0, n=20 + i)
        for i in range(count)
        for group in ("a", "b")
    ]
    assert unreadable(survival_sketch(rows)) == []


@pytest.mark.parametrize("value", [0.0, 0.001, 1e7])
def test_tiny_and_huge_medians_are_readable(printed, unreadable, value) -> None:
    rows = [printed("a", "g", value), printed("a", "h", value, ci_lower=value, ci_upper=value * 2)]
    assert unreadable(survival_sketch(rows)) == []
