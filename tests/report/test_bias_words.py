"""Risk of bias in words: a line of a row, and a table on the page of a study."""

from __future__ import annotations

from dataclasses import replace

from five_studies import FIVE_ANSWERED, FIVE_STUDIES

from evisynth.outcomes import BiasAssessment, BiasJudgement
from evisynth.report import AssessmentContent, JudgementContent, assessment_words, bias_content, render_report
from evisynth.studies import read_study


def assessment(overall: str | None, *domains: str | None) -> BiasAssessment:
    judged = tuple(BiasJudgement(f"domain {i}", word) for i, word in enumerate(domains))
    return BiasAssessment("s1", "RoB 2", None, None, BiasJudgement("overall", overall), judged)


def test_a_line_says_what_was_judged_and_what_was_not() -> None:
    assert assessment_words(assessment("high", "low", "high")) == (
        "Risk of bias by RoB 2: high overall; domain 0 low; domain 1 high."
    )
    assert assessment_words(assessment(None, "low", None)) == (
        "Risk of bias by RoB 2: not judged overall; domain 0 low; other domains not judged."
    )


def test_explain_names_it_in_a_line_of_the_row(project, run) -> None:
    _, out, _ = run(project, "explain", "resection-overall-survival", "midgut-debulking")
    line = (
        "Risk of bias by ROBINS-I: serious overall; confounding serious; selection of participants serious; "
        "other domains not judged."
    )
    assert " ".join(out.split()).count(line) == 3
    assert "Risk of bias" not in run(project, "explain", "survival-5-years")[1]


def test_a_study_tells_every_domain_with_reason_and_place() -> None:
    vocabulary = FIVE_ANSWERED.vocabulary()
    path = FIVE_STUDIES / "studies" / "midgut-debulking.yaml"
    (content,) = bias_content(read_study(path, vocabulary), vocabulary)
    assert (content.tool, content.source) == ("ROBINS-I", "Sterne et al 2016, BMJ 355:i4919")
    assert content.about == "Overall survival, groups divided by resection"
    assert [one.letter for one in content.judgements] == ["", "D1", "D2", "D3", "D4", "D5", "D6", "D7"]
    confounding, unjudged = content.judgements[1], content.judgements[3]
    assert (confounding.judgement, confounding.source_location) == ("serious", "lines 41-43")
    assert (unjudged.judgement, unjudged.because, unjudged.file_line) == ("not judged", "", "")
    line = path.read_text(encoding="utf-8").splitlines()[int(confounding.file_line) - 1]
    assert line.strip().startswith("confounding:") and confounding.because in line


def test_the_page_of_a_study_shows_the_table(content) -> None:
    judged = (
        JudgementContent("", "overall", "high", "", "", "31"),
        JudgementContent("D1", "randomisation process", "high", "Drawn by <lot>.", "line 8", "30"),
        JudgementContent("D2", "deviations", "not judged", "", "", ""),
    )
    told = AssessmentContent("RoB 2", "Sterne et al 2019", "every outcome", judged, "One reader.")
    first = replace(content.studies[0], risk_of_bias=(told,))
    html = render_report(replace(content, studies=(first, *content.studies[1:])))
    assert html.count("<h3>Risk of bias</h3>") == 1
    assert "Judged by RoB 2 (Sterne et al 2019): every outcome. One reader." in html
    assert "Drawn by &lt;lot&gt;." in html and '<td class="place">line 8</td>' in html
    assert "Risk of bias" not in render_report(content)
