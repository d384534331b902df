from .against_reviews import (
    ReviewComparison as ReviewComparison,
    compare_with_reviews as compare_with_reviews,
    found_there as found_there,
    result_words as result_words,
)
from .answer_tables import (
    ANSWERS as ANSWERS,
    NO_UNIT as NO_UNIT,
    VIEW_UNITS as VIEW_UNITS,
    ExportedQuestion as ExportedQuestion,
    question_tables as question_tables,
)
from .answer_view import choices_text as choices_text, effect_text as effect_text
from .certainty import Certainty as Certainty, certainty_of as certainty_of
from .content import (
    AssessmentContent as AssessmentContent,
    Definition as Definition,
    Fact as Fact,
    GroupContent as GroupContent,
    JudgementContent as JudgementContent,
    OverlapContent as OverlapContent,
    Overview as Overview,
    QuestionContent as QuestionContent,
    ReportContent as ReportContent,
    StudyContent as StudyContent,
    assessment_words as assessment_words,
    bias_content as bias_content,
    gather_report as gather_report,
)
from .data_package import (
    PACKAGE_FILE as PACKAGE_FILE,
    PACKAGE_NAME as PACKAGE_NAME,
    Resource as Resource,
    render_metafor_script as render_metafor_script,
    render_package as render_package,
    render_readme as render_readme,
)
from .data_table import (
    Column as Column,
    DataTable as DataTable,
    FieldType as FieldType,
    render_csv as render_csv,
    robvis_tables as robvis_tables,
)
from .explain import explain_answer as explain_answer, why_no_row as why_no_row
from .explain_text import explanation_blocks as explanation_blocks, render_explanation as render_explanation
from .explained_rows import (
    Explanation as Explanation,
    RecoveryExplainer as RecoveryExplainer,
    formula_lines as formula_lines,
    letters_text as letters_text,
)
from .gallery_page import (
    BcgTrials as BcgTrials,
    Picture as Picture,
    Section as Section,
    bcg_trials as bcg_trials,
    many_rows as many_rows,
    render_gallery as render_gallery,
    write_gallery as write_gallery,
)
from .page import (
    render_pages as render_pages,
    render_report as render_report,
    write_pages as write_pages,
    write_report as write_report,
)
from .page_links import Links as Links
from .parquet_table import write_parquet as write_parquet
from .plain_sizes import size_words as size_words, times_words as times_words
from .question_families import (
    QuestionFamily as QuestionFamily,
    families_of as families_of,
    family_key as family_key,
)
from .results import (
    CommittedAnswer as CommittedAnswer,
    answer_stamp as answer_stamp,
    orphaned_answers as orphaned_answers,
    remove_orphans as remove_orphans,
    render_effects as render_effects,
    render_summary as render_summary,
    stale_parts as stale_parts,
    write_answer as write_answer,
)
from .row_view import view_blocks as view_blocks, worded_recoveries as worded_recoveries
from .since import (
    AnswerSince as AnswerSince,
    EstimateSince as EstimateSince,
    SinceLastTime as SinceLastTime,
    StudySince as StudySince,
    estimates_since as estimates_since,
    row_words as row_words,
    states_words as states_words,
)
from .small_pictures import (
    PictureAxis as PictureAxis,
    choices_picture as choices_picture,
    interval_picture as interval_picture,
    picture_axis as picture_axis,
)
from .study_view import statistic_text as statistic_text, value_text as value_text
from .svg_inside import inline_svg as inline_svg
from .verdict import (
    GRADE_IN_WORDS as GRADE_IN_WORDS,
    Verdict as Verdict,
    VerdictKind as VerdictKind,
    difference_sentence as difference_sentence,
    verdicts_of as verdicts_of,
)
