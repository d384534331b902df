from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from evisynth.figures import FAMILY, clean_text, families_for, missing_glyphs_note, text_width, wrap_text


def test_width_agrees_with_matplotlib() -> None:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    text = "Liver metastases resected, n = 80"
    drawn, _, _ = TextToPath().get_text_width_height_descent(
        text, FontProperties(family=FAMILY, size=8), ismath=False
    )
    # Kerning and the bearings of the first and last glyph are not in a sum of advances.
    assert text_width(text, 8) == pytest.approx(drawn, rel=0.02)


@given(text=st.text(max_size=120), width=st.floats(20, 200))
def test_wrapping_loses_nothing_and_stays_within(text: str, width: float) -> None:
    clean = clean_text(text)
    lines = wrap_text(clean, width, 8)
    assert "".join(lines).replace(" ", "") == clean.replace(" ", "")
    for line in lines:
        assert text_width(line, 8) <= width or len(line) == 1


def test_words_stay_whole_where_they_can() -> None:
    assert wrap_text("one two three", text_width("one two", 8) + 0.1, 8) == ["one two", "three"]


def test_a_long_word_breaks_after_its_hyphen() -> None:
    width = text_width("parenchyma-spari", 8)
    assert wrap_text("parenchyma-sparing-debulking", width, 8)[0] == "parenchyma-"


def test_no_break_spaces_hold() -> None:
    text = "I² = 34% τ²\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}0.12"
    assert wrap_text(text, text_width("I² = 34% τ² =", 8), 8) == [
        "I² = 34%",
        "τ²\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}0.12",
    ]


@given(text=st.text())
def test_clean_text_fits_any_file(text: str) -> None:
    clean = clean_text(text + "\x00\n\ud800")
    clean.encode("utf-8")
    assert not any(character in clean for character in "\x00\n\r\t\ud800")


def test_our_family_comes_first_and_alone_for_latin_and_greek() -> None:
    assert families_for("Resected τ² ≥ 70% – Łódź Ελλάς Ёж") == [FAMILY]
    assert families_for("肝臓")[0] == FAMILY


def test_a_glyph_that_no_font_has_is_one_clear_note() -> None:
    # Private-use and unassigned code points: no font is meant to have them.
    (note,) = missing_glyphs_note(["plain", "\U000e0fff here", "and \U000e0fff there"])
    assert note.startswith("no installed font has ") and note.count("U+E0FFF") == 1
    assert "boxes in PNG and PDF" in note
    (many,) = missing_glyphs_note(["".join(chr(0xE0F00 + i) for i in range(9))])
    assert "and 4 more" in many


@given(text=st.text(alphabet="abcxyz ÄÖÜß≥τ²Łğ–Ελ", max_size=30))
def test_what_our_font_has_needs_no_note(text: str) -> None:
    assert missing_glyphs_note([text]) == ()
