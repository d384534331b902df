"""SVG documents inside a page: bare, and with ids of their own."""

from __future__ import annotations

import pytest

from evisynth.errors import InvalidDataError
from evisynth.report import inline_svg


def test_ids_and_all_that_point_to_them_are_led_by_the_prefix(svg) -> None:
    inside = inline_svg(svg, "plot-a")
    for part in (
        'id="plot-a-m1"', 'xlink:href="#plot-a-m1"', 'id="plot-a-p1"', "url(#plot-a-p1)",
        'aria-labelledby="plot-a-title-1 plot-a-desc-1"', 'id="plot-a-title-1"',
    ):  # fmt: skip
        assert part in inside


def test_text_is_left_alone(svg) -> None:
    assert '>id="m1" stays in text<' in inline_svg(svg, "plot-a")


def test_prolog_and_metadata_go(svg) -> None:
    inside = inline_svg(svg, "plot-a")
    assert inside.startswith("<svg")
    assert inside.endswith("</svg>")
    assert "metadata" not in inside
    assert "DOCTYPE" not in inside


@pytest.mark.parametrize(("text", "message"), [("<p>no</p>", "no SVG"), ("<svg><script/></svg>", "script")])
def test_what_is_no_still_picture_is_refused(text, message) -> None:
    with pytest.raises(InvalidDataError, match=message):
        inline_svg(text, "plot-a")
