"""Reading how a question pools: the prior on tau, and settings of a model that do not go together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from evisynth.studies.field_readers import FieldReader
from evisynth.studies.yaml_nodes import Mapping as MappingNode
from evisynth.studies.yaml_nodes import Node

#: Measures for which no prior on tau is usual: on their scale the spread of effects hangs on the risk itself.
MEASURES_WITHOUT_USUAL_PRIOR = frozenset({"risk_difference"})
_ABOVE_ZERO = r"(?=[\d.]*[1-9])\d*\.?\d+"
#: Priors on tau that a question may name: those of ``synthesis.priors``, with figures that give a density.
_TAU_PRIOR = re.compile(
    rf"(half-normal|half-cauchy)\({_ABOVE_ZERO}\)|half-t\({_ABOVE_ZERO}, ?{_ABOVE_ZERO}\)"
    rf"|log-normal\(-?\d*\.?\d+, ?{_ABOVE_ZERO}\)",
    re.ASCII,
)


def read_tau_prior(reader: FieldReader, node: Node) -> str | None:
    """Read a prior on tau by its name and figures; the mistake is reported, with what to type instead."""
    text = reader.scalar(node)
    if text is None or (_TAU_PRIOR.fullmatch(text) and _is_within_reason(text)):
        return text
    fix = (
        "type half-normal(0.5), half-t(0.5, 4), half-cauchy(0.5) or log-normal(-1.75, 0.63), "
        "with the scale, from 0.001 to 10, that fits the measure"
    )
    reader.refuse(node, "unknown-prior", f"'{text}' is no prior on tau", fix)
    return None


def _is_within_reason(prior: str) -> bool:
    """Whether tau may be what the prior says: far beyond, a limit of the answer would be no number."""
    name, _, figures = prior.rstrip(")").partition("(")
    first, *others = (float(figure) for figure in figures.split(","))
    if name == "log-normal":
        return -10 <= first <= 2 and others[0] <= 3
    return 0.001 <= first <= 10 and all(0.5 <= freedom <= 1000 for freedom in others)


def check_model(reader: FieldReader, root: Node, values: Mapping[str, Any]) -> None:
    """Report settings of a model that do not go together, each at the place to mend.

    Parameters
    ----------
    reader
        Takes the findings.
    root
        The whole file, for the places.
    values
        What was read of it, by key.
    """
    model, prior, measure = (values.get(key) for key in ("model", "tau_prior", "effect_measure"))
    entries = root.entries if isinstance(root, MappingNode) else {}
    if model == "bayesian" and measure in MEASURES_WITHOUT_USUAL_PRIOR and "tau_prior" not in entries:
        message = f"a {measure.replace('_', ' ')} has no usual prior on tau, which a Bayesian model needs"
        fix = "name one: tau_prior: half-normal(0.1)"
        reader.refuse(entries["model"][1], "prior-missing", message, fix)
    if model == "bayesian" and getattr(values.get("overlap"), "choice", None) == "robust":
        message = "a robust standard error belongs to no Bayesian model"
        fix = "type choice: covariance or choice: one report, or take model: bayesian out"
        reader.refuse(entries["overlap"][1], "robust-not-bayesian", message, fix)
    if model == "common_effect" and prior is not None:
        message = "a common-effect model has no tau, and takes no prior on it"
        fix = "take it out, or type model: bayesian"
        reader.refuse(entries["tau_prior"][1], "prior-unused", message, fix)
