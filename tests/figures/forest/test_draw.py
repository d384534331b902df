"""What is really drawn: marks, texts and their places, read from the figure."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import NDArray
from readable import text_boxes

import evisynth
from evisynth.answers import Answer
from evisynth.errors import InvalidDataError
from evisynth.figures import DEFAULT, DescribedFigure, forest, forest_rows, missing_glyphs_note, place_forest
from evisynth.synthesis import PooledResult

Answers = dict[str, Callable[[], Answer]]


def shapes(figure: Figure, label: str) -> list[NDArray[np.float64]]:
    """Return the corners of the shapes of one layer, in points of the page."""
    found = [a for a in figure.get_children() if isinstance(a, Collection) and a.get_label() == label]
    return [np.asarray(path.vertices) for layer in found for path in layer.get_paths()]


def texts(figure: Figure) -> list[str]:
    return [artist.get_text() for artist in figure.get_children() if isinstance(artist, Text)]


def words_and_boxes(figure: Figure) -> tuple[list[str], NDArray[np.float64]]:
    """Measure every text: left, bottom, right, top in pixels."""
    drawn = [a for a in figure.get_children() if isinstance(a, Text) and a.get_text().strip()]
    return [a.get_text() for a in drawn], text_boxes(drawn)


def overlaps(boxes: NDArray[np.float64], slack: float) -> list[tuple[int, int]]:
    """Return the pairs of boxes that share more than a hair."""
    x0, y0, x1, y1 = boxes.T
    wide = np.minimum(x1[:, None], x1) - np.maximum(x0[:, None], x0)
    high = np.minimum(y1[:, None], y1) - np.maximum(y0[:, None], y0)
    pairs = np.argwhere((wide > slack) & (high > slack))
    return [(int(i), int(j)) for i, j in pairs if i < j]


def test_every_row_has_its_square_at_its_estimate(bcg_result: PooledResult) -> None:
    figure = forest(bcg_result)
    squares = shapes(figure, "squares")
    assert len(squares) == 13
    centres = [float(corners[:4, 0].mean()) for corners in squares]
    # On a log axis places are linear in the log risk ratios.
    slope, offset = np.polyfit(bcg_result.y, centres, 1)
    assert slope > 0
    assert np.allclose(centres, slope * bcg_result.y + offset, atol=1e-6)  # points; rounding of the fit
    order = [float(corners[:4, 1].mean()) for corners in squares]
    assert order == sorted(order)


def test_squares_have_the_area_of_their_weight(bcg_result: PooledResult) -> None:
    areas = [float(np.ptp(corners[:4, 0])) ** 2 for corners in shapes(forest(bcg_result), "squares")]
    assert max(areas) == pytest.approx(DEFAULT.sizes.largest_square**2)  # rounding
    assert areas == pytest.approx(
        DEFAULT.sizes.largest_square**2 * bcg_result.weights / bcg_result.weights.max()
    )


def test_the_diamond_is_the_interval_of_the_pooled_estimate(bcg_result: PooledResult) -> None:
    figure = forest(bcg_result)
    (diamond,) = shapes(figure, "diamonds")
    squares = shapes(figure, "squares")
    slope, offset = np.polyfit(bcg_result.y, [float(c[:4, 0].mean()) for c in squares], 1)
    expected = [slope * x + offset for x in (bcg_result.ci_lower, bcg_result.estimate, bcg_result.ci_upper)]
    assert [diamond[0, 0], diamond[1, 0], diamond[2, 0]] == pytest.approx(
        expected, abs=1e-6
    )  # rounding of the fit
    (bar,) = shapes(figure, "prediction intervals")
    assert np.ptp(bar[:, 0]) > np.ptp(diamond[:, 0])


def test_an_exploratory_answer_has_a_hollow_diamond_and_the_word(answers: Answers) -> None:
    figure = forest(answers["exploratory"]())
    assert len(shapes(figure, "hollow diamonds")) == 1
    assert not shapes(figure, "diamonds")
    assert "exploratory" in texts(figure)
    assert any(text.startswith("Read with caution") for text in texts(figure))


@pytest.mark.parametrize(("lower", "upper"), [(-1.0, -0.2), (-1.2, 1.2), (-30.0, -0.2), (-30.0, 30.0)])
def test_the_word_exploratory_always_has_room(answers: Answers, lower: float, upper: float) -> None:
    answer = answers["exploratory"]()
    assert answer.overall.pooled is not None
    result = replace(answer.overall.pooled, ci_lower=lower, ci_upper=upper)
    figure = forest(replace(answer, overall=replace(answer.overall, pooled=result)))
    words, boxes = words_and_boxes(figure)
    assert "exploratory" in words
    assert not overlaps(boxes, slack=1.5)
    box = boxes[words.index("exploratory")]
    (diamond,) = [
        layer.get_transform().transform(path.vertices)
        for layer in figure.get_children()
        if isinstance(layer, Collection) and layer.get_label() == "hollow diamonds"
        for path in layer.get_paths()
    ]
    beside = box[0] > diamond[:, 0].max() or box[2] < diamond[:, 0].min()
    assert beside or box[3] < diamond[:, 1].min()


def test_a_refusal_draws_no_diamond(answers: Answers) -> None:
    figure = forest(answers["resection"]())
    assert not shapes(figure, "diamonds") and not shapes(figure, "hollow diamonds")
    assert "No pooled estimate" in texts(figure)
    assert len(shapes(figure, "hollow squares")) == 2
    assert len(shapes(figure, "squares")) == 1


def test_one_diamond_a_block(answers: Answers) -> None:
    assert len(shapes(forest(answers["survival_by_group"]()), "hollow diamonds")) == 2


def test_arrows_stand_at_cut_ends_and_open_bounds(answers: Answers) -> None:
    assert len(shapes(forest(answers["clipped"]()), "arrows")) == 2
    assert len(shapes(forest(answers["exploratory"]()), "arrows")) == 1
    assert not shapes(forest(answers["survival_by_group"]()), "arrows")


def test_a_diamond_that_is_cut_has_an_arrow(bcg_result: PooledResult) -> None:
    assert not shapes(forest(bcg_result), "arrows")
    assert len(shapes(forest(replace(bcg_result, ci_lower=-30.0, ci_upper=30.0)), "arrows")) == 2


def test_the_line_of_no_effect_leaves_no_stubs_between_words(answers: Answers) -> None:
    answer = answers["exploratory"]()
    refused = replace(
        answer.rows[6], effect=replace(answer.rows[6].effect, row_group="Complete against incomplete")
    )
    figure = forest(replace(answer, rows=(*answer.rows[:6], *[refused] * 5, *answer.rows[7:])))
    rows = [
        corners[:4, 1].mean() for layer in ("squares", "hollow diamonds") for corners in shapes(figure, layer)
    ]
    bounds = [c[0, 1] for layer in ("intervals", "prediction intervals") for c in shapes(figure, layer)]
    for piece in shapes(figure, "null line"):
        top, bottom = sorted(piece[:, 1])
        assert any(top <= y <= bottom for y in [*rows, *bounds])


def test_a_line_of_no_effect_only_for_contrasts(answers: Answers) -> None:
    assert shapes(forest(answers["clipped"]()), "null line")
    assert not shapes(forest(answers["medians"]()), "null line")


def test_favours_stand_on_both_sides_of_the_line(answers: Answers) -> None:
    figure = forest(answers["clipped"](), favours=("Favours knife", "Favours patience"))
    line = shapes(figure, "null line")[0][0, 0]
    left = next(a for a in figure.get_children() if isinstance(a, Text) and "knife" in a.get_text())
    right = next(a for a in figure.get_children() if isinstance(a, Text) and "patience" in a.get_text())
    assert (left.get_ha(), right.get_ha()) == ("right", "left")
    assert left.get_position()[0] < line < right.get_position()[0]
    assert left.get_text().startswith("←") and right.get_text().endswith("→")


def test_an_interval_hidden_by_its_square_is_drawn_in_white(bcg_result: PooledResult) -> None:
    precise = replace(bcg_result, v=np.full(13, 1e-4))
    assert len(shapes(forest(precise), "short intervals")) == 13


def test_words_read_in_grey_are_dark_enough(answers: Answers) -> None:
    # WCAG 2: contrast of at least 4.5 to 1 against white for small text.
    from matplotlib.colors import to_rgb

    def luminance(colour: object) -> float:
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]  # type: ignore[arg-type]
        return float(np.dot([0.2126, 0.7152, 0.0722], linear))

    figure = forest(answers["exploratory"]())
    for artist in figure.get_children():
        if isinstance(artist, Text):
            assert 1.05 / (luminance(artist.get_color()) + 0.05) >= 4.5


def test_height_follows_the_rows(answers: Answers) -> None:
    one = place_forest(forest_rows(answers["one_row"]())).height
    many = place_forest(forest_rows(answers["two_hundred_rows"]())).height
    assert many - one == pytest.approx(199 * 15.5, rel=0.02)  # the small print differs by a line


def test_labels_can_be_given(answers: Answers, bcg_result: PooledResult) -> None:
    assert "Poster 000" in texts(forest(answers["resection"](), labels={"midgut-debulking": "Poster 000"}))
    assert "Trial 13" in texts(forest(bcg_result, labels=[f"Trial {i}" for i in range(1, 14)]))
    assert "Madras" in texts(forest(bcg_result, labels={"TPT Madras 1980": "Madras"}))
    assert "My title" in texts(forest(bcg_result, title="My title"))


def test_labels_that_do_not_fit_are_refused(answers: Answers, bcg_result: PooledResult) -> None:
    with pytest.raises(InvalidDataError, match="2 labels for 13 effects"):
        forest(bcg_result, labels=["a", "b"])
    with pytest.raises(InvalidDataError, match="mapping"):
        forest(answers["resection"](), labels=["a"])
    with pytest.raises(InvalidDataError, match="PooledResult or an Answer, not a float"):
        forest(math.pi)  # type: ignore[arg-type]


def test_the_figure_does_not_follow_the_settings_of_the_user(answers: Answers) -> None:
    import matplotlib

    plain = forest(answers["resection"]())
    with matplotlib.rc_context({"font.size": 30, "text.color": "red", "font.family": "serif"}):
        other = forest(answers["resection"]())
    assert tuple(plain.get_size_inches()) == tuple(other.get_size_inches())
    assert words_and_boxes(plain)[1] == pytest.approx(words_and_boxes(other)[1])


def test_a_character_that_no_font_has_is_said_once_in_the_notes(bcg_result: PooledResult) -> None:
    # Scripts without living readers, of which hardly any machine has every font.
    rare = next(c for c in "\U00014400\U00018b00\U00016e40\U000105c0" if missing_glyphs_note([c]))
    figure = forest(bcg_result, labels={"Aronson 1948": f"lost {rare}", "TPT Madras 1980": rare})
    assert isinstance(figure, DescribedFigure)
    (note,) = figure.notes
    assert f"U+{ord(rare):04X}" in note
    plain = forest(bcg_result)
    assert isinstance(plain, DescribedFigure) and plain.notes == ()


def test_a_label_that_is_missing_keeps_the_name_of_the_result(bcg_result: PooledResult) -> None:
    names = [None, float("nan"), *(f"Trial {i}" for i in range(3, 14))]
    drawn = texts(forest(bcg_result, labels=iter(names)))
    assert {"Aronson 1948", "Trial 3"} <= set(drawn) and not {"None", "nan"} & set(drawn)
    kept = texts(forest(bcg_result, labels={"Aronson 1948": None, "TPT Madras 1980": 7}))
    assert {"Aronson 1948", "7"} <= set(kept)
    with pytest.raises(InvalidDataError, match="labels are a list"):
        forest(bcg_result, labels="abcdefghijklm")


def test_a_very_narrow_diamond_is_still_seen() -> None:
    figure = forest(evisynth.pool([0.5, 0.2, 0.1], [1e-16, 0.1, 1e6], effect_measure="risk_ratio"))
    (corners,) = shapes(figure, "diamonds")
    assert np.ptp(corners[:, 0]) >= 2


def test_a_weight_below_nothing_has_the_smallest_square(bcg_result: PooledResult) -> None:
    weights = np.array([-0.1, 1.1, *[0.0] * 11])
    squares = shapes(forest(replace(bcg_result, weights=weights)), "squares")
    widths = [float(np.ptp(corners[:4, 0])) for corners in squares]
    assert widths[0] == pytest.approx(min(widths)) and widths[1] == pytest.approx(max(widths))
