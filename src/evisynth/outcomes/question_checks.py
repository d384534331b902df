"""Keys of a question that do not go together, each told at the place to mend."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from evisynth.measures import EffectMeasure, question_measures
from evisynth.near_names import suggestion_text
from evisynth.reading import Mapping, Mistakes, Node, Scalar, Sequence, folded_words, plain_text
from evisynth.wording import listed, with_article

#: The measure of which several times make a curve.
CURVE_MEASURE = "survival"


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
    half = folded_words(plain_text(node.get("empty_cells"))) == "add half"
    if half and measure.risk_scale == "identity":
        message = "half a patient is never added for a risk difference: an empty row would weigh most"
        fix = "take it out, or pool counts as they are by model: mantel-haenszel"
        mistakes.refuse(node["empty_cells"], "half-unused", message, fix)
    if "empty_cells" in node and measure.risk_scale is None:
        message = f"empty_cells is about tables of four counts, and {with_article(measure.words)} has none"
        fix = "take it out, or ask for an odds ratio or a risk ratio"
        mistakes.refuse(node["empty_cells"], "empty-cells-unused", message, fix)


def check_times(node: Mapping, measure: EffectMeasure, mistakes: Mistakes) -> None:
    """Refuse several times where they are no points of a curve, and what does not go with them."""
    if not isinstance(node.get("time"), Sequence):
        return
    if measure.id != CURVE_MEASURE:
        message = (
            f"several times make a curve of survival, and {with_article(measure.words)} is no rate of one"
        )
        mistakes.refuse(node["time"], "times-of-other-measure", message, "name one time, or ask for survival")
    for key, only in (("model", "random effects"), ("summary", "by row group")):
        if key in node and folded_words(plain_text(node.get(key))) != only:
            message = f"rates at several times are pooled as one curve, which takes {key}: {only}"
            mistakes.refuse(node[key], f"curve-{key}", message, "take it out, or name one time")
    rows = node.get("rows")
    for row in rows if isinstance(rows, Sequence) else ():
        if isinstance(row, Mapping) and "time" in row:
            message = "the question names the times of all its blocks"
            mistakes.refuse(row["time"], "time-beside-times", message, "take one of the two out")


def check_model(node: Mapping, measure: EffectMeasure | None, mistakes: Mistakes) -> None:
    """Refuse settings of a model that do not go together."""
    model = folded_words(plain_text(node.get("model")))
    if "moderators" in node and model not in ("", "common effect", "random effects"):
        message = "a meta-regression takes effects with standard errors, by a common or a random effect"
        fix = "take moderators: out, or type model: random effects"
        mistakes.refuse(node["moderators"], "moderators-of-other-model", message, fix)
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
    if model in _WITHOUT_PRIOR and "tau_prior" in node:
        message = f"{_WITHOUT_PRIOR[model]} takes no prior on tau"
        fix = "take it out, or type model: bayesian"
        mistakes.refuse(node["tau_prior"], "prior-unused", message, fix)
    if any(model.replace(" ", "_") in one.count_models for one in question_measures().values()):
        _check_counts(node, model, measure, mistakes)


_WITHOUT_PRIOR = {
    "common effect": "a common-effect model has no tau, and",
    "binomial normal": "the binomial-normal model is fitted by maximum likelihood, and",
    "mantel haenszel": "Mantel and Haenszel's model has no tau, and",
    "peto": "Peto's model has no tau, and",
}


def _check_counts(node: Mapping, model: str, measure: EffectMeasure | None, mistakes: Mistakes) -> None:
    """Refuse what does not go with a model that takes the counts of rows as they are."""
    named = model.replace(" ", "-")
    fitting = [
        one.words for one in question_measures().values() if model.replace(" ", "_") in one.count_models
    ]
    if measure is not None and measure.words not in fitting:
        message = f"model {named} pools counts, which {with_article(measure.words)} is not made of here"
        fix = f"take it out, or ask for {listed(fitting, 'or')}"
        mistakes.refuse(node["model"], "model-of-other-measure", message, fix)
    if folded_words(plain_text(node.get("empty_cells"))) == "add half":
        message = f"model {named} takes empty cells as they are, without half a patient"
        mistakes.refuse(node["empty_cells"], "half-unused", message, "take empty_cells: out")
    if folded_words(plain_text(node.get("shared_control"))) == "covariance":
        message = f"model {named} pools counts, which have no covariance of effects"
        fix = "type shared_control: one comparison, or take model: out"
        mistakes.refuse(node["shared_control"], "counts-without-covariance", message, fix)
    overlap = node.get("overlap")
    choice = folded_words(plain_text(overlap.get("choice") if isinstance(overlap, Mapping) else None))
    if isinstance(overlap, Mapping) and choice in ("covariance", "robust"):
        message = f"model {named} pools counts, which have no covariance of effects"
        fix = "type choice: one report, or take model: out"
        mistakes.refuse(overlap, "counts-without-covariance", message, fix)
