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
from typing import Literal, NamedTuple

from evisynth.deviations import names_deviation, read_deviation
from evisynth.value_refusals import (
    EXAMPLES as EXAMPLES,
    LIMITS,
    REFUSALS as REFUSALS,
    Kind as Kind,
    QuantityError as QuantityError,
    refusal,
)
from evisynth.wording import DAYS_IN_A_MONTH

State = Literal["reported", "not_reached", "not_reported", "significant", "not_significant"]
Qualifier = Literal["=", "<", "<=", ">", ">=", "~"]
Spread = Literal["range", "iqr", "sd", "se", "log_se"]

_UNITS = {"d day days": 1 / DAYS_IN_A_MONTH, "w wk wks week weeks": 7 / DAYS_IN_A_MONTH,
          "mo mos month months": 1.0, "y yr yrs year years": 12.0}  # fmt: skip
#: Months in one unit of time.
MONTHS: Mapping[str, float] = {unit: months for units, months in _UNITS.items() for unit in units.split()}
#: The unit in which each kind is held; kinds number and difference keep the printed unit.
CANONICAL_UNITS: Mapping[Kind, str] = {
    "duration": "months", "share": "proportion", "count": "patients", "ratio": "ratio",
    "p_value": "probability", "number": "", "difference": "",
}  # fmt: skip
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


class _Number(NamedTuple):
    """One number of a text in the canonical unit; an end that is not a number has a state and no value."""

    value: float | None
    half_unit: float | None
    unit: str
    state: State = "reported"


_NUMBER = r"[-+]?(?:[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)(?:e[-+]?[0-9]{1,2})?"
# "to" parts the ends of an interval, and is no unit of the first: -7 to -1.
_END = rf"{_NUMBER}\s*(?:%|(?!to\b)[a-z]+)?|not reached|not reported"
_NUMBER_AND_UNIT = re.compile(rf"({_NUMBER})\s*(%|[a-z][a-z -]*)?")
_INTERVAL = re.compile(rf"({_END})\s*(?:to|-)\s*({_END})")
_CONFIDENCE = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)\s*%\s*(?:ci|confidence interval)\s*[:,]?\s*(.+)")
#: Of two signed ends without "to" the dash may be either's: -7 -1.
_UNCLEAR_SIGN = re.compile(r"-[0-9.]+\s*(?:%|(?!to\b)[a-z]+)?\s+-(?=[0-9.])(?P<second>.+)")
_RANGE = re.compile(r"(range|iqr|interquartile range)\s*[:,]?\s*(.+)")
_FRACTION = re.compile(r"([0-9][0-9,]*)\s*(?:/|of|out of)\s*([0-9][0-9,]*)(?:\s*patients)?")
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
_PEOPLE = frozenset("patients patient pts people persons subjects cases deaths events".split())
_DASHES = str.maketrans(dict.fromkeys("−–—‐‑", "-") | dict.fromkeys("\u00a0\u202f\u2009", " "))
_SIGNS = {"≤": "<=", "≥": ">=", "≈": "~", "∼": "~", "＜": "<", "＞": ">", "+/-": "±", "+-": "±", "％": "%"}
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


#: Months in 200 years: no patient is followed for longer than a life.
LONGEST_TIME = 2400.0


def parse_duration(text: str) -> float:
    """Read a time such as ``5 years`` or ``30 days`` and return it in months."""
    plain = _plain(text)
    value = _number(plain, "duration").value if _NUMBER_AND_UNIT.fullmatch(plain) else None
    if value is None or not 0 < value <= LONGEST_TIME:
        raise refusal("unreadable-time", text[:40], "duration")
    return value


@lru_cache(maxsize=32_768)
def _parse(text: str, kind: Kind, interval: Literal["range", "iqr"] | None) -> Quantity:
    plain = _plain(text)
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
            quantity = _with_bracket(quantity, bracket, kind, _printed_unit(head))
    return _checked(quantity, kind)


def _plain(text: str) -> str:
    """Fold the many ways to print one sign into one: dashes, spaces, middle dots, capital letters."""
    plain = " ".join(text.translate(_DASHES).split()).lower()
    for sign, plain_sign in _SIGNS.items():
        plain = plain.replace(sign, plain_sign)
    plain = re.sub(r"(?<=\d)·(?=\d)", ".", plain)
    plain = re.sub(r"\bse ?\(([a-z ]+)\)", r"se of \1", plain)
    plain = re.sub(r"(?<=\d) ?percentage points?\b", "%", plain)
    return re.sub(r"(?<=\d)\s*×\s*10\s*\^?\s*(?=[-+]?\d)", "e", plain)


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
        head = _with_unit(head, _printed_unit(read_deviation(brackets[0]).number))
    return head, brackets


def _printed_unit(words: str) -> str:
    """Return the unit that ends ``words``, which the numbers in brackets share."""
    match = re.search(r"(?<=[\d\s])(%|[a-z]+)$", words)
    return match.group(1) if match and not words.startswith("not ") else ""


def _with_unit(number: str, unit: str) -> str:
    return f"{number} {unit}" if unit and number[-1:].isdigit() else number


def _counted_share(text: str, head: str, brackets: list[str], kind: Kind) -> Quantity | None:
    """Read ``91 (84.2%)`` and ``91/108 (84.2%)``; None when the text has another form."""
    if kind not in ("share", "count") or not re.fullmatch(r"[0-9.]+ ?%", "".join(brackets)):
        return None
    if kind == "count":
        raise refusal("count-with-percent", text, kind)
    share = _number(brackets[0], "share")
    fraction = _FRACTION.fullmatch(head)
    count, whole = _fraction(fraction, kind) if fraction else (_whole_number(head, kind), None)
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
    if kind in ("share", "count") and (fraction := _FRACTION.fullmatch(head)):
        part, whole = _fraction(fraction, kind)
        value = part / whole if kind == "share" else float(part)
        return Quantity(text, "reported", qualifier, value, unit, count=part, count_of=whole)
    if not _NUMBER_AND_UNIT.fullmatch(head) and _INTERVAL.fullmatch(head):
        raise refusal("interval-not-named", text, kind)
    number = _number(head, kind)
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


def _fraction(match: re.Match[str], kind: Kind) -> tuple[int, int]:
    count, whole = (_whole_number(digits, kind) for digits in match.groups())
    if whole == 0:
        raise refusal("count-of-nobody", match.group(), kind)
    if count > whole:
        raise refusal("count-above-whole", match.group(), kind)
    return count, whole


def _whole_number(digits: str, kind: Kind) -> int:
    if not re.fullmatch(r"[0-9]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2}", digits):
        raise refusal("not-whole", digits, kind)
    return int(digits.replace(",", ""))


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
    code = "interval-not-named" if _INTERVAL.fullmatch(bracket) else "unreadable-value"
    raise refusal(code, bracket, kind)


def _with_deviation(quantity: Quantity, bracket: str, kind: Kind, unit: str) -> Quantity:
    """Add a standard deviation or a standard error; ask which it is, and of what, where that is not said."""
    found = read_deviation(bracket)
    number = _number(_with_unit(found.number, unit), kind)
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
    lower, upper = _ends(match.group(2), kind, unit)
    if lower.value is None or not 0.5 <= level < 1:
        raise refusal("unreadable-value", match.group(), kind)
    return replace(
        quantity, unit=quantity.unit or lower.unit, level=level, ci_lower=lower.value, ci_upper=upper.value,
        ci_lower_half_unit=lower.half_unit, ci_upper_half_unit=upper.half_unit, ci_upper_state=upper.state,
    )  # fmt: skip


def _with_ends(quantity: Quantity, spread: Spread, numbers: str, kind: Kind, unit: str) -> Quantity:
    lower, upper = _ends(numbers, kind, unit)
    if lower.value is None or upper.value is None:
        raise refusal("unreadable-value", numbers, kind)
    return replace(
        quantity, unit=quantity.unit or lower.unit, qualifier=quantity.qualifier or "=", spread=spread,
        lower=lower.value, upper=upper.value,
    )  # fmt: skip


def _ends(ends: str, kind: Kind, unit: str) -> tuple[_Number, _Number]:
    """Read ``10 to 164``; a unit written once serves both ends, else that of the value does."""
    match = _INTERVAL.fullmatch(ends)
    if match is None:
        raise refusal("unreadable-value", ends, kind)
    first, second = (end.strip() for end in match.groups())
    if (unclear := _UNCLEAR_SIGN.fullmatch(ends)) and kind in ("number", "difference"):
        raise refusal("unclear-sign", f"-{unclear['second']}", kind)
    unit = _printed_unit(second) or _printed_unit(first) or unit
    lower, upper = (_number(_with_unit(end, unit), kind) for end in (first, second))
    if lower.value is not None and upper.value is not None and lower.value > upper.value:
        raise refusal("interval-reversed", ends, kind)
    return lower, upper


def _number(words: str, kind: Kind) -> _Number:
    """Read one number with its unit into the canonical unit of its kind."""
    if words in ("not reached", "not reported"):
        return _Number(None, None, "", "not_reached" if words == "not reached" else "not_reported")
    match = _NUMBER_AND_UNIT.fullmatch(words)
    if match is None:
        raise refusal("unreadable-value", words, kind)
    digits, unit = match.group(1), (match.group(2) or "").strip()
    factor, canonical = _scale(digits, unit, kind)
    if kind == "count":
        return _Number(float(_whole_number(digits, kind)), None, canonical)
    if "," in digits:
        raise refusal("decimal-comma", digits, kind)
    mantissa, _, exponent = digits.partition("e")
    last_digit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    value, half_unit = float(digits), last_digit / 2
    if factor != 1.0:  # 11.2 years are 134.4 months, not 134.39999999999998
        value, half_unit = round(value * factor, 12), round(half_unit * factor, 12)
    return _Number(value, half_unit, canonical)


def _scale(digits: str, unit: str, kind: Kind) -> tuple[float, str]:
    """Return the factor that takes the printed unit to the canonical one, and the latter's name."""
    if unit in MONTHS and kind in ("duration", "difference"):
        return MONTHS[unit], "months"
    if unit == "%" and kind in ("share", "difference"):
        return 0.01, "proportion"
    if kind in ("number", "difference") and unit != "%":
        return 1.0, unit
    if kind in ("duration", "share") and not unit:
        raise refusal("missing-unit" if kind == "duration" else "percent-sign", digits, kind)
    if unit and not (kind == "count" and unit in _PEOPLE):
        raise refusal("wrong-unit", f"{digits} {unit}".replace(" %", "%"), kind, unit)
    return 1.0, CANONICAL_UNITS[kind]


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
