"""The tables: what is stored once, with its keys and checks, and what each column means.

Durations are months (days / 30.4375), shares are proportions from 0 to 1, ``*_half_unit`` is half of the
last printed digit in the unit of its value. What a source does not say is NULL. A figure that is printed
twice in one place (``91 (84.2%)``) is two rows, a count and a proportion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

STATISTICS = (
    "median", "mean", "range", "iqr", "proportion", "count", "rate", "survival", "cumulative_incidence",
    "p_value", "hazard_ratio", "odds_ratio", "risk_ratio", "difference",
)  # fmt: skip
STATES = ("reported", "not_reached", "not_reported")
QUALIFIERS = ("=", "<", "<=", ">", ">=", "~")
TAG_KINDS = ("intervention", "extent", "site", "population")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its SQL type, what it holds, and what its values must satisfy."""

    name: str
    type: str
    comment: str
    constraint: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns, its keys, and what one row is."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]


def _text(name: str, comment: str, constraint: str = "") -> Column:
    return Column(name, "VARCHAR", comment, constraint)


def _whole(name: str, comment: str, constraint: str = "") -> Column:
    return Column(name, "INTEGER", comment, constraint)


def _real(name: str, comment: str, constraint: str = "") -> Column:
    return Column(name, "DOUBLE", comment, constraint)


def _one_of(name: str, values: tuple[str, ...], empty: bool = True) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"CHECK ({name} IN ({listed}))" if empty else f"NOT NULL CHECK ({name} IN ({listed}))"


_STUDY = _text("study_id", "Study.", "NOT NULL")
_PLACE = _text("source_location", "Place in the source: lines, table, figure or section.")
_LINE = _whole("file_line", "Line of the study file.", "NOT NULL")
_NOTE = _text("note", "Remark of the person who read.")
_OF_STUDY = "FOREIGN KEY (study_id) REFERENCES study (study_id)"
_OF_OUTCOME = "FOREIGN KEY (outcome_id) REFERENCES outcome (outcome_id)"
_OF_GROUP = "FOREIGN KEY (study_id, group_id) REFERENCES study_group (study_id, group_id)"

_VOCABULARY = (
    Table(
        "outcome",
        "One row an outcome of the vocabulary.",
        (
            _text("outcome_id", "Name in snake_case.", "NOT NULL"),
            _text("label", "Name to show.", "NOT NULL"),
            _text("definition", "What is measured, and from when.", "NOT NULL"),
            _text("type", "time_to_event, duration, share or measurement.", "NOT NULL"),
            _text("event", "What ends the clock of a time to event."),
            Column("more_is_better", "BOOLEAN", "Whether more of it is better for the patient; NULL: neither."),
            _text("unit", "Unit of a measurement."),
        ),
        ("PRIMARY KEY (outcome_id)",),
    ),
    Table(
        "term",
        "One row a tag of the vocabulary: an intervention, an extent, a site or a population.",
        (
            _text("kind", "Kind of tag.", _one_of("kind", TAG_KINDS, empty=False)),
            _text("term_id", "Name in snake_case.", "NOT NULL"),
            _text("label", "Name to show.", "NOT NULL"),
            _text("definition", "What it means.", "NOT NULL"),
            _text("broader", "The term of the same kind that includes this one."),
        ),
        ("PRIMARY KEY (kind, term_id)",),
    ),
    Table(
        "vocabulary_name",
        "One row a name by which an outcome or a term may be asked for.",
        (
            _text("kind", "outcome, or the kind of tag.", _one_of("kind", ("outcome", *TAG_KINDS), empty=False)),
            _text("folded", "The name without capitals, spaces, hyphens and underscores.", "NOT NULL"),
            _text("name", "The name as the vocabulary writes it.", "NOT NULL"),
            _text("id", "The outcome or the term that it names.", "NOT NULL"),
        ),
        ("PRIMARY KEY (kind, folded)",),
    ),
)

_STUDIES = (
    Table(
        "study",
        "One row a study: the publication that was read, and the patients it is about.",
        (
            _text("study_id", "Name of the study and of its file.", "NOT NULL"),
            _text("file", "Study file, relative to the project.", "NOT NULL"),
            _text("file_sha256", "SHA-256 of the study file.", "NOT NULL"),
            _text("kind", "Kind of publication.", "NOT NULL"),
            _text("title", "Title as printed."),
            _text("journal", "Journal or meeting."),
            _whole("year", "Year of publication."),
            _text("volume", "Volume."),
            _text("issue", "Issue."),
            _text("pages", "Pages."),
            _text("doi", "Digital object identifier."),
            _text("pmid", "PubMed identifier."),
            _text("url", "Address."),
            _text("text_sha256", "SHA-256 of the text that was read, to which the line numbers refer."),
            _text("report_of", "Study that reports on the same patients, when this is a further report."),
            _text("source_note", "Remark on the publication."),
            _text("design", "Design, as stated."),
            _text("institution", "Institution."),
            _text("registry", "Registry."),
            _whole("accrual_start", "First year of accrual."),
            _whole("accrual_end", "Last year of accrual.", "CHECK (accrual_end >= accrual_start)"),
            _real("follow_up_median_months", "Median follow-up.", "CHECK (follow_up_median_months >= 0)"),
            _text("follow_up_method", "How the median follow-up was computed, as stated."),
            _real("follow_up_minimum_months", "Shortest follow-up.", "CHECK (follow_up_minimum_months >= 0)"),
            _whole("screened", "Patients screened.", "CHECK (screened >= 0)"),
            _text("disease", "Disease and how patients were chosen."),
            _text("excluded", "Who was excluded."),
            _text("cohort_location", "Place in the source of what is said of the patients."),
            _text("cohort_note", "Remark on the patients."),
        ),
        ("PRIMARY KEY (study_id)",),
    ),
    Table(
        "author",
        "One row an author as cited.",
        (
            _STUDY,
            _whole("position", "Order, from 1.", "NOT NULL"),
            _text("name", "Name as cited.", "NOT NULL"),
        ),
        ("PRIMARY KEY (study_id, position)", _OF_STUDY),
    ),
    Table(
        "place_of_others",
        "One row a place of the captured text that does not belong to the study.",
        (
            _STUDY,
            _whole("position", "Order, from 1.", "NOT NULL"),
            _text("place", "Lines, table or section.", "NOT NULL"),
        ),
        ("PRIMARY KEY (study_id, position)", _OF_STUDY),
    ),
    Table(
        "overlap",
        "One row a statement that a study shares patients with another; the other may have no file yet.",
        (
            _STUDY,
            _text("with_study", "The other study.", "NOT NULL CHECK (with_study <> study_id)"),
            _text("extent", "none, possible, probably contained, contained or identical.", "NOT NULL"),
            _text("because", "Why it is thought so."),
            _PLACE,
            _LINE,
        ),
        ("PRIMARY KEY (study_id, with_study)", _OF_STUDY),
    ),
)

_GROUPS = (
    Table(
        "study_group",
        "One row a group of patients.",
        (
            _STUDY,
            _text("group_id", "Name of the group inside its study.", "NOT NULL"),
            _whole("position", "Order in the study file, from 1.", "NOT NULL"),
            _text("label", "What the group is.", "NOT NULL"),
            _text("role", "own, external or background.", _one_of("role", ("own", "external", "background"), False)),
            _text("n_as_reported", "Number of patients, as written in the study file."),
            _text("n_state", "Whether it is reported.", _one_of("n_state", STATES)),
            _text("n_qualifier", "How exact it is.", _one_of("n_qualifier", QUALIFIERS)),
            _real("n_value", "Patients, or the share of the group that this is part of.", "CHECK (n_value >= 0)"),
            _text("n_unit", "patients or proportion."),
            _real("n_half_unit", "Half of the last printed digit of a share."),
            _whole("n_count", "Patients, where a whole number is given.", "CHECK (n_count >= 0)"),
            _text("n_worked_out", "How the reader worked it out, when it is not printed."),
            _text("n_location", "Place in the source of the number of patients."),
            _PLACE,
            _LINE,
            _NOTE,
        ),
        ("PRIMARY KEY (study_id, group_id)", _OF_STUDY),
    ),
    Table(
        "group_part",
        "One row a group that is part of another, with the split that made it a part.",
        (
            _STUDY,
            _text("group_id", "The part.", "NOT NULL"),
            _text("whole_id", "The group that it is part of.", "NOT NULL CHECK (whole_id <> group_id)"),
            _text("split", "By what the whole was split.", "NOT NULL"),
        ),
        (
            "PRIMARY KEY (study_id, group_id)",
            _OF_GROUP,
            "FOREIGN KEY (study_id, whole_id) REFERENCES study_group (study_id, group_id)",
        ),
    ),
    Table(
        "open_split",
        "One row a split whose parts do not cover the whole.",
        (
            _STUDY,
            _text("group_id", "The whole.", "NOT NULL"),
            _text("split", "By what it was split.", "NOT NULL"),
        ),
        ("PRIMARY KEY (study_id, group_id, split)", _OF_GROUP),
    ),
    Table(
        "group_ancestor",
        "One row a group and each group that holds it, itself included (depth 0).",
        (
            _STUDY,
            _text("group_id", "The group.", "NOT NULL"),
            _text("ancestor_id", "A group that holds it.", "NOT NULL"),
            _whole("depth", "Steps up the tree.", "NOT NULL CHECK (depth >= 0)"),
        ),
        ("PRIMARY KEY (study_id, group_id, ancestor_id)", _OF_GROUP),
    ),
    Table(
        "group_tag",
        "One row a tag of a group, inherited ones included.",
        (
            _STUDY,
            _text("group_id", "The group.", "NOT NULL"),
            _text("kind", "Kind of tag.", "NOT NULL"),
            _text("term_id", "Term of the vocabulary.", "NOT NULL"),
        ),
        (
            "PRIMARY KEY (study_id, group_id, kind)",
            _OF_GROUP,
            "FOREIGN KEY (kind, term_id) REFERENCES term (kind, term_id)",
        ),
    ),
)

_FIGURES = (
    Table(
        "outcome_block",
        "One row a way in which a study reports an outcome: how it was estimated and when the clock starts.",
        (
            _STUDY,
            _whole("block_no", "Order in the study file, from 1.", "NOT NULL"),
            _text("outcome_id", "Outcome.", "NOT NULL"),
            _text("label", "What the source calls it."),
            _text("method", "How it was estimated."),
            _text("starts", "When the clock starts."),
            Column("adjusted_for", "VARCHAR[]", "What the figures are adjusted for."),
            _PLACE,
            _LINE,
            _NOTE,
        ),
        ("PRIMARY KEY (study_id, block_no)", _OF_STUDY, _OF_OUTCOME),
    ),
    Table(
        "comparison",
        "One row a comparison that a study reports.",
        (
            _STUDY,
            _whole("comparison_no", "Order in the study file, from 1.", "NOT NULL"),
            _text("outcome_id", "Outcome.", "NOT NULL"),
            _text("within_group", "Group inside which patients are compared, when no groups are named."),
            _text("split", "By what patients are compared inside that group."),
            _real("time_months", "Time for which the comparison is made."),
            _text("read_as", "What the ratio is, where the source calls it otherwise."),
            _text("test", "Test, as stated."),
            Column("adjusted_for", "VARCHAR[]", "What it is adjusted for."),
            _text(
                "basis",
                "Whether the source states what is compared, or the reader inferred it.",
                _one_of("basis", ("stated", "inferred", "unclear"), empty=False),
            ),
            _text("reads", "Why it was read so."),
            _text("favours", "Group that does better, as the source says."),
            _PLACE,
            _LINE,
            _NOTE,
        ),
        (
            "PRIMARY KEY (study_id, comparison_no)",
            _OF_STUDY,
            _OF_OUTCOME,
            "FOREIGN KEY (study_id, within_group) REFERENCES study_group (study_id, group_id)",
            "FOREIGN KEY (study_id, favours) REFERENCES study_group (study_id, group_id)",
        ),
    ),
    Table(
        "comparison_group",
        "One row a group of a comparison; position 1 is the index group.",
        (
            _STUDY,
            _whole("comparison_no", "Comparison.", "NOT NULL"),
            _whole("position", "Order, from 1.", "NOT NULL"),
            _text("group_id", "Group.", "NOT NULL"),
        ),
        (
            "PRIMARY KEY (study_id, comparison_no, position)",
            "FOREIGN KEY (study_id, comparison_no) REFERENCES comparison (study_id, comparison_no)",
            _OF_GROUP,
        ),
    ),
    Table(
        "reported_figure",
        "One row a number of an outcome block or of a comparison, printed or worked out by the reader.",
        (
            _STUDY,
            _whole("figure_no", "Order in the study file, from 1.", "NOT NULL"),
            _text("group_id", "Group; of a comparison the first, or the one inside which is compared.", "NOT NULL"),
            _text("outcome_id", "Outcome.", "NOT NULL"),
            _whole("block_no", "Outcome block that holds it; NULL for a comparison."),
            _whole("comparison_no", "Comparison that holds it; NULL for an outcome block."),
            _text("statistic", "What the number is.", _one_of("statistic", STATISTICS, empty=False)),
            _real("time_months", "Time or window that it is for.", "CHECK (time_months >= 0)"),
            _text("state", "Whether there is a number.", _one_of("state", STATES, empty=False)),
            _text("qualifier", "How the number stands to the truth.", _one_of("qualifier", QUALIFIERS)),
            _real("value", "The number, in the unit."),
            _text("unit", "months, proportion, patients, ratio, probability or another word.", "NOT NULL"),
            _real("half_unit", "Half of the last printed digit; NULL for what is exact or said in words."),
            _real("ci_lower", "Lower confidence limit."),
            _real("ci_upper", "Upper confidence limit.", "CHECK (ci_upper >= ci_lower)"),
            _real("level", "Confidence level.", "CHECK (level > 0 AND level < 1)"),
            _real("ci_lower_half_unit", "Half of the last printed digit of the lower limit."),
            _real("ci_upper_half_unit", "Half of the last printed digit of the upper limit."),
            _text("ci_upper_state", "Whether the upper limit was reached.", _one_of("ci_upper_state", STATES)),
            _real("lower", "Lower end of a range or of quartiles."),
            _real("upper", "Upper end of a range or of quartiles.", 'CHECK ("upper" >= "lower")'),
            _text("spread", "range, iqr, sd or se.", _one_of("spread", ("range", "iqr", "sd", "se"))),
            _real("sd", "Standard deviation or standard error, as spread says."),
            _whole("denominator", "Patients in the denominator, printed with the number."),
            _whole("n", "Patients that the number rests on, printed for it."),
            Column("n_not_reported", "BOOLEAN", "True when these are not the patients of the group.", "NOT NULL"),
            _text("worked_out", "How the reader worked the number out, when it is not printed."),
            _text("as_reported", "As written in the study file.", "NOT NULL"),
            _PLACE,
            _LINE,
            _NOTE,
        ),
        (
            "PRIMARY KEY (study_id, figure_no)",
            _OF_GROUP,
            _OF_OUTCOME,
            "FOREIGN KEY (study_id, block_no) REFERENCES outcome_block (study_id, block_no)",
            "FOREIGN KEY (study_id, comparison_no) REFERENCES comparison (study_id, comparison_no)",
            "CHECK ((block_no IS NULL) <> (comparison_no IS NULL))",
            "CHECK (state = 'reported' OR value IS NULL)",
            "CHECK (unit NOT IN ('proportion', 'probability') OR statistic = 'difference' OR value BETWEEN 0 AND 1)",
        ),
    ),
    Table(
        "claim",
        "One row a thing that the source says in words, coded for the checks.",
        (
            _STUDY,
            _whole("claim_no", "Order in the study file, from 1.", "NOT NULL"),
            _text("kind", "Kind of claim.", "NOT NULL"),
            _text("outcome_id", "Outcome.", "NOT NULL"),
            _text("index_group", "Group it is about."),
            _text("reference_group", "Group it is set against."),
            Column("group_order", "VARCHAR[]", "Groups from best to worst, of a ranking."),
            Column("factors", "VARCHAR[]", "Factors, of risk factors."),
            _text("wording", "The decisive word."),
            _text("comparator", "concurrent, external or none."),
            _PLACE,
            _LINE,
            _NOTE,
        ),
        (
            "PRIMARY KEY (study_id, claim_no)",
            _OF_STUDY,
            _OF_OUTCOME,
            "FOREIGN KEY (study_id, index_group) REFERENCES study_group (study_id, group_id)",
            "FOREIGN KEY (study_id, reference_group) REFERENCES study_group (study_id, group_id)",
        ),
    ),
)

#: Every table, those that others refer to first.
TABLES: tuple[Table, ...] = (*_VOCABULARY, *_STUDIES, *_GROUPS, *_FIGURES)

#: The tables that come from the vocabulary; all others come from study files.
VOCABULARY_TABLES: tuple[str, ...] = tuple(table.name for table in _VOCABULARY)


def table_statements() -> Iterator[str]:
    """Give the SQL that makes every table, with its comments."""
    for table in TABLES:
        lines = [f'"{column.name}" {column.type} {column.constraint}'.rstrip() for column in table.columns]
        yield f"CREATE TABLE {table.name} ({', '.join([*lines, *table.keys])})"
        yield from comment_statements("TABLE", table.name, table.comment, _column_comments(table))


def _column_comments(table: Table) -> Mapping[str, str]:
    return {column.name: column.comment for column in table.columns}


def comment_statements(kind: str, name: str, comment: str, columns: Mapping[str, str]) -> Iterator[str]:
    """Give the SQL that documents a table or a view and each of its columns."""
    yield f"COMMENT ON {kind} {name} IS '{_quoted(comment)}'"
    for column, text in columns.items():
        yield f"COMMENT ON COLUMN {name}.\"{column}\" IS '{_quoted(text)}'"


def _quoted(text: str) -> str:
    return text.replace("'", "''")
