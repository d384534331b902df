"""Sentences of an answer name studies as figures do, in pictures and on pages."""

from __future__ import annotations

from evisynth.answers import with_shown_names
from evisynth.pipeline.evidence import Evidence

QUESTION = "surgery-extent-overall-survival"


def test_ids_in_reasons_and_cautions_give_way_to_names(project) -> None:
    answer = Evidence(project).answer(QUESTION)
    names = {row.effect.study: f"Study {n}" for n, row in enumerate(answer.rows)}
    said = with_shown_names(answer, names)
    summaries = (said.overall, *said.by_row_group)
    told = [text for one in summaries for text in (*one.cautions, one.refused or "")]
    told += [row.reason or "" for row in said.rows]
    assert not [text for text in told for study in names if study in text]
    before = [
        text for one in (answer.overall, *answer.by_row_group) for text in (*one.cautions, one.refused or "")
    ]
    assert any(study in text for text in before for study in names)  # else nothing was tried
    assert [row.effect.study for row in said.rows] == [row.effect.study for row in answer.rows]


def test_a_longer_id_and_a_file_are_left_alone(project) -> None:
    answer = Evidence(project).answer(QUESTION)
    study = answer.rows[0].effect.study
    said = with_shown_names(answer, {study[:-1]: "Nobody"})
    assert said == answer
