from .comparison import (
    Arm as Arm,
    BiasAssessment as BiasAssessment,
    BiasJudgement as BiasJudgement,
    Comparison as Comparison,
    CovariateValue as CovariateValue,
    GroupSize as GroupSize,
    assessments_of_contrast as assessments_of_contrast,
)
from .comparisons import Selection as Selection, select_comparisons as select_comparisons
from .group_selector import GroupSelector as GroupSelector
from .group_size import shown_sizes as shown_sizes, size_of_group as size_of_group
from .groups import (
    AskedGroups as AskedGroups,
    Group as Group,
    GroupTree as GroupTree,
    PrintedSize as PrintedSize,
    ask_for_groups as ask_for_groups,
)
from .key_reference import (
    REFERENCE as REFERENCE,
    key_files as key_files,
    question_schema_text as question_schema_text,
)
from .moderators import (
    Moderator as Moderator,
    find_moderator as find_moderator,
    known_moderators as known_moderators,
)
from .query import (
    reported_outcomes_frame as reported_outcomes_frame,
    select_reported_outcomes as select_reported_outcomes,
)
from .question import (
    COUNT_MODELS as COUNT_MODELS,
    INTERVALS as INTERVALS,
    TAU_SQUARED as TAU_SQUARED,
    Baseline as Baseline,
    EffectMeasure as EffectMeasure,
    Grade as Grade,
    Model as Model,
    OverlapChoice as OverlapChoice,
    Question as Question,
    RowGroup as RowGroup,
)
from .question_departures import Departure as Departure
from .question_reading import (
    check_questions as check_questions,
    find_question as find_question,
    question_findings as question_findings,
    question_paths as question_paths,
    question_terms as question_terms,
    questions_in_order as questions_in_order,
    read_question as read_question,
    read_questions as read_questions,
)
from .reported_outcome import (
    QUERY_COLUMNS as QUERY_COLUMNS,
    QUERY_TYPES as QUERY_TYPES,
    TIME_IS_SAME as TIME_IS_SAME,
    Qualifier as Qualifier,
    ReportedOutcome as ReportedOutcome,
    is_same_time as is_same_time,
)
from .reviews import (
    QuestionCard as QuestionCard,
    Review as Review,
    ReviewCitation as ReviewCitation,
    ReviewFile as ReviewFile,
    ReviewReading as ReviewReading,
    ReviewResult as ReviewResult,
    question_cards as question_cards,
    read_reviews as read_reviews,
)
from .row_naming import row_labels as row_labels, study_names as study_names
from .sql_statements import (
    SQL_MEMORY as SQL_MEMORY,
    SQL_SECONDS as SQL_SECONDS,
    SqlAnswer as SqlAnswer,
    run_sql as run_sql,
)
from .suspected_overlaps import ONE_COHORT as ONE_COHORT, SUSPECTED as SUSPECTED
