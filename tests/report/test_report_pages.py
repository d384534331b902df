"""A folder of pages: every link leads to a place that is there, and each needs nothing else."""

from __future__ import annotations

import hashlib
import posixpath
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from evisynth.errors import ProjectError
from evisynth.figures import NaturalInterval
from evisynth.measures import measure_named
from evisynth.report import Links, ReportContent, interval_picture, picture_axis, render_pages, write_report

_ID = re.compile(r'\sid="([^"]+)"')
_HREF = re.compile(r'<a [^>]*href="([^"]*)"')


@pytest.fixture
def pages(content: ReportContent) -> Mapping[str, str]:
    first = replace(content.studies[0], label="First 2016", file_text="id: s1\n" * 12 + "<b>: no\n")
    return render_pages(replace(content, studies=(first, *content.studies[1:])))


def test_there_is_a_page_a_question_and_a_study(pages: Mapping[str, str]) -> None:
    assert next(iter(pages)) == "index.html"
    assert {
        "questions/resection.html",
        "questions/one-row.html",
        "studies/s1.html",
        "studies/s4.html",
    } <= set(pages)


def test_every_link_between_pages_leads_to_a_place(pages: Mapping[str, str]) -> None:
    ids = {place: set(_ID.findall(text)) for place, text in pages.items()}
    checked = 0
    for place, text in pages.items():
        for link in _HREF.findall(text):
            if link.startswith("https://"):
                continue
            file, _, anchor = link.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(place), file)) if file else place
            assert target in pages, (place, link)
            assert not anchor or anchor in ids[target], (place, link)
            checked += 1
    assert checked > 100


def test_a_row_leads_to_its_print_and_a_study_back_to_the_row(pages: Mapping[str, str]) -> None:
    question, study = pages["questions/resection.html"], pages["studies/s1.html"]
    assert 'href="../studies/s1.html#at-studies-s1-yaml-12"' in question
    assert '<div id="row-resection-1" class="explained">' in question
    assert 'href="../questions/resection.html#row-resection-1"' in study
    assert 'href="#study-s1-line-12"' in study and 'id="study-s1-line-12"' in study
    assert "&lt;b&gt;: no" in study


def test_a_study_has_its_name_everywhere(pages: Mapping[str, str]) -> None:
    for place in ("index.html", "studies.html", "map.html", "figures.html"):
        assert ">s1<" not in pages[place]
    assert 'href="studies/s1.html">First 2016<' in pages["studies.html"]


def test_the_only_script_is_allowed_by_its_hash(pages: Mapping[str, str]) -> None:
    for place, text in pages.items():
        scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
        assert len(scripts) == (place == "figures.html")
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
        assert policy is not None and policy[1].startswith("default-src 'none'; ")
        for script in scripts:
            digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert policy[1].endswith(f"; script-src 'sha256-{digest}'")
        if not scripts:
            assert "script-src" not in policy[1]


def test_outcomes_that_nobody_reports_are_shown(content: ReportContent) -> None:
    term = replace(content.definitions[0], id="quality_of_life", label="Quality of life")
    text = render_pages(replace(content, definitions=(*content.definitions, term)))["map.html"]
    row = text[text.index("Quality of life") :].split("</tr>")[0]
    assert row.count("no study") == 2


def test_nothing_is_written_through_a_link(content: ReportContent, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "studies").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ProjectError, match="is a link"):
        write_report(content, tmp_path / "report")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_one_file_is_one_file(content: ReportContent, tmp_path: Path) -> None:
    write_report(content, tmp_path, single_file=True)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_a_picture_shows_what_lies_beyond_its_axis_as_an_arrow() -> None:
    ratio = measure_named("hazard_ratio")
    axis = picture_axis(ratio, [])
    # A tenth to ten times, logarithmic, 8 to 232 of 240: no effect stands in the middle.
    assert [axis.place(value) for value in (0.1, 1.0, 10.0, 0.0, float("inf"))] == [8, 120, 232, 8, 232]
    held = interval_picture(NaturalInterval(1.0, 0.5, 2.0), axis, "as <said>")
    assert "arrow" not in held and "as &lt;said&gt;" in held
    wide = interval_picture(NaturalInterval(1.0, 0.01, None), axis, "")
    assert wide.count("arrow") == 2
    assert 'class="point"' not in interval_picture(NaturalInterval(None, None, 0.5), axis, "")


def test_a_line_without_a_figure_is_shown_in_the_file() -> None:
    links = Links("../", studies={"s1"}, anchors={"at-studies-s1-yaml-12"}, files={"s1"})
    assert links.figure("studies/s1.yaml:12") == "../studies/s1.html#at-studies-s1-yaml-12"
    assert links.figure("studies/s1.yaml:3") == "../studies/s1.html#study-s1-line-3"
    assert links.figure("studies/s2.yaml:3") == ""
    assert replace(links, root=None).figure("studies/s1.yaml:3") == "#study-s1-line-3"
