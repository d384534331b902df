from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

import evisynth
from evisynth.answers import Answer, ModelName, fit_models
from evisynth.errors import InvalidDataError
from evisynth.figures import (
    ForestLayout,
    ForestLine,
    forest,
    forest_rows,
    lay_out_forest,
    read_options,
    source_of_result,
)
from evisynth.synthesis import PooledResult

Answers = dict[str, Callable[[], Answer]]
ALL: tuple[ModelName, ...] = ("common_effect", "random_effects", "bayesian")

#: METHODS TV-A: four log ratios with their standard errors.
TV_A = ([-0.478036, -0.223144, -0.867501, -0.105361], [0.2117, 0.3050, 0.4020, 0.1820])


def tv_a() -> PooledResult:
    return evisynth.pool(TV_A[0], np.square(TV_A[1]), effect_measure="hazard_ratio")


def laid_out(result: PooledResult | Answer, models: Sequence[str]) -> ForestLayout:
    options = read_options("default", None, list(models) or None, "forest", None)
    if isinstance(result, Answer):
        return forest_rows(result, options)
    return lay_out_forest(source_of_result(result, None, options), options)


def diamonds(layout: ForestLayout) -> list[ForestLine]:
    return [line for line in layout.lines if line.kind == "summary"]


def test_three_models_stand_under_each_other_with_their_names() -> None:
    lines = diamonds(laid_out(tv_a(), ALL))
    assert [line.cells["study"] for line in lines] == [
        "Common effect",
        "Random effects (REML, Hartung-Knapp)",
        "Bayesian",
    ]
    # TV-A: common -.311261 se .120004; HKSJ -.782043 to .123501; HN(.5) -.781652 to .055854
    assert [line.cells["effect"] for line in lines] == [
        "0.73 (0.58 to 0.93)",
        "0.72 (0.46 to 1.13)",
        "0.71 (0.46 to 1.06)",
    ]
    assert all(line.mark is not None and line.mark.shape == "diamond" for line in lines)


def test_weights_belong_to_the_model_of_the_result() -> None:
    lines = diamonds(laid_out(tv_a(), ALL))
    assert [line.cells["weight"] for line in lines] == ["", "100%", ""]
    assert any("Weights and squares are those of the random-effects model (REML)" in text
               for text in laid_out(tv_a(), ALL).small_print)  # fmt: skip


def test_the_own_model_is_never_lost_and_stands_first_when_not_named() -> None:
    names = [line.cells["study"] for line in diamonds(laid_out(tv_a(), ["bayesian"]))]
    assert names == ["Random effects (REML, Hartung-Knapp)", "Bayesian"]
    models = fit_models(tv_a(), ["common_effect"], "hazard_ratio")
    assert [model.own for model in models] == [True, False]
    assert models[0].pooled.method == "REML"


def test_without_a_word_there_is_one_model() -> None:
    (line,) = diamonds(laid_out(tv_a(), []))
    assert line.cells["study"] == "Pooled estimate"


def test_a_prediction_below_five_rows_is_bayesian_only() -> None:
    layout = laid_out(tv_a(), ALL)
    kinds = [line.kind for line in layout.lines]
    assert kinds[-2:] == ["summary", "prediction"] and kinds.count("prediction") == 1
    # TV-A, HN(.5): theta -1.179929 to .434628
    assert layout.lines[-1].cells["effect"] == "(0.31 to 1.54)"


def test_the_prior_follows_the_scale() -> None:
    def prior_of(measure: str) -> str:
        (_, bayesian) = fit_models(tv_a(), ["bayesian"], measure)
        return str(bayesian.pooled.prior.tau)  # type: ignore[attr-defined]

    assert prior_of("hazard_ratio") == "half-normal(0.5)"
    assert prior_of("survival") == prior_of("proportion") == "half-normal(1)"
    with pytest.raises(InvalidDataError, match="no usual prior on tau for a mean difference"):
        prior_of("MD")


def test_a_bayesian_result_is_drawn_as_such() -> None:
    result = evisynth.pool_bayesian(TV_A[0], np.square(TV_A[1]), tau_prior="half-normal(0.5)")
    layout = laid_out(result, [])
    assert (
        layout.small_print[0]
        .replace("\N{NO-BREAK SPACE}", " ")
        .startswith("4 rows. Bayesian random-effects model (τ ~ half-normal(0.5), μ ~ flat)")
    )
    assert not any("Overall effect" in text for text in layout.small_print)
    assert len(diamonds(laid_out(result, ["common_effect", "bayesian"]))) == 2


def test_every_block_has_its_models(answers: Answers) -> None:
    layout = laid_out(answers["subgroups"](), ALL)
    assert len(diamonds(layout)) == 6
    assert sum("Beside it" in text for text in layout.small_print) == 1


def test_exploratory_diamonds_are_all_hollow(answers: Answers) -> None:
    lines = diamonds(laid_out(answers["exploratory"](), ALL))
    assert len(lines) == 3
    assert all(line.mark is not None and not line.mark.filled for line in lines)


def test_a_refusal_has_no_model(answers: Answers) -> None:
    assert diamonds(laid_out(answers["resection"](), ALL)) == []
    assert forest(answers["resection"](), models="bayesian") is not None


def test_an_estimate_of_rows_that_share_patients_says_less(answers: Answers) -> None:
    answer = answers["clipped"]()
    assert answer.overall.pooled is not None
    robust = replace(answer.overall.pooled, interval="cr2", p_value=math.nan)
    shared = replace(answer, overall=replace(answer.overall, pooled=robust))
    text = " ".join(laid_out(shared, []).small_print)
    assert "cluster-robust interval (CR2)" in text and "no p-value" in text and "nan" not in text
    assert "% CI" not in text  # of I squared, whose interval takes rows as independent
    for choice in ({"models": "bayesian"}, {"kind": "cumulative"}):
        with pytest.raises(InvalidDataError, match="share patients"):
            forest(shared, **choice)  # type: ignore[arg-type]


def test_a_prediction_interval_among_several_models_says_whose_it_is() -> None:
    def named(models: Sequence[str]) -> list[str]:
        return [line.cells["study"] for line in laid_out(tv_a(), models).lines if line.kind == "prediction"]

    # Four rows: too few for the prediction interval of the random-effects model.
    assert named(ALL) == ["95% prediction interval (Bayesian)"]
    eight = evisynth.pool(TV_A[0] * 2, np.square(TV_A[1] * 2), effect_measure="hazard_ratio")
    lines = [line.cells["study"] for line in laid_out(eight, ALL).lines if line.kind == "prediction"]
    assert lines == ["95% prediction interval (random effects)", "95% prediction interval (Bayesian)"]
    alone = [line.cells["study"] for line in laid_out(eight, ()).lines if line.kind == "prediction"]
    assert alone == ["95% prediction interval"]


def test_the_description_gives_no_weight_to_a_model_that_has_none() -> None:
    said = laid_out(tv_a(), ALL).description
    assert "weight 100%" in said
    assert "weight ." not in said
