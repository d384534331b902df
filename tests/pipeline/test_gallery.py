"""The gallery: every layout and kind of plot is on it, drawn or with the reason why not."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from five_studies import FIVE_ANSWERED

from evisynth.errors import ProjectError
from evisynth.figures import KINDS, LAYOUTS
from evisynth.pipeline import gallery_sections
from evisynth.report import Picture, Section, bcg_trials, many_rows, render_gallery, write_gallery


@pytest.fixture(scope="module")
def sections() -> list[Section]:
    return gallery_sections(FIVE_ANSWERED)


def test_every_layout_and_every_kind_is_shown(sections: list[Section]) -> None:
    typed = [picture.typed for section in sections for picture in section.pictures]
    for layout in LAYOUTS:
        assert any(f"--layout {layout}" in words for words in typed)
        assert any(f'layout="{layout}"' in words for words in typed)
    for kind in KINDS.values():
        assert any(re.search(rf"\b({kind.name}|{kind.function})\b", words) for words in typed)


def test_only_what_the_abstracts_do_not_tell_is_missing(sections: list[Section]) -> None:
    missing = [picture for section in sections for picture in section.pictures if picture.svg is None]
    # No question of the five asks for several times. Three of the abstracts print no accrual years, so that
    # their middle is no moderator.
    assert [picture.title.split(":")[0] for picture in missing] == ["pooled-curve", "bubble"]
    assert "asks for one time" in missing[0].reason and "is not reported" in missing[1].reason


def test_the_page_is_whole_and_needs_nothing_else(sections: list[Section], tmp_path: Path) -> None:
    page = write_gallery(sections, tmp_path).read_text(encoding="utf-8")
    assert page.count("<figure id=") == sum(len(section.pictures) for section in sections)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert not re.search(r'(src|href)="https?:', page)


def test_a_reason_is_written_as_text() -> None:
    picture = Picture("A <b>title</b>", "typed", None, str(ProjectError("no <rows> & no effect")))
    page = render_gallery([Section("one", "One", "Words.", (picture,))])
    assert "no &lt;rows&gt; &amp; no effect" in page
    assert "<b>" not in page


def test_the_bcg_trials_are_those_of_metafor() -> None:
    # metafor 3.8-1: rma(yi, vi) on dat.bcg, measure "RR", REML; four decimals are printed.
    result = bcg_trials().result
    assert (result.estimate, result.tau_squared) == pytest.approx((-0.7145, 0.3132), abs=5e-5)


def test_the_made_up_studies_are_the_same_each_time() -> None:
    (one, groups), (other, _) = many_rows(), many_rows()
    assert np.array_equal(one.y, other.y)
    assert len(groups) == one.row_count == 60


def test_a_picture_is_as_wide_as_it_was_drawn() -> None:
    svg = '<svg width="321.5pt" height="9pt" viewBox="0 0 321.5 9"><text>x</text></svg>'
    pictures = (Picture("one", "typed", svg), Picture("none", "typed", None, "no row"))
    page = render_gallery([Section("s", "S", "Words.", pictures)])
    assert '<figure id="s-1" style="--width: 321.5">' in page
    assert '<figure id="s-2" style="--width: 400.0">' in page


def test_the_pictures_of_the_gallery_keep_their_widths(sections: list[Section]) -> None:
    page = render_gallery(sections)
    widths = [float(width) for width in re.findall(r'style="--width: ([0-9.]+)"', page)]
    drawn = [picture for section in sections for picture in section.pictures]
    for width, picture in zip(widths, drawn, strict=True):
        assert picture.svg is None or f' width="{width:g}pt"' in picture.svg
