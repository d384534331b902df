from .absolute_effects import (
    absolute_as_json as absolute_as_json,
    absolute_effect as absolute_effect,
    absolute_effect_of as absolute_effect_of,
    absolute_words as absolute_words,
    survival_with_treatment as survival_with_treatment,
)
from .among_choices import with_choices as with_choices
from .answer import (
    AmongChoices as AmongChoices,
    Answer as Answer,
    AnswerRow as AnswerRow,
    Summary as Summary,
    own_interval as own_interval,
)
from .answer_records import (
    answer_as_json as answer_as_json,
    effects_as_json as effects_as_json,
    result_as_json as result_as_json,
)
from .answering import answer_question as answer_question
from .bayesian_answers import bayesian_of as bayesian_of, other_priors as other_priors, prior_of as prior_of
from .cautions import (
    SAYS_NOTHING as SAYS_NOTHING,
    caution_on_width as caution_on_width,
    is_randomised as is_randomised,
)
from .comparability import PooledRow as PooledRow, relation_of_arms as relation_of_arms
from .correlated_rows import (
    ROBUST_INTERVAL as ROBUST_INTERVAL,
    RowCovariance as RowCovariance,
    row_covariance as row_covariance,
)
from .model_choice import with_model as with_model
from .moderation import Moderation as Moderation, Predicted as Predicted
from .moderation_words import moderation_lines as moderation_lines
from .multiverse.choices import (
    ALL_SHARED as ALL_SHARED,
    APART as APART,
    NONE_SHARED as NONE_SHARED,
    WAY_WORDS as WAY_WORDS,
    WAYS as WAYS,
    Reading as Reading,
    RowChoices as RowChoices,
    overlap_choices as overlap_choices,
    overlap_set_choices as overlap_set_choices,
    reconsidered as reconsidered,
    row_choices as row_choices,
)
from .multiverse.grid import (
    MOST_UNIVERSES as MOST_UNIVERSES,
    OUT as OUT,
    build_grid as build_grid,
    lay_out_plans as lay_out_plans,
)
from .multiverse.records import (
    CHOICE_COLUMNS as CHOICE_COLUMNS,
    CURVE_COLUMNS as CURVE_COLUMNS,
    all_rows as all_rows,
    choice_rows as choice_rows,
    choice_words as choice_words,
    curve_rows as curve_rows,
    headline as headline,
    multiverse_as_json as multiverse_as_json,
)
from .multiverse.universes import (
    DIFFERENT as DIFFERENT,
    NOT_TOUCHING as NOT_TOUCHING,
    ONE_ROW as ONE_ROW,
    SHARED as SHARED,
    TORN as TORN,
    Multiverse as Multiverse,
    multiverses as multiverses,
)
from .plots.bare_rows import Counts as Counts
from .plots.counted_risks import pool_risks as pool_risks
from .plots.diagnostics import (
    baujat_of as baujat_of,
    egger_of as egger_of,
    filled as filled,
    gosh_of as gosh_of,
    influence_of as influence_of,
    is_pooled_again as is_pooled_again,
)
from .plots.forest_names import (
    FOREST_KINDS as FOREST_KINDS,
    MODELS as MODELS,
    ORDERS as ORDERS,
    ForestKind as ForestKind,
    ModelName as ModelName,
    Order as Order,
    Years as Years,
    checked_name as checked_name,
)
from .plots.forest_subject import ForestBlock as ForestBlock, ForestSubject as ForestSubject
from .plots.forest_subjects import (
    subject_of_answer as subject_of_answer,
    subject_of_result as subject_of_result,
)
from .plots.models_beside import (
    ModelResult as ModelResult,
    fit_models as fit_models,
    i_squared_limits as i_squared_limits,
)
from .plots.moderators import ModeratorFit as ModeratorFit, fit_along as fit_along
from .plots.orders import order_number as order_number, order_numbers as order_numbers, year_in as year_in
from .plots.subgroup_difference import Difference as Difference, difference_of as difference_of
from .poolability import FEWEST_ROWS_FOR_PREDICTION as FEWEST_ROWS_FOR_PREDICTION
from .shared_control_groups import (
    inverse_covariance_sums as inverse_covariance_sums,
    shared_controls as shared_controls,
)
from .shown_names import (
    names_of as names_of,
    say_names as say_names,
    with_shown_names as with_shown_names,
)
from .strata import StratifiedDifference as StratifiedDifference
from .survival_curve import (
    PooledCurve as PooledCurve,
    curve_lines as curve_lines,
    curve_points as curve_points,
    predicts as predicts,
)
