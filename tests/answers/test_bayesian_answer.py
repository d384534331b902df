"""The Bayesian model of a question's rows: as the answer, beside another one, and where it has no place."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from evisynth.answers import answer_as_json, other_priors, prior_of
from evisynth.cli.pool import _headline
from evisynth.errors import InvalidDataError
from evisynth.measures import question_measures
from evisynth.outcomes import OverlapChoice
from evisynth.synthesis import BayesianResult, pool_bayesian

# two comparisons of one poster at ten years: log hazard ratios and standard errors
TWO = ((-1.384935, 0.327839), (-0.292356, 0.382610))
# four trials; posteriors were worked with a midpoint rule on tau = tau_max u^2, to six decimals
FOUR = ((-0.478036, 0.2117), (-0.223144, 0.3050), (-0.867501, 0.4020), (-0.105361, 0.1820))
SIX_DECIMALS = 1e-6
# a figure on the natural scale is exp of one known to six decimals, and is about 1
SIX_DECIMALS_OF_A_RATIO = 2e-6


@pytest.fixture
def rows_of(compare: Any, point: Any) -> Any:
    """One row a study from (estimate, standard error) pairs; changes apply to every effect."""

    def build(figures: Any, **changes: Any) -> list[Any]:
        rows = [compare(f"s{place}") for place, _ in enumerate(figures, start=1)]
        return [(row, point(row, y, se, **changes)) for row, (y, se) in zip(rows, figures, strict=True)]

    return build


def limits(result: Any) -> tuple[float, float, float]:
    return result.estimate, result.ci_lower, result.ci_upper


@pytest.mark.parametrize(
    ("measure", "prior"),
    [
        ("hazard_ratio", "half-normal(0.5)"),
        ("odds_ratio", "half-normal(0.5)"),
        ("risk_ratio", "half-normal(0.5)"),
        ("survival", "half-normal(1)"),
        ("median", "half-normal(1)"),
        ("proportion", "half-normal(1)"),
        ("risk_difference", None),
    ],
)
def test_each_measure_has_its_usual_prior_unless_the_question_names_one(
    ask: Any, measure: str, prior: str | None
) -> None:
    assert prior_of(ask(effect_measure=measure)) == prior
    named = ask(effect_measure=measure, tau_prior="half-cauchy(0.1)")
    assert prior_of(named) == "half-cauchy(0.1)"


def test_the_file_of_a_question_knows_which_measures_have_no_usual_prior(ask: Any) -> None:
    without = {one for one in question_measures() if prior_of(ask(effect_measure=one)) is None}
    assert without == {"risk_difference"}
    for measure in question_measures():
        others = other_priors(ask(effect_measure=measure))
        assert (others == ()) == (measure in without)


def test_other_priors_are_half_and_twice_the_usual_one(ask: Any) -> None:
    assert other_priors(ask()) == ("half-normal(0.25)", "half-normal(0.5)", "half-normal(1)")
    single = other_priors(ask(effect_measure="survival"))
    assert single == ("half-normal(0.5)", "half-normal(1)", "half-normal(2)")


def test_two_rows_by_the_usual_prior(ask: Any, rows_of: Any, answer_rows: Any) -> None:
    answer = answer_rows(ask(model="bayesian"), *rows_of(TWO))
    pooled = answer.overall.pooled
    assert isinstance(pooled, BayesianResult) and answer.overall.refused is None
    assert limits(pooled) == pytest.approx((-0.883599, -1.824824, 0.097471), abs=SIX_DECIMALS)
    prediction = pooled.prediction_lower, pooled.prediction_upper
    assert prediction == pytest.approx((-2.400376, 0.679960), abs=SIX_DECIMALS)
    assert any("the prior on tau decides" in caution for caution in answer.overall.cautions)
    # The answer is Bayesian itself, so that nothing Bayesian stands beside it.
    assert answer.overall.bayesian is None


def test_strata_of_one_study_are_put_together_within_it(ask: Any, answer_rows: Any, compare: Any,
                                                             point: Any, arm: Any) -> None:  # fmt: skip
    question = ask(model="bayesian", minimum_grade="D")
    rows = []
    for place, (y, se) in enumerate(TWO):
        # parts of one whole by two sites, so that no patient is in both
        arms = [arm("poster", f"{side}{place}", lineage=((f"{side}{place}", "resection"),
                (f"site{place}", "site"), ("all", None)), part_of=f"site{place}")
                for side in "ab"]  # fmt: skip
        comparison = compare("poster", *arms)
        rows.append((comparison, point(comparison, y, se, grade="D")))
    summary = answer_rows(question, *rows).overall
    assert summary.pooled is not None and summary.exploratory
    # They say nothing of tau, prior or not: the mean by inverse variance, by hand, and its interval.
    w = [1 / se**2 for _, se in TWO]
    mean, reach = sum(a * y for a, (y, _) in zip(w, TWO, strict=True)) / sum(w), 1.959963985 / sum(w) ** 0.5
    assert limits(summary.pooled) == pytest.approx((mean, mean - reach, mean + reach), abs=1e-8)
    assert (summary.pooled.method, summary.pooled.tau_squared) == ("stratified", 0.0)
    assert (summary.row_count, summary.study_count) == (2, 1)


@pytest.mark.parametrize(
    ("prior", "mu"),
    [
        ("half-normal(0.25)", (-0.332648, -0.671776, -0.011935)),
        ("half-normal(1)", (-0.345307, -0.900129, 0.140845)),
        ("half-t(0.5, 4)", (-0.340570, -0.788879, 0.061637)),
        ("half-cauchy(0.5)", (-0.339694, -0.794005, 0.066589)),
    ],
)
@pytest.mark.parametrize("model", ["bayesian", "random_effects"])
def test_four_rows_by_a_prior_that_the_question_names(
    ask: Any, rows_of: Any, answer_rows: Any, model: str, prior: str, mu: tuple[float, ...]
) -> None:
    summary = answer_rows(ask(model=model, tau_prior=prior), *rows_of(FOUR)).overall
    found = summary.pooled if model == "bayesian" else summary.bayesian
    assert limits(found) == pytest.approx(mu, abs=SIX_DECIMALS)
    assert str(found.prior.tau) == prior


def test_beside_random_effects_stands_the_same_as_alone(ask: Any, rows_of: Any, answer_rows: Any) -> None:
    beside = answer_rows(ask(), *rows_of(FOUR)).overall
    alone = answer_rows(ask(model="bayesian"), *rows_of(FOUR)).overall
    assert beside.bayesian is not None and alone.pooled is not None and beside.pooled is not None
    assert limits(beside.bayesian) == limits(alone.pooled)
    assert limits(beside.bayesian) == pytest.approx((-0.340834, -0.781652, 0.055854), abs=SIX_DECIMALS)
    assert beside.bayesian.labels == beside.pooled.labels
    # metafor 3.8-1: rma(yi, vi, method="REML", test="knha")
    assert limits(beside.pooled) == pytest.approx((-0.329271, -0.782043, 0.123501), abs=SIX_DECIMALS)


@pytest.mark.parametrize("count", [1, 2])
def test_nothing_stands_beside_fewer_than_three_rows(
    ask: Any, rows_of: Any, answer_rows: Any, count: int
) -> None:
    for question in (ask(), ask(minimum_grade="D")):
        assert answer_rows(question, *rows_of(FOUR[:count])).overall.bayesian is None


def test_one_row_is_not_pooled_by_any_prior(ask: Any, rows_of: Any, answer_rows: Any) -> None:
    summary = answer_rows(ask(model="bayesian", tau_prior="half-normal(0.25)"), *rows_of(FOUR[:1])).overall
    assert summary.pooled is None and "one row only" in (summary.refused or "")
    assert summary.bayesian is None


@pytest.mark.parametrize("count", [3, 5])
def test_three_and_five_rows_have_both_models(ask: Any, rows_of: Any, answer_rows: Any, count: int) -> None:
    figures = (*FOUR, (-0.3, 0.25))[:count]
    summary = answer_rows(ask(), *rows_of(figures)).overall
    direct = pool_bayesian(
        [y for y, _ in figures], [se**2 for _, se in figures], tau_prior="half-normal(0.5)"
    )
    assert summary.pooled is not None and summary.pooled.method == "REML"
    assert limits(summary.bayesian) == limits(direct)
    assert summary.bayesian.weights.sum() == pytest.approx(1, abs=1e-12)  # rounding of a sum


def test_the_model_follows_the_level_of_the_question(ask: Any, rows_of: Any, answer_rows: Any) -> None:
    narrow, wide = (
        answer_rows(ask(model="bayesian", level=level), *rows_of(FOUR)).overall.pooled
        for level in (0.9, 0.99)
    )
    assert narrow is not None and wide is not None
    assert wide.ci_lower < narrow.ci_lower < narrow.ci_upper < wide.ci_upper
    assert narrow.estimate == wide.estimate


def test_nothing_stands_beside_a_common_effect(ask: Any, rows_of: Any, answer_rows: Any) -> None:
    summary = answer_rows(ask(model="common_effect"), *rows_of(FOUR)).overall
    assert summary.pooled is not None and summary.bayesian is None


def test_a_risk_difference_needs_a_prior_of_its_own(ask: Any, rows_of: Any, answer_rows: Any) -> None:
    figures, measure = ((-0.10, 0.05), (-0.05, 0.06), (-0.12, 0.04)), "risk_difference"
    rows = rows_of(figures, effect_measure=measure)
    assert answer_rows(ask(effect_measure=measure), *rows).overall.bayesian is None
    with pytest.raises(InvalidDataError, match=r"no usual prior on tau.*tau_prior: half-normal"):
        answer_rows(ask(effect_measure=measure, model="bayesian"), *rows)
    named = ask(effect_measure=measure, tau_prior="half-normal(0.1)")
    beside = answer_rows(named, *rows).overall.bayesian
    assert beside is not None and str(beside.prior.tau) == "half-normal(0.1)"


def test_each_block_has_its_own(ask: Any, compare: Any, point: Any, answer_rows: Any) -> None:
    blocks = {"First": FOUR, "Second": TWO}
    question = ask(
        summary="by_row_group",
        row_groups=tuple(replace(ask().row_groups[0], label=label) for label in blocks),
    )
    rows = []
    for label, figures in blocks.items():
        for place, (y, se) in enumerate(figures):
            comparison = compare(f"{label}-{place}", row_group=label)
            rows.append((comparison, point(comparison, y, se)))
    answer = answer_rows(question, *rows)
    first, second = answer.by_row_group
    assert limits(first.bayesian) == pytest.approx((-0.340834, -0.781652, 0.055854), abs=SIX_DECIMALS)
    assert second.pooled is None and second.bayesian is None
    assert answer.overall.bayesian is None
    first, second = answer_rows(replace(question, model="bayesian"), *rows).by_row_group
    assert limits(first.pooled) == pytest.approx((-0.340834, -0.781652, 0.055854), abs=SIX_DECIMALS)
    assert limits(second.pooled) == pytest.approx((-0.883599, -1.824824, 0.097471), abs=SIX_DECIMALS)


def test_nothing_stands_beside_rows_that_share_patients(
    ask: Any, compare: Any, point: Any, answer_rows: Any
) -> None:
    # The Bayesian model would count the shared patients twice.
    overlap = {"s1": {"s2": "possible"}, "s2": {"s1": "possible"}}
    rows = []
    for place, (y, se) in enumerate(FOUR, start=1):
        comparison = compare(f"s{place}", overlaps=overlap.get(f"s{place}", {}))
        rows.append((comparison, point(comparison, y, se)))
    robust = ask(overlap=OverlapChoice("robust", "One centre."))
    summary = answer_rows(robust, *rows).overall
    assert summary.pooled is not None and summary.pooled.interval == "cr2"
    assert summary.bayesian is None
    # Once one report stands for both, no patient is counted twice.
    summary = answer_rows(ask(overlap=OverlapChoice("one_report", "One centre.")), *rows).overall
    assert summary.row_count == 3 and summary.bayesian is not None


def test_as_json_on_the_natural_scale(ask: Any, rows_of: Any, answer_rows: Any) -> None:
    record = answer_as_json(answer_rows(ask(model="bayesian"), *rows_of(TWO)))
    assert (record["model"], record["interval"], record["prior"]) == (
        "bayesian", "shortest", "half-normal(0.5)",
    )  # fmt: skip
    assert record["bayesian"] is None
    expected = tuple(map(math.exp, (-0.883599, -1.824824, 0.097471)))
    shown = record["estimate"], record["ci_lower"], record["ci_upper"]
    assert shown == pytest.approx(expected, abs=SIX_DECIMALS_OF_A_RATIO)
    assert sum(row["weight"] for row in record["rows"]) == pytest.approx(1, abs=1e-12)  # rounding of a sum
    beside = answer_as_json(answer_rows(ask(), *rows_of(FOUR)))
    assert beside["prior"] is None and beside["interval"] == "hksj"
    assert beside["bayesian"]["prior"] == "half-normal(0.5)"
    assert beside["bayesian"]["estimate"] == pytest.approx(math.exp(-0.340834), abs=SIX_DECIMALS_OF_A_RATIO)
    assert set(beside["bayesian"]) == {
        "prior", "estimate", "ci_lower", "ci_upper", "tau_squared", "prediction_lower", "prediction_upper",
    }  # fmt: skip


def test_an_answer_that_is_not_pooled_names_the_interval_it_would_have(
    ask: Any, rows_of: Any, answer_rows: Any
) -> None:
    record = answer_as_json(answer_rows(ask(model="bayesian"), *rows_of(FOUR[:1])))
    assert (record["estimate"], record["prior"], record["interval"]) == (None, None, "shortest")


def test_the_lines_of_pool_name_the_model_and_its_prior(ask: Any, rows_of: Any, answer_rows: Any) -> None:
    answer = answer_rows(ask(model="bayesian"), *rows_of(TWO))
    told = _headline(answer_as_json(answer), answer)
    (model,) = (line for line in told if "model" in line)
    assert model.startswith("  Bayesian random-effects model (τ ~ half-normal(0.5)")
    assert model.endswith("shortest interval")
    assert not any("beside it" in line for line in told)
    answer = answer_rows(ask(), *rows_of(FOUR))
    told = _headline(answer_as_json(answer), answer)
    assert "  Random-effects model (REML), Hartung-Knapp interval with q* ≥ 1" in told
    # exp of -0.340834 (-0.781652 to 0.055854), and of -1.179929 to 0.434628 for a new study
    assert (
        "  beside it, Bayesian, tau ~ half-normal(0.5): 0.7112 (95% credible interval 0.4576 to 1.057; "
        "a new study 0.3073 to 1.544)"
    ) in told
    assert not any(line.startswith("  Bayesian") for line in told)


def test_the_lines_of_pool_tell_no_tau_of_a_model_without_one(
    ask: Any, rows_of: Any, answer_rows: Any
) -> None:
    answer = answer_rows(ask(model="common_effect"), *rows_of(FOUR))
    told = _headline(answer_as_json(answer), answer)
    assert "  Common-effect model, Wald interval" in told
    assert any(line.startswith("  I squared ") for line in told)
    assert not any("tau" in line for line in told)


def test_models_that_disagree_about_no_effect_say_so(ask: Any, rows_of: Any, answer_rows: Any) -> None:
    # Three alike: q* is 1 and tau squared 0, so Hartung-Knapp is -0.5 ± t(2) 0.3 / sqrt(3) = -0.5 ± 0.745,
    # while the Bayesian interval at k = 3 is shorter.
    alike = answer_rows(ask(), *rows_of([(-0.5, 0.3)] * 3)).overall
    assert alike.pooled.ci_upper == pytest.approx(-0.5 + 4.302653 * 0.3 / math.sqrt(3), abs=1e-6)
    assert alike.bayesian.ci_upper < 0
    (said,) = (caution for caution in alike.cautions if "hangs on the model" in caution)
    assert said.startswith("The Hartung-Knapp interval includes no effect, and that of the Bayesian model")
    agreeing = answer_rows(ask(), *rows_of([(-1.5, 0.2)] * 3)).overall
    assert agreeing.bayesian.ci_upper < 0 > agreeing.pooled.ci_upper
    assert not any("hangs on the model" in caution for caution in agreeing.cautions)
