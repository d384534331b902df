"""What makes each layout recognisable, read from the layout and from the drawn figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from matplotlib.collections import Collection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

import evisynth
from evisynth.answers import Answer
from evisynth.figures import (
    LAYOUTS,
    STYLES,
    ForestLayout,
    forest,
    forest_rows,
    lay_out_forest,
    place_forest,
    read_options,
    source_of_result,
    text_width,
)
from evisynth.synthesis import PooledResult

Answers = dict[str, Callable[[], Answer]]


def laid_out(result: PooledResult | Answer, layout: str, columns: str | None = None) -> ForestLayout:
    options = read_options(layout, columns, None, "forest", None)
    if isinstance(result, Answer):
        return forest_rows(result, options)
    return lay_out_forest(source_of_result(result, None, options), options)


def plain(texts: tuple[str, ...] | list[str]) -> str:
    return " ".join(texts).replace("\N{NO-BREAK SPACE}", " ")


def layers(figure: Figure) -> dict[str, list[Collection]]:
    found: dict[str, list[Collection]] = {}
    for artist in figure.get_children():
        if isinstance(artist, Collection):
            found.setdefault(str(artist.get_label()), []).append(artist)
    return found


@pytest.mark.parametrize(
    ("layout", "effect"),
    [
        ("default", "0.41 (0.13 to 1.26)"),
        ("revman", "0.41 [0.13, 1.26]"),
        ("jama", "0.41 (0.13-1.26)"),
        ("bmj", "0.41 (0.13 to 1.26)"),
        ("compact", "0.41 (0.13 to 1.26)"),
    ],
)
def test_intervals_are_worded_as_the_journal_does(bcg_result: PooledResult, layout: str, effect: str) -> None:
    assert laid_out(bcg_result, layout).rows[0].cells["effect"] == effect


@pytest.mark.parametrize(
    ("layout", "order"),
    [
        ("default", ["study", "group", "n", "|", "effect", "weight", "grade"]),
        ("revman", ["study", "group", "n", "weight", "effect", "|", "grade"]),
        ("jama", ["study", "group", "n", "effect", "|", "weight", "grade"]),
        ("bmj", ["study", "group", "n", "|", "weight", "effect", "grade"]),
        ("compact", ["study", "|", "effect", "weight", "grade"]),
    ],
)
def test_columns_stand_where_the_journal_has_them(answers: Answers, layout: str, order: list[str]) -> None:
    columns = laid_out(answers["clipped"](), layout).columns
    before = [column.key for column in columns if column.place == "before"]
    after = [column.key for column in columns if column.place == "after"]
    assert [*before, "|", *after] == order


@pytest.mark.parametrize(
    ("layout", "words"),
    [
        ("default", "Heterogeneity: Q = 152.23, df = 12, p = 0.030; I² = 92% (95% CI 82% to 98%); τ² = 0.31."
                    " Overall effect: p < 0.001."),
        ("revman", "Heterogeneity: Tau² = 0.31; Chi² = 152.23, df = 12 (P = 0.030); "
                   "I² = 92% (95% CI 82% to 98%). Test for overall effect: t = 3.97 (P < 0.001)."),
        ("jama", "Heterogeneity: τ² = 0.31; χ² = 152.23, df = 12 (P = .030); I² = 92% (95% CI 82% to 98%)."
                 " Test for overall effect: P < .001."),
        ("bmj", "Test for heterogeneity: τ²=0.31; χ²=152.23, df=12 (P=0.030); I²=92% (95% CI 82% to 98%)."
                " Test for overall effect: t=3.97 (P<0.001)."),
    ],
)  # fmt: skip
def test_statistics_are_said_in_the_words_of_the_journal(
    bcg_result: PooledResult, layout: str, words: str
) -> None:
    assert words in plain(laid_out(bcg_result, layout).small_print)


def test_review_manager_names_the_method_over_both_effect_and_plot(bcg_result: PooledResult) -> None:
    layout = laid_out(bcg_result, "revman")
    heading = next(column.heading for column in layout.columns if column.key == "effect")
    assert plain([heading]) == "Risk ratio IV, Random, 95% CI"
    assert layout.plot_heading == heading
    assert laid_out(bcg_result, "jama").plot_heading == ""
    assert [line.cells["study"] for line in layout.lines if line.kind == "summary"] == ["Total (95% CI)"]


def test_review_manager_has_coloured_squares_and_a_black_diamond(bcg_result: PooledResult) -> None:
    drawn = layers(forest(bcg_result, layout="revman"))
    red, _, blue = to_rgb(drawn["squares"][0].get_facecolor()[0])
    assert blue - red > 0.3
    assert max(to_rgb(drawn["diamonds"][0].get_facecolor()[0])) < 0.1
    assert "pooled line" not in drawn


def test_jama_is_black_and_spells_favors(answers: Answers) -> None:
    figure = forest(answers["clipped"](), layout="jama")
    assert max(to_rgb(layers(figure)["squares"][0].get_facecolor()[0])) < 0.1
    texts = [artist.get_text() for artist in figure.get_children() if isinstance(artist, Text)]
    assert any(text.startswith("Favors operation") for text in texts)
    assert not any("Favours" in text for text in texts)
    assert layers(figure)["rules"][0].get_linewidth()[0] > 1


def test_favours_given_by_the_user_keep_their_spelling(answers: Answers) -> None:
    figure = forest(answers["clipped"](), layout="jama", favours=("Favours knife", "Favours wait"))
    texts = [artist.get_text() for artist in figure.get_children() if isinstance(artist, Text)]
    assert "Favours knife" in texts and not any("←" in text for text in texts)


def test_jama_says_over_the_plot_what_each_side_favors(answers: Answers) -> None:
    def places(favours: tuple[str, str]) -> tuple[float, float]:
        found = forest_rows(answers["clipped"](), read_options("jama", None, None, "forest", None))
        assert found.axis is not None
        page = place_forest(replace(found, axis=replace(found.axis, favours=favours)))
        words = next(text for text in page.texts if text.text.startswith("Favours"))
        assert page.axis_line is not None
        return words.y, page.axis_line[0]

    words, axis = places(("Favours knife", "Favours wait"))
    assert words < axis - 100  # six rows and a diamond lie between them
    # A word that has no room beside the line of no effect stands below the axis, where there is more.
    words, axis = places(("Favours knife", "w" * 60))
    assert words > axis


def test_the_bmj_has_tinted_bands_under_everything(bcg_result: PooledResult) -> None:
    figure = forest(bcg_result, layout="bmj")
    bands = layers(figure)["bands"]
    # the head, and every other one of 13 rows
    assert sum(len(band.get_paths()) for band in bands) == 1 + 7
    assert all(band.get_zorder() < min(
        a.get_zorder() for name, found in layers(figure).items() if name != "bands" for a in found
    ) for band in bands)  # fmt: skip
    for band in bands:
        assert min(to_rgb(band.get_facecolor()[0])) > 0.8  # text stays readable on it


@pytest.mark.parametrize("layout", LAYOUTS)
def test_marks_print_dark_in_black_and_white(bcg_result: PooledResult, layout: str) -> None:
    paint = STYLES[layout].paint
    for colour in (paint.square, paint.diamond):
        red, green, blue = to_rgb(colour)
        assert 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.35


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_layout_hides_what_is_honest(answers: Answers, layout: str) -> None:
    drawn = layers(forest(answers["resection"](), layout=layout))
    assert sum(len(a.get_paths()) for a in drawn["hollow squares"]) == 2
    found = laid_out(answers["exploratory"](), layout)
    assert [line.cells["grade"] for line in found.rows] == ["D", "D", "C", "D", "D", "D", "X", "X"]
    assert "grade" in {column.key for column in found.columns}
    assert any(line.panel_text == "the figures of the groups compared are not printed" for line in found.rows)
    assert all(line.panel_text == "exploratory" for line in found.lines if line.kind == "summary")
    weights = {text.text: text.bold for text in place_forest(found).texts}
    summary = next(line for line in found.lines if line.kind == "summary")
    assert not weights[summary.cells["effect"]], "what is exploratory is not printed like an answer"
    assert len(layers(forest(answers["exploratory"](), layout=layout))["arrows"]) == 1


def test_compact_is_smaller_and_puts_the_groups_behind_the_study(answers: Answers) -> None:
    plain_one, compact = laid_out(answers["clipped"](), "default"), laid_out(answers["clipped"](), "compact")
    assert compact.rows[0].cells["study"] == "trial-1: Operated vs not operated"
    assert compact.rows[0].cells["study"].startswith(plain_one.rows[0].cells["study"])
    big = forest(answers["two_hundred_rows"]()).get_size_inches()
    small = forest(answers["two_hundred_rows"](), layout="compact").get_size_inches()
    assert small[0] < 0.8 * big[0] and small[1] < 0.8 * big[1]


def test_small_print_stands_left_of_the_axis_where_the_journal_has_it(bcg_result: PooledResult) -> None:
    def below_the_axis(layout: str) -> bool:
        figure = forest(bcg_result, layout=layout)
        texts = [artist for artist in figure.get_children() if isinstance(artist, Text)]
        tick = next(text for text in texts if text.get_text() == "0.05")
        counts = next(text for text in texts if text.get_text().startswith("13 rows."))
        return bool(counts.get_position()[1] > tick.get_position()[1] + 10)

    assert below_the_axis("default")
    assert not below_the_axis("revman") and not below_the_axis("jama") and not below_the_axis("bmj")


def test_long_small_print_does_not_run_down_a_narrow_column(answers: Answers) -> None:
    answer = answers["exploratory"]()
    long = replace(answer.overall, cautions=("care " * 100,))
    page = place_forest(laid_out(replace(answer, overall=long), "jama", "study,plot,effect"))
    assert page.axis_line is not None
    foot, left, right = page.axis_line
    lines = [text for text in page.texts if "care care" in text.text]
    # In the column left of the axis it would be dozens of lines; under it, it has the whole width.
    assert 2 <= len(lines) <= 9
    assert min(line.y for line in lines) > foot + 20
    assert max(line.x + text_width(line.text, line.size) for line in lines) > right
    short = [text for text in page.texts if text.text.startswith("6 rows")]
    assert short and all(line.y < foot + 20 and line.x < left for line in short)


def test_limits_of_differences_are_parted_by_a_word_in_every_row() -> None:
    result = evisynth.pool([0.16, -0.09], [0.001, 0.002], effect_measure="risk_difference")
    rows = laid_out(result, "jama").rows
    # 1.96 square roots of the variances: 0.062 and 0.088
    assert [line.cells["effect"] for line in rows] == ["0.16 (0.10 to 0.22)", "−0.09 (−0.18 to 0.00)"]
    ratios = laid_out(evisynth.pool([0.16, -0.09], [0.001, 0.002], effect_measure="RR"), "jama").rows
    assert ratios[0].cells["effect"] == "1.17 (1.10-1.25)"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_long_sides_stand_in_two_lines_at_most(answers: Answers, layout: str) -> None:
    sides = ("Favours resection, complete or at least 70%", "Favours no resection, incomplete or below 70%")
    figure = forest(answers["clipped"](), layout=layout, favours=sides)
    texts = [artist for artist in figure.get_children() if isinstance(artist, Text)]
    for side in sides:
        words = side.split()
        lines = [t for t in texts if t.get_text().strip("←→ ") and t.get_text().strip("←→ ") in side]
        lines = [t for t in lines if len(t.get_text().split()) > 1 or t.get_text() in words]
        assert 1 <= len(lines) <= 2, [t.get_text() for t in lines]
        assert " ".join(t.get_text().strip("←→ ") for t in lines) == side


def test_a_prediction_interval_is_no_heavier_than_an_interval(answers: Answers) -> None:
    drawn = layers(forest(answers["clipped"]()))
    weight = drawn["prediction intervals"][0].get_linewidth()[0]
    assert weight <= drawn["intervals"][0].get_linewidth()[0]
    assert drawn["prediction intervals"][0].get_linestyle()[0][1] is not None  # dotted
