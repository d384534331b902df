"""Prior and posterior of a Bayesian synthesis: of the mean effect, of a new study's effect, and of tau."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evisynth.arithmetic import from_natural_scale
from evisynth.errors import InvalidDataError
from evisynth.figures.chart.axes import bare_axis, plain_axis
from evisynth.figures.chart.chart import Area, Chart, LegendEntry, Line, Mark, Panel
from evisynth.figures.chart.effect_axis import EffectAxis, analysed_words, effect_axis
from evisynth.figures.diagnostics.subject import Array, Diagnosed, Subject, read_subject
from evisynth.synthesis import BayesianResult, NormalMixture
from evisynth.wording import plain_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PLACES = 241
#: The axis ends where so little is left, or this far beyond the interval, in its halves: whichever is nearer.
_TAIL, _BEYOND = 0.002, 0.8


def posterior(result: Diagnosed, *, title: str | None = None) -> Figure:
    """Draw what a Bayesian synthesis believed before, and what it believes after it saw the rows.

    Parameters
    ----------
    result
        What ``pool_bayesian`` hands back, or a Bayesian answer.
    title
        Instead of the title made from the result.

    Raises
    ------
    InvalidDataError
        The result has no posterior.
    """
    from evisynth.figures.chart.draw import draw_chart

    return draw_chart(lay_out_posterior(result, title=title))


def lay_out_posterior(result: Diagnosed, *, title: str | None = None) -> Chart:
    """Lay out the prior and posterior; see :func:`posterior`."""
    subject = read_subject(result, "a plot of prior and posterior")
    found = subject.result
    if not isinstance(found, BayesianResult):
        raise InvalidDataError(
            f"a plot of prior and posterior needs a Bayesian result, not one by {found.method}; pool with "
            "pool_bayesian(y, v, tau_prior='half-normal(0.5)')"
        )
    effect, tau = _effect_panel(subject, found), _tau_panel(subject, found)
    level = plain_number(100 * found.level)
    return Chart(
        subject.title("Prior and posterior") if title is None else title,
        ((effect, tau),),
        legend=(
            LegendEntry("line", "Posterior", tone="mark"),
            LegendEntry("area", f"Shortest {level}% interval", tone="band"),
            LegendEntry("dashed", "Prior", tone="accent"),
            LegendEntry("dotted", "Effect in a new study"),
        ),
        notes=(_numbers(subject, found), f"Priors: {prior_words(found)}. Areas under the curves are equal."),
        subtitle=subject.subtitle,
        description=f"{_numbers(subject, found)} Priors: {prior_words(found)}.",
    )


def prior_words(found: BayesianResult) -> str:
    """Say both priors with their symbols."""
    mean = "flat" if found.prior.mu is None else str(found.prior.mu)
    return f"τ {found.prior.tau}; mean effect {mean}"


def _numbers(subject: Subject, found: BayesianResult) -> str:
    level = plain_number(100 * found.level)
    said = (
        f"Posterior median of the mean effect {subject.pooled_words}; of τ {plain_number(found.tau)} "
        f"({plain_number(found.tau_ci_lower)} to {plain_number(found.tau_ci_upper)})"
    )
    if found.prediction_lower is None or found.prediction_upper is None:
        return f"{said}; {level}% intervals."
    middle = float(found.posterior.prediction.quantile(0.5))
    new = subject.interval_words(middle, found.prediction_lower, found.prediction_upper)
    return f"{said}; effect in a new study {new}; {level}% intervals."


def _effect_panel(subject: Subject, found: BayesianResult) -> Panel:
    x = _effect_axis(subject, found)
    places = np.linspace(x.lower, x.upper, _PLACES)
    mean, new = found.posterior.effect.density(places), found.posterior.prediction.density(places)
    curves = [mean, new]
    marks = _interval(x, found)
    null = subject.display.null
    highest = 1.06 * float(max(mean.max(), new.max()))
    if null is not None:
        marks.append(Line([null, null], [0.0, highest], tone="rule", width=0.8))
    if found.prior.mu is not None:
        one = np.ones(1)
        before = NormalMixture(one, one * found.prior.mu.mean, one * found.prior.mu.sd).density(places)
        curves.append(before)
        marks.append(_line(x, places, before, prior=True))
    marks.append(Line(x.naturals(places.tolist()), new.tolist(), style="dotted", width=1.2))
    marks.append(_line(x, places, mean, prior=False))
    peak = float(found.posterior.effect.density(found.estimate))
    marks.append(Line(x.naturals([found.estimate] * 2), [0.0, peak], tone="mark", width=1.0))
    top = 1.06 * max(float(curve.max()) for curve in curves)
    return Panel(x.axis, bare_axis(0.0, top), tuple(marks), title="Mean effect", width=250.0, height=170.0)


def _effect_axis(subject: Subject, found: BayesianResult) -> EffectAxis:
    """Reach over the interval and its tails, and over a new study's effect unless that is far wider."""
    tails = found.posterior.effect.quantile([_TAIL, 1 - _TAIL])
    lower = max(float(tails[0]), found.ci_lower - _BEYOND * (found.estimate - found.ci_lower))
    upper = min(float(tails[1]), found.ci_upper + _BEYOND * (found.ci_upper - found.estimate))
    null = subject.display.null
    at_null = [] if null is None else [from_natural_scale(null, subject.display.scale)]
    limits = [x for x in (found.prediction_lower, found.prediction_upper) if x is not None]
    return effect_axis(subject.display, [lower, upper, found.estimate, *at_null], limits)


def _interval(x: EffectAxis, found: BayesianResult) -> list[Mark]:
    inside = np.linspace(found.ci_lower, found.ci_upper, _PLACES // 2)
    heights = found.posterior.effect.density(inside).tolist()
    return [Area(x.naturals(inside.tolist()), [0.0] * len(heights), heights, tone="band")]


def _line(x: EffectAxis, places: Array, heights: Array, *, prior: bool) -> Line:
    xs = x.naturals(places.tolist())
    if prior:
        return Line(xs, heights.tolist(), tone="accent", width=1.4, style="dashed")
    return Line(xs, heights.tolist(), tone="mark", width=2.0)


def _tau_panel(subject: Subject, found: BayesianResult) -> Panel:
    after = found.posterior.tau
    end = min(max(float(after.quantile(0.995)), 1.1 * found.tau_ci_upper), 1.6 * found.tau_ci_upper)
    # A prior much wider than the posterior is cut; one a little wider is seen whole.
    end = max(end, min(2.5 * found.prior.tau.scale, 2 * end))
    words = analysed_words(subject.display)
    x = plain_axis(f"τ, standard deviation{words} between studies", [], start=0.0, end=end)
    # tau = 0 itself has a density too, but its logarithm has no place
    places = np.linspace(end * 1e-4, end, _PLACES)
    density, before = after.density(places), np.exp(found.prior.tau.log_density(places))
    inside = np.linspace(max(found.tau_ci_lower, end * 1e-4), found.tau_ci_upper, _PLACES // 2)
    peak = float(after.density(found.tau))
    heights = after.density(inside).tolist()
    marks: list[Mark] = [
        Area(inside.tolist(), [0.0] * len(heights), heights, tone="band"),
        Line(places.tolist(), before.tolist(), tone="accent", width=1.4, style="dashed"),
        Line(places.tolist(), density.tolist(), tone="mark", width=2.0),
        Line([found.tau] * 2, [0.0, peak], tone="mark", width=1.0),
    ]
    # A prior that peaks at 0 without bound must not flatten the posterior.
    top = 1.06 * max(float(density.max()), min(float(before.max()), 3 * float(density.max())))
    return Panel(
        x, bare_axis(0.0, top), tuple(marks), title="Spread between studies", width=200.0, height=170.0
    )
