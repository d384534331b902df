"""Risk of bias beside the plot: symbols, colours, headings, notes and words, for one tool and for two."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from numpy.typing import NDArray

import evisynth
from evisynth.answers import Answer
from evisynth.errors import UsageError
from evisynth.figures import (
    BIAS_KEYS,
    DISCS,
    DOMAIN_KEYS,
    LAYOUTS,
    OVERALL_KEYS,
    RING,
    SYMBOLS,
    TONES,
    ForestLayout,
    bias_cells,
    bias_tools,
    bias_words,
    forest,
    forest_rows,
    place_forest,
    read_options,
)
from evisynth.studies import TOOLS

Answers = dict[str, Callable[[], Answer]]
COLUMNS = "study,plot,effect,risk_of_bias"

# Machado, Oliveira & Fernandes 2009, IEEE TVCG 15:1291, severity 1, on linear RGB.
BLIND = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def laid_out(answer: Answer, layout: str = "revman", columns: str | None = None) -> ForestLayout:
    return forest_rows(answer, read_options(layout, columns, None, "forest", None))


def linear(colour: str) -> NDArray[np.float64]:
    values = np.array(to_rgb(colour))
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE 1976 L*a*b* of linear sRGB, white D65."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = np.array(to_xyz) @ np.clip(rgb, 0, 1) / [0.9505, 1.0, 1.089]
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])


def test_every_tool_has_room_and_every_judgement_a_symbol() -> None:
    assert max(len(tool.domains) for tool in TOOLS) <= len(DOMAIN_KEYS)
    assert len(TOOLS) <= len(OVERALL_KEYS)
    assert {word for tool in TOOLS for word in tool.known_judgements} == set(SYMBOLS)
    assert {*SYMBOLS.values(), RING} == set(DISCS)
    for tool in TOOLS:
        symbols = [SYMBOLS[word] for word in tool.known_judgements]
        assert len(set(symbols)) == len(symbols)


def test_symbols_can_be_read_on_their_discs() -> None:
    for symbol in set(SYMBOLS.values()):
        paint = DISCS[symbol]
        dark, light = sorted((luminance(paint.face), luminance(TONES[paint.tone])))
        # WCAG 2.1 asks 4.5 of small text.
        assert (light + 0.05) / (dark + 0.05) >= 4.5, symbol


def test_the_worse_is_darker_in_black_and_white() -> None:
    for tool in TOOLS:
        faces = [luminance(DISCS[SYMBOLS[word]].face) for word in tool.judgements]
        assert all(milder > 1.3 * worse for milder, worse in itertools.pairwise(faces))


@pytest.mark.parametrize("kind", BLIND)
def test_colours_differ_for_the_colour_blind(kind: str) -> None:
    seen = {
        symbol: lab(np.array(BLIND[kind]) @ linear(paint.face))
        for symbol, paint in DISCS.items()
        if symbol in ("+", "–", "×", "!")
    }
    for (one, a), (other, b) in itertools.combinations(seen.items(), 2):
        # A difference of 10 is seen at a glance; 20 leaves room for printers.
        assert np.linalg.norm(a - b) > 20, (one, other)


def test_one_tool_shows_its_domains_under_its_name(answers: Answers) -> None:
    layout = laid_out(answers["judged"]())
    columns = [column for column in layout.columns if column.key in BIAS_KEYS]
    assert [column.heading for column in columns] == ["D1", "D2", "D3", "D4", "D5", "D6", "D7", "All"]
    assert {column.spanner for column in columns} == {"Risk of bias, ROBINS-I"}
    assert {column.place for column in columns} == {"after"}
    shown = ["".join(line.cells[column.key] for column in columns) for line in layout.rows]
    assert shown == ["++++++++", "–++–○○○–", "×+–?+++×", "!!+×?+–!", "?○○○○○○?", "×○○○○○○○", "○○○○○○○○"]


def test_what_was_not_judged_is_never_low(answers: Answers) -> None:
    answer = answers["judged"]()
    for row in answer.rows:
        cells = bias_cells(row, bias_tools(answer.rows))
        judged = {one.domain for found in row.risk_of_bias for one in found.domains if one.judgement}
        rings = [key for key in DOMAIN_KEYS if cells[key] == RING]
        assert len(rings) == 7 - len(judged)


def test_two_tools_show_what_they_say_overall(answers: Answers) -> None:
    layout = laid_out(answers["judged_by_two"](), "default", COLUMNS)
    columns = [column for column in layout.columns if column.key in BIAS_KEYS]
    assert [column.heading for column in columns] == ["ROBINS-I", "RoB 2"]
    assert {column.spanner for column in columns} == {"Risk of bias, overall"}
    shown = ["".join(line.cells[column.key] for column in columns) for line in layout.rows]
    assert shown == ["×○", "○–", "×–", "○×", "○○"]
    note = layout.footnotes[-1].text.replace("\u00a0", " ")
    assert note == (
        "Risk of bias over all domains. ROBINS-I: × serious. RoB 2: – some concerns; × high. "
        "Empty ring: not judged. A row with rings alone: nobody assessed its comparison."
    )


def test_the_note_names_domains_and_the_symbols_that_occur(answers: Answers) -> None:
    answer = answers["judged"]()
    note = laid_out(answer).footnotes[-1].text.replace("\u00a0", " ")
    assert note.startswith("Risk of bias by ROBINS-I: D1 confounding; D2 selection of participants; D3 ")
    assert "+ low; – moderate; × serious; ! critical; ? no information. Empty ring: not judged." in note
    few = replace(answer, rows=answer.rows[:1])
    note = laid_out(few).footnotes[-1].text.replace("\u00a0", " ")
    assert note.endswith("D7 selection of the reported result. + low.")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_only_revman_shows_them_unasked_and_only_where_there_are_any(answers: Answers, layout: str) -> None:
    def shown(answer: Answer) -> bool:
        found = laid_out(answer, layout)
        assert any("Risk of bias" in note.text for note in found.footnotes) == any(
            line.bias for line in found.lines
        )
        return any(column.key in BIAS_KEYS for column in found.columns)

    assert shown(answers["judged"]()) == (layout == "revman")
    assert not shown(answers["clipped"]())


def test_the_description_says_each_row_overall(answers: Answers) -> None:
    said = laid_out(answers["judged"]()).description
    assert "study-003, Operated vs not operated" in said
    assert "risk of bias by ROBINS-I critical overall" in said
    assert "study-006" in said.partition("risk of bias not judged")[0]
    two = answers["judged_by_two"]()
    assert bias_words(two.rows[0], bias_tools(two.rows)) == (
        "risk of bias by ROBINS-I serious, by RoB 2 not judged overall"
    )
    assert "risk of bias" not in laid_out(answers["judged"](), "default").description


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_symbol_is_text_in_the_middle_of_its_disc(answers: Answers, layout: str) -> None:
    answer = answers["judged"]()
    page = place_forest(laid_out(answer, layout, COLUMNS))
    assert len(page.discs) == 8 * len(answer.rows)
    symbols = [text for text in page.texts if text.text in SYMBOLS.values() and text.align == "center"]
    assert len(symbols) == sum(disc.face != DISCS[RING].face for disc in page.discs)
    for text in symbols:
        (disc,) = [d for d in page.discs if d.x == text.x and abs(d.y - text.y) < d.radius]
        assert disc.face == DISCS[text.text].face
    for one, other in itertools.combinations(page.discs, 2):
        assert np.hypot(one.x - other.x, one.y - other.y) > 2 * one.radius
    figure = forest(answer, layout=layout, columns=COLUMNS)
    drawn = [a.get_text() for a in figure.get_children() if isinstance(a, Text)]
    assert sum(text in SYMBOLS.values() for text in drawn) == len(symbols)
    (layer,) = [artist for artist in figure.get_children() if artist.get_label() == "discs"]
    assert len(layer.get_paths()) == len(page.discs)


def test_without_a_judgement_there_is_nothing_to_show(answers: Answers) -> None:
    with pytest.raises(UsageError, match=r"add risk_of_bias: with - \{tool: ROBINS-I, overall: serious\}"):
        forest(answers["clipped"](), columns=COLUMNS)
    with pytest.raises(UsageError, match="no comparisons of two groups"):
        forest(answers["proportions"](), columns=COLUMNS)
    with pytest.raises(UsageError, match="has nothing to show"):
        forest(evisynth.pool([0.1, 0.2], [0.04, 0.09]), columns=COLUMNS)
    with pytest.raises(UsageError, match="cannot come first"):
        forest(answers["judged"](), columns="risk_of_bias,plot,effect")


def test_weights_and_estimates_do_not_change(answers: Answers) -> None:
    judged = answers["judged"]()
    bare = replace(judged, rows=tuple(replace(row, risk_of_bias=()) for row in judged.rows))
    with_discs, without = laid_out(judged), laid_out(bare)
    for line, plain in zip(with_discs.lines, without.lines, strict=True):
        assert line.mark == plain.mark
        assert {k: v for k, v in line.cells.items() if k not in BIAS_KEYS} == dict(plain.cells)
