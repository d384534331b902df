"""How an effect was derived, in words that a clinician reads."""

from __future__ import annotations

from collections.abc import Mapping

from evisynth.arithmetic.time_words import time_words

RECOVERY_WORDS: Mapping[str, str] = {
    "hazard_ratio_with_interval": "hazard ratio with its interval, as printed",
    "hazard_ratio_with_p_value": "hazard ratio as printed, its standard error from the p-value",
    "hazard_ratio_with_p_inequality": "hazard ratio as printed; the p-value only limits its standard error",
    "odds_ratio_with_interval": "odds ratio with its interval, as printed",
    "odds_ratio_with_p_value": "odds ratio as printed, its standard error from the p-value",
    "odds_ratio_with_p_inequality": "odds ratio as printed; the p-value only limits its standard error",
    "risk_ratio_with_interval": "risk ratio with its interval, as printed",
    "risk_ratio_with_p_value": "risk ratio as printed, its standard error from the p-value",
    "risk_ratio_with_p_inequality": "risk ratio as printed; the p-value only limits its standard error",
    "log_rank_p_value_with_events": "log-rank p-value with the number of events",
    "log_rank_p_value": "p-value of the whole curves",
    "p_value_bound": "what the p-value alone allows",
    "landmark_contrast": "survival of both groups at one time",
    "conditional_landmark": "survival of both groups between two times, among those alive at the first",
    "landmark_risk_contrast": "survival of both groups at one time, as risks",
    "median_contrast": "medians of both groups",
    "risk_contrast_of_counts": "counts of patients in both groups",
    "risk_difference_score_interval": "difference of two shares, score interval",
    "survival": "survival at one time",
    "survival_with_interval": "survival at one time with its interval, as printed",
    "survival_with_patients": "survival at one time, its standard error from the number of patients",
    "survival_with_number_at_risk": "survival at one time, its standard error from the number at risk",
    "survival_exact_interval": "exact interval of a survival of 0 or 100%",
    "survival_bound": "survival printed as a limit",
    "median": "median",
    "median_with_interval": "median with its interval, as printed",
    "median_with_lower_limit": "median with the lower limit of its interval",
    "median_with_patients": "median as printed, its standard error from the number of patients",
    "median_not_reached": "median not reached",
    "median_bound": "median printed as a limit",
    "proportion": "share of patients",
    "proportion_of_patients": "exact count of patients",
    "proportion_of_recovered_count": "share as printed, its count worked out from the number of patients",
    "proportion_exact_interval": "exact interval of a share of 0 or 100%",
    "proportion_bound": "share printed as a limit",
}


def recovery_words(recovery: str, time_months: float | None = None) -> str:
    """Say a recovery in words, with its time where that tells it from others.

    One that is not listed is said as it is spelled, without underscores.
    """
    words = RECOVERY_WORDS.get(recovery, recovery.replace("_", " "))
    return words if time_months is None else words.replace("at one time", f"at {time_words(time_months)}")
