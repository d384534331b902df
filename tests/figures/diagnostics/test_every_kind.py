"""What holds for every diagnostic chart: it can be read, it is the same twice, whatever it is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from evisynth.answers import Answer
from evisynth.figures import (
    baujat,
    bubble,
    drapery,
    funnel,
    galbraith,
    gosh,
    influence,
    labbe,
    posterior,
    save_figure,
    svg_bytes,
)
from evisynth.synthesis import PooledResult, pool, pool_bayesian, regress

Unreadable = Callable[[Figure], list[str]]
MakeUp = Callable[..., PooledResult]
Draw = Callable[[PooledResult], Figure]


def _bubble(result: PooledResult) -> Figure:
    moderator = [float(i % 7) for i in range(result.row_count)]
    fitted = regress(result.y, result.v, {"a moderator": moderator}, labels=result.labels)
    return bubble(fitted, effect_measure=result.effect_measure)


def _posterior(result: PooledResult) -> Figure:
    return posterior(
        pool_bayesian(result.y, result.v, tau_prior="half-normal(0.5)", effect_measure=result.effect_measure)
    )


def _labbe(result: PooledResult) -> Figure:
    count = result.row_count
    generator = np.random.default_rng(count)
    n = generator.integers(20, 300, count)
    events = generator.binomial(n, 0.3), generator.binomial(n, 0.4)
    return labbe(events[0], n, events[1], n, effect_measure="OR", labels=result.labels)


KINDS: dict[str, Draw] = {
    "funnel": lambda result: funnel(result, trim_and_fill=True),
    "funnel around the estimate": lambda result: funnel(result, contours=False),
    "baujat": baujat,
    "influence": influence,
    "gosh": lambda result: gosh(result, subset_count=2000),
    "galbraith": galbraith,
    "drapery": lambda result: drapery(result, labels=True),
    "labbe": _labbe,
    "bubble": _bubble,
    "posterior": _posterior,
}
#: Kinds that show something of a single row or of two.
FEWER = ("funnel", "funnel around the estimate", "galbraith", "drapery", "labbe", "posterior")

HOSTILE = (
    "",
    "x" * 90,
    "A name of very many words that goes on and on and then on",
    "Ω≈ç√ ∫ µ",
    "中文研究 1999",
    "دراسة عربية",
    "$\\frac{a}{b}$",
    "<b>&amp;</b>",
    "a\nb\tc",
    "Same 2001",
    "Same 2001",
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("row_count", [3, 13, 60])
def test_ordinary_results_can_be_read(
    kind: str, row_count: int, make_up: MakeUp, unreadable: Unreadable
) -> None:
    assert unreadable(KINDS[kind](make_up(row_count))) == []


@pytest.mark.parametrize("kind", FEWER)
@pytest.mark.parametrize("row_count", [1, 2])
def test_a_row_or_two_can_be_read(kind: str, row_count: int, make_up: MakeUp, unreadable: Unreadable) -> None:
    assert unreadable(KINDS[kind](make_up(row_count))) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("measure", "mean"), [("survival", -1.2), ("median", 4.5), ("PLO", 2.0), (None, 0.0)]
)
def test_other_measures_can_be_read(
    kind: str, measure: str | None, mean: float, make_up: MakeUp, unreadable: Unreadable
) -> None:
    assert unreadable(KINDS[kind](make_up(6, measure, mean))) == []


@pytest.mark.usefixtures("each_font_list")
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_names_can_be_read(kind: str, make_up: MakeUp, unreadable: Unreadable) -> None:
    made = make_up(len(HOSTILE))
    result = pool(made.y, made.v, labels=HOSTILE, effect_measure="hazard_ratio")
    assert unreadable(KINDS[kind](result)) == []


EXTREMES: dict[str, tuple[Any, Any]] = {
    "identical rows": ([0.3] * 4, [0.04] * 4),
    "huge effects": ([-60.0, 50.0, 20.0, 3.0], [4.0, 9.0, 1.0, 0.5]),
    "tiny effects": ([1e-9, 2e-9, -1e-9, 5e-9], [1e-18, 2e-18, 1e-18, 3e-18]),
    "uneven errors": ([0.1, 0.2, -0.4, 0.3], [1e-8, 0.5, 1e4, 0.02]),
    "zeros": ([0.0, 0.0, 0.0, 0.0], [1.0, 2.0, 1.0, 2.0]),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("extreme", EXTREMES)
def test_extremes_can_be_drawn(kind: str, extreme: str, unreadable: Unreadable) -> None:
    for measure in ("hazard_ratio", "survival", "MD"):
        result = pool(*EXTREMES[extreme], effect_measure=measure)
        assert unreadable(KINDS[kind](result)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_hundreds_of_rows_can_be_drawn(kind: str, make_up: MakeUp, unreadable: Unreadable) -> None:
    assert unreadable(KINDS[kind](pool_without_labels(make_up(500)))) == []


def pool_without_labels(result: PooledResult) -> PooledResult:
    # 500 names would each be looked for room, where they were asked for.
    return pool(result.y, result.v, effect_measure=result.effect_measure)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_result_gives_the_same_file(kind: str, make_up: MakeUp, tmp_path: Any) -> None:
    first = svg_bytes(KINDS[kind](make_up(13)))
    assert save_figure(KINDS[kind](make_up(13)), tmp_path / "a.svg").read_bytes() == first


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_described_in_words(kind: str, make_up: MakeUp) -> None:
    figure: Any = KINDS[kind](make_up(13))
    assert len(figure.description) > 40
    assert "nan" not in figure.description
    assert figure.title_text


@pytest.mark.parametrize("draw", [funnel, baujat, influence, gosh, galbraith, drapery])
def test_an_answer_is_drawn_under_its_question(
    draw: Callable[..., Any], answers: dict[str, Callable[[], Answer]], unreadable: Unreadable
) -> None:
    answer = answers["exploratory"]()
    figure = draw(answer)
    assert answer.question.title in figure.title_text
    # its estimate is exploratory, and whoever sees the chart alone must know
    assert "Exploratory" in {getattr(child, "get_text", str)() for child in figure.get_children()}
    assert unreadable(figure) == []
    assert draw(answer, title="Mine").title_text == "Mine"
