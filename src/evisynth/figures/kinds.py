"""The kinds of plot by name: what each shows, what it is drawn from, and where its function lives.

Light on purpose: the command line lists the kinds without importing what draws them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from evisynth.errors import UnknownNameError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: What a plot is drawn from: the pooled rows of a question, its Bayesian posterior, its multiverse, its
#: comparisons with both risks, its rows against a moderator; or, of all studies, what they report, their
#: survival curves, how much evidence they hold, whom they followed.
Subject = Literal[
    "pooled", "posterior", "multiverse", "risks", "moderator", "reported", "curves", "contents", "cohorts"
]
#: Subjects that belong to a question; the others take all studies of the project.
OF_A_QUESTION = frozenset({"pooled", "posterior", "multiverse", "risks", "moderator"})


@dataclass(frozen=True, slots=True)
class PlotKind:
    """A kind of plot; ``function`` is found in ``module`` when the plot is drawn."""

    name: str
    shows: str
    subject: Subject
    module: str
    function: str

    @property
    def needs_question(self) -> bool:
        """Whether the plot is one of a question."""
        return self.subject in OF_A_QUESTION

    def draw(self, *subjects: Any, **settings: Any) -> Figure:
        """Draw the plot: hand everything to its function and return the figure."""
        figure: Figure = getattr(import_module(self.module), self.function)(*subjects, **settings)
        return figure


def _diagnostic(name: str, shows: str, subject: Subject = "pooled") -> PlotKind:
    function = name.replace("-", "_")
    return PlotKind(name, shows, subject, "evisynth.figures.diagnostics", function)


def _of_evidence(name: str, shows: str, subject: Subject) -> PlotKind:
    function = name.replace("-", "_")
    return PlotKind(name, shows, subject, "evisynth.figures.evidence", function)


_KINDS = (
    _of_evidence("evidence-map", "how many studies and patients stand behind each outcome", "contents"),
    _of_evidence("reporting-matrix", "which study reports what", "reported"),
    _of_evidence(
        "cohort-timeline", "when and where patients were treated, and which cohorts overlap", "cohorts"
    ),
    _of_evidence("survival-sketch", "what the studies let us know of their survival curves", "curves"),
    _of_evidence("specification-curve", "the estimate under every admissible choice", "multiverse"),
    _diagnostic("funnel", "estimates against their standard errors, with Egger's line"),
    _diagnostic("baujat", "which rows make the heterogeneity, and which the estimate"),
    _diagnostic("influence", "what changes when each row is left out"),
    _diagnostic("gosh", "the estimate of every subset of rows"),
    _diagnostic("galbraith", "standardised estimates against precision (radial plot)"),
    _diagnostic("drapery", "p-value functions of every row and of the estimate"),
    _diagnostic("posterior", "prior and posterior of the effect and of tau", "posterior"),
    _diagnostic("labbe", "the risk in one group against the risk in the other", "risks"),
    _diagnostic("bubble", "effects against a moderator, with the meta-regression", "moderator"),
)

KINDS: Mapping[str, PlotKind] = {kind.name: kind for kind in _KINDS}


def plot_kind(name: str) -> PlotKind:
    """Find a kind of plot by its name; underscores will do for hyphens.

    Raises
    ------
    UnknownNameError
        No plot has that name; the message lists those there are.
    """
    known = KINDS.get(name.replace("_", "-"))
    if known is None:
        raise UnknownNameError("plot", name, list(KINDS))
    return known
