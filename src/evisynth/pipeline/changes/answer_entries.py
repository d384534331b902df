"""An answer as entries to compare: its estimates or refusals, its rows, and what was asked.

Answers come as the values of ``evisynth pool --format json``, rounded as they are committed, so that two
answers differ here when a reader of ``evidence/results`` would see it. Rows say beside that what lowered
their grade (``downgrades``). Their weights are left out: every weight moves when one row comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from evisynth.pipeline.changes.compare import Entry, Fact
from evisynth.pipeline.changes.line import LOWERED_BY
from evisynth.pipeline.changes.plain import hashable, named_parts, parts, text_fact
from evisynth.report.plain_values import six_digits
from evisynth.vocabulary import Outcome, Term, Vocabulary

if TYPE_CHECKING:
    from evisynth.synthesis.answer import Answer

Record = Mapping[str, Any]

#: Label of the estimate over all rows.
OVERALL = ""
#: Name of the fact that holds an estimate, or the refusal to pool.
ESTIMATE = "estimate"
CAUTIONS = "cautions"
_SUMMARY_KEYS = (
    "row_count", "study_count", "participant_count", "estimate", "ci_lower", "ci_upper", "standard_error",
    "p_value", "tau_squared", "i_squared", "q_statistic", "prediction_lower", "prediction_upper", "absolute",
    "exploratory", "refused", "cautions", "prior", "bayesian",
)  # fmt: skip
_ROW_KEYS = (
    "n", "kind", "estimate", "standard_error", "ci_lower", "ci_upper", "lower", "upper", "grade", "recovery",
    "included", "reason", "downgrades",
)  # fmt: skip


def answer_values(answer: Answer) -> dict[str, Any]:
    """Give an answer as plain values, each row with what lowered its grade."""
    from evisynth.synthesis.answer_record import answer_as_json

    values = answer_as_json(answer)
    rows = zip(values["rows"], answer.rows, strict=True)
    values["rows"] = [{**row, "downgrades": list(of.effect.downgrades)} for row, of in rows]
    return six_digits(values)  # type: ignore[no-any-return]


def summary_entries(answer: Record | None) -> list[Entry]:
    """Return an entry for each estimate: over all rows, and for each block; the key is the label."""
    if answer is None:
        return []
    blocks = answer["subgroups"]
    # Where each block has its own estimate, that there is none over all is how the question was asked.
    overall = [] if blocks else [_summary_entry(OVERALL, answer, answer["level"])]
    return overall + [_summary_entry(block["label"], block, answer["level"]) for block in blocks]


def _summary_entry(label: str, summary: Record, level: float) -> Entry:
    record = {"label": label, **{key: summary[key] for key in _SUMMARY_KEYS if key in summary}}
    return Entry((label,), tuple(_summary_facts(summary, level)), record)


def _summary_facts(summary: Record, level: float) -> Iterator[Fact]:
    pooled = summary["refused"] is None
    keys = ("refused", "exploratory", "row_count", "study_count", "participant_count", "estimate",
            "ci_lower", "ci_upper", "standard_error")  # fmt: skip
    yield Fact(ESTIMATE, _values(summary, *keys), _estimate_text(summary, level))
    if pooled:
        span = _span(summary["prediction_lower"], summary["prediction_upper"])
        yield Fact("prediction interval", _values(summary, "prediction_lower", "prediction_upper"), span)
        yield Fact("p-value", summary["p_value"], number_text(summary["p_value"]))
        heterogeneity = ("tau_squared", "i_squared", "q_statistic")
        yield Fact("heterogeneity", _values(summary, *heterogeneity), _heterogeneity_text(summary))
    if (beside := summary["bayesian"]) is not None:
        limits = _span(beside["ci_lower"], beside["ci_upper"])
        shown = f"{number_text(beside['estimate'])} ({100 * level:g}% credible interval {limits})"
        yield Fact("Bayesian estimate beside it", hashable(beside), shown)
    if summary.get("absolute"):
        from evisynth.synthesis.absolute_record import absolute_words

        yield Fact("in patients", hashable(summary["absolute"]), absolute_words(summary["absolute"]))
    yield Fact(CAUTIONS, tuple(summary["cautions"]), " ".join(summary["cautions"]))


def _estimate_text(summary: Record, level: float) -> str:
    if summary["refused"] is not None:
        return f"not pooled: {summary['refused']}"
    word = "credible interval" if summary["prior"] else "CI"
    interval = f"{100 * level:g}% {word} {_span(summary['ci_lower'], summary['ci_upper'])}"
    counts = [f"k = {summary['row_count']}", _counted(summary["study_count"])]
    if summary["participant_count"] is not None:
        counts.append(f"{summary['participant_count']:,} patients")
    exploratory = ", exploratory" if summary["exploratory"] else ""
    return f"{number_text(summary['estimate'])} ({interval}; {', '.join(counts)}{exploratory})"


def _counted(studies: int) -> str:
    return "1 study" if studies == 1 else f"{studies} studies"


def _heterogeneity_text(summary: Record) -> str:
    tau_squared, i_squared = number_text(summary["tau_squared"]), summary["i_squared"]
    share = "" if i_squared is None else f", I squared {i_squared:.0%}"
    return f"tau squared {tau_squared}{share}, Q {number_text(summary['q_statistic'])}"


def row_entries(answer: Record | None) -> list[Entry]:
    """Return an entry for each row; the key is block, study and comparison."""
    if answer is None:
        return []
    return [_row_entry(row, answer["level"]) for row in answer["rows"]]


def _row_entry(row: Record, level: float) -> Entry:
    fate = "yes" if row["included"] else f"no, {row['reason'] or 'no reason given'}"
    facts = (
        Fact("effect", _values(row, *_ROW_KEYS[1:8]), _effect_text(row, level)),
        text_fact("patients", row["n"]),
        text_fact("grade", row["grade"]),
        text_fact("recovery", row["recovery"].replace("_", " ")),
        Fact("included", (row["included"], row["reason"]), fate),
        text_fact(LOWERED_BY, row["downgrades"]),
    )
    key = (row["row_group"], row["study"], row["comparison"])
    record = {"row_group": key[0], "study": key[1], "comparison": key[2]}
    return Entry(key, facts, record | {name: row[name] for name in _ROW_KEYS})


def _effect_text(row: Record, level: float) -> str:
    if row["estimate"] is not None:
        return (
            f"{number_text(row['estimate'])} ({100 * level:g}% CI {_span(row['ci_lower'], row['ci_upper'])})"
        )
    lower, upper = row["lower"], row["upper"]
    if lower is None and upper is None:
        return "no estimate"
    if lower is None or upper is None:
        return f"at most {number_text(upper)}" if lower is None else f"at least {number_text(lower)}"
    return f"between {number_text(lower)} and {number_text(upper)}"


def asked_entries(question: Any) -> list[Entry]:
    """Return an entry for each thing that a question file says; the key is its name."""
    if question is None:
        return []
    facts = [fact for name, value in (named_parts(question) or {}).items() if name != "id"
             for fact in parts(value, name.replace("_", " "))]  # fmt: skip
    return [Entry((fact.name,), (fact,), {"name": fact.name, "text": fact.text}) for fact in facts]


def term_entries(vocabulary: Vocabulary) -> list[Entry]:
    """Return an entry for each outcome and each tag; the key is its kind and id."""
    terms = [term for terms in vocabulary.terms.values() for term in terms.values()]
    return [*map(_term_entry, vocabulary.outcomes.values()), *map(_term_entry, terms)]


def _term_entry(term: Outcome | Term) -> Entry:
    kind = term.kind if isinstance(term, Term) else "outcome"
    values = {name: value for name, value in (named_parts(term) or {}).items() if name not in ("kind", "id")}
    facts = tuple(text_fact(name.replace("_", " "), value) for name, value in values.items())
    return Entry((kind, term.id), facts, {"kind": kind, "id": term.id, **six_digits(values)})


def _values(record: Record, *names: str) -> tuple[Any, ...]:
    return tuple(hashable(record[name]) for name in names)


def _span(lower: float | None, upper: float | None) -> str:
    if lower is None and upper is None:
        return ""
    return f"{number_text(lower)} to {number_text(upper)}"


def number_text(value: float | None) -> str:
    """Write a number as ``evisynth pool`` does; what no float holds, or nobody computed, is a dash."""
    return "-" if value is None else f"{value:.4g}"
