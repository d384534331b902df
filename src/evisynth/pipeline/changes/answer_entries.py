"""An answer as entries to compare: its estimates or refusals, its rows, and what was asked.

Answers come as the values of ``evisynth pool --format json``, rounded as they are committed, so that two
answers differ here when a reader of ``evidence/results`` would see it. Rows say beside that what lowered
their grade (``downgrades``). Their weights are left out: every weight moves when one row comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from evisynth.pipeline.changes.entries import Entry, Fact, fact, hashable, named_parts, parts
from evisynth.vocabulary import Outcome, Term, Vocabulary
from evisynth.wording import (
    counted,
    interval_name,
    number_text,
    rounded_percent,
    six_digits,
    span_text,
    term_words,
)

if TYPE_CHECKING:
    from evisynth.answers import Answer

Record = Mapping[str, Any]

#: Names of the facts that are lists of sentences, told one by one.
CAUTIONS, LOWERED_BY = "cautions", "grade lowered by"
_COUNTS = ("row_count", "study_count", "participant_count")
_INTERVAL = ("estimate", "ci_lower", "ci_upper", "standard_error")
_HETEROGENEITY = ("tau_squared", "i_squared", "q_statistic")
_PREDICTION = ("prediction_lower", "prediction_upper")
_OF_A_SUMMARY = (*_COUNTS, *_INTERVAL, "p_value", *_HETEROGENEITY, *_PREDICTION, "absolute", "exploratory",
                 "refused", "cautions", "prior", "bayesian")  # fmt: skip
_EFFECT = ("kind", "estimate", "standard_error", "ci_lower", "ci_upper", "lower", "upper")
_OF_A_ROW = ("n", *_EFFECT, "grade", "recovery", "included", "reason", "downgrades")


def answer_values(answer: Answer) -> dict[str, Any]:
    """Give an answer as plain values, each row with what lowered its grade."""
    from evisynth.answers import answer_as_json

    values = answer_as_json(answer)
    rows = zip(values["rows"], answer.rows, strict=True)
    values["rows"] = [{**row, "downgrades": list(of.effect.downgrades)} for row, of in rows]
    return six_digits(values)  # type: ignore[no-any-return]


def question_entries(question: Any, answer: Record) -> dict[str, list[Entry]]:
    """Return all entries of a question: what is asked, its estimates, and its rows."""
    rows = [_row_entry(row, answer["level"]) for row in answer["rows"]]
    return {"asked": asked_entries(question), "summaries": summary_entries(answer), "rows": rows}


def summary_entries(answer: Record) -> list[Entry]:
    """Return an entry for each estimate: over all rows, or for each block; the key is the label.

    Where each block has its own estimate, that there is none over all is how the question was asked. The
    first one says what the blocks differ by.
    """
    first, *others = answer["subgroups"] or [answer]
    level, model = answer["level"], answer.get("model")
    between = {name: answer[name] for name in _BETWEEN if answer.get(name) is not None}
    return [
        _summary_entry(first, level, model, between),
        *(_summary_entry(one, level, model, {}) for one in others),
    ]


#: What an answer says of the difference between its blocks.
_BETWEEN = ("subgroup_difference", "stratified_difference")


def _difference_words(record: Record) -> str:
    if "strata" in record:
        limits = span_text(record["ci_lower"], record["ci_upper"], 4)
        strata = ", ".join(record["strata"])
        return f"{_number(record['estimate'])} ({limits}) within the strata {strata} of {record['study']}"
    if record["reason"] is not None:
        return f"not tested: {record['reason']}"
    df = " and ".join(str(record[name]) for name in ("df", "residual_df") if record[name] is not None)
    statistic = _number(record["statistic"])
    return f"{term_words(record['test'])} {statistic}, df {df}, p {_number(record['p_value'])}"


def _summary_entry(summary: Record, level: float, model: str | None, between: Record) -> Entry:
    label = summary.get("label", "")
    more = [
        Fact(term_words(name), hashable(found), _difference_words(found)) for name, found in between.items()
    ]
    facts = (*_summary_facts(summary, level, model), *more)
    record = {"label": label, **{key: summary[key] for key in _OF_A_SUMMARY if key in summary}, **between}
    return Entry(
        (label,), facts, record, f"{label}: pooled estimate" if label else "pooled estimate", facts[0].text
    )


def _summary_facts(summary: Record, level: float, model: str | None) -> Iterator[Fact]:
    yield _several("estimate", summary, (*_INTERVAL, *_COUNTS, "refused", "exploratory"),
                   _estimate_text(summary, level))  # fmt: skip
    if summary["refused"] is None:
        yield fact("model", term_words(model or ""))
        if among := summary.get("among_choices"):
            yield fact("among its choices", among["words"] or "not at their edge")
        yield _several("prediction interval", summary, _PREDICTION, _span(summary, "prediction_"))
        yield _several("p-value", summary, ("p_value",), _number(summary["p_value"]))
        yield _several("heterogeneity", summary, _HETEROGENEITY, _heterogeneity_text(summary))
    if beside := summary["bayesian"]:
        text = _with_interval(beside, level, bayesian=True)
        yield Fact("Bayesian estimate beside it", hashable(beside), text)
    if summary.get("absolute"):
        from evisynth.answers import absolute_words

        yield Fact("in patients", hashable(summary["absolute"]), absolute_words(summary["absolute"]))
    yield fact(CAUTIONS, summary["cautions"])


def _several(name: str, record: Record, keys: tuple[str, ...], text: str) -> Fact:
    return Fact(name, tuple(hashable(record[key]) for key in keys), text)


def _estimate_text(summary: Record, level: float) -> str:
    if summary["refused"] is not None:
        return f"not pooled: {summary['refused']}"
    rows, studies, patients = (summary[key] for key in _COUNTS)
    counts = [f"k = {rows}", counted(studies, "study")]
    counts += [] if patients is None else [counted(patients, "patient")]
    counts += ["exploratory"] if summary["exploratory"] else []
    return _with_interval(summary, level, f"; {', '.join(counts)}", bayesian=bool(summary["prior"]))


def _heterogeneity_text(summary: Record) -> str:
    share = "" if summary["i_squared"] is None else f", I squared {rounded_percent(summary['i_squared'], 0)}"
    tau_squared, q = _number(summary["tau_squared"]), _number(summary["q_statistic"])
    return f"tau squared {tau_squared}{share}, Q {q}"


def _row_entry(row: Record, level: float) -> Entry:
    """Return the entry of a row; the key is block, study and comparison."""
    effect, reason = _effect_text(row, level), row["reason"] or "no reason given"
    facts = (
        _several("effect", row, _EFFECT, effect),
        fact("patients", row["n"]),
        fact("grade", row["grade"]),
        fact("recovery", term_words(row["recovery"])),
        _several("included", row, ("included", "reason"), "yes" if row["included"] else f"no, {reason}"),
        fact(LOWERED_BY, row["downgrades"]),
    )
    block, study, comparison = key = (row["row_group"], row["study"], row["comparison"])
    record = {"row_group": block, "study": study, "comparison": comparison}
    fate = "included" if row["included"] else f"not included: {reason}"
    return Entry(key, facts, record | {name: row[name] for name in _OF_A_ROW},
                 f"{study} {comparison}" + (f" ({block})" if block else ""),
                 f"{effect}, grade {row['grade']}, {fate}")  # fmt: skip


def _effect_text(row: Record, level: float) -> str:
    if row["estimate"] is not None:
        return _with_interval(row, level)
    lower, upper = row["lower"], row["upper"]
    if lower is None and upper is None:
        return "no estimate"
    if lower is None or upper is None:
        return f"at most {_number(upper)}" if lower is None else f"at least {_number(lower)}"
    return f"between {_number(lower)} and {_number(upper)}"


def asked_entries(question: Any) -> list[Entry]:
    """Return an entry for each thing that a question file says; the key is its name."""
    facts = [one for name, value in (named_parts(question) or {}).items() if name != "id"
             for one in parts(value, term_words(name))]  # fmt: skip
    return [
        Entry((one.name,), (one,), {"name": one.name, "text": one.text}, f"asked: {one.name}", one.text)
        for one in facts
    ]


def term_entries(vocabulary: Vocabulary) -> list[Entry]:
    """Return an entry for each outcome and each tag; the key is its kind and id."""
    terms = [term for terms in vocabulary.terms.values() for term in terms.values()]
    return [*map(_term_entry, vocabulary.outcomes.values()), *map(_term_entry, terms)]


def _term_entry(term: Outcome | Term) -> Entry:
    kind = term.kind if isinstance(term, Term) else "outcome"
    values = {name: value for name, value in (named_parts(term) or {}).items() if name not in ("kind", "id")}
    facts = tuple(fact(term_words(name), value) for name, value in values.items())
    return Entry((kind, term.id), facts, {"kind": kind, "id": term.id, **six_digits(values)}, kind, term.id)


def _with_interval(record: Record, level: float, more: str = "", *, bayesian: bool = False) -> str:
    """Write ``0.72 (95% CI 0.6 to 0.86)``."""
    interval = f"{interval_name(level, bayesian)} {_span(record, 'ci_')}"
    return f"{_number(record['estimate'])} ({interval}{more})"


def _span(record: Record, prefix: str) -> str:
    return span_text(record[f"{prefix}lower"], record[f"{prefix}upper"], 4)


def _number(value: float | None) -> str:
    """Write a number as ``evisynth pool`` does; what no float holds, or nobody computed, is a dash."""
    return number_text(value, 4)
