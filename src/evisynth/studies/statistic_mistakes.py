"""What the name of a figure was probably meant to be: ``5-year OS`` is ``survival at 5 years``.

A study file names the outcome of a block once (``outcome: overall survival``), so that a figure needs only
its statistic and its time. Who writes as abstracts do puts both into one name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from evisynth.studies.value_mistakes import digits_for_words

#: Names of other tables and papers for keys known here; the first that is known where it stands is meant.
_ALIASES: Mapping[str, tuple[str, ...]] = {
    "hr": ("hazard_ratio",), "or": ("odds_ratio",), "rr": ("risk_ratio",),
    **dict.fromkeys(("p_value", "pvalue", "pval"), ("p",)),
    **dict.fromkeys(("groups", "arms", "cohorts"), ("of", "groups")),
    **dict.fromkeys(("group", "part_of", "parent", "subgroup_of"), ("of",)),
    **dict.fromkeys(("size", "patients", "number"), ("n",)),
    **dict.fromkeys(("where", "place", "line", "page", "location"), ("at",)),
    **dict.fromkeys(("comment", "remark", "notes"), ("note",)),
    **dict.fromkeys(("period", "years", "inclusion"), ("accrual",)),
    **dict.fromkeys(("centre", "center", "hospital"), ("institution",)),
    **dict.fromkeys(("pubmed", "pubmed_id"), ("pmid",)),
    **dict.fromkeys(("results", "data", "endpoints"), ("values", "outcomes")),
    "name": ("label",), "type": ("kind",), "adjusted": ("adjusted_for",), "endpoint": ("outcome",),
    "start": ("starts",), "followup": ("follow_up",), "exclude": ("excluded",), "favors": ("favours",),
    "patients_and_methods": ("cohort",), "publication": ("source",), "reference": ("source",),
}  # fmt: skip
#: What is printed of two groups together.
_COMPARED = ("p", "hazard_ratio", "odds_ratio", "risk_ratio", "difference")
_BETWEEN_GROUPS = frozenset(
    {
        "hr",
        "or",
        "rr",
        "p",
        "pvalue",
        "pval",
        "hazardratio",
        "oddsratio",
        "riskratio",
        "relativerisk",
        "difference",
    }
)
_SURVIVALS = (
    r"survival|survivors|alive|os|pfs|dfs|rfs|efs|css|dss|(?:progression|disease|recurrence|relapse)[ -]free"
)
#: Words that name a statistic, the most telling first.
_STATISTICS: tuple[tuple[str, str], ...] = (
    (r"median|mdn|mos|mpfs", "median"),
    (r"cumulative incidence|cuminc|cif", "cumulative_incidence"),
    (r"mean|average", "mean"),
    (r"iqr|interquartile|quartiles", "iqr"),
    (r"range|min|max", "range"),
    (r"proportion|percentages?|percent|share|mortality|morbidity|frequency", "proportion"),
    (r"deaths?|died|dead", "deaths"),
    (r"events?", "events"),
    (r"counts?|number|cases", "count"),
    (_SURVIVALS, "survival"),
    (r"rate", "rate"),
)
_TIME = re.compile(
    r"(?<![0-9.])([0-9]+(?:\.[0-9]+)?)[ -]*"
    r"(y|yrs?|years?|m|mo|mos|mths?|months?|w|wks?|weeks?|d|days?)\b\.?"
)
_TIMES = re.compile(r"([0-9]+)(?:\s*(?:/|,|and|&)\s*|-)([0-9]+)[ -]*(years?|yrs?|y|months?|mo)\b")
_UNITS: Mapping[str, str] = {"y": "year", "m": "month", "w": "week", "d": "day"}


def known_as(key: str, known: Collection[str]) -> str:
    """Return the known key that says what another name says elsewhere (``HR``), empty when there is none."""
    meant = _ALIASES.get(re.sub(r"[ -]", "_", key.casefold()), ())
    return next((name for name in meant if name in known), "")


def belongs_elsewhere(key: str) -> str | None:
    """Say where a figure goes that stands in the wrong block, or an interval that stands by itself."""
    plain = re.sub(r"[ _-]", "", key.casefold())
    if plain in _BETWEEN_GROUPS:
        entry = f"{{outcome: ..., of: [index, reference], {known_as(key, _COMPARED) or key}: ...}}"
        return f"it compares two groups: type it under comparisons: {entry}"
    if re.fullmatch(r"(?:numberof|noof|no\.of|n)?(?:deaths?|events?)", plain):
        name = "deaths" if "death" in plain else "events"
        return f"type it for each group under outcomes: values: {{median: 122 months, {name}: 40}}"
    if re.fullmatch(r"(?:[0-9.]+%)?(?:ci|confidenceintervals?|interval|limits)", plain):
        return "type it behind its value, as in median: 87 months (95% CI 10 to 164)"
    return None


def meant_statistic(key: str) -> str | None:
    """Return how a key is typed that names a statistic and its time in other words; None if it does not."""
    words = digits_for_words(key.casefold().replace("_", " "))
    named = (name for pattern, name in _STATISTICS if re.search(rf"\b(?:{pattern})\b", words))
    statistic = next(named, None)
    if statistic is None:
        return None
    time = _TIME.search(words)
    if time is not None and time.group(2).startswith("y") and "mortality" in words:
        return f"cumulative_incidence at {_in_words(time.group(1), time.group(2))}"
    if time is None or statistic in ("median", "mean", "iqr", "range"):
        return statistic if statistic not in ("survival", "cumulative_incidence") else None
    when = _in_words(time.group(1), time.group(2))
    joined = "at" if statistic == "survival" else "within"
    return f"{statistic} {joined} {when}"


def lacks_time(key: str) -> bool:
    """Whether a key names survival, in whatever words, and no time."""
    return re.search(rf"\b(?:{_SURVIVALS})\b", key.casefold()) is not None and meant_statistic(key) is None


def two_times(key: str) -> tuple[str, str] | None:
    """Return the two keys to type for one that names two times: ``survival at 5/10 years``."""
    words = key.casefold()
    times = _TIMES.search(words)
    if times is None:
        return None
    first, second = (
        meant_statistic(words.replace(times.group(), f"{n} {times.group(3)}")) for n in times.groups()[:2]
    )
    return None if first is None or second is None or first == second else (first, second)


def _in_words(number: str, unit: str) -> str:
    name = _UNITS[unit[0]]
    return f"{number} {name}" if number == "1" else f"{number} {name}s"
