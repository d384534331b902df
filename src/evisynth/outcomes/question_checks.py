"""Keys of a question that do not go together, each told at the place to mend."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from evisynth.measures import EffectMeasure
from evisynth.near_names import suggestion_text
from evisynth.reading import Mapping, Mistakes, Node, Scalar, Sequence, folded_words, plain_text
from evisynth.wording import with_article


def check_studies(node: Mapping, studies: Collection[str], mistakes: Mistakes) -> None:
    """Refuse studies that do not exist, and those that are left out and stand for an overlap set as well."""
    left_out = list(_texts(node.get("leave_out"), "study"))
    overlap = node.get("overlap")
    kept = overlap.get("keep") if isinstance(overlap, Mapping) else None
    kept_studies = list(_texts([kept] if isinstance(kept, Scalar) else kept))
    for study in (*left_out, *kept_studies):
        if study.strip() not in studies:
            fix = suggestion_text(study, tuple(studies))
            mistakes.refuse(study, "unknown-study", f"unknown study '{study}'", fix)
    for study in kept_studies:
        if study in left_out and study in studies:
            message = f"'{study}' is kept, and left out under leave_out:"
            mistakes.refuse(study, "kept-and-left-out", message, "take it out of one of the two lists")


def _texts(listed: object, key: str | None = None) -> Iterator[Scalar]:
    """Give the texts of a list, or those under a key of its blocks."""
    for item in listed if isinstance(listed, list) else ():
        text = item.get(key) if key is not None and isinstance(item, Mapping) else item
        if isinstance(text, Scalar):
            yield text


def check_labels(rows: Node | None, mistakes: Mistakes) -> None:
    """Refuse two blocks of rows of one name."""
    met: set[str] = set()
    for row in rows if isinstance(rows, Sequence) else ():
        label = plain_text(row.get("label")) if isinstance(row, Mapping) else ""
        if label and label in met:
            message = f"two blocks are called '{label}'"
            mistakes.refuse(row, "duplicate-label", message, "give each its own label")
        met.add(label)


def check_measure(node: Mapping, measure: EffectMeasure, mistakes: Mistakes) -> None:
    """Refuse keys that are about another kind of measure than the question asks for."""
    if "baseline" in node and not measure.proportional_hazards:
        message = f"a baseline turns a hazard ratio into patients, not another measure ({measure.words})"
        fix = "take it out, or ask for a hazard ratio"
        mistakes.refuse(node["baseline"], "baseline-unused", message, fix)
    if "empty_cells" in node and measure.risk_scale is None:
        message = f"empty_cells is about tables of four counts, and {with_article(measure.words)} has none"
        fix = "take it out, or ask for an odds ratio, risk ratio or risk difference"
        mistakes.refuse(node["empty_cells"], "empty-cells-unused", message, fix)


def check_model(node: Mapping, measure: EffectMeasure | None, mistakes: Mistakes) -> None:
    """Refuse settings of a model that do not go together."""
    model = folded_words(plain_text(node.get("model")))
    if model == "bayesian":
        if measure is not None and measure.usual_prior is None and "tau_prior" not in node:
            message = f"{with_article(measure.words)} has no usual prior on tau, which a Bayesian model needs"
            fix = "name one: tau_prior: half-normal(0.1)"
            mistakes.refuse(node["model"], "prior-missing", message, fix)
        overlap = node.get("overlap")
        choice = overlap.get("choice") if isinstance(overlap, Mapping) else None
        if overlap is not None and folded_words(plain_text(choice)) == "robust":
            message = "a robust standard error belongs to no Bayesian model"
            fix = "type choice: covariance or choice: one report, or take model: bayesian out"
            mistakes.refuse(overlap, "robust-not-bayesian", message, fix)
    if model == "common effect" and "tau_prior" in node:
        message = "a common-effect model has no tau, and takes no prior on it"
        fix = "take it out, or type model: bayesian"
        mistakes.refuse(node["tau_prior"], "prior-unused", message, fix)
