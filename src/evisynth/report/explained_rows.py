"""The rows of an explanation, free of any format: figures, equations with numbers put in, what is left open.

The formula of a recovery stands there as lines, with the sentence that says what its letters mean.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from evisynth.answers import Answer, AnswerRow
from evisynth.arithmetic import critical_z, transformation
from evisynth.effects import INDEX, REFERENCE, Effect, alternatives, precedence_of
from evisynth.figures import natural_interval, row_interval
from evisynth.measures import measure_named
from evisynth.report.answer_view import EffectText
from evisynth.report.row_view import recovery_words
from evisynth.wording import result_text


@dataclass(frozen=True, slots=True)
class ExplainedGroup:
    """A group of patients of a row: who they are, how many, and why the question chose them."""

    side: str
    group: str
    label: str
    patients: str
    chosen_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExplainedFigure:
    """A printed figure that entered a recovery, with its places in the source and in the study file."""

    name: str
    as_reported: str
    source_location: str
    file_location: str


@dataclass(frozen=True, slots=True)
class ExplainedEquation:
    """``quantity = formula = with_numbers``; the last of the numbers is the value, rounded."""

    quantity: str
    formula: str
    with_numbers: str
    value: float


@dataclass(frozen=True, slots=True)
class ExplainedSensitivity:
    """What the row would be if only a share of the patients had been followed that long."""

    followed: str
    standard_error: float
    effect: str


@dataclass(frozen=True, slots=True)
class ExplainedRecovery:
    """One way from the print to an effect: ``effect`` on the natural scale, numbers on the analysis scale."""

    recovery: str
    derived: str
    kind: str
    effect: str
    back: str | None
    estimate: float | None
    standard_error: float | None
    lower: float | None
    upper: float | None
    rounding: str | None
    inputs: tuple[ExplainedFigure, ...]
    words: str
    equations: tuple[ExplainedEquation, ...]
    letters: tuple[tuple[str, str], ...]
    assumptions: tuple[str, ...]
    grade: str
    basic_grade: str | None
    downgrades: tuple[str, ...]
    reason: str | None
    not_standing: str | None
    sensitivity: tuple[ExplainedSensitivity, ...]


@dataclass(frozen=True, slots=True)
class ExplainedAbsolute:
    """What a hazard ratio means for 1,000 patients, with the formula."""

    words: str
    formula: str


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """One row of the plot, walked back to the print."""

    study: str
    comparison: str
    row_group: str
    groups: tuple[ExplainedGroup, ...]
    division: str | None
    standing: ExplainedRecovery
    others: tuple[ExplainedRecovery, ...]
    included: bool
    reason: str | None
    weight: float | None
    verdict: str
    absolute: ExplainedAbsolute | None
    risk_of_bias: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedResult:
    """What the rows add up to: an estimate, or why there is none, with how it was had."""

    label: str
    result: str
    weighted_mean: str | None
    absolute: ExplainedAbsolute | None
    method: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The walk from the rows of a plot back to what was printed, and on to the answer."""

    question: str
    title: str
    why: str
    asked: tuple[str, ...]
    rows: tuple[ExplainedRow, ...]
    left_out: tuple[str, ...]
    results: tuple[ExplainedResult, ...]
    difference: str = ""


def sentence(text: str) -> str:
    """Make a sentence of a text; the p of a p-value stays small."""
    text = text.strip().rstrip(".")
    if not text:
        return ""
    begin = text[0] if text.startswith("p ") else text[0].upper()
    return f"{begin}{text[1:]}."


@dataclass(frozen=True, slots=True)
class RecoveryExplainer:
    """Explains the recoveries of one comparison; ``wanted_time`` is the time asked for, in months."""

    answer: Answer
    texts: EffectText
    wanted_time: float | None

    def explain(self, effect: Effect, standing: Effect | None = None) -> ExplainedRecovery:
        """Explain a recovery; with ``standing``, also why that one stands for the comparison instead."""
        working = effect.working
        return ExplainedRecovery(
            recovery=effect.recovery,
            derived=recovery_words(effect.recovery, effect.time_months),
            kind=effect.kind,
            effect=self._natural(effect),
            back=self._back(effect),
            estimate=effect.estimate,
            standard_error=effect.standard_error,
            lower=effect.lower if effect.kind == "bound" else effect.ci_lower,
            upper=effect.upper if effect.kind == "bound" else effect.ci_upper,
            rounding=self._rounding(effect),
            inputs=tuple(
                ExplainedFigure(part.name, part.as_reported, part.source_location, part.file_location)
                for part in effect.inputs
            ),
            words="" if working is None else sentence(working.words),
            equations=()
            if working is None
            else tuple(
                ExplainedEquation(line.quantity, line.formula, line.with_numbers, line.value)
                for line in working.written()
            ),
            letters=() if working is None else working.letters,
            assumptions=tuple(self._assumptions(effect)),
            grade=effect.grade,
            basic_grade=effect.basic_grade,
            downgrades=tuple(sentence(why) for why in effect.downgrades),
            reason=None if effect.reason is None else sentence(effect.reason),
            not_standing=None if standing is None else self._not_standing(effect, standing),
            sensitivity=tuple(self._sensitivity(effect)),
        )

    def _not_standing(self, effect: Effect, standing: Effect) -> str:
        return sentence(precedence_of(standing, effect, self.wanted_time))

    def _natural(self, effect: Effect) -> str:
        bare = AnswerRow(effect, (), False, None, None, "", None)
        interval = row_interval(bare, self.answer.scale, self.answer.question.level)
        return self.texts.with_unit(interval) if interval is not None else ""

    def _back(self, effect: Effect) -> str | None:
        """Write the way back to the scale people read, with the numbers put in."""
        natural = self._natural(effect)
        if not natural:
            return None
        if effect.kind != "point" or effect.estimate is None or effect.standard_error is None:
            return f"on the scale people read: {natural}"
        centre, error = result_text(effect.estimate), result_text(effect.standard_error)
        z = critical_z(self.answer.question.level)
        back = transformation(effect.scale).back.format
        name = measure_named(effect.effect_measure).symbol
        if effect.ci_upper is not None and not math.isclose(
            effect.ci_upper - effect.estimate, z * effect.standard_error, rel_tol=1e-9
        ):
            return f"{name} = {back(centre)} = {natural}, with the interval as printed"
        return f"{name} = {back(f'{centre} ± {z:.2f} × {error}')} = {natural}"

    def _rounding(self, effect: Effect) -> str | None:
        """Say how far the rounding of the print can move an estimate, None where it moves nothing shown."""
        lower, upper = effect.rounding_lower, effect.rounding_upper
        if effect.kind != "point" or (lower is None and upper is None):
            return None
        interval = natural_interval(self.answer.scale, None, lower, upper)
        text = replace(self.texts, decimals=self.texts.decimals + 1).bare(interval)
        low, _, high = text.partition(" to ")
        return None if low == high else text

    def _assumptions(self, effect: Effect) -> list[str]:
        """Say what was assumed; what fewer patients would do to the error is shown as intervals instead."""
        shown_as_intervals = bool(alternatives(effect))
        return [
            sentence(told)
            for told in effect.assumptions
            if not (shown_as_intervals and told.startswith("the standard error of "))
        ]

    def _sensitivity(self, effect: Effect) -> list[ExplainedSensitivity]:
        """Say what the interval would be with fewer patients under observation."""
        z = critical_z(self.answer.question.level)
        shown = []
        for other in alternatives(effect):
            reach = z * other.standard_error
            moved = replace(
                effect,
                standard_error=other.standard_error,
                ci_lower=other.estimate - reach,
                ci_upper=other.estimate + reach,
            )
            followed = f"{other.share:.0%} of the patients"
            shown.append(ExplainedSensitivity(followed, other.standard_error, self._natural(moved)))
        return shown


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
