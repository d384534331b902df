"""The tables of the vocabulary and of the studies as a whole."""

from __future__ import annotations

from evisynth.database.table import (
    LINE,
    OF_STUDY,
    PLACE,
    STUDY,
    TAG_KINDS,
    Column,
    Table,
    one_of,
    real,
    text,
    whole,
)

VOCABULARY = (
    Table(
        "outcome",
        "One row an outcome of the vocabulary.",
        (
            text("outcome_id", "Name in snake_case.", "NOT NULL"),
            text("label", "Name to show.", "NOT NULL"),
            text("definition", "What is measured, and from when.", "NOT NULL"),
            text("type", "time_to_event, duration, share or measurement.", "NOT NULL"),
            text("event", "What ends the clock of a time to event."),
            Column(
                "more_is_better", "BOOLEAN", "Whether more of it is better for the patient; NULL: neither."
            ),
            text("unit", "Unit of a measurement."),
        ),
        ("PRIMARY KEY (outcome_id)",),
    ),
    Table(
        "term",
        "One row a tag of the vocabulary: an intervention, an extent, a site or a population.",
        (
            text("kind", "Kind of tag.", one_of("kind", TAG_KINDS, empty=False)),
            text("term_id", "Name in snake_case.", "NOT NULL"),
            text("label", "Name to show.", "NOT NULL"),
            text("definition", "What it means.", "NOT NULL"),
            text("broader", "The term of the same kind that includes this one."),
        ),
        ("PRIMARY KEY (kind, term_id)",),
    ),
    Table(
        "vocabulary_name",
        "One row a name by which an outcome or a term may be asked for.",
        (
            text(
                "kind", "outcome, or the kind of tag.", one_of("kind", ("outcome", *TAG_KINDS), empty=False)
            ),
            text("folded", "The name without capitals, spaces, hyphens and underscores.", "NOT NULL"),
            text("name", "The name as the vocabulary writes it.", "NOT NULL"),
            text("id", "The outcome or the term that it names.", "NOT NULL"),
        ),
        ("PRIMARY KEY (kind, folded)",),
    ),
)

STUDIES = (
    Table(
        "study",
        "One row a study: the publication that was read, and the patients it is about.",
        (
            text("study_id", "Name of the study and of its file.", "NOT NULL"),
            text("label", "Its name in figures, where the file gives one."),
            text("file", "Study file, relative to the project.", "NOT NULL"),
            text("file_sha256", "SHA-256 of the study file.", "NOT NULL"),
            text("kind", "Kind of publication.", "NOT NULL"),
            text("title", "Title as printed."),
            text("journal", "Journal or meeting."),
            whole("year", "Year of publication."),
            text("volume", "Volume."),
            text("issue", "Issue."),
            text("pages", "Pages."),
            text("doi", "Digital object identifier."),
            text("pmid", "PubMed identifier."),
            text("url", "Address."),
            text("text_sha256", "SHA-256 of the text that was read, to which the line numbers refer."),
            text("report_of", "Study that reports on the same patients, when this is a further report."),
            text("source_note", "Remark on the publication."),
            text("design", "Design, as stated."),
            text("institution", "Institution."),
            text("registry", "Registry."),
            whole("accrual_start", "First year of accrual."),
            whole("accrual_end", "Last year of accrual.", "CHECK (accrual_end >= accrual_start)"),
            real("follow_up_median_months", "Median follow-up.", "CHECK (follow_up_median_months >= 0)"),
            text("follow_up_method", "How the median follow-up was computed, as stated."),
            real("follow_up_minimum_months", "Shortest follow-up.", "CHECK (follow_up_minimum_months >= 0)"),
            whole("screened", "Patients screened.", "CHECK (screened >= 0)"),
            text("disease", "Disease and how patients were chosen."),
            text("excluded", "Who was excluded."),
            text("cohort_location", "Place in the source of what is said of the patients."),
            text("cohort_note", "Remark on the patients."),
            text(
                "internal_contradiction",
                "Finding that figures of this source cannot all be true, when nobody reviewed the source.",
            ),
        ),
        ("PRIMARY KEY (study_id)",),
    ),
    Table(
        "author",
        "One row an author as cited.",
        (
            STUDY,
            whole("position", "Order, from 1.", "NOT NULL"),
            text("name", "Name as cited.", "NOT NULL"),
        ),
        ("PRIMARY KEY (study_id, position)", OF_STUDY),
    ),
    Table(
        "place_of_others",
        "One row a place of the captured text that does not belong to the study.",
        (
            STUDY,
            whole("position", "Order, from 1.", "NOT NULL"),
            text("place", "Lines, table or section.", "NOT NULL"),
        ),
        ("PRIMARY KEY (study_id, position)", OF_STUDY),
    ),
    Table(
        "overlap",
        "One row a statement that a study shares patients with another; the other may have no file yet.",
        (
            STUDY,
            text("with_study", "The other study.", "NOT NULL CHECK (with_study <> study_id)"),
            Column(
                "extent",
                "ENUM('none', 'possible', 'probably contained', 'contained', 'identical')",
                "How far the patients of the study are those of the other, from least to most.",
                "NOT NULL",
            ),
            text("because", "Why it is thought so."),
            PLACE,
            LINE,
        ),
        ("PRIMARY KEY (study_id, with_study)", OF_STUDY),
    ),
)
