from .changes.answer_entries import (
    answer_values as answer_values,
    asked_entries as asked_entries,
    question_entries as question_entries,
    term_entries as term_entries,
)
from .changes.changelog import write_changelog as write_changelog
from .changes.earlier_answers import since_last_time as since_last_time
from .changes.earlier_time import EarlierTime as EarlierTime, earlier_time as earlier_time
from .changes.entries import (
    Change as Change,
    Changes as Changes,
    Entry as Entry,
    Fact as Fact,
    compare_entries as compare_entries,
    fact as fact,
    hashable as hashable,
    parts as parts,
)
from .changes.evidence_change import (
    EvidenceChange as EvidenceChange,
    SubjectChange as SubjectChange,
    change_as_json as change_as_json,
    compare_with as compare_with,
)
from .changes.sides import (
    Revision as Revision,
    UnreadableSidesError as UnreadableSidesError,
    find_revision as find_revision,
    take_out as take_out,
)
from .changes.study_entries import (
    cited as cited,
    figure_entries as figure_entries,
    study_entries as study_entries,
)
from .effects_table import EffectsTable as EffectsTable, read_effects as read_effects
from .evidence import Evidence as Evidence, open as open
from .export_folder import check_replaceable as check_replaceable, replaced_folder as replaced_folder
from .exports import export as export, write_export as write_export
from .gallery import gallery_sections as gallery_sections
from .plot_subjects import (
    moderated as moderated,
    pooled_answer as pooled_answer,
    posterior_answer as posterior_answer,
    risk_of as risk_of,
    risks_of as risks_of,
)
from .plots import plot_with_answer as plot_with_answer
from .project import Project as Project, Recovered as Recovered
from .publish import committed_answer as committed_answer, stale_answers as stale_answers
from .session import one_session as one_session
from .starting import (
    StartedProject as StartedProject,
    requirement as requirement,
    start_project as start_project,
)
