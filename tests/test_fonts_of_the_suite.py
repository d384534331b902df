"""The suite knows every font that it opens; `conftest.py` asks at the end of each process that runs tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest
from font_list import TEST_FAMILY, foreign_fonts, installed, make_font, opened_fonts

from evisynth.figures import families_for, text_width

SHIPPED = Path(matplotlib.get_data_path(), "fonts").resolve()
MIXED = "対照群 of 40 patients"


def test_fonts_that_were_opened_are_known_and_none_is_from_elsewhere(test_font: Path) -> None:
    with installed(test_font):
        assert TEST_FAMILY in families_for(MIXED)
        text_width(MIXED, 8)
    assert {SHIPPED / "ttf" / "DejaVuSans.ttf", test_font.resolve()} <= set(opened_fonts)
    assert foreign_fonts(test_font) == {}


@pytest.mark.parametrize("where", ["of the machine", "shipped, and not DejaVu"])
def test_another_font_is_told_with_its_test(
    where: str, test_font: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if where == "of the machine":
        other = make_font(tmp_path / "Foreign.ttf")
        with installed(other):
            text_width(MIXED, 8)
    else:
        other = SHIPPED / "ttf" / "STIXGeneral.ttf"
        other.read_bytes()
    assert foreign_fonts(test_font) == {str(other): f"{request.node.nodeid} (call)"}
    opened_fonts.pop(other)  # or this test would be told of at the end


def test_nor_does_a_process_that_a_test_starts_know_another() -> None:
    code = (
        "from matplotlib.font_manager import fontManager as listed\n"
        "print(*(entry.fname for entry in listed.ttflist), sep='|')"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    listed = {Path(name).resolve() for name in run.stdout.strip().split("|")}
    assert listed and all(font.is_relative_to(SHIPPED) for font in listed)
