"""The keys under which a row types its figures: ``survival at 5 years``, ``deaths``; and slips for them.

What a key means, and whether it has a time, the record of its statistic says. A study file names the outcome
of a block once (``outcome: overall survival``), so that a figure needs only its statistic and its time. Who
writes as abstracts do puts both into one name (``5-year OS``), and is told what to type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from evisynth.errors import EvidenceError
from evisynth.near_names import sense_of, suggestion_text
from evisynth.printed_statistics import (
    STATISTICS,
    PrintedStatistic,
    statistics_by_name,
    statistics_of,
    typed_statistics,
)
from evisynth.quantities import QuantityError, parse_duration
from evisynth.studies.value_mistakes import digits_for_words
from evisynth.vocabulary import OutcomeType, fold_name
from evisynth.wording import with_article

#: Words, in the print or its unit, that make a count one of events and not of patients who may be alive.
EVENT_WORDS = frozenset({"event", "events", "death", "deaths", "died"})
AT_RISK_EXAMPLE = "type it beside the rate: survival at 5 years: {value: 79%, at_risk: 31}"
#: Words by which the vocabulary says that an event is a death, and nothing but a death.
_DEATH = ("death", "dead", "died", "dying", "mortality")
_STATISTIC = re.compile(r"([a-z_ ]+?)(?:\s+(at|within|by)\s+(.+))?")
_SURVIVALS = (
    r"survival|survivors|alive|os|pfs|dfs|rfs|efs|css|dss|(?:progression|disease|recurrence|relapse)[ -]free"
)
#: Statistics that count those with the event.
_OF_EVENTS = frozenset({"deaths", "events", "count", "proportion", "cumulative_incidence"})
#: Words that name a statistic, the most telling first.
_STATISTIC_WORDS: tuple[tuple[str, str], ...] = (
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


class StatisticName(NamedTuple):
    """What a key such as ``survival at 5 years`` means; ``deaths`` is a count, of events of that name."""

    statistic: str
    time_months: float | None
    events: str = ""


class StatisticNameError(EvidenceError):
    """A key that names no statistic; ``fix`` says what to type instead."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        self.code, self.message, self.fix = code, message, fix
        super().__init__(f"{message}; {fix}")


@lru_cache(maxsize=4_096)
def parse_statistic(key: str) -> StatisticName:
    """Read the name of a statistic of a group, with its time.

    Raises
    ------
    StatisticNameError
        With what to type instead.
    """
    match = _STATISTIC.fullmatch(key)
    name = match.group(1).replace(" ", "_") if match else key
    record = typed_statistics("group").get(name)
    if match is None or record is None:
        if _is_at_risk(name):
            message = "a number of patients at risk is no statistic of its own"
            raise StatisticNameError("unknown-key", message, AT_RISK_EXAMPLE)
        raise StatisticNameError("unknown-key", f"unknown statistic '{key}'", _advice(key))
    time = match.group(3)
    months = None
    if time is None and record.time == "required":
        fix = f"type {key} at 5 years: and its value"
        raise StatisticNameError("missing-time", f"'{key}' needs a time", fix)
    if time is not None:
        if record.time == "none":
            raise StatisticNameError("unexpected-time", f"{with_article(name)} has no time", f"type {name}:")
        try:
            months = parse_duration(time)
        except QuantityError as error:
            raise StatisticNameError(error.code, error.message, _advice(key, error.fix)) from None
    return StatisticName(record.id, months, name if name in record.event_keys else "")


def _is_at_risk(name: str) -> bool:
    beside_rates = {record.id for record in statistics_of("rate")}
    found = statistics_by_name().get(fold_name(name))
    return found is not None and found.id in beside_rates


def statistic_record(name: StatisticName) -> PrintedStatistic:
    """Return what is known of a statistic that was read."""
    return STATISTICS[name.statistic]


def counts_events(*texts: str) -> bool:
    """Say whether a count, by its text or its unit, is one of events."""
    return not EVENT_WORDS.isdisjoint(" ".join(texts).casefold().split())


def is_death_alone(event: str | None) -> bool:
    """Say whether each event of an outcome is a death; so it is taken to be where nothing is said."""
    if event is None:
        return True
    words = event.casefold()
    return any(word in words for word in _DEATH) and " or " not in words


def belongs_elsewhere(key: str) -> str | None:
    """Say where a figure goes that stands in the wrong block, or an interval that stands by itself."""
    plain = re.sub(r"[ _-]", "", key.casefold())
    compared = {
        fold_name(name): next(iter(record.keys))
        for record in statistics_of("comparison")
        for name in (record.id, *record.keys, *record.also_called)
    }
    if plain in compared:
        entry = f"{{outcome: ..., of: [index, reference], {compared[plain]}: ...}}"
        return f"it compares two groups: type it under comparisons: {entry}"
    if re.fullmatch(r"(?:numberof|noof|no\.of|n)?(?:deaths?|events?)", plain):
        name = "deaths" if "death" in plain else "events"
        return f"type it for each group under outcomes: values: {{median: 122 months, {name}: 40}}"
    if re.fullmatch(r"(?:[0-9.]+%)?(?:ci|confidenceintervals?|interval|limits)", plain):
        return "type it behind its value, as in median: 87 months (95% CI 10 to 164)"
    return None


#: An adjusted ratio, or one that is said to be crude, as abstracts shorten it.
_ADJUSTED = re.compile(
    r"(?:(adjusted|adj|multivariable|multivariate|a)|(?:unadjusted|crude|univariable|univariate|u|c))[ _.-]*"
    r"(hr|or|rr|hazard[ _]ratio|odds[ _]ratio|risk[ _]ratio|relative[ _]risk)"
)


#: The logarithm of a ratio.
_LOGARITHM = re.compile(
    r"(?:log|ln)(?: of)?(?: the)? ?(hr|or|rr|hazard ratio|odds ratio|risk ratio|relative risk)"
)
#: Effects that no measure stands for.
_NOT_YET = re.compile(
    r"(?:incidence |event )?rate ratio|irr|(?:standardi[sz]ed mean difference|smd|hedges'?s? g|cohen'?s? d)|"
    r"(?:sub ?distribution|fine gray) (?:hazard ratio|hr)|shr|sdhr|(?:restricted mean survival time|rmst).*"
)


def said_of_ratio(key: str) -> tuple[str, str] | None:
    """Return the key that an effect is typed under whose name says more, and what to type.

    The key is empty where its number means something else than what would be typed.
    """
    plain = re.sub(r"[ _-]+", " ", key.strip().casefold())
    if plain in ("arr", "absolute risk reduction"):
        return (
            "",
            "an absolute risk reduction is a difference: type difference: with a minus where fewer have it",
        )
    if (logged := _LOGARITHM.fullmatch(plain)) is not None:
        id_ = statistics_by_name()[fold_name(logged.group(1))].id
        return "", f"type {id_}: and the exponent of the number, and of its limits"
    if _NOT_YET.fullmatch(plain):
        return "", "it cannot be used yet: put it in note: as it is printed"
    found = _ADJUSTED.fullmatch(key.strip().casefold())
    if found is None:
        return None
    named = statistics_by_name()[fold_name(found.group(2))]
    if found.group(1) is None:
        return named.id, f"type {named.id}:"
    return named.id, f"type {named.id}: and its value, and adjusted_for: [what it is adjusted for]"


#: A time without a statistic: 30-day, 5 years.
_BARE_TIME = re.compile(rf"(?:at|within|by)?\s*{_TIME.pattern}(?:\s*(?:rate|results?|figure))?")
_THOSE_WITHOUT = re.compile(
    r"(?:number |no\.? |n )?(?:of )?(?:patients )?(?:alive|survivors?|survived|living)(?: patients)?"
)


def said_of_outcome(key: str, value: str, outcome_type: OutcomeType | None) -> str | None:
    """Say what to type for a key whose meaning its outcome decides; None where the key tells by itself."""
    words = digits_for_words(key.casefold().replace("_", " ")).strip()
    time = _BARE_TIME.fullmatch(words)
    if time is not None:
        when = _in_words(time.group(1), time.group(2))
        if outcome_type == "share":
            return f"type proportion within {when}:"
        return (
            f"type survival at {when}: for the share without the event, or cumulative_incidence at {when}: "
            "for the share with it"
        )
    if _THOSE_WITHOUT.fullmatch(words) and "%" not in value:
        name = "count" if outcome_type == "share" else "deaths"
        return (
            f"those alive are all but those with the event: type {name}: and how many these are, with "
            "worked_out: 70 less 42 where the source gives only the others"
        )
    return None


def _advice(key: str, otherwise: str | None = None) -> str:
    """Say what to type instead of a key that names no statistic, or no time that can be read."""
    both = _two_times(key)
    if both is not None:
        return f"give each time its own line: {both[0]}: and {both[1]}:"
    proposed = meant_statistic(key)
    if proposed is not None and proposed != key:
        return f"type {proposed}: (which outcome it is of, outcome: says)"
    if otherwise is not None:
        return otherwise
    if _lacks_time(key):
        return "type it with its time, as in survival at 5 years:"
    return belongs_elsewhere(key) or suggestion_text(
        key.casefold().replace(" ", "_"),
        (*typed_statistics("group"), "at", "also_at", "n", "worked_out", "note"),
    )


def meant_statistic(key: str) -> str | None:
    """Return how a key is typed that names a statistic and its time in other words; None if it does not."""
    words = digits_for_words(key.casefold().replace("_", " "))
    named = (name for pattern, name in _STATISTIC_WORDS if re.search(rf"\b(?:{pattern})\b", words))
    statistic = next(named, None)
    if statistic is None or (statistic in _OF_EVENTS and sense_of(words).denies):
        return None  # those without the event are not those with it
    record = typed_statistics("group")[statistic]
    time = _TIME.search(words)
    if time is not None and time.group(2).startswith("y") and "mortality" in words:
        return f"cumulative_incidence at {_in_words(time.group(1), time.group(2))}"
    if time is None or record.time == "none":
        return statistic if record.time != "required" else None
    joined = "at" if statistic == "survival" else "within"
    return f"{statistic} {joined} {_in_words(time.group(1), time.group(2))}"


def _lacks_time(key: str) -> bool:
    """Whether a key names survival, in whatever words, and no time."""
    return re.search(rf"\b(?:{_SURVIVALS})\b", key.casefold()) is not None and meant_statistic(key) is None


def _two_times(key: str) -> tuple[str, str] | None:
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
