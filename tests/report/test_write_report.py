"""The page: complete, self-contained, the same each time, and every link in it leads somewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from evisynth.errors import Finding
from evisynth.report import (
    Fact,
    Overview,
    QuestionContent,
    ReportContent,
    render_pages,
    render_report,
    write_report,
)

VOID = {"meta", "br", "hr", "img", "input", "link", "col", "use", "path", "rect"}


class Page(HTMLParser):
    """Tags with their attributes, and a check that they nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def attributes(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


@pytest.fixture
def page(content) -> Page:
    return Page(render_report(content))


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.split("</style>", 1)[1]).split())


def test_tags_nest_and_ids_are_unique(page) -> None:
    assert page.open == []
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))


def test_every_link_within_the_page_leads_somewhere(page) -> None:
    ids = set(page.attributes("id"))
    links = [
        link[1:] for name in ("href", "xlink:href") for link in page.attributes(name) if link.startswith("#")
    ]
    assert len(links) > 10
    assert [link for link in links if link not in ids] == []
    named = [name for attr in ("aria-labelledby", "aria-describedby") for name in page.attributes(attr)]
    assert [part for name in named for part in name.split() if part not in ids] == []


def test_nothing_is_fetched_from_elsewhere(page) -> None:
    assert page.attributes("src") == []
    assert {tag for tag, _ in page.tags} & {"link", "iframe", "img"} == set()
    assert [attrs for tag, attrs in page.tags if tag == "script"] == [{}]  # inline, see test_report_pages.py
    away = [(tag, attrs["href"]) for tag, attrs in page.tags if (attrs.get("href") or "#")[0] != "#"]
    assert set(away) == {("a", "https://doi.org/10.1000/xyz")}


def test_the_style_fetches_nothing(content) -> None:
    style = render_report(content).split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    assert "&#" not in style  # autoescape must leave quotes of the style alone


def test_tables_are_readable_without_seeing_them(page) -> None:
    tables = sum(tag == "table" for tag, _ in page.tags)
    assert tables == sum(tag == "caption" for tag, _ in page.tags)
    assert all(attrs.get("scope") for tag, attrs in page.tags if tag == "th")


def test_scrolling_parts_can_be_reached_by_keyboard(page) -> None:
    scrolling = [attrs for _, attrs in page.tags if "scroll" in (attrs.get("class") or "")]
    assert scrolling
    assert all(attrs["tabindex"] == "0" and attrs["aria-label"] for attrs in scrolling)


def test_texts_are_escaped(content) -> None:
    html = render_report(content)
    assert "Evidence on &lt;operations&gt;" in html
    assert "Series s1 &lt;b&gt;of&lt;/b&gt; operations" in html
    assert "Resection &amp; survival" in html


def test_the_overview_tells_estimate_and_refusal(content) -> None:
    opening = text_of(render_pages(content)["index.html"])
    # Four log hazard ratios of equal precision: their mean is -0.425, and exp(-0.425) is 0.65.
    assert re.search(r"4 usable results of 4 studies, 468 patients: hazard ratio 0\.65 \(0\.\d\d", opening)
    single = "in one study. One usable comparison, 117 patients: hazard ratio 0.61 (0.37 to 0.99)"
    assert single in opening


def test_the_only_row_is_called_by_the_label_of_its_study(content) -> None:
    questions = tuple(
        replace(
            one,
            answer=replace(
                one.answer, rows=tuple(replace(r, study_label="Series 1") for r in one.answer.rows)
            ),
        )
        for one in content.questions
    )
    page = render_pages(replace(content, questions=questions))["questions/one-row.html"]
    assert 'href="../studies/s1.html">Series 1</a>' in page


def test_a_row_can_be_followed_to_the_print(content) -> None:
    text = text_of(render_report(content))
    for part in (
        "Hazard ratio with its interval, as printed",
        "hazard ratio: 0.62 (95% CI 0.41 to 0.94) , table 2 studies/s1.yaml:12",
        "Assumed Hazards are proportional.",
        "Marked down Rounding is coarse.",
        "Rounding The printed digits allow 0.58 to 0.64.",
        "Other ways to the effect of the same patients X Medians of both groups Why not No medians.",
        "Left out: left-out-study it is an earlier report",
        "Overlaps with s2 (possible): Same years.",
        "warning parts exceed the whole studies/s1.yaml:9",
    ):
        assert part in text, part


def test_a_figure_links_to_its_line_in_the_study_table(content) -> None:
    html = render_report(content)
    assert '<tr id="at-studies-s1-yaml-12">' in html
    assert 'href="#at-studies-s1-yaml-12">studies/s1.yaml:12</a>' in html


def test_what_a_p_value_compares_is_told(content, figure) -> None:
    def told(**changes) -> str:
        p_value = figure(statistic="p_value", as_reported="0.038", **changes)
        study = replace(
            content.studies[0], figures=(p_value,), compared_by={"studies/s1.yaml:12": "primary site"}
        )
        return text_of(render_report(replace(content, studies=(study,))))

    assert "Resected against N p-value" in told(compared_with=("N",))
    assert "Resected compared by primary site p-value" in told(compared_with=())
    assert "Resected against a group that is not named" in told(
        compared_with=(), file_location="studies/s1.yaml:13"
    )


def test_as_read_is_shown_only_where_it_differs(content, figure) -> None:
    years = figure(statistic="median", value=138.0, unit="months", ci_lower=None, ci_upper=None,
                   compared_with=None, as_reported="11.5 years")  # fmt: skip
    months = replace(years, as_reported="138 months")
    study = replace(content.studies[0], figures=(years, months))
    text = text_of(render_report(replace(content, studies=(study,))))
    assert "median 11.5 years 138 months 80 table 2 12" in text
    assert "median 138 months 80 table 2 12" in text


def test_a_link_that_is_no_web_address_is_plain_text(content) -> None:
    study = replace(content.studies[0], citation=(Fact("Page", "here", None, "javascript:alert(1)"),))
    html = render_report(replace(content, studies=(study,)))
    assert "javascript:" not in html


def test_an_exploratory_answer_says_so(content, answer, svg, question) -> None:
    explored = answer(-0.5, -0.2, -0.9, question=replace(question, minimum_grade="D"), grade="D")
    html = render_report(replace(content, questions=(QuestionContent(explored, svg),)))
    assert '<span class="exploratory">exploratory</span>' in html
    assert "Exploratory: grade D in every row." in html
    # It is not bold, as a firm answer is.
    assert html.count('<span class="estimate weak">') == 1
    assert '<span class="estimate">' not in html
    assert render_report(content).count('<span class="estimate">') == 1


def test_an_interval_that_says_nothing_is_told_beside_it(content, answer, svg, question) -> None:
    two = answer(-0.5, -0.2, question=replace(question, minimum_grade="D"))
    html = render_report(replace(content, questions=(QuestionContent(two, svg),)))
    assert html.count('<p class="interval-caution">The interval says next to nothing.</p>') == 1


def test_the_figures_of_a_study_stand_before_what_the_checks_say_of_them(content) -> None:
    html = render_report(content)
    study = html[html.index('id="study-s1"') :]
    assert study.index("What it reported") < study.index("What the checks found")


def test_blocks_are_told_one_by_one(content, answer, svg, question) -> None:
    blocks = answer(-0.5, -0.2, -0.9, question=replace(question, summary="by_row_group"))
    text = text_of(render_report(replace(content, questions=(QuestionContent(blocks, svg),))))
    assert "Resection &amp; survival All sites" not in text  # a single block needs no label
    assert "0.59 (95% CI" in text  # exp(-1.6 / 3)


def test_the_same_content_gives_the_same_bytes(content, tmp_path) -> None:
    first = write_report(content, tmp_path / "one" / "deep")
    second = write_report(content, tmp_path / "two")
    assert first.name == second.name == "index.html"
    assert first.read_bytes() == second.read_bytes()
    assert b"\r" not in first.read_bytes()
    assert str(tmp_path).encode() not in first.read_bytes()


def test_writing_again_replaces_the_page(content, tmp_path) -> None:
    page = write_report(content, tmp_path)
    page.write_text("old")
    assert write_report(content, tmp_path).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_an_empty_project_still_gives_a_page(content) -> None:
    html = render_report(replace(content, questions=(), studies=(), definitions=()))
    assert Page(html).open == []
    assert "0 questions" in text_of(html)


def test_plots_and_findings_on_all_studies_have_their_section(content: ReportContent) -> None:
    found = Finding("studies", 1, 1, "a-code", "note", "nobody <prints> it", "")
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><title>All</title></svg>'
    plot = Overview("evidence-map", "how much evidence there is", svg)
    text = render_report(replace(content, findings=(found,), overviews=(plot,), gallery=True))
    page = Page(text)
    assert "overview-evidence-map" in page.attributes("id")
    assert "gallery.html" in page.attributes("href")
    assert "Nobody &lt;prints&gt; it." in text
    assert "How much evidence there is" in text


def test_without_them_nothing_points_there(content: ReportContent) -> None:
    page = Page(render_report(content))
    assert not {"#overview", "gallery.html"} & set(page.attributes("href"))
