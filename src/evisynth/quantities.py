"""The value grammar: what a person types for a printed number, and what it means.

======================================  ===============================================================
``151 months``, ``11.5 years``          a duration, held in months (1 year = 12, 1 month = 30.4375 days)
``88%``, ``91/108``, ``91 (84.2%)``     a share of patients, held as a proportion; also ``the majority``
``80``, ``1,362``, ``91/108``           a count of patients
``< 0.0001``, ``at least 97%``          a bound; words and signs mean the same: ``about two thirds``
``not reached``, ``not reported``       states without a number
``significant``, ``not significant``    of a p-value: what it is called where no number is printed
``87 months (95% CI 10 to 164)``        a value with its interval, whose upper end may be ``not reached``
``6.0 (range 0 to 36)``, ``(IQR ...)``  a value with a spread; also ``8.2 (SD 1.1)`` and ``8.2 ± 1.1 SD``
``79% (SE 4%)``                          with its standard error; of a ratio ``0.62 (SE of the log 0.21)``
======================================  ===============================================================

Nothing is guessed: a text with two readings is refused with the question that decides it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from evisynth.deviations import names_deviation, read_deviation
from evisynth.printed_numbers import (
    CANONICAL_UNITS as CANONICAL_UNITS,
    FRACTION,
    INTERVAL,
    NUMBER_AND_UNIT,
    State as State,
    parse_duration as parse_duration,
    plain_text,
    printed_unit,
    read_ends,
    read_fraction,
    read_number,
    whole_number,
    with_unit,
)
from evisynth.value_refusals import (
    EXAMPLES as EXAMPLES,
    LIMITS,
    REFUSALS as REFUSALS,
    Kind as Kind,
    QuantityError as QuantityError,
    refusal,
)

Qualifier = Literal["=", "<", "<=", ">", ">=", "~"]
Spread = Literal["range", "iqr", "sd", "se", "log_se"]

LONGEST_VALUE = 200  # characters; a sentence is no value
_SPOKEN_SHARES: Mapping[str, float] = {
    "all": 1.0, "none": 0.0, "half": 1 / 2, "a third": 1 / 3, "two thirds": 2 / 3, "a quarter": 1 / 4,
    "three quarters": 3 / 4, "a fifth": 1 / 5, "two fifths": 2 / 5, "three fifths": 3 / 5,
    "four fifths": 4 / 5, "a tenth": 1 / 10,
}  # fmt: skip
_MORE_OR_LESS_THAN_HALF: Mapping[str, Qualifier] = {"majority": ">", "most": ">", "minority": "<"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as printed and as meant.

    ``value``, the limits and the half units are in ``unit``: months, proportion (0 to 1), patients,
    ratio, probability, or a word such as lesions. ``half_unit`` is half of the last printed digit, None
    for what is exact (counts, x/n) or said in words. ``lower`` and ``upper`` belong to ``spread`` range
    or iqr; ``sd`` is the number of spread sd, se or log_se, the standard error of the logarithm. ``count``
    and ``count_of`` are the whole numbers of ``91/108`` and of ``91 (84.2%)``. A state other than reported
    has no value, but may have an interval.
    """

    as_reported: str
    state: State = "reported"
    qualifier: Qualifier | None = None
    value: float | None = None
    unit: str = ""
    half_unit: float | None = None
    ci_lower: float | None = None
    ci_upper: float | None = None
    level: float | None = None
    ci_lower_half_unit: float | None = None
    ci_upper_half_unit: float | None = None
    ci_upper_state: State | None = None
    lower: float | None = None
    upper: float | None = None
    spread: Spread | None = None
    sd: float | None = None
    sd_half_unit: float | None = None
    count: int | None = None
    count_of: int | None = None


_CONFIDENCE = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)\s*%\s*(?:ci|confidence interval)\s*[:,]?\s*(.+)")
_RANGE = re.compile(r"(range|iqr|interquartile range)\s*[:,]?\s*(.+)")
_BRACKETS = re.compile(r"([^()]*)((?:\([^()]*\)\s*)*)([^()]*)")
_QUALIFIERS: Mapping[str, Qualifier] = {
    "at least": ">=", "no less than": ">=", "more than": ">", "over": ">", "above": ">", "at most": "<=",
    "up to": "<=", "no more than": "<=", "less than": "<", "fewer than": "<", "under": "<", "below": "<",
    "<=": "<=", ">=": ">=", "<": "<", ">": ">", "=": "=", "~": "~", "about": "~", "approximately": "~",
    "approx.": "~", "around": "~", "circa": "~", "ca.": "~", "nearly": "~", "almost": "~",
}  # fmt: skip
_QUALIFIER = re.compile(rf"({'|'.join(re.escape(words) for words in _QUALIFIERS)})(?![a-z=])\s*")
#: What a p-value is called where no number is printed.
_VERDICTS: Mapping[str, State] = {
    **dict.fromkeys(("ns", "n.s.", "not significant", "nonsignificant", "non-significant",
                     "not statistically significant"), "not_significant"),
    **dict.fromkeys(("significant", "statistically significant", "highly significant"), "significant"),
}  # fmt: skip
#: What no p-value is: below 0, or above 1.
_NO_PROBABILITIES = {("<", 0.0), ("<=", 0.0), (">", 1.0)}
_NO_VALUES: Mapping[str, str] = {
    "": "empty-value", **dict.fromkeys(("nr", "n.r.", "n/r"), "nr-ambiguous"),
    **dict.fromkeys(("ns", "n.s.", "not significant", "nonsignificant", "non-significant"), "ns-ambiguous"),
    **dict.fromkeys(("na", "n.a.", "n/a", "ne", "-", "?", "~", "null", "not stated"), "not-a-value"),
}  # fmt: skip


def parse_quantity(text: str, kind: Kind, interval: Literal["range", "iqr"] | None = None) -> Quantity:
    """Read one value of the given kind; with ``interval``, the two ends of a range or of an IQR.

    Raises
    ------
    QuantityError
        With what to type instead, when the text is not such a value or has two readings.
    """
    return _parse(text, kind, interval)


@lru_cache(maxsize=32_768)
def _parse(text: str, kind: Kind, interval: Literal["range", "iqr"] | None) -> Quantity:
    plain = plain_text(text)
    if kind == "p_value" and interval is None and plain in _VERDICTS:
        return Quantity(text, _VERDICTS[plain], unit=CANONICAL_UNITS[kind])
    if plain in _NO_VALUES or len(plain) > LONGEST_VALUE:
        raise refusal(_NO_VALUES.get(plain, "unreadable-value"), text[:40], kind)
    if interval is not None and plain != "not reported":
        empty = Quantity(text, unit=CANONICAL_UNITS[kind])
        return _checked(_with_ends(empty, interval, plain, kind, ""), kind)
    head, brackets = _split_brackets(plain, kind)
    quantity = _counted_share(text, head, brackets, kind)
    if quantity is None:
        quantity = _head(text, head, kind)
        for bracket in brackets:
            quantity = _with_bracket(quantity, bracket, kind, printed_unit(head))
    return _checked(quantity, kind)


def _split_brackets(plain: str, kind: Kind) -> tuple[str, list[str]]:
    """Part the value from what its brackets say; a unit after the brackets belongs to the value."""
    if _CONFIDENCE.fullmatch(plain):
        return "not reported", [plain]
    parts = _BRACKETS.fullmatch(plain)
    if parts is None:
        raise refusal("unreadable-value", plain, kind)
    head, inside, tail = (part.strip() for part in parts.groups())
    brackets = [part.strip() for part in re.split(r"[();]+", inside) if part.strip()]
    head = f"{head} {tail}".strip()
    if "±" in head:
        head, deviation = (part.strip() for part in head.split("±", 1))
        names = [one for one in brackets if names_deviation(one) and not re.search("[0-9]", one)]
        brackets = ["± " + " ".join((deviation, *names)), *(one for one in brackets if one not in names)]
        head = with_unit(head, printed_unit(read_deviation(brackets[0]).number))
    return head, brackets


def _counted_share(text: str, head: str, brackets: list[str], kind: Kind) -> Quantity | None:
    """Read ``91 (84.2%)`` and ``91/108 (84.2%)``; None when the text has another form."""
    if kind not in ("share", "count") or not re.fullmatch(r"[0-9.]+ ?%", "".join(brackets)):
        return None
    if kind == "count":
        raise refusal("count-with-percent", text, kind)
    share = read_number(brackets[0], "share")
    fraction = FRACTION.fullmatch(head)
    count, whole = read_fraction(fraction, kind) if fraction else (whole_number(head, kind), None)
    quantity = Quantity(text, "reported", "=", share.value, share.unit, share.half_unit)
    return replace(quantity, count=count, count_of=whole)


def _head(text: str, head: str, kind: Kind) -> Quantity:
    """Read the value itself, without what its brackets say."""
    unit = CANONICAL_UNITS[kind]
    if head == "not reported":
        return Quantity(text, "not_reported", unit=unit)
    if head in {"not reached", "not yet reached"} and kind == "duration":
        return Quantity(text, "not_reached", unit=unit)
    qualifier: Qualifier = "="
    if match := _QUALIFIER.match(head):
        qualifier, head = _QUALIFIERS[match.group(1)], head[match.end() :]
    if kind == "share" and (said := _share_in_words(head, qualifier)) is not None:
        return Quantity(text, "reported", said[0], said[1], unit)
    if kind in ("share", "count") and (fraction := FRACTION.fullmatch(head)):
        part, whole = read_fraction(fraction, kind)
        value = part / whole if kind == "share" else float(part)
        return Quantity(text, "reported", qualifier, value, unit, count=part, count_of=whole)
    if not NUMBER_AND_UNIT.fullmatch(head) and INTERVAL.fullmatch(head):
        raise refusal("interval-not-named", text, kind)
    number = read_number(head, kind)
    if number.value is None:
        raise refusal("unreadable-value", text, kind)
    if kind == "p_value" and (qualifier, number.value) in _NO_PROBABILITIES:
        raise refusal("impossible-p-value", f"{qualifier} {head}", kind)
    count = int(number.value) if kind == "count" and qualifier == "=" else None
    return Quantity(text, "reported", qualifier, number.value, number.unit, number.half_unit, count=count)


def _share_in_words(words: str, qualifier: Qualifier) -> tuple[Qualifier, float] | None:
    words = re.sub(r"( of)?( the| all)? patients$", "", words.replace("-", " "))
    words = re.sub(r"^(the|one) ", "a ", words)
    half = _MORE_OR_LESS_THAN_HALF.get(words.removeprefix("a "))
    if half is not None and qualifier == "=":
        return half, 0.5
    share = _SPOKEN_SHARES.get(words, _SPOKEN_SHARES.get(words.removeprefix("a ")))
    return None if share is None else (qualifier, share)


def _with_bracket(quantity: Quantity, bracket: str, kind: Kind, unit: str) -> Quantity:
    """Add what one bracket says: a confidence interval or a spread; ``unit`` is that of the value."""
    if (match := _CONFIDENCE.fullmatch(bracket)) and quantity.level is None:
        return _with_confidence(quantity, match, kind, unit)
    if (match := _RANGE.fullmatch(bracket)) and quantity.spread is None:
        name, numbers = match.groups()
        return _with_ends(quantity, "range" if name == "range" else "iqr", numbers, kind, unit)
    if (bracket.startswith("±") or names_deviation(bracket)) and quantity.spread is None:
        return _with_deviation(quantity, bracket, kind, unit)
    if re.match(r"(ci|confidence interval)\b", bracket):
        raise refusal("level-missing", bracket, kind)
    code = "interval-not-named" if INTERVAL.fullmatch(bracket) else "unreadable-value"
    raise refusal(code, bracket, kind)


def _with_deviation(quantity: Quantity, bracket: str, kind: Kind, unit: str) -> Quantity:
    """Add a standard deviation or a standard error; ask which it is, and of what, where that is not said."""
    found = read_deviation(bracket)
    number = read_number(with_unit(found.number, unit), kind)
    if found.name is None:
        raise refusal("spread-not-named", found.number, kind)
    if kind in ("count", "p_value") or (found.of and kind != "ratio"):
        raise refusal("unreadable-value", bracket, kind)
    if found.name == "sd" and kind in ("share", "ratio"):
        raise refusal("no-deviation", found.number, kind)
    if kind == "ratio" and not found.of:
        raise refusal("error-of-what", found.number, kind)
    spread: Spread = "log_se" if found.of == "log" else found.name
    return replace(quantity, spread=spread, sd=number.value, sd_half_unit=number.half_unit)


def _with_confidence(quantity: Quantity, match: re.Match[str], kind: Kind, unit: str) -> Quantity:
    level = float(match.group(1)) / 100
    lower, upper = read_ends(match.group(2), kind, unit)
    if lower.value is None or not 0.5 <= level < 1:
        raise refusal("unreadable-value", match.group(), kind)
    return replace(
        quantity, unit=quantity.unit or lower.unit, level=level, ci_lower=lower.value, ci_upper=upper.value,
        ci_lower_half_unit=lower.half_unit, ci_upper_half_unit=upper.half_unit, ci_upper_state=upper.state,
    )  # fmt: skip


def _with_ends(quantity: Quantity, spread: Spread, numbers: str, kind: Kind, unit: str) -> Quantity:
    lower, upper = read_ends(numbers, kind, unit)
    if lower.value is None or upper.value is None:
        raise refusal("unreadable-value", numbers, kind)
    return replace(
        quantity, unit=quantity.unit or lower.unit, qualifier=quantity.qualifier or "=", spread=spread,
        lower=lower.value, upper=upper.value,
    )  # fmt: skip


def _checked(quantity: Quantity, kind: Kind) -> Quantity:
    """Refuse what no source can mean: beyond the possible, or outside its own interval."""
    text, value = quantity.as_reported, quantity.value
    most = 1.0 if kind in LIMITS else float("inf")
    least = -float("inf") if kind in ("number", "difference") else 0.0
    for number in (value, quantity.ci_lower, quantity.ci_upper, quantity.lower, quantity.upper):
        if (number is not None and not least <= number <= most) or (quantity.sd or 0.0) < 0:
            raise refusal("impossible-value", text, kind)
    for lower, upper in ((quantity.ci_lower, quantity.ci_upper), (quantity.lower, quantity.upper)):
        if value is not None and any(
            (lower is not None and value < lower, upper is not None and value > upper)
        ):
            raise refusal("value-outside-interval", text, kind)
    return quantity
