"""Why a typed value is refused, by code, and what to type instead.

A text with two readings is refused with the question that decides between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from evisynth.errors import EvidenceError

Kind = Literal["duration", "share", "count", "ratio", "p_value", "number", "difference"]

#: What to type, for each kind.
EXAMPLES: Mapping[Kind, str] = {
    "duration": "151 months, 11.5 years, not reached or not reported",
    "share": "88%, 91/108, 91 (84.2%), at least 97%, about two thirds or not reported",
    "count": "80, 91/108 or not reported", "ratio": "0.62 (95% CI 0.41 to 0.94) or not reported",
    "p_value": '0.04, < 0.001, "> 0.05", significant, not significant or not reported',
    "number": "6.0 (range 0 to 36), 8.2 (SD 1.1) or not reported",
    "difference": "12%, 4 months (95% CI 1 to 7) or not reported",
}  # fmt: skip
#: What bounds a number of that kind.
LIMITS: Mapping[Kind, str] = {"share": "it lies between 0% and 100%", "p_value": "it lies between 0 and 1"}

#: Why a text is refused and what to type instead, by code.
REFUSALS: Mapping[str, tuple[str, str]] = {
    "empty-value": ("the value is missing", "type {examples}"),
    "unreadable-value": ("'{part}' is not understood here", "type {examples}"),
    "nr-ambiguous": ("is 'NR' not reached or not reported?", "type not reached, or not reported"),
    "ns-ambiguous": ("'NS' is no such value, but what a p-value is called",
                        "type not reported here, and p: not significant in the comparison"),
    "not-a-value": ("'{part}' is not a value", "type not reported if the source does not give it"),
    "missing-unit": ("'{part}' has no unit", "type {part} months, years, weeks or days"),
    "wrong-unit": ("'{part}' is in {unit}, which does not belong here", "type {examples}"),
    "percent-sign": ("'{part}' has no percent sign", "type {percent}, or a count as 91/108"),
    "count-with-percent": ("'{part}' is a count and a share", "write it under proportion: both are kept"),
    "count-above-whole": ("'{part}' is more than its whole", "type the count first, then the whole: 91/108"),
    "count-of-nobody": ("'{part}' is of no patients at all", "type not reported, or leave the figure out"),
    "not-whole": ("'{part}' is not a whole number", "type a count such as 80 or 1,362"),
    "decimal-comma": ("'{part}' has a comma", "type a point before decimals, and nothing between thousands"),
    "interval-not-named": ("'{part}' may be a confidence interval, a range or quartiles: which is it?",
                           "type (95% CI ...), (range ...) or (IQR ...); a range alone stands under range:"),
    "spread-not-named": ("'± {part}' may be a standard deviation (SD) or a standard error (SE): which is it?",
                         "type {spreads}, as the source says; where it does not, type the value alone"),
    "no-deviation": ("'SD {part}' is no standard deviation: {one} has none",
                     "type {errors} if it is the standard error"),
    "error-of-what": ("'SE {part}' may be the standard error of the ratio or of its logarithm: which is it?",
                      "type {errors}"),
    "unclear-sign": ("the dash before '{part}' may be its sign, or part the ends of the interval",
                     "type to between the ends, and the sign of each: -7 to -1"),
    "level-missing": ("'{part}' does not say its level", "type (95% CI 10 to 164)"),
    "interval-reversed": ("the interval '{part}' runs backwards", "type the lower end first"),
    "impossible-value": ("'{part}' is impossible", "look at the source again: {limits}"),
    "impossible-p-value": ("'{part}' is impossible: a p-value lies between 0 and 1",
                           "type {bound} if the source prints that; a program prints 0.000 for a small one"),
    "value-outside-interval": ("the value of '{part}' lies outside its own interval",
                               "look at the source again; if it says so, type the value alone and use note:"),
    "unreadable-time": ("'{part}' is not a time", "type a time such as 5 years or 30 days"),
}  # fmt: skip


class QuantityError(EvidenceError):
    """A text that is not the kind of number expected here; ``fix`` says what to type instead."""

    def __init__(self, message: str, fix: str, code: str) -> None:
        self.message, self.fix, self.code = message, fix, code
        super().__init__(f"{message}; {fix}" if fix else message)


#: Figures of whole groups, around which single patients do not spread.
_WITHOUT_DEVIATION: Mapping[Kind, str] = {"share": "a rate", "ratio": "a ratio"}


def _bound(part: str) -> str:
    """Return what an impossible bound of a p-value stands for: < 0.001 for < 0.000."""
    decimals = len(part.partition(".")[2]) or 3
    return '"> 0.99"' if part.startswith(">") else f"< {10.0**-decimals:.{decimals}f}"


def refusal(code: str, part: str, kind: Kind, unit: str = "") -> QuantityError:
    """Return the refusal of a part of a text, with what to type instead."""
    message, fix = REFUSALS[code]
    limits = LIMITS.get(kind, "it cannot be negative")
    hints = {"part": part, "unit": unit, "examples": EXAMPLES[kind], "limits": limits}
    if code == "percent-sign":
        number = float(part.replace(",", ""))
        hints["percent"] = f"{number * 100:g}%" if 0 < number < 1 else f"{part}%"
    of_ratio = f"(SE of the log {part}) or (SE of the ratio {part})"
    hints["errors"] = of_ratio if kind == "ratio" else f"(SE {part})"
    hints["spreads"] = hints["errors"] if kind in _WITHOUT_DEVIATION else f"(SD {part}) or (SE {part})"
    hints["one"] = _WITHOUT_DEVIATION.get(kind, "it")
    hints["bound"] = _bound(part)
    return QuantityError(message.format(**hints), fix.format(**hints), code)
