"""``evisynth pool``: the answer to a question, with its rows, or the reason why nothing is pooled."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from evisynth.cli.options import (
    add_format_option,
    add_question_argument,
    add_table_options,
    asks_table,
    pooled_table,
)
from evisynth.cli.tables import render_rows
from evisynth.measures import measure_named, question_measure
from evisynth.wording import counted, interval_name, listed, number_text, rounded_percent

if TYPE_CHECKING:
    from evisynth.answers import Answer, Summary

BRIEF = (
    "row_group",
    "study",
    "comparison",
    "estimate",
    "ci_lower",
    "ci_upper",
    "weight",
    "grade",
    "recovery",
    "included",
    "reason",
)

#: What may be typed, as the help shows it.
EXAMPLES = (
    "evisynth pool complete-cytoreduction",
    "evisynth pool --csv effects.csv --measure HR",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take a question or a table of effects, and a format."""
    add_question_argument(parser, or_table=True)
    add_format_option(parser)
    add_table_options(parser)


def run(options: argparse.Namespace) -> int:
    """Print the answer, on the natural scale; a refusal with its reason is an answer too."""
    if asks_table(options):
        return _run_table(options)
    from evisynth.answers import answer_as_json
    from evisynth.pipeline import Evidence

    answer = Evidence(options.project).answer(options.question)
    record = answer_as_json(answer)
    return _show(record, options.format, lambda: _headline(record, answer))


def _run_table(options: argparse.Namespace) -> int:
    """Print what a table of effects gives, with the same keys and columns as an answer."""
    from evisynth.answers import Summary, result_as_json

    table, result = pooled_table(options)
    record = result_as_json(result, table.labels, table.counts, table.cautions)
    count = len(table.labels)
    summary = Summary("", result, None, count, count, None, exploratory=False)
    words = measure_named(table.measure).words
    headline = [f"{options.csv}: {words}, from {listed(table.used, most=None)}"]
    return _show(
        record, options.format, lambda: [*headline, *_summary_lines(record, record["level"], summary)]
    )


def _show(record: Mapping[str, Any], style: str, headline: Callable[[], list[str]]) -> int:
    if style == "json":
        print(json.dumps(record, indent=2, ensure_ascii=False))
        return 0
    rows = record["rows"]
    columns = list(rows[0]) if rows else list(BRIEF)
    table = render_rows(rows, columns, style, BRIEF)
    print(table if style == "csv" else "\n".join([*headline(), "", table]))
    return 0


def _headline(record: Mapping[str, Any], answer: Answer) -> list[str]:
    from evisynth.answers import difference_of
    from evisynth.figures import difference_text
    from evisynth.report import verdicts_of

    lines = [f"{record['question']}: {question_measure(record['effect_measure']).words}"]
    lines += [f"  {verdict.text}" for verdict in verdicts_of(answer)]
    lines += _summary_lines(record, record["level"], answer.overall)
    lines += _moderation(answer, answer.overall)
    for block, summary in zip(record["subgroups"], answer.by_row_group, strict=True):
        lines.append(f"{block['label']}:")
        lines += _summary_lines(block, record["level"], summary)
        lines += _moderation(answer, summary)
    lines += _curves(answer)
    between = difference_text(difference_of(answer))
    return [*lines, between] if between else lines


def _moderation(answer: Answer, summary: Summary) -> list[str]:
    from evisynth.answers import moderation_lines

    return [f"  {line}" for line in moderation_lines(summary.moderation, answer.question, answer.scale)]


def _curves(answer: Answer) -> list[str]:
    from evisynth.answers import curve_lines

    return [line for curve in answer.curves for line in curve_lines(curve, answer.scale)]


def _summary_lines(summary: Mapping[str, Any], level: float, pooled_from: Summary) -> list[str]:
    from evisynth.figures import model_text

    of = f"{counted(summary['row_count'], 'row')} of {counted(summary['study_count'], 'study', one='one')}"
    if summary["refused"]:
        return [f"  not pooled: {summary['refused']}"]
    word = "exploratory estimate" if summary["exploratory"] else "pooled estimate"
    interval = f"{interval_name(level, bayesian=bool(summary['prior']))} {_span(summary, 'ci')}"
    beside = f"; {pooled_from.beside}" if pooled_from.beside else ""
    lines = [f"  {word} {_number(summary['estimate'])} ({interval}{beside}), {of}"]
    if summary["prediction_lower"] is not None:
        lines.append(f"  prediction interval {_span(summary, 'prediction')}")
    if pooled_from.pooled is not None:
        lines.append(f"  {model_text(pooled_from.pooled).rstrip('.')}")
    # The common-effect model has no tau to tell.
    has_tau = pooled_from.pooled is not None and pooled_from.pooled.has_tau_squared
    tau = f"tau squared {_number(summary['tau_squared'])}, " if has_tau else ""
    lines.append(
        f"  {tau}I squared {rounded_percent(summary['i_squared'], 0)}, Q {_number(summary['q_statistic'])}"
    )
    if beside := summary["bayesian"]:
        lines.append(
            f"  beside it, Bayesian, tau ~ {beside['prior']}: {_number(beside['estimate'])} "
            f"({interval_name(level, bayesian=True)} {_span(beside, 'ci')}; "
            f"a new study {_span(beside, 'prediction')})"
        )
    if summary.get("absolute"):
        from evisynth.answers import absolute_words

        lines.append(f"  {absolute_words(summary['absolute'])}")
    lines += [f"  caution: {caution}" for caution in summary["cautions"]]
    return lines


def _number(value: float | None) -> str:
    """Write a number; one beyond what a float holds has none."""
    return number_text(value, 4, "beyond all numbers")


def _span(summary: Mapping[str, Any], name: str) -> str:
    return f"{_number(summary[f'{name}_lower'])} to {_number(summary[f'{name}_upper'])}"
