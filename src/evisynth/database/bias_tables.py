"""The tables of what was judged of the risk of bias."""

from __future__ import annotations

from evisynth.database.table import LINE, NOTE, OF_STUDY, PLACE, STUDY, Column, Table, text, whole

BIAS = (
    Table(
        "bias_assessment",
        "One row a judgement of the risk of bias of what a study compares, by one tool.",
        (
            STUDY,
            whole("assessment_no", "Order in the study file, from 1.", "NOT NULL"),
            text("tool", "Tool that the judgements follow.", "NOT NULL"),
            Column("outcomes", "VARCHAR[]", "Outcomes that it is about; empty: every outcome."),
            text("split", "Split of groups whose parts it compares; NULL: any comparison."),
            PLACE,
            LINE,
            NOTE,
        ),
        ("PRIMARY KEY (study_id, assessment_no)", OF_STUDY),
    ),
    Table(
        "bias_judgement",
        "One row a domain of an assessment, judged or not, and one over all domains.",
        (
            STUDY,
            whole("assessment_no", "Assessment.", "NOT NULL"),
            whole("position", "Place of the domain in its tool, from 1; 0: over all domains.", "NOT NULL"),
            text("domain", "Domain, or overall.", "NOT NULL"),
            text("judgement", "Judgement in the word of the tool; NULL: not judged."),
            text("because", "Why it was judged so."),
            PLACE,
            whole("file_line", "Line of the study file; NULL: not judged."),
        ),
        (
            "PRIMARY KEY (study_id, assessment_no, position)",
            "FOREIGN KEY (study_id, assessment_no) REFERENCES bias_assessment (study_id, assessment_no)",
        ),
    ),
)
