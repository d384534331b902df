from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from font_list import TEST_FAMILY, installed
from hypothesis import HealthCheck, given, settings, strategies as st
from matplotlib import font_manager

from evisynth.figures import (
    FAMILY,
    clean_text,
    families_for,
    installed_fonts,
    missing_glyphs_note,
    quiet_about_glyphs,
    text_width,
    wrap_text,
)


@pytest.fixture
def fresh_list(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the machine says it has installed, where it is asked, beside a list that was written before."""
    files: list[str] = []
    monkeypatch.setattr(font_manager.fontManager, "ttflist", list(font_manager.fontManager.ttflist))
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: files)
    installed_fonts.forget()
    yield files
    installed_fonts.forget()


def drawn_width(text: str, bold: bool = False) -> float:
    """Measure a text of one point as matplotlib does where it draws it, all of it at once."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    weight = "bold" if bold else "normal"
    # Widths come in 64ths of a point: a hundred times larger, that is no matter.
    properties = FontProperties(family=families_for(text), size=100, weight=weight)
    with quiet_about_glyphs():
        width, _, _ = TextToPath().get_text_width_height_descent(text, properties, ismath=False)
    return width / 100


SCRIPTS = "ab AVTo. fi-ffj,üßŁτ² Ёж شبكة שלום 対照群 北京 \N{COMBINING ACUTE ACCENT}👩\N{ZERO WIDTH JOINER}"


@pytest.mark.usefixtures("each_font_list")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=SCRIPTS, max_size=40), bold=st.booleans())
def test_a_text_is_as_wide_as_matplotlib_draws_it(text: str, bold: bool) -> None:
    assert text_width(text, 1, bold) == pytest.approx(drawn_width(text, bold), abs=2e-3)


@pytest.mark.usefixtures("each_font_list")
@pytest.mark.parametrize("text", ["efficient office", "AV To", "العربية", "対照群", "n = 80, 北京", "", " "])
def test_ligatures_kerning_joins_and_boxes_count(text: str) -> None:
    assert text_width(text, 8) == pytest.approx(8 * drawn_width(text), abs=0.01)


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
    assert families_for("Resected τ² ≥ 70% – Łódź Ελλάς Ёж") == (FAMILY,)
    assert families_for("対照群") == (FAMILY,)


def test_an_installed_font_stands_in_for_what_ours_lacks(test_font: Path) -> None:
    (note,) = missing_glyphs_note(["対照群 👩"])
    assert "対 (U+5BFE)" in note
    with installed(test_font):
        assert families_for("τ 対照群") == (FAMILY, TEST_FAMILY)
        (note,) = missing_glyphs_note(["対照群 👩"])
    assert "対" not in note and "👩" in note


def test_a_font_installed_since_the_list_was_written_is_found(test_font: Path, fresh_list: list[str]) -> None:
    fresh_list.append(str(test_font))
    assert families_for("対照群") == (FAMILY, TEST_FAMILY)


def test_the_list_is_looked_up_afresh_once_and_only_where_a_glyph_is_missing(
    test_font: Path, fresh_list: list[str]
) -> None:
    assert families_for("Ёж") == (FAMILY,)
    assert families_for("対照群") == (FAMILY,)
    fresh_list.append(str(test_font))
    assert families_for("北京") == (FAMILY,)


def test_a_font_that_cannot_be_read_is_none(tmp_path: Path, fresh_list: list[str], test_font: Path) -> None:
    broken = tmp_path / test_font.name
    broken.write_bytes(b"no font")
    fresh_list.append(str(broken))
    assert families_for("対照群") == (FAMILY,)


@given(text=st.text(alphabet="abcxyz ÄÖÜß≥τ²Łğ–Ελ", max_size=30))
def test_what_our_font_has_needs_no_note(text: str) -> None:
    assert missing_glyphs_note([text]) == ()
