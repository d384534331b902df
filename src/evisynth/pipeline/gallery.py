"""Filling the gallery: every layout and kind of plot, of the project's evidence and two demonstrations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from evisynth.answers import Answer
from evisynth.errors import EvidenceError
from evisynth.figures import KINDS, LAYOUTS, PlotKind, bubble, forest, labbe, svg_bytes
from evisynth.pipeline.plots import draw_forest, plot_with_answer
from evisynth.report import BcgTrials, Picture, Section, bcg_trials, many_rows
from evisynth.synthesis import PooledResult, pool_bayesian, regress

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from evisynth.pipeline.project import Project

#: Kinds that show one pooled result; the others have subjects of their own.
_OF_A_RESULT = tuple(kind for kind in KINDS.values() if kind.subject == "pooled")
_FORMS = {
    "cumulative": "as each row is added",
    "leave_one_out": "without each row in turn",
}


def gallery_sections(project: Project) -> list[Section]:
    """Draw every section of the gallery, those of the project first."""
    bcg = bcg_trials()
    many, groups = many_rows()
    return [
        *_evidence_sections(project),
        _section("bcg", "BCG vaccine, 13 trials", _BCG_WORDS, _bcg_pictures(bcg)),
        _section("many", "Sixty made-up studies", _MANY_WORDS, _many_pictures(many, groups)),
    ]


_BCG_WORDS = (
    "Risk of tuberculosis with and without vaccination (Colditz et al 1994): a set that most programs "
    "for meta-analysis print, so that pictures can be compared."
)
_MANY_WORDS = "Drawn by a fixed seed, to show plots with many rows. These studies do not exist."


def _section(anchor: str, heading: str, words: str, pictures: Iterator[Picture]) -> Section:
    return Section(anchor, heading, words, tuple(pictures))


def _picture(title: str, typed: str, draw: Callable[[], Figure]) -> Picture:
    """Draw one picture; a plot that cannot be had says why in its place."""
    try:
        return Picture(title, typed, svg_bytes(draw()).decode())
    except EvidenceError as error:
        return Picture(title, typed, None, str(error))


# the project's own evidence


def _evidence_sections(project: Project) -> Iterator[Section]:
    yield _section(
        "studies", "The studies", "What they report, and whom they followed.", _of_all_studies(project)
    )
    answers = {name: project.answer(name) for name in project.question_ids()}
    yield _section(
        "questions", "The questions", "Each as `evisynth forest` draws it.", _questions(project, answers)
    )
    pooled = {name: answer for name, answer in answers.items() if answer.overall.pooled is not None}
    if not pooled:
        return
    # The question with the most pooled rows has the most to show.
    chosen = max(pooled, key=lambda name: pooled[name].overall.row_count)
    curve = next((name for name, answer in answers.items() if answer.curves), chosen)
    words = f"All of {chosen}."
    yield _section("layouts", "Layouts and forms of the forest plot", words, _forms(project, pooled[chosen]))
    yield _section("diagnostics", "Other plots of a question", words, _of_a_question(project, chosen, curve))


def _of_all_studies(project: Project) -> Iterator[Picture]:
    for kind in KINDS.values():
        if not kind.needs_question:
            yield _picture(_title(kind), f"evisynth plot {kind.name}", _drawn(project, kind))


def _questions(project: Project, answers: dict[str, Answer]) -> Iterator[Picture]:
    for name, answer in answers.items():
        yield _picture(
            answer.question.title, f"evisynth forest {name}", partial(draw_forest, project, answer)
        )


def _forms(project: Project, answer: Answer) -> Iterator[Picture]:
    typed, drawn = f"evisynth forest {answer.question.id}", partial(draw_forest, project, answer)
    for layout, words in LAYOUTS.items():
        yield _picture(f"{layout}: {words}", f"{typed} --layout {layout}", partial(drawn, layout=layout))
    for kind, words in _FORMS.items():
        yield _picture(words, f"{typed} --kind {kind}", partial(drawn, kind=kind))
    models = "common_effect,random_effects,bayesian"
    yield _picture("several models", f"{typed} --models {models}", partial(drawn, models=models))
    ghosts = "other recoveries of the same patients behind each row"
    yield _picture(ghosts, f"{typed} --ghosts", partial(drawn, ghosts=True))
    columns = "study,group,printed,plot,effect,recovery,grade"
    yield _picture("columns chosen", f"{typed} --columns {columns}", partial(drawn, columns=columns))


def _of_a_question(project: Project, chosen: str, of_several_times: str) -> Iterator[Picture]:
    for kind in KINDS.values():
        if kind.needs_question:
            question = of_several_times if kind.subject == "pooled curves" else chosen
            draw = _drawn(project, kind, question)
            yield _picture(_title(kind), f"evisynth plot {kind.name} {question}", draw)


def _drawn(project: Project, kind: PlotKind, question: str | None = None) -> Callable[[], Figure]:
    return lambda: plot_with_answer(project, kind.name, question)[0]


def _title(kind: PlotKind) -> str:
    return f"{kind.name}: {kind.shows}"


# demonstrations


def _bcg_pictures(bcg: BcgTrials) -> Iterator[Picture]:
    favours = ("Favours BCG", "Favours no vaccine")
    beside = {"counts": bcg.counts, "arms": ("BCG", "No vaccine"), "favours": favours}
    yield from _result_pictures(bcg.result, beside, ', counts=counts, arms=("BCG", "No vaccine")')
    years = dict(zip(bcg.names, bcg.years, strict=True))
    yield _picture(
        "cumulative, by year",
        'evisynth.forest(result, kind="cumulative", order=years)',
        partial(forest, bcg.result, kind="cumulative", order=list(years.values())),
    )
    bayesian = pool_bayesian(
        bcg.result.y,
        bcg.result.v,
        tau_prior="half-normal(0.5)",
        labels=bcg.names,
        effect_measure="risk_ratio",
    )
    kind = KINDS["posterior"]
    yield _picture(_title(kind), "posterior(evisynth.pool_bayesian(...))", partial(kind.draw, bayesian))
    yield _picture(
        _title(KINDS["labbe"]),
        "labbe(events1, n1, events2, n2)",
        partial(labbe, *bcg.counts, labels=bcg.names),
    )
    by_latitude = regress(
        bcg.result.y, bcg.result.v, {"latitude": [float(x) for x in bcg.latitudes]}, labels=bcg.names
    )
    yield _picture(
        _title(KINDS["bubble"]),
        'bubble(regress(y, v, {"latitude": ...}))',
        partial(bubble, by_latitude, effect_measure="risk_ratio"),
    )


def _many_pictures(many: PooledResult, groups: list[str]) -> Iterator[Picture]:
    yield _picture(
        "subgroups, with the test for difference",
        "evisynth.forest(result, groups=groups)",
        partial(forest, many, groups=groups),
    )
    yield from _result_pictures(many)


def _result_pictures(
    result: PooledResult, beside: Mapping[str, Any] | None = None, told: str = ""
) -> Iterator[Picture]:
    """Draw every layout, form and diagnostic of a result; layouts with what stands beside each effect."""
    for layout in LAYOUTS:
        typed = f'evisynth.forest(result, layout="{layout}"{told})'
        yield _picture(f"forest, {layout}", typed, partial(forest, result, layout=layout, **(beside or {})))
    for kind in _FORMS:
        typed = f'evisynth.forest(result, kind="{kind}")'
        yield _picture(f"forest, {_FORMS[kind]}", typed, partial(forest, result, kind=kind))
    for plot in _OF_A_RESULT:
        yield _picture(_title(plot), f"{plot.function}(result)", partial(plot.draw, result))
