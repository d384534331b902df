"""The tables: what is stored once, with its keys and checks, and what each column means.

Durations are months (days / 30.4375), shares are proportions from 0 to 1, ``*_half_unit`` is half of the
last printed digit in the unit of its value. What a source does not say is NULL. A figure that is printed
twice in one place (``91 (84.2%)``) is two rows, a count and a proportion.
"""

from __future__ import annotations

from typing import get_args

from evisynth.database.table import (
    MUST,
    NOT_NEGATIVE,
    Table,
    column,
    each,
    listed,
    real,
    refers,
    text,
    texts,
    truth,
    whole,
)
from evisynth.database.views import documented_views
from evisynth.database.vocabulary_tables import VOCABULARY_TABLES
from evisynth.printed_statistics import STATISTICS
from evisynth.quantities import Qualifier, Quantity, Spread, State
from evisynth.studies import (
    BiasAssessment,
    BiasJudgement,
    Claim,
    Cohort,
    ComparisonBlock,
    Group,
    OutcomeBlock,
    Overlap,
    OverlapExtent,
    Source,
    Study,
)

_STATES, _QUALIFIERS = get_args(State), get_args(Qualifier)
_STUDY = text("study_id", "Study.", MUST)
_GROUP = text("group_id", "Group.", MUST)
_PLACE = text("source_location", "Place in the source: lines, table, figure or section.")
_HOME = (_PLACE, whole("file_line", "Line of the study file.", MUST))
_OF_STUDY = refers("study", "study_id")
_OF_OUTCOME = refers("outcome", "outcome_id")


def _group(name: str = "group_id") -> str:
    return refers("study_group", "study_id", name, to=("study_id", "group_id"))


_STUDIES = (
    Table(
        "study",
        "One row a study: the publication that was read, and the patients it is about.",
        (
            text("study_id", "Name of the study and of its file.", MUST),
            text("label", Study),
            text("file", "", MUST),
            text("file_sha256", "", MUST),
            text("kind", Source, MUST),
            *each(text, Source, "coverage", "title", "journal", "volume", "issue", "pages", "doi", "pmid"),
            *each(text, Source, "registration", "url", "report_of"),
            whole("year", Source),
            text("text_sha256", Source, key="sha256"),
            text("source_note", Source, key="note"),
            *each(text, Cohort, "design", "institution", "registry", "disease", "excluded"),
            whole("accrual_start", "First year of accrual."),
            whole("accrual_end", "Last year of accrual.", "CHECK (accrual_end >= accrual_start)"),
            real("design_effect", "How many times the variance of single patients clusters give."),
            real("follow_up_median_months", "", NOT_NEGATIVE),
            text("follow_up_method"),
            real("follow_up_minimum_months", "", NOT_NEGATIVE),
            whole("screened", "", NOT_NEGATIVE),
            text("cohort_location", "Place in the source of what is said of the patients."),
            text("cohort_note", Cohort, key="note"),
            text("internal_contradiction"),
            whole("percentages_cut_off", "Percentages whose digits were cut off instead of rounded."),
        ),
        ("PRIMARY KEY (study_id)",),
    ),
    Table(
        "author",
        "One row an author as cited.",
        (_STUDY, whole("position", "Order, from 1.", MUST), text("name", "Name as cited.", MUST)),
        ("PRIMARY KEY (study_id, position)", _OF_STUDY),
    ),
    Table(
        "place_of_others",
        "One row a place of the captured text that does not belong to the study.",
        (_STUDY, whole("position", "Order, from 1.", MUST), text("place", "Lines, table or section.", MUST)),
        ("PRIMARY KEY (study_id, position)", _OF_STUDY),
    ),
    Table(
        "overlap",
        "One row a statement that a study shares patients with another; the other may have no file yet.",
        (
            _STUDY,
            text("with_study", Overlap, f"{MUST} CHECK (with_study <> study_id)", key="with"),
            # The order of the words is that of the extents, from least to most.
            column(f"ENUM({listed(get_args(OverlapExtent))})", "extent", Overlap, MUST, ""),
            text("because", Overlap),
            *_HOME,
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
            text("group_id", "Name of the group inside its study.", MUST),
            whole("position", "Order in the study file, from 1.", MUST),
            text("label", Group, MUST),
            text("role", Group, MUST, words=("own", "external", "background")),
            whole("n", "", NOT_NEGATIVE),
            text("n_as_reported", Quantity, key="as_reported"),
            text("n_state", Quantity, words=_STATES, key="state"),
            text("n_qualifier", Quantity, words=_QUALIFIERS, key="qualifier"),
            real("n_value", Quantity, NOT_NEGATIVE, key="value"),
            text("n_unit", Quantity, key="unit"),
            real("n_half_unit", Quantity, key="half_unit"),
            whole("n_count", Quantity, NOT_NEGATIVE, key="count"),
            text("n_worked_out"),
            text("n_location"),
            *_HOME,
            text("note", Group),
        ),
        ("PRIMARY KEY (study_id, group_id)", _OF_STUDY),
    ),
    Table(
        "group_part",
        "One row a group that is part of another, with the split that made it a part.",
        (
            _STUDY,
            text("group_id", "The part.", MUST),
            text("whole_id", "The group that it is part of.", f"{MUST} CHECK (whole_id <> group_id)"),
            text("split", "By what the whole was split.", MUST),
        ),
        ("PRIMARY KEY (study_id, group_id)", _group(), _group("whole_id")),
    ),
    Table(
        "open_split",
        "One row a split whose parts do not cover the whole.",
        (_STUDY, text("group_id", "The whole.", MUST), text("split", "By what it was split.", MUST)),
        ("PRIMARY KEY (study_id, group_id, split)", _group()),
    ),
    Table(
        "group_ancestor",
        "One row a group and each group that holds it, itself included (depth 0).",
        (
            _STUDY,
            text("group_id", "The group.", MUST),
            text("ancestor_id", "A group that holds it.", MUST),
            whole("depth", "Steps up the tree.", f"{MUST} {NOT_NEGATIVE}"),
        ),
        ("PRIMARY KEY (study_id, group_id, ancestor_id)", _group()),
    ),
    Table(
        "group_tag",
        "One row a tag of a group, inherited ones included.",
        (
            _STUDY,
            text("group_id", "The group.", MUST),
            text("kind", "Kind of tag.", MUST),
            text("term_id", "Term of the vocabulary.", MUST),
        ),
        ("PRIMARY KEY (study_id, group_id, kind)", _group(), refers("term", "kind", "term_id")),
    ),
    Table(
        "group_covariate",
        "One row a covariate of a group, as its study prints it.",
        (
            _STUDY,
            text("group_id", "The group.", MUST),
            text("covariate_id", "Covariate of the vocabulary.", MUST),
            text("state", Quantity, MUST, words=_STATES),
            text("qualifier", Quantity, words=_QUALIFIERS),
            *each(real, Quantity, "value", "half_unit", "ci_lower", "ci_upper", "lower", "upper", "sd"),
            text("unit", Quantity, MUST),
            text("worked_out", "How the reader worked the number out, when it is not printed."),
            text("as_reported", "The value as written in the study file.", MUST),
            *_HOME,
            text("note", "Remark of the person who read."),
        ),
        ("PRIMARY KEY (study_id, group_id, covariate_id)", _group(), refers("covariate", "covariate_id")),
    ),
)

_FIGURES = (
    Table(
        "outcome_block",
        "One row a way in which a study reports an outcome: how it was estimated and when the clock starts.",
        (
            _STUDY,
            whole("block_no", "Order in the study file, from 1.", MUST),
            text("outcome_id", OutcomeBlock, MUST, key="outcome"),
            *each(text, OutcomeBlock, "label", "method", "starts", "of_event", "note"),
            texts("adjusted_for", OutcomeBlock),
            *_HOME,
        ),
        ("PRIMARY KEY (study_id, block_no)", _OF_STUDY, _OF_OUTCOME),
    ),
    Table(
        "comparison",
        "One row a comparison that a study reports.",
        (
            _STUDY,
            whole("comparison_no", "Order in the study file, from 1.", MUST),
            text("outcome_id", ComparisonBlock, MUST, key="outcome"),
            text("within_group", ComparisonBlock, key="within"),
            text("split", ComparisonBlock, key="by"),
            text("per_unit", ComparisonBlock, key="per"),
            real("time_months", ComparisonBlock),
            *each(text, ComparisonBlock, "read_as", "of_event", "starts", "test", "reads", "favours", "note"),
            texts("adjusted_for", ComparisonBlock),
            text("basis", ComparisonBlock, MUST, words=("stated", "inferred", "unclear")),
            *_HOME,
        ),
        (
            "PRIMARY KEY (study_id, comparison_no)",
            _OF_STUDY,
            _OF_OUTCOME,
            _group("within_group"),
            _group("favours"),
        ),
    ),
    Table(
        "comparison_group",
        "One row a group of a comparison; position 1 is the index group.",
        (
            _STUDY,
            whole("comparison_no", "Comparison.", MUST),
            whole("position", "Order, from 1.", MUST),
            _GROUP,
        ),
        (
            "PRIMARY KEY (study_id, comparison_no, position)",
            refers("comparison", "study_id", "comparison_no"),
            _group(),
        ),
    ),
    Table(
        "reported_figure",
        "One row a number of an outcome block or of a comparison, printed or worked out by the reader.",
        (
            _STUDY,
            whole("figure_no", "Order in the study file, from 1.", MUST),
            text("group_id", "Group; of a comparison the first, or the one inside which is compared.", MUST),
            text("outcome_id", "Outcome.", MUST),
            whole("block_no", "Outcome block that holds it; NULL for a comparison."),
            whole("comparison_no", "Comparison that holds it; NULL for an outcome block."),
            text("statistic", "", MUST, words=STATISTICS),
            real("time_months", "", NOT_NEGATIVE),
            text("state", Quantity, MUST, words=_STATES),
            text("qualifier", Quantity, words=_QUALIFIERS),
            *each(real, Quantity, "value", "half_unit", "ci_lower", "lower", "sd", "sd_half_unit"),
            *each(real, Quantity, "ci_lower_half_unit", "ci_upper_half_unit"),
            text("unit", Quantity, MUST),
            real("ci_upper", Quantity, "CHECK (ci_upper >= ci_lower)"),
            real("level", Quantity, "CHECK (level > 0 AND level < 1)"),
            text("ci_upper_state", Quantity, words=_STATES),
            real("upper", Quantity, 'CHECK ("upper" >= "lower")'),
            text("spread", Quantity, words=get_args(Spread)),
            whole("denominator", Quantity, key="count_of"),
            whole("n", "Patients that the number rests on, printed for it."),
            truth("n_not_reported", "", MUST),
            whole("beside_figure_no", "Survival rate that a number of patients at risk is printed beside."),
            text("worked_out", "How the reader worked the number out, when it is not printed."),
            *(real("perhaps"), real("perhaps_half_unit")),
            *map(text, ("perhaps_as_reported", "perhaps_because", "unsettled", "settled_by")),
            text("as_reported", "", MUST),
            *_HOME,
            text("note", "Remark of the person who read."),
        ),
        (
            "PRIMARY KEY (study_id, figure_no)",
            _group(),
            _OF_OUTCOME,
            refers("outcome_block", "study_id", "block_no"),
            refers("comparison", "study_id", "comparison_no"),
            "CHECK ((block_no IS NULL) <> (comparison_no IS NULL))",
            "CHECK (state = 'reported' OR value IS NULL)",
            "CHECK ((beside_figure_no IS NULL) = (statistic <> 'at_risk'))",
            "CHECK ((perhaps IS NULL) = (perhaps_because IS NULL))",
            # What compares groups in percent is a difference, which may be negative.
            "CHECK (value BETWEEN 0 AND 1 OR unit NOT IN ('proportion', 'probability')"
            " OR (unit = 'proportion' AND comparison_no IS NOT NULL))",
        ),
    ),
    Table(
        "claim",
        "One row a thing that the source says in words, coded for the checks.",
        (
            _STUDY,
            whole("claim_no", "Order in the study file, from 1.", MUST),
            text("kind", Claim, MUST),
            text("outcome_id", Claim, MUST, key="outcome"),
            text("index_group", Claim, key="index"),
            text("reference_group", Claim, key="reference"),
            texts("group_order", Claim, key="order"),
            texts("factors", Claim),
            *each(text, Claim, "wording", "comparator", "note"),
            *_HOME,
        ),
        (
            "PRIMARY KEY (study_id, claim_no)",
            _OF_STUDY,
            _OF_OUTCOME,
            _group("index_group"),
            _group("reference_group"),
        ),
    ),
)

_BIAS = (
    Table(
        "bias_assessment",
        "One row a judgement of the risk of bias of what a study compares, by one tool.",
        (
            _STUDY,
            whole("assessment_no", "Order in the study file, from 1.", MUST),
            text("tool", BiasAssessment, MUST),
            texts("outcomes", BiasAssessment),
            text("split", BiasAssessment, key="by"),
            *_HOME,
            text("note", BiasAssessment),
        ),
        ("PRIMARY KEY (study_id, assessment_no)", _OF_STUDY),
    ),
    Table(
        "bias_judgement",
        "One row a domain of an assessment, judged or not, and one over all domains.",
        (
            _STUDY,
            whole("assessment_no", "Assessment.", MUST),
            whole("position", "Place of the domain in its tool, from 1; 0: over all domains.", MUST),
            text("domain", "Domain, or overall.", MUST),
            *each(text, BiasJudgement, "judgement", "because"),
            _PLACE,
            whole("file_line", "Line of the study file; NULL: not judged."),
        ),
        (
            "PRIMARY KEY (study_id, assessment_no, position)",
            refers("bias_assessment", "study_id", "assessment_no"),
        ),
    ),
)

#: The view in which people see the columns of a table.
_SHOWN_IN = {
    "study": "studies", "study_group": "groups", "comparison": "comparisons",
    "reported_figure": "reported_outcomes", "group_covariate": "reported_outcomes",
}  # fmt: skip
_SHOWN = {view.name: view.columns for view in documented_views()}

#: Every table, those that others refer to first.
TABLES: tuple[Table, ...] = tuple(
    table.described(_SHOWN.get(_SHOWN_IN.get(table.name, ""), {}))
    for table in (*VOCABULARY_TABLES, *_STUDIES, *_GROUPS, *_FIGURES, *_BIAS)
)
