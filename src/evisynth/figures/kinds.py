"""The kinds of plot by name: what each shows and what it is drawn from.

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
#: comparisons with both risks, its rows against a moderator, its pooled survival curves; or, of all studies,
#: what they report, their survival curves, how much evidence they hold, whom they followed.
Subject = Literal[
    "pooled", "posterior", "multiverse", "risks", "moderator", "pooled curves", "reported", "curves",
    "contents", "cohorts",
]  # fmt: skip
#: Subjects that belong to a question; the others take all studies of the project.
OF_A_QUESTION = frozenset({"pooled", "posterior", "multiverse", "risks", "moderator", "pooled curves"})


@dataclass(frozen=True, slots=True)
class PlotKind:
    """A kind of plot; the function that draws it has its name in ``evisynth.figures``."""

    name: str
    shows: str
    subject: Subject
    #: What is typed after the name, as the help shows it; nothing after kinds that show all studies.
    asked: str = "complete-cytoreduction"

    @property
    def example(self) -> str:
        """What is typed after the name of the kind in an example of it."""
        return self.asked if self.needs_question else ""

    @property
    def function(self) -> str:
        """Name of the function of ``evisynth.figures`` that draws the plot."""
        return self.name.replace("-", "_")

    @property
    def needs_question(self) -> bool:
        """Whether the plot is one of a question."""
        return self.subject in OF_A_QUESTION

    def draw(self, *subjects: Any, **settings: Any) -> Figure:
        """Draw the plot: hand everything to its function and return the figure."""
        figure: Figure = getattr(import_module("evisynth.figures"), self.function)(*subjects, **settings)
        return figure


_KINDS = (
    PlotKind("evidence-map", "how many studies and patients stand behind each outcome", "contents"),
    PlotKind("reporting-matrix", "which study reports what", "reported"),
    PlotKind("cohort-timeline", "when and where patients were treated, and which cohorts overlap", "cohorts"),
    PlotKind("survival-sketch", "what the studies let us know of their survival curves", "curves"),
    PlotKind("specification-curve", "the estimate under every admissible choice", "multiverse"),
    PlotKind("funnel", "estimates against their standard errors, with Egger's line", "pooled"),
    PlotKind("baujat", "which rows make the heterogeneity, and which the estimate", "pooled"),
    PlotKind("influence", "what changes when each row is left out", "pooled"),
    PlotKind("gosh", "the estimate of every subset of rows", "pooled"),
    PlotKind("galbraith", "standardised estimates against precision (radial plot)", "pooled"),
    PlotKind("drapery", "p-value functions of every row and of the estimate", "pooled"),
    PlotKind("posterior", "prior and posterior of the effect and of tau", "posterior"),
    PlotKind(
        "labbe", "the risk in one group against the risk in the other", "risks", "resection-overall-survival"
    ),
    PlotKind(
        "pooled-curve",
        "survival at several times, pooled as one curve",
        "pooled curves",
        "liver-surgery-survival-curve",
    ),
    PlotKind(
        "bubble",
        "effects against a moderator, with the meta-regression",
        "moderator",
        "complete-cytoreduction --moderator patients",
    ),
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
