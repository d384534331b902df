"""The formula of an explained recovery as lines, and the sentence that says what its letters mean."""

from __future__ import annotations

from collections.abc import Iterator

from evisynth.effects.rate_working import INDEX, REFERENCE
from evisynth.report.explain_content import ExplainedEquation, ExplainedRecovery

#: What is said of a sign that stands in a formula, in this order.
_SIGNS = (
    ("SE", "standard error"),
    ("logit", "logit p is log(p/(1 - p))"),
    ("log", "natural logarithm"),
)


def formula_lines(recovery: ExplainedRecovery) -> Iterator[str]:
    """Yield every equation with letters and with numbers, then the way back to the natural scale."""
    for equation in recovery.equations:
        letters = "" if _says_nothing_more(equation) else f" = {equation.formula}"
        yield f"{equation.quantity}{letters} = {equation.with_numbers}"
    if recovery.back:
        yield recovery.back


def _says_nothing_more(equation: ExplainedEquation) -> bool:
    """Whether letters repeat the left side, or words that stand with the numbers too."""
    return equation.formula == equation.quantity or " limit of " in equation.formula


def letters_text(recovery: ExplainedRecovery) -> str:
    """Say what the letters of a formula mean; those of two groups are said once, with the marks."""
    said: dict[str, str] = {}
    marks: dict[str, str] = {}
    for name, meaning in recovery.letters:
        for mark, whose in (("1", INDEX), ("0", REFERENCE)):
            if name.endswith(mark) and meaning.endswith(f", {whose}"):
                name, meaning = name.removesuffix(mark), meaning.removesuffix(f", {whose}")
                marks[mark] = whose
        said[name] = meaning
    lines = " ".join(f"{equation.quantity} {equation.formula}" for equation in recovery.equations)
    words = set(lines.replace("(", " ").replace("-", " ").split())
    signs = {sign: meaning for sign, meaning in _SIGNS if sign in words}
    texts = [f"{name}: {meaning}" for name, meaning in {**said, **marks, **signs}.items()]
    return "; ".join(texts) + "." if texts else ""
