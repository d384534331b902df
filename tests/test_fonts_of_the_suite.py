"""The fonts that the whole suite opened; run after all other tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import matplotlib
from font_list import TEST_FAMILY, installed, opened_fonts

from evisynth.figures import families_for, text_width

SHIPPED = Path(matplotlib.get_data_path(), "fonts").resolve()


def test_no_font_was_used_but_dejavu_and_that_of_the_tests(test_font: Path) -> None:
    with installed(test_font):
        assert TEST_FAMILY in families_for("対照群 of 40 patients")
        text_width("対照群 of 40 patients", 8)
    foreign = [font for font in opened_fonts if not font.is_relative_to(SHIPPED)]
    assert sorted({font.name for font in foreign}) == [test_font.name], sorted(map(str, opened_fonts))
    shipped = {font.name for font in opened_fonts if font.is_relative_to(SHIPPED)}
    assert {name for name in shipped if not name.startswith(("DejaVu", "LastResort"))} == set()


def test_nor_does_a_process_that_a_test_starts_know_another() -> None:
    code = (
        "from matplotlib.font_manager import fontManager as listed\n"
        "print(*(entry.fname for entry in listed.ttflist), sep='|')"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    listed = {Path(name).resolve() for name in run.stdout.strip().split("|")}
    assert listed and all(font.is_relative_to(SHIPPED) for font in listed)
