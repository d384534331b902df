"""The R script of an export: every pooled estimate refitted with metafor, beside ours.

What metafor has no model for is named in a comment, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from evisynth.report.question_tables import Block, ExportedQuestion
from evisynth.synthesis.bayesian import BayesianResult
from evisynth.synthesis.overlap_robust import ROBUST_INTERVAL
from evisynth.synthesis.result import PooledResult

_PLACE = "#### the estimates ####\n"
#: Our intervals under metafor's names; its "adhoc" is Knapp and Hartung with q* = max(1, q).
_TESTS = {"wald": "z", "t": "t", "hksj": "adhoc", "hksj-plain": "knha"}
#: How far tau squared is searched, by the names that the script gives its settings.
_CONTROLS = {
    **dict.fromkeys(("ML", "REML", "EB"), "stepwise"),
    **dict.fromkeys(("PM", "PMM"), "root"),
}
_TWICE = (
    "rows of one control group are put together before those of overlapping studies are, "
    "which no one covariance of the rows describes"
)


def render_metafor_script(questions: Sequence[ExportedQuestion]) -> str:
    """Write the script for these questions, in their order."""
    template = (files("evisynth.report") / "templates" / "metafor.R").read_text(encoding="utf-8")
    parts = [line for question in questions for line in ("", *_lines_of_question(question))]
    return template.replace(_PLACE, _PLACE + "".join(line + "\n" for line in parts))


def reason_not_refitted(block: Block) -> str | None:
    """Say why metafor is not used for an estimate; None where it is."""
    pooled = block.summary.pooled
    if pooled is None:
        return f"nothing is pooled: {block.summary.refused}"
    if isinstance(pooled, BayesianResult):
        return "the answer is Bayesian, and metafor has no priors"
    return _TWICE if block.covariance is None else None


def _lines_of_question(exported: ExportedQuestion) -> list[str]:
    question = exported.question
    lines = [_comment(f"{question.title} ({question.effect_measure.replace('_', ' ')}, {exported.scale})")]
    for block in exported.blocks:
        name = f"{question.id}, {block.number} ({block.summary.label})"
        reason = reason_not_refitted(block)
        if block.summary.pooled is None:
            lines.append(_comment(f"{name}: {reason}"))
        elif reason is not None:
            lines += [_comment(name), f"left_out({_named(question.id, block)}, {_quoted(reason)})"]
        else:
            lines += [_comment(name), *_refit(question.id, block, block.summary.pooled)]
    return lines


def _refit(question: str, block: Block, pooled: PooledResult) -> list[str]:
    named = _named(question, block)
    lines = [f"rows <- read_rows({named})"]
    if pooled.interval == ROBUST_INTERVAL:
        shared = block.covariance is not None and block.covariance.shared()
        lines.append(f"V <- covariance_of({_quoted(question)}, rows)" if shared else "V <- rows$vi")
        level = f"level = {pooled.level!r}"
        common = f"rma.mv(yi, V, data = rows, slab = slab, {level})"
        lines.append(f"fit <- {common if pooled.method == 'common' else f'fit_by_sets(rows, V, {level})'}")
        values = "robust_values_of(fit, rows$set)"
    else:
        data = "rows"
        if block.covariance is not None and not block.covariance.independent:
            lines.append(f"sets <- put_together(rows, covariance_of({_quoted(question)}, rows))")
            data = "sets"
        lines.append(f"fit <- rma(yi, vi, data = {data}, slab = slab, {_settings(pooled)})")
        values = "values_of(fit)"
    return [*lines, f"compare({named}, {values})"]


def _settings(pooled: PooledResult) -> str:
    method = "FE" if pooled.method == "common" else pooled.method
    parts = [f'method = "{method}"', f'test = "{_TESTS[pooled.interval]}"', f"level = {pooled.level!r}"]
    if control := _CONTROLS.get(method):
        parts.append(f"control = {control}")
    return ", ".join(parts)


def _comment(text: str) -> str:
    return "# " + " ".join(text.split())


def _named(question: str, block: Block) -> str:
    return f"{_quoted(question)}, {block.number}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
