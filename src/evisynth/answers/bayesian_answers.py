"""The Bayesian model of a question's rows: as its answer, or beside the answer of another model.

With few rows tau cannot be estimated, and whoever reads a Hartung-Knapp interval should see what a stated
prior makes of the same rows (Friede et al 2017, Research Synthesis Methods 8:79-91). The prior is the usual
one of the effect measure; a question may name another.
"""

from __future__ import annotations

from evisynth.answers.poolability import FEWEST_ROWS_FOR_PREDICTION
from evisynth.errors import InvalidDataError
from evisynth.measures import question_measure
from evisynth.outcomes import Question
from evisynth.synthesis import BayesianResult, PooledResult, interval_words, pool_bayesian, read_tau_prior
from evisynth.wording import with_article

#: Fewest rows beside which the Bayesian model is shown: with two it would be the answer itself.
FEWEST_ROWS_BESIDE = 3


def prior_of(question: Question) -> str | None:
    """Return the prior on tau that a question takes; None when its measure has no usual one."""
    if question.tau_prior is not None:
        return question.tau_prior
    usual = question_measure(question.effect_measure).usual_prior
    return None if usual is None else str(usual)


def required_prior(question: Question) -> str:
    """Return the prior on tau of a question whose model is Bayesian.

    Raises
    ------
    InvalidDataError
        When its measure has no usual prior and it names none.
    """
    prior = prior_of(question)
    if prior is None:
        raise InvalidDataError(
            f"{question.id}: {with_article(question_measure(question.effect_measure).words)} has no usual "
            "prior on tau; "
            "name one in the question: tau_prior: half-normal(0.1)"
        )
    return prior


def other_priors(question: Question) -> tuple[str, ...]:
    """Return half and twice the usual prior, and the usual one: how much of an answer is the prior's."""
    usual = question_measure(question.effect_measure).usual_prior
    return () if usual is None else tuple(str(usual.times(factor)) for factor in (0.5, 1, 2))


def bayesian_of(question: Question, pooled: PooledResult, prior: str) -> BayesianResult:
    """Pool the rows of a result in the Bayesian model."""
    return pool_bayesian(
        pooled.y,
        pooled.v,
        tau_prior=prior,
        level=question.level,
        labels=pooled.labels,
        effect_measure=question.effect_measure,
    )


def bayesian_beside(question: Question, pooled: PooledResult) -> BayesianResult | None:
    """Return the Bayesian result to show beside a random-effects one; None where it has no place."""
    prior = prior_of(question)
    shared = pooled.interval == "cr2"  # its rows share patients, which this model would count twice
    if (
        prior is None
        or shared
        or pooled.of_counts
        or not pooled.has_tau_squared
        or pooled.method == "bayesian"
    ):
        return None
    return bayesian_of(question, pooled, prior) if pooled.row_count >= FEWEST_ROWS_BESIDE else None


def other_priors_words(question: Question, pooled: PooledResult) -> tuple[str, ...]:
    """Say what a Bayesian answer would be under half and twice the usual prior, where rows are few.

    From few rows the prior decides much of the interval, so that one prior alone would say too little.
    """
    if pooled.row_count >= FEWEST_ROWS_FOR_PREDICTION:
        return ()
    own = read_tau_prior(required_prior(question))
    others = [prior for prior in other_priors(question) if read_tau_prior(prior) != own]
    scale = question_measure(question.effect_measure).scale
    found = [(prior, bayesian_of(question, pooled, prior)) for prior in others]
    words = [
        f"{prior} gives {interval_words(it.estimate, it.ci_lower, it.ci_upper, scale)}" for prior, it in found
    ]
    return (f"Under other priors on tau: {'; '.join(words)}.",) if words else ()
