"""Questions with moderators: from covariates in study files to a meta-regression, at metafor's values."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from five_studies import FIVE_STUDIES

from evisynth.cli.main import main
from evisynth.errors import FindingsError, ProjectError
from evisynth.pipeline import Project
from evisynth.pipeline.plots import plot_with_answer

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "reference" / "metafor_moderators" / "moderators.json").read_text(
        encoding="utf-8"
    )
)
#: survival in percent, patients, years, share of women, site
ROWS = (
    (60, 80, "1986 to 1990", "40%", "liver"),
    (65, 120, "1990 to 1999", "52%", "liver"),
    (75, 60, "2001", "45%", "extrahepatic"),
    (70, 150, "1998 to 2000", "61%", "liver"),
    (85, 90, "2005 to 2015", "50%", "extrahepatic"),
    (80, 200, "2003 to 2010", "38%", "extrahepatic"),
)
_STUDY = """\
id: made-up-{number}
source: {{kind: journal abstract, year: 2016}}
cohort: {{design: made up, institution: Hospital {number}, accrual: {accrual}, at: section methods}}
groups:
  all: {{label: Everyone, n: 300, covariates: {{women: {women}}}, at: line 1}}
  r: {{label: Resected, n: {n}, of: all, intervention: resection, site: {site}, at: line 1}}
outcomes:
  - outcome: overall survival
    at: line 2
    values: {{r: {{survival at 5 years: {survival}%}}}}
"""
_QUESTION = """\
id: asked
title: Made-up question
why: To see the whole journey.
outcome: overall survival
effect_measure: survival
time: 5 years
{keys}
rows:
  - label: Resected
    index: {{intervention: resection}}
"""
_COVARIATES = """
covariates:
  women: {label: Women, type: share, definition: Share of the patients who are women.}
  median_age: {label: Median age, type: measurement, unit: years, synonyms: [age], definition: Theirs.}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "studies").mkdir()
    (tmp_path / "evidence" / "questions").mkdir(parents=True)
    vocabulary = (FIVE_STUDIES / "evidence" / "vocabulary.yaml").read_text(encoding="utf-8")
    text = vocabulary.partition("\ncovariates:")[0] + _COVARIATES
    (tmp_path / "evidence" / "vocabulary.yaml").write_text(text, encoding="utf-8")
    for number, (survival, n, accrual, women, site) in enumerate(ROWS, start=1):
        text = _STUDY.format(number=number, survival=survival, n=n, accrual=accrual, women=women, site=site)
        (tmp_path / "studies" / f"made-up-{number}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def ask(project: Path, keys: str) -> dict[str, object]:
    question = project / "evidence" / "questions" / "asked.yaml"
    question.write_text(_QUESTION.format(keys=keys), encoding="utf-8")
    found: dict[str, object] = Project(project).answer_record("asked")["moderation"]
    return found


@pytest.mark.parametrize(
    ("case", "keys"),
    [
        ("year", "moderators: [{by: year of accrual, at: 2000}]"),
        ("women_and_year", "moderators: [{by: women, at: 50%}, {by: year}]"),
        ("site", "moderators: [{by: site, reference: liver, at: extrahepatic}]"),
    ],
)
def test_a_meta_regression_has_metafors_values(project: Path, case: str, keys: str) -> None:
    record, theirs = ask(project, keys), REFERENCE[case]
    coefficients = record["coefficients"]
    assert isinstance(coefficients, list)
    for ours, name in (("estimate", "beta"), ("standard_error", "se"), ("p_value", "p")):
        assert [c[ours] for c in coefficients] == pytest.approx(theirs[name], rel=1e-7, abs=1e-9)
    pairs = {
        "test_statistic": "QM", "test_p_value": "QMp", "q_residual": "QE", "q_residual_p_value": "QEp",
        "r_squared": "R2",
    }  # fmt: skip
    for ours, name in pairs.items():
        assert record[ours] == pytest.approx(theirs[name], rel=1e-6, abs=1e-9), ours
    assert record["tau_squared"] == pytest.approx(theirs["tau2"], rel=1e-6, abs=1e-9)


def test_a_prediction_is_told_as_survival(project: Path) -> None:
    from math import exp

    (told,) = ask(project, "moderators: [{by: year of accrual, at: 2000}]")["predictions"]  # type: ignore[misc]
    theirs = REFERENCE["year"]
    assert told["estimate"] == pytest.approx(exp(-exp(theirs["pred"])), rel=1e-8)
    # The transform turns round: more hazard is less survival.
    assert told["ci_lower"] == pytest.approx(exp(-exp(theirs["ci.ub"])), rel=1e-8)
    assert told["prediction_upper"] == pytest.approx(exp(-exp(theirs["pi.lb"])), rel=1e-8)


def test_rows_without_the_moderator_are_named(project: Path) -> None:
    study = project / "studies" / "made-up-2.yaml"
    study.write_text(study.read_text(encoding="utf-8").replace("women: 52%", "women: not reported"))
    record = ask(project, "moderators: [{by: women}]")
    assert record["row_count"] == 5
    assert record["without"] == [{"row": "made-up-2", "missing": "women not reported"}]


def test_too_few_rows_are_refused(project: Path) -> None:
    for number in (1, 2, 3):
        study = project / "studies" / f"made-up-{number}.yaml"
        study.write_text(study.read_text(encoding="utf-8").replace(ROWS[number - 1][2], "not reported"))
    record = ask(project, "moderators: [{by: year}]")
    assert record["refused"] == "year of accrual (middle) is known of 3 rows, and 4 are the fewest"
    with pytest.raises(ProjectError, match="4 are the fewest"):
        plot_with_answer(Project(project), "bubble", "asked")


def test_coefficients_need_rows_to_spare(project: Path) -> None:
    record = ask(project, "moderators: [{by: women}, {by: year}, {by: site}, {by: patients}]")
    assert record["refused"] == "6 rows cannot carry 5 coefficients; 7 are the fewest"


def test_a_moderator_that_never_differs_is_refused(project: Path) -> None:
    record = ask(project, "moderators: [{by: year of publication}]")
    assert record["refused"] == "year of publication is 2016 in every row, so that nothing can follow from it"


def test_the_bubble_plot_draws_the_questions_own_model(project: Path) -> None:
    ask(project, "moderators: [{by: women}, {by: year}]")
    figure, _ = plot_with_answer(Project(project), "bubble", "asked", moderator="women")
    figure.savefig(project / "bubble.svg")
    drawn = (project / "bubble.svg").read_text(encoding="utf-8")
    assert "Drawn for year of accrual (middle) at its mean" in " ".join(drawn.split())


@pytest.mark.parametrize(
    ("keys", "code", "mend"),
    [
        ("moderators: [{by: wimmen}]", "unknown-moderator", "women"),
        ("moderators: [{by: women, at: old}]", "unreadable-moderator-value", "as in 45%"),
        ("moderators: [{by: women, reference: men}]", "reference-unused", "take it out"),
        ("model: bayesian\nmoderators: [{by: women}]", "moderators-of-other-model", "random effects"),
    ],
)
def test_a_mistake_says_what_to_type(project: Path, keys: str, code: str, mend: str) -> None:
    with pytest.raises(FindingsError) as error:
        ask(project, keys)
    (finding,) = error.value.findings
    assert finding.code == code
    assert mend in (finding.fix or "")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("{wommen: 40%}", "unknown-covariate"),
        ("{women: 40%, Women: 41%}", "duplicate-key"),
        ("{age: 58 months}", "wrong-unit"),
        ("{women: 140%}", "impossible-value"),
        ("[40%]", "not-a-mapping"),
    ],
)
def test_a_covariate_that_cannot_be_read_is_placed(project: Path, typed: str, code: str) -> None:
    study = project / "studies" / "made-up-1.yaml"
    study.write_text(study.read_text(encoding="utf-8").replace("{women: 40%}", typed), encoding="utf-8")
    (finding,) = [one for one in Project(project).check() if one.level == "error"]
    assert (finding.code, finding.line) == (code, 5)


def test_pool_tells_the_regression(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask(project, "moderators: [{by: year of accrual, at: [1990, 2010]}]")
    assert main(["-C", str(project), "pool", "asked"]) in (None, 0)
    told = capsys.readouterr().out
    assert "for 10 years more of year of accrual (middle) the hazard of the event is multiplied by" in told
    assert re.search(r"at year of accrual \(middle\) 1990: \d+% \(95% CI \d+% to \d+%; a new study", told)
    assert "what looks like a trend may be chance" in told
