"""Any plot by its name: what each needs, and what is said when it cannot be had."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from five_studies import FIVE_ANSWERED, FIVE_STUDIES
from matplotlib.text import Text

from evisynth.errors import EvidenceError, ProjectError, UnknownNameError, UsageError
from evisynth.figures import KINDS, plot_kind, svg_bytes
from evisynth.pipeline import (
    Evidence,
    Recovered,
    moderated,
    plot_with_answer,
    pooled_answer,
    posterior_answer,
    risk_of,
    risks_of,
)
from evisynth.synthesis import BayesianResult

POOLED = "complete-cytoreduction"


def without_overlaps(study: str) -> str:
    return re.sub(r"  overlaps:\n(?:    .*\n)+", "", study)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return FIVE_ANSWERED


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if not kind.needs_question])
def test_every_plot_of_all_studies_is_drawn(evidence: Evidence, name: str, unreadable: Any) -> None:
    figure = evidence.plot(name)
    assert not unreadable(figure)


@pytest.mark.parametrize(
    "name", [name for name, kind in KINDS.items() if kind.subject in ("pooled", "posterior", "multiverse")]
)
def test_every_plot_of_a_question_is_drawn(evidence: Evidence, name: str, unreadable: Any) -> None:
    figure = evidence.plot(name, POOLED)
    assert not unreadable(figure)


class Asked(Evidence):
    """Remembers which questions were answered."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.answered: list[str] = []

    def recover(self, question_id: str) -> Recovered:
        self.answered.append(question_id)
        return super().recover(question_id)


@pytest.mark.parametrize("name", ["funnel", "posterior", "bubble"])
def test_a_plot_hands_on_the_answer_it_was_drawn_from(evidence: Evidence, name: str) -> None:
    asked = Asked(evidence.files.folder)
    _, answer = plot_with_answer(asked, name, POOLED, moderator="patients" if name == "bubble" else None)
    assert asked.answered == [POOLED]
    assert answer is not None and answer.question.id == POOLED
    assert evidence.stamp(answer) == evidence.stamp(evidence.answer(POOLED))


@pytest.mark.parametrize("name", ["funnel", "specification-curve"])
def test_to_write_a_plot_its_question_is_answered_once(evidence: Evidence, name: str, tmp_path: Path) -> None:
    asked = Asked(evidence.files.folder)
    path = asked.draw_plot(name, tmp_path / "plot.svg", POOLED)
    assert asked.answered == [POOLED]
    stamp = evidence.stamp(evidence.answer(POOLED))
    assert f"<dc:identifier>{stamp}</dc:identifier>" in path.read_text(encoding="utf-8")


def test_an_answer_is_handed_on_whole_when_one_block_is_shown(tmp_path: Path) -> None:
    for part in ("studies", "evidence"):
        shutil.copytree(FIVE_STUDIES / part, tmp_path / part)
    path = tmp_path / "evidence" / "questions" / "survival-5-years.yaml"
    # a block of single groups and one of another kind: the first has an estimate of its own
    path.write_text(path.read_text().replace("{intervention: no resection}", "{role: external}"))
    own = Evidence(tmp_path)
    blocks = own.answer("survival-5-years").by_row_group
    block = next(summary.label for summary in blocks if summary.pooled is not None)
    _, answer = plot_with_answer(own, "funnel", "survival-5-years", block=block)
    assert answer is not None and [summary.label for summary in answer.by_row_group] == [
        summary.label for summary in blocks
    ]
    assert answer.overall.label != block


@pytest.mark.parametrize(("name", "question"), [("cohort-timeline", None), ("specification-curve", POOLED)])
def test_what_shows_no_answer_hands_none_on(evidence: Evidence, name: str, question: str | None) -> None:
    assert plot_with_answer(evidence, name, question)[1] is None


def test_a_plot_of_a_question_asks_for_one_and_names_those_there_are(evidence: Evidence) -> None:
    with pytest.raises(UsageError, match=f"belongs to a question; name one of: .*{POOLED}"):
        evidence.plot("funnel")
    with pytest.raises(UsageError, match="shows all studies; leave out the question"):
        evidence.plot("evidence-map", POOLED)
    with pytest.raises(UnknownNameError, match="funnel"):
        evidence.plot("funel", POOLED)


@pytest.mark.parametrize(
    ("kind", "choices"),
    [("funnel", {"moderator": "year"}), ("evidence-map", {"outcome": "OS"}), ("labbe", {"block": "x"})],
)
def test_a_choice_that_a_kind_does_not_have_is_refused(
    evidence: Evidence, kind: str, choices: dict[str, str]
) -> None:
    question = POOLED if plot_kind(kind).needs_question else None
    with pytest.raises(UsageError, match=f"has no {next(iter(choices))} to choose"):
        evidence.plot(kind, question, **choices)


def test_what_is_not_pooled_is_not_drawn_and_says_why(evidence: Evidence) -> None:
    with pytest.raises(ProjectError, match="perioperative-mortality is not pooled: "):
        evidence.plot("funnel", "perioperative-mortality")


def test_a_block_with_its_own_estimate_can_be_shown(evidence: Evidence) -> None:
    answer = evidence.answer("survival-5-years")
    pooled = [summary for summary in answer.by_row_group if summary.pooled is not None]
    for summary in pooled:
        shown = pooled_answer(answer, summary.label)
        assert shown.overall is summary
        assert summary.label in shown.question.title
    with pytest.raises(UnknownNameError, match="block"):
        pooled_answer(answer, "no such block")


def test_the_posterior_is_of_the_same_rows(evidence: Evidence) -> None:
    answer = evidence.answer(POOLED)
    bayesian = posterior_answer(answer).overall.pooled
    assert isinstance(bayesian, BayesianResult)
    assert np.array_equal(bayesian.y, answer.overall.pooled.y)
    # Single arms take the wider prior.
    assert str(bayesian.prior.tau) == "half-normal(1)"


def test_risks_are_what_was_printed_at_the_time_of_the_row(evidence: Evidence) -> None:
    # 10-year survival of the liver comparison: 79% of 80 and 39% of 37.
    risks = risks_of(evidence.recover("surgery-extent-overall-survival"))
    place = risks.names.index("midgut-debulking, Liver only")
    assert (risks.index[place], risks.reference[place]) == pytest.approx((0.21, 0.61), abs=1e-12)
    assert (risks.index_sizes[place], risks.reference_sizes[place]) == (80, 37)


def test_counts_are_risks_and_rows_without_them_are_named(evidence: Evidence) -> None:
    recovered = evidence.recover("surgery-extent-overall-survival")
    assert "net-liver-surgery-34" in risks_of(recovered).left_out
    arm = recovered.comparisons[0].index
    figure = replace(arm.figures[0], statistic="count", value=14.0, time_months=None, qualifier="=")
    assert risk_of(replace(arm, figures=(figure,)), 60.0) == 14 / 80
    assert risk_of(replace(arm, figures=(replace(figure, denominator=70),)), 60.0) == 14 / 70
    # Of a survival outcome a count may be of those who are alive.
    assert risk_of(replace(arm, figures=(figure,)), 60.0, counted=False) is None
    share = replace(figure, statistic="proportion", value=0.2, time_months=3.0)
    assert (
        risk_of(replace(arm, figures=(share,)), 3.0) == risk_of(replace(arm, figures=(share,)), None) == 0.2
    )
    assert risk_of(replace(arm, figures=(share,)), 60.0) is None, "a share of another window"


def test_a_bound_is_no_risk(evidence: Evidence) -> None:
    comparison = next(
        c for c in evidence.recover("symptom-relief").comparisons if c.study == "mayo-sinet-peritoneal-2024"
    )
    assert risk_of(comparison.index, None) is None


def test_a_moderator_that_a_study_does_not_report_is_named(evidence: Evidence) -> None:
    with pytest.raises(ProjectError, match=r"accrual years of .* is not reported"):
        evidence.plot("bubble", "surgery-extent-overall-survival")
    with pytest.raises(UnknownNameError, match="moderator"):
        evidence.plot("bubble", POOLED, moderator="colour")


def test_patients_as_moderator_are_those_of_each_row(evidence: Evidence) -> None:
    recovered = evidence.recover(POOLED)
    result = moderated(recovered, recovered.answer, "patients")
    expected = [row.effect.participants for row in recovered.answer.rows if row.included]
    assert result.design[:, 1].tolist() == expected


def test_every_kind_names_a_function_that_exists() -> None:
    for kind in KINDS.values():
        with pytest.raises((TypeError, EvidenceError)):
            kind.draw()


def test_studies_that_may_share_patients_are_bracketed_before_anyone_decided(project: Path) -> None:
    # The same centre, years and figures under another name; what the first file decided goes.
    original = (project / "studies" / "mayo-sinet-peritoneal-2024.yaml").read_text(encoding="utf-8")
    twin = original.replace("id: mayo-sinet-peritoneal-2024", "id: twin-2024")
    (project / "studies" / "twin-2024.yaml").write_text(without_overlaps(twin), encoding="utf-8")
    figure = Evidence(project).plot("cohort-timeline")
    assert "suspected" in " ".join(text.get_text() for text in figure.findobj(Text))


def test_a_labbe_plot_names_its_groups_and_the_rows_it_cannot_show(evidence: Evidence) -> None:
    figure = evidence.plot("labbe", "surgery-extent-overall-survival")
    assert "index group (resection, complete or at least 70%)" in svg_bytes(figure).decode()
    words = " ".join(artist.get_text() for artist in figure.findobj(Text))
    assert "Not shown, since not both groups report a risk" in words and "net-liver-surgery-34" in words


def test_a_picture_of_no_known_kind_leaves_no_folder_behind(evidence: Evidence, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="names no kind of figure"):
        evidence.draw_forest(POOLED, tmp_path / "new" / "plot.jpg")
    assert not (tmp_path / "new").exists()
    assert evidence.draw_forest(POOLED, tmp_path / "new" / "plot.svg").exists()
