"""One record more is a measure, or a statistic, that every command knows; nothing else has to be told.

Three abstracts print restricted mean survival times, which no record of the package names, and hazard rates
as ratios. A record each, and one function that subtracts, take them from the study file to the forest plot.
"""

from __future__ import annotations

import ast
import csv
import json
import math
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from five_studies import FIVE_STUDIES

from evisynth.arithmetic import letters, root, square
from evisynth.effects import (
    RECOVERIES,
    Effect,
    Equation,
    Estimate,
    Reading,
    Stage,
    Subject,
    Working,
    build_point,
    readings_for,
)
from evisynth.measures import MEASURES, EffectMeasure, question_measures
from evisynth.printed_statistics import STATISTICS, PrintedStatistic
from evisynth.quantities import Kind

Z = 1.959963984540054
#: Restricted mean survival to 5 years with its 95% interval, of both groups, and a printed ratio of rates.
PRINTED = {
    "first": ("41 months (95% CI 37 to 45)", "35 months (95% CI 30 to 40)", "0.70 (95% CI 0.50 to 0.98)"),
    "second": ("44 months (95% CI 41 to 47)", "39 months (95% CI 35 to 43)", "0.82 (95% CI 0.60 to 1.12)"),
    "third": ("38 months (95% CI 33 to 43)", "36 months (95% CI 31 to 41)", "0.75 (95% CI 0.55 to 1.02)"),
}
STUDY = """\
id: {id}
source: {{kind: journal abstract, year: 2020}}
cohort: {{design: made up, accrual: 2001 to 2010, at: section methods}}
groups:
  all: {{label: Everyone, n: 200, population: neuroendocrine metastases, site: liver, at: line 1}}
  operated: {{label: Operated, n: 100, of: all, by: resection, intervention: resection, at: line 1}}
  observed: {{label: Observed, n: 100, of: all, by: resection, intervention: no resection, at: line 1}}
outcomes:
  - outcome: overall survival
    starts: diagnosis
    at: line 2
    values:
      operated: {{restricted mean within 5 years: {index}}}
      observed: {{restricted mean within 5 years: {reference}}}
comparisons:
  - {{outcome: overall survival, of: [operated, observed], rate_ratio: {ratio}, basis: stated, at: line 3}}
"""
QUESTION = """\
id: {id}
title: Made-up question
why: To see the whole journey.
outcome: overall survival
effect_measure: {measure}
rows:
  - label: Resected against not resected
    index: {{intervention: resection}}
    reference: {{intervention: no resection}}
"""

RESTRICTED_MEAN = PrintedStatistic(
    id="restricted_mean",
    description="Mean survival up to a time: 41 months (95% CI 37 to 45).",
    kind="duration",
    outcome_types=("time_to_event",),
    time="required",
    joined_by="within",
    feeds=("difference_of_restricted_means",),
)
DIFFERENCE = EffectMeasure(
    name="Difference of restricted means",
    id="difference_of_restricted_means",
    symbol="D",
    scale="identity",
    axis="difference",
    unit="months",
    decimals=1,
    null=0.0,
    of_event="absence",
    unwanted=True,
    time="window",
    recoveries=("difference_of_restricted_means",),
)
PRINTED_RATE_RATIO = replace(
    STATISTICS["hazard_ratio"], id="rate_ratio", description="Rate ratio: 0.70.", also_called=("irr",)
)
RATE_RATIO = replace(MEASURES["IRR"], id="rate_ratio", symbol="IRR", recoveries=("printed_ratio",))


def recover_restricted_means(subject: Subject) -> list[Effect]:
    """Subtract the restricted mean of the reference group from that of the index group."""
    reference = subject.comparison.reference
    assert reference is not None
    ours, theirs = (
        readings_for(arm, "difference_of_restricted_means") for arm in (subject.comparison.index, reference)
    )
    return [
        _difference(subject, one, other)
        for one in ours
        for other in theirs
        if one.figure.time_months == other.figure.time_months
    ]


def _difference(subject: Subject, one: Reading, other: Reading) -> Effect:
    m1, m0, s1, s0 = letters("m1 m0 s1 s0")
    means = [reading.figure.value or math.nan for reading in (one, other)]
    errors = [_error(reading) for reading in (one, other)]
    working = Working(
        "the restricted means are subtracted",
        (
            Equation("D", m1 - m0, "estimate"),
            Equation("SE", root(square(s1) + square(s0)), "standard_error"),
        ),
        (("m1", means[0]), ("m0", means[1]), ("s1", errors[0]), ("s0", errors[1])),
        (("m", "restricted mean"), ("s", "its standard error")),
    )
    estimate = Estimate(working, (means[0] - means[1] - 1, means[0] - means[1] + 1))
    stage = Stage(one.figure.time_months)
    return build_point(subject, "restricted_means", "B", estimate, one.grounds + other.grounds, stage)


def _error(reading: Reading) -> float:
    figure = reading.figure
    assert figure.ci_lower is not None and figure.ci_upper is not None
    return (figure.ci_upper - figure.ci_lower) / (2 * Z)


@pytest.fixture(scope="module", autouse=True)
def two_records_more() -> Iterator[None]:
    """Everything that is told to the package: a record for each, and one recovery."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(STATISTICS, "restricted_mean", RESTRICTED_MEAN)
        patch.setitem(STATISTICS, "rate_ratio", PRINTED_RATE_RATIO)
        patch.setitem(MEASURES, "difference_of_restricted_means", DIFFERENCE)
        patch.setitem(MEASURES, "rate_ratio", RATE_RATIO)
        patch.setitem(RECOVERIES, "difference_of_restricted_means", recover_restricted_means)
        yield


@pytest.fixture(scope="module")
def extended(two_records_more: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose studies print, and whose questions ask for, what the new records define."""
    folder = tmp_path_factory.mktemp("extended")
    (folder / "studies").mkdir()
    (folder / "evidence" / "questions").mkdir(parents=True)
    shutil.copy(FIVE_STUDIES / "evidence" / "vocabulary.yaml", folder / "evidence")
    for study, (index, reference, ratio) in PRINTED.items():
        text = STUDY.format(id=study, index=index, reference=reference, ratio=ratio)
        (folder / "studies" / f"{study}.yaml").write_text(text, encoding="utf-8")
    for name, measure in (("difference", "difference of restricted means"), ("ratio", "rate ratio")):
        text = QUESTION.format(id=name, measure=measure)
        (folder / "evidence" / "questions" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def altered(extended: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    for part in ("studies", "evidence"):
        shutil.copytree(extended / part, tmp_path / part)
    return tmp_path


def answer(run, folder: Path, *words: str) -> object:
    status, printed, said = run(folder, *words, "--format", "json")
    assert status == 0, said
    return json.loads(printed)


def test_checks_read_the_new_keys(extended: Path, altered: Path, run) -> None:
    status, printed, said = run(extended, "check")
    assert status == 0, printed + said
    study = altered / "studies" / "first.yaml"
    study.write_text(study.read_text(encoding="utf-8").replace(" within 5 years", ""), encoding="utf-8")
    status, printed, _ = run(altered, "check", str(study))
    assert status == 1 and "[missing-time]" in printed


def test_queries_find_the_new_statistics(extended: Path, run) -> None:
    rows = answer(run, extended, "query", "--statistic", "restricted mean", "--at", "5 years")
    assert [row["value"] for row in rows if row["group"] == "operated"] == [41.0, 44.0, 38.0]
    assert {row["unit"] for row in rows} == {"months"}
    ratios = answer(run, extended, "query", "--statistic", "irr")
    assert [row["value"] for row in ratios] == [0.70, 0.82, 0.75]
    status, printed, _ = run(extended, "query", "--sql", "SELECT rate_ratio FROM comparisons ORDER BY study")
    assert status == 0 and "0.70 (95% CI 0.50 to 0.98)" in printed


def test_the_new_measures_are_pooled_on_their_scale(extended: Path, run) -> None:
    pooled = answer(run, extended, "pool", "difference")
    assert pooled["scale"] == "identity" and pooled["row_count"] == 3
    assert [row["estimate"] for row in pooled["rows"]] == [6.0, 5.0, 2.0]
    assert 2 < pooled["estimate"] < 6 and pooled["p_value"] is not None
    ratio = answer(run, extended, "pool", "ratio")
    assert ratio["scale"] == "log" and 0.7 < ratio["estimate"] < 0.82
    assert ratio["rows"][0]["recovery"] == "rate_ratio_with_interval"


def test_the_usual_prior_is_that_of_the_record(altered: Path, run) -> None:
    for name in ("difference", "ratio"):
        question = altered / "evidence" / "questions" / f"{name}.yaml"
        question.write_text(question.read_text(encoding="utf-8") + "model: bayesian\n", encoding="utf-8")
    assert "half-normal(0.5)" in answer(run, altered, "pool", "ratio")["prior"]
    status, _, said = run(altered, "pool", "difference")
    assert status == 1 and "has no usual prior on tau" in said


@pytest.mark.parametrize(
    ("question", "heading", "favours"),
    [
        ("difference", "Difference of restricted means, months", "Favours no resection"),
        ("ratio", "Rate ratio (log scale)", "Fewer deaths with resection"),
    ],
)
def test_the_forest_plot_has_its_words_and_its_sides(
    extended: Path, run, question: str, heading: str, favours: str
) -> None:
    status, _, said = run(extended, "forest", question, "-o", str(extended / "plot.svg"))
    assert status == 0, said
    drawn = (extended / "plot.svg").read_text(encoding="utf-8")
    assert heading in drawn and favours in drawn


def test_the_explanation_walks_back_to_the_print(extended: Path, run) -> None:
    status, printed, said = run(extended, "explain", "difference")
    assert status == 0, said
    assert "the difference of restricted means" in printed and "m1 - m0 = 41 - 35 = 6" in printed, printed
    status, printed, said = run(extended, "explain", "ratio")
    assert status == 0, said
    assert "log IRR" in printed and "rate ratio with its interval, as printed" in printed, printed


def test_the_report_shows_both_answers_and_the_editor_is_offered_the_keys(extended: Path, run) -> None:
    status, _, said = run(extended, "report", "-o", str(extended / "page"))
    assert status == 0, said
    schema = (extended / "evidence" / "study.schema.json").read_text(encoding="utf-8")
    assert "Mean survival up to a time" in schema and "Rate ratio: 0.70." in schema
    assert '"rate ratio"' in (extended / "evidence" / "question.schema.json").read_text(encoding="utf-8")
    page = "".join(page.read_text(encoding="utf-8") for page in (extended / "page").rglob("*.html"))
    assert "restricted mean within 5 years" in page
    assert "Difference of restricted means" in page and "Rate ratio" in page


def test_the_export_names_them(extended: Path, run) -> None:
    status, _, said = run(extended, "export", "-o", str(extended / "out"))
    assert status == 0, said
    with (extended / "out" / "answers.csv").open(encoding="utf-8") as file:
        answers = list(csv.DictReader(file))
    assert [row["effect_measure"] for row in answers] == ["difference_of_restricted_means", "rate_ratio"]
    assert "difference of restricted means, identity" in (extended / "out" / "metafor.R").read_text()


@pytest.mark.parametrize("question", ["difference", "ratio"])
@pytest.mark.parametrize("words", [("multiverse",), ("effects",), ("plot", "funnel"), ("plot", "drapery")])
def test_the_other_commands_take_them_too(extended: Path, run, words: tuple[str, ...], question: str) -> None:
    drawn = ("-o", str(extended / "plot.svg")) if words[0] == "plot" else ()
    status, _, said = run(extended, *words, question, *drawn)
    assert status == 0, said


SOURCE = Path(__file__).parents[1] / "src" / "evisynth"
#: What the value grammar calls some kinds of values is the name of a statistic too.
STATISTIC_NAMES = set(STATISTICS) - set(get_args(Kind))


def _collections(path: Path) -> list[tuple[int, set[str]]]:
    """Find every literal list, tuple, set, mapping (its keys) and Literal, with the texts in it."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        items = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", ())
        texts = {str(item.value) for item in items if isinstance(item, ast.Constant)}
        found.append((getattr(node, "lineno", 0), texts))
    return found


@pytest.mark.parametrize(
    ("names", "home"), [(set(question_measures()), "measures.py"), (STATISTIC_NAMES, "printed_statistics.py")]
)
def test_no_other_module_lists_them(names: set[str], home: str) -> None:
    """Only checks, which compare figures of their own choice, name some of them together."""
    lists = {
        f"{path.relative_to(SOURCE)}:{line}": sorted(texts & names)
        for path in SOURCE.rglob("*.py")
        if path != SOURCE / home and SOURCE / "checks" not in path.parents
        for line, texts in _collections(path)
        if len(texts & names) >= 3
    }
    assert not lists
