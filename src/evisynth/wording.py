"""Wording for people: one function for each way to write numbers, times, lists and nouns.

Numbers come with as many digits as carry meaning. Messages, tables and committed files write a plain minus
sign; figures set it as a true one (`MINUS`), and keep together what belongs on one line (`HARD_SPACE`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

MINUS = "\N{MINUS SIGN}"
#: Keeps what belongs together on one line when texts wrap.
HARD_SPACE = "\N{NO-BREAK SPACE}"
#: So many parts of a list are named in a message; past them it says how many more there are.
_MOST_LISTED = 8
#: Days in the month that every duration is converted with: a year of 365.25 days has 12.
DAYS_IN_A_MONTH = 30.4375
#: The longest time that is said in days.
_LONGEST_IN_DAYS = 365
#: A time is a whole number of days, months or years when it is one to this fraction of it.
_WHOLE = 1e-6
#: A count of more digits is told by its size.
_MOST_READ = 10**15
_VOWELS = frozenset("aeiouAEIOU")
#: How words and letters sound that do not begin as they are written.
_AN = re.compile(r"(hour|honest|heir|[FHLMNRSX][^a-z]|8|11(?!\d)|18(?!\d)|11,|18,)")
_A = re.compile(r"(uni|use|usual|one\b|once\b|eu|ur(?:ea|in|e)|U[^a-z])", re.IGNORECASE)
#: Nouns whose plural takes more than an s.
_PLURALS = {"study": "studies", "analysis": "analyses", "summary": "summaries", "is": "are", "has": "have",
            "it": "them", "does": "do", "was": "were", "stands": "stand"}  # fmt: skip
#: Characters that would steer a terminal, end a line, or turn the reading direction of what follows them.
STEERING = "".join(
    map(chr, (*range(0x20), *range(0x7F, 0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A)))
)
_NOT_IN_A_LINE = re.compile(f"[{re.escape(STEERING)}\ud800-\udfff]")


def in_one_line(text: str) -> str:
    """Write a text of any origin in one line: what would steer a terminal is shown by its number."""
    return _NOT_IN_A_LINE.sub(by_number, text)


def by_number(found: re.Match[str]) -> str:
    """Show the character that was found by its number, as in JSON."""
    return f"\\u{ord(found[0]):04x}"


# numbers


def number_text(value: float | None, digits: int = 6, none: str = "-") -> str:
    """Write a number to some significant digits: ``0.123457``; without one, ``none``.

    Six digits hold all that abstracts print and hide the last bits of ``11.2 * 12``; results are told to
    four. What no float holds is infinite.
    """
    if value is None:
        return none
    if not math.isfinite(value):
        return "∞" if value > 0 else "-∞" if value < 0 else "undefined"
    return f"{value + 0.0:.{digits}g}"


def whole_number(count: int) -> str:
    """Write a count with thousands set apart, one that nobody could read by its size: ``more than 10^90``."""
    if count < _MOST_READ:
        return f"{count:,}"
    power = int(math.log10(count))
    return f"more than 10^{power if 10**power < count else power - 1}"


def countable(count: int) -> int | str:
    """Give a count as it stands in JSON: in words where it is longer than programs read whole numbers."""
    return count if count < _MOST_READ else whole_number(count)


def short_number(value: float) -> str:
    """Write a number to three significant digits, without an exponent where people use none: ``1,362``."""
    if value and not 1e-4 <= abs(value) < 1e6:
        return f"{value:.2g}"
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return text if "e" not in text else f"{value:,.0f}"


def result_text(value: float) -> str:
    """Write what a formula gives: three decimals, or four significant digits where those show too little."""
    if not math.isfinite(value):
        return number_text(value)
    if value == round(value) and abs(value) >= 1:
        return f"{value:.0f}"
    text = f"{value:.3f}" if abs(value) >= 0.05 or value == 0 else step_text(value)
    return text.removeprefix("-") if float(text) == 0 else text


def step_text(value: float) -> str:
    """Write what a formula hands to the next one: four significant digits, and whole numbers in full."""
    return number_text(value, 4) if abs(value) < 1e4 else f"{value:.0f}"


def percent_text(share: float, digits: int = 6) -> str:
    """Write a share as a percentage to some significant digits: ``95%``, ``97.5%``, ``6.25%``."""
    return f"{number_text(100 * share, digits)}%"


def rounded_percent(share: float, decimals: int = 1) -> str:
    """Write a share as a percentage with so many decimals at most: ``34%``, ``33.3%``."""
    text = f"{100 * share:.{decimals}f}"
    return f"{text.rstrip('0').rstrip('.') if decimals else text}%"


def whole_numbers(numbers: Iterable[int]) -> str:
    """Write a run of whole numbers as its ends, two as alternatives, and others one by one."""
    ordered = sorted(numbers)
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{ordered[0]} to {ordered[-1]}"
    return listed(ordered, "or")


def span_text(lower: float | None, upper: float | None, digits: int = 6, none: str = "-") -> str:
    """Write two limits: ``0.41 to 1.27``; nothing where there is neither."""
    if lower is None and upper is None:
        return ""
    return f"{number_text(lower, digits, none)} to {number_text(upper, digits, none)}"


def interval_name(level: float, bayesian: bool = False) -> str:
    """Name an interval by its level: ``95% CI``, ``95% credible interval``."""
    return f"{percent_text(level)} {'credible interval' if bayesian else 'CI'}"


def interval_with_article(level: float) -> str:
    """Speak of an interval by its level: ``a 95% interval``, ``an 80% interval``."""
    return with_article(f"{percent_text(level)} interval")


def six_digits(value: Any) -> Any:
    """Give every number inside a value six significant digits, so that the last bits make no difference."""
    if isinstance(value, float):
        return float(f"{value:.6g}") + 0.0  # adding zero turns -0.0 into 0.0
    if isinstance(value, Mapping):
        return {name: six_digits(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [six_digits(part) for part in value]
    return value


def plain_text(value: object) -> str:
    """Write a value as a cell: nothing for None, yes and no, six digits, lists with commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, list | tuple):
        return ", ".join(plain_text(part) for part in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {plain_text(part)}" for name, part in value.items())
    return " ".join(str(value).split())


#: What a spreadsheet takes for a formula; a sign alone is none, nor is a number with a sign and a unit.
_FORMULA = re.compile(r"[=+\-@\t\r](?!\d[\w.,% ]*$).", re.DOTALL)


def spreadsheet_cell(value: Any) -> Any:
    """Give a value as a cell of CSV; a text that a spreadsheet would run is marked as text by a quote.

    Source: OWASP, CSV injection.
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


# numbers in figures


def fixed(value: float, decimals: int) -> str:
    """Write a number with fixed decimals and a true minus sign; a rounded zero has no sign."""
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", MINUS)


def ratio_text(value: float) -> str:
    """Write a ratio with two decimals; fewer above 10, and never as a bare 0.00."""
    if not math.isfinite(value) or value >= 1e5:
        return "> 99999"
    if value < 0.005:
        return "<0.01"
    return fixed(value, 2 if value < 9.995 else 1 if value < 99.95 else 0)


def p_value_text(p: float) -> str:
    """Write ``p = 0.03`` the way journals do: two decimals, three below 0.1, ``p < 0.001`` at the end."""
    if p != p:  # too few degrees of freedom for a test
        return "p not given"
    if p < 0.001:
        return f"p{HARD_SPACE}<{HARD_SPACE}0.001"
    if p > 0.99:
        return f"p{HARD_SPACE}>{HARD_SPACE}0.99"
    return f"p{HARD_SPACE}={HARD_SPACE}{p:.{3 if p < 0.0995 else 2}f}"


def printed_p_value(text: str) -> str:
    """Speak of a p-value as it was printed, with or without its letter: ``p = 0.06``, ``p < 0.001``.

    One that is only called something has no number: ``p called not significant``.
    """
    printed = text.strip()
    if not any(sign.isdigit() for sign in printed):
        return f"p called {printed}"
    if printed[:1] in ("p", "P"):
        return printed
    return f"p {printed}" if printed[:1] in tuple("<>=~≤≥") else f"p = {printed}"


def too_precise_words(
    printed: str, who: str, greatest: float, least: float, *, interval: bool = False
) -> str:
    """Say that a figure is more precise than ``who`` can be, and what it may be instead."""
    is_narrow = f"the interval of {printed} is too narrow for {who}"
    precise = is_narrow if interval else f"{printed} is more precise than {who} can be"
    return (
        f"{precise}: its standard error of {number_text(greatest, 3)} is below {number_text(least, 3)}, the "
        "smallest that is possible; it is per unit of something, of other patients, of another level, or a "
        "standard error was taken for a standard deviation"
    )


def weight_text(weight: float) -> str:
    """Write a share of the weight as percent with one decimal."""
    return f"{100 * weight:.1f}%"


def plain_number(value: float, digits: int = 3) -> str:
    """Write a number with some significant digits and a true minus sign."""
    if value != 0 and not 1e-3 <= abs(value) < 1e5:
        return f"{value:.{digits - 1}e}".replace("-", MINUS)
    text = f"{value:.{digits}g}"
    return fixed(value, 0) if "e" in text else text.replace("-", MINUS)


# times


def _whole_time(months: float) -> tuple[float, str]:
    """Count a time in whole years, days or months where it is whole, and in months where it is not."""
    if months >= 12 and abs(months / 12 - round(months / 12)) < _WHOLE:
        return round(months / 12), "year"
    days = months * DAYS_IN_A_MONTH
    if abs(months - round(months)) >= _WHOLE and abs(days - round(days)) < 1e-6 and days <= _LONGEST_IN_DAYS:
        return round(days), "day"
    return months, "month"


def time_words(months: float) -> str:
    """Say a time: ``5 years``, ``18 months``, ``30 days``, not ``0.985626 months``."""
    count, unit = _whole_time(months)
    return f"{number_text(count, 4)} {plural(unit, count)}"


def time_as_printed(months: float, printed: str) -> str:
    """Write a time in years where the print it stands beside is in years, else in months."""
    in_years = re.search(r"y(ea)?rs?\b", printed.lower()) is not None
    return f"{short_number(months / 12)} years" if in_years else f"{short_number(months)} months"


def time_adjective(months: float) -> str:
    """Say a time as an adjective: ``5-year``, ``18-month``, ``30-day``."""
    count, unit = _whole_time(months)
    return f"{number_text(count, 4)}-{unit}"


# nouns


def plural(noun: str, count: float) -> str:
    """Give a noun, or a verb beside it, the form that goes with a number: ``study``, ``studies``."""
    return noun if count == 1 else _PLURALS.get(noun, f"{noun}s")


def counted(count: int, noun: str, one: str = "1") -> str:
    """Write a number with its noun, the last word of several: ``1 study``, ``5 studies``, ``1,362 patients``.

    ``one`` is how a single one is said, where a sentence rather has ``one study``.
    """
    before, _, last = noun.rpartition(" ")
    return f"{one if count == 1 else f'{count:,}'} {before}{' ' if before else ''}{plural(last, count)}"


def with_article(words: str) -> str:
    """Put ``a`` or ``an`` before words, as they sound: ``an odds ratio``, ``a 95% interval``, ``an HR``."""
    begins_with_vowel = (words[:1] in _VOWELS and not _A.match(words)) or _AN.match(words) is not None
    return f"{'an' if begins_with_vowel else 'a'} {words}"


def type_words(value: object) -> str:
    """Say of what type a value is: ``a dict``, ``an int``."""
    return with_article(type(value).__name__)


def term_words(name: str, label: str = "") -> str:
    """Say an id in words: ``hazard_ratio`` as ``hazard ratio``.

    A label of the same words says how they are spelled: ``Intra-arterial therapy``.
    """
    words = name.replace("_", " ")
    return within_sentence(label) if label.replace("-", " ").casefold() == words.casefold() else words


def hyphened(name: str) -> str:
    """Say an id as a compound before a noun: ``leave_one_out`` as ``leave-one-out``."""
    return name.replace("_", "-")


def named_test(name: str | None) -> str:
    """Name a statistical test: ``Cox test``, ``t test``, ``test`` where it has no name."""
    words = (name or "").strip()
    return words if words.casefold().endswith("test") else f"{words} test".lstrip()


def within_sentence(label: str) -> str:
    """Begin a label with a small letter, unless it is written as R0 or pH are."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def capitalised(words: str) -> str:
    """Begin words with a capital, unless they are written as pH is."""
    return words[:1].upper() + words[1:] if words[1:2].islower() or len(words) < 2 else words


# lists


def listed(parts: Iterable[object], word: str = "and", *, most: int | None = _MOST_LISTED) -> str:
    """Write a list as a sentence has it: ``a``, ``a and b``, ``a, b and c``.

    ``word`` stands before the last part. Of more than ``most`` parts the first are named, and how many more
    there are; without ``most`` all of them. A part without a name says so.
    """
    every = [str(part) or "(no name)" for part in parts]
    if most is not None and len(every) > most:
        every = [*every[:most], f"{len(every) - most} more"]
    before, last = ", ".join(every[:-1]), "".join(every[-1:])
    return f"{before} {word} {last}" if before else last


# reasons


class Advised(str):
    """A reason with what to write in a file to change it; ``words`` leaves the latter out."""

    words: str

    def __new__(cls, words: str, advice: str, joined_by: str = "; ") -> Advised:
        """Join the reason and what to write."""
        advised = super().__new__(cls, f"{words}{joined_by}{advice}")
        advised.words = words
        return advised


def in_words(reason: str) -> str:
    """Leave out of a reason what to write in a file: pictures hold no such text."""
    return reason.words if isinstance(reason, Advised) else reason
