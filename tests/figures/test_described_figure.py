from __future__ import annotations

import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from evisynth.answers import Answer
from evisynth.errors import ProjectError, UsageError
from evisynth.figures import LAYOUTS, forest, forest_rows, png_bytes, save_figure, svg_bytes
from evisynth.synthesis import PooledResult, pool

Answers = dict[str, Callable[[], Answer]]
SVG = "{http://www.w3.org/2000/svg}"


def test_every_plot_is_sound_xml_with_its_text_as_text(any_answer: Answer) -> None:
    root = ElementTree.fromstring(svg_bytes(forest(any_answer)))
    words = [element.text or "" for element in root.iter(f"{SVG}text")]
    assert "Study" in words
    assert root.get("role") == "img"
    title, description = root[0], root[1]
    assert (title.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text
    assert (description.text or "").startswith("Forest plot with ")


def test_svg_has_no_date_no_version_and_two_decimals(answers: Answers) -> None:
    svg = svg_bytes(forest(answers["exploratory"]())).decode()
    assert "matplotlib" not in svg.casefold()
    assert "<dc:date>" not in svg
    geometry = re.findall(r' (?:d|x|y|width|height|viewBox|transform)="([^"]*)"', svg)
    assert len(geometry) > 100
    assert not [text for text in geometry if re.search(r"\.\d{3}", text)]


def test_svg_is_the_same_in_another_process(answers: Answers, tmp_path: Path) -> None:
    code = f"""
import importlib.util
spec = importlib.util.spec_from_file_location("fixtures", {str(Path(__file__).with_name("conftest.py"))!r})
fixtures = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fixtures)
from evisynth.figures.forest_plot.draw import forest
from evisynth.figures.described_figure import save_figure
import sys
save_figure(forest(fixtures.exploratory()), {str(tmp_path / "other.svg")!r})
heavy = {{"pandas", "scipy.stats", "scipy.optimize", "duckdb", "matplotlib.pyplot"}} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "7"},
    )
    assert (tmp_path / "other.svg").read_bytes() == svg_bytes(forest(answers["exploratory"]()))


def test_drawing_again_changes_nothing(answers: Answers) -> None:
    figure = forest(answers["medians"]())
    assert svg_bytes(figure) == svg_bytes(figure) == svg_bytes(forest(answers["medians"]()))


def test_fonts_fall_back_where_ours_is_not_installed(answers: Answers) -> None:
    svg = svg_bytes(forest(answers["hostile"]())).decode()
    families = set(re.findall(r"font-family: ([^;\"]*)", svg))
    assert families == {"'DejaVu Sans', 'Bitstream Vera Sans', Verdana, Arial, sans-serif"}


def test_marks_of_notes_stand_inside_the_text_that_carries_them(answers: Answers) -> None:
    figure = forest(answers["exploratory"]())
    marked = [line for line in forest_rows(answers["exploratory"]()).lines if line.note_marks]
    root = ElementTree.fromstring(svg_bytes(figure))
    carrying = [text for text in root.iter(f"{SVG}text") if len(text)]
    assert marked and len(carrying) == len(marked)
    for text, line in zip(carrying, marked, strict=True):
        (mark,) = text
        assert (mark.tag, mark.text, mark.tail) == (f"{SVG}tspan", line.note_marks, None)
        assert text.text and line.cells["study"].endswith(text.text)
        # Raised, and where the text ends in whatever font: no place of its own.
        assert float(mark.attrib["dy"]) < 0 < float(mark.attrib["dx"]) and not {"x", "y"} & mark.attrib.keys()


def test_marks_after_numbers_keep_their_place(answers: Answers) -> None:
    svg = svg_bytes(forest(answers["exploratory"](), columns="n,study,plot,effect")).decode()
    assert "<tspan" not in svg


def test_two_plots_in_one_page_share_no_title_id(answers: Answers) -> None:
    ids = {
        re.findall(r'title id="([^"]*)"', svg_bytes(forest(answers[n]())).decode())[0]
        for n in ("medians", "clipped")
    }
    assert len(ids) == 2


def test_pdf_embeds_truetype_and_has_no_date(answers: Answers, tmp_path: Path) -> None:
    path = save_figure(forest(answers["exploratory"]()), tmp_path / "plot.pdf")
    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    assert b"/FontFile2" in content and b"/Subtype /Type3" not in content
    assert b"CreationDate" not in content and b"atplotlib" not in content
    assert content == save_figure(forest(answers["exploratory"]()), tmp_path / "again.pdf").read_bytes()


def test_png_has_300_dots_per_inch_and_its_words(bcg_result: PooledResult, tmp_path: Path) -> None:
    figure = forest(bcg_result, title="BCG")
    with Image.open(save_figure(figure, tmp_path / "plot.PNG", stamp="abc123")) as image:
        width, height = figure.get_size_inches()
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)  # PNG keeps dots per metre
        assert image.size == pytest.approx((300 * width, 300 * height), abs=1)  # whole pixels
        assert image.info["Title"] == "BCG"
        assert image.info["Description"] == figure.description
        assert image.info["Identifier"] == "abc123"
        assert "Software" not in image.info


@pytest.fixture(scope="module")
def two_rows() -> PooledResult:
    """A result whose plot is small."""
    return pool([-0.5, 0.1], [0.04, 0.02], effect_measure="RR")


def pixels(figure: Figure) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(png_bytes(figure))) as image:
        return np.asarray(image.convert("RGBA"))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_png_is_drawn_in_our_settings_whatever_the_users(layout: str, two_rows: PooledResult) -> None:
    usual = pixels(forest(two_rows, title="BCG", layout=layout))
    theirs = {"font.family": ["serif"], "savefig.transparent": True, "path.sketch": (1, 100, 2)}
    with matplotlib.rc_context(theirs):
        assert np.array_equal(pixels(forest(two_rows, title="BCG", layout=layout)), usual)
    assert usual[..., 3].min() == 255 and usual[0, 0].tolist() == [255] * 4 and usual.min() < 64


# Where the page is not a whole number of pixels, the last part of one is left out.
@pytest.mark.parametrize("size", [(1, 1), (2.345678, 1.98765), (1.0033, 0.9999999), (0.01, 3)])
def test_a_page_of_any_size_can_be_saved(size: tuple[float, float]) -> None:
    figure = Figure(figsize=size)
    figure.text(0.2, 0.4, "τ² = 0.1", color="#2255aa")
    assert pixels(figure).shape == (int(300 * size[1]), int(300 * size[0]), 4)


@pytest.mark.parametrize("title", ["plain", "Größe, 5 m²", "τ² = 0.12 – “wide”", "生存率 🙂", "word " * 999])
def test_a_png_keeps_its_words_in_every_script(title: str, two_rows: PooledResult) -> None:
    figure = forest(two_rows, title=title)
    with Image.open(io.BytesIO(png_bytes(figure))) as image:
        assert image.info["Title"] == figure.title_text == title.strip()
        assert image.info["Description"] == figure.description


def test_white_paper_takes_no_room_in_a_png() -> None:
    # 25 million bytes of white; packing harder would make less of them, and more of a plot.
    assert len(png_bytes(Figure(figsize=(10, 7)))) < 150_000


def test_a_page_that_can_be_seen_through_stays_so() -> None:
    figure = Figure(figsize=(1, 1))
    figure.patch.set_alpha(0.5)
    assert set(np.unique(pixels(figure)[..., 3])) == {128}


def test_the_resolution_of_a_figure_is_as_it_was_before_it_was_saved(bcg_result: PooledResult) -> None:
    figure = forest(bcg_result)
    before = figure.dpi, figure.canvas
    png_bytes(figure)
    assert (figure.dpi, figure.canvas) == before


def test_the_stamp_goes_into_the_file(bcg_result: PooledResult, tmp_path: Path) -> None:
    figure = forest(bcg_result)
    svg = save_figure(figure, tmp_path / "plot.svg", stamp="abc123").read_text(encoding="utf-8")
    assert "<dc:identifier>abc123</dc:identifier>" in svg
    assert b"abc123" in save_figure(figure, tmp_path / "plot.pdf", stamp="abc123").read_bytes()


@pytest.mark.parametrize("name", ["plot.jpg", "plot", "plot.svg.gz", "plot.docx"])
def test_an_unknown_kind_names_the_three(name: str, bcg_result: PooledResult, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"use \.svg, \.pdf or \.png"):
        save_figure(forest(bcg_result), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_said_plainly(bcg_result: PooledResult, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="is its folder there"):
        save_figure(forest(bcg_result), tmp_path / "missing" / "plot.svg")
    (tmp_path / "taken.svg").mkdir()
    with pytest.raises(ProjectError, match="taken"):
        save_figure(forest(bcg_result), tmp_path / "taken.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["taken.svg"]


def test_any_figure_can_be_saved(tmp_path: Path) -> None:
    svg = save_figure(Figure(), tmp_path / "plain.svg").read_text(encoding="utf-8")
    assert "<title" in svg


def test_a_figure_shows_itself_in_notebooks(answers: Answers) -> None:
    figure = forest(answers["resection"]())
    words = ElementTree.fromstring(figure._repr_svg_()).itertext()
    assert "Study" in words


def test_a_path_that_cannot_be_is_said_plainly(bcg_result: PooledResult, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for name in ("file/plot.svg", f"{'n' * 300}.svg", "null\0.svg"):
        with pytest.raises(ProjectError, match="cannot write"):
            save_figure(forest(bcg_result), tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_name_may_be_as_long_as_names_may_be(bcg_result: PooledResult, tmp_path: Path) -> None:
    longest = tmp_path / f"{'n' * 251}.svg"  # 255 characters
    assert save_figure(forest(bcg_result), longest) == longest
    assert list(tmp_path.iterdir()) == [longest]
