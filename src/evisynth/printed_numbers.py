"""One number as it is printed, with its unit: ``11.5 years``, ``91 of 108``, ``1.2 × 10-3``, ``-7 to -1``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from evisynth.value_refusals import Kind, refusal
from evisynth.wording import DAYS_IN_A_MONTH

State = Literal["reported", "not_reached", "not_reported", "significant", "not_significant"]

_UNITS = {"d day days": 1 / DAYS_IN_A_MONTH, "w wk wks week weeks": 7 / DAYS_IN_A_MONTH,
          "mo mos month months": 1.0, "y yr yrs year years": 12.0}  # fmt: skip
#: Months in one unit of time.
MONTHS: Mapping[str, float] = {unit: months for units, months in _UNITS.items() for unit in units.split()}
#: The unit in which each kind is held; kinds number and difference keep the printed unit.
CANONICAL_UNITS: Mapping[Kind, str] = {
    "duration": "months", "share": "proportion", "count": "patients", "ratio": "ratio",
    "p_value": "probability", "number": "", "difference": "",
}  # fmt: skip


class Number(NamedTuple):
    """One number of a text in the canonical unit; an end that is not a number has a state and no value."""

    value: float | None
    half_unit: float | None
    unit: str
    state: State = "reported"


_NUMBER = r"[-+]?(?:[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)(?:e[-+]?[0-9]{1,2})?"
# "to" parts the ends of an interval, and is no unit of the first: -7 to -1.
_END = rf"{_NUMBER}\s*(?:%|(?!to\b)[a-z]+)?|not reached|not reported"
NUMBER_AND_UNIT = re.compile(rf"({_NUMBER})\s*(%|[a-z][a-z -]*)?")
INTERVAL = re.compile(rf"({_END})\s*(?:to|-)\s*({_END})")
#: Of two signed ends without "to" the dash may be either's: -7 -1.
_UNCLEAR_SIGN = re.compile(r"-[0-9.]+\s*(?:%|(?!to\b)[a-z]+)?\s+-(?=[0-9.])(?P<second>.+)")
FRACTION = re.compile(r"([0-9][0-9,]*)\s*(?:/|of|out of)\s*([0-9][0-9,]*)(?:\s*patients)?")
_PEOPLE = frozenset("patients patient pts people persons subjects cases deaths events".split())
_DASHES = str.maketrans(dict.fromkeys("−–—‐‑", "-") | dict.fromkeys("\u00a0\u202f\u2009", " "))
_SIGNS = {"≤": "<=", "≥": ">=", "≈": "~", "∼": "~", "＜": "<", "＞": ">", "+/-": "±", "+-": "±", "％": "%"}
#: Months in 200 years: no patient is followed for longer than a life.
LONGEST_TIME = 2400.0


def parse_duration(text: str) -> float:
    """Read a time such as ``5 years`` or ``30 days`` and return it in months."""
    plain = plain_text(text)
    value = read_number(plain, "duration").value if NUMBER_AND_UNIT.fullmatch(plain) else None
    if value is None or not 0 < value <= LONGEST_TIME:
        raise refusal("unreadable-time", text[:40], "duration")
    return value


def plain_text(text: str) -> str:
    """Fold the many ways to print one sign into one: dashes, spaces, middle dots, capital letters."""
    plain = " ".join(text.translate(_DASHES).split()).lower()
    for sign, plain_sign in _SIGNS.items():
        plain = plain.replace(sign, plain_sign)
    plain = re.sub(r"(?<=\d)·(?=\d)", ".", plain)
    plain = re.sub(r"\bse ?\(([a-z ]+)\)", r"se of \1", plain)
    plain = re.sub(r"(?<=\d) ?percentage points?\b", "%", plain)
    return re.sub(r"(?<=\d)\s*×\s*10\s*\^?\s*(?=[-+]?\d)", "e", plain)


def printed_unit(words: str) -> str:
    """Return the unit that ends ``words``, which the numbers in brackets share."""
    match = re.search(r"(?<=[\d\s])(%|[a-z]+)$", words)
    return match.group(1) if match and not words.startswith("not ") else ""


def with_unit(number: str, unit: str) -> str:
    """Give a number the unit that is printed once for it and its neighbours."""
    return f"{number} {unit}" if unit and number[-1:].isdigit() else number


def read_fraction(match: re.Match[str], kind: Kind) -> tuple[int, int]:
    """Return both numbers of ``91/108``."""
    count, whole = (whole_number(digits, kind) for digits in match.groups())
    if whole == 0:
        raise refusal("count-of-nobody", match.group(), kind)
    if count > whole:
        raise refusal("count-above-whole", match.group(), kind)
    return count, whole


def whole_number(digits: str, kind: Kind) -> int:
    """Read ``1,362``, in which only thousands are parted."""
    if not re.fullmatch(r"[0-9]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2}", digits):
        raise refusal("not-whole", digits, kind)
    return int(digits.replace(",", ""))


def read_ends(ends: str, kind: Kind, unit: str) -> tuple[Number, Number]:
    """Read ``10 to 164``; a unit written once serves both ends, else that of the value does."""
    match = INTERVAL.fullmatch(ends)
    if match is None:
        raise refusal("unreadable-value", ends, kind)
    first, second = (end.strip() for end in match.groups())
    if (unclear := _UNCLEAR_SIGN.fullmatch(ends)) and kind in ("number", "difference"):
        raise refusal("unclear-sign", f"-{unclear['second']}", kind)
    unit = printed_unit(second) or printed_unit(first) or unit
    lower, upper = (read_number(with_unit(end, unit), kind) for end in (first, second))
    if lower.value is not None and upper.value is not None and lower.value > upper.value:
        raise refusal("interval-reversed", ends, kind)
    return lower, upper


def read_number(words: str, kind: Kind) -> Number:
    """Read one number with its unit into the canonical unit of its kind."""
    if words in ("not reached", "not reported"):
        return Number(None, None, "", "not_reached" if words == "not reached" else "not_reported")
    match = NUMBER_AND_UNIT.fullmatch(words)
    if match is None:
        raise refusal("unreadable-value", words, kind)
    digits, unit = match.group(1), (match.group(2) or "").strip()
    factor, canonical = _scale(digits, unit, kind)
    if kind == "count":
        return Number(float(whole_number(digits, kind)), None, canonical)
    if "," in digits:
        raise refusal("decimal-comma", digits, kind)
    mantissa, _, exponent = digits.partition("e")
    last_digit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    value, half_unit = float(digits), last_digit / 2
    if factor != 1.0:  # 11.2 years are 134.4 months, not 134.39999999999998
        value, half_unit = round(value * factor, 12), round(half_unit * factor, 12)
    return Number(value, half_unit, canonical)


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
