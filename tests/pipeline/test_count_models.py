"""Models of counts, from study files through every command; metafor 3.8-1 gives the numbers."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from counted_project import TABLES, ask, counted_project

import evisynth
from evisynth.errors import EvidenceError, FindingsError
from evisynth.figures import STYLES
from evisynth.pipeline import Evidence, export
from evisynth.synthesis import few_events

#: rma.mh(measure, ai, n1i, ci, n2i), rma.peto(...): estimate, standard error, interval, p; weights (%).
TWO_GROUPS: dict[str, tuple[str, str, tuple[float, ...], tuple[float, ...]]] = {
    "mh-or": (
        "odds ratio",
        "mantel-haenszel",
        (-0.6501826872, 0.3616026879, -1.3589109321, 0.0585455577, 0.0721677813),
        (0, 35.95223, 0, 13.02617, 51.02160),
    ),
    "mh-rr": (
        "risk ratio",
        "Mantel_Haenszel",
        (-0.5887689973, 0.3307023702, -1.2369337325, 0.0593957379, 0.0750171993),
        (0, 36.37602, 0, 12.12534, 51.49864),
    ),
    "mh-rd": (
        "risk difference",
        "mantel haenszel",
        (-0.0376976179, 0.0206018000, -0.0780764039, 0.0026811681, 0.0672766251),
        (16.66946, 18.83212, 21.20572, 11.29927, 31.99344),
    ),
    "peto": (
        "odds ratio",
        "Peto",
        (-0.6275244549, 0.3459682429, -1.3056097508, 0.0505608409, 0.0697052925),
        (0, 34.334000, 5.931845, 8.667770, 51.066384),
    ),
}


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    folder = counted_project(tmp_path_factory.mktemp("counted"))
    for name, (measure, model, _, _) in TWO_GROUPS.items():
        ask(folder, name, measure, f"model: {model}")
    ask(folder, "shares", "proportion")
    ask(folder, "shares-by-t", "proportion", "model: binomial-normal", "interval: t")
    ask(folder, "effects", "proportion", "model: random effects")
    return evisynth.open(folder)


@pytest.mark.parametrize("name", TWO_GROUPS)
def test_counts_of_two_groups_are_pooled_as_metafor_does(counted: Evidence, name: str) -> None:
    _, model, numbers, weights = TWO_GROUPS[name]
    answer = counted.answer(name)
    pooled = answer.overall.pooled
    assert pooled is not None
    found = (pooled.estimate, pooled.standard_error, pooled.ci_lower, pooled.ci_upper, pooled.p_value)
    assert found == pytest.approx(numbers, abs=6e-11)
    # nobody died in either group of the first study: that says nothing of a ratio
    alike = [row.included for row in answer.rows] == [False, True, True, True, True]
    assert alike is (name != "mh-rd")
    assert answer.overall.row_count == (5 if name == "mh-rd" else 4)
    assert [100 * (row.weight or 0) for row in answer.rows] == pytest.approx(weights, abs=6e-6)
    record = counted.answer_record(name)
    assert record["model"] == model.casefold().replace("-", "_").replace(" ", "_")
    assert (record["interval"], record["tau_squared"]) == ("wald", 0.0)
    json.dumps(record, allow_nan=False)


def test_a_double_zero_row_does_not_take_the_weight_of_a_difference(counted: Evidence) -> None:
    # With half a patient in each cell 0/44 against 0/49 took 48% of it.
    first = counted.answer("mh-rd").rows[0]
    assert first.weight == pytest.approx(44 * 49 / 93 / sum(a * b / (a + b) for _, a, _, b in TABLES))


def test_shares_with_nobody_are_pooled_by_the_binomial_normal_model(counted: Evidence) -> None:
    # metafor: rma.glmm(measure = "PLO", xi, ni, nAGQ = 21), lme4 as tight as it goes
    record = counted.answer_record("shares")
    assert (record["model"], record["row_count"], record["interval"]) == ("binomial_normal", 5, "wald")
    pooled = counted.pool("shares")
    found = (pooled.estimate, pooled.standard_error, pooled.tau_squared, pooled.q_statistic)
    assert found == pytest.approx((-3.175399, 0.502161, 0.238130, 10.016102), abs=2e-6)
    assert (pooled.ci_lower, pooled.ci_upper) == pytest.approx((-4.159617, -2.191181), abs=2e-6)
    by_t = counted.pool("shares-by-t")  # test = "t"
    assert (by_t.ci_lower, by_t.ci_upper) == pytest.approx((-4.569622, -1.781176), abs=2e-6)
    nobody = record["rows"][0]
    assert (nobody["included"], nobody["grade"], nobody["reason"]) == (True, "A", None)
    # what the question names goes before what its rows call for
    assert counted.answer_record("effects")["model"] == "random_effects"
    assert counted.answer("effects").overall.row_count == 3


@pytest.mark.parametrize("layout", STYLES)
def test_every_layout_draws_them(counted: Evidence, layout: str) -> None:
    for name in ("mh-or", "mh-rd", "peto", "shares"):
        said = counted.forest(name, layout=layout).description
        assert "of the counts" in said
        assert ("pooled by" in said or "takes its counts" in said) is (name in ("mh-or", "peto"))


def test_explain_says_the_model_and_no_weighted_mean(counted: Evidence) -> None:
    (result,) = counted.explain("mh-or").results
    assert result.weighted_mean is None
    assert result.method[0] == "Mantel-Haenszel model of the counts (common effect), Wald interval."
    rows = counted.explain("shares").rows
    assert rows[0].verdict.endswith("The row is pooled, with 17.7% of the weight.")


def test_the_multiverse_pools_counts_by_the_same_model(counted: Evidence) -> None:
    for name in ("mh-rd", "peto", "shares"):
        _, (found,) = counted.multiverse(name)
        pooled = counted.pool(name)
        assert (found.combinations, len(found.estimate), found.own) == (1, 1, 0)
        assert found.estimate[0] == pytest.approx(pooled.estimate, rel=1e-12)


def test_what_takes_effects_with_errors_says_that_these_are_counts(counted: Evidence) -> None:
    with pytest.raises(EvidenceError, match="by their counts"):
        counted.forest("shares", models=["bayesian"])
    with pytest.raises(EvidenceError, match="by their counts"):
        counted.forest("shares", kind="leave_one_out")
    for kind in ("funnel", "galbraith", "drapery", "posterior", "baujat", "influence"):
        with pytest.raises(EvidenceError, match="by their counts"):
            counted.plot(kind, "shares")


def test_the_report_shows_them(counted: Evidence, tmp_path: Path) -> None:
    page, _ = counted.write_report(tmp_path / "report", single_file=True)
    text = page.read_text(encoding="utf-8")
    assert "Mantel-Haenszel model of the counts (common effect), Wald interval." in text
    assert "Binomial-normal model of the counts" in text


def test_metafor_refits_them_by_the_script_of_an_export(counted: Evidence, tmp_path: Path) -> None:
    rscript = shutil.which("Rscript")
    asked = [rscript or "", "-e", 'quit(status = !requireNamespace("metafor", quietly = TRUE))']
    if rscript is None or subprocess.run(asked, capture_output=True, check=False).returncode:
        pytest.skip("R with its package metafor is not installed, so that the script cannot be run here")
    folder = export(counted, tmp_path / "export")
    script = (folder / "metafor.R").read_text(encoding="utf-8")
    assert "rma.peto(" in script and 'rma.mh(measure = "RD"' in script and "rma.glmm(" in script
    run = subprocess.run(
        [rscript, str(folder / "metafor.R")], capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stderr
    assert "values agree" in run.stdout and "mh-rd" in run.stdout


def test_shares_of_which_none_has_the_event_give_a_limit_and_no_estimate(tmp_path: Path) -> None:
    folder = counted_project(tmp_path, [(0, 40, 1, 40), (0, 30, 2, 30), (0, 50, 0, 50)])
    ask(folder, "shares", "proportion")
    # exact limit of 0 of 120: 1 - 0.025 ** (1 / 120)
    refused = evisynth.open(folder).answer("shares").overall.refused
    assert refused is not None and f"at most {100 * (1 - 0.025 ** (1 / 120)):.3g}%" in refused


@pytest.mark.parametrize(
    ("counts", "few"),
    [
        (((9, 50), (12, 60), (15, 70)), False),  # 36 of 180: 10 expected of 50
        (((2, 30), (12, 100), (15, 80)), True),  # 29 of 210: 4.1 expected of 30
        (((0, 100), (40, 100), (60, 80)), True),  # nobody
        (((30, 30), (70, 100), (70, 100)), True),  # everybody
        (((28, 30), (95, 100), (78, 80)), True),  # 9 of 210 without the event: 1.3 expected of 30
        (((5, 50), (5, 50)), False),  # exactly 5 expected
    ],
)
def test_few_expected_events_call_for_the_model(counts: tuple[tuple[int, int], ...], few: bool) -> None:
    assert few_events([x for x, _ in counts], [n for _, n in counts]) is few


@pytest.mark.parametrize(
    ("measure", "keys", "said"),
    [
        ("proportion", ("model: peto",), "pools counts"),
        ("odds ratio", ("model: binomial-normal",), "pools counts"),
        ("risk ratio", ("model: peto",), "pools counts"),
        ("odds ratio", ("model: peto", "empty_cells: add half"), "empty cells as they are"),
        ("risk difference", ("empty_cells: add half",), "never added for a risk difference"),
        ("odds ratio", ("model: peto", "tau_prior: half-normal(0.5)"), "takes no prior"),
        ("odds ratio", ("model: peto", "shared_control: covariance"), "no covariance of effects"),
        (
            "proportion",
            ("model: binomial-normal", "overlap: {choice: robust, because: one centre}"),
            "no covariance of effects",
        ),
    ],
)
def test_keys_that_do_not_go_together_are_told(
    tmp_path: Path, measure: str, keys: tuple[str, ...], said: str
) -> None:
    folder = counted_project(tmp_path)
    ask(folder, "asked", measure, *keys)
    with pytest.raises(FindingsError) as caught:
        evisynth.open(folder).answer("asked")
    assert any(said in finding.message for finding in caught.value.findings)
