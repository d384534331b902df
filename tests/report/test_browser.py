"""The report in a real browser: found in few clicks, read by keyboard, on a phone, in the dark, on paper.

Without Chromium all of it is skipped, and the summary of pytest says so.
"""

from __future__ import annotations

import os
import re
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evisynth.database import ProjectFiles
from evisynth.pipeline import Evidence

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

#: Chromium has no sandbox for root; nothing here leads out of the machine.
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
KINDS = (
    "index.html", "studies.html", "map.html", "figures.html", "words.html", "since.html",
    "questions/surgery-extent-overall-survival.html", "studies/midgut-debulking.html",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    named = (os.environ.get("EVISYNTH_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, filter(None, named))), None)
    if path is None:
        pytest.skip("pages were tried in NO BROWSER, for want of Chromium: sudo apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def report(browser: Browser, five_studies: ProjectFiles, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser") / "project"
    shutil.copytree(five_studies.folder, folder)
    return Evidence(folder).write_report(folder / "report")[0].parent


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Look at pages, and fail when one complained or asked for anything beyond its folder."""
    context = browser.new_context()
    complaints: list[str] = []
    context.on("console", lambda message: complaints.append(message.text))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on(
        "request",
        lambda asked: None if asked.url.startswith(("file:", "data:")) else complaints.append(asked.url),
    )
    yield context
    context.close()
    assert complaints == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def go(page: Page, report: Path, place: str) -> None:
    page.goto((report / place).as_uri())


def test_what_comes_of_it_stands_on_the_opening(page: Page, report: Path) -> None:
    go(page, report, "index.html")  # no click
    topic = page.get_by_role("region", name="Resection against no resection")
    answer = topic.get_by_role("article").first
    assert re.search(r"Not known\. One usable comparison.*hazard ratio 0\.75", answer.inner_text(), re.DOTALL)
    assert "Certainty very low: " in answer.inner_text()
    assert answer.locator("svg.interval").first.is_visible()


def test_a_number_leads_to_its_print_and_formula(page: Page, report: Path) -> None:
    go(page, report, "index.html")
    page.get_by_role("link", name="More against less surgery, overall survival").last.click()
    page.locator("tr.evidence summary").first.click()  # the second click
    panel = page.locator("tr.evidence .explained").first
    assert panel.is_visible()
    assert panel.locator(".inputs q").first.is_visible() and panel.locator(".formula").first.is_visible()
    panel.locator(".inputs a").first.click()  # and the third leads to the line of the study file
    assert page.locator("tr:target, li:target").first.is_visible()


def test_the_panel_says_what_explain_says(page: Page, report: Path) -> None:
    evidence = Evidence(report.parent)
    rows = evidence.explain("surgery-extent-overall-survival").rows
    go(page, report, "questions/surgery-extent-overall-survival.html")
    panels = page.locator("tr.evidence .explained").all()
    assert len(panels) == len(rows) > 2
    for panel, row in zip(panels, rows, strict=True):
        said = " ".join((panel.text_content() or "").split())
        told = [row.verdict, *row.standing.assumptions, *row.standing.downgrades, *row.risk_of_bias]
        told += [one.effect for one in row.standing.sensitivity]
        told += [row.division or "", row.standing.reason or "", row.standing.words]
        for part in told:
            assert " ".join(part.split()) in said
        for equation in row.standing.equations:
            assert " ".join(equation.with_numbers.split()) in said
        for figure in row.standing.inputs:
            assert figure.as_reported in said and figure.source_location in said


def test_what_a_study_reports_is_two_clicks_away(page: Page, report: Path) -> None:
    go(page, report, "index.html")
    page.get_by_role("link", name="Studies", exact=True).click()
    page.get_by_role("rowheader", name="midgut-debulking").get_by_role("link").click()
    assert page.get_by_role("cell", name="151 months").first.is_visible()


def test_who_reports_survival_at_five_years_is_two_choices_away(page: Page, report: Path) -> None:
    go(page, report, "index.html")
    page.get_by_role("link", name="Every figure").click()
    page.get_by_label("Statistic").select_option("survival at 5 years")
    shown = page.locator("#explorer tbody tr:visible").all()
    assert len(shown) > 3
    assert all("survival at 5 years" in row.inner_text() for row in shown)
    assert page.locator("output").inner_text().startswith(f"{len(shown)} of ")
    page.get_by_label("Search").fill("no such word")
    assert page.locator("#explorer tbody tr:visible").count() == 0


def test_figures_are_sorted_by_the_keyboard_alone(page: Page, report: Path) -> None:
    go(page, report, "figures.html")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('th')?.textContent") == "As printed":
            break
    for order, turned in (("ascending", False), ("descending", True)):
        page.keyboard.press("Enter")
        head = page.locator("th[aria-sort]")
        assert head.get_attribute("aria-sort") == order
        cells = page.locator("#explorer tbody tr td:nth-child(5)").all_inner_texts()
        # Equal texts may stand in any order among themselves: only neighbours the wrong way round are wrong.
        steps = page.evaluate(
            """texts => { const c = new Intl.Collator("en", {numeric: true});
            return texts.slice(1).map((text, place) => c.compare(texts[place].trim(), text.trim())) }""",
            cells,
        )
        assert any(steps) and all(step >= 0 if turned else step <= 0 for step in steps)


@pytest.mark.parametrize("width", [320, 375, 1440])
def test_no_page_is_wider_than_its_window(page: Page, report: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for place in KINDS:
        go(page, report, place)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, report: Path, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    # The one script that is not of the page itself, so that its policy is set aside here.
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    for place in KINDS:
        go(page, report, place)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        # By night only colours differ.
        found = Axe().run(page, options={"runOnly": ["color-contrast"]} if scheme == "dark" else None)
        assert found.violations_count == 0, f"{place}: {found.generate_report()}"
    context.close()


@pytest.mark.parametrize("place", KINDS)
def test_no_printed_page_is_empty(page: Page, report: Path, place: str) -> None:
    go(page, report, place)
    sheets = _sheets(page.pdf(format="A4"))
    assert sheets and all(shown > 20 for shown in sheets), sheets


def _sheets(pdf: bytes) -> list[int]:
    """Count what is written on each sheet: operators that show text, or draw paths."""
    objects = dict(re.findall(rb"(?:^|\n)(\d+) 0 obj\n?(.*?)endobj", pdf, re.DOTALL))
    shown = []
    for body in objects.values():
        if re.search(rb"/Type /Page\b(?!s)", body):
            (number,) = re.findall(rb"/Contents (\d+) 0 R", body)
            stream = objects[number].split(b"stream", 1)[1].strip(b"\r\n").rsplit(b"endstream", 1)[0]
            content = zlib.decompressobj().decompress(stream)
            shown.append(len(re.findall(rb"\b(?:Tj|TJ|f|S|Do)\b", content)))
    return shown
