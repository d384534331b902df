from .author_names import author_keys as author_keys
from .check import (
    COULD_NOT_CHECK as COULD_NOT_CHECK,
    FINE as FINE,
    Check as Check,
    Found as Found,
    Judged as Judged,
    explain as explain,
    judge_outcomes as judge_outcomes,
    list_checks as list_checks,
)
from .coincidences import (
    SHARES as SHARES,
    Printed as Printed,
    print_words as print_words,
    printed_count as printed_count,
)
from .finding_lines import (
    findings_text as findings_text,
    github_command as github_command,
    sarif as sarif,
    summary as summary,
)
from .project import (
    CheckOptions as CheckOptions,
    check_files as check_files,
    check_named_files as check_named_files,
    check_project as check_project,
)
from .registry import (
    UNREVIEWED as UNREVIEWED,
    by_code as by_code,
    every_check as every_check,
    find_check as find_check,
    internal_contradiction as internal_contradiction,
    percentages_cut_off as percentages_cut_off,
    unsettled_figures as unsettled_figures,
)
from .rules.claims_of_one_group import PAIR as PAIR, claim_example as claim_example
from .rules.p_values import meets as meets, p_example as p_example, p_interval as p_interval
from .rules.ratios import (
    exact_odds_ratio as exact_odds_ratio,
    odds_ratio as odds_ratio,
    risk_ratio as risk_ratio,
)
from .rules.shares import CHECKS as CHECKS
from .run import (
    CheckReport as CheckReport,
    check_collection as check_collection,
    check_study as check_study,
    finish as finish,
)
from .same_patients import (
    MOST_COMPARED as MOST_COMPARED,
    one_spelling as one_spelling,
    reasons_with_years as reasons_with_years,
    traced_pairs as traced_pairs,
    years_apart as years_apart,
)
from .source_text import SourceFolder as SourceFolder, numbers_in as numbers_in, plain_text as plain_text
from .sources import SourcedStudy as SourcedStudy
from .study_cards import StudyCard as StudyCard, StudyNames as StudyNames, study_card as study_card
from .study_view import StudyView as StudyView, possible_counts as possible_counts
from .suspected_overlaps import (
    overlap_entry as overlap_entry,
    suspected_pairs as suspected_pairs,
    two_studies as two_studies,
)
