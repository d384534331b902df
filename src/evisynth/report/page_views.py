"""What the templates of the report show: questions, studies, and who reports what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from evisynth.answers import (
    Answer,
    Summary,
    curve_lines,
    difference_of,
    moderation_lines,
    names_of,
    say_names,
)
from evisynth.figures import NaturalInterval, difference_text, favours_texts, natural_interval, row_interval
from evisynth.report.against_reviews import ReviewComparison
from evisynth.report.answer_view import KIND_HEADINGS, SummaryView, choices_text, effect_text, view_summaries
from evisynth.report.certainty import Certainty, certainty_of
from evisynth.report.content import Definition, QuestionContent, ReportContent, StudyContent
from evisynth.report.explained_rows import ExplainedRow
from evisynth.report.page_links import Links
from evisynth.report.row_view import BlockView, question_anchor, study_anchor, view_blocks
from evisynth.report.small_pictures import PictureAxis, choices_picture, interval_picture, picture_axis
from evisynth.report.study_view import OutcomeView, view_outcomes
from evisynth.report.svg_inside import inline_svg
from evisynth.report.verdict import Verdict, is_settled, verdicts_of
from evisynth.wording import term_words


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """A verdict with its certainty, and pictures of its interval and its choices, where there are any."""

    verdict: Verdict
    certainty: Certainty
    picture: Markup | None
    choices: Markup | None = None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question; ``pictures`` and ``explained`` are by the number of a row.

    ``other_pictures`` are by that number and the place among the other recoveries of the row.
    """

    content: QuestionContent
    id: str
    title: str
    anchor: str
    lines: tuple[VerdictLine, ...]
    summaries: tuple[SummaryView, ...]
    effect_heading: str
    sides: tuple[str, str] | None
    blocks: tuple[BlockView, ...]
    pictures: Mapping[int, Markup]
    other_pictures: Mapping[tuple[int, int], Markup]
    explained: Mapping[int, ExplainedRow | None]
    figure: Markup
    difference: str
    moderation: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StudyView:
    """A study; ``asked`` are the rows in which it stands: question, title and number of the row."""

    content: StudyContent
    name: str
    anchor: str
    outcomes: tuple[OutcomeView, ...]
    accrual: str
    size: str
    asked: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class MapEntry:
    """How many figures a study gives on an outcome, and where the first of them stands."""

    name: str
    count: int
    link: str


@dataclass(frozen=True, slots=True)
class MapRow:
    """An outcome, with the studies that compare groups on it and those that describe groups."""

    label: str
    compared: tuple[MapEntry, ...]
    described: tuple[MapEntry, ...]


def view_question(content: QuestionContent) -> QuestionView:
    """Put a question into what its page shows."""
    answer = content.answer
    anchor = question_anchor(answer.question.id)
    texts = effect_text(answer)
    blocks = view_blocks(answer)
    verdicts = verdicts_of(answer)
    rows = [row for block in blocks for row in block.rows]
    drawn = [row.interval for row in rows if row.interval is not None]
    drawn += [verdict.interval for verdict in verdicts if verdict.interval is not None]
    axis = picture_axis(texts.display, drawn)
    explained = content.explanation.rows if content.explanation is not None else ()
    return QuestionView(
        content=content,
        id=answer.question.id,
        title=answer.question.title,
        anchor=anchor,
        lines=tuple(
            _verdict_line(content, verdict, summary, axis)
            for verdict, summary in zip(verdicts, answer.by_row_group or (answer.overall,), strict=True)
        ),
        summaries=_with_choices(view_summaries(answer), content),
        effect_heading=texts.heading,
        sides=favours_texts(answer.question),
        blocks=blocks,
        pictures={row.number: _row_picture(row.interval, row.effect, axis) for row in rows},
        other_pictures=dict(_other_pictures(answer, axis)),
        explained={row.number: _at(explained, row.number) for row in rows},
        # Markup only because inline_svg takes figures of our own and refuses scripts.
        figure=Markup(inline_svg(content.forest_svg, f"plot-{anchor}")),
        moderation=_moderation(answer),
        difference=say_names(difference_text(difference_of(answer)), names_of(answer)),
    )


def _at(explained: Sequence[ExplainedRow], number: int) -> ExplainedRow | None:
    return explained[number - 1] if number <= len(explained) else None


def _verdict_line(
    content: QuestionContent, verdict: Verdict, summary: Summary, axis: PictureAxis
) -> VerdictLine:
    texts = effect_text(content.answer)
    settled = verdict.interval is not None and is_settled(verdict.interval, texts)
    certainty = certainty_of(content.answer, summary, settled=settled, randomised=content.randomised)
    found = next((one for one in content.multiverses if one.label == summary.label), None)
    pooled, among = summary.pooled, verdict.among
    choices = None
    if found is not None and pooled is not None and among is not None and len(found.estimate) > 1:
        ends = [natural_interval(found.scale, float(one), None, None) for one in found.range or ()]
        low, high = (f"{texts.bare(one)}{texts.unit}" for one in ends)
        falling = found.scale == "log(-log)"
        choices = choices_picture(
            found.estimate, pooled.estimate, (low, high), verdict.choices, falling=falling
        )
    return VerdictLine(verdict, certainty, _verdict_picture(verdict, axis), choices)


def _verdict_picture(verdict: Verdict, axis: PictureAxis) -> Markup | None:
    if verdict.interval is None:
        return None
    median = None if verdict.among is None else verdict.among.median
    return interval_picture(verdict.interval, axis, f"Interval: {verdict.sentence}", median)


def _row_picture(interval: NaturalInterval | None, words: str, axis: PictureAxis) -> Markup:
    return Markup("") if interval is None else interval_picture(interval, axis, f"Interval: {words}")


def _other_pictures(answer: Answer, axis: PictureAxis) -> Iterator[tuple[tuple[int, int], Markup]]:
    """Draw what other ways make of the same patients, on the axis of the rows."""
    for number, row in enumerate(answer.rows, 1):
        for place, other in enumerate(row.alternatives):
            interval = row_interval(replace(row, effect=other), answer.scale, answer.question.level)
            if interval is not None:
                yield (number, place), interval_picture(interval, axis, "Interval of this way")


def _with_choices(summaries: tuple[SummaryView, ...], content: QuestionContent) -> tuple[SummaryView, ...]:
    """Add to each estimate how far it moves over every admissible choice, where that is known."""
    answer = content.answer
    by_label = {multiverse.label: multiverse for multiverse in content.multiverses}
    texts = effect_text(answer)
    return tuple(
        replace(
            view,
            choices=choices_text(by_label[view.label], texts, exploratory=answer.question.exploratory),
            choices_move=by_label[view.label].combinations > 1,
        )
        if view.estimate is not None and view.label in by_label
        else view
        for view in summaries
    )


def view_studies(content: ReportContent, questions: Sequence[QuestionView]) -> tuple[StudyView, ...]:
    """Put the studies into what their pages show."""
    labels = outcome_labels(content)
    asked: dict[str, dict[str, tuple[str, str, int]]] = {}
    for question in questions:
        for block in question.blocks:
            for row in block.rows:
                of_study = asked.setdefault(row.study, {})
                of_study.setdefault(question.id, (question.id, question.title, row.number))
    return tuple(
        StudyView(
            content=study,
            name=study.label or study.id,
            anchor=study_anchor(study.id),
            outcomes=view_outcomes(study, labels),
            accrual=next((fact.value for fact in study.cohort if fact.label == "Accrual"), ""),
            size=next((_thousands(group.size) for group in study.groups if group.depth == 0), ""),
            asked=tuple(asked.get(study.id, {}).values()),
        )
        for study in content.studies
    )


def _thousands(size: str) -> str:
    return f"{int(size):,}" if size.isascii() and size.isdigit() else size


def outcome_labels(content: ReportContent) -> dict[str, str]:
    """Give each outcome its label."""
    return {term.id: term.label for term in content.definitions if term.kind == "outcome"}


def view_map(content: ReportContent, studies: Sequence[StudyView], links: Links) -> list[MapRow]:
    """Say who reports what: outcomes with most studies first, those of nobody last."""
    labels = outcome_labels(content)
    cells: dict[tuple[str, bool], dict[str, list[str]]] = {}
    for study in studies:
        for figure in study.content.figures:
            cell = cells.setdefault((figure.outcome, figure.compared_with is not None), {})
            cell.setdefault(study.content.id, []).append(figure.file_location)
    names = {study.content.id: study.name for study in studies}
    outcomes = list(dict.fromkeys([*labels, *(outcome for outcome, _ in cells)]))
    rows = []
    for outcome in outcomes:
        compared, described = (
            tuple(
                MapEntry(names[study], len(places), links.figure(places[0]) or links.study(study))
                for study, places in cells.get((outcome, side), {}).items()
            )
            for side in (True, False)
        )
        rows.append(MapRow(labels.get(outcome, term_words(outcome)), compared, described))
    return sorted(rows, key=lambda row: -len(row.compared) - len(row.described))


def by_question(rows: tuple[ReviewComparison, ...]) -> list[tuple[str, str, list[ReviewComparison]]]:
    """Put together what stands beside one question: its id, its title, the reviews."""
    of_each: dict[str, list[ReviewComparison]] = {}
    for row in rows:
        of_each.setdefault(row.question, []).append(row)
    return [(question, few[0].title, few) for question, few in of_each.items()]


def by_kind(definitions: tuple[Definition, ...]) -> dict[str, list[Definition]]:
    """Gather terms under the headings of their kinds."""
    found: dict[str, list[Definition]] = {}
    for term in definitions:
        found.setdefault(KIND_HEADINGS.get(term.kind, term.kind.capitalize()), []).append(term)
    return found


def _moderation(answer: Answer) -> tuple[str, ...]:
    """Tell the meta-regression of each estimate, and the pooled curves, where the question asks for them."""
    lines = [line.strip() for curve in answer.curves for line in curve_lines(curve, answer.scale)]
    lines += [
        line
        for summary in (answer.overall, *answer.by_row_group)
        for line in moderation_lines(summary.moderation, answer.question, answer.scale)
    ]
    names = names_of(answer)
    return tuple(say_names(f"{line[:1].upper()}{line[1:].rstrip('.')}.", names) for line in lines)
