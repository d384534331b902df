"""The forest plot: from a result and its reader's choices to a figure."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from matplotlib.figure import Figure

from evisynth.answers import Answer, Counts, Order
from evisynth.errors import InvalidDataError
from evisynth.figures.described_figure import DescribedFigure, figure_settings
from evisynth.figures.fonts import clean_text
from evisynth.figures.forest_plot.draw_marks import Painter
from evisynth.figures.forest_plot.layout import ForestLayout
from evisynth.figures.forest_plot.options import ForestOptions, read_groups, read_options
from evisynth.figures.forest_plot.placement import place_forest
from evisynth.figures.forest_plot.row_order import in_order
from evisynth.figures.forest_plot.rows import lay_out_forest
from evisynth.figures.forest_plot.source import ForestSource, source_of_answer, source_of_result
from evisynth.figures.given_texts import is_missing, read_pair
from evisynth.figures.pen import blank_figure
from evisynth.synthesis import PooledResult
from evisynth.wording import type_words

POINTS_PER_INCH = 72


def forest(
    result: PooledResult | Answer,
    *,
    layout: str = "default",
    columns: str | Sequence[str] | None = None,
    models: str | Sequence[str] | None = None,
    kind: str = "forest",
    ghosts: bool = False,
    groups: Sequence[Hashable] | None = None,
    order: Order | None = None,
    labels: Mapping[str, str] | Sequence[str] | None = None,
    title: str | None = None,
    favours: tuple[str, str] | None = None,
    counts: Counts | None = None,
    arms: tuple[str, str] | None = None,
) -> Figure:
    """Draw the forest plot of a pooled result or of the answer to a question.

    Parameters
    ----------
    result
        What ``pool`` hands back, or an answer with its rows. Effects are on the analysis scale and are shown
        on the natural one.
    layout
        ``"default"``, ``"revman"``, ``"jama"``, ``"bmj"`` or ``"compact"``.
    columns
        Names of columns in their order, or one text with commas: ``study``, ``group``, ``arms``, ``n``,
        ``events``, ``printed``, ``time``, ``effect``, ``absolute``, ``weight``, ``p_value``, ``grade``,
        ``recovery``, ``risk_of_bias``, and in sequences ``i_squared`` and ``tau``. ``plot`` says where the
        plot stands among them; without it each stands on its usual side.
    models
        Diamonds to draw: ``"common_effect"``, ``"random_effects"``, ``"bayesian"``. The model of the result
        is always among them, and weights and squares are its.
    kind
        ``"forest"``, ``"cumulative"`` (the estimate after each further row) or ``"leave_one_out"``.
    ghosts
        Draw the other recoveries of the same patients as pale marks under each row.
    groups
        For a pooled result the subgroup of each effect: each is pooled by itself, and their
        difference is tested. Cumulative and leave-one-out plots take none.
    order
        How rows stand, or are added in a cumulative plot: ``"given"``, ``"year"``, ``"time"``,
        ``"precision"``, ``"effect"``, one number for each row, or a mapping from study to number.
    labels
        For a pooled result one name for each effect, in order; for an answer the name to show for a study id.
        What is not named keeps the name that came with the result.
    title
        Instead of the title that came with the result.
    favours
        What stands left and right of the line of no effect, such as ``("Favours resection", "Favours no
        resection")``.
    counts
        For a pooled result what stands behind each effect: ``(events, n)`` of single arms, or
        ``(events1, n1, events2, n2)`` of the index and the reference group. Every layout but ``"compact"``
        shows them, and that one where ``columns`` name ``arms`` or ``n``; nothing is computed from them.
    arms
        Names of the index and the reference group, over their counts.

    Returns
    -------
    matplotlib.figure.Figure
        As large as its content needs; ``save_figure`` writes it as SVG, PDF or PNG. Its ``notes`` say which
        characters no installed font can draw.

    Raises
    ------
    UnknownNameError
        A layout, column, model, kind or order that nobody defined.
    UsageError
        Choices that do not go together, or a column for which there are no data.
    InvalidDataError
        The labels, groups or counts do not fit the effects, or there is no result to draw.
    """
    options = read_options(layout, columns, models, kind, order)
    options = replace(options, ghosts=ghosts, groups=read_groups(groups, options.kind))
    source = _source(result, labels, options, counts)
    if options.kind == "forest":
        source = in_order(source, options.order)
    if title is not None:
        source = replace(source, title=str(title))
    if favours is not None:
        source = replace(source, favours=read_pair("favours", favours))
    if arms is not None:
        source = replace(source, arms=read_pair("arms", arms))
    return draw_forest(lay_out_forest(source, options))


def _source(
    result: PooledResult | Answer,
    labels: Mapping[str, str] | Sequence[str] | None,
    options: ForestOptions,
    counts: Counts | None,
) -> ForestSource:
    if isinstance(result, Answer):
        if counts is not None:
            raise InvalidDataError("the counts of an answer are those of its studies; leave counts out")
        if labels is not None and not isinstance(labels, Mapping):
            raise InvalidDataError("labels of an answer are a mapping from study id to name; use {id: name}")
        return source_of_answer(result, options, _named(labels or {}))
    if not isinstance(result, PooledResult):
        raise InvalidDataError(
            f"a forest plot shows a PooledResult or an Answer, not {type_words(result)}; pool first"
        )
    named = _named(labels) if isinstance(labels, Mapping) else labels
    return source_of_result(result, named, options, counts)


def _named(labels: Mapping[str, str]) -> dict[str, str]:
    return {study: str(name) for study, name in labels.items() if not is_missing(name)}


def draw_forest(layout: ForestLayout) -> DescribedFigure:
    """Draw a layout."""
    with figure_settings():
        page = place_forest(layout)
        title = clean_text(layout.title) or "Forest plot"
        figure = blank_figure(page.width, page.height, title, layout.description, page.texts)
        Painter(figure, page, layout.style).paint()
    return figure
