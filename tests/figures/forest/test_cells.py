from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st
from matplotlib.text import Text

import evisynth
from evisynth.answers import Answer
from evisynth.effects import Input
from evisynth.figures import (
    COLUMNS,
    LAYOUTS,
    ForestLayout,
    forest,
    forest_rows,
    lay_out_forest,
    printed_inputs,
    read_options,
    source_of_result,
)
from evisynth.outcomes import Baseline
from evisynth.synthesis import PooledResult

Answers = dict[str, Callable[[], Answer]]


def with_columns(answer: Answer, columns: str, layout: str = "default") -> ForestLayout:
    return forest_rows(answer, read_options(layout, columns, None, "forest", None))


def places(layout: ForestLayout) -> str:
    before = ",".join(column.key for column in layout.columns if column.place == "before")
    return f"{before}|{','.join(column.key for column in layout.columns if column.place == 'after')}"


@pytest.mark.parametrize(
    ("columns", "layout", "expected"),
    [
        ("study,n,effect", "default", "study,n|effect"),
        ("study,n,effect", "revman", "study,n,effect|"),
        ("effect,study", "default", "study|effect"),
        ("grade,plot,study", "default", "grade|study"),
        ("weight", "default", "weight|"),
        ("study,recovery,plot", "bmj", "study,recovery|"),
    ],
)
def test_the_user_orders_columns_and_places_the_plot(
    answers: Answers, columns: str, layout: str, expected: str
) -> None:
    assert places(with_columns(answers["clipped"](), columns, layout)) == expected


def test_the_grade_can_be_dropped_and_nothing_else_comes_back(answers: Answers) -> None:
    layout = with_columns(answers["exploratory"](), "study,effect")
    assert [column.key for column in layout.columns] == ["study", "effect"]


def test_p_values_are_those_of_estimate_and_standard_error(answers: Answers) -> None:
    # -0.478 / 0.21 = -2.276: two-sided p 0.0228; -0.223 / 0.305: 0.465
    rows = with_columns(answers["clipped"](), "study,p_value").rows
    assert [row.cells["p_value"] for row in rows[:2]] == ["0.023", "0.46"]
    assert with_columns(answers["clipped"](), "study,p_value", "jama").rows[0].cells["p_value"] == ".023"
    single = with_columns(answers["medians"](), "study,p_value").rows
    assert {row.cells["p_value"] for row in single} == {"–"}


def test_events_time_and_recovery(answers: Answers) -> None:
    layout = with_columns(answers["proportions"](), "study,n,events,recovery")
    assert [row.cells["events"] for row in layout.rows] == ["9", "4", "0", "15"]
    assert [row.cells["n"] for row in layout.rows] == ["546", "150", "108", "546"]
    assert layout.rows[0].cells["recovery"] == "by hand"
    hostile = with_columns(answers["one_hostile_row"](), "study,group,time")
    assert hostile.rows[0].cells["time"] == "10 years"
    assert "10 years" not in hostile.rows[0].cells["group"]


def test_what_is_printed_stands_group_by_group(answers: Answers) -> None:
    effect = answers["clipped"]().rows[0].effect
    inputs = tuple(
        Input(name, text, "line 1", "study.yaml:1")
        for name, text in [
            ("survival at 10 years, A", "79%"),
            ("patients, A", "80"),
            ("survival at 10 years, B", "39%"),
            ("patients, B", "37"),
        ]
    )
    assert printed_inputs(replace(effect, inputs=inputs)) == "79%, n 80 vs 39%, n 37"
    assert printed_inputs(replace(effect, inputs=inputs[2:] + inputs[:2])) == "79%, n 80 vs 39%, n 37"
    p_value = (Input("p value, A", "0.009", "", ""), Input("patients, both groups together", "108", "", ""))
    assert printed_inputs(replace(effect, inputs=p_value)) == "p = 0.009; n 108"
    below = (Input("p value at 10 years, A", "< 0.0001", "", ""),)
    assert printed_inputs(replace(effect, inputs=below)) == "p < 0.0001"
    assert printed_inputs(replace(effect, inputs=())) == ""
    many = tuple(Input("median, A", f"{i} months", "", "") for i in range(6))
    assert printed_inputs(replace(effect, inputs=many)).endswith("3 months, 2 more")


def test_a_baseline_turns_ratios_into_patients(answers: Answers) -> None:
    answer = answers["resection"]()
    asked = replace(answer.question, baseline=Baseline(0.5, 60.0, "a registry"))
    layout = forest_rows(replace(answer, question=asked))
    heading = next(column.heading for column in layout.columns if column.key == "absolute")
    assert heading.replace("\N{NO-BREAK SPACE}", " ") == "Event-free at 5 years, of 1,000"
    # 0.5 ** exp(-1.384935) = 0.8407; the limits from exp(-1.384935 ± 1.96 * 0.327839)
    ends = [1000 * 0.5 ** math.exp(-1.384935 + z * 1.959964 * 0.327839) for z in (1, -1)]
    assert layout.rows[0].cells["absolute"] == f"841 ({ends[0]:.0f} to {ends[1]:.0f})"
    assert "absolute" not in {column.key for column in forest_rows(answer).columns}


def test_the_absolute_effect_of_the_pooled_estimate_is_said_in_words(answers: Answers) -> None:
    answer = answers["exploratory"]()
    asked = replace(answer.question, baseline=Baseline(0.5, 120.0, "a registry"))
    layout = forest_rows(replace(answer, question=asked))
    assert any(text.startswith("Of 1,000 patients, 500 are without the event") for text in layout.small_print)
    summary = next(line for line in layout.lines if line.kind == "summary")
    assert summary.cells["absolute"].startswith("682 (")
    bound = layout.rows[-1]
    assert bound.mark is not None and bound.mark.shape == "bound" and bound.cells["absolute"] == "–"


def test_columns_that_were_asked_for_are_shown_even_when_empty(bcg_result: PooledResult) -> None:

    figure = forest(bcg_result, columns="study,grade,effect")
    assert "Grade" in [artist.get_text() for artist in figure.get_children() if isinstance(artist, Text)]


#: Those that need more than a pooled result are tried where there is more.
KNOWN = [name for name in COLUMNS if name not in ("plot", "risk_of_bias", "arms", "absolute")]


@given(
    columns=st.permutations(KNOWN).flatmap(
        lambda names: st.integers(1, len(names)).map(lambda count: names[:count])
    ),
    plot=st.none() | st.integers(1, len(KNOWN)),
    layout=st.sampled_from(sorted(LAYOUTS)),
)
def test_every_column_named_stands_once_and_in_order(
    columns: list[str], plot: int | None, layout: str
) -> None:
    result = evisynth.pool([-0.5, -0.2, -0.4], [0.04, 0.09, 0.06], effect_measure="hazard_ratio")
    names = columns if plot is None else [*columns[:plot], "plot", *columns[plot:]]
    options = read_options(layout, names, None, "forest", None)
    laid_out = lay_out_forest(source_of_result(result, None, options), options)
    found = [column.key for column in laid_out.columns]
    assert sorted(found) == sorted(columns)
    assert laid_out.columns[0].place == "before"
    for side in ("before", "after"):
        keys = [column.key for column in laid_out.columns if column.place == side]
        assert keys == [name for name in columns if name in keys]
    if plot is not None:
        assert found == columns


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name != "compact"])
def test_the_second_panel_counts_patients(answers: Answers, layout: str) -> None:
    answer = answers["exploratory"]()
    asked = replace(answer.question, baseline=Baseline(0.5, 120.0, "a registry"))
    drawn = forest_rows(replace(answer, question=asked), read_options(layout, None, None, "forest", None))
    assert drawn.absolute_axis is not None
    assert drawn.absolute_axis.null_place == 0.5
    for line in drawn.lines:
        printed = line.cells.get("absolute", "")
        if line.absolute_mark is None:
            assert not printed[:1].isdigit()
            continue
        # The mark stands where the number beside it says, rounded as that is.
        assert line.absolute_mark.estimate == pytest.approx(int(printed.split()[0]) / 1000, abs=5.1e-4)
        assert line.mark is not None and line.absolute_mark.filled == line.mark.filled
    figure = forest(replace(answer, question=asked), layout=layout)
    squares = [layer for layer in figure.get_children() if layer.get_label() == "squares"]
    pooled = sum(line.absolute_mark is not None for line in drawn.rows if not line.muted)
    assert sum(len(layer.get_paths()) for layer in squares) == 2 * pooled


def test_without_a_baseline_or_its_column_there_is_no_second_panel(answers: Answers) -> None:
    answer = answers["exploratory"]()
    assert forest_rows(answer).absolute_axis is None
    asked = replace(answer, question=replace(answer.question, baseline=Baseline(0.5, 120.0, "a registry")))
    for figure in (forest(asked, columns="study,effect"), forest(asked, layout="compact")):
        texts = [text.get_text() for text in figure.findobj(Text)]
        assert "Study" in texts
        assert not any(text.startswith("Of 1,000, without") for text in texts)
