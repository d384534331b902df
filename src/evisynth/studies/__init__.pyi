from .bias_blocks import BiasAssessment as BiasAssessment, BiasJudgement as BiasJudgement
from .bias_tools import (
    NO_INFORMATION as NO_INFORMATION,
    NOT_JUDGED as NOT_JUDGED,
    OVERALL as OVERALL,
    TOOLS as TOOLS,
    BiasTool as BiasTool,
    find_tool as find_tool,
    tool_named as tool_named,
)
from .comparison_blocks import Claim as Claim, ComparisonBlock as ComparisonBlock
from .field_types import (
    ID_PATTERN as ID_PATTERN,
    OutcomeName as OutcomeName,
    QuestionId as QuestionId,
    StudyId as StudyId,
    TermName as TermName,
    Time as Time,
)
from .group_blocks import MATCHED_SPLIT as MATCHED_SPLIT, Group as Group
from .outcome_blocks import OutcomeBlock as OutcomeBlock
from .place import PlaceError as PlaceError, cites_any_of as cites_any_of, parse_place as parse_place
from .printed_figures import Figure as Figure, StatisticFigure as StatisticFigure
from .schema_files import (
    study_schema as study_schema,
    study_schema_text as study_schema_text,
    vocabulary_definitions as vocabulary_definitions,
    vocabulary_schema_text as vocabulary_schema_text,
)
from .source_blocks import (
    Cohort as Cohort,
    Overlap as Overlap,
    OverlapExtent as OverlapExtent,
    Source as Source,
    SourceKind as SourceKind,
    is_clustered as is_clustered,
    is_crossover as is_crossover,
)
from .statistic_names import counts_events as counts_events, is_death_alone as is_death_alone
from .study import Study as Study
from .study_reading import (
    read_studies as read_studies,
    read_study as read_study,
    without_garbage_collection as without_garbage_collection,
)
from .template import study_template as study_template
from .value_mistakes import (
    advice as advice,
    digits_for_words as digits_for_words,
    meant as meant,
    quoted as quoted,
)
from .vocabulary_reading import VocabularyFile as VocabularyFile, read_vocabulary as read_vocabulary
