from .build_effect import (
    Estimate as Estimate,
    Stage as Stage,
    alternatives as alternatives,
    build_point as build_point,
)
from .effect import (
    CountedArms as CountedArms,
    Effect as Effect,
    Grounds as Grounds,
    Input as Input,
    Subject as Subject,
    coarse_rounding as coarse_rounding,
    downgraded as downgraded,
    grade_rank as grade_rank,
    lowered as lowered,
)
from .effect_sizes import MEASURES as MEASURES, effect_size as effect_size
from .effect_sizes_of_means import hedges_correction as hedges_correction
from .medians import NOT_REACHED as NOT_REACHED
from .misprints import PERHAPS_MISPRINTED as PERHAPS_MISPRINTED, as_if_misprinted as as_if_misprinted
from .patient_numbers import FULL_FOLLOW_UP as FULL_FOLLOW_UP
from .proportional_hazards import (
    FLAG as FLAG,
    ONE_TIME_FLAG as ONE_TIME_FLAG,
    is_printed_ratio as is_printed_ratio,
    variance_of_difference as variance_of_difference,
)
from .rate_working import INDEX as INDEX, REFERENCE as REFERENCE
from .readings import (
    Reading as Reading,
    distinct as distinct,
    group_words as group_words,
    in_group as in_group,
    of_group as of_group,
    readings_for as readings_for,
    rivals as rivals,
)
from .recovery import (
    RECOVERIES as RECOVERIES,
    mark_primary as mark_primary,
    precedence_of as precedence_of,
    recover as recover,
)
from .risk_contrasts import HALF_ADDED_FLAG as HALF_ADDED_FLAG
from .working import Equation as Equation, Working as Working
