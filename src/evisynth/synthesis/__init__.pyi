from .bayesian import (
    SENSITIVITY_PRIORS as SENSITIVITY_PRIORS,
    BayesianResult as BayesianResult,
    pool_bayesian as pool_bayesian,
    prior_sensitivity as prior_sensitivity,
)
from .binomial_normal_model import (
    BinomialLikelihood as BinomialLikelihood,
    BinomialNormalResult as BinomialNormalResult,
    ExactLimit as ExactLimit,
    Quadrature as Quadrature,
    pool_binomial_normal as pool_binomial_normal,
)
from .cluster_robust_errors import (
    FEWEST_DF as FEWEST_DF,
    ClusterRobustResult as ClusterRobustResult,
    cluster_robust as cluster_robust,
    working_model as working_model,
)
from .common_effect_of_counts import (
    pool_mantel_haenszel as pool_mantel_haenszel,
    pool_mantel_haenszel_rates as pool_mantel_haenszel_rates,
    pool_peto as pool_peto,
)
from .correlated_effects import (
    GeneralisedResult as GeneralisedResult,
    checked_covariance as checked_covariance,
    cluster_codes as cluster_codes,
    covariance_from_clusters as covariance_from_clusters,
    covariance_from_shared_patients as covariance_from_shared_patients,
    overlap_correlation as overlap_correlation,
    pool_correlated as pool_correlated,
)
from .design import Coding as Coding, build_design as build_design
from .heterogeneity import (
    i_squared_interval as i_squared_interval,
    tau_squared_interval as tau_squared_interval,
)
from .influence_diagnostics import (
    BaujatResult as BaujatResult,
    InfluenceResult as InfluenceResult,
    compute_baujat as compute_baujat,
    compute_influence as compute_influence,
)
from .intervals import (
    INTERVALS as INTERVALS,
    p_value_function as p_value_function,
    prediction_error as prediction_error,
    share_beyond as share_beyond,
)
from .many.many_bayesian import pool_many_bayesian as pool_many_bayesian
from .many.many_poolings import PooledMany as PooledMany, pool_many as pool_many
from .marginals import (
    ROUGH_COMPONENTS as ROUGH_COMPONENTS,
    NormalMixture as NormalMixture,
    shortest_interval as shortest_interval,
)
from .moderated_effects import (
    MODERATED_ESTIMATORS as MODERATED_ESTIMATORS,
    ModeratedEffects as ModeratedEffects,
)
from .overlap_weights import (
    EXTREME as EXTREME,
    IMPOSSIBLE as IMPOSSIBLE,
    SetReadings as SetReadings,
    SetWeights as SetWeights,
    set_covariance as set_covariance,
    weigh_set as weigh_set,
)
from .pooled_counts import (
    FEWEST_EXPECTED as FEWEST_EXPECTED,
    CountMethod as CountMethod,
    CountsResult as CountsResult,
    few_events as few_events,
    pool_counts as pool_counts,
)
from .pooled_curves import (
    CurveResult as CurveResult,
    correlation_along as correlation_along,
    pool_curves as pool_curves,
)
from .pooling import pool as pool
from .priors import (
    HalfCauchy as HalfCauchy,
    HalfNormal as HalfNormal,
    HalfT as HalfT,
    LogNormal as LogNormal,
    NormalPrior as NormalPrior,
    TauPrior as TauPrior,
    read_mu_prior as read_mu_prior,
    read_tau_prior as read_tau_prior,
)
from .regression import (
    RegressionPrediction as RegressionPrediction,
    RegressionResult as RegressionResult,
    assess_moderators as assess_moderators,
    coding_columns as coding_columns,
    predict_regression as predict_regression,
    regress as regress,
    settings_along as settings_along,
)
from .result import (
    PooledResult as PooledResult,
    html_table as html_table,
    interval_words as interval_words,
    limits_words as limits_words,
    pooled_words as pooled_words,
    short_repr as short_repr,
)
from .root_finding import (
    bracketed_root as bracketed_root,
    find_crossing as find_crossing,
    invert_distribution as invert_distribution,
    many_bracketed_roots as many_bracketed_roots,
)
from .row_subsets import (
    GoshResult as GoshResult,
    compute_gosh as compute_gosh,
    cumulate as cumulate,
    leave_one_out as leave_one_out,
)
from .small_study.rank_tests import (
    assess_rank_correlation as assess_rank_correlation,
    fail_safe_rosenthal as fail_safe_rosenthal,
    kendall_rank_correlation as kendall_rank_correlation,
)
from .small_study.regression_tests import (
    FEWEST_ROWS as FEWEST_ROWS,
    EggerResult as EggerResult,
    assess_small_study_effects as assess_small_study_effects,
    fit_pet_peese as fit_pet_peese,
)
from .small_study.trimming import TrimAndFillResult as TrimAndFillResult, trim_and_fill as trim_and_fill
from .subgroups import SubgroupResult as SubgroupResult, pool_subgroups as pool_subgroups
from .tau_squared import TAU_SQUARED_ESTIMATORS as TAU_SQUARED_ESTIMATORS
from .three_level import MultilevelResult as MultilevelResult, pool_multilevel as pool_multilevel
from .three_level_likelihood import (
    ClusteredEffects as ClusteredEffects,
    maximise_likelihood as maximise_likelihood,
)
from .weighted_sums import ScaledEffects as ScaledEffects
