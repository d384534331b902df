from .bias_tools import (
    NO_INFORMATION as NO_INFORMATION,
    NOT_JUDGED as NOT_JUDGED,
    OVERALL as OVERALL,
    TOOLS as TOOLS,
    BiasTool as BiasTool,
    find_tool as find_tool,
    tool_named as tool_named,
)
from .event_words import counts_events as counts_events, is_death_alone as is_death_alone
from .field_types import OutcomeName as OutcomeName, TermName as TermName, Time as Time
from .json_schema import schema_text as schema_text, study_schema as study_schema
from .place import PlaceError as PlaceError, cites_any_of as cites_any_of, parse_place as parse_place
from .study import (
    BiasAssessment as BiasAssessment,
    BiasJudgement as BiasJudgement,
    Claim as Claim,
    Cohort as Cohort,
    ComparisonBlock as ComparisonBlock,
    Figure as Figure,
    Group as Group,
    OutcomeBlock as OutcomeBlock,
    OverlapExtent as OverlapExtent,
    Source as Source,
    SourceKind as SourceKind,
    StatisticFigure as StatisticFigure,
    Study as Study,
)
from .study_reading import (
    SUFFIX as SUFFIX,
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
from .vocabulary_reading import read_vocabulary as read_vocabulary
