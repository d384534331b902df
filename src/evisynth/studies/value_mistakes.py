"""Mends of values that cannot be read: the same text, rewritten until it can.

Every rewriting is tried by the value grammar itself, so what is proposed is always accepted. Nothing is read
in place of what stands in the file: a proposal is only told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

from evisynth.quantities import Kind, Quantity, QuantityError, parse_quantity

Interval = Literal["range", "iqr"] | None

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBER_WORDS: Mapping[str, int] = {
    **{word: number for number, word in enumerate(_ONES)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
}
_WORD = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_IN_WORDS = re.compile(
    rf"\b(?:({_WORD})\s+hundred(?:\s+and)?\s*)?({_WORD})(?:[\s-]({_WORD}))?\b", re.IGNORECASE
)
#: Units of time as they are abbreviated, or said in other languages.
_UNITS: Mapping[str, str] = {
    **dict.fromkeys(
        ("m", "mth", "mths", "mnth", "mnths", "mois", "monate", "monat", "meses", "mesi"), "months"
    ),
    **dict.fromkeys(("a", "y.o.", "jahre", "jahr", "ans", "an", "anos", "años", "anni"), "years"),
    **dict.fromkeys(("tage", "jours", "dias", "días", "giorni"), "days"),
    **dict.fromkeys(("wochen", "semaines", "semanas", "settimane"), "weeks"),
}
_ONE_IN: Mapping[str, str] = {"2": "half", "3": "a third", "4": "a quarter", "5": "a fifth", "10": "a tenth"}
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_SIGN = r"(?:[-+−–](?=[0-9.]))?"
_MINUS = str.maketrans("−–", "--")
_NEEDS_QUOTES = re.compile(r"^[>|@%&*!'\"#`\[{?-]|[,\[\]{}]|: | #")


def meant(text: str, kind: Kind, interval: Interval = None) -> Quantity | None:
    """Return what a person probably meant by a text that cannot be read; None when nothing comes of it."""
    candidate = text.strip()
    for rewrite in _REWRITINGS:
        rewritten = rewrite(candidate, kind)
        if rewritten == candidate:
            continue
        candidate = rewritten
        try:
            return parse_quantity(candidate, kind, interval)
        except QuantityError:
            continue
    return None


def advice(text: str, kind: Kind, error: QuantityError, interval: Interval = None) -> str:
    """Say what to type instead of a value that cannot be read: the value as it was probably meant."""
    if error.code in _SAID_WELL:
        return error.fix
    tested = _p_with_test(text) if kind == "p_value" else None
    if tested is not None:
        return tested
    found = meant(text, kind, interval)
    if found is None:
        said = _unnamed_interval(text, kind) or _unnamed_number(text, kind) or _open_interval(text, kind)
        return said or error.fix
    typed = quoted(found.as_reported)
    at_risk = re.search(
        rf"[(\[,;]\s*(?:no\.? |number |n )?at risk:?\s*=?\s*({_NUMBER})|({_NUMBER})\s+at risk", text, re.I
    )
    if at_risk is not None:
        return f"type {{value: {typed}, at_risk: {at_risk.group(1) or at_risk.group(2)}}}"
    p_value = re.search(r"[,;]\s*p\s*([<>=≤≥]?)\s*(0?\.[0-9]+)", text, re.I)
    beside = ""
    if p_value is not None and kind != "p_value":
        sign = "" if p_value.group(1) in ("", "=") else f"{p_value.group(1)} "
        beside = f", and the p-value by itself: p: {quoted(sign + p_value.group(2))}"
    return f"type {typed}{beside}"


def quoted(text: str) -> str:
    """Put a text in quotes where YAML would take it for something else."""
    return f'"{text}"' if _NEEDS_QUOTES.search(text) else text


#: Refusals whose own advice is better than a rewriting: they ask what only the reader of the source can know.
_SAID_WELL = frozenset(
    {"empty-value", "nr-ambiguous", "ns-ambiguous", "not-a-value", "count-with-percent", "interval-reversed",
     "impossible-value", "value-outside-interval", "level-missing", "spread-not-named", "no-deviation",
     "error-of-what", "unclear-sign", "impossible-p-value"}
)  # fmt: skip


def _unnamed_interval(text: str, kind: Kind) -> str | None:
    """Write out the choices for an interval that does not say what it is, with its own numbers."""
    plain = _decimal_points(_brackets(text.strip(), kind), kind)
    found = re.fullmatch(
        rf"([^()]+?)\s*\(\s*({_SIGN}{_NUMBER})\s*(%?)\s*(?:-|–|−|—|to|;|,)\s*({_SIGN}{_NUMBER})\s*(%?)[^()]*\)",
        plain,
    )
    if found is None:
        return None
    value, lower, _, upper, sign = found.groups()
    lower, upper = (end.translate(_MINUS) for end in (lower, upper))
    if kind == "share" and not sign and max(float(lower), float(upper)) <= 1:
        lower, upper, sign = f"{100 * float(lower):g}", f"{100 * float(upper):g}", "%"
    choices = [f"{value} ({name} {lower} to {upper}{sign})" for name in ("95% CI", "range", "IQR")]
    for choice in choices:
        try:
            parse_quantity(choice, kind)
        except QuantityError:
            return None
    if kind in ("ratio", "share", "p_value"):
        return f"type {choices[0]} if it is a confidence interval of that level"
    return f"type {choices[0]}, {choices[1]} or {choices[2]}, whichever it is"


def _unnamed_number(text: str, kind: Kind) -> str | None:
    """Write out the choices for a number in brackets that does not say what it is: 43 (26.1) months."""
    if kind not in ("duration", "number", "difference"):
        return None
    plain = _decimal_points(_brackets(text.strip(), kind), kind)
    found = re.fullmatch(
        rf"(-?{_NUMBER})\s*([a-z%]*)\s*\(\s*({_NUMBER})\s*[a-z%]*\s*\)\s*([a-z%]*)", plain, re.I
    )
    if found is None:
        return None
    value, unit, spread, other = found.groups()
    value = f"{value} {unit or other or ('months' if kind == 'duration' else '')}".strip()
    return (
        f"type {value} (SD {spread}) if it is a standard deviation, {value} (SE {spread}) if it is a "
        "standard error"
    )


def _p_with_test(text: str) -> str | None:
    """Part a p-value from the test that is named beside it: 0.04 (log-rank)."""
    number = r"(?:p\s*(?:-?\s*value)?\s*)?([<>=≤≥]{0,2})\s*(0?\.[0-9]+|1(?:\.0+)?)"
    name = r"([a-z][a-z0-9 '’χ²^-]*[a-z0-9²])"
    behind = re.fullmatch(
        rf"{number}\s*(?:[(\[]\s*(?:by\s+)?{name}\s*[)\]]|[,;]\s*(?:by\s+)?{name}|by\s+{name})",
        text.strip(),
        re.I,
    )
    before = re.fullmatch(rf"{name}[:,]?\s+{number}", text.strip(), re.I)
    if behind is not None:
        sign, value, *tests = behind.groups()
        test = next(one for one in tests if one)
    elif before is not None and not re.fullmatch(r"p|p[ -]?value", before.group(1), re.I):
        test, sign, value = before.groups()
        test = re.sub(r"[ ,:]*\bp$", "", test, flags=re.I)
    else:
        return None
    typed = quoted(value if sign in ("", "=") else f"{sign} {value}")
    return f"type p: {typed} and, as a key of its own, test: {test}"


def _open_interval(text: str, kind: Kind) -> str | None:
    """Show how an upper end is written that was not reached, where the rest of the text is wrong too."""
    if kind != "duration" or not re.search(r"(?:to|-|–|,|;)\s*(?:NR|NE|NA)\s*\)", text, re.IGNORECASE):
        return None
    return "write the upper end out, and give the unit: 151 months (95% CI 100 months to not reached)"


def _without_name(text: str, kind: Kind) -> str:
    """Drop the name of the value: ``p<0.001``, ``n = 61``, ``HR 0.62``."""
    return re.sub(
        r"^(?:p|n|hr|or|rr|x)(?:\s*[-‐]?\s*value)?(?:\s*=\s*|\s*:\s*|\s+(?=[0-9<>≤≥])|(?=\s*[<>≤≥]))",
        "",
        text,
        flags=re.I,
    ).strip()


def _brackets(text: str, kind: Kind) -> str:
    text = text.replace("[", "(").replace("]", ")")
    # An interval after a comma instead of in brackets: 151 months, 95% CI 100-200.
    return re.sub(
        r"^([^()]*?[^(),;\s])[,;]?\s+([0-9.]+\s*%\s*(?:CI|confidence interval)\b[^()]*)$",
        r"\1 (\2)",
        text,
        flags=re.I,
    )


def _decimal_points(text: str, kind: Kind) -> str:
    """Take a comma for a decimal one, unless it may part thousands (1,362)."""
    return re.sub(r"(?<![0-9,.])(0|[0-9]+(?!,[0-9]{3}(?![0-9]))),([0-9]+)(?![0-9,])", r"\1.\2", text)


def _ends(text: str, kind: Kind) -> str:
    """Part the ends of an interval by 'to', and say of an upper end that it was not reached."""
    text = re.sub(r"(\bCI\b|\brange\b|\bIQR\b)\s*[:=]\s*", r"\1 ", text, flags=re.I)
    text = re.sub(r"(?<=[0-9%])\s*[,;]\s*(?=[-+−–]?[0-9]|NR\b|NE\b|NA\b)", " to ", text)
    text = re.sub(
        r"(?<=[0-9%a-z])\s*(?:to|-|–|—)\s*(?:NR|NE|NA|N\.R\.|not estimable|infinity|inf|∞)(?=\s*\)|$)",
        " to not reached",
        text,
        flags=re.I,
    )
    return re.sub(r"([0-9])\s*(?:to|-|–)\s*\)", r"\1 to not reached)", text)


def _percent(text: str, kind: Kind) -> str:
    text = re.sub(
        r"(?<=[0-9])\s*(?:per\s?cent|pct\.?|p\.c\.|prozent|pour cent|por ciento)", "%", text, flags=re.I
    )
    if kind not in ("share", "count"):
        return text
    # The percentage first: 23% (14/60) is 14/60 (23%).
    text = re.sub(
        rf"^({_NUMBER}\s*%)\s*\(\s*(?:n\s*=\s*)?([0-9]+(?:\s*(?:/|of)\s*[0-9]+)?)\s*\)$",
        r"\2 (\1)",
        text,
        flags=re.I,
    )
    if kind != "share":
        return text
    return re.sub(rf"^([0-9]+(?:\s*/\s*[0-9]+)?)\s*\(({_NUMBER})\)$", r"\1 (\2%)", text)


def _words(text: str, kind: Kind) -> str:
    return digits_for_words(text)


def digits_for_words(text: str) -> str:
    """Put numbers in words into digits: sixty-one is 61."""
    return _IN_WORDS.sub(_digits, text)


def _digits(match: re.Match[str]) -> str:
    hundreds, first, second = (_NUMBER_WORDS.get((word or "").lower(), 0) for word in match.groups())
    if second and not (first >= 20 and second < 10):
        return match.group()
    return str(100 * hundreds + first + second)


def _units(text: str, kind: Kind) -> str:
    if kind != "duration":
        return text
    both = re.fullmatch(
        r"([0-9]+)\s*(?:y|yrs?|years?)\.?,?\s*(?:and\s*)?([0-9]+)\s*(?:m|mo|mos|mths?|months?)\.?", text, re.I
    )
    if both is not None:
        return f"{12 * int(both.group(1)) + int(both.group(2))} months"
    text = re.sub(r"(?<=[0-9a-z])(mo|mos|yrs?|wks?|mths?|d|y)\.(?=\s|\)|$)", r"\1", text, flags=re.I)
    return re.sub(
        r"(?<=[0-9])\s*([a-zñí.]+)(?=\s|\)|$)",
        lambda m: f" {_UNITS.get(m.group(1).lower(), m.group(1))}",
        text,
        flags=re.I,
    )


def _slips(text: str, kind: Kind) -> str:
    """Mend what fingers and printers add: a footnote mark, a full stop, a letter in the place of a digit."""
    text = re.sub(r"(?<=[0-9%)])[*†‡§¶]+$", "", text)
    text = re.sub(r"^([0-9.]+)\+", r"at least \1", text)
    text = re.sub(r"(?<=[0-9])\.(?=\s*%|$)", "", text)
    text = re.sub(r"(?<=[0-9])[lI](?![a-z])|(?<![a-zA-Z0-9])[lI](?=[0-9])", "1", text)
    return re.sub(r"(?<=[0-9])[oO](?![a-z])", "0", text)


def _whole(text: str, kind: Kind) -> str:
    if kind != "count":
        return text
    if re.fullmatch(r"[0-9]{1,3}([. ’'][0-9]{3})+", text):
        return re.sub(r"[. ’']", ",", text)
    return re.sub(r"^([0-9]+)\.0+$", r"\1", text)


def _as_kind(text: str, kind: Kind) -> str:
    """Give a share in words or a p-value in percent the form that its kind has."""
    if kind == "p_value" and (percent := re.fullmatch(rf"([<>≤≥]?\s*)({_NUMBER})\s*%", text)):
        return f"{percent.group(1)}{float(percent.group(2)) / 100:g}"
    if kind != "share":
        return text
    if text.lower() in ("no", "nil", "nobody", "no patients"):
        return "none"
    if (bound := re.fullmatch(rf"[<>≤≥]\s*({_NUMBER})", text)) and float(bound.group(1)) >= 1:
        return f"{text}%"
    one = re.fullmatch(r"1 in ([0-9]+)", text, re.IGNORECASE)
    return _ONE_IN.get(one.group(1), text) if one else text


def _without_asides(text: str, kind: Kind) -> str:
    """Drop what has a key of its own: a p-value, a number at risk."""
    text = re.sub(r"[,;]\s*p\s*[<>=≤≥]?\s*0?\.[0-9]+\s*(?=\)|$)", "", text, flags=re.I)
    return re.sub(
        rf"\s*[(\[,;]\s*(?:(?:no\.? |number |n )?at risk:?\s*=?\s*{_NUMBER}|{_NUMBER}\s+at risk)\s*[)\]]?$",
        "",
        text,
        flags=re.I,
    )


#: Tried one after the other, each on what the one before has left.
_REWRITINGS: tuple[Callable[[str, Kind], str], ...] = (
    _slips, _without_name, _whole, _words, _percent, _units, _as_kind, _without_asides, _brackets,
    _decimal_points, _ends, _units,
)  # fmt: skip
