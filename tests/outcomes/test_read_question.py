from __future__ import annotations

from pathlib import Path

import pytest
from five_studies import FIVE_STUDIES

from evisynth.errors import FindingsError, ProjectError, UnknownNameError
from evisynth.outcomes import (
    Baseline,
    Departure,
    OverlapChoice,
    Question,
    find_question,
    question_terms,
    questions_in_order,
    read_question,
    read_questions,
)
from evisynth.synthesis import read_tau_prior
from evisynth.vocabulary import Vocabulary

QUESTIONS = FIVE_STUDIES / "evidence" / "questions"

GOOD = """\
id: asked
title: Asked
why: To know.
outcome: OS
effect_measure: hazard ratio
rows:
  - label: Resected
    index: {intervention: resection, site: [liver, extrahepatic]}
    reference: {intervention: not resected}
"""


def read(folder: Path, vocabulary: Vocabulary, text: str, name: str = "asked") -> Question:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return read_question(path, vocabulary, f"evidence/questions/{name}.yaml")


def test_every_question_of_the_project_reads(vocabulary: Vocabulary) -> None:
    questions, findings = read_questions(QUESTIONS, vocabulary)
    assert findings == []
    assert {question.id for question in questions} >= {
        "resection-overall-survival", "completeness-overall-survival", "median-overall-survival",
        "survival-5-years", "survival-10-years", "major-complications", "perioperative-mortality",
        "complete-cytoreduction", "symptom-relief", "surgery-extent-overall-survival",
    }  # fmt: skip
    extent = next(question for question in questions if question.id == "surgery-extent-overall-survival")
    assert extent.exploratory and extent.is_contrast and extent.outcome == "overall_survival"


def test_what_is_not_said_is_the_default(tmp_path: Path, vocabulary: Vocabulary) -> None:
    question = read(tmp_path, vocabulary, GOOD)
    (block,) = question.row_groups
    assert block.reference is not None
    assert block.index.tags == {"intervention": ("resection",), "site": ("liver", "extrahepatic")}
    assert block.reference.tags == {"intervention": ("no_resection",)}
    assert block.reference.labels == {"no_resection": "No resection"}
    assert question == Question(
        "asked", "Asked", "To know.", "overall_survival", "hazard_ratio", question.row_groups
    )


def test_everything_can_be_said(tmp_path: Path, vocabulary: Vocabulary) -> None:
    more = """\
time: 5 years
minimum_grade: D
model: common effect
tau_squared: PM
interval: wald
level: 90%
summary: by row group
leave_out: [{study: two, because: The same patients.}]
mix: [{what: clock start, because: Most do not say.}]
uses_inferred_p_values: The reader is sure.
"""
    text = GOOD.replace("    reference:", "    time: 30 days\n    reference:") + more
    question = read(tmp_path, vocabulary, text)
    assert (question.time_months, question.row_groups[0].time_months) == (60.0, pytest.approx(30 / 30.4375))
    assert (question.minimum_grade, question.model, question.tau_squared) == ("D", "common_effect", "PM")
    assert (question.interval, question.level, question.summary) == (
        "wald",
        pytest.approx(0.9),
        "by_row_group",
    )
    assert question.left_out == (Departure("two", "The same patients."),)
    assert question.mixed == (Departure("clock start", "Most do not say."),)
    assert question.uses_inferred_p_values == "The reader is sure."


def test_a_term_stands_for_all_narrower_ones(tmp_path: Path, vocabulary: Vocabulary) -> None:
    question = read(
        tmp_path, vocabulary, GOOD.replace("intervention: resection,", "intervention: operation,")
    )
    terms = question.row_groups[0].index.tags["intervention"]
    assert terms[0] == "surgery" and {"resection", "cytoreductive_hepatectomy"} < set(terms)
    assert "no_resection" not in terms
    assert set(question_terms(question)) == {"intervention", "site"}
    assert "no_resection" in question_terms(question)["intervention"]


def test_what_is_not_meant_is_taken_out_of_what_a_term_stands_for(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    wide = "intervention: operation, but_not: [resection with ablation, cytoreductive hepatectomy],"
    selector = read(tmp_path, vocabulary, GOOD.replace("intervention: resection,", wide)).row_groups[0].index
    everything = vocabulary.narrower("intervention", "operation")
    assert set(everything) - set(selector.tags["intervention"]) == set(selector.but_not)
    assert set(selector.but_not) == {"resection_and_ablation", "cytoreductive_hepatectomy"}
    assert selector.tags["intervention"][0] == "surgery"  # by which plots name the group


@pytest.mark.parametrize("wrong", ["resection, but_not: resection", "resection, but_not: no resection"])
def test_what_is_not_meant_must_be_part_of_what_is_asked_for(
    tmp_path: Path, vocabulary: Vocabulary, wrong: str
) -> None:
    with pytest.raises(FindingsError) as refused:
        read(tmp_path, vocabulary, GOOD.replace("intervention: resection,", f"intervention: {wrong},"))
    assert [(one.code, one.line) for one in refused.value.findings] == [("but-not-unused", 8)]


def test_questions_stand_by_their_importance_then_by_id(tmp_path: Path) -> None:
    orders = {
        "d": "order: 2\n",
        "b": "",
        "a": "",
        "c": "order: 10\n",
        "e": "order: soon\n",
        "f": "- no question\n",
    }
    for name, order in orders.items():
        (tmp_path / f"{name}.yaml").write_text(order or "title: None\n", encoding="utf-8")
    assert questions_in_order(tmp_path) == ["d", "c", "a", "b", "e", "f"]


BAD = {
    "an order in words": ("why: To know.", "why: To know.\norder: soon", 4, "unreadable-order"),
    "an order of nought": ("why: To know.", "why: To know.\norder: 0", 4, "unreadable-order"),
    "another id": ("id: asked", "id: other", 1, "id-not-file-name"),
    "unknown key": ("why: To know.", "wy: To know.", 3, "unknown-key"),
    "missing key": ("title: Asked\n", "", 1, "missing-key"),
    "unknown outcome": ("outcome: OS", "outcome: overal survival", 4, "unknown-outcome"),
    "unknown measure": ("hazard ratio", "hazzard ratio", 5, "unknown-choice"),
    "unknown term": ("intervention: resection,", "intervention: resecton,", 8, "unknown-intervention"),
    "unknown kind of tag": ("site:", "place:", 8, "unknown-key"),
    "no tags": ("{intervention: not resected}", "{}", 9, "no-tags"),
    "a text as selector": ("{intervention: not resected}", "not resected", 9, "not-a-mapping"),
    "unknown role": ("{intervention: not resected}", "{role: extern}", 9, "unknown-choice"),
    "no reference": ("    reference: {intervention: not resected}\n", "", 7, "reference-missing"),
    "reference for single arms": ("hazard ratio", "median", 9, "reference-unused"),
    "no rows": (GOOD[GOOD.index("rows:") :], "rows: []\n", 1, "no-rows"),
    "rows are no list": (GOOD[GOOD.index("rows:") :], "rows: all of them\n", 6, "not-a-list"),
    "grade X": ("why: To know.", "why: To know.\nminimum_grade: X", 4, "unknown-choice"),
    "no time": ("why: To know.", "why: To know.\ntime: soon", 4, None),
    "a level of 5%": ("why: To know.", "why: To know.\nlevel: 5%", 4, "unreadable-level"),
    "nothing to mix": (
        "why: To know.",
        "why: To know.\nmix: [{what: outcome, because: So.}]",
        4,
        "unknown-choice",
    ),
    "no reason": ("why: To know.", "why: To know.\nleave_out: [{study: two}]", 4, "missing-key"),
    "unknown estimator": ("why: To know.", "why: To know.\ntau_squared: REMLL", 4, "unknown-choice"),
}


@pytest.mark.parametrize("mistake", BAD)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, vocabulary: Vocabulary, mistake: str) -> None:
    old, new, line, code = BAD[mistake]
    assert old in GOOD
    with pytest.raises(FindingsError) as refused:
        read(tmp_path, vocabulary, GOOD.replace(old, new, 1))
    found = [(finding.line, finding.code) for finding in refused.value.findings]
    assert all(finding.file == "evidence/questions/asked.yaml" for finding in refused.value.findings)
    if code is None:
        assert [place for place, _ in found] == [line]
    else:
        assert (line, code) in found


def test_all_mistakes_come_at_once(tmp_path: Path, vocabulary: Vocabulary) -> None:
    text = GOOD.replace("OS", "QS").replace("hazard ratio", "hazards").replace("not resected", "not resectd")
    with pytest.raises(FindingsError) as refused:
        read(tmp_path, vocabulary, text)
    assert [finding.line for finding in refused.value.findings] == [4, 5, 9]
    assert "did you mean 'hazard ratio'" in str(refused.value)


def test_two_blocks_of_one_label_are_refused(tmp_path: Path, vocabulary: Vocabulary) -> None:
    with pytest.raises(FindingsError, match="duplicate-label"):
        read(tmp_path, vocabulary, GOOD + GOOD[GOOD.index("  - label") :])


def test_a_question_is_found_by_its_id(vocabulary: Vocabulary, tmp_path: Path) -> None:
    assert find_question(QUESTIONS, "symptom-relief", vocabulary).effect_measure == "proportion"
    with pytest.raises(UnknownNameError, match="did you mean 'symptom-relief'"):
        find_question(QUESTIONS, "symptoms-relief", vocabulary)
    with pytest.raises(ProjectError, match="No such file or directory"):
        find_question(tmp_path / "nowhere", "symptom-relief", vocabulary)


def test_the_findings_of_all_questions_come_together(tmp_path: Path, vocabulary: Vocabulary) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "asked.yaml").write_text(GOOD, encoding="utf-8")
    questions, findings = read_questions(tmp_path, vocabulary)
    assert [question.id for question in questions] == ["asked"]
    assert [Path(finding.file).name for finding in findings] == ["a.yaml", "b.yaml"]


def test_reading_a_question_imports_no_heavy_library(run_alone) -> None:  # type: ignore[no-untyped-def]
    printed = run_alone(
        "import sys\nfrom pathlib import Path\n"
        "from evisynth.outcomes.question_reading import read_questions\n"
        "from evisynth.studies.vocabulary_reading import read_vocabulary\n"
        f"vocabulary = read_vocabulary(Path({str(FIVE_STUDIES / 'evidence' / 'vocabulary.yaml')!r}))\n"
        f"print(len(read_questions(Path({str(QUESTIONS)!r}), vocabulary)[1]))\n"
        "print(sorted({'scipy', 'numpy', 'pandas', 'duckdb'} & set(sys.modules)))"
    )
    assert printed.split() == ["0", "[]"]


def test_a_baseline_says_how_many_live_without_the_treatment(tmp_path: Path, vocabulary: Vocabulary) -> None:
    more = "baseline: {survival: 50%, time: 5 years, from: a registry}\n"
    assert read(tmp_path, vocabulary, GOOD + more).baseline == Baseline(0.5, 60.0, "a registry")
    assert read(tmp_path, vocabulary, GOOD + more.replace("50%", "0.5")).baseline == Baseline(
        0.5, 60.0, "a registry"
    )
    assert read(tmp_path, vocabulary, GOOD).baseline is None


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("baseline: {survival: half, time: 5 years, from: a registry}", "unreadable-survival"),
        ("baseline: {survival: 100%, time: 5 years, from: a registry}", "unreadable-survival"),
        ("baseline: {survival: 50%, from: a registry}", "missing-key"),
        ("baseline: {survival: 50%, time: 5 years}", "missing-key"),
        ("baseline: 50%", "not-a-mapping"),
    ],
)
def test_a_baseline_that_says_too_little_is_refused(
    line: str, code: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    with pytest.raises(FindingsError) as wrong:
        read(tmp_path, vocabulary, f"{GOOD}{line}\n")
    assert [finding.code for finding in wrong.value.findings] == [code]
    assert wrong.value.findings[0].line == 10


def test_a_baseline_belongs_to_a_hazard_ratio(tmp_path: Path, vocabulary: Vocabulary) -> None:
    text = GOOD.replace("hazard ratio", "odds ratio")
    with pytest.raises(FindingsError, match=r"not another measure \(odds ratio\)"):
        read(tmp_path, vocabulary, f"{text}baseline: {{survival: 50%, time: 5 years, from: a registry}}\n")


@pytest.mark.parametrize("word", ["refuse", "one comparison", "covariance"])
def test_a_question_says_what_becomes_of_a_shared_control(
    word: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    assert read(tmp_path, vocabulary, GOOD).shared_control == "refuse"
    question = read(tmp_path, vocabulary, f"{GOOD}shared_control: {word}\n")
    assert question.shared_control == word.replace(" ", "_")


ODDS = GOOD.replace("hazard ratio", "odds ratio")


@pytest.mark.parametrize(("told", "expected"), [("add half", "add_half"), ("refuse", "refuse")])
def test_a_question_says_what_becomes_of_empty_cells(
    tmp_path: Path, vocabulary: Vocabulary, told: str, expected: str
) -> None:
    assert read(tmp_path, vocabulary, ODDS).empty_cells == "refuse"
    assert read(tmp_path, vocabulary, f"{ODDS}empty_cells: {told}\n").empty_cells == expected


def test_a_rule_for_empty_cells_needs_four_of_them(tmp_path: Path, vocabulary: Vocabulary) -> None:
    with pytest.raises(FindingsError) as caught:
        read(tmp_path, vocabulary, f"{GOOD}empty_cells: add half\n")
    (finding,) = caught.value.findings
    assert (finding.line, finding.code) == (10, "empty-cells-unused")
    assert "hazard ratio" in finding.message and "odds ratio" in finding.fix


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("{choice: one report, because: One centre.}", OverlapChoice("one_report", "One centre.")),
        ("{choice: Covariance, because: One centre.}", OverlapChoice("covariance", "One centre.")),
        ("{choice: robust, because: One centre.}", OverlapChoice("robust", "One centre.")),
        (
            "{choice: one report, because: One centre., keep: gudmundsdottir-2023}",
            OverlapChoice("one_report", "One centre.", ("gudmundsdottir-2023",)),
        ),
        (
            "{choice: one report, because: One centre., keep: [midgut-debulking, gudmundsdottir-2023]}",
            OverlapChoice("one_report", "One centre.", ("midgut-debulking", "gudmundsdottir-2023")),
        ),
    ],
)
def test_a_question_says_what_becomes_of_overlapping_studies(
    told: str, expected: OverlapChoice, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    assert read(tmp_path, vocabulary, GOOD).overlap is None
    assert read(tmp_path, vocabulary, f"{GOOD}overlap: {told}\n").overlap == expected


@pytest.mark.parametrize(
    ("told", "code", "words"),
    [
        ("covariance", "overlap-without-reason", "because: ..."),
        ("{choice: covariance}", "missing-key", "because"),
        ("{choice: average, because: They do.}", None, "average"),
        ("{choice: robust, because: They do., keep: gudmundsdottir-2023}", "keep-unused", "one report"),
        ("{choice: one report, because: They do., keep: gudmundsdottir-2032}", "unknown-study", "2032"),
        ("{choice: one report, because: They do., keep: [midgut-debulkin]}", "unknown-study", "debulkin"),
    ],
)
def test_a_mistake_about_overlapping_studies_is_found_at_its_place(
    told: str, code: str | None, words: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    path = tmp_path / "asked.yaml"
    path.write_text(f"{GOOD}overlap: {told}\n", encoding="utf-8")
    studies = ["gudmundsdottir-2023", "midgut-debulking"]
    with pytest.raises(FindingsError) as caught:
        read_question(path, vocabulary, studies=studies)
    (finding,) = caught.value.findings
    assert finding.line == 10
    assert words in f"{finding.message} {finding.fix}"
    assert code is None or finding.code == code


def test_a_study_is_not_kept_and_left_out_at_once(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "asked.yaml"
    more = """\
leave_out: [{study: midgut-debulking, because: Another outcome.}]
overlap: {choice: one report, because: They do., keep: [midgut-debulking]}
"""
    path.write_text(GOOD + more, encoding="utf-8")
    with pytest.raises(FindingsError) as caught:
        read_question(path, vocabulary, studies=["midgut-debulking"])
    assert [(finding.line, finding.code) for finding in caught.value.findings] == [(11, "kept-and-left-out")]


@pytest.mark.parametrize(
    "prior",
    [
        "half-normal(0.5)", "half-normal(1)", "half-normal(.25)", "half-t(0.5, 4)", "half-t(0.5,4)",
        "half-cauchy(10)", "log-normal(-1.75, 0.63)",
    ],
)  # fmt: skip
def test_a_question_names_its_model_and_the_prior_on_tau(
    prior: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    question = read(tmp_path, vocabulary, f"{GOOD}model: Bayesian\ntau_prior: {prior}\n")
    assert (question.model, question.tau_prior) == ("bayesian", prior)
    # What the file takes, the model takes as well.
    assert str(read_tau_prior(prior)).replace(" ", "").startswith(prior.partition("(")[0])
    assert read(tmp_path, vocabulary, GOOD).tau_prior is None


@pytest.mark.parametrize(
    "prior",
    [
        "half-normal(0)", "half-normal(0.0)", "half-cauchy(0)", "half-t(0, 4)", "half-t(0.5, 0)",
        "half-normal(-1)", "half-normal", "half-normal()", "half-normal(.)", "half-normal(0.5, 1)",
        "half-t(0.5)", "log-normal(-1.75, 0)", "half-normal(1e3)", "half-normal(nan)", "half-normal(٥)",
        "flat", "uniform(0, 1)", "0.5", "half-normal(0.0001)", "half-cauchy(11)", "half-t(0.5, 0.1)",
        "log-normal(300, 0.5)", "log-normal(-300, 0.5)", "log-normal(-1.75, 9)",
        f"half-normal({'9' * 400})", f"half-normal(0.{'0' * 330}1)",
    ],
)  # fmt: skip
def test_what_is_no_prior_on_tau_is_refused_at_its_place(
    prior: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    with pytest.raises(FindingsError) as caught:
        read(tmp_path, vocabulary, f"{GOOD}tau_prior: {prior}\n")
    (finding,) = caught.value.findings
    assert (finding.line, finding.column, finding.code) == (10, 12, "unknown-prior")
    assert "half-normal(0.5)" in finding.fix


RISK_DIFFERENCE = GOOD.replace("hazard ratio", "risk difference")


@pytest.mark.parametrize(
    ("text", "place", "code", "fix"),
    [
        (f"{RISK_DIFFERENCE}model: bayesian\n", (10, 8), "prior-missing", "tau_prior: half-normal(0.1)"),
        (
            f"{GOOD}model: bayesian\noverlap: {{choice: robust, because: One centre.}}\n",
            (11, 10),
            "robust-not-bayesian",
            "covariance",
        ),
        (
            f"{GOOD}model: common effect\ntau_prior: half-normal(0.5)\n",
            (11, 12),
            "prior-unused",
            "take it out",
        ),
    ],
)
def test_settings_of_a_model_that_do_not_go_together(
    text: str, place: tuple[int, int], code: str, fix: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    with pytest.raises(FindingsError) as caught:
        read(tmp_path, vocabulary, text)
    (finding,) = caught.value.findings
    assert ((finding.line, finding.column), finding.code) == (place, code)
    assert fix in finding.fix


@pytest.mark.parametrize(
    "more",
    [
        "tau_prior: half-normal(0.1)\nmodel: bayesian\n",
        "tau_prior: half-normal(0.1)\n",
        "model: random effects\n",
    ],
)
def test_a_risk_difference_with_a_prior_of_its_own(more: str, tmp_path: Path, vocabulary: Vocabulary) -> None:
    assert read(tmp_path, vocabulary, RISK_DIFFERENCE + more).effect_measure == "risk_difference"


def test_a_prior_that_cannot_be_read_is_the_only_mistake_told(tmp_path: Path, vocabulary: Vocabulary) -> None:
    with pytest.raises(FindingsError) as caught:
        read(tmp_path, vocabulary, f"{RISK_DIFFERENCE}model: bayesian\ntau_prior: flat\n")
    assert [finding.code for finding in caught.value.findings] == ["unknown-prior"]
